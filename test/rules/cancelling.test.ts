import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { waitForShopper } from "../fake-gateway.ts";
import { openShop, type Shop } from "../race/shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

/** What is expected of a cancellation: its answer, and what the gateway holds afterwards. */
type Expected = {
  readonly answer: number;
  readonly payment: string;
  readonly taken: number;
  readonly reserved: number;
};

const states: readonly [name: string, steps: (orderId: string) => Promise<void>, expected: Expected][] = [
  ["unpaid", async () => undefined, { answer: 200, payment: "unpaid", taken: 0, reserved: 0 }],
  [
    "partially authorized",
    async (orderId) => void (await shop.pay(orderId, { method: "authorize", amount: 400 })),
    { answer: 200, payment: "partially_authorized", taken: 0, reserved: 400 },
  ],
  [
    "authorized",
    async (orderId) => void (await shop.pay(orderId, { method: "authorize" })),
    { answer: 200, payment: "authorized", taken: 0, reserved: 1000 },
  ],
  [
    "partially paid",
    async (orderId) => void (await shop.pay(orderId, { amount: 400 })),
    { answer: 200, payment: "partially_paid", taken: 400, reserved: 0 },
  ],
  [
    "paid",
    async (orderId) => void (await shop.pay(orderId)),
    { answer: 200, payment: "paid", taken: 1000, reserved: 0 },
  ],
  [
    "refunded",
    async (orderId) => {
      const { id } = (await shop.pay(orderId)).body.data;
      await shop.transact("refund", orderId, id, { amount: 1000 });
    },
    { answer: 200, payment: "refunded", taken: 0, reserved: 0 },
  ],
  [
    "waiting for its shopper",
    async (orderId) => {
      shop.gateway.script(waitForShopper);
      await shop.pay(orderId);
    },
    { answer: 409, payment: "unpaid", taken: 0, reserved: 0 },
  ],
  [
    "shipped",
    async (orderId) => {
      await shop.pay(orderId);
      await shop.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", shipping: "fulfilled" } });
    },
    { answer: 400, payment: "paid", taken: 1000, reserved: 0 },
  ],
];

test.each(states)(
  "I7 cancelling an order that is %s: stock goes back, money stays where it is",
  async (_name, steps, expected) => {
    const productId = await shop.newProduct(5);
    const orderId = await shop.newOrder([{ productId, quantity: 1 }]);
    await steps(orderId);
    const before = await shop.stockOf(productId);
    const { status } = await shop.ask("PUT", `/v2/orders/${orderId}`, {
      data: { type: "order", status: "cancelled" },
    });
    expect(status).toBe(expected.answer);
    const order = await shop.order(orderId);
    expect(order.payment).toBe(expected.payment);
    expect([shop.gateway.taken(orderId), shop.gateway.reserved(orderId)]).toEqual([
      expected.taken,
      expected.reserved,
    ]);
    const { total, allocated } = await shop.stockOf(productId);
    if (expected.answer !== 200) {
      expect(order.status).not.toBe("cancelled");
      expect({ total, allocated }).toEqual({ total: before.total, allocated: before.allocated });
      return;
    }
    expect(order.status).toBe("cancelled");
    expect({ total, allocated }).toEqual({ total: 5, allocated: 0 });
    // What is left of the money is given back by steps of their own, and nothing more comes in.
    for (const { id, next_actions } of (await shop.ask("GET", `/v2/orders/${orderId}/transactions`)).body
      .data) {
      if (next_actions.includes("refund"))
        await shop.transact("refund", orderId, id, { amount: expected.taken });
      else if (next_actions.includes("cancel")) {
        expect((await shop.transact("capture", orderId, id)).status).toBe(400);
        await shop.transact("cancel", orderId, id);
      }
    }
    expect([shop.gateway.taken(orderId), shop.gateway.reserved(orderId)]).toEqual([0, 0]);
    expect((await shop.pay(orderId)).status).toBe(400);
  },
);
