import type { MinorUnits } from "../money.ts";
import type { Order } from "./order.ts";
import { orderTotal } from "./order.ts";
import { lateFate, paymentFacts, startOf, waitsForEdit } from "./payment.ts";

/**
 * What an order amounts to, all in minor units and all derived from its payments, never kept beside them. Late money that
 * is to be returned never was the order's, and money for an edit is so once the edit is confirmed.
 */
export type OrderFacts = {
  readonly total: MinorUnits;
  /** Authorized for certain and not captured. */
  readonly authorized: MinorUnits;
  /** Asked of a gateway that has not answered. */
  readonly pending: MinorUnits;
  /** Captured, whatever was refunded later. */
  readonly paid: MinorUnits;
  readonly refunded: MinorUnits;
  /** What a next payment may ask for. */
  readonly balance: MinorUnits;
  /** A payment is complete, even one of nothing. */
  readonly anyAuthorized: boolean;
  readonly anyCaptured: boolean;
  /** A payment is complete, under way or unanswered: its stock must stay. */
  readonly anyLive: boolean;
};

export function orderFacts(order: Pick<Order, "totals" | "payments">): OrderFacts {
  const total = orderTotal(order);
  let authorized = 0;
  let pending = 0;
  let paid = 0;
  let refunded = 0;
  let anyAuthorized = false;
  let anyCaptured = false;
  let anyLive = false;
  for (const payment of order.payments) {
    if (lateFate(payment) === "toReturn" || waitsForEdit(payment)) continue;
    const facts = paymentFacts(payment);
    authorized += facts.authorized;
    pending += facts.pending;
    paid += facts.captured;
    refunded += facts.refunded;
    anyLive ||= facts.live;
    const first = startOf(payment);
    if (facts.live && first?.status === "complete") {
      const captured = payment.operations.some(
        (operation) =>
          operation.status === "complete" && (operation.type === "purchase" || operation.type === "capture"),
      );
      if (captured) anyCaptured = true;
      else anyAuthorized = true;
    }
  }
  return {
    total,
    authorized,
    pending,
    paid,
    refunded,
    balance: total - authorized - pending - paid,
    anyAuthorized,
    anyCaptured,
    anyLive,
  };
}

export type OrderStatus = "incomplete" | "processing" | "complete" | "cancelled";
export type OrderPaymentStatus =
  | "unpaid"
  | "partially_authorized"
  | "authorized"
  | "partially_paid"
  | "paid"
  | "refunded";
export type OrderShippingStatus = "unfulfilled" | "fulfilled";

export type OrderStatuses = {
  readonly status: OrderStatus;
  readonly payment: OrderPaymentStatus;
  readonly shipping: OrderShippingStatus;
};

/** How far the order is, how it is paid, how it is shipped: three words from the facts. */
export function orderStatuses(
  order: Pick<Order, "totals" | "payments" | "cancelledAt" | "fulfilledAt">,
): OrderStatuses {
  const facts = orderFacts(order);
  return {
    status: order.cancelledAt ? "cancelled" : progress(facts),
    payment: paymentStatus(facts),
    shipping: order.fulfilledAt ? "fulfilled" : "unfulfilled",
  };
}

function progress(facts: OrderFacts): OrderStatus {
  if (isPaidInFull(facts)) return "complete";
  return facts.anyAuthorized || facts.anyCaptured ? "processing" : "incomplete";
}

function paymentStatus(facts: OrderFacts): OrderPaymentStatus {
  if (facts.paid > 0 && facts.refunded === facts.paid) return "refunded";
  if (isPaidInFull(facts)) return "paid";
  if (facts.paid > 0) return "partially_paid";
  if (facts.anyAuthorized) return facts.authorized >= facts.total ? "authorized" : "partially_authorized";
  return "unpaid";
}

/** The amount paid is the amount of the order; an order of nothing still needs a completed payment. */
export function isPaidInFull(facts: OrderFacts): boolean {
  return facts.anyCaptured && facts.paid >= facts.total;
}
