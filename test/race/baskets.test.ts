import { afterEach, expect, test } from "vitest";
import { byStatus, type Line, openShop, type Shop } from "./shop.ts";

let shop: Shop | undefined;
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

/** Numbers from 0 to 1 that a seed decides, so that a failing run can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomBasket(products: readonly string[], size: number, random: () => number): Line[] {
  const left = [...products];
  return Array.from({ length: size }, () => {
    const [productId] = left.splice(Math.floor(random() * left.length), 1);
    return { productId: productId as string };
  });
}

test.each([1, 2] as const)(
  "E5 M4 100 workers with 5 of 10 products each deadlock nobody, on %i engine(s)",
  async (engines) => {
    shop = await openShop({ engines });
    const open = shop;
    const random = randomFrom(20261121);
    const products = await Promise.all(Array.from({ length: 10 }, () => open.newProduct(1_000)));
    // In the order of choosing, which is another one for everybody.
    const baskets = Array.from({ length: 100 }, () => randomBasket(products, 5, random));
    const bought = await Promise.all(
      baskets.map(async (basket) => {
        const orderId = await open.newOrder(basket);
        const paid = await open.pay(orderId, { method: "authorize" });
        const paymentId = paid.body.data.id;
        const way = random();
        if (way < 0.3) return open.transact("cancel", orderId, paymentId);
        await open.transact("capture", orderId, paymentId);
        const step = way < 0.6 ? { shipping: "fulfilled" } : { status: "cancelled" };
        return open.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", ...step } });
      }),
    );
    expect(byStatus(bought)).toEqual({ 200: 100 });
    const allocations = await open.sql("select 1 from stock_movement where action = 'allocate'");
    expect(allocations).toHaveLength(500);
    await open.expectConsistent();
  },
);

test("E4 E5 scarce baskets are taken whole or not at all", async () => {
  shop = await openShop({ engines: 2 });
  const open = shop;
  const random = randomFrom(7);
  const products = await Promise.all(Array.from({ length: 10 }, () => open.newProduct(12)));
  const orders = await Promise.all(
    Array.from({ length: 100 }, () => open.newOrder(randomBasket(products, 5, random))),
  );
  const answers = await Promise.all(orders.map((orderId) => open.pay(orderId)));
  const counts = byStatus(answers);
  expect(Object.keys(counts).toSorted()).toEqual(["201", "400"]);
  const stock = await Promise.all(products.map((productId) => open.stockOf(productId)));
  const allocated = stock.reduce((sum, row) => sum + row.allocated, 0);
  expect(allocated).toBe(5 * (counts[201] as number));
  await open.expectConsistent();
});

test("E4 the same product on several lines is summed before it is allocated", async () => {
  shop = await openShop();
  const open = shop;
  const [scarce, plenty] = [await open.newProduct(3), await open.newProduct(100)];
  const engraved = (text: string) => ({
    type: "cart_item",
    id: scarce,
    quantity: 2,
    custom_inputs: { engraving: text },
  });
  const cart = await open.newCart([{ productId: plenty }]);
  for (const text of ["Ada", "Bob"]) {
    const added = await open.ask("POST", `/v2/carts/${cart}/items`, { data: engraved(text) });
    expect(added.status).toBe(201);
  }
  // Each line alone is in stock: checkout sums them, and so does payment, should stock be gone by then.
  const refused = await open.checkOut(cart);
  expect([refused.status, refused.body.errors[0].title]).toEqual([400, "Insufficient stock"]);
  const increment = { data: { type: "stock-transaction", action: "increment", quantity: 1 } };
  expect((await open.ask("POST", `/v2/inventories/${scarce}/transactions`, increment)).status).toBeLessThan(
    300,
  );
  const placed = await open.checkOut(cart);
  expect(placed.status).toBe(201);
  await open.pay(await open.newOrder([{ productId: scarce }]));
  const paid = await open.pay(placed.body.data.id);
  expect([paid.status, paid.body.errors[0].meta.id]).toEqual([400, scarce]);
  expect((await open.stockOf(plenty)).allocated).toBe(0);
  expect((await open.stockOf(scarce)).allocated).toBe(1);
  await open.expectConsistent();
});

test("M4 twenty orders of two shoppers, and a thousand requests of fifty, all succeed on eight connections", async () => {
  shop = await openShop({ env: { CARTWRIGHT_POOL_SIZE: "8" } });
  const open = shop;
  const productId = await open.newProduct(100_000);
  const journeys = async (count: number): Promise<void> => {
    for (let made = 0; made < count; made += 1) {
      expect((await open.pay(await open.newOrder([{ productId }]))).status).toBe(201);
    }
  };
  await Promise.all([journeys(10), journeys(10)]);
  // Fifty shoppers with seven orders of three requests each.
  await Promise.all(Array.from({ length: 50 }, () => journeys(7)));
  expect(open.gateway.ledger).toHaveLength(370);
  expect((await open.stockOf(productId)).allocated).toBe(370);
});
