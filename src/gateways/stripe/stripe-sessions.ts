import type { Stripe } from "stripe";
import type { PaymentSessionStatus } from "../../domain/cart/region-part.ts";
import type { SessionData } from "../../domain/order/pay.ts";
import type { GatewayQuestion, GatewaySessions, SessionCall, SessionState } from "../gateway.ts";
import { toStripeAmount } from "./stripe-amount.ts";
import { isStateConflict } from "./stripe-outcome.ts";

/** The label of an intent whose session is no more; it is never taken for a payment. */
export const GIVEN_UP = "cartwright_given_up";
/** The label of an intent whose payment method came through us: completing the cart confirms it. */
export const CONFIRMS = "cartwright_confirms";
/** The label that tells a session's intent, with the cart's id beside it under the name that the original has for it. */
export const SESSION = "cartwright_session";
export const CART = "resource_id";

/** Intents that one session may have had for one amount, each given up before the next. */
const LIVES = 20;

/**
 * A payment intent for every session: the shopper confirms it in the browser with its client secret. What they confirmed
 * is set aside and not taken; nothing of the shop is in the intent, which the browser sees whole.
 * @param ask sends a call with the store's key, within the deadline
 */
export function stripeSessions(
  ask: <Value>(question: GatewayQuestion, send: (client: Stripe) => Promise<Value>) => Promise<Value>,
): GatewaySessions {
  return {
    open: (of) => ask(of, (client) => open(client, of)),
    update: (of) => ask(of, (client) => update(client, of)),
    async close(of) {
      const id = idOf(of.data);
      if (id !== undefined) await ask(of, (client) => giveUp(client, id));
    },
  };
}

async function open(client: Stripe, of: SessionCall): Promise<SessionState> {
  const amount = amountOf(of);
  const currency = of.currency.toLowerCase();
  // Stripe repeats what it answered to a key, also when that intent is over: then it is the next one's turn.
  let key = `session-${of.key}-${amount}-${currency}`;
  for (let life = 1; life <= LIVES; life += 1) {
    const made = await client.paymentIntents.create(
      {
        amount,
        currency,
        capture_method: "manual",
        allowed_payment_method_types: ["card"],
        metadata: { [CART]: of.cartId, [SESSION]: of.key },
      },
      { idempotencyKey: key },
    );
    // The package hands the headers on as it got them, whatever its types say of them.
    const headers = new Headers(made.lastResponse.headers);
    if (headers.get("idempotent-replayed") !== "true") return stateOf(made);
    const intent = await client.paymentIntents.retrieve(made.id);
    if (isUsable(intent)) return stateOf(intent);
    key = `session-${of.key}-after-${intent.id}-${amount}-${currency}`;
  }
  throw new Error("The payment session was given up too often");
}

/** Its amount follows the cart's. What was confirmed over another amount goes back, and the shopper is asked anew. */
async function update(
  client: Stripe,
  of: SessionCall & { readonly change?: SessionData },
): Promise<SessionState> {
  const id = idOf(of.data);
  if (id === undefined) return open(client, of);
  const amount = amountOf(of);
  const intent = await changed(client, id, { amount, ...changeOf(of.change) });
  const fits = intent?.amount === amount && intent.currency === of.currency.toLowerCase();
  if (intent && isUsable(intent) && fits) return stateOf(intent);
  if (intent && !(await giveUp(client, id))) throw new Error(`${id} is being taken for an order`);
  return open(client, of);
}

/** The intent with the change, or as it is where it cannot be changed any more; undefined where there is none. */
async function changed(
  client: Stripe,
  id: string,
  change: Stripe.PaymentIntentUpdateParams,
): Promise<Stripe.PaymentIntent | undefined> {
  try {
    return await client.paymentIntents.update(id, change);
  } catch (error) {
    if ((error as { code?: string }).code === "resource_missing") return undefined;
    if (!isStateConflict(error)) throw error;
    return client.paymentIntents.retrieve(id);
  }
}

/** What a storefront may say about a payment. A payment method that it names here is for us to confirm. */
function changeOf(change: SessionData = {}): Stripe.PaymentIntentUpdateParams {
  const { payment_method: method, receipt_email: email } = change;
  return {
    ...(typeof method === "string" && { payment_method: method, metadata: { [CONFIRMS]: "yes" } }),
    ...(typeof email === "string" && { receipt_email: email }),
  };
}

/**
 * Cancels an intent, or returns what was taken. It is marked first, so that nobody takes it for a payment meanwhile.
 * @returns false when an order has taken it already; it is left alone then
 */
export async function giveUp(client: Stripe, id: string): Promise<boolean> {
  const marked = await client.paymentIntents.update(id, { metadata: { [GIVEN_UP]: "yes" } });
  if (marked.metadata.cartwright_order) return false;
  let { status } = marked;
  if (status !== "canceled" && status !== "succeeded") {
    try {
      await client.paymentIntents.cancel(id);
      return true;
    } catch (error) {
      if (!isStateConflict(error)) throw error;
      ({ status } = await client.paymentIntents.retrieve(id));
    }
  }
  if (status === "canceled") return true;
  if (status !== "succeeded") throw new Error(`${id} is ${status} and cannot be given up`);
  try {
    await client.refunds.create({ payment_intent: id }, { idempotencyKey: `session-${id}-back` });
  } catch (error) {
    if (!isStateConflict(error)) throw error;
  }
  return true;
}

function isUsable({ status, metadata }: Stripe.PaymentIntent): boolean {
  return status !== "canceled" && !metadata[GIVEN_UP];
}

/** How far the session is, by the state of its intent. */
export function statusOf({ status }: Stripe.PaymentIntent): PaymentSessionStatus {
  switch (status) {
    case "requires_capture":
    case "succeeded":
      return "authorized";
    case "requires_action":
      return "requires_more";
    case "canceled":
      return "canceled";
    default:
      return "pending";
  }
}

/** The intent for the shopper's browser, with its charge by name only: that one knows more about the card. */
export function dataOf(intent: Stripe.PaymentIntent): SessionData {
  const { latest_charge: charge } = intent;
  const plain = JSON.parse(JSON.stringify(intent)) as Record<string, unknown>;
  return { ...plain, latest_charge: typeof charge === "object" ? (charge?.id ?? null) : charge };
}

/** What Stripe calls the payment of a session. */
export function idOf({ id }: SessionData): string | undefined {
  return typeof id === "string" && id.startsWith("pi_") ? id : undefined;
}

function stateOf(intent: Stripe.PaymentIntent): SessionState {
  return { status: statusOf(intent), data: dataOf(intent) };
}

function amountOf({ amount, currency }: SessionCall): number {
  const counted = toStripeAmount(amount, currency);
  if (counted === undefined) throw new Error(`Stripe cannot move exactly this amount of ${currency}`);
  return counted;
}
