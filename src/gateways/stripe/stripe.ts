import type { Stripe } from "stripe";
import type { GatewayOutcome, SessionData } from "../../domain/order/pay.ts";
import type { FoundOutcome, Gateway, GatewayCall, GatewayQuestion } from "../gateway.ts";
import { beginsWithSession } from "../of-session.ts";
import { toStripeAmount } from "./stripe-amount.ts";
import { callStripe } from "./stripe-client.ts";
import { stripeEvents } from "./stripe-events.ts";
import { findByKey } from "./stripe-intents.ts";
import { labels } from "./stripe-labels.ts";
import {
  declined,
  failureOf,
  isStateConflict,
  outcomeOfError,
  outcomeOfStart,
  WAITS,
} from "./stripe-outcome.ts";
import { takeSession } from "./stripe-session-payment.ts";
import { dataOf, stripeSessions } from "./stripe-sessions.ts";

export type StripeGatewayOptions = {
  readonly slug: string;
  readonly name: string;
  /**
   * A payment without a payment method waits for the shopper, who chooses one in the shop's page by the payment's client
   * secret; without this it is refused.
   */
  readonly shopperChooses?: boolean;
  /** Where Stripe's API is, `http://127.0.0.1:12111`; Stripe's own address when absent, or when it answers nothing. */
  readonly apiBase?: (settings: GatewayCall["settings"]) => Promise<string | undefined> | string | undefined;
  /** Milliseconds until an answer counts as lost. */
  readonly deadlineMs?: number;
};

const DEADLINE_MS = 10_000;
/** How long a shopper may take to confirm a payment, in milliseconds; whoever asks later closes it. */
const SHOPPER_HAS_MS = 60 * 60_000;
/** A payment with the charge that says until when it can be captured. */
const withCharge = { expand: ["latest_charge"] };

/**
 * Cards by Stripe, through payment intents: an intent is made and confirmed in one call, with the shopper's payment
 * method, and carries the operation's key in its metadata. By that it is found again when its answer was lost: lists are
 * complete at once, while Stripe's search lags behind.
 */
export function stripeGateway(options: StripeGatewayOptions): Gateway {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;

  const call = async <Value>(
    of: GatewayQuestion,
    send: (client: Stripe) => Promise<Value>,
  ): Promise<Value> => {
    const apiKey = apiKeyOf(of);
    if (apiKey === undefined) throw new Error("The gateway has no secret key to ask with");
    const apiBase = await options.apiBase?.(of.settings);
    const { stripe_account: account } = of.settings;
    const there = {
      apiKey,
      ...(apiBase !== undefined && { apiBase }),
      ...(options.shopperChooses && typeof account === "string" && { account }),
    };
    return callStripe(there, of, deadlineMs, send);
  };

  /** Carries something out; where Stripe says that things have moved on, what became of it decides. */
  const carryOut = async (of: GatewayCall, send: (client: Stripe) => Promise<GatewayOutcome>) => {
    const problem = unusable(of);
    if (problem) return problem;
    try {
      return await call(of, send);
    } catch (error) {
      if (isStateConflict(error)) {
        const found = await find(of);
        if (found.kind !== "absent") return found;
      }
      const outcome = outcomeOfError(error);
      if (outcome) return outcome;
      throw error;
    }
  };

  const start = (of: GatewayCall, captureMethod: "automatic" | "manual") =>
    carryOut(of, async (client) => {
      const chosen = of.paymentToken !== undefined && of.paymentToken !== "";
      if (!chosen && !options.shopperChooses) {
        return declined("payment_method_missing", "Send the id of a Stripe payment method as `payment`");
      }
      const intent = await client.paymentIntents.create(
        {
          ...sent(of),
          amount: amountOf(of),
          currency: of.currency.toLowerCase(),
          capture_method: captureMethod,
          expand: ["latest_charge"],
          ...(chosen ? { confirm: true, allowed_payment_method_types: ["card"] } : waitingForShopper(of)),
        },
        { idempotencyKey: of.key },
      );
      return outcomeOfStart(intent) ?? failureOf(intent, "not_confirmed", "The payment was not confirmed");
    });

  /** The payment was begun in the shopper's browser, in a session of the cart: what became of it decides. */
  const take = (of: GatewayCall) => carryOut(of, (client) => takeSession(client, of, amountOf(of), true));

  const find = async (of: GatewayCall): Promise<FoundOutcome> => {
    if (of.operation === "refund") return findRefund(of);
    if (beginsWithSession(of)) return call(of, (client) => takeSession(client, of, amountOf(of), false));
    const intent = of.reference === undefined ? await findIntent(of) : await retrieve(of, of.reference);
    if (!intent) return { kind: "absent" };
    if (of.operation === "authorize" || of.operation === "purchase") return findStart(of, intent);
    return of.operation === "capture" ? captureFound(of, intent) : voidFound(of, intent);
  };

  /** How the attempt to start a payment ended; one that came to nothing is closed, so that it cannot succeed later. */
  const findStart = async (of: GatewayCall, intent: Stripe.PaymentIntent): Promise<FoundOutcome> => {
    const known = outcomeOfStart(intent);
    const late = known?.kind === "pending" && intent.status !== "processing" && of.ageMs > SHOPPER_HAS_MS;
    if (known && !late) return known;
    const closed = await close(of, intent.id);
    if (closed.status !== "canceled") return outcomeOfStart(closed) ?? unknownState(closed);
    return failureOf(intent, "abandoned", "The shopper did not confirm the payment");
  };

  const close = (of: GatewayCall, id: string): Promise<Stripe.PaymentIntent> =>
    call(of, async (client) => {
      try {
        // Under no key of ours: Stripe repeats also a failure for as long as it knows the key, and twice does no harm.
        return await client.paymentIntents.cancel(id);
      } catch (error) {
        if (!isStateConflict(error)) throw error;
        return client.paymentIntents.retrieve(id, withCharge);
      }
    });

  const retrieve = (of: GatewayCall, id: string): Promise<Stripe.PaymentIntent> =>
    call(of, (client) => client.paymentIntents.retrieve(id, withCharge));

  const findIntent = (of: GatewayCall): Promise<Stripe.PaymentIntent | undefined> =>
    call(of, async (client) => {
      const found = await findByKey(client, of.key, of.claimedAt);
      return found && client.paymentIntents.retrieve(found.id, withCharge);
    });

  const findRefund = (of: GatewayCall): Promise<FoundOutcome> =>
    call(of, async (client) => {
      const payment = of.reference ?? "";
      for await (const refund of client.refunds.list({ payment_intent: payment, limit: 100 })) {
        if (refund.metadata?.cartwright_operation === of.key) return outcomeOfRefund(refund);
      }
      return { kind: "absent" };
    });

  return {
    slug: options.slug,
    name: options.name,
    local: false,
    methods: ["authorize", "purchase"],
    settings: [
      { name: "login", type: "text", secret: true },
      { name: "webhook_secret", type: "text", secret: true },
      { name: "test", type: "boolean", secret: false },
      ...(options.shopperChooses ? [{ name: "stripe_account", type: "text", secret: false } as const] : []),
    ],
    deadlineMs,
    authorize: (of) => (beginsWithSession(of) ? take(of) : start(of, "manual")),
    purchase: (of) => (beginsWithSession(of) ? take(of) : start(of, "automatic")),
    capture: (of) =>
      carryOut(of, async (client) =>
        captureOutcome(
          of,
          await client.paymentIntents.capture(
            of.reference ?? "",
            { amount_to_capture: amountOf(of), metadata: { cartwright_capture: of.key } },
            { idempotencyKey: of.key },
          ),
        ),
      ),
    refund: (of) =>
      carryOut(of, async (client) =>
        outcomeOfRefund(
          await client.refunds.create(
            { payment_intent: of.reference ?? "", amount: amountOf(of), metadata: labels(of) },
            { idempotencyKey: of.key },
          ),
        ),
      ),
    void: (of) =>
      carryOut(of, async (client) =>
        voidOutcome(
          of,
          await client.paymentIntents.cancel(of.reference ?? "", {}, { idempotencyKey: of.key }),
        ),
      ),
    find,
    sessions: stripeSessions(call),
    events: stripeEvents(call),
  };
}

/** Stripe under the three names that the Elastic Path API has for it. */
export function stripeGateways(apiBase: StripeGatewayOptions["apiBase"]): readonly Gateway[] {
  return [
    stripeGateway({ slug: "stripe", name: "Stripe", ...(apiBase && { apiBase }) }),
    stripeGateway({
      slug: "stripe_payment_intents",
      name: "Stripe Payment Intents",
      ...(apiBase && { apiBase }),
    }),
    stripeGateway({
      slug: "elastic_path_payments_stripe",
      name: "Elastic Path Payments powered by Stripe",
      shopperChooses: true,
      ...(apiBase && { apiBase }),
    }),
  ];
}

/** What keeps a call from being made at all. */
function unusable(of: GatewayCall): GatewayOutcome | undefined {
  if (apiKeyOf(of) === undefined) {
    return declined("gateway_not_configured", "The shop has not set the gateway up yet");
  }
  if (toStripeAmount(of.amount, of.currency) === undefined) {
    return declined("amount_not_chargeable", `Stripe cannot move exactly this amount of ${of.currency}`);
  }
  return undefined;
}

function apiKeyOf({ settings }: GatewayQuestion): string | undefined {
  return typeof settings.login === "string" && settings.login !== "" ? settings.login : undefined;
}

/** Asked for only after `unusable` has found the amount chargeable. */
function amountOf(of: GatewayCall): number {
  return toStripeAmount(of.amount, of.currency) as number;
}

/** What is asked for when the shopper is to choose a payment method; the mark tells such a payment from one that failed. */
function waitingForShopper(of: GatewayCall): Partial<Stripe.PaymentIntentCreateParams> {
  const { automatic_payment_methods: automatic } = of.options ?? {};
  const any = (automatic as { enabled?: unknown } | undefined)?.enabled === true;
  return {
    ...(any ? { automatic_payment_methods: { enabled: true } } : { payment_method_types: ["card"] }),
    metadata: { ...sent(of).metadata, [WAITS]: "shopper" },
  };
}

type Sent = Pick<
  Stripe.PaymentIntentCreateParams,
  | "payment_method"
  | "payment_method_data"
  | "customer"
  | "receipt_email"
  | "return_url"
  | "description"
  | "transfer_data"
  | "metadata"
>;

/** What the shop's request says about the payment, as Stripe takes it. Options that we do not know are not passed on. */
function sent(of: GatewayCall): Sent {
  const token = of.paymentToken ?? "";
  const text = (name: string): string | undefined => {
    const value = of.options?.[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const customer = text("customer");
  const email = text("receipt_email");
  const returnUrl = text("return_url");
  const description = text("description");
  const destination = text("destination");
  return {
    ...(token.startsWith("tok_")
      ? { payment_method_data: { type: "card", card: { token } } as Sent["payment_method_data"] & object }
      : token !== "" && { payment_method: token }),
    ...(customer !== undefined && { customer }),
    ...(email !== undefined && { receipt_email: email }),
    ...(returnUrl !== undefined && { return_url: returnUrl }),
    ...(description !== undefined && { description }),
    ...(destination !== undefined && { transfer_data: { destination } }),
    metadata: { ...metadataOf(of.options?.metadata), ...labels(of) },
  };
}

/** Stripe takes 50 labels of at most 40 characters with texts of at most 500; four are ours. */
function metadataOf(given: unknown): Record<string, string> {
  if (typeof given !== "object" || given === null) return {};
  const entries = Object.entries(given)
    // Ours are not for others to set.
    .filter(([name]) => !name.startsWith("cartwright_"))
    .filter(([name, value]) => name.length <= 40 && ["string", "number", "boolean"].includes(typeof value))
    .slice(0, 46);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value).slice(0, 500)]));
}

/** What the shopper of a payment session may see of it. A refund changes nothing of that: it is the charge's. */
function shownTo({ session }: GatewayCall, intent: Stripe.PaymentIntent): { readonly data?: SessionData } {
  return session ? { data: dataOf(intent) } : {};
}

function captureOutcome(of: GatewayCall, intent: Stripe.PaymentIntent): GatewayOutcome {
  const found = captureFound(of, intent);
  return found.kind === "absent" ? unknownState(intent) : found;
}

function captureFound(of: GatewayCall, intent: Stripe.PaymentIntent): FoundOutcome {
  if (intent.status === "succeeded") {
    // Captured in Stripe's own pages is as good, if it was as much.
    const ours = intent.metadata.cartwright_capture === of.key || intent.amount_received === amountOf(of);
    if (ours) return { kind: "approved", reference: intent.id, ...shownTo(of, intent) };
    return declined("payment_captured", "Another amount of this payment was captured at the gateway");
  }
  if (intent.status === "requires_capture") return { kind: "absent" };
  if (intent.status === "canceled") {
    const expired = intent.cancellation_reason === "automatic";
    return declined(
      expired ? "authorization_expired" : "authorization_released",
      expired ? "The authorization has expired" : "The authorization was released",
    );
  }
  return declined("payment_not_authorized", "The payment is not authorized");
}

function voidOutcome(of: GatewayCall, intent: Stripe.PaymentIntent): GatewayOutcome {
  const found = voidFound(of, intent);
  return found.kind === "absent" ? unknownState(intent) : found;
}

function voidFound(of: GatewayCall, intent: Stripe.PaymentIntent): FoundOutcome {
  if (intent.status === "canceled") {
    return { kind: "approved", reference: intent.id, ...shownTo(of, intent) };
  }
  if (intent.status === "succeeded") {
    return declined("payment_captured", "The money was taken already; it can be refunded");
  }
  return { kind: "absent" };
}

function outcomeOfRefund(refund: Stripe.Refund): GatewayOutcome {
  switch (refund.status) {
    case "failed":
    case "canceled":
      return declined(refund.failure_reason ?? "refund_failed", "The refund did not go through");
    case "succeeded":
      return { kind: "approved", reference: refund.id };
    default:
      return { kind: "pending", reference: refund.id };
  }
}

function unknownState({ id, status }: Stripe.PaymentIntent): GatewayOutcome {
  return { kind: "unknown", reason: `the payment ${id} is ${status}` };
}
