import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Faults, SimulatedOperation } from "./faults.ts";
import { type Form, groupOf, textOf } from "./form-body.ts";
import {
  authenticate,
  cancelIntent,
  captureIntent,
  confirmIntent,
  createIntent,
  updateIntent,
} from "./intents.ts";
import type { KeyRecord, Ledger } from "./ledger.ts";
import type { ErrorBody, Intent, PaymentMethod, SimulatedEvent } from "./objects.ts";
import { createRefund, settleRefund } from "./refunds.ts";
import { invalid, missing, RefusedRequest } from "./refused-request.ts";
import { testCard, tokenOfNumber } from "./test-cards.ts";
import { startWork, type Work } from "./work.ts";

/** One request to the API, already parsed. */
export type ApiRequest = {
  readonly method: string;
  /** `/v1/payment_intents/pi_1/capture` */
  readonly path: string;
  /** The fields of the body, or of the query. */
  readonly form: Form;
  /** The key that was sent for authorization, `sk_test_…`; empty without one. */
  readonly apiKey: string;
  readonly idempotencyKey?: string;
  /** Where the simulator can be reached, without a trailing slash. */
  readonly baseUrl: string;
};

/** An answer, or none: the connection is cut. */
export type ApiAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown; readonly replayed: boolean }
  | { readonly kind: "lost" };

export type StripeApi = {
  handle(request: ApiRequest): Promise<ApiAnswer>;
  /** What the shopper did on the page that asked who they are. */
  authenticate(intentId: string, clientSecret: string, passed: boolean, baseUrl: string): Promise<Intent>;
  /** Moves the clock, and does what falls due: authorizations expire, refunds settle. */
  advance(milliseconds: number): Promise<void>;
  /** Makes a token for a test card's number; undefined for any other number. */
  tokenize(number: string): Promise<PaymentMethod | undefined>;
};

type Endpoint = {
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  readonly operation: SimulatedOperation;
  run(work: Work, form: Form, id: string): unknown;
};

/**
 * The part of Stripe's API that takes and returns money, on books of its own.
 * @param nowMs the real time, in milliseconds since 1970
 * @param onEvents called with the events of a request when they are booked
 */
export function createStripeApi(
  ledger: Ledger,
  faults: Faults,
  nowMs: () => number,
  onEvents: (events: readonly SimulatedEvent[]) => void,
): StripeApi {
  const { books } = ledger;
  const inFlight = new Set<string>();
  const now = (): number => nowMs() + books.ahead;

  const begin = (baseUrl: string, idempotencyKey: string | null): Work =>
    startWork(books, { now: Math.floor(now() / 1000), baseUrl, idempotencyKey });

  const finish = async (work: Work, operation: string, key?: KeyRecord): Promise<void> => {
    const put = work.changes;
    if (put.length === 0 && !key) return;
    await ledger.append({ at: now(), operation, put, ...(key && { key }) });
    onEvents(put.filter((object) => object.object === "event"));
  };

  const endpoints: readonly Endpoint[] = [
    endpoint("POST", "payment_intents", "create", (work, form) => createIntent(work, form)),
    endpoint("GET", "payment_intents", "list", (_work, form) => page([...books.intents.values()], form)),
    endpoint("GET", "payment_intents/search", "list", (_work, form) => page(searched(form), form)),
    endpoint("GET", "payment_intents/:id", "retrieve", (work, _form, id) => work.intent(id)),
    endpoint("POST", "payment_intents/:id", "update", (work, form, id) =>
      updateIntent(work, work.intent(id), form),
    ),
    endpoint("POST", "payment_intents/:id/confirm", "confirm", (work, form, id) =>
      confirmIntent(work, work.intent(id), form),
    ),
    endpoint("POST", "payment_intents/:id/capture", "capture", (work, form, id) =>
      captureIntent(work, work.intent(id), form),
    ),
    endpoint("POST", "payment_intents/:id/cancel", "cancel", (work, form, id) =>
      cancelIntent(work, work.intent(id), textOf(form, "cancellation_reason") ?? null),
    ),
    endpoint("GET", "charges/:id", "retrieve", (work, _form, id) => work.charge(id)),
    endpoint("POST", "refunds", "refund", (work, form) => createRefund(work, form)),
    endpoint("GET", "refunds", "list_refunds", (work, form) => {
      const of = textOf(form, "payment_intent");
      return page(of === undefined ? [...books.refunds.values()] : [...work.refundsOf(of)].reverse(), form);
    }),
    endpoint("GET", "refunds/:id", "retrieve", (_work, _form, id) => {
      const refund = books.refunds.get(id);
      if (!refund) throw missing("refund", id);
      return refund;
    }),
    endpoint("GET", "payment_methods/:id", "retrieve", (work, _form, id) => methodOf(work, id)),
    endpoint("GET", "events", "list_events", (_work, form) => page(books.events, form)),
  ];

  /** A test token is a payment method too, and one that is made for a number is in the books. */
  function methodOf(work: Work, id: string): PaymentMethod {
    const known = books.methods.get(id);
    if (known) return known;
    const card = testCard(id);
    if (!card) throw missing("PaymentMethod", id, "payment_method");
    return newMethod(work.newId("pm"), id, card, work.now);
  }

  function searched(form: Form): Intent[] {
    const wanted = [...(textOf(form, "query") ?? "").matchAll(/metadata\[["'](\w+)["']\]:["']([^"']*)["']/g)];
    return [...books.intents.values()].filter((intent) =>
      wanted.every(([, name, value]) => intent.metadata[name as string] === value),
    );
  }

  return {
    async handle(request) {
      const refusal = unauthorized(request.apiKey);
      if (refusal) return answerOf(refusal);
      const found = endpoints
        .filter(({ method }) => method === request.method)
        .map((candidate) => ({ candidate, match: candidate.path.exec(request.path) }))
        .find(({ match }) => match);
      if (!found) {
        return answerOf(invalid(`The simulator does not know ${request.method} ${request.path}`), 404);
      }
      const { candidate, match } = found;
      const id = decodeURIComponent(match?.[1] ?? "");
      const { form, idempotencyKey, apiKey } = request;
      const key =
        request.method === "POST" && idempotencyKey ? `${digest(apiKey)} ${idempotencyKey}` : undefined;
      const { fault, delayMs } = faults.next({
        operation: candidate.operation,
        references: referencesOf(books.intents.get(id), id, form),
      });
      if (key !== undefined && inFlight.has(key)) return answerOf(keyInUse());
      if (key !== undefined) inFlight.add(key);
      try {
        if (delayMs > 0) await pause(delayMs);
        if (fault === "lose_before") return { kind: "lost" };
        if (fault === "rate_limit") return answerOf(tooMany());
        const hash = digest(JSON.stringify([request.method, request.path, form]));
        const known = key === undefined ? undefined : books.keys.get(key);
        if (known) {
          if (known.request !== hash) return answerOf(keyReused());
          if (fault === "lose_after") return { kind: "lost" };
          if (fault.startsWith("error")) return answerOf(broken());
          return { kind: "answer", status: known.status, body: known.body, replayed: true };
        }
        const work = begin(request.baseUrl, idempotencyKey ?? null);
        const outcome = fault === "error_before" ? brokenOutcome : run(candidate, work, form, id);
        const told = fault === "error_after" ? brokenOutcome : outcome;
        // A request that is not even well-formed may be repeated better with the same key.
        const keeps = key !== undefined && told.saved;
        await finish(
          work,
          candidate.operation,
          keeps ? { key, request: hash, status: told.status, body: told.body } : undefined,
        );
        if (fault === "lose_after") return { kind: "lost" };
        return { kind: "answer", status: told.status, body: told.body, replayed: false };
      } finally {
        if (key !== undefined) inFlight.delete(key);
      }
    },
    async authenticate(intentId, clientSecret, passed, baseUrl) {
      const work = begin(baseUrl, null);
      const intent = work.intent(intentId);
      if (intent.client_secret !== clientSecret) throw missing("payment_intent", intentId, "intent");
      const after = authenticate(work, intent, passed);
      await finish(work, "authenticate");
      return after;
    },
    async advance(milliseconds) {
      await ledger.append({ at: now(), operation: "clock", ahead: books.ahead + milliseconds });
      const work = begin("", null);
      for (const intent of [...books.intents.values()]) {
        const charge = intent.latest_charge === null ? undefined : books.charges.get(intent.latest_charge);
        const before = charge?.payment_method_details.card.capture_before;
        if (intent.status === "requires_capture" && before !== undefined && before <= work.now) {
          cancelIntent(work, intent, "automatic");
        }
      }
      for (const refund of [...books.refunds.values()]) settleRefund(work, refund);
      await finish(work, "clock");
    },
    async tokenize(number) {
      const token = tokenOfNumber(number);
      const card = token && testCard(token);
      if (!token || !card) return undefined;
      const work = begin("", null);
      const method = newMethod(work.newId("pm"), token, card, work.now);
      await ledger.append({ at: now(), operation: "tokenize", put: [method] });
      return method;
    },
  };
}

type Outcome = { readonly status: number; readonly body: unknown; readonly saved: boolean };

const brokenOutcome: Outcome = { status: 500, body: { error: broken().body }, saved: true };

function run({ run: act }: Endpoint, work: Work, form: Form, id: string): Outcome {
  try {
    return { status: 200, body: expanded(act(work, form, id), work, form), saved: true };
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    const { status, body } = error;
    return { status, body: { error: body }, saved: status === 402 || body.code !== undefined };
  }
}

/** A payment, or a page of them, with its charge in place of the charge's id where that is asked for. */
function expanded(body: unknown, work: Work, form: Form): unknown {
  const wanted = Array.isArray(form.expand) ? form.expand : [];
  const withCharge = (object: unknown): unknown => {
    const intent = object as Intent;
    if (intent.object !== "payment_intent" || intent.latest_charge === null) return object;
    return { ...intent, latest_charge: work.charge(intent.latest_charge) };
  };
  if (wanted.includes("latest_charge")) return withCharge(body);
  if (!wanted.includes("data.latest_charge")) return body;
  const list = body as { readonly data: readonly unknown[] };
  return { ...list, data: list.data.map(withCharge) };
}

function endpoint(
  method: Endpoint["method"],
  path: string,
  operation: SimulatedOperation,
  act: Endpoint["run"],
): Endpoint {
  return { method, path: new RegExp(`^/v1/${path.replace(":id", "([^/]+)")}/?$`), operation, run: act };
}

/** A page of a list, newest first, as Stripe cuts it. */
function page<Item extends { readonly id: string; readonly created: number }>(
  items: readonly Item[],
  form: Form,
): unknown {
  const created = groupOf(form, "created") ?? {};
  const bound = (name: string, fallback: number): number => Number(textOf(created, name) ?? fallback);
  const types = form.types;
  const wanted = items
    .filter(
      (item) => item.created >= bound("gte", 0) && item.created <= bound("lte", Number.MAX_SAFE_INTEGER),
    )
    .filter((item) => item.created > bound("gt", -1) && item.created < bound("lt", Number.MAX_SAFE_INTEGER))
    .filter((item) => !Array.isArray(types) || types.includes((item as { type?: string }).type ?? ""))
    .reverse();
  const limit = Math.min(Number(textOf(form, "limit") ?? 10), 100);
  const after = textOf(form, "starting_after");
  const start = after === undefined ? 0 : wanted.findIndex(({ id }) => id === after) + 1;
  return {
    object: "list",
    data: wanted.slice(start, start + limit),
    has_more: wanted.length > start + limit,
    url: "/v1",
  };
}

function newMethod(
  id: string,
  behavesLike: string,
  card: { readonly brand: string; readonly last4: string },
  now: number,
): PaymentMethod {
  return {
    id,
    object: "payment_method",
    card: { brand: card.brand, last4: card.last4 },
    created: now,
    customer: null,
    livemode: false,
    type: "card",
    behaves_like: behavesLike,
  };
}

function referencesOf(intent: Intent | undefined, id: string, form: Form): string[] {
  const texts = Object.values(groupOf(form, "metadata") ?? {}).filter((value) => typeof value === "string");
  return [
    id,
    ...texts,
    textOf(form, "payment_method") ?? "",
    textOf(form, "payment_intent") ?? "",
    ...Object.values(intent?.metadata ?? {}),
  ].filter((reference) => reference !== "");
}

function unauthorized(apiKey: string): RefusedRequest | undefined {
  if (/^(sk|rk|pk)_test_\w+$/.test(apiKey) && !apiKey.includes("invalid")) return undefined;
  const message = "Invalid API Key provided. This is a simulator: it takes keys that begin with sk_test_.";
  return new RefusedRequest(401, { type: "invalid_request_error", message });
}

const keyInUse = () =>
  new RefusedRequest(409, {
    type: "idempotency_error",
    code: "idempotency_key_in_use",
    message: "Another request with this idempotency key is still under way.",
  });
const keyReused = () =>
  new RefusedRequest(400, {
    type: "idempotency_error",
    message: "This idempotency key was used with other parameters.",
  });
const tooMany = () =>
  new RefusedRequest(429, {
    type: "invalid_request_error",
    code: "rate_limit",
    message: "Too many requests.",
  });
function broken(): RefusedRequest {
  return new RefusedRequest(500, { type: "api_error", message: "The simulator was told to fail." });
}

function answerOf({ status, body }: { status: number; body: ErrorBody }, as = status): ApiAnswer {
  return { kind: "answer", status: as, body: { error: body }, replayed: false };
}

const digest = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 22);
