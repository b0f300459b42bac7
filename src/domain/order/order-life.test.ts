import { describe, expect, test } from "vitest";
import { anOrder } from "../../../test/storage/an-order.ts";
import { cancelOrder } from "./cancel.ts";
import { editOrder } from "./edit.ts";
import { fulfilOrder } from "./fulfil.ts";
import type { Order } from "./order.ts";
import type { Payment, PaymentOperation } from "./payment.ts";
import { orderFacts, orderStatuses } from "./status.ts";

const NOW = "2026-01-02T00:00:00.000Z";
const totals = (withTax: number) => ({ ...anOrder({ id: "o" }).totals, withTax, withoutTax: withTax });

type Step = readonly [type: PaymentOperation["type"], amount: number, status?: PaymentOperation["status"]];

function payment(id: string, ...steps: readonly Step[]): Payment {
  return {
    id,
    gateway: "g",
    amount: steps[0]?.[1] ?? 0,
    currency: "USD",
    operations: steps.map(([type, amount, status = "complete"], index) => ({
      id: `${id}-${index}`,
      type,
      amount,
      status,
      mechanism: "gateway",
      createdAt: NOW,
    })),
    createdAt: NOW,
    updatedAt: NOW,
  };
}

const orderOf = (total: number, ...payments: Payment[]): Order =>
  anOrder({ id: "o", totals: totals(total), payments });

describe("the words for an order follow from its payments", () => {
  test.each<[string, Order, [string, string], Partial<ReturnType<typeof orderFacts>>]>([
    ["nothing paid", orderOf(1000), ["incomplete", "unpaid"], { balance: 1000 }],
    [
      "a payment under way",
      orderOf(1000, payment("p", ["purchase", 1000, "pending"])),
      ["incomplete", "unpaid"],
      { balance: 0, pending: 1000 },
    ],
    [
      "a payment that failed",
      orderOf(1000, payment("p", ["purchase", 1000, "failed"])),
      ["incomplete", "unpaid"],
      { balance: 1000, anyLive: false },
    ],
    [
      "a part authorized",
      orderOf(1000, payment("p", ["authorize", 400])),
      ["processing", "partially_authorized"],
      { authorized: 400, balance: 600 },
    ],
    [
      "all authorized, in two parts",
      orderOf(1000, payment("p", ["authorize", 400]), payment("q", ["authorize", 600])),
      ["processing", "authorized"],
      { authorized: 1000, balance: 0 },
    ],
    [
      "a part captured, the rest authorized",
      orderOf(1000, payment("p", ["authorize", 400], ["capture", 400]), payment("q", ["authorize", 600])),
      ["processing", "partially_paid"],
      { authorized: 600, paid: 400, balance: 0 },
    ],
    [
      "a capture under way",
      orderOf(1000, payment("p", ["authorize", 1000], ["capture", 1000, "pending"])),
      ["processing", "authorized"],
      { authorized: 1000, paid: 0 },
    ],
    [
      "paid",
      orderOf(1000, payment("p", ["purchase", 1000])),
      ["complete", "paid"],
      { paid: 1000, balance: 0 },
    ],
    [
      "partly refunded",
      orderOf(1000, payment("p", ["purchase", 1000], ["refund", 999])),
      ["complete", "paid"],
      { paid: 1000, refunded: 999, balance: 0 },
    ],
    [
      "refunded in two parts",
      orderOf(1000, payment("p", ["purchase", 1000], ["refund", 400], ["refund", 600])),
      ["complete", "refunded"],
      { refunded: 1000 },
    ],
    [
      "a refund under way",
      orderOf(1000, payment("p", ["purchase", 1000], ["refund", 1000, "pending"])),
      ["complete", "paid"],
      { refunded: 0 },
    ],
    [
      "released",
      orderOf(1000, payment("p", ["authorize", 1000], ["void", 1000])),
      ["incomplete", "unpaid"],
      { authorized: 0, balance: 1000, anyLive: false },
    ],
    ["an order of nothing, not paid", orderOf(0), ["incomplete", "unpaid"], { balance: 0 }],
    ["an order of nothing, paid", orderOf(0, payment("p", ["purchase", 0])), ["complete", "paid"], {}],
    [
      "an order of nothing, authorized",
      orderOf(0, payment("p", ["authorize", 0])),
      ["processing", "authorized"],
      {},
    ],
  ])("I10 %s", (_name, order, [status, paymentStatus], facts) => {
    expect(orderStatuses(order)).toEqual({ status, payment: paymentStatus, shipping: "unfulfilled" });
    expect(orderFacts(order)).toMatchObject(facts);
    const over = { ...order, cancelledAt: NOW };
    expect(orderStatuses(over)).toEqual({
      status: "cancelled",
      payment: paymentStatus,
      shipping: "unfulfilled",
    });
  });
});

const paid = orderOf(1000, payment("p", ["purchase", 1000]));
const refused = (type: string) => ({ ok: false, error: { type } });

describe("I7 cancelling", () => {
  test("goes from every state that is not shipped, and leaves the payments alone", () => {
    for (const order of [
      orderOf(1000),
      orderOf(1000, payment("p", ["authorize", 400])),
      paid,
      orderOf(1000, payment("p", ["purchase", 1000], ["refund", 1000])),
      orderOf(1000, payment("p", ["purchase", 1000, "failed"])),
      orderOf(1000, payment("p", ["purchase", 1000], ["refund", 400, "pending"])),
      orderOf(1000, payment("p", ["authorize", 1000], ["void", 1000, "pending"])),
    ]) {
      const cancelled = cancelOrder(order, NOW);
      expect(cancelled).toMatchObject({ ok: true, value: { events: [{ type: "order.cancelled" }] } });
      if (cancelled.ok) expect(cancelled.value.state).toEqual({ ...order, cancelledAt: NOW, updatedAt: NOW });
    }
  });

  test("waits for money that is on its way in", () => {
    for (const steps of [
      [["authorize", 1000, "pending"]],
      [["purchase", 1000, "pending"]],
      [
        ["authorize", 1000],
        ["capture", 1000, "pending"],
      ],
    ] satisfies Step[][]) {
      expect(cancelOrder(orderOf(1000, payment("p", ...steps)), NOW)).toMatchObject({
        ok: false,
        error: { type: "payment_unresolved", paymentId: "p" },
      });
    }
  });

  test("is refused once shipped, cancelled or anonymized", () => {
    expect(cancelOrder({ ...paid, fulfilledAt: NOW }, NOW)).toMatchObject(refused("order_fulfilled"));
    expect(cancelOrder({ ...paid, cancelledAt: NOW }, NOW)).toMatchObject(refused("order_cancelled"));
    expect(cancelOrder({ ...paid, anonymized: true }, NOW)).toMatchObject(refused("order_anonymized"));
  });
});

describe("shipping", () => {
  test("is of paid orders, once", () => {
    const shipped = fulfilOrder(paid, NOW);
    expect(shipped).toMatchObject({ ok: true, value: { state: { fulfilledAt: NOW } } });
    if (shipped.ok) expect(orderStatuses(shipped.value.state)).toMatchObject({ shipping: "fulfilled" });
    expect(fulfilOrder({ ...paid, fulfilledAt: NOW }, NOW)).toMatchObject(refused("order_fulfilled"));
    expect(fulfilOrder({ ...paid, cancelledAt: NOW }, NOW)).toMatchObject(refused("order_cancelled"));
    expect(fulfilOrder({ ...paid, anonymized: true }, NOW)).toMatchObject(refused("order_anonymized"));
  });

  test("is of no other, and the refusal says how it is paid", () => {
    for (const [order, word] of [
      [orderOf(1000), "unpaid"],
      [orderOf(1000, payment("p", ["authorize", 1000])), "authorized"],
      [orderOf(1000, payment("p", ["purchase", 999])), "partially_paid"],
      [orderOf(1000, payment("p", ["purchase", 1000], ["refund", 1000])), "refunded"],
    ] as const) {
      expect(fulfilOrder(order, NOW)).toMatchObject({
        ok: false,
        error: { type: "order_unpaid", payment: word },
      });
    }
  });
});

describe("editing", () => {
  test("changes what may change and keeps the rest", () => {
    const order = { ...paid, orderNumber: "A", externalRef: "B", fields: { gift: true } };
    const edited = editOrder(
      order,
      { shippingAddress: { line_1: "2 Short Lane" }, orderNumber: "", fields: { note: "x" } },
      NOW,
    );
    const { orderNumber: _, ...rest } = order;
    expect(edited).toMatchObject({
      ok: true,
      value: {
        state: {
          ...rest,
          shippingAddress: { ...order.shippingAddress, line_1: "2 Short Lane" },
          fields: { gift: true, note: "x" },
          updatedAt: NOW,
        },
        events: [{ type: "order.updated" }],
      },
    });
    if (edited.ok) expect(edited.value.state.orderNumber).toBeUndefined();
  });

  test("leaves the address of what is shipped, and everything of the anonymous", () => {
    const shipped = { ...paid, fulfilledAt: NOW };
    expect(editOrder(shipped, { shippingAddress: { city: "X" } }, NOW)).toMatchObject(
      refused("order_fulfilled"),
    );
    expect(editOrder(shipped, { externalRef: "X" }, NOW)).toMatchObject({ ok: true });
    const anonymous = { ...paid, anonymized: true };
    expect(editOrder(anonymous, { externalRef: "X" }, NOW)).toMatchObject(refused("order_anonymized"));
  });
});
