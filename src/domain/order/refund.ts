import type { Decision } from "../decision.ts";
import type { MinorUnits } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import { isRetry, withOperation } from "./capture.ts";
import type { Order } from "./order.ts";
import { lateFate, paymentFacts, refundable } from "./payment.ts";
import type { OrderRefusal } from "./refusals.ts";
import { isPaidInFull, orderFacts, orderStatuses } from "./status.ts";

export type StartRefund = {
  readonly paymentId: string;
  readonly operationId: string;
  /** Minor units; absent marks all that is left as refunded, without calling the gateway. */
  readonly amount?: MinorUnits;
  readonly reason?: string;
  /** The whole order is being called off: also what paid for a part of it goes back. */
  readonly callingOff?: true;
  /** What the shop wants to remember about it. */
  readonly note?: string;
  /** Nobody is to be told about it by mail. */
  readonly noNotification?: boolean;
};

/** Claims a refund. Only what was captured and is neither refunded nor being refunded limits it. */
export function startRefund(
  order: Order,
  input: StartRefund,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (isRetry(order, input.paymentId, input.operationId)) return ok({ state: order, events: [] });
  const payment = order.payments.find((candidate) => candidate.id === input.paymentId);
  if (!payment) return fail({ type: "payment_not_found", paymentId: input.paymentId });
  const unresolved = fail({ type: "payment_unresolved", paymentId: payment.id });
  // Refunds do not wait for each other: what is being given back counts as given back.
  if (payment.operations.some(({ type, status }) => status === "pending" && type !== "refund"))
    return unresolved;
  const facts = orderFacts(order);
  // What came too late to buy anything may go back whatever else the order still owes.
  const cameLate = (lateFate(payment) ?? "kept") !== "kept";
  // Whoever takes money in parts may give any of it back before they have taken all.
  const inParts = payment.operations.some(({ keepsRest, status }) => keepsRest && status === "complete");
  const mayGo = order.cancelledAt !== undefined || input.callingOff || cameLate || inParts;
  if (!mayGo && !isPaidInFull(facts)) {
    return fail({ type: "order_not_refundable", orderId: order.id, status: orderStatuses(order).status });
  }
  const left = refundable(payment);
  const { captured, pendingRefunds } = paymentFacts(payment);
  if (captured === 0 || (left === 0 && pendingRefunds === 0)) {
    return fail({ type: "payment_not_refundable", paymentId: payment.id });
  }
  const amount = input.amount ?? left;
  if (amount > left || left === 0) {
    return amount <= left + pendingRefunds
      ? unresolved
      : fail({ type: "refund_exceeds_captured", amount, refundable: left });
  }
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
      ...(input.callingOff && { callingOff: true }),
      ...(input.note !== undefined && { note: input.note }),
      ...(input.noNotification !== undefined && { noNotification: input.noNotification }),
      createdAt: now,
    }),
  );
}
