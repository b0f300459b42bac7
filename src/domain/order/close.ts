import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Order } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";
import { silence } from "./silence.ts";

/** The shop is done with the order. Twice is as good as once. */
export function completeOrder(order: Order, now: string): Result<Decision<Order>, OrderRefusal> {
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  if (order.completedAt) return ok({ state: order, events: [] });
  return ok({
    state: { ...order, completedAt: now, updatedAt: now },
    events: [{ type: "order.completed", payload: { orderId: order.id, ...silence(order) } }],
  });
}

/** Puts an order away that is done with. Twice is as good as once. */
export function archiveOrder(order: Order, now: string): Result<Decision<Order>, OrderRefusal> {
  if (order.archivedAt) return ok({ state: order, events: [] });
  if (!order.completedAt && !order.cancelledAt)
    return fail({ type: "order_not_completed", orderId: order.id });
  return ok({ state: { ...order, archivedAt: now, updatedAt: now }, events: [] });
}
