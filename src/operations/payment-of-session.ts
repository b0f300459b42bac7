import { paymentFacts } from "../domain/order/payment.ts";
import type { SeenPayment, SeenSession } from "../domain/order/seen-payment.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";

/**
 * A payment of an order that its gateway knows by the session only: whose it is, our own books say. Undefined where no
 * order has taken it.
 */
export async function paymentOfSession(
  { storage, now }: Pick<Deps, "storage" | "now">,
  { store: { storeId } }: Context,
  { cartId, payment }: SeenSession,
): Promise<SeenPayment | undefined> {
  if (!payment) return undefined;
  const { cart } = await storage.carts.load(storeId, cartId, now());
  const collection = cart ? undefined : await storage.records.load(storeId, "payment_collection", cartId);
  const orderId = cart?.region?.completion?.orderId ?? collection?.orderId;
  const order = orderId === undefined ? undefined : await storage.orders.load(storeId, orderId);
  const taken = order?.payments.findLast(
    (one) => one.reference === payment.reference && (paymentFacts(one).live || paymentFacts(one).voided),
  );
  return order && taken && { ...payment, orderId: order.id, paymentId: taken.id };
}
