import type { Decision } from "../decision.ts";
import type { MinorUnits } from "../money.ts";
import type { Order } from "./order.ts";
import { withPayment } from "./pay.ts";
import {
  type LateFate,
  lateFate,
  lateReasons,
  type Payment,
  type PaymentOperation,
  paymentFacts,
  refundable,
  startOf,
} from "./payment.ts";
import type { SeenPayment } from "./seen-payment.ts";
import { orderFacts } from "./status.ts";

/** Money that a gateway has for a payment which counts as failed here. */
export type LateMoney = {
  /** Minor units. */
  readonly amount: MinorUnits;
  /** The order still owes that much; whether its goods are still there is another question. */
  readonly wanted: boolean;
};

/**
 * What a store does with money for goods that are gone. `refund` returns it, also what is only set aside; `void` releases
 * what is set aside and holds what was taken; `backorder` keeps it until the goods are there again; `hold` leaves it to a
 * person.
 */
export type PaidButGone = "refund" | "void" | "backorder" | "hold";

/** What becomes of late money whose goods are gone. */
export function fateWithoutGoods(policy: PaidButGone, { state }: Pick<SeenPayment, "state">): LateFate {
  if (policy === "backorder") return "backordered";
  if (policy === "refund" || (policy === "void" && state === "authorized")) return "toReturn";
  return "held";
}

/**
 * Looks for late money: a call that was given up, because the gateway said it never heard of it, and was carried out
 * after all. Undefined when there is none, and when it was written down already.
 */
export function lateMoney(order: Order, seen: SeenPayment): LateMoney | undefined {
  const payment = order.payments.find(({ id }) => id === seen.paymentId);
  if (!payment || startOf(payment)?.status !== "failed") return undefined;
  const { reference = seen.reference } = payment;
  if (reference !== seen.reference && reference !== seen.formerly) return undefined;
  // Another attempt with the same payment session has it.
  const isTaken = order.payments.some(
    (other) => other !== payment && other.reference === seen.reference && paymentFacts(other).live,
  );
  if (isTaken) return undefined;
  const amount = seen.state === "captured" ? seen.captured : seen.authorized;
  if (amount <= 0 || (seen.state !== "captured" && seen.state !== "authorized")) return undefined;
  return { amount, wanted: order.cancelledAt === undefined && orderFacts(order).balance >= amount };
}

/** Writes late money down, with what is to become of it. */
export function noteLateMoney(
  order: Order,
  seen: SeenPayment,
  amount: MinorUnits,
  fate: LateFate,
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
    reason: lateReasons[fate],
    reference: seen.reference,
    ...(seen.state === "authorized" && seen.expiresAt !== undefined && { expiresAt: seen.expiresAt }),
    createdAt: now,
    settledAt: now,
  };
  const operations = [...payment.operations, operation];
  const state = withPayment(
    order,
    { ...payment, reference: seen.reference, operations, updatedAt: now },
    now,
  );
  const payload = { orderId: order.id, paymentId: payment.id, amount, outcome: fate };
  return { state, events: [{ type: "payment.came_late", payload }] };
}

/**
 * What an order with money, but without goods, waits for: the goods (`backordered`) or a person (`held`), who may return
 * the money, or ship once the goods are there. Undefined for every other order.
 */
export function waitingForGoods(
  order: Pick<Order, "payments" | "stock" | "cancelledAt" | "fulfilledAt">,
): "backordered" | "held" | undefined {
  if (order.stock.state !== "none" || order.cancelledAt || order.fulfilledAt) return undefined;
  const fates = order.payments.filter(hasMoney).map(lateFate);
  if (fates.includes("held")) return "held";
  return fates.includes("backordered") ? "backordered" : undefined;
}

function hasMoney(payment: Payment): boolean {
  const { authorized, captured, refunded } = paymentFacts(payment);
  return authorized > 0 || captured > refunded;
}

/** Late money of an order, for whoever looks at it: `settled` once nothing is to be done about it any more. */
export type ShownLateMoney = {
  readonly paymentId: string;
  readonly fate: LateFate;
  readonly settled: boolean;
};

export function shownLateMoney(order: Order): readonly ShownLateMoney[] {
  return order.payments.flatMap((payment) => {
    const fate = lateFate(payment);
    if (!fate) return [];
    const waits =
      fate === "toReturn"
        ? hasMoney(payment)
        : fate !== "kept" && hasMoney(payment) && waitingForGoods(order);
    return [{ paymentId: payment.id, fate, settled: !waits }];
  });
}

/** What of late money is still to be returned, and how; undefined when nothing is, or while a return is under way. */
export function owedBack(
  order: Order,
  paymentId: string,
): { readonly by: "refund" | "void"; readonly amount: MinorUnits } | undefined {
  const payment = order.payments.find(({ id }) => id === paymentId);
  if (!payment || lateFate(payment) !== "toReturn") return undefined;
  const { authorized, resolved } = paymentFacts(payment);
  if (!resolved) return undefined;
  if (authorized > 0) return { by: "void", amount: authorized };
  const amount = refundable(payment);
  return amount > 0 ? { by: "refund", amount } : undefined;
}
