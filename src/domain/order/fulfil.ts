import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import { unansweredIn } from "./fulfilment.ts";
import type { Order } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";
import { orderStatuses } from "./status.ts";

/** Marks a paid order as shipped; what it holds leaves the warehouse. */
export function fulfilOrder(order: Order, now: string): Result<Decision<Order>, OrderRefusal> {
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  if (order.fulfilledAt) return fail({ type: "order_fulfilled", orderId: order.id, wanted: "fulfil" });
  const { payment } = orderStatuses(order);
  if (payment !== "paid") return fail({ type: "order_unpaid", orderId: order.id, payment });
  const asked = unansweredIn(order);
  if (asked) return fail({ type: "fulfilment_unanswered", fulfilmentId: asked.id });
  const { held } = order.stock;
  const takenWhole = held.some(({ location }) => location !== "") ? { takenWhole: held } : {};
  return ok({
    state: { ...order, ...takenWhole, fulfilledAt: now, updatedAt: now },
    events: [{ type: "order.fulfilled", payload: { orderId: order.id } }],
  });
}
