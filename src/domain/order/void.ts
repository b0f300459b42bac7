import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import { isRetry, withOperation } from "./capture.ts";
import type { Order } from "./order.ts";
import { resolvedPayment } from "./pay.ts";
import { paymentFacts } from "./payment.ts";
import type { OrderRefusal } from "./refusals.ts";

export type StartVoid = {
  readonly paymentId: string;
  readonly operationId: string;
  readonly reason?: string;
};

/** Claims the release of an authorization that was not captured. */
export function startVoid(
  order: Order,
  input: StartVoid,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (isRetry(order, input.paymentId, input.operationId)) return ok({ state: order, events: [] });
  const found = resolvedPayment(order, input.paymentId);
  if (!found.ok) return found;
  const payment = found.value;
  const facts = paymentFacts(payment);
  const authorized = payment.operations[0];
  if (
    authorized?.type !== "authorize" ||
    authorized.status !== "complete" ||
    facts.voided ||
    facts.captured > 0
  ) {
    return fail({ type: "payment_not_voidable", paymentId: payment.id });
  }
  return ok(
    withOperation(order, payment, now, {
      id: input.operationId,
      type: "void",
      amount: facts.authorized,
      status: "pending",
      mechanism: "gateway",
      ...(input.reason !== undefined && { reason: input.reason }),
      createdAt: now,
    }),
  );
}
