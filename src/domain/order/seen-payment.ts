import type { Decision, DomainEvent } from "../decision.ts";
import type { MinorUnits } from "../money.ts";
import type { Order } from "./order.ts";
import { type SessionData, withPayment } from "./pay.ts";
import { type Payment, type PaymentOperation, paymentFacts, refundable } from "./payment.ts";

/** A payment as its gateway knows it, whoever made it so. Amounts are in minor units of its currency. */
export type SeenPayment = {
  /** What the gateway calls it. */
  readonly reference: string;
  /** What it went by before the gateway had a name for it. */
  readonly formerly?: string;
  /** Whose it is, as we told the gateway when we made it. */
  readonly orderId: string;
  readonly paymentId: string;
  /** `open` waits for the shopper or failed; `released` was given back without being captured. */
  readonly state: "open" | "authorized" | "captured" | "released";
  /** Set aside, and neither captured nor released. */
  readonly authorized: MinorUnits;
  readonly captured: MinorUnits;
  /** Until when what is set aside can be captured (RFC 3339), where the gateway knows. */
  readonly expiresAt?: string;
  /** Why it was released, `expired` when nobody captured it in time. */
  readonly reason?: string;
  readonly refunds: readonly SeenRefund[];
  /** What its shopper may see of it, for a payment that was prepared in a session. */
  readonly data?: SessionData;
};

/** A payment that a shopper prepares in a session of a cart, as its gateway knows it. It is no order's yet. */
export type SeenSession = {
  /** What the gateway calls the payment. */
  readonly reference: string;
  readonly cartId: string;
  /** The shopper has done all that is to be done: the money is set aside, taken, or agreed to. */
  readonly isAuthorized: boolean;
  /** Until then (RFC 3339) the shopper's browser may be about to go on by itself. */
  readonly notBefore?: string;
  /** What it is as a payment, where an order may have taken it and the gateway cannot be told. */
  readonly payment?: Omit<SeenPayment, "orderId" | "paymentId">;
};

export type SeenRefund = {
  readonly reference: string;
  /** The operation of ours that asked for it. */
  readonly operationId?: string;
  readonly amount: MinorUnits;
  readonly status: "pending" | "complete" | "failed";
};

/**
 * Writes down what was done to a payment at the gateway itself: a capture, a refund, a release, a refund that failed
 * after it had gone through. What we asked for is settled by its own answers and is left alone here, and so is a payment
 * with anything unanswered. Looking twice changes nothing.
 */
export function noteSeenPayment(order: Order, seen: SeenPayment, now: string): Decision<Order> {
  const payment = order.payments.find(({ id }) => id === seen.paymentId);
  const unchanged = { state: order, events: [] };
  if (payment?.reference !== seen.reference || !paymentFacts(payment).resolved) return unchanged;
  const operations = [...payment.operations];
  const events: DomainEvent[] = [];
  const current = (): Payment => ({ ...payment, operations });
  const add = (
    operation: Pick<PaymentOperation, "id" | "type" | "amount" | "reference" | "reason" | "keepsRest">,
  ): void => {
    operations.push({
      ...operation,
      status: "complete",
      mechanism: "gateway",
      origin: "gateway",
      createdAt: now,
      settledAt: now,
    });
    const { id: operationId, type, amount } = operation;
    const payload = { orderId: order.id, paymentId: payment.id, operationId, amount, origin: "gateway" };
    events.push({ type: `payment.${pastTense[type]}`, payload });
  };

  const { authorized, captured } = paymentFacts(payment);
  const held = operations.findIndex(({ type, status }) => type === "authorize" && status === "complete");
  const authorization = operations[held];
  const { expiresAt } = seen;
  const moved = authorization && expiresAt !== undefined && authorization.expiresAt !== expiresAt;
  if (moved && authorized > 0) {
    const { expiryWarnedAt: _, ...rest } = authorization;
    operations[held] = { ...rest, expiresAt };
  }
  const { reference } = seen;
  if (authorized > 0 && seen.state === "captured" && seen.captured > captured) {
    // Of several in turn each has an id of its own.
    const id = captured === 0 ? `${reference}-capture` : `${reference}-capture-${seen.captured}`;
    const amount = Math.min(seen.captured - captured, authorized);
    const rest = seen.authorized > 0 && amount < authorized && { keepsRest: true as const };
    add({ id, type: "capture", amount, reference, ...rest });
  }
  const { authorized: left } = paymentFacts(current());
  const isTaken = seen.state === "captured" && seen.captured > 0 && seen.authorized === 0;
  if (left > 0 && (seen.state === "released" || isTaken)) {
    const reason = seen.reason ?? "released";
    add({ id: `${reference}-release`, type: "void", amount: left, reference, reason });
  }
  for (const refund of seen.refunds) {
    const known = operations.findIndex(
      ({ id, reference }) =>
        id === refund.operationId || reference === refund.reference || id === refund.reference,
    );
    const operation = operations[known];
    if (operation?.status === "complete" && refund.status === "failed") {
      const failure = { code: "refund_failed", message: "The refund did not reach the shopper" };
      operations[known] = { ...operation, status: "failed", failure };
      const payload = { orderId: order.id, paymentId: payment.id, operationId: operation.id, ...failure };
      events.push({ type: "payment.refund_failed", payload });
    }
    if (operation || refund.status === "failed") continue;
    // What is noted here as refunded by hand is the same money: only more than that is news.
    const amount = Math.min(refund.amount, refundable(current()));
    if (amount > 0) add({ id: refund.reference, type: "refund", amount, reference: refund.reference });
  }
  if (events.length === 0 && !(moved && authorized > 0)) return unchanged;
  const shown = payment.sessionData && seen.data && { sessionData: seen.data };
  return { state: withPayment(order, { ...current(), ...shown, updatedAt: now }, now), events };
}

const pastTense = {
  authorize: "authorized",
  purchase: "purchased",
  capture: "captured",
  refund: "refunded",
  void: "voided",
} as const;
