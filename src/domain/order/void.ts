import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import { hasExpired, isCalledOff } from "./authorization.ts";
import { isRetry, withOperation } from "./capture.ts";
import type { Order } from "./order.ts";
import { resolvedPayment } from "./pay.ts";
import { type Payment, paymentFacts, startOf, waitsForShopper } from "./payment.ts";
import type { OrderRefusal } from "./refusals.ts";

export type StartVoid = {
  readonly paymentId: string;
  readonly operationId: string;
  readonly reason?: string;
};

/**
 * Claims the release of what is authorized and not captured, or of a payment that waits for its shopper. Of one that
 * has expired there is nothing to release any more: that nobody wants it is only noted.
 */
export function startVoid(
  order: Order,
  input: StartVoid,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (isRetry(order, input.paymentId, input.operationId)) return ok({ state: order, events: [] });
  const waiting = order.payments.find(({ id }) => id === input.paymentId);
  const found = waiting && waitsForShopper(waiting) ? ok(waiting) : resolvedPayment(order, input.paymentId);
  if (!found.ok) return found;
  const payment = found.value;
  const expired = hasExpired(payment) && !isCalledOff(payment);
  if (!waitsForShopper(payment) && !isHeld(payment) && !expired) {
    return fail({ type: "payment_not_voidable", paymentId: payment.id });
  }
  return ok(
    withOperation(order, payment, now, {
      id: input.operationId,
      type: "void",
      amount: paymentFacts(payment).authorized || (startOf(payment)?.amount ?? 0),
      status: "pending",
      mechanism: expired ? "manual" : "gateway",
      ...(input.reason !== undefined && { reason: input.reason }),
      createdAt: now,
    }),
  );
}

/** Money is set aside, and neither taken nor released. Taking nothing, of an order of nothing, is taking, too. */
function isHeld(payment: Payment): boolean {
  const authorized = startOf(payment);
  return (
    authorized?.type === "authorize" &&
    authorized.status === "complete" &&
    !paymentFacts(payment).voided &&
    (paymentFacts(payment).authorized > 0 || !wasCaptured(payment))
  );
}

function wasCaptured({ operations }: Payment): boolean {
  return operations.some(({ type, status }) => type === "capture" && status === "complete");
}
