import type { MinorUnits } from "../domain/money.ts";
import { dueOf } from "../domain/order/capture.ts";
import type { Order } from "../domain/order/order.ts";
import { lateFate, type Payment, paymentFacts, refundable, startOf } from "../domain/order/payment.ts";
import { orderStatuses } from "../domain/order/status.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { capturePayment, refundPayment, voidPayment } from "./change-payment.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Refusal } from "./refusal.ts";
import { callOffOrder } from "./update-order.ts";

/**
 * Captures every payment of an order that is authorized and not captured, up to what is due; none is as good as all. What
 * a gateway refuses is on the payment, and the others are captured all the same.
 */
export async function captureOrder(
  deps: Deps,
  context: Context,
  orderId: string,
): Promise<Result<Order, Refusal>> {
  const found = await loaded(deps, context, orderId);
  if (!found.ok) return found;
  if (found.value.cancelledAt) return fail({ type: "order_cancelled", orderId });
  let order = found.value;
  for (const payment of found.value.payments.filter(isHeld)) {
    const ids = { paymentId: payment.id, operationId: deps.newId(), mechanism: "gateway" } as const;
    // Of an order that has become smaller there may be an authorization that nothing is due of any more.
    const isNeeded = payment.amount === 0 || dueOf(order, payment) > 0;
    const change = isNeeded ? capturePayment : voidPayment;
    const captured = await change(deps, context, orderId, ids);
    if (captured.ok) order = captured.value.order;
    // Somebody else may just have captured it; then there is nothing left to do.
    if (!captured.ok && !isOnThePayment(captured.error)) return captured;
  }
  return loaded(deps, context, orderId);
}

const isOnThePayment = ({ type }: Refusal): boolean =>
  type === "payment_declined" || type === "payment_not_capturable";

export type RefundOrder = {
  /** Minor units, above 0. */
  readonly amount: MinorUnits;
  readonly reason: string;
  readonly note?: string;
  /** Nobody is to be told about it by mail. */
  readonly noNotification?: boolean;
  /** One for each payment of the order that may be needed: the same ids make a repeat of it harmless. */
  readonly operationId: (index: number) => string;
};

/** Pays so much back, from one payment after the other. */
export async function refundOrder(
  deps: Deps,
  context: Context,
  orderId: string,
  { amount, reason, note, noNotification, operationId }: RefundOrder,
): Promise<Result<Order, Refusal>> {
  const found = await loaded(deps, context, orderId);
  if (!found.ok) return found;
  // Late money that is on its way back was never the order's.
  const payments = found.value.payments.map((payment) =>
    lateFate(payment) === "toReturn" ? { ...payment, operations: [] } : payment,
  );
  // What a repeat has paid back already counts as what it wants.
  const made = payments.map((payment, index) => refundWith(payment, operationId(index)));
  let left = amount - made.reduce((sum, one) => sum + (one?.amount ?? 0), 0);
  if (payments.every((payment) => paymentFacts(payment).captured === 0)) {
    return fail({ type: "order_not_refundable", orderId, status: orderStatuses(found.value).status });
  }
  const available = payments.reduce((sum, payment) => sum + refundable(payment), 0);
  if (left > available) return fail({ type: "refund_exceeds_captured", amount, refundable: available });
  for (const [index, payment] of payments.entries()) {
    const known = made[index];
    const part = known?.amount ?? Math.min(left, refundable(payment));
    if (part <= 0 || (known && known.status !== "pending")) continue;
    const refunded = await refundPayment(deps, context, orderId, {
      paymentId: payment.id,
      operationId: operationId(index),
      amount: part,
      reason,
      ...(note !== undefined && { note }),
      ...(noNotification !== undefined && { noNotification }),
    });
    if (!refunded.ok) return refunded;
    if (!known) left -= part;
  }
  return loaded(deps, context, orderId);
}

/**
 * Calls an order off with its money: what is authorized is released, what was captured is paid back, and the stock is
 * free again. Repeated, it goes on where it stopped.
 */
export async function callOffWithMoney(
  deps: Deps,
  context: Context,
  orderId: string,
): Promise<Result<Order, Refusal>> {
  const found = await loaded(deps, context, orderId);
  if (!found.ok) return found;
  const order = found.value;
  if (order.cancelledAt) return ok(order);
  if (order.payments.some(wasRefunded)) return fail({ type: "order_has_refunds", orderId });
  const isPacked = order.fulfilments?.some(({ cancelledAt }) => cancelledAt === undefined);
  if (isPacked || order.fulfilledAt) return fail({ type: "order_fulfilled", orderId, wanted: "cancel" });
  for (const payment of order.payments) {
    const ids = { paymentId: payment.id, operationId: deps.newId() };
    if (isHeld(payment)) {
      const released = await voidPayment(deps, context, orderId, ids);
      if (!released.ok) return released;
    }
    if (refundable(payment) > 0) {
      const back = {
        ...ids,
        operationId: deps.newId(),
        amount: refundable(payment),
        reason: "other",
        callingOff: true,
      } as const;
      const refunded = await refundPayment(deps, context, orderId, back);
      if (!refunded.ok) return refunded;
    }
  }
  return callOffOrder(deps, context, orderId);
}

async function loaded(deps: Deps, context: Context, orderId: string): Promise<Result<Order, Refusal>> {
  const order = await deps.storage.orders.load(context.store.storeId, orderId);
  return order ? ok(order) : fail({ type: "order_not_found", orderId });
}

function refundWith(payment: Payment, operationId: string) {
  return payment.operations.find(({ id, status }) => id === operationId && status !== "failed");
}

/** Something was paid back for a reason of its own; what an earlier try to call the order off paid back is no hindrance. */
function wasRefunded({ operations }: Payment): boolean {
  return operations.some(
    ({ type, status, callingOff }) => type === "refund" && status === "complete" && !callingOff,
  );
}

/** Money is set aside and not all of it is taken or released. */
function isHeld(payment: Payment): boolean {
  const start = startOf(payment);
  const { voided, authorized } = paymentFacts(payment);
  const isCaptured = payment.operations.some(
    ({ type, status }) => type === "capture" && status === "complete",
  );
  return (
    start?.type === "authorize" && start.status === "complete" && !voided && (authorized > 0 || !isCaptured)
  );
}
