import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countPieces } from "../../src/operations/count-pieces.ts";
import type { StockPort } from "../../src/operations/ports/stock.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { productStorage } from "../../src/storage/postgres/products.ts";
import { stockStorage } from "../../src/storage/postgres/stock.ts";
import { aProduct } from "./a-product.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const storeId = "store-1";
const now = "2026-01-02T03:04:05.000Z";
let count = 0;
const deps = { newId: () => `id${++count}`, now: () => now };
const context = { store: { storeId }, actor: { kind: "shop", label: "test" } } as Parameters<
  typeof countPieces
>[1];

let database: OpenDatabase;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
});
afterAll(() => close());

/** A product with so many pieces, and a stock port on which `meanwhile` happens after the first look. */
async function counted(pieces: number, meanwhile: (stock: StockPort, productId: string) => Promise<unknown>) {
  const productId = deps.newId();
  const first = { quantity: pieces, movementId: deps.newId(), actor: "test" };
  await productStorage(database, randomUUID).insert(storeId, aProduct({ id: productId }), first);
  const stock = stockStorage(database, randomUUID);
  let looks = 0;
  const port: StockPort = {
    ...stock,
    async load(store, id) {
      const rows = await stock.load(store, id);
      looks += 1;
      if (looks === 1) await meanwhile(stock, productId);
      return rows;
    },
  };
  return { productId, stock, port };
}

const sell = (quantity: number) => (stock: StockPort, productId: string) =>
  stock.move(storeId, {
    movementId: deps.newId(),
    productId,
    location: "",
    action: "allocate",
    quantity,
    actor: "a buyer",
    now,
  });

test("E1 pieces that are sold while their number is set stay sold", async () => {
  const { productId, stock, port } = await counted(10, sell(3));
  expect(await countPieces(deps, context, { stock: port }, productId, 42)).toEqual({ ok: true });
  expect(await stock.load(storeId, productId)).toMatchObject([{ total: 42, allocated: 3 }]);
});

test("E1 pieces that cannot be taken away, since they are sold meanwhile, are counted anew", async () => {
  const { productId, stock, port } = await counted(10, sell(9));
  expect(await countPieces(deps, context, { stock: port }, productId, 2)).toEqual({ ok: true });
  expect(await stock.load(storeId, productId)).toMatchObject([{ total: 11, allocated: 9 }]);
});

test("a product that nobody counted is counted from now on", async () => {
  const productId = deps.newId();
  await productStorage(database, randomUUID).insert(storeId, aProduct({ id: productId }), undefined);
  const stock = stockStorage(database, randomUUID);
  expect(await countPieces(deps, context, { stock }, productId, 5)).toEqual({ ok: true });
  expect(await countPieces(deps, context, { stock }, "nothing", 5)).toMatchObject({ ok: false });
  expect(await stock.load(storeId, productId)).toMatchObject([{ total: 5, allocated: 0 }]);
});
