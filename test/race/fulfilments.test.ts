import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { packItems, unpackItems } from "../../src/operations/fulfil-order.ts";
import { askForReturn, takeReturn } from "../../src/operations/return-goods.ts";
import { openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

async function paidOrder(stock: number, quantity: number) {
  const productId = await shop.newProduct(stock);
  const orderId = await shop.newOrder([{ productId, quantity }]);
  expect((await shop.pay(orderId, { gateway: "manual" })).status).toBe(201);
  const order = await shop.deps.storage.orders.load(shop.context.store.storeId, orderId);
  return { productId, orderId, lineId: order?.lines[0]?.id ?? "" };
}
const pack = (orderId: string, lineId: string, quantity: number, fulfilmentId: string = randomUUID()) =>
  packItems(shop.deps, shop.context, orderId, {
    fulfilmentId,
    items: [{ lineId, quantity }],
    providerId: "manual",
  });

test("E6 pieces leave the stock as they are packed, and come back when they are unpacked or returned", async () => {
  const { productId, orderId, lineId } = await paidOrder(10, 5);
  expect(await shop.stockOf(productId)).toMatchObject({ total: 10, allocated: 5 });
  const first = randomUUID();
  expect((await pack(orderId, lineId, 2, first)).ok).toBe(true);
  expect(await shop.stockOf(productId)).toMatchObject({ total: 8, allocated: 3 });
  expect((await unpackItems(shop.deps, shop.context, orderId, first)).ok).toBe(true);
  expect(await shop.stockOf(productId)).toMatchObject({ total: 10, allocated: 5 });
  expect((await pack(orderId, lineId, 2)).ok).toBe(true);
  await shop.expectConsistent();
  expect((await pack(orderId, lineId, 3)).ok).toBe(true);
  expect(await shop.stockOf(productId)).toMatchObject({ total: 5, allocated: 0 });
  expect(await shop.order(orderId)).toMatchObject({ shipping: "fulfilled" });

  const id = randomUUID();
  await askForReturn(shop.deps, shop.context, orderId, { id, items: [{ lineId, requested: 2 }] });
  const items = [{ lineId, quantity: 2 }];
  const taken = await Promise.all(
    [1, 2, 3].map(() => takeReturn(shop.deps, shop.context, { returnId: id, items })),
  );
  // Whoever finds the pieces taken and the money still owed goes on with the money, and all have done the same.
  expect(taken.filter(({ ok }) => ok).length).toBeGreaterThan(0);
  const order = await shop.deps.storage.orders.load(shop.context.store.storeId, orderId);
  const refunds = order?.payments[0]?.operations.filter(({ type }) => type === "refund");
  expect(refunds).toMatchObject([{ amount: 2000, status: "complete", reason: "return" }]);
  expect(await shop.stockOf(productId)).toMatchObject({ total: 7, allocated: 0 });
  expect(await shop.movements(productId)).toMatchObject({ fulfil: 3, unfulfil: 1, restock: 1 });
});

test("E6 fulfilments that race for the same pieces take no more than were bought", async () => {
  const { productId, orderId, lineId } = await paidOrder(9, 5);
  const packed = await Promise.all([1, 2, 3, 4, 5, 6].map(() => pack(orderId, lineId, 2)));
  const refused = packed.flatMap((one) => (one.ok ? [] : [one.error.type]));
  expect(packed.filter(({ ok }) => ok)).toHaveLength(2);
  expect(new Set(refused)).toEqual(new Set(["fulfilment_exceeds_order"]));
  expect(await shop.stockOf(productId)).toMatchObject({ total: 5, allocated: 1 });
});

test("I7 a cancellation and a fulfilment at once: one of them wins, and the stock fits", async () => {
  for (let round = 0; round < 5; round += 1) {
    const { productId, orderId, lineId } = await paidOrder(3, 2);
    const [packed, cancelled] = await Promise.all([
      pack(orderId, lineId, 1),
      shop.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", status: "cancelled" } }),
    ]);
    expect([packed.ok, cancelled.status === 200].filter(Boolean)).toHaveLength(1);
    const left = packed.ok ? { total: 2, allocated: 1 } : { total: 3, allocated: 0 };
    expect(await shop.stockOf(productId)).toMatchObject(left);
  }
});
