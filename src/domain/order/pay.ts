import type { Decision, DomainEvent } from "../decision.ts";
import { extended } from "../extended.ts";
import type { MinorUnits } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Order } from "./order.ts";
import { type Payment, type PaymentOperation, paymentFacts, type ShopperAction } from "./payment.ts";
import { placedEvent } from "./place.ts";
import type { OrderRefusal } from "./refusals.ts";
import { silence } from "./silence.ts";
import { isPaidInFull, orderFacts, orderStatuses } from "./status.ts";

/** What a gateway said, as data. `pending` waits for the shopper or the bank; `unknown` means that nobody knows. */
export type GatewayOutcome =
  | {
      readonly kind: "approved";
      readonly reference: string;
      /** Of an authorization: until when it can be captured (RFC 3339), where the gateway knows. */
      readonly expiresAt?: string;
      /** What the payment's session has become. */
      readonly data?: SessionData;
    }
  | {
      readonly kind: "declined";
      readonly code: string;
      readonly message: string;
      readonly data?: SessionData;
      /** Nobody can pay with the payment's session any more: the next try begins it anew. */
      readonly endsSession?: true;
    }
  | { readonly kind: "pending"; readonly reference: string; readonly action?: ShopperAction }
  | { readonly kind: "unknown"; readonly reason: string };

/** What a gateway says of a payment session, for its shopper to see. */
export type SessionData = Readonly<Record<string, unknown>>;

export type StartPayment = {
  /** Made by the caller before anything happens; the same id again is a retry of the same payment. */
  readonly paymentId: string;
  readonly gateway: string;
  readonly method: "authorize" | "purchase";
  /** Minor units; absent asks for all that is owed. */
  readonly amount?: MinorUnits;
  readonly name?: string;
  readonly customReference?: string;
  /** The payment session that it is made of, and what the gateway calls the payment, where it knows it from that. */
  readonly sessionData?: SessionData;
  readonly reference?: string;
};

/** Claims what is owed. Storing the claim before the gateway is called is what makes a charge happen once. */
export function startPayment(
  order: Order,
  input: StartPayment,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  // The same attempt again is a retry; what it claimed the first time still stands.
  if (order.payments.some((payment) => payment.id === input.paymentId)) {
    return ok({ state: order, events: [] });
  }
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  const facts = orderFacts(order);
  if (isPaidInFull(facts)) return fail({ type: "order_already_paid", orderId: order.id });
  const amount = input.amount ?? facts.balance;
  if (amount > facts.balance || (facts.balance <= 0 && facts.anyLive)) {
    // A payment under way may still fail, and what it asks for is owed again.
    const underWay = order.payments.find((payment) => paymentFacts(payment).pending > 0);
    if (underWay && amount <= facts.balance + facts.pending) {
      return fail({ type: "payment_unresolved", paymentId: underWay.id });
    }
    return fail({ type: "payment_exceeds_balance", amount, balance: Math.max(facts.balance, 0) });
  }
  const payment: Payment = {
    id: input.paymentId,
    gateway: input.gateway,
    amount,
    currency: order.currency,
    ...(input.name !== undefined && { name: input.name }),
    ...(input.customReference !== undefined && { customReference: input.customReference }),
    ...(input.sessionData && { sessionData: input.sessionData }),
    ...(input.reference !== undefined && { reference: input.reference }),
    operations: [
      {
        id: input.paymentId,
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
  const started = { type: "payment.started", payload: { orderId: order.id, paymentId: payment.id, amount } };
  return ok({
    state: { ...order, payments: [...order.payments, payment], updatedAt: now },
    events: [started],
  });
}

/**
 * Writes down what the gateway said about one operation. An operation that is settled stays as it is: a late answer
 * never overwrites an earlier one. An unknown answer changes nothing; the reconciler asks again.
 */
export function settleOperation(
  order: Order,
  paymentId: string,
  operationId: string,
  outcome: GatewayOutcome,
  now: string,
): Decision<Order> {
  const payment = order.payments.find((candidate) => candidate.id === paymentId);
  const operation = payment?.operations.find((candidate) => candidate.id === operationId);
  if (!payment || operation?.status !== "pending") return { state: order, events: [] };
  if (outcome.kind === "unknown") return { state: order, events: [] };
  if (outcome.kind === "pending") {
    return { state: notePending(order, payment, operation, outcome, now), events: [] };
  }

  const { action: _action, ...asked } = operation;
  const settled: PaymentOperation =
    outcome.kind === "approved"
      ? extended(asked, {
          status: "complete",
          reference: outcome.reference,
          ...(asked.type === "authorize" &&
            outcome.expiresAt !== undefined && { expiresAt: outcome.expiresAt }),
          settledAt: now,
        })
      : extended(asked, {
          status: "failed",
          failure: { code: outcome.code, message: outcome.message },
          settledAt: now,
        });
  const first = payment.operations[0]?.id === operationId;
  const voided = settled.type === "void" && settled.status === "complete";
  const changed: Payment = extended(payment, {
    updatedAt: now,
    ...(first && outcome.kind === "approved" && { reference: outcome.reference }),
    ...(outcome.data && { sessionData: outcome.data }),
    operations: payment.operations.map((candidate) => {
      if (candidate.id === operationId) return settled;
      // What was waiting for the shopper does not come any more.
      return voided && candidate.status === "pending" ? abandoned(candidate, now) : candidate;
    }),
  });
  const state = withPayment(order, changed, now);
  return { state, events: eventsBetween(order, state, settled, paymentId) };
}

/** A gateway that waits tells what it calls the payment, and what it waits for; of a later operation, what it calls that. */
function notePending(
  order: Order,
  payment: Payment,
  operation: PaymentOperation,
  { reference, action }: GatewayOutcome & { kind: "pending" },
  now: string,
): Order {
  const first = payment.operations[0]?.id === operation.id;
  const { action: before, ...rest } = operation;
  const noted: PaymentOperation = { ...rest, ...(!first && { reference }), ...(action && { action }) };
  const known = first ? payment.reference === reference : operation.reference === reference;
  if (known && JSON.stringify(before) === JSON.stringify(action)) return order;
  const operations = payment.operations.map((candidate) =>
    candidate.id === operation.id ? noted : candidate,
  );
  return withPayment(order, { ...payment, ...(first && { reference }), operations }, now);
}

function abandoned({ action: _action, ...operation }: PaymentOperation, now: string): PaymentOperation {
  const failure = { code: "cancelled", message: "The payment was cancelled before the shopper confirmed it" };
  return { ...operation, status: "failed", failure, settledAt: now };
}

/** The order with a changed payment; the moment at which it became fully paid is noted once. */
export function withPayment(order: Order, payment: Payment, now: string): Order {
  const payments = order.payments.map((candidate) => (candidate.id === payment.id ? payment : candidate));
  const changed = { ...order, payments, updatedAt: now };
  return order.fullyPaidAt === undefined && isPaidInFull(orderFacts(changed))
    ? extended(changed, { fullyPaidAt: now })
    : changed;
}

/** Whether the order's stock may go back: no payment is live and the order has not been shipped. */
export function mayReleaseStock(order: Order): boolean {
  return order.stock.state === "allocated" && (order.cancelledAt !== undefined || !orderFacts(order).anyLive);
}

function eventsBetween(
  before: Order,
  after: Order,
  operation: PaymentOperation,
  paymentId: string,
): DomainEvent[] {
  const told = silence(after, operation);
  const payload = {
    orderId: after.id,
    paymentId,
    operationId: operation.id,
    amount: operation.amount,
    ...told,
  };
  if (operation.status === "failed") {
    return [{ type: `payment.${operation.type}_failed`, payload: { ...payload, ...operation.failure } }];
  }
  const { anyAuthorized, anyCaptured } = orderFacts(after);
  // An order of a region shows itself, and has its number, when somebody has promised to pay for it.
  const isShown =
    before.region !== undefined && before.displayId === undefined && (anyAuthorized || anyCaptured);
  const events: DomainEvent[] = [
    ...(isShown ? [placedEvent(after)] : []),
    { type: `payment.${pastTense[operation.type]}`, payload },
  ];
  const was = orderStatuses(before).payment;
  const is = orderStatuses(after).payment;
  if (was !== is && (is === "authorized" || is === "paid" || is === "refunded")) {
    events.push({ type: `order.${is}`, payload: { orderId: after.id, ...told } });
  }
  return events;
}

const pastTense: Record<PaymentOperation["type"], string> = {
  authorize: "authorized",
  purchase: "purchased",
  capture: "captured",
  refund: "refunded",
  void: "voided",
};

/** Whether any operation of any payment is unanswered, and since when (RFC 3339). */
export function pendingSince(order: Pick<Order, "payments">): string | undefined {
  let since: string | undefined;
  for (const payment of order.payments) {
    for (const operation of payment.operations) {
      if (operation.status !== "pending") continue;
      if (since === undefined || operation.createdAt < since) since = operation.createdAt;
    }
  }
  return since;
}

/** A payment of the order, if nothing about it is unanswered. */
export function resolvedPayment(order: Order, paymentId: string): Result<Payment, OrderRefusal> {
  const payment = order.payments.find((candidate) => candidate.id === paymentId);
  if (!payment) return fail({ type: "payment_not_found", paymentId });
  if (!paymentFacts(payment).resolved) return fail({ type: "payment_unresolved", paymentId });
  return ok(payment);
}
