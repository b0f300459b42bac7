import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { orderStorage } from "../../src/storage/postgres/orders.ts";
import { productStorage } from "../../src/storage/postgres/products.ts";
import { secretBox } from "../../src/storage/postgres/secret-box.ts";
import { stockStorage } from "../../src/storage/postgres/stock.ts";
import { waitUntil } from "../engine.ts";
import { aProduct } from "./a-product.ts";
import { anOrder } from "./an-order.ts";
import { openMigratedDatabase, someoneWaits } from "./migrated-database.ts";

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
  await productStorage(database, randomUUID).insert(STORE, aProduct({ id: productId }), first);
  await stockStorage(database, randomUUID).move(STORE, movement(productId, "allocate"));
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

test("E3 pieces that are released while an order's allocation waits for them are given to it", async () => {
  await soldOut("p1");
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o1" }), []);
  let waiting: ReturnType<typeof orders.save> | undefined;
  await database.transaction(async (transaction) => {
    await stockStorage(transaction, randomUUID).move(STORE, movement("p1", "deallocate"));
    waiting = orders.save(STORE, anOrder({ id: "o1" }), [], allocation("p1"));
    await waitUntil(() => someoneWaits(database));
  });
  expect(await waiting).toMatchObject({
    kind: "saved",
    held: [{ productId: "p1", location: "", quantity: 1 }],
  });
  expect(await stockStorage(database, randomUUID).load(STORE, "p1")).toMatchObject([
    { total: 1, allocated: 1 },
  ]);
});

test("E3 pieces that are taken while an order's allocation waits for them are not given twice", async () => {
  await soldOut("p2");
  await stockStorage(database, randomUUID).move(STORE, movement("p2", "deallocate"));
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o2" }), []);
  let waiting: ReturnType<typeof orders.save> | undefined;
  await database.transaction(async (transaction) => {
    await stockStorage(transaction, randomUUID).move(STORE, movement("p2", "allocate"));
    waiting = orders.save(STORE, anOrder({ id: "o2" }), [], allocation("p2"));
    await waitUntil(() => someoneWaits(database));
  });
  expect(await waiting).toEqual({ kind: "insufficient", productId: "p2" });
  expect(await orders.load(STORE, "o2")).toMatchObject({ version: 1, stock: { state: "none", held: [] } });
  expect(await stockStorage(database, randomUUID).load(STORE, "p2")).toMatchObject([
    { total: 1, allocated: 1 },
  ]);
});

test("a product that is not counted any more is passed over, and what is held is still given back", async () => {
  const products = productStorage(database, randomUUID);
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
  expect(await stockStorage(database, randomUUID).load(STORE, "p3")).toMatchObject([
    { total: 1, allocated: 0 },
  ]);
});

test("an order holds what there is of a product that may be back-ordered, as it is when its turn comes", async () => {
  const first = { quantity: 5, movementId: newId(), actor: "test" };
  const product = aProduct({ id: "p-back", allowBackorder: true });
  await productStorage(database, randomUUID).insert(STORE, product, first);
  expect((await productStorage(database, randomUUID).load(STORE, "p-back"))?.available).toBeUndefined();
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o-back" }), []);
  const demands = [{ productId: "p-back", location: "", quantity: 4 }];
  let waiting: ReturnType<typeof orders.save> | undefined;
  await database.transaction(async (transaction) => {
    const taken = { ...movement("p-back", "allocate"), quantity: 3 };
    await stockStorage(transaction, randomUUID).move(STORE, taken);
    waiting = orders.save(STORE, anOrder({ id: "o-back" }), [], {
      stock: { action: "allocate", after: { state: "allocated", held: [] }, demands, actor: "test" },
    });
    await waitUntil(() => someoneWaits(database));
  });
  const held = [{ productId: "p-back", location: "", quantity: 2 }];
  expect(await waiting).toMatchObject({ kind: "saved", held });
  expect(await stockStorage(database, randomUUID).load(STORE, "p-back")).toMatchObject([
    { total: 5, allocated: 5 },
  ]);
});

const at = (location: string, quantity: number, productId: string) => ({ productId, location, quantity });
const counted = async (productId: string, pieces: Readonly<Record<string, number>>, product: object = {}) => {
  await productStorage(database, randomUUID).insert(
    STORE,
    aProduct({ id: productId, ...product }),
    undefined,
  );
  for (const [location, quantity] of Object.entries(pieces)) {
    await stockStorage(database, randomUUID).create(STORE, {
      movementId: newId(),
      productId,
      location,
      quantity,
      actor: "test",
      now: NOW,
    });
  }
};
const claimOf = (productId: string, quantity: number, keys: readonly string[]) => ({
  stock: {
    ...allocation(productId).stock,
    demands: [at("", quantity, productId)],
    places: { keys, areChosen: true },
  },
});
const numbersOf = async (productId: string) =>
  (await stockStorage(database, randomUUID).load(STORE, productId)).map(({ location, total, allocated }) => [
    location,
    total,
    allocated,
  ]);

test("E7 an order draws on its places in their order, all or nothing", async () => {
  await counted("p-split", { a: 3, b: 2, c: 9 });
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o-split" }), []);
  const order = anOrder({ id: "o-split" });
  expect(await orders.save(STORE, order, [], claimOf("p-split", 6, ["b", "a"]))).toEqual({
    kind: "insufficient",
    productId: "p-split",
  });
  expect(await numbersOf("p-split")).toEqual([
    ["a", 3, 0],
    ["b", 2, 0],
    ["c", 9, 0],
  ]);
  const held = [at("a", 2, "p-split"), at("b", 2, "p-split")];
  expect(await orders.save(STORE, order, [], claimOf("p-split", 4, ["b", "a"]))).toMatchObject({ held });
  expect(await numbersOf("p-split")).toEqual([
    ["a", 3, 2],
    ["b", 2, 2],
    ["c", 9, 0],
  ]);
  expect((await orders.load(STORE, "o-split"))?.stock).toEqual({ state: "allocated", held });
});

test("E7 pieces that move while an allocation waits for them are drawn on as they are then", async () => {
  await counted("p-move", { a: 3, b: 0 });
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o-move" }), []);
  let waiting: ReturnType<typeof orders.save> | undefined;
  await database.transaction(async (transaction) => {
    const stock = stockStorage(transaction, randomUUID);
    await stock.move(STORE, { ...movement("p-move", "allocate"), location: "a", quantity: 2 });
    await stock.move(STORE, {
      ...movement("p-move", "allocate"),
      location: "b",
      action: "increment",
      quantity: 2,
    });
    waiting = orders.save(STORE, anOrder({ id: "o-move" }), [], claimOf("p-move", 3, ["a", "b"]));
    await waitUntil(() => someoneWaits(database));
  });
  const held = [at("a", 1, "p-move"), at("b", 2, "p-move")];
  expect(await waiting).toMatchObject({ kind: "saved", held });
  expect(await numbersOf("p-move")).toEqual([
    ["a", 3, 3],
    ["b", 2, 2],
  ]);
});

test("E7 what is counted at other places only is not sold, unless nobody minds or nobody counts it", async () => {
  await counted("p-else", { c: 5 });
  await counted("p-free", { c: 5 }, { manageStock: false });
  await counted("p-more", { c: 5 }, { allowBackorder: true });
  await counted("p-none", {});
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o-else" }), []);
  const order = anOrder({ id: "o-else" });
  expect(await orders.save(STORE, order, [], claimOf("p-else", 1, ["a"]))).toMatchObject({
    kind: "insufficient",
  });
  for (const [index, productId] of ["p-free", "p-more", "p-none"].entries()) {
    const again = anOrder({ id: "o-else", version: 1 + index });
    expect(await orders.save(STORE, again, [], claimOf(productId, 1, ["a"]))).toMatchObject({
      kind: "saved",
      held: [],
    });
  }
});

test("E5 an order that holds its pieces elsewhere does so as a whole, or where they are missing not at all", async () => {
  await counted("p-hold", { a: 2, b: 1 });
  const orders = orderStorage(database, newId, secretBox("a secret that is only for tests"));
  await orders.insert(STORE, anOrder({ id: "o-hold" }), []);
  await orders.save(STORE, anOrder({ id: "o-hold" }), [], claimOf("p-hold", 2, ["a"]));
  const rehold = (version: number, location: string, quantity: number) => {
    const held = [at("a", 2 - quantity, "p-hold"), at(location, quantity, "p-hold")];
    return orders.save(STORE, anOrder({ id: "o-hold", version }), [], {
      stock: {
        action: "rehold",
        instead: [at("a", quantity, "p-hold")],
        demands: [at(location, quantity, "p-hold")],
        after: { state: "allocated", held },
        actor: "test",
      },
    });
  };
  expect(await rehold(2, "b", 2)).toEqual({ kind: "insufficient", productId: "p-hold" });
  expect(await rehold(2, "nowhere", 1)).toEqual({ kind: "insufficient", productId: "p-hold" });
  expect(await rehold(2, "b", 1)).toMatchObject({ kind: "saved" });
  expect(await numbersOf("p-hold")).toEqual([
    ["a", 2, 1],
    ["b", 1, 1],
  ]);
  const { rows } = await stockStorage(database, randomUUID).movements(STORE, "p-hold", {
    filter: [],
    sort: undefined,
    limit: 10,
    offset: 0,
  });
  expect(
    rows
      .filter(({ orderId }) => orderId !== undefined)
      .map(({ action }) => action)
      .sort(),
  ).toEqual(["allocate", "allocate", "deallocate"]);
});
