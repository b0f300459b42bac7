import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StockDemand } from "../../src/domain/inventory/stock.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { orderStorage } from "../../src/storage/postgres/orders.ts";
import { productStorage } from "../../src/storage/postgres/products.ts";
import { secretBox } from "../../src/storage/postgres/secret-box.ts";
import { stockStorage } from "../../src/storage/postgres/stock.ts";
import { waitUntil } from "../engine.ts";
import { propertyRuns } from "../property-runs.ts";
import { aProduct } from "./a-product.ts";
import { anOrder } from "./an-order.ts";
import { openMigratedDatabase, someoneWaits } from "./migrated-database.ts";

// Orders that are saved with stock, by the statement that takes it without asking first, against the exact one.

const NOW = "2026-01-02T03:04:05.000Z";
const box = secretBox("a secret that is only for tests");

let database: OpenDatabase;
let close: () => Promise<void>;
let count = 0;
const newId = () => `id${++count}`;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase(10));
});
afterAll(() => close());

const demand = (productId: string, quantity: number): StockDemand => ({ productId, location: "", quantity });
const claimOf = (demands: readonly StockDemand[], likely?: readonly string[]) => ({
  stock: {
    action: "allocate",
    demands,
    after: { state: "allocated", held: [] },
    actor: "test",
    ...(likely && { likely: new Set(likely) }),
  } as const,
});
const placed = { type: "order.authorized", payload: { orderId: "o" } };

type Stocked = {
  readonly counted: boolean;
  readonly backorder: boolean;
  readonly pieces: number | undefined;
};

async function stocked(storeId: string, products: readonly Stocked[]): Promise<void> {
  for (const [index, { counted, backorder, pieces }] of products.entries()) {
    const product = aProduct({ id: `p${index}`, manageStock: counted, allowBackorder: backorder });
    const first = pieces === undefined ? undefined : { quantity: pieces, movementId: newId(), actor: "test" };
    await productStorage(database, randomUUID).insert(storeId, product, first);
  }
}

/** All that a claim can change in a store, without ids and times. */
async function seen(storeId: string) {
  const rows = (text: string) => database.runText<Record<string, unknown>>(text, [storeId]);
  return {
    order: await rows(
      "select version, status, stock_state, stock_held::jsonb as held from orders where store_id = $1",
    ),
    stock: await rows(
      "select product_id, location, total, allocated from stock where store_id = $1 order by 1, 2",
    ),
    movements: await rows(
      `select product_id, location, action, quantity, total_before, allocated_before, total_after, allocated_after,
              order_id, actor
         from stock_movement where store_id = $1 and action = 'allocate' order by product_id, location`,
    ),
    events: await rows(
      "select type, subject_id, payload from event where store_id = $1 and type like 'order.%' order by seq",
    ),
  };
}

test("E1 whatever the stock is and whatever is thought of it, both statements come to the same", async () => {
  const product = fc.record({
    counted: fc.boolean(),
    backorder: fc.boolean(),
    pieces: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
  });
  const cases = fc.record({
    products: fc.array(product, { minLength: 1, maxLength: 4 }),
    wanted: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
    likely: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    version: fc.constantFrom(1, 1, 1, 2),
  });
  let runs = 0;
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(cases, async ({ products, wanted, likely, version }) => {
      runs += 1;
      const demands = products.map((_, index) => demand(`p${index}`, wanted[index] as number));
      const outcomes = [];
      for (const guess of [undefined, demands.flatMap((d, index) => (likely[index] ? [d.productId] : []))]) {
        const storeId = `same-${runs}-${guess ? "quick" : "exact"}`;
        const orders = orderStorage(database, newId, box);
        await stocked(storeId, products);
        await orders.insert(storeId, anOrder({ id: "o" }), []);
        const saved = await orders.save(
          storeId,
          anOrder({ id: "o", version }),
          [placed],
          claimOf(demands, guess),
        );
        kinds.add(saved.kind);
        outcomes.push({ saved, seen: await seen(storeId) });
      }
      expect(outcomes[1]).toEqual(outcomes[0]);
    }),
    { numRuns: propertyRuns(60) },
  );
  expect([...kinds].sort()).toEqual(["conflict", "insufficient", "saved"]);
});

test("an order whose stock is as expected takes one statement, another two", async () => {
  const storeId = "counting";
  await stocked(storeId, [
    { counted: true, backorder: false, pieces: 3 },
    { counted: false, backorder: false, pieces: undefined },
  ]);
  const orders = orderStorage(database, newId, box);
  await orders.insert(storeId, anOrder({ id: "o1" }), []);
  await orders.insert(storeId, anOrder({ id: "o2" }), []);
  const statementsOf = async (orderId: string, likely: readonly string[]) => {
    const before = database.statementCount();
    const claim = claimOf([demand("p0", 1), demand("p1", 1)], likely);
    await orders.save(storeId, anOrder({ id: orderId }), [], claim);
    return database.statementCount() - before;
  };
  expect(await statementsOf("o1", ["p0"])).toBe(1);
  expect(await statementsOf("o2", ["p0", "p1"])).toBe(2);
});

test.each([
  ["released", 1, "deallocate", { kind: "saved", held: [demand("p0", 1)] }, [1, 1]],
  ["taken", 0, "allocate", { kind: "insufficient", productId: "p0" }, [1, 1]],
] as const)(
  "E3 pieces that are %s while a quick claim waits for them",
  async (name, taken, action, outcome, then) => {
    const storeId = `wait-${name}`;
    const move = (kind: "allocate" | "deallocate") => ({
      movementId: newId(),
      productId: "p0",
      location: "",
      action: kind,
      quantity: 1,
      actor: "test",
      now: NOW,
    });
    await stocked(storeId, [{ counted: true, backorder: false, pieces: 1 }]);
    if (taken) await stockStorage(database, randomUUID).move(storeId, move("allocate"));
    const orders = orderStorage(database, newId, box);
    await orders.insert(storeId, anOrder({ id: "o" }), []);
    let waiting: ReturnType<typeof orders.save> | undefined;
    await database.transaction(async (transaction) => {
      await stockStorage(transaction, randomUUID).move(storeId, move(action));
      waiting = orders.save(storeId, anOrder({ id: "o" }), [placed], claimOf([demand("p0", 1)], ["p0"]));
      await waitUntil(() => someoneWaits(database));
    });
    expect(await waiting).toMatchObject(outcome);
    const { order, stock, events } = await seen(storeId);
    expect(stock).toMatchObject([{ total: then[0], allocated: then[1] }]);
    const isSaved = outcome.kind === "saved";
    expect(order).toMatchObject([{ version: isSaved ? 2 : 1, stock_state: isSaved ? "allocated" : "none" }]);
    expect(events).toHaveLength(isSaved ? 1 : 0);
  },
);

test("E3 a claim that is short does not undo what its transaction did before", async () => {
  const storeId = "in-transaction";
  await stocked(storeId, [{ counted: true, backorder: false, pieces: 0 }]);
  await database.transaction(async (transaction) => {
    const orders = orderStorage(transaction, newId, box);
    await orders.insert(storeId, anOrder({ id: "o" }), [placed]);
    expect(await orders.save(storeId, anOrder({ id: "o" }), [], claimOf([demand("p0", 1)], ["p0"]))).toEqual({
      kind: "insufficient",
      productId: "p0",
    });
  });
  expect(await seen(storeId)).toMatchObject({ order: [{ version: 1, stock_state: "none" }], events: [{}] });
});

test("E1 of many orders that want the same products in any order, as many get them as there are", async () => {
  const storeId = "many";
  await stocked(storeId, [
    { counted: true, backorder: false, pieces: 5 },
    { counted: true, backorder: false, pieces: 9 },
    { counted: true, backorder: false, pieces: 7 },
  ]);
  const orders = orderStorage(database, newId, box);
  const ids = Array.from({ length: 30 }, (_, index) => `o${index}`);
  for (const id of ids) await orders.insert(storeId, anOrder({ id }), []);
  const demands = [demand("p0", 1), demand("p1", 1), demand("p2", 1)];
  const outcomes = await Promise.all(
    ids.map((id) => orders.save(storeId, anOrder({ id }), [placed], claimOf(demands, ["p0", "p1", "p2"]))),
  );
  expect(outcomes.filter(({ kind }) => kind === "saved")).toHaveLength(5);
  expect(outcomes.filter(({ kind }) => kind === "insufficient")).toHaveLength(25);
  const { stock, movements, events } = await seen(storeId);
  expect(stock.map(({ allocated }) => allocated)).toEqual([5, 5, 5]);
  expect(movements).toHaveLength(15);
  expect(events).toHaveLength(5);
});
