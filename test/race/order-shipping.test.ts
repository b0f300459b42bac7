import { afterAll, beforeAll, expect, test } from "vitest";
import { orderFacts } from "../../src/domain/order/status.ts";
import { completeRegionCart } from "../../src/operations/complete-region-cart.ts";
import type { Context } from "../../src/operations/context.ts";
import { createRegionCart } from "../../src/operations/create-region-cart.ts";
import { captureOrder } from "../../src/operations/order-money.ts";
import { authorizeSessions } from "../../src/operations/pay-order-edit.ts";
import { setSession } from "../../src/operations/payment-collections.ts";
import { createPaymentSessions, selectPaymentSession } from "../../src/operations/region-cart-payment.ts";
import { shipOrderBy } from "../../src/operations/ship-order-by.ts";
import { updateRegionCart } from "../../src/operations/update-region-cart.ts";
import { approve, fakeGateway, hold } from "../fake-gateway.ts";
import { addRegion } from "./a-region.ts";
import { interleave } from "./interleave.ts";
import { openShop, type Shop } from "./shop.ts";

// What another way of shipping costs is owed and paid for once, whoever captures or pays in between.

const gateway = fakeGateway();
let shop: Shop;
let shopper: Context;
let regionId: string;
let productId: string;
let optionId: string;

beforeAll(async () => {
  shop = await openShop({ gateway });
  shopper = { ...shop.context, actor: { kind: "shopper", label: "test" } };
  regionId = await addRegion(shop, ["manual", gateway.slug]);
  productId = await shop.newProduct(100);
  const { deps, context } = shop;
  const now = deps.now();
  optionId = deps.newId();
  await deps.storage.records.insert(context.store.storeId, "shipping_option", {
    ...{ id: optionId, name: "Express", regionId, profileId: deps.newId(), providerId: "manual" },
    ...{ priceType: "flat_rate", amount: 500, includesTax: false, isReturn: false, isAdminOnly: false },
    ...{ requirements: [], data: {}, createdAt: now, updatedAt: now },
  });
});
afterAll(() => shop.close());

function value<Value>(result: { ok: true; value: Value } | { ok: false; error: { type: string } }): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** One piece at 10.00 and 20 % tax, authorized. */
async function newOrder() {
  const { deps } = shop;
  const cartId = deps.newId();
  const items = [{ variantId: productId, quantity: 1 }];
  value(await createRegionCart(deps, shopper, { cartId, regionId, items, context: {} }));
  value(await updateRegionCart(deps, shopper, { cartId, email: "ada@example.com" }));
  value(await createPaymentSessions(deps, shopper, cartId));
  value(await selectPaymentSession(deps, shopper, { cartId, provider: gateway.slug }));
  const completed = value(await completeRegionCart(deps, shopper, cartId));
  if (completed.kind !== "order") throw new Error("The cart is not completed");
  return completed.order;
}

const load = async (orderId: string) => {
  const order = await shop.deps.storage.orders.load(shop.context.store.storeId, orderId);
  if (!order) throw new Error("The order is gone");
  return order;
};

const ship = async (orderId: string, price: number, methodId = shop.deps.newId(), deps = shop.deps) =>
  shipOrderBy(deps, shop.context, await load(orderId), { methodId, optionId, price, data: {} });

/** Where what an order has come to cost more is paid, the latest first. */
async function collectionsOf(orderId: string) {
  const { storage } = shop.deps;
  const all = await storage.records.all(shop.context.store.storeId, "payment_collection");
  return all.filter((collection) => collection.orderId === orderId).reverse();
}

async function pay(collectionId: string) {
  const set = value(await setSession(shop.deps, shopper, { collectionId, provider: gateway.slug }));
  const sessionIds = set.collection.sessions.map(({ id }) => id);
  return authorizeSessions(shop.deps, shopper, { collectionId, sessionIds });
}

test("I4 what another way of shipping costs is owed, shown and paid for once", async () => {
  const { id } = await newOrder();
  value(await captureOrder(shop.deps, shop.context, id));
  const methodId = shop.deps.newId();
  const order = value(await ship(id, 500, methodId));
  expect(order.totals).toMatchObject({ withTax: 1800, withoutTax: 1500, tax: 300, shipping: 600 });
  expect(await load(id)).toEqual(order);
  expect(orderFacts(order)).toMatchObject({ total: 1800, paid: 1200, authorized: 0, balance: 600 });
  // The same request again neither adds a second one nor asks for more.
  expect(value(await ship(id, 500, methodId))).toEqual(order);
  const [collection, ...others] = await collectionsOf(id);
  expect(others).toEqual([]);
  expect(collection).toMatchObject({ amount: 600, currency: "USD" });
  value(await pay(collection?.id ?? ""));
  expect(orderFacts(await load(id))).toMatchObject({ total: 1800, paid: 1200, authorized: 600, balance: 0 });
  value(await captureOrder(shop.deps, shop.context, id));
  expect(orderFacts(await load(id))).toMatchObject({ total: 1800, paid: 1800, balance: 0 });
  await shop.expectConsistent();
});

test("I6 another way of shipping touches no stock, and takes the place of what was chosen before", async () => {
  const { id } = await newOrder();
  const before = await shop.movements(productId);
  value(await ship(id, 500));
  const order = value(await ship(id, 700));
  expect(order.region?.shippingMethods).toMatchObject([{ price: 700 }]);
  expect(order.totals).toMatchObject({ withTax: 2040, shipping: 840 });
  expect((await collectionsOf(id)).map(({ amount }) => amount)).toEqual([240, 600]);
  expect(await shop.movements(productId)).toEqual(before);
  expect((await load(id)).stock).toEqual((await newOrder()).stock);
});

test("nobody pays into a collection what is not owed any more", async () => {
  const { id } = await newOrder();
  value(await ship(id, 500));
  value(await ship(id, 0));
  const [collection] = await collectionsOf(id);
  const calls = gateway.calls.length;
  expect(await pay(collection?.id ?? "")).toMatchObject({
    error: { type: "payment_exceeds_balance", amount: 600, balance: 0 },
  });
  expect(gateway.calls.length).toBe(calls);
  expect(orderFacts(await load(id))).toMatchObject({ total: 1200, authorized: 1200, balance: 0 });
});

test("C2 shipping that is added while the order is being captured is owed, and none of it is taken", async () => {
  const { id } = await newOrder();
  const held = hold(approve);
  gateway.script(held.behaviour);
  const capturing = captureOrder(shop.deps, shop.context, id);
  await held.arrived;
  value(await ship(id, 500));
  held.release();
  value(await capturing);
  expect(orderFacts(await load(id))).toMatchObject({ total: 1800, paid: 1200, authorized: 0, balance: 600 });
  await shop.expectConsistent();
});

test("C2 a capture between the look at an order and the save of its new shipping is not lost", async () => {
  const { id } = await newOrder();
  const raced = interleave(shop.deps, "before", "orders", "save", () =>
    captureOrder(shop.deps, shop.context, id),
  );
  value(await ship(id, 500, shop.deps.newId(), raced));
  expect(orderFacts(await load(id))).toMatchObject({ total: 1800, paid: 1200, authorized: 0, balance: 600 });
  expect(await collectionsOf(id)).toMatchObject([{ amount: 600 }]);
  await shop.expectConsistent();
});

test("several ways at once leave one, and collections that add up to what it costs more", async () => {
  const { id } = await newOrder();
  await Promise.all([100, 200, 300, 400].map((price) => ship(id, price).then(value)));
  const order = await load(id);
  expect(order.region?.shippingMethods).toHaveLength(1);
  const price = order.region?.shippingMethods[0]?.price ?? 0;
  expect(order.totals.withTax).toBe(1200 + price * 1.2);
  expect(orderFacts(order)).toMatchObject({ authorized: 1200, balance: price * 1.2 });
});

test("I5 cheaper shipping keeps the authorization and captures less of it", async () => {
  const { id } = await newOrder();
  value(await ship(id, 500));
  const [collection] = await collectionsOf(id);
  value(await pay(collection?.id ?? ""));
  value(await ship(id, 100));
  expect(orderFacts(await load(id))).toMatchObject({ total: 1320, authorized: 1800, balance: -480 });
  value(await captureOrder(shop.deps, shop.context, id));
  expect(orderFacts(await load(id))).toMatchObject({ total: 1320, paid: 1320, authorized: 0, balance: 0 });
  // The gateway has released the rest.
  expect([gateway.taken(id), gateway.reserved(id)]).toEqual([1320, 0]);
});
