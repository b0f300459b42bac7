import type { Decision } from "../decision.ts";
import type { MinorUnits } from "../money.ts";
import type { Order } from "./order.ts";
import { withPayment } from "./pay.ts";
import { type PaymentOperation, paymentFacts, refundable, startOf } from "./payment.ts";
import type { SeenPayment } from "./seen-payment.ts";
import { orderFacts } from "./status.ts";

/** Money that a gateway has for a payment which counts as failed here. */
export type LateMoney = {
  /** Minor units. */
  readonly amount: MinorUnits;
  /** The order still owes that much; whether its goods are still there is another question. */
  readonly wanted: boolean;
};

/** Why late money is on the order. */
const KEPT = "late_and_kept";
const TO_RETURN = "late_and_to_be_returned";

/**
 * Looks for late money: a call that was given up, because the gateway said it never heard of it, and was carried out
 * after all. Undefined when there is none, and when it was written down already.
 */
export function lateMoney(order: Order, seen: SeenPayment): LateMoney | undefined {
  const payment = order.payments.find(({ id }) => id === seen.paymentId);
  if (!payment || startOf(payment)?.status !== "failed") return undefined;
  if (payment.reference !== undefined && payment.reference !== seen.reference) return undefined;
  const amount = seen.state === "captured" ? seen.captured : seen.authorized;
  if (amount <= 0 || (seen.state !== "captured" && seen.state !== "authorized")) return undefined;
  return { amount, wanted: order.cancelledAt === undefined && orderFacts(order).balance >= amount };
}

/** Writes late money down, as what pays for the order, or as what is to be returned. */
export function noteLateMoney(
  order: Order,
  seen: SeenPayment,
  amount: MinorUnits,
  keep: boolean,
  now: string,
): Decision<Order> {
  const payment = order.payments.find(({ id }) => id === seen.paymentId);
  if (!payment) return { state: order, events: [] };
  const operation: PaymentOperation = {
    id: `${seen.reference}-late`,
    type: seen.state === "captured" ? "purchase" : "authorize",
    amount,
    status: "complete",
    mechanism: "gateway",
    origin: "gateway",
    reason: keep ? KEPT : TO_RETURN,
    reference: seen.reference,
    createdAt: now,
    settledAt: now,
  };
  const operations = [...payment.operations, operation];
  const state = withPayment(
    order,
    { ...payment, reference: seen.reference, operations, updatedAt: now },
    now,
  );
  const payload = { orderId: order.id, paymentId: payment.id, amount, kept: keep };
  return { state, events: [{ type: "payment.came_late", payload }] };
}

/** What of late money is still to be returned, and how; undefined when nothing is, or while a return is under way. */
export function owedBack(
  order: Order,
  paymentId: string,
): { readonly by: "refund" | "void"; readonly amount: MinorUnits } | undefined {
  const payment = order.payments.find(({ id }) => id === paymentId);
  if (!payment?.operations.some(({ reason }) => reason === TO_RETURN)) return undefined;
  const { authorized, resolved } = paymentFacts(payment);
  if (!resolved) return undefined;
  if (authorized > 0) return { by: "void", amount: authorized };
  const amount = refundable(payment);
  return amount > 0 ? { by: "refund", amount } : undefined;
}
