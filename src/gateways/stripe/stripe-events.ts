import type { Stripe } from "stripe";
import type { SeenPayment, SeenRefund, SeenSession } from "../../domain/order/seen-payment.ts";
import type { GatewayEvent, GatewayEvents, GatewayQuestion, GatewayRequest } from "../gateway.ts";
import { fromStripeAmount } from "./stripe-amount.ts";
import { loadStripe } from "./stripe-client.ts";
import { expiryOf } from "./stripe-outcome.ts";
import { CART, dataOf, SESSION, statusOf } from "./stripe-sessions.ts";

/** How old a signed call may be, in seconds; what Stripe recommends (https://docs.stripe.com/webhooks/signature). */
const TOLERANCE_S = 300;
/** Events that one call answers; as many as Stripe takes for a page. */
const PAGE = 100;

/** What tells that something happened to a payment. The others about it say nothing that these do not. */
const types = [
  "payment_intent.amount_capturable_updated",
  "payment_intent.canceled",
  "payment_intent.payment_failed",
  "payment_intent.succeeded",
  "charge.captured",
  "charge.refunded",
  "refund.created",
  "refund.updated",
  "refund.failed",
];

/** @param ask sends a call with the store's key, within the deadline */
export function stripeEvents(
  ask: <Value>(question: GatewayQuestion, send: (client: Stripe) => Promise<Value>) => Promise<Value>,
): GatewayEvents {
  return {
    path: "stripe",
    read,
    async *since(moment, question) {
      const created = { gte: Math.floor(Date.parse(moment) / 1000) };
      let last: string | undefined;
      for (let more = true; more; ) {
        const after = last === undefined ? {} : { starting_after: last };
        // Each page is a call of its own, with a deadline and repetitions of its own.
        const page = await ask(question, (client) =>
          client.events.list({ created, types, limit: PAGE, ...after }),
        );
        yield page.data.flatMap((event) => eventOf(event) ?? []);
        last = page.data.at(-1)?.id;
        more = page.has_more && last !== undefined;
      }
    },
    look: (reference, question) =>
      ask(question, async (client) => {
        let intent: Stripe.PaymentIntent;
        try {
          intent = await client.paymentIntents.retrieve(reference, { expand: ["latest_charge"] });
        } catch (error) {
          if ((error as { code?: string }).code === "resource_missing") return undefined;
          throw error;
        }
        const session = sessionOf(intent);
        if (session) return session;
        const refunds: SeenRefund[] = [];
        for await (const refund of client.refunds.list({ payment_intent: reference, limit: 100 })) {
          refunds.unshift(refundOf(refund));
        }
        return paymentOf(intent, refunds);
      }),
  };
}

/** A store may have several secrets, in a row with commas: during a change both hold. */
async function read({ body, header, now, settings }: GatewayRequest): Promise<GatewayEvent[] | undefined> {
  const signature = header("stripe-signature");
  const secrets = typeof settings.webhook_secret === "string" ? settings.webhook_secret.split(",") : [];
  if (signature === undefined) return undefined;
  const { webhooks } = await loadStripe();
  for (const secret of secrets.filter((candidate) => candidate !== "")) {
    try {
      const at = Date.parse(now);
      const event = webhooks.constructEvent(Buffer.from(body), signature, secret, TOLERANCE_S, undefined, at);
      const told = types.includes(event.type) ? eventOf(event) : undefined;
      return told ? [told] : [];
    } catch {
      // Not this secret's, or too old; perhaps the next one's.
    }
  }
  return undefined;
}

function eventOf(event: Stripe.Event): GatewayEvent | undefined {
  const object = event.data.object as {
    readonly object?: string;
    readonly id?: string;
    readonly payment_intent?: string | { readonly id: string } | null;
    readonly metadata?: Readonly<Record<string, string>> | null;
  };
  const intent = object.payment_intent;
  const reference =
    object.object === "payment_intent" ? object.id : typeof intent === "string" ? intent : intent?.id;
  if (typeof reference !== "string") return undefined;
  // A label that was taken off again may still be told as an empty one.
  const orderId = object.metadata?.cartwright_order || undefined;
  const key = event.request?.idempotency_key;
  return {
    id: event.id,
    type: event.type,
    occurredAt: new Date(event.created * 1000).toISOString(),
    reference,
    ...(orderId !== undefined && { orderId }),
    ...(typeof key === "string" && { operationId: key }),
  };
}

/** The intent of a session that no order has taken. */
function sessionOf(intent: Stripe.PaymentIntent): SeenSession | undefined {
  const { [CART]: cartId, [SESSION]: session, cartwright_order: orderId } = intent.metadata;
  if (orderId || cartId === undefined || session === undefined) return undefined;
  return { reference: intent.id, cartId, isAuthorized: statusOf(intent) === "authorized" };
}

function paymentOf(intent: Stripe.PaymentIntent, refunds: readonly SeenRefund[]): SeenPayment | undefined {
  const { cartwright_order: orderId, cartwright_payment: paymentId } = intent.metadata;
  if (orderId === undefined || paymentId === undefined) return undefined;
  const states = { requires_capture: "authorized", succeeded: "captured", canceled: "released" } as const;
  const reason = intent.cancellation_reason;
  return {
    reference: intent.id,
    orderId,
    paymentId,
    state: states[intent.status as keyof typeof states] ?? "open",
    authorized: fromStripeAmount(intent.amount_capturable, intent.currency),
    captured: fromStripeAmount(intent.amount_received, intent.currency),
    ...(intent.status === "requires_capture" && { expiresAt: expiryOf(intent) }),
    ...(reason !== null && { reason: reason === "automatic" ? "expired" : String(reason) }),
    refunds,
    data: dataOf(intent),
  };
}

function refundOf({ id, amount, currency, status, metadata }: Stripe.Refund): SeenRefund {
  const operationId = metadata?.cartwright_operation;
  const lost = status === "failed" || status === "canceled";
  return {
    reference: id,
    ...(operationId !== undefined && { operationId }),
    amount: fromStripeAmount(amount, currency),
    status: lost ? "failed" : status === "succeeded" ? "complete" : "pending",
  };
}
