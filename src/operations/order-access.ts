import type { Order } from "../domain/order/order.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { RefusalOf } from "./refusal.ts";

/** Whether the caller may see an order: the shop all, customers and accounts their own. Others learn nothing of it. */
export function checkOrderAccess(
  context: Context,
  order: Order | undefined,
  orderId: string,
): Result<Order, RefusalOf<"order_not_found">> {
  const { actor } = context;
  const mine =
    actor.kind !== "shopper" ||
    (actor.customerId !== undefined && order?.buyer.id === actor.customerId) ||
    (actor.accountId !== undefined && order?.accountId === actor.accountId);
  return order && mine ? ok(order) : fail({ type: "order_not_found", orderId });
}
