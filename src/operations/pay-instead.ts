import { waitsForShopper } from "../domain/order/payment.ts";
import type { Result } from "../domain/result.ts";
import { voidPayment } from "./change-payment.ts";
import { confirmPayment } from "./confirm-payment.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { type PaidOrder, type PayOrder, payOrder } from "./pay-order.ts";
import type { Refusal } from "./refusal.ts";

/** Payments that one attempt takes the place of at most: an order has one that waits, seldom a few parts. */
const MOST_REPLACED = 5;

/**
 * Pays for an order, in place of a payment that waits for its shopper: somebody who was asked to prove who they are, and
 * comes back with another card, does not wait until the first attempt has run out. The first is given up at its gateway
 * before anything is asked for anew, so that not both are charged; when it has just gone through, it counts.
 */
export async function payInstead(
  deps: Deps,
  context: Context,
  input: PayOrder,
): Promise<Result<PaidOrder, Refusal>> {
  let paid = await payOrder(deps, context, input);
  for (let replaced = 0; replaced < MOST_REPLACED; replaced += 1) {
    if (paid.ok || paid.error.type !== "payment_unresolved") return paid;
    const order = await deps.storage.orders.load(context.store.storeId, input.orderId);
    const waiting = order?.payments.find(waitsForShopper);
    if (!order || !waiting || waiting.id === input.paymentId) return paid;
    const ids = { paymentId: waiting.id, operationId: deps.newId() };
    const given = await voidPayment(deps, context, order.id, { ...ids, reason: "abandoned" });
    if (!given.ok) await confirmPayment(deps, context, order.id, waiting.id);
    paid = await payOrder(deps, context, input);
  }
  return paid;
}
