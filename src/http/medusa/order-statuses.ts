import type { Order } from "../../domain/order/order.ts";
import { type OrderProgress, orderProgress } from "../../domain/order/progress.ts";

/** The words of this dialect for each step of an order, and back: which steps a filter means by a word. */
export const wireWords = {
  status: {
    pending: "pending",
    completed: "completed",
    archived: "archived",
    canceled: "canceled",
  } satisfies Record<OrderProgress["status"], string>,
  fulfillment_status: {
    not_fulfilled: "not_fulfilled",
    partially_fulfilled: "partially_fulfilled",
    fulfilled: "fulfilled",
    partially_shipped: "partially_shipped",
    shipped: "shipped",
    partially_returned: "partially_returned",
    returned: "returned",
    canceled: "canceled",
  } satisfies Record<OrderProgress["fulfilment"], string>,
  payment_status: {
    not_paid: "not_paid",
    awaiting: "awaiting",
    captured: "captured",
    partially_refunded: "partially_refunded",
    refunded: "refunded",
    canceled: "canceled",
    requires_action: "requires_action",
  } satisfies Record<OrderProgress["payment"], string>,
} as const;

/** How far an order is, in the three words of this dialect. */
export function wireStatuses(order: Order) {
  const { status, fulfilment, payment } = orderProgress(order);
  return {
    status: wireWords.status[status],
    fulfillment_status: wireWords.fulfillment_status[fulfilment],
    payment_status: wireWords.payment_status[payment],
  };
}

/** The steps of the engine that words of this dialect stand for; none for a word that stands for nothing. */
export function stepsBehind(status: keyof typeof wireWords, words: readonly string[]): readonly string[] {
  const prefix = { status: "", fulfillment_status: "fulfilment:", payment_status: "payment:" }[status];
  return Object.entries(wireWords[status])
    .filter(([, word]) => words.includes(word))
    .map(([step]) => `${prefix}${step}`);
}
