import type { Decision } from "../decision.ts";
import type { StockDemand } from "../inventory/stock.ts";
import type { MinorUnits } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Order } from "./order.ts";
import type { SessionData } from "./pay.ts";
import { type Payment, paymentFacts, startOf } from "./payment.ts";
import type { OrderRefusal } from "./refusals.ts";
import { orderFacts } from "./status.ts";

export type StartEditPayment = {
  readonly paymentId: string;
  readonly editId: string;
  readonly sessionId: string;
  /** The edit is confirmed already: the payment counts for the order at once. */
  readonly isAgreed: boolean;
  readonly gateway: string;
  readonly method: "authorize" | "purchase";
  /** Minor units. */
  readonly amount: MinorUnits;
  /** What the edit costs more, minor units: its payments together are no more than that. */
  readonly due: MinorUnits;
  readonly sessionData: SessionData;
  readonly reference?: string;
};

/** Claims a part of what an edit costs more. It is written down before the gateway is called, as every payment is. */
export function startEditPayment(
  order: Order,
  input: StartEditPayment,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  const { amount, due, editId, paymentId } = input;
  const claimed = editPayments(order, editId)
    .map(paymentFacts)
    .reduce((sum, { authorized, pending, captured }) => sum + authorized + pending + captured, 0);
  if (claimed + amount > due) {
    return fail({ type: "payment_exceeds_balance", amount, balance: Math.max(0, due - claimed) });
  }
  // What is agreed on is owed by the order, and may have been paid in another way, or have become less since.
  const { balance } = orderFacts(order);
  if (input.isAgreed && amount > balance) {
    return fail({ type: "payment_exceeds_balance", amount, balance: Math.max(0, balance) });
  }
  const payment: Payment = {
    id: paymentId,
    gateway: input.gateway,
    amount,
    currency: order.currency,
    sessionData: input.sessionData,
    ...(input.reference !== undefined && { reference: input.reference }),
    edit: { editId, sessionId: input.sessionId, isAgreed: input.isAgreed },
    operations: [
      {
        id: paymentId,
        type: input.method,
        amount,
        status: "pending",
        mechanism: "gateway",
        createdAt: now,
      },
    ],
    createdAt: now,
    updatedAt: now,
  };
  return ok({
    state: { ...order, payments: [...order.payments, payment], updatedAt: now },
    events: [{ type: "payment.started", payload: { orderId: order.id, paymentId, amount } }],
  });
}

/** The payments that were ever begun for an edit. */
export function editPayments({ payments }: Pick<Order, "payments">, editId: string): readonly Payment[] {
  return payments.filter(({ edit }) => edit?.editId === editId);
}

/** What is authorized or taken for an edit for certain and was not given back, in minor units. */
export function authorizedForEdit(order: Pick<Order, "payments">, editId: string): MinorUnits {
  return editPayments(order, editId)
    .map(paymentFacts)
    .reduce((sum, { authorized, captured, refunded }) => sum + authorized + captured - refunded, 0);
}

/** The latest attempt to pay with a session of an edit. */
export function paymentOfSession(
  { payments }: Pick<Order, "payments">,
  sessionId: string,
): Payment | undefined {
  return payments.findLast(({ edit }) => edit?.sessionId === sessionId);
}

/** A payment for the edit that nobody knows the end of. */
export function pendingForEdit(order: Pick<Order, "payments">, editId: string): Payment | undefined {
  return editPayments(order, editId).find((payment) => startOf(payment)?.status === "pending");
}

/** What is held for an edit that nothing pays for any more: the order without it, and the pieces to give back. */
export function withoutDeadHold(order: Order): {
  readonly order: Order;
  readonly pieces: readonly StockDemand[];
} {
  const { editHold, ...rest } = order;
  if (!editHold) return { order, pieces: [] };
  const isLive = editPayments(order, editHold.editId).some((payment) => {
    const { live, captured, refunded } = paymentFacts(payment);
    return live && (captured === 0 || refunded < captured);
  });
  if (isLive) return { order, pieces: [] };
  // Never more than the order holds, however it came by that.
  const pieces = editHold.held.flatMap((piece) => {
    const row = order.stock.held.find(
      ({ productId, location }) => productId === piece.productId && location === piece.location,
    );
    const quantity = Math.min(piece.quantity, row?.quantity ?? 0);
    return quantity > 0 ? [{ ...piece, quantity }] : [];
  });
  return { order: rest, pieces };
}
