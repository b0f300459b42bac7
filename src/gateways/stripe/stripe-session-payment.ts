import type { Stripe } from "stripe";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import type { GatewayCall } from "../gateway.ts";
import { labels, noLabels } from "./stripe-labels.ts";
import { declined, expiryOf, outcomeOfError } from "./stripe-outcome.ts";
import { CONFIRMS, dataOf, GIVEN_UP, giveUp, idOf, statusOf } from "./stripe-sessions.ts";

const notYet = "The payment is not authorized";

/**
 * Looks at the intent of a payment session, and takes it for the order's payment when it is authorized over exactly what
 * is claimed. It is marked as the order's first: whoever wants to give it up at the same moment sees that mark, or we see
 * theirs. One that is not authorized loses the mark again, so that it can be paid and taken later.
 * @param mayConfirm begins the charge where the storefront named a payment method and left confirming it to us
 */
export async function takeSession(
  client: Stripe,
  of: GatewayCall,
  amount: number,
  mayConfirm: boolean,
): Promise<GatewayOutcome> {
  const id = idOf(of.session ?? {});
  if (id === undefined) return declined("error", "The payment session was never prepared at the gateway");
  const expand = ["latest_charge"];
  let intent: Stripe.PaymentIntent = await client.paymentIntents.update(id, {
    metadata: labels(of),
    expand,
  });
  const leave = async (code: string, message: string): Promise<GatewayOutcome> => {
    const left = await client.paymentIntents.update(id, { metadata: noLabels, expand });
    return { kind: "declined", code, message, data: dataOf(left) };
  };
  if (intent.status === "canceled") return leave("canceled", "The payment was cancelled at the gateway");
  if (intent.metadata[GIVEN_UP]) {
    const refused = await leave("canceled", "The payment session was given up");
    await giveUp(client, id);
    return refused;
  }
  if (intent.amount !== amount || intent.currency !== of.currency.toLowerCase()) {
    return leave("error", "The payment session asks for another amount than the cart");
  }
  if (mayConfirm && intent.status === "requires_confirmation" && intent.metadata[CONFIRMS]) {
    try {
      intent = await client.paymentIntents.confirm(id, { expand }, { idempotencyKey: of.key });
    } catch (error) {
      const outcome = outcomeOfError(error);
      if (outcome?.kind !== "declined") throw error;
      return leave(outcome.code, outcome.message);
    }
  }
  const status = statusOf(intent);
  // Cancelled just now, between two looks.
  if (status !== "authorized") return leave(status, notYet);
  return {
    kind: "approved",
    reference: intent.id,
    ...(intent.status === "requires_capture" && { expiresAt: expiryOf(intent) }),
    data: dataOf(intent),
  };
}
