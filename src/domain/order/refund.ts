import type { Decision } from "../decision.ts";
import type { MinorUnits } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import { isRetry, withOperation } from "./capture.ts";
import type { Order } from "./order.ts";
import { resolvedPayment } from "./pay.ts";
import { paymentFacts, refundable } from "./payment.ts";
import type { OrderRefusal } from "./refusals.ts";
import { isPaidInFull, orderFacts, orderStatuses } from "./status.ts";

export type StartRefund = {
  readonly paymentId: string;
  readonly operationId: string;
  /** Minor units; absent marks all that is left as refunded, without calling the gateway. */
  readonly amount?: MinorUnits;
  readonly reason?: string;
};

/** Claims a refund. Only what was captured and is neither refunded nor being refunded limits it. */
export function startRefund(
  order: Order,
  input: StartRefund,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (isRetry(order, input.paymentId, input.operationId)) return ok({ state: order, events: [] });
  const found = resolvedPayment(order, input.paymentId);
  if (!found.ok) return found;
  const payment = found.value;
  const facts = orderFacts(order);
  if (!order.cancelledAt && !isPaidInFull(facts)) {
    return fail({ type: "order_not_refundable", orderId: order.id, status: orderStatuses(order).status });
  }
  const left = refundable(payment);
  if (paymentFacts(payment).captured === 0 || left === 0) {
    return fail({ type: "payment_not_refundable", paymentId: payment.id });
  }
  const amount = input.amount ?? left;
  if (amount > left) return fail({ type: "refund_exceeds_captured", amount, refundable: left });
  const capturedByHand = payment.operations.some(
    (operation) => operation.type === "capture" && operation.mechanism === "manual",
  );
  if (input.amount !== undefined && capturedByHand) {
    return fail({ type: "refund_must_be_manual", paymentId: payment.id });
  }
  return ok(
    withOperation(order, payment, now, {
      id: input.operationId,
      type: "refund",
      amount,
      status: "pending",
      mechanism: input.amount === undefined ? "manual" : "gateway",
      ...(input.reason !== undefined && { reason: input.reason }),
      createdAt: now,
    }),
  );
}
