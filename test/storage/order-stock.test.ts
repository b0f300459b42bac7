import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { orderStorage } from "../../src/storage/postgres/orders.ts";
import { productStorage } from "../../src/storage/postgres/products.ts";
import { secretBox } from "../../src/storage/postgres/secret-box.ts";
import { stockStorage } from "../../src/storage/postgres/stock.ts";
import { waitUntil } from "../engine.ts";
import { aProduct } from "./a-product.ts";
import { anOrder } from "./an-order.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const STORE = "store-1";
const NOW = "2026-01-02T03:04:05.000Z";

let database: OpenDatabase;
let close: () => Promise<void>;
let count = 0;
const newId = () => `id${++count}`;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase(10));
});
afterAll(() => close());

async function soldOut(productId: string): Promise<void> {
  const first = { quantity: 1, movementId: newId(), actor: "test" };
  await productStorage(database).insert(STORE, aProduct({ id: productId }), first);
  await stockStorage(database).move(STORE, movement(productId, "allocate"));
}

const movement = (productId: string, action: "allocate" | "deallocate") => ({
  movementId: newId(),
  productId,
  location: "",
  action,
  quantity: 1,
  actor: "test",
  now: NOW,
});

const allocation = (productId: string) => ({
  stock: {
    action: "allocate",
    demands: [{ productId, location: "", quantity: 1 }],
    after: { state: "allocated", held: [] },
    actor: "test",
  } as const,
});

async function someoneWaits(): Promise<boolean> {
  const [row] = await database.runText<{ waiting: number }>(
    "select count(*) as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    [],
  );
  return row?.waiting === 1;
}

test("E3 pieces that are released while an order's allocation waits for them are given to it", async () => {
  await soldOut("p1");
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o1" }), []);
  let waiting: ReturnType<typeof orders.save> | undefined;
  await database.transaction(async (transaction) => {
    await stockStorage(transaction).move(STORE, movement("p1", "deallocate"));
    waiting = orders.save(STORE, anOrder({ id: "o1" }), [], allocation("p1"));
    await waitUntil(someoneWaits);
  });
  expect(await waiting).toMatchObject({
    kind: "saved",
    held: [{ productId: "p1", location: "", quantity: 1 }],
  });
  expect(await stockStorage(database).load(STORE, "p1")).toMatchObject([{ total: 1, allocated: 1 }]);
});

test("E3 pieces that are taken while an order's allocation waits for them are not given twice", async () => {
  await soldOut("p2");
  await stockStorage(database).move(STORE, movement("p2", "deallocate"));
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o2" }), []);
  let waiting: ReturnType<typeof orders.save> | undefined;
  await database.transaction(async (transaction) => {
    await stockStorage(transaction).move(STORE, movement("p2", "allocate"));
    waiting = orders.save(STORE, anOrder({ id: "o2" }), [], allocation("p2"));
    await waitUntil(someoneWaits);
  });
  expect(await waiting).toEqual({ kind: "insufficient", productId: "p2" });
  expect(await orders.load(STORE, "o2")).toMatchObject({ version: 1, stock: { state: "none", held: [] } });
  expect(await stockStorage(database).load(STORE, "p2")).toMatchObject([{ total: 1, allocated: 1 }]);
});

test("a product that is not counted any more is passed over, and what is held is still given back", async () => {
  const products = productStorage(database);
  const first = { quantity: 1, movementId: newId(), actor: "test" };
  await products.insert(STORE, aProduct({ id: "p3" }), first);
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o3" }), []);
  const held = await orders.save(STORE, anOrder({ id: "o3" }), [], allocation("p3"));
  expect(held).toMatchObject({ kind: "saved", held: [{ productId: "p3", quantity: 1 }] });
  await products.change(STORE, "p3", (product) => ({ ...product, manageStock: false }));

  await orders.insert(STORE, anOrder({ id: "o4" }), []);
  expect(await orders.save(STORE, anOrder({ id: "o4" }), [], allocation("p3"))).toMatchObject({
    kind: "saved",
    held: [],
  });
  const release = {
    ...allocation("p3").stock,
    action: "deallocate",
    after: { state: "none", held: [] },
  } as const;
  await orders.save(STORE, anOrder({ id: "o3", version: 2 }), [], { stock: release });
  expect(await stockStorage(database).load(STORE, "p3")).toMatchObject([{ total: 1, allocated: 0 }]);
});

test("an order holds what there is of a product that may be back-ordered, as it is when its turn comes", async () => {
  const first = { quantity: 5, movementId: newId(), actor: "test" };
  const product = aProduct({ id: "p-back", allowBackorder: true });
  await productStorage(database).insert(STORE, product, first);
  expect((await productStorage(database).load(STORE, "p-back"))?.available).toBeUndefined();
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o-back" }), []);
  const demands = [{ productId: "p-back", location: "", quantity: 4 }];
  let waiting: ReturnType<typeof orders.save> | undefined;
  await database.transaction(async (transaction) => {
    const taken = { ...movement("p-back", "allocate"), quantity: 3 };
    await stockStorage(transaction).move(STORE, taken);
    waiting = orders.save(STORE, anOrder({ id: "o-back" }), [], {
      stock: { action: "allocate", after: { state: "allocated", held: [] }, demands, actor: "test" },
    });
    await waitUntil(someoneWaits);
  });
  const held = [{ productId: "p-back", location: "", quantity: 2 }];
  expect(await waiting).toMatchObject({ kind: "saved", held });
  expect(await stockStorage(database).load(STORE, "p-back")).toMatchObject([{ total: 5, allocated: 5 }]);
});
