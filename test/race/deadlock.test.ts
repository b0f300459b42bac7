import { afterAll, beforeAll, expect, test } from "vitest";
import { newReference, waitUntil } from "../engine.ts";
import { openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const waiters = async (): Promise<number> => {
  const rows = await shop.sql(
    "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
  );
  return rows.length;
};

/**
 * Runs `request` so that it deadlocks with a transaction that takes the same two rows in the other order, and answers
 * what the shopper got and whether it was the engine that PostgreSQL chose to break off.
 */
async function deadlocked(
  [first, second]: readonly [lock: string, lock: string],
  request: () => Promise<{ status: number }>,
): Promise<{ status: number; brokenOff: boolean }> {
  const pool = shop.engines[0]?.engine.core.database.pool;
  const other = await pool?.connect();
  if (!other) throw new Error("no connection");
  try {
    await other.query("begin");
    await other.query(second);
    const answer = request();
    await waitUntil(async () => (await waiters()) === 1);
    // The engine holds the first row and waits for the second; it began to wait first, so it finds the deadlock first.
    const brokenOff = await other.query(first).then(
      () => true,
      () => false,
    );
    await other.query("commit").catch(() => other.query("rollback"));
    return { status: (await answer).status, brokenOff };
  } finally {
    other.release();
  }
}

const stockRow = (productId: string) => `select 1 from stock where product_id = '${productId}' for update`;

test("E5 a payment that PostgreSQL breaks off for a deadlock is tried again, and nobody sees it", async () => {
  let brokenOff = false;
  for (let round = 0; round < 5 && !brokenOff; round += 1) {
    const [a, b] = [await shop.newProduct(5), await shop.newProduct(5)].toSorted() as [string, string];
    const orderId = await shop.newOrder([{ productId: a }, { productId: b }]);
    const outcome = await deadlocked([stockRow(a), stockRow(b)], () => shop.pay(orderId));
    expect(outcome.status).toBe(201);
    expect(shop.gateway.taken(orderId)).toBe(2000);
    expect((await shop.stockOf(b)).allocated).toBe(1);
    brokenOff = outcome.brokenOff;
  }
  expect(brokenOff).toBe(true);
  await shop.expectConsistent();
});

test("E5 so is a whole transaction, with its idempotency key", async () => {
  let brokenOff = false;
  for (let round = 0; round < 5 && !brokenOff; round += 1) {
    const cancelled: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      const orderId = await shop.newOrder([{ productId: await shop.newProduct(5) }]);
      await shop.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", status: "cancelled" } });
      cancelled.push(orderId);
    }
    const rows = cancelled.map((orderId) => `select 1 from orders where id = '${orderId}' for update`);
    const key = newReference();
    const outcome = await deadlocked(rows as [string, string], () =>
      shop.ask(
        "POST",
        "/v2/orders/anonymize",
        { data: { order_ids: cancelled } },
        { headers: { "idempotency-key": key } },
      ),
    );
    expect(outcome.status).toBe(200);
    for (const orderId of cancelled) expect((await shop.order(orderId)).anonymized).toBe(true);
    expect(await shop.sql("select status from idempotency_key where key = $1", [key])).toEqual([
      { status: 200 },
    ]);
    brokenOff = outcome.brokenOff;
  }
  expect(brokenOff).toBe(true);
});
