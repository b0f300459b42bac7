import type { Order } from "@paypal/paypal-server-sdk";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import type { GatewayCall } from "../gateway.ts";
import { prefer } from "./paypal-client.ts";
import type { PayPalAsking } from "./paypal-events.ts";
import { writeLabel } from "./paypal-label.ts";
import { authorizationOf, labelOf, outcomeOfStart, sizeOf, unitOf, unknownState } from "./paypal-order.ts";
import { orderData } from "./paypal-order-data.ts";
import { credentialsRefused, isStateConflict, outcomeOfError, wantsShopper } from "./paypal-outcome.ts";
import { readSessionLabel, writeSessionLabel } from "./paypal-session-label.ts";
import { giveBack, idOf, isGivenUp, relabel } from "./paypal-sessions.ts";

/** Looks at an order again when somebody else has moved it meanwhile: the shopper's browser, or whoever gives it up. */
const LOOKS = 3;

/**
 * Takes the order of a payment session for the payment of an order of ours: authorizes what the shopper has approved, or
 * finds it authorized by the storefront's own script, over exactly what is claimed. It is labelled as the order's first.
 * What the shopper has not approved yet stays open; asking again goes on where an earlier call was cut off.
 */
export async function takeSession(
  asking: Pick<PayPalAsking, "call" | "retrieve">,
  of: GatewayCall,
): Promise<GatewayOutcome> {
  const id = idOf(of.session ?? {});
  if (id === undefined) return over("error", "The payment session was never prepared at the gateway");
  for (let look = 1; look <= LOOKS; look += 1) {
    const order = await asking.retrieve(of, id);
    if (!order) return over("canceled", "PayPal does not know the payment any more");
    const outcome = await attempt(asking, of, order);
    if (outcome !== "moved") return outcome;
  }
  return { kind: "unknown", reason: `the order ${id} is changed by others all the time` };
}

async function attempt(
  asking: Pick<PayPalAsking, "call" | "retrieve">,
  of: GatewayCall,
  order: Order,
): Promise<GatewayOutcome | "moved"> {
  const left = (code: string, message: string, isOver = false): GatewayOutcome => ({
    kind: "declined",
    code,
    message,
    data: orderData(order),
    ...(isOver && { endsSession: true as const }),
  });
  const session = readSessionLabel(unitOf(order)?.customId);
  if (isGivenUp(order)) return left("canceled", "The payment session was given up", true);
  if (order.status === "COMPLETED") return taken(asking, of, order);
  if (order.status === "VOIDED") return left("canceled", "The payment was cancelled at the gateway", true);
  if (!fits(of, unitOf(order) ?? {})) {
    return left("error", "The payment session asks for another amount than the cart");
  }
  const unapproved = () => left("requires_more", "The shopper has not approved the payment yet");
  if (order.status !== "APPROVED") return unapproved();
  const { call } = asking;
  try {
    await relabel(asking, of, order, writeLabel(of));
    const request = { id: order.id ?? "", paypalRequestId: `${of.key}-f`, prefer };
    const done: Order = await call(
      of,
      async ({ orders }, as) => (await orders.authorizeOrder({ ...request, ...as })).result,
    );
    return done.status === "COMPLETED" ? taken(asking, of, done) : "moved";
  } catch (error) {
    // Authorized by the browser, or given up: the next look tells.
    if (isStateConflict(error)) return "moved";
    const isWanted = wantsShopper(error);
    const refused = outcomeOfError(error);
    // The shopper has approved: what the shop has to mend is not the end of the payment.
    if (!isWanted && (!refused || refused === credentialsRefused)) throw error;
    const label = session ?? { cartId: of.orderId, session: of.paymentId };
    try {
      const open = writeSessionLabel({ ...label, isGivenUp: !isWanted });
      await relabel(asking, of, order, open, { closes: !isWanted });
    } catch (conflict) {
      if (isStateConflict(conflict)) return "moved";
      throw conflict;
    }
    return isWanted || !refused ? unapproved() : left(refused.code, refused.message, true);
  }
}

/** What became of an order that was authorized, by us or in the browser. */
async function taken(
  asking: Pick<PayPalAsking, "call" | "retrieve">,
  of: GatewayCall,
  order: Order,
): Promise<GatewayOutcome> {
  const authorization = authorizationOf(order);
  if (!authorization || !fits(of, authorization)) {
    // What carries our label is nobody else's to give back.
    if (labelOf(order)?.paymentId === of.paymentId) await giveBack(asking, of, order);
    const message = "The payment session was paid with another amount than the cart's";
    return { kind: "declined", code: "error", message, data: orderData(order) };
  }
  const outcome = outcomeOfStart(order, "authorize") ?? unknownState(order);
  if (outcome.kind === "approved") return { ...outcome, data: orderData(order) };
  return outcome.kind === "declined" ? { ...outcome, data: orderData(order), endsSession: true } : outcome;
}

function fits(
  { amount, currency }: GatewayCall,
  part: { readonly amount?: { value: string; currencyCode: string } },
): boolean {
  return sizeOf(part) === amount && part.amount?.currencyCode === currency.toUpperCase();
}

function over(code: string, message: string): GatewayOutcome {
  return { kind: "declined", code, message, endsSession: true };
}
