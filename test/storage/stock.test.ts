import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_STOCK } from "../../src/domain/inventory/stock.ts";
import type { MoveStock, StockMovement, StockPort } from "../../src/operations/ports/stock.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { productStorage } from "../../src/storage/postgres/products.ts";
import { stockStorage } from "../../src/storage/postgres/stock.ts";
import { waitUntil } from "../engine.ts";
import { aProduct } from "./a-product.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const STORE = "store-1";
const NOW = "2026-01-02T03:04:05.000Z";
const everything = { filter: [], sort: { field: "created_at", descending: false }, limit: 1000, offset: 0 };

let database: OpenDatabase;
let close: () => Promise<void>;
let stock: StockPort;
let count = 0;
const newId = () => `m${++count}`;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase(60));
  stock = stockStorage(database, randomUUID);
});
afterAll(() => close());

/** A product with so many pieces. */
async function stockOf(quantity: number): Promise<string> {
  const product = aProduct({ id: `p${++count}` });
  await productStorage(database, randomUUID).insert(STORE, product, undefined);
  await stock.create(STORE, creation(product.id, quantity));
  return product.id;
}

const creation = (productId: string, quantity: number) => ({
  movementId: newId(),
  productId,
  location: "",
  quantity,
  actor: "test",
  now: NOW,
});

const movement = (productId: string, action: MoveStock["action"], quantity: number): MoveStock => ({
  movementId: newId(),
  productId,
  location: "",
  action,
  quantity,
  actor: "test",
  now: NOW,
});

const move = (productId: string, action: MoveStock["action"], quantity: number) =>
  stock.move(STORE, movement(productId, action, quantity));

async function numbers(productId: string): Promise<[total: number, allocated: number]> {
  const [row] = await stock.load(STORE, productId);
  if (!row) throw new Error("no stock row");
  return [row.total, row.allocated];
}

/** What the log says the numbers are, having checked that every row goes on where the one before ended. */
async function replayed(productId: string): Promise<[total: number, allocated: number]> {
  const { rows } = await stock.movements(STORE, productId, everything);
  let now: [number, number] = [0, 0];
  for (const row of rows as readonly StockMovement[]) {
    expect([row.totalBefore, row.allocatedBefore]).toEqual(now);
    now = [row.totalAfter, row.allocatedAfter];
  }
  return now;
}

describe("moving stock", () => {
  test("each action moves the numbers as the inventory page says", async () => {
    const id = await stockOf(10);
    const steps: [MoveStock["action"], number, [number, number]][] = [
      ["increment", 5, [15, 0]],
      ["allocate", 4, [15, 4]],
      ["decrement", 3, [12, 4]],
      ["deallocate", 1, [12, 3]],
      ["set", 7, [7, 3]],
    ];
    for (const [action, quantity, [total, allocated]] of steps) {
      const moved = await move(id, action, quantity);
      expect(moved).toMatchObject({ kind: "moved", row: { total, allocated } });
      expect(await numbers(id)).toEqual([total, allocated]);
    }
  });

  test("E1 whatever would break 0 <= allocated <= total is refused and nothing moves", async () => {
    const id = await stockOf(5);
    await move(id, "allocate", 3);
    for (const [action, quantity] of [
      ["decrement", 3],
      ["allocate", 3],
      ["deallocate", 4],
      ["increment", MAX_STOCK],
    ] as const) {
      expect(await move(id, action, quantity)).toMatchObject({
        kind: "refused",
        row: { total: 5, allocated: 3 },
      });
    }
    expect(await numbers(id)).toEqual([5, 3]);
    expect(await replayed(id)).toEqual([5, 3]);
  });

  test("E1 the database refuses a violation that comes past all of this", async () => {
    const id = await stockOf(5);
    const violate = (assignment: string) =>
      database.runText(`update stock set ${assignment} where store_id = $1 and product_id = $2`, [STORE, id]);
    await expect(violate("allocated = 6")).rejects.toThrow("stock_counts_hold");
    await expect(violate("allocated = -1")).rejects.toThrow("stock_counts_hold");
    await expect(violate("total = -1")).rejects.toThrow("stock_counts_hold");
  });

  test("E8 the total is not set below what is allocated, and the numbers are told", async () => {
    const id = await stockOf(5);
    await move(id, "allocate", 3);
    expect(await move(id, "set", 2)).toMatchObject({ kind: "refused", row: { total: 5, allocated: 3 } });
    expect(await move(id, "set", 3)).toMatchObject({ kind: "moved", row: { total: 3, allocated: 3 } });
  });

  test("a product that nobody counts is not found", async () => {
    expect(await move("nobody", "increment", 1)).toEqual({ kind: "not_found" });
  });

  test("E3 fifty workers that call the function itself never allocate more than there is", async () => {
    const id = await stockOf(30);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const kinds: string[] = [];
        for (let round = 0; round < 4; round++) kinds.push((await move(id, "allocate", 1)).kind);
        return kinds;
      }),
    );
    expect(outcomes.flat().filter((kind) => kind === "moved")).toHaveLength(30);
    expect(await numbers(id)).toEqual([30, 30]);
    expect(await replayed(id)).toEqual([30, 30]);
  });

  test("E10 after a crowd of all actions the log gives the numbers", async () => {
    const id = await stockOf(20);
    const actions = ["increment", "decrement", "allocate", "deallocate", "set"] as const;
    await Promise.all(
      Array.from({ length: 50 }, async (_, worker) => {
        for (let round = 0; round < 6; round++) {
          await move(
            id,
            actions[(worker + round) % 5] as MoveStock["action"],
            1 + ((worker * 7 + round) % 9),
          );
        }
      }),
    );
    const [total, allocated] = await numbers(id);
    expect(0 <= allocated && allocated <= total).toBe(true);
    expect(await replayed(id)).toEqual([total, allocated]);
  });

  test("E3 pieces that are released while an allocation waits for them are given to it", async () => {
    const id = await stockOf(1);
    await move(id, "allocate", 1);
    let waiting: ReturnType<typeof move> | undefined;
    await database.transaction(async (transaction) => {
      await stockStorage(transaction, randomUUID).move(STORE, movement(id, "deallocate", 1));
      waiting = move(id, "allocate", 1);
      await waitUntil(async () => {
        const [row] = await database.runText<{ n: number }>(
          "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
          [],
        );
        return row?.n === 1;
      });
    });
    expect(await waiting).toMatchObject({ kind: "moved", row: { total: 1, allocated: 1 } });
    expect(await replayed(id)).toEqual([1, 1]);
  });
});

describe("stock rows", () => {
  test("are created once, for products that exist", async () => {
    expect(await stock.create(STORE, creation("nobody", 1))).toEqual({ kind: "product_not_found" });
    const id = await stockOf(5);
    expect(await stock.create(STORE, creation(id, 9))).toEqual({ kind: "exists" });
    expect(await numbers(id)).toEqual([5, 0]);
    expect(await stock.load("another-store", id)).toEqual([]);
  });

  test("are created once by a crowd", async () => {
    const product = aProduct({ id: `p${++count}` });
    await productStorage(database, randomUUID).insert(STORE, product, undefined);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => stock.create(STORE, creation(product.id, 3))),
    );
    expect(outcomes.filter((outcome) => outcome.kind === "created")).toHaveLength(1);
    expect(await replayed(product.id)).toEqual([3, 0]);
  });

  test("stay as long as orders hold pieces", async () => {
    const id = await stockOf(5);
    await move(id, "allocate", 1);
    const removal = { movementId: newId(), productId: id, actor: "test", now: NOW };
    expect(await stock.delete(STORE, removal)).toBe("allocated");
    await move(id, "deallocate", 1);
    expect(await stock.delete(STORE, removal)).toBe("deleted");
    expect(await stock.delete(STORE, { ...removal, movementId: newId() })).toBe("not_found");
    expect(await stock.load(STORE, id)).toEqual([]);
    expect(await replayed(id)).toEqual([0, 0]);
  });

  test("are listed by product, in pages", async () => {
    const own = stockStorage(database, randomUUID);
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) {
      const product = aProduct({ id: `listed-${index}` });
      await productStorage(database, randomUUID).insert("store-list", product, {
        quantity: index,
        movementId: newId(),
        actor: "test",
      });
      ids.push(product.id);
    }
    const query = { filter: [], sort: undefined, limit: 2, offset: 1 };
    const { rows, total } = await own.list("store-list", query);
    expect([total, rows.map((row) => [row.productId, row.total])]).toEqual([
      3,
      [
        ["listed-1", 1],
        ["listed-2", 2],
      ],
    ]);
    expect((await own.loadMany("store-list", [...ids, "nobody"])).map((row) => row.productId)).toEqual(ids);
  });

  test("a movement is found by its id and product", async () => {
    const id = await stockOf(5);
    const wanted = movement(id, "increment", 2);
    await stock.move(STORE, wanted);
    const found = await stock.movement(STORE, id, wanted.movementId);
    expect(found).toMatchObject({
      action: "increment",
      quantity: 2,
      totalBefore: 5,
      totalAfter: 7,
      actor: "test",
    });
    expect(await stock.movement(STORE, "another", wanted.movementId)).toBeUndefined();
    expect(await stock.movement("another-store", id, wanted.movementId)).toBeUndefined();
  });
});
