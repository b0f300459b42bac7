import { afterAll, beforeAll, expect, test } from "vitest";
import { orderStorage } from "../../src/storage/postgres/orders.ts";
import { secretBox } from "../../src/storage/postgres/secret-box.ts";
import { type Answer, startTestEngine, type TestEngine, waitUntil } from "../engine.ts";
import { address, guest, openShop, type Shop } from "../race/shop.ts";

let shop: Shop;
/** Counted is on an engine that has not changed the store itself: that one reads its settings anew for a while. */
let counted: TestEngine;
let products: string[];
beforeAll(async () => {
  shop = await openShop();
  const data = { type: "settings", max_items: 1000 };
  expect((await shop.ask("PUT", "/v2/settings/cart", { data })).status).toBe(200);
  counted = await startTestEngine({
    env: { CARTWRIGHT_SEED: "none" },
    databaseUrl: shop.engines[0]?.databaseUrl as string,
    surroundings: { gateways: [shop.gateway] },
  });
  products = await Promise.all(Array.from({ length: 101 }, () => shop.newProduct(10_000)));
});
afterAll(async () => {
  await counted.close();
  await shop.close();
});

/** Statements that a request sends. Of several tries the least: every second the store's settings are read anew. */
async function leastStatements(requests: readonly (() => Promise<Answer>)[]): Promise<number> {
  const { database } = counted.engine.core;
  let least = Number.POSITIVE_INFINITY;
  for (const request of requests) {
    const before = database.statementCount();
    const { status, body } = await request();
    expect(status, JSON.stringify(body)).toBeLessThan(300);
    least = Math.min(least, database.statementCount() - before);
  }
  return least;
}

const lines = (count: number) => products.slice(0, count).map((productId) => ({ productId }));
const item = (productId: string | undefined) => ({ data: { type: "cart_item", id: productId, quantity: 1 } });

/** Statements of every step of a purchase of so many lines. */
async function statementsOf(count: number): Promise<Record<string, number>> {
  const tries = [1, 2, 3, 4, 5];
  const carts: string[] = [];
  for (const _ of tries) carts.push(await shop.newCart(lines(count)));
  const orders: string[] = [];
  const payments: string[] = [];
  const { ask } = counted;
  const cart = (index: number): string => `/v2/carts/${carts[index]}`;
  const order = (index: number): string => `/v2/orders/${orders[index]}`;
  const transaction = (index: number): string => `${order(index)}/transactions/${payments[index]}`;
  const steps: Record<string, (index: number) => Promise<Answer>> = {
    "read a cart": (index) => ask("GET", `${cart(index)}?include=items`),
    "list the items": (index) => ask("GET", `${cart(index)}/items`),
    "add more of an item": (index) => ask("POST", `${cart(index)}/items`, item(products[0])),
    "add an item": (index) => ask("POST", `${cart(index)}/items`, item(products[count])),
    "change the cart": (index) => ask("PUT", cart(index), { data: { name: "Kitchen" } }),
    async "check out"(index) {
      const data = { customer: guest, billing_address: address };
      const placed = await ask("POST", `${cart(index)}/checkout`, { data });
      orders.push(placed.body.data.id);
      return placed;
    },
    async pay(index) {
      const paid = await ask("POST", `${order(index)}/payments`, {
        data: { gateway: "manual", method: "authorize" },
      });
      payments.push(paid.body.data.id);
      return paid;
    },
    capture: (index) => ask("POST", `${transaction(index)}/capture`),
    "read an order": (index) => ask("GET", `${order(index)}?include=items`),
    "list transactions": (index) => ask("GET", `${order(index)}/transactions`),
    refund: (index) => ask("POST", `${transaction(index)}/refund`, { data: { amount: 1 } }),
    ship: (index) => ask("PUT", order(index), { data: { type: "order", shipping: "fulfilled" } }),
  };
  const counts: Record<string, number> = {};
  for (const [name, step] of Object.entries(steps)) {
    counts[name] = await leastStatements(tries.map((_, index) => () => step(index)));
  }
  return counts;
}

test("M1 every step of a purchase needs as many statements for 100 lines as for one, and three at most", async () => {
  const one = await statementsOf(1);
  expect(await statementsOf(10)).toEqual(one);
  expect(await statementsOf(100)).toEqual(one);
  expect(Math.max(...Object.values(one)), JSON.stringify(one)).toBeLessThanOrEqual(3);
  expect(one).toMatchObject({ "add an item": 2, "check out": 2, pay: 2, capture: 2, "read an order": 1 });
});

test("M1 a payment through a gateway needs two statements before the call and two after it", async () => {
  const orders: string[] = [];
  for (let count = 0; count < 5; count += 1) orders.push(await shop.newOrder(lines(20)));
  const payment = { data: { gateway: shop.gateway.slug, method: "purchase" } };
  const paying = orders.map((id) => () => counted.ask("POST", `/v2/orders/${id}/payments`, payment));
  expect(await leastStatements(paying)).toBe(4);
});

test("M1 a store where events of carts are told needs no more statements", async () => {
  const ofCarts = async () => {
    const all = await statementsOf(2);
    return ["add an item", "add more of an item", "change the cart"].map((step) => all[step]);
  };
  const plain = await ofCarts();
  const hook = { url: "https://hooks.example/carts", types: ["cart.*"], enabled: false };
  expect((await shop.ask("POST", "/cartwright/webhook-endpoints", hook)).status).toBe(201);
  // The other engine believes what it has read of the store for a second.
  await waitUntil(async () => {
    const cartId = await shop.newCart(lines(1));
    await counted.ask("PUT", `/v2/carts/${cartId}`, { data: { name: "Told" } });
    const [row] = await shop.sql<{ told: string }>(
      "select count(*) as told from event where type like 'cart.%'",
    );
    return Number(row?.told) > 0;
  });
  expect(await ofCarts()).toEqual(plain);
});

test("M3 an order of 200 lines, 60 surcharges and 40 payments is one row", async () => {
  const more = await Promise.all(Array.from({ length: 100 }, () => shop.newProduct(10)));
  const cart = await shop.newCart(lines(100));
  const bulk = [
    ...more.map((id) => ({ type: "cart_item", id, quantity: 1 })),
    ...Array.from({ length: 60 }, (_, index) => ({
      type: "custom_item",
      name: `Surcharge ${index}`,
      sku: `surcharge-${index}`,
      quantity: 1,
      price: { amount: 5 },
    })),
  ];
  expect((await shop.ask("POST", `/v2/carts/${cart}/items`, { data: bulk.slice(0, 100) })).status).toBe(201);
  expect((await shop.ask("POST", `/v2/carts/${cart}/items`, { data: bulk.slice(100) })).status).toBe(201);
  const placed = await shop.checkOut(cart);
  const orderId = placed.body.data.id;
  for (let count = 0; count < 40; count += 1) await shop.pay(orderId, { gateway: "manual", amount: 100 });

  const { database } = counted.engine.core;
  let rows = 0;
  const counting = orderStorage(
    {
      ...database,
      async run(statement, values) {
        const found = await database.run(statement, values);
        rows += found.length;
        return found as never;
      },
    },
    () => "",
    secretBox("a secret that is only for tests"),
  );
  const order = await counting.load(shop.context.store.storeId, orderId);
  expect([order?.lines.length, order?.payments.length]).toEqual([260, 40]);
  expect(rows).toBe(1);
});
