import type { Decision } from "../decision.ts";
import type { MinorUnits } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import { hasExpired, isCalledOff } from "./authorization.ts";
import type { Order } from "./order.ts";
import { resolvedPayment, withPayment } from "./pay.ts";
import {
  lateFate,
  type Payment,
  type PaymentOperation,
  paymentFacts,
  startOf,
  waitsForEdit,
} from "./payment.ts";
import type { OrderRefusal } from "./refusals.ts";
import { orderFacts } from "./status.ts";

export type StartCapture = {
  readonly paymentId: string;
  readonly operationId: string;
  /** `manual` notes a capture made in the gateway's own dashboard. */
  readonly mechanism: "gateway" | "manual";
  /** A part of what is authorized and due, in minor units, above 0; absent: all of it. */
  readonly amount?: MinorUnits;
  /** What is left after a part stays set aside. A gateway that captures once releases it. */
  readonly keepsRest?: boolean;
  /** Absent keeps the present one, "" takes it away. */
  readonly customReference?: string;
};

/**
 * What a capture takes of an authorization, in minor units: all of it, unless the order has become smaller since and the
 * shopper would pay more than is due. The gateway releases the rest.
 */
export function dueOf(order: Order, payment: Payment): MinorUnits {
  const { authorized } = paymentFacts(payment);
  const tooMuch = Math.max(0, -orderFacts(order).balance);
  return Math.max(0, authorized - tooMuch);
}

/**
 * Claims the capture of what is authorized and due, or of a part of it. Several captures together never take more than
 * was authorized.
 */
export function startCapture(
  order: Order,
  input: StartCapture,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (isRetry(order, input.paymentId, input.operationId)) return ok({ state: order, events: [] });
  const found = resolvedPayment(order, input.paymentId);
  if (!found.ok) return found;
  const payment = found.value;
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  if (hasExpired(payment) && !isCalledOff(payment)) {
    return fail({ type: "authorization_expired", paymentId: payment.id });
  }
  const facts = paymentFacts(payment);
  const due = dueOf(order, payment);
  const amount = input.amount ?? due;
  const authorized = startOf(payment);
  // Money that came too late, and is on its way back, is not taken.
  const goesBack = lateFate(payment) === "toReturn";
  const capturedAlready = payment.operations.some(
    (operation) => operation.type === "capture" && operation.status === "complete",
  );
  if (
    authorized?.type !== "authorize" ||
    authorized.status !== "complete" ||
    facts.voided ||
    goesBack ||
    waitsForEdit(payment) ||
    (capturedAlready && facts.authorized === 0) ||
    (due === 0 && facts.authorized > 0)
  ) {
    return fail({ type: "payment_not_capturable", paymentId: payment.id });
  }
  if (amount > due) return fail({ type: "capture_exceeds_authorized", amount, capturable: due });
  const { customReference: _, ...rest } = payment;
  const base: Payment =
    input.customReference === undefined
      ? payment
      : input.customReference === ""
        ? rest
        : { ...payment, customReference: input.customReference };
  return ok(
    withOperation(order, base, now, {
      id: input.operationId,
      type: "capture",
      amount,
      status: "pending",
      mechanism: input.mechanism,
      ...(input.keepsRest && amount < facts.authorized && { keepsRest: true }),
      createdAt: now,
    }),
  );
}

/** The same operation of the same payment was claimed before. */
export function isRetry(order: Order, paymentId: string, operationId: string): boolean {
  return order.payments.some(
    (payment) =>
      payment.id === paymentId && payment.operations.some((operation) => operation.id === operationId),
  );
}

/** The order with one more operation on a payment. */
export function withOperation(
  order: Order,
  payment: Payment,
  now: string,
  operation: PaymentOperation,
): Decision<Order> {
  const changed = { ...payment, operations: [...payment.operations, operation], updatedAt: now };
  return { state: withPayment(order, changed, now), events: [] };
}
