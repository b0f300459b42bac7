import { expect, test } from "vitest";
import { anOrder } from "../../../test/storage/an-order.ts";
import type { Fulfilment, Return } from "./fulfilment.ts";
import type { Order, OrderLine } from "./order.ts";
import type { PaymentOperation } from "./payment.ts";
import { orderProgress } from "./progress.ts";
import { orderStatuses } from "./status.ts";

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const line = (id: string, quantity: number) =>
  ({ id, quantity, price: { withTax: 500 }, taxes: [] }) as unknown as OrderLine;
const base = anOrder({
  id: "o",
  lines: [line("a", 2), line("b", 1)],
  totals: { ...anOrder({ id: "o" }).totals, withTax: 1000 },
});

type Step = readonly [type: PaymentOperation["type"], amount: number, status?: PaymentOperation["status"]];
const paid = (...steps: readonly Step[]): Partial<Order> => ({
  payments: [
    {
      ...{ id: "p", gateway: "g", amount: 1000, currency: "USD", createdAt: at(0), updatedAt: at(0) },
      operations: steps.map(([type, amount, status = "complete"], index) => ({
        ...{ id: `${index}`, type, amount, status, mechanism: "gateway", createdAt: at(index) },
      })),
    },
  ],
});
function packed(
  items: Record<string, number>,
  createdAt: number,
  more: Partial<Fulfilment> = {},
): Fulfilment {
  return {
    id: `f${createdAt}`,
    items: Object.entries(items).map(([lineId, quantity]) => ({ lineId, quantity })),
    ...{ providerId: "manual", trackingNumbers: [], data: {}, taken: [] },
    ...{ createdAt: at(createdAt), updatedAt: at(createdAt) },
    ...more,
  };
}
const returned = (lineId: string, received: number): Return => ({
  ...{ id: lineId, status: "received", items: [{ lineId, requested: received, received }] },
  ...{ refundAmount: 0, createdAt: at(9), updatedAt: at(9) },
});

// The facts of each row, and the words for them in either API.
test.each<[string, Partial<Order>, elasticPath: string, medusa: string]>([
  ["nothing paid", {}, "incomplete unpaid unfulfilled", "pending not_paid not_fulfilled"],
  [
    "authorized",
    paid(["authorize", 1000]),
    "processing authorized unfulfilled",
    "pending awaiting not_fulfilled",
  ],
  [
    "authorized in part",
    paid(["authorize", 400]),
    "processing partially_authorized unfulfilled",
    "pending awaiting not_fulfilled",
  ],
  [
    "a capture that failed",
    paid(["authorize", 1000], ["capture", 1000, "failed"]),
    "processing authorized unfulfilled",
    "pending requires_action not_fulfilled",
  ],
  [
    "captured",
    paid(["authorize", 1000], ["capture", 1000]),
    "complete paid unfulfilled",
    "pending captured not_fulfilled",
  ],
  [
    "captured after it had failed",
    paid(["authorize", 1000], ["capture", 1000, "failed"], ["capture", 1000]),
    "complete paid unfulfilled",
    "pending captured not_fulfilled",
  ],
  [
    "captured and marked as sent",
    { ...paid(["purchase", 1000]), fulfilledAt: at(5) },
    "complete paid fulfilled",
    "pending captured shipped",
  ],
  [
    "a part packed",
    { ...paid(["purchase", 1000]), fulfilments: [packed({ a: 1 }, 1)] },
    "complete paid unfulfilled",
    "pending captured partially_fulfilled",
  ],
  [
    "a part packed and sent",
    { ...paid(["purchase", 1000]), fulfilments: [packed({ a: 1 }, 1, { shippedAt: at(2) })] },
    "complete paid unfulfilled",
    "pending captured partially_shipped",
  ],
  [
    "a part sent, and then the rest packed",
    {
      ...paid(["purchase", 1000]),
      fulfilledAt: at(3),
      fulfilments: [packed({ a: 1 }, 1, { shippedAt: at(2) }), packed({ a: 1, b: 1 }, 3)],
    },
    "complete paid fulfilled",
    "pending captured fulfilled",
  ],
  [
    "all packed, and then a part sent",
    {
      ...paid(["purchase", 1000]),
      fulfilledAt: at(2),
      fulfilments: [packed({ a: 1 }, 1, { shippedAt: at(3) }), packed({ a: 1, b: 1 }, 2)],
    },
    "complete paid fulfilled",
    "pending captured partially_shipped",
  ],
  [
    "all sent, and a part came back and was paid back",
    {
      ...paid(["purchase", 1000], ["refund", 300]),
      fulfilledAt: at(1),
      fulfilments: [packed({ a: 2, b: 1 }, 1, { shippedAt: at(2) })],
      returns: [returned("a", 1)],
    },
    "complete paid fulfilled",
    "pending partially_refunded partially_returned",
  ],
  [
    "all came back and was paid back, and the shop is done with it",
    {
      ...paid(["purchase", 1000], ["refund", 1000]),
      ...{ fulfilledAt: at(1), completedAt: at(6) },
      fulfilments: [packed({ a: 2, b: 1 }, 1, { shippedAt: at(2) })],
      returns: [returned("a", 2), returned("b", 1)],
    },
    "complete refunded fulfilled",
    "completed refunded returned",
  ],
  [
    "cancelled with its authorization",
    { ...paid(["authorize", 1000], ["void", 1000]), cancelledAt: at(4) },
    "cancelled unpaid unfulfilled",
    "canceled canceled canceled",
  ],
  [
    "cancelled and paid back",
    { ...paid(["purchase", 1000], ["refund", 1000]), cancelledAt: at(4), archivedAt: at(5) },
    "cancelled refunded unfulfilled",
    "archived refunded canceled",
  ],
])("%s", (_name, facts, elasticPath, medusa) => {
  const order = { ...base, ...facts };
  const { status, payment, shipping } = orderStatuses(order);
  expect(`${status} ${payment} ${shipping}`).toBe(elasticPath);
  const progress = orderProgress(order);
  expect(`${progress.status} ${progress.payment} ${progress.fulfilment}`).toBe(medusa);
});
