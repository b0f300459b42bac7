import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Order } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";
import { silence } from "./silence.ts";

/**
 * Calls off an order that was not shipped; its stock goes back. Money is left where it is: a refund or a release of
 * the authorization is a decision of its own.
 */
export function cancelOrder(order: Order, now: string): Result<Decision<Order>, OrderRefusal> {
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  const isPacked = order.fulfilments?.some(({ cancelledAt }) => cancelledAt === undefined);
  if (order.fulfilledAt || isPacked)
    return fail({ type: "order_fulfilled", orderId: order.id, wanted: "cancel" });
  // Money that may still come in would belong to an order that is no more; money on its way back may go on.
  const incoming = order.payments.find(({ operations }) =>
    operations.some(({ status, type }) => status === "pending" && type !== "refund" && type !== "void"),
  );
  if (incoming) return fail({ type: "payment_unresolved", paymentId: incoming.id });
  return ok({
    state: { ...order, cancelledAt: now, updatedAt: now },
    events: [{ type: "order.cancelled", payload: { orderId: order.id, ...silence(order) } }],
  });
}
