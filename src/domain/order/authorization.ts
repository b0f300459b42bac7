import type { Decision, DomainEvent } from "../decision.ts";
import type { Order } from "./order.ts";
import { withPayment } from "./pay.ts";
import { lateFate, type Payment, type PaymentOperation, paymentFacts } from "./payment.ts";

/** How long before an authorization expires its shop is warned, in milliseconds. */
export const WARN_BEFORE_MS = 24 * 3_600_000;

/** Until when (RFC 3339) what is set aside of a payment can be captured; undefined when nothing is, or nobody knows. */
export function authorizedUntil(payment: Payment): string | undefined {
  if (paymentFacts(payment).authorized <= 0) return undefined;
  return payment.operations.find(isAuthorization)?.expiresAt;
}

const isAuthorization = ({ type, status }: PaymentOperation): boolean =>
  type === "authorize" && status === "complete";

/** The first moment (RFC 3339) at which an authorization of the order expires, if any is known to. */
export function firstExpiry(order: Pick<Order, "payments">): string | undefined {
  return order.payments
    .flatMap((payment) => authorizedUntil(payment) ?? [])
    .toSorted()
    .at(0);
}

/** The gateway released what was set aside, because nobody captured it in time. */
export function hasExpired(payment: Payment): boolean {
  return payment.operations.some(isExpiry);
}

/** Somebody has called off a payment, be it one that had expired before. */
export function isCalledOff(payment: Payment): boolean {
  return payment.operations.some(
    (operation) => operation.type === "void" && operation.status === "complete" && !isExpiry(operation),
  );
}

const isExpiry = ({ type, origin, reason, status }: PaymentOperation): boolean =>
  type === "void" && status === "complete" && origin === "gateway" && reason === "expired";

/** An authorization is about to expire, and is more than what is going back anyway. */
export function expiresSoon(payment: Payment, now: string): boolean {
  const until = authorizedUntil(payment);
  return (
    until !== undefined &&
    lateFate(payment) !== "toReturn" &&
    Date.parse(until) - Date.parse(now) <= WARN_BEFORE_MS
  );
}

/** Notes that the shop is warned of authorizations that are about to expire, once for each. */
export function warnOfExpiry(order: Order, now: string): Decision<Order> {
  const events: DomainEvent[] = [];
  let state = order;
  for (const payment of order.payments) {
    const operation = payment.operations.find(isAuthorization);
    if (!operation || operation.expiryWarnedAt !== undefined || !expiresSoon(payment, now)) continue;
    const operations = payment.operations.map((each) =>
      each === operation ? { ...operation, expiryWarnedAt: now } : each,
    );
    state = withPayment(state, { ...payment, operations }, now);
    const { authorized: amount } = paymentFacts(payment);
    const payload = { orderId: order.id, paymentId: payment.id, amount, expiresAt: operation.expiresAt };
    events.push({ type: "payment.authorization_expiring", payload });
  }
  return { state, events };
}
