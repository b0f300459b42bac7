import { afterEach, expect, test } from "vitest";
import { byStatus, openShop, type Shop } from "./shop.ts";

let shop: Shop | undefined;
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

/** Looks at the three numbers again and again while `work` runs; answers every way in which they did not hold. */
async function watchNumbers(shop: Shop, productId: string, work: Promise<unknown>): Promise<string[]> {
  const violations: string[] = [];
  let running = true;
  const done = work.finally(() => {
    running = false;
  });
  while (running) {
    const { total, allocated } = await shop.stockOf(productId);
    if (!(0 <= allocated && allocated <= total)) violations.push(`${allocated} of ${total} allocated`);
  }
  await done;
  return violations;
}

const crowds = [
  { engines: 1, stock: 1, gateway: "fake" },
  { engines: 1, stock: 10, gateway: "fake" },
  { engines: 2, stock: 10, gateway: "fake" },
  { engines: 2, stock: 199, gateway: "fake" },
  { engines: 2, stock: 10, gateway: "manual" },
] as const;

test.each(crowds)(
  "E2 B5 E1 200 buyers for $stock pieces on $engines engine(s), paying through $gateway: one order for each piece",
  async ({ engines, stock, gateway }) => {
    shop = await openShop({ engines });
    const open = shop;
    const productId = await open.newProduct(stock);
    // At the very moment of each charge its order must already hold its piece.
    const unallocated: string[] = [];
    open.gateway.onEffect(async ({ orderId }) => {
      const order = await open.deps.storage.orders.load(open.context.store.storeId, orderId);
      if (order?.stock.state !== "allocated") unallocated.push(orderId);
    });
    const orders = await Promise.all(Array.from({ length: 200 }, () => open.newOrder([{ productId }])));
    const paying = Promise.all(orders.map((orderId) => open.pay(orderId, { gateway })));
    expect(await watchNumbers(open, productId, paying)).toEqual([]);

    const answers = await paying;
    expect(byStatus(answers)).toEqual({ 201: stock, 400: 200 - stock });
    const refusals = answers.filter(({ status }) => status === 400).map(({ body }) => body.errors[0]);
    expect(new Set(refusals.map(({ title }) => title))).toEqual(new Set(["Insufficient stock"]));
    // The others were told before any money moved: the gateway never heard of them.
    if (gateway === "fake") {
      expect(open.gateway.calls).toHaveLength(stock);
      expect(open.gateway.ledger).toHaveLength(stock);
    }
    expect(unallocated).toEqual([]);
    const paid = await open.sql("select id from orders where payment = 'paid'");
    expect(paid).toHaveLength(stock);
    expect(await open.movements(productId)).toEqual({ create: 1, allocate: stock });
    expect(await open.stockOf(productId)).toMatchObject({ total: stock, allocated: stock });
    await open.expectConsistent();
  },
);

test("E6 all of this holds in PostgreSQL's weakest isolation that it has", async () => {
  shop = await openShop();
  const [row] = await shop.sql<{ transaction_isolation: string }>("show transaction_isolation");
  expect(row?.transaction_isolation).toBe("read committed");
});

test("E1 the table itself refuses numbers that do not hold", async () => {
  shop = await openShop();
  const productId = await shop.newProduct(3);
  for (const change of ["allocated = 4", "allocated = -1", "total = -1", "total = 2, allocated = 3"]) {
    const violation = shop.sql(`update stock set ${change} where product_id = $1`, [productId]);
    await expect(violation).rejects.toThrow("stock_counts_hold");
  }
  expect(await shop.stockOf(productId)).toMatchObject({ total: 3, allocated: 0 });
});
