import fastify, {
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Logger } from "pino";
import { type Chaos, createFaults, type FaultRule, type Faults, type SimulatedOperation } from "./faults.ts";
import { type Form, parseForm, textOf } from "./form-body.ts";
import { openLedger } from "./ledger.ts";
import type { Intent } from "./objects.ts";
import { authenticationPage, bookPage, cardPage, donePage } from "./pages.ts";
import { RefusedRequest } from "./refused-request.ts";
import { reportOf, type SimulatorReport } from "./report.ts";
import { createStripeApi, type StripeApi } from "./stripe-api.ts";
import { createWebhookSender, type WebhookCounts, type WebhookTarget } from "./webhooks.ts";
import { API_VERSION } from "./work.ts";

/** Where the money goes that is none. */
export type StripeSimulator = {
  /** `http://127.0.0.1:12111`, for `CARTWRIGHT_STRIPE_API_BASE`. */
  readonly url: string;
  /** What goes wrong from now on. */
  readonly faults: Faults;
  /** The payments as they are, oldest first. */
  intents(): readonly Intent[];
  report(): SimulatorReport;
  /** Lets the shopper pass the authentication of a payment, or fail it. */
  authenticate(intentId: string, passed: boolean): Promise<Intent>;
  /** Moves the clock forward, and does what falls due. */
  advance(milliseconds: number): Promise<void>;
  setWebhooks(target: WebhookTarget | undefined): void;
  readonly webhookCounts: Readonly<WebhookCounts>;
  /** Requests to the API so far, by what they asked for. */
  readonly requestCounts: Readonly<Partial<Record<SimulatedOperation, number>>>;
  /** Settles when no webhook is on its way. */
  webhooksIdle(): Promise<void>;
  close(): Promise<void>;
};

export type SimulatorOptions = {
  /** Where the books are kept; absent: in memory. */
  readonly file?: string;
  /** 0, and absent, is a free port. */
  readonly port?: number;
  /** 127.0.0.1 when absent: anybody who can reach the simulator can script it. */
  readonly host?: string;
  /** The real time, in milliseconds since 1970. */
  readonly now?: () => number;
  readonly webhooks?: WebhookTarget;
  readonly log?: Logger;
};

const MAX_BODY_BYTES = 262_144;

/**
 * Starts a server that answers like Stripe's, as far as payments with cards go, and keeps books of its own about them:
 * for tests, and for trying the engine out without an account anywhere. `/simulator` has its pages and its controls.
 */
export async function startStripeSimulator(options: SimulatorOptions = {}): Promise<StripeSimulator> {
  const { log } = options;
  const nowMs = options.now ?? Date.now;
  const ledger = await openLedger(options.file);
  const faults = createFaults();
  const sender = createWebhookSender(() => Math.floor((nowMs() + ledger.books.ahead) / 1000));
  sender.setTarget(options.webhooks);
  let shouted = 0;
  const requestCounts: Partial<Record<SimulatedOperation, number>> = {};
  const counted: Faults = {
    ...faults,
    next(request) {
      requestCounts[request.operation] = (requestCounts[request.operation] ?? 0) + 1;
      return faults.next(request);
    },
  };
  const api = createStripeApi(ledger, counted, nowMs, (events) => {
    sender.send(events);
    if (!log || !events.some(({ type }) => type === "charge.succeeded" || type === "refund.created")) return;
    const { doubles } = reportOf(ledger.books);
    for (const double of doubles.slice(shouted)) log.error({ double }, "the simulator saw money move twice");
    shouted = doubles.length;
  });
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    ...(log && { loggerInstance: log as FastifyBaseLogger }),
    logController: new LogController({ disableRequestLogging: true }),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, text, done) => done(null, text));
  app.setErrorHandler((error: Error, _request, reply) => {
    if (error instanceof RefusedRequest) return reply.code(error.status).send({ error: error.body });
    log?.error({ err: error }, "the simulator failed");
    return reply.code(500).send({ error: { type: "api_error", message: "The simulator failed" } });
  });
  app.all("/v1/*", (request, reply) => answerApi(api, request, reply));
  const reached = (request: FastifyRequest): string => `http://${request.host}`;

  app.get("/simulator", (_request, reply) => html(reply, bookPage(reportOf(ledger.books))));
  app.get("/simulator/alive", async () => ({ simulator: true }));
  app.get("/simulator/ledger", async () => reportOf(ledger.books));
  app.get("/simulator/card", (_request, reply) => html(reply, cardPage()));
  app.post("/simulator/card", async (request, reply) => {
    const method = await api.tokenize(textOf(formOf(request), "number") ?? "");
    const problem = "This is not the number of a test card. Real cards have no business here.";
    return html(reply, cardPage(method ? { token: method.id } : { problem }));
  });
  app.get("/simulator/3ds/:id", (request, reply) => {
    const { id } = request.params as { id: string };
    const { secret, return: back = "" } = request.query as { secret?: string; return?: string };
    const intent = ledger.books.intents.get(id);
    if (!intent || intent.client_secret !== secret) return reply.code(404).send({ error: "no such payment" });
    return html(reply, authenticationPage(intent, back));
  });
  app.post("/simulator/3ds/:id", async (request, reply) => {
    const { id } = request.params as { id: string };
    const form = formOf(request);
    const passed = textOf(form, "outcome") === "pass";
    const intent = await api.authenticate(id, textOf(form, "secret") ?? "", passed, reached(request));
    const back = textOf(form, "return") ?? "";
    if (!/^https?:\/\//.test(back)) return html(reply, donePage(intent));
    const url = new URL(back);
    url.searchParams.set("payment_intent", intent.id);
    url.searchParams.set("payment_intent_client_secret", intent.client_secret);
    return reply.redirect(url.href, 303);
  });
  app.post("/simulator/rules", async (request) => {
    faults.add(jsonOf(request) as FaultRule);
    return { ok: true };
  });
  app.delete("/simulator/rules", async () => {
    faults.clear();
    return { ok: true };
  });
  app.post("/simulator/chaos", async (request) => {
    faults.setChaos(jsonOf(request) as Chaos);
    return { ok: true };
  });
  app.post("/simulator/webhooks", async (request) => {
    sender.setTarget(jsonOf(request) as WebhookTarget);
    return { ok: true };
  });
  app.post("/simulator/clock", async (request) => {
    const { advanceMs } = jsonOf(request) as { advanceMs: number };
    await api.advance(advanceMs);
    return { now: new Date(nowMs() + ledger.books.ahead).toISOString() };
  });

  let url: string;
  try {
    url = await app.listen({ port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  } catch (error) {
    await ledger.close();
    throw error;
  }
  return {
    url,
    faults,
    intents: () => [...ledger.books.intents.values()],
    report: () => reportOf(ledger.books),
    authenticate: (intentId, passed) =>
      api.authenticate(intentId, ledger.books.intents.get(intentId)?.client_secret ?? "", passed, url),
    advance: (milliseconds) => api.advance(milliseconds),
    setWebhooks: (target) => sender.setTarget(target),
    webhookCounts: sender.counts,
    requestCounts,
    webhooksIdle: () => sender.idle(),
    async close() {
      await sender.close();
      await app.close();
      await ledger.close();
    },
  };
}

async function answerApi(
  api: StripeApi,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const [path = "", query = ""] = request.url.split("?", 2);
  const header = request.headers["idempotency-key"];
  const key = Array.isArray(header) ? header[0] : header;
  const answer = await api.handle({
    method: request.method,
    path,
    form: request.method === "GET" ? parseForm(query) : formOf(request),
    apiKey: /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "",
    ...(key !== undefined && { idempotencyKey: key }),
    baseUrl: `http://${request.host}`,
  });
  if (answer.kind === "lost") {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  return reply
    .code(answer.status)
    .header("request-id", request.id)
    .header("stripe-version", API_VERSION)
    .header("stripe-should-retry", "false")
    .header("idempotent-replayed", answer.replayed ? "true" : undefined)
    .send(answer.body);
}

const formOf = (request: FastifyRequest): Form =>
  typeof request.body === "string" ? parseForm(request.body) : {};

function jsonOf(request: FastifyRequest): unknown {
  try {
    return JSON.parse(String(request.body));
  } catch {
    throw new RefusedRequest(400, { type: "invalid_request_error", message: "The body is not valid JSON" });
  }
}

function html(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .header("content-type", "text/html; charset=utf-8")
    .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; form-action *")
    .send(text);
}
