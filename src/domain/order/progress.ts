import { fulfilledForSure, returnedOf, shippedOf } from "./fulfilment.ts";
import type { Order } from "./order.ts";
import { isPaidInFull, orderFacts } from "./status.ts";

/** How far an order is, in finer words than `orderStatuses` has: parts that were sent, paid back or came back. */
export type OrderProgress = {
  readonly status: "pending" | "completed" | "archived" | "canceled";
  readonly fulfilment:
    | "not_fulfilled"
    | "partially_fulfilled"
    | "fulfilled"
    | "partially_shipped"
    | "shipped"
    | "partially_returned"
    | "returned"
    | "canceled";
  readonly payment:
    | "not_paid"
    | "awaiting"
    | "captured"
    | "partially_refunded"
    | "refunded"
    | "canceled"
    | "requires_action";
};

/** The three words follow from what happened to the order, as everything about it does. */
export function orderProgress(order: Order): OrderProgress {
  return { status: statusOf(order), fulfilment: fulfilmentProgress(order), payment: paymentProgress(order) };
}

/** The words as a list to filter orders by: the status as it is, the others behind `fulfilment:` and `payment:`. */
export function progressWords(order: Order): readonly string[] {
  const { status, fulfilment, payment } = orderProgress(order);
  return [status, `fulfilment:${fulfilment}`, `payment:${payment}`];
}

function statusOf({ cancelledAt, archivedAt, completedAt }: Order): OrderProgress["status"] {
  if (archivedAt !== undefined) return "archived";
  if (cancelledAt !== undefined) return "canceled";
  return completedAt === undefined ? "pending" : "completed";
}

function fulfilmentProgress(order: Order): OrderProgress["fulfilment"] {
  const { lines } = order;
  if (lines.some(({ id }) => returnedOf(order, id) > 0)) {
    const isAll = lines.every(({ id, quantity }) => returnedOf(order, id) >= quantity);
    return isAll ? "returned" : "partially_returned";
  }
  if (order.cancelledAt !== undefined) return "canceled";
  const counts = lines.map((line) => ({
    quantity: line.quantity,
    packed: fulfilledForSure(order, line),
    shipped: shippedOf(order, line),
  }));
  if (counts.every(({ packed }) => packed === 0)) return "not_fulfilled";
  if (counts.every(({ shipped, quantity }) => shipped === quantity)) return "shipped";
  if (wasShippedLast(order) && counts.some(({ shipped }) => shipped > 0)) return "partially_shipped";
  return counts.every(({ packed, quantity }) => packed === quantity) ? "fulfilled" : "partially_fulfilled";
}

/** Whether the last that happened was a shipment and not more packing: the word tells of the last step. */
function wasShippedLast({ fulfilments = [] }: Order): boolean {
  const live = fulfilments.filter(({ cancelledAt }) => cancelledAt === undefined);
  const packed = live.map(({ createdAt }) => createdAt).sort();
  const shipped = live.flatMap(({ shippedAt }) => shippedAt ?? []).sort();
  return (shipped.at(-1) ?? "") >= (packed.at(-1) ?? "");
}

function paymentProgress(order: Order): OrderProgress["payment"] {
  const facts = orderFacts(order);
  if (facts.refunded > 0) return facts.refunded >= facts.paid ? "refunded" : "partially_refunded";
  if (order.cancelledAt !== undefined && facts.paid === 0) return "canceled";
  if (isPaidInFull(facts)) return "captured";
  if (order.payments.some(hasFailedCapture)) return "requires_action";
  return facts.anyAuthorized || facts.anyCaptured || isFree(order) ? "awaiting" : "not_paid";
}

/** Nothing is to be paid, and nothing needed to be. */
function isFree({ totals, payments, region }: Order): boolean {
  return region !== undefined && totals.withTax === 0 && payments.length === 0;
}

function hasFailedCapture({ operations }: Order["payments"][number]): boolean {
  const last = operations.findLast(({ type }) => type === "capture" || type === "void");
  return last?.type === "capture" && last.status === "failed";
}
