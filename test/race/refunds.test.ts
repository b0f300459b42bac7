import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Answer } from "../engine.ts";
import { byStatus, openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ engines: 2 });
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

/** Asks again for as long as the answer says so. */
async function definite(send: () => Promise<Answer>): Promise<Answer> {
  const answer = await send();
  return answer.status === 409 && answer.headers.get("retry-after") !== null ? definite(send) : answer;
}

test.each(["fake", "manual"])(
  "I1 of twenty refunds of 10 at once on 100 captured through %s exactly ten succeed",
  async (gateway) => {
    const orderId = await shop.newOrder([{ productId: await shop.newProduct(1, 100) }]);
    const paymentId = (await shop.pay(orderId, { gateway })).body.data.id;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        definite(() => shop.transact("refund", orderId, paymentId, { amount: 10 })),
      ),
    );
    const { 200: succeeded, ...refused } = byStatus(answers);
    expect(succeeded).toBe(10);
    expect(Object.keys(refused).every((status) => status === "400" || status === "422")).toBe(true);
    expect(await shop.order(orderId)).toMatchObject({ payment: "refunded" });
    if (gateway === "fake") expect(shop.gateway.taken(orderId)).toBe(0);
  },
);

test("I1 refundable is counted for each payment by itself", async () => {
  const orderId = await shop.newOrder([{ productId: await shop.newProduct(1) }]);
  const small = (await shop.pay(orderId, { amount: 300 })).body.data.id;
  // Not before the order is paid in full.
  expect((await shop.transact("refund", orderId, small, { amount: 100 })).status).toBe(400);
  const large = (await shop.pay(orderId, { amount: 700 })).body.data.id;
  expect((await shop.transact("refund", orderId, small, { amount: 301 })).status).toBe(422);
  expect((await shop.transact("refund", orderId, small, { amount: 300 })).status).toBe(200);
  expect((await shop.transact("refund", orderId, small, { amount: 1 })).status).toBe(400);
  expect((await shop.order(orderId)).payment).toBe("paid");
  expect((await shop.transact("refund", orderId, large, { amount: 700 })).status).toBe(200);
  expect((await shop.order(orderId)).payment).toBe("refunded");
});

test("A5 of twenty captures at once one takes the money, and its effects are there once", async () => {
  const orderId = await shop.newOrder([{ productId: await shop.newProduct(1) }]);
  const paymentId = (await shop.pay(orderId, { method: "authorize" })).body.data.id;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => definite(() => shop.transact("capture", orderId, paymentId))),
  );
  expect(byStatus(answers)).toEqual({ 200: 1, 400: 19 });
  const events = await shop.deps.storage.orders.events(shop.context.store.storeId, orderId);
  expect(events.map(({ type }) => type)).toEqual([
    "order.placed",
    "payment.started",
    "payment.authorized",
    "order.authorized",
    "payment.captured",
    "order.paid",
  ]);
});

test("A5 of twenty-five payments of one order at once one charges, and stock is taken once", async () => {
  const productId = await shop.newProduct(50);
  const orderId = await shop.newOrder([{ productId }]);
  const answers = await Promise.all(Array.from({ length: 25 }, () => definite(() => shop.pay(orderId))));
  expect(byStatus(answers)).toEqual({ 201: 1, 400: 24 });
  expect(shop.gateway.taken(orderId)).toBe(1000);
  expect(await shop.movements(productId)).toEqual({ create: 1, allocate: 1 });
  const events = await shop.deps.storage.orders.events(shop.context.store.storeId, orderId);
  expect(events.filter(({ type }) => type === "order.paid")).toHaveLength(1);
});

test("A5 of ten who ship and ten who cancel at once one comes through, and stock follows it", async () => {
  for (let round = 0; round < 5; round += 1) {
    const productId = await shop.newProduct(3);
    const orderId = await shop.newOrder([{ productId, quantity: 2 }]);
    await shop.pay(orderId);
    const steps = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? { shipping: "fulfilled" } : { status: "cancelled" },
    );
    const answers = await Promise.all(
      steps.map((step) =>
        definite(() => shop.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", ...step } })),
      ),
    );
    expect(byStatus(answers)).toEqual({ 200: 1, 400: 19 });
    const { status } = await shop.order(orderId);
    const expected = status === "cancelled" ? { total: 3, allocated: 0 } : { total: 1, allocated: 0 };
    expect(await shop.stockOf(productId)).toMatchObject(expected);
  }
});
