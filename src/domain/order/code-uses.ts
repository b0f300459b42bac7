import type { Order } from "./order.ts";
import { orderFacts } from "./status.ts";

/**
 * What is due to the promotion codes that an order uses: their uses are `held` from the checkout on, `final` once the
 * order is paid for or promised to be, and given back (`free`) when it is cancelled or its payments have all come to
 * nothing. A refund gives nothing back. An order of which `held` is true may be paid for, whatever became of the hold.
 */
export function codeUseState(
  order: Pick<Order, "totals" | "payments" | "cancelledAt">,
): "held" | "final" | "free" {
  if (order.cancelledAt !== undefined) return "free";
  if (order.payments.length === 0) return "held";
  const { anyLive, anyAuthorized, anyCaptured, refunded } = orderFacts(order);
  if (anyAuthorized || anyCaptured || refunded > 0) return "final";
  return anyLive ? "held" : "free";
}
