import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ListQuery } from "../../src/operations/listing.ts";
import type { ProductPort, ProductScope } from "../../src/operations/ports/products.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { productStorage } from "../../src/storage/postgres/products.ts";
import { stockStorage } from "../../src/storage/postgres/stock.ts";
import { aProduct } from "./a-product.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const STORE = "store-1";
const NOW = "2026-01-02T03:04:05.000Z";
const all: ListQuery = { filter: [], sort: undefined, limit: 100, offset: 0 };
const allOf: ProductScope = { liveOnly: false, children: true };

let database: OpenDatabase;
let close: () => Promise<void>;
let products: ProductPort;
let count = 0;
const newId = () => `x${++count}`;
const initial = (quantity: number) => ({ quantity, movementId: newId(), actor: "test" });
const removal = () => ({ movementId: newId(), actor: "test", now: NOW });

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  products = productStorage(database, randomUUID);
});
afterAll(() => close());

async function idsOf(storeId: string, scope: ProductScope, query: ListQuery = all): Promise<string[]> {
  return (await products.list(storeId, scope, query)).rows.map(({ product }) => product.id);
}

describe("a new product", () => {
  test("comes back as it was stored, with its stock and the first movement", async () => {
    const product = aProduct({ id: newId(), details: { weight_grams: 5 }, options: { Colour: "Sand" } });
    expect(await products.insert(STORE, product, initial(7))).toBe("saved");
    expect(await products.load(STORE, product.id)).toEqual({ product, available: 7 });
    const { rows } = await stockStorage(database, randomUUID).movements(STORE, product.id, all);
    expect(rows).toMatchObject([{ action: "create", quantity: 7, totalAfter: 7 }]);
    expect(await products.load("another-store", product.id)).toBeUndefined();
  });

  test("is not counted without stock, or when it does not want to be", async () => {
    const uncounted = aProduct({ id: newId() });
    await products.insert(STORE, uncounted, undefined);
    expect((await products.load(STORE, uncounted.id))?.available).toBeUndefined();
    const endless = aProduct({ id: newId(), manageStock: false });
    await products.insert(STORE, endless, initial(3));
    expect((await products.load(STORE, endless.id))?.available).toBeUndefined();
  });

  test("does not take an id, sku or slug that is taken, and leaves an open transaction whole", async () => {
    const first = aProduct({ id: newId() });
    await products.insert(STORE, first, undefined);
    const other = aProduct({ id: newId() });
    await database.transaction(async (transaction) => {
      const inside = productStorage(transaction, randomUUID);
      expect(await inside.insert(STORE, { ...other, id: first.id }, initial(1))).toBe("id_taken");
      expect(await inside.insert(STORE, { ...other, sku: first.sku }, initial(1))).toBe("sku_taken");
      expect(await inside.insert(STORE, { ...other, slug: first.slug }, initial(1))).toBe("slug_taken");
      expect(await inside.insert(STORE, other, undefined)).toBe("saved");
    });
    expect((await products.load(STORE, other.id))?.product).toEqual(other);
    expect(await stockStorage(database, randomUUID).load(STORE, first.id)).toEqual([]);
    expect(await products.insert("another-store", first, undefined)).toBe("saved");
  });
});

describe("a change", () => {
  test("is made to what is stored now, by one at a time", async () => {
    const product = aProduct({ id: newId(), name: "" });
    await products.insert(STORE, product, undefined);
    await Promise.all(
      Array.from({ length: 10 }, () =>
        products.change(STORE, product.id, (before) => ({ ...before, name: `${before.name}x` })),
      ),
    );
    expect((await products.load(STORE, product.id))?.product.name).toBe("xxxxxxxxxx");
  });

  test("does not take a sku or slug that is taken, and leaves an open transaction whole", async () => {
    const [first, second] = [aProduct({ id: newId() }), aProduct({ id: newId() })];
    await products.insert(STORE, first, undefined);
    await products.insert(STORE, second, undefined);
    await database.transaction(async (transaction) => {
      const inside = productStorage(transaction, randomUUID);
      const change = (members: object) =>
        inside.change(STORE, second.id, (before) => ({ ...before, ...members }));
      expect(await change({ sku: first.sku })).toEqual({ kind: "sku_taken" });
      expect(await change({ slug: first.slug })).toEqual({ kind: "slug_taken" });
      expect(await change({ sku: "fresh" })).toMatchObject({
        kind: "saved",
        stocked: { product: { sku: "fresh" } },
      });
    });
    expect((await products.load(STORE, second.id))?.product.sku).toBe("fresh");
    expect(await products.change(STORE, "nobody", (before) => before)).toEqual({ kind: "not_found" });
  });
});

describe("deleting", () => {
  test("takes the variants and their stock along, and writes it down", async () => {
    const base = aProduct({ id: newId(), isBase: true });
    const variant = aProduct({ id: newId(), parentId: base.id });
    await products.insert(STORE, base, undefined);
    await products.insert(STORE, variant, initial(4));
    expect(await products.delete(STORE, base.id, removal())).toBe("deleted");
    expect(await products.load(STORE, variant.id)).toBeUndefined();
    const stock = stockStorage(database, randomUUID);
    expect(await stock.load(STORE, variant.id)).toEqual([]);
    const { rows } = await stock.movements(STORE, variant.id, {
      ...all,
      sort: { field: "created_at", descending: true },
    });
    expect(rows[0]).toMatchObject({ action: "delete", totalBefore: 4, totalAfter: 0 });
    expect(await products.delete(STORE, base.id, removal())).toBe("not_found");
  });

  test("is refused while orders hold pieces of it", async () => {
    const base = aProduct({ id: newId(), isBase: true });
    const variant = aProduct({ id: newId(), parentId: base.id });
    await products.insert(STORE, base, undefined);
    await products.insert(STORE, variant, initial(4));
    const held = { productId: variant.id, location: "", quantity: 1, actor: "test", now: NOW };
    await stockStorage(database, randomUUID).move(STORE, {
      ...held,
      action: "allocate",
      movementId: newId(),
    });
    expect(await products.delete(STORE, base.id, removal())).toBe("allocated");
    expect((await products.load(STORE, variant.id))?.available).toBe(3);
    expect(await products.load(STORE, base.id)).toBeDefined();
  });
});

describe("lists", () => {
  const store = "store-lists";
  beforeAll(async () => {
    const details = (collections: unknown, category?: string) => ({ details: { collections, category } });
    await products.insert(
      store,
      aProduct({ id: "a", isBase: true, ...details(["tea", "gifts"], "cups") }),
      undefined,
    );
    await products.insert(store, aProduct({ id: "b", parentId: "a" }), initial(2));
    await products.insert(store, aProduct({ id: "c", status: "draft", ...details(["tea"]) }), initial(9));
    await products.insert(
      store,
      aProduct({ id: "d", description: "of oak", ...details("oak", "cups") }),
      undefined,
    );
  });

  test("leave out variants and drafts where they should", async () => {
    expect(await idsOf(store, allOf)).toEqual(["a", "b", "c", "d"]);
    expect(await idsOf(store, { liveOnly: true, children: true })).toEqual(["a", "b", "d"]);
    expect(await idsOf(store, { liveOnly: true, children: false })).toEqual(["a", "d"]);
    expect(await idsOf(store, { liveOnly: true, children: false, parentId: "a" })).toEqual(["b"]);
    expect(await idsOf(store, { ...allOf, collection: "tea" })).toEqual(["a", "c"]);
    expect(await idsOf(store, { ...allOf, category: "cups" })).toEqual(["a", "d"]);
  });

  test("can be filtered by each of the fields, and sorted", async () => {
    const by = (field: string, operator: "eq" | "like" | "gt", value: string) =>
      idsOf(store, allOf, { ...all, filter: [[{ field, operator, values: [value] }]] });
    expect(await by("sku", "eq", "SKU-d")).toEqual(["d"]);
    expect(await by("description", "like", "*oak*")).toEqual(["d"]);
    expect(await by("status", "eq", "draft")).toEqual(["c"]);
    expect(await by("manage_stock", "eq", "false")).toEqual([]);
    expect(await by("stock", "gt", "2")).toEqual(["c"]);
    expect(await by("category.id", "eq", "cups")).toEqual(["a", "d"]);
    expect(await by("collection.id", "eq", "gifts")).toEqual(["a"]);
    expect(await by("brand.id", "eq", "x")).toEqual([]);
    const sorted = { ...all, sort: { field: "name", descending: true }, limit: 2 };
    expect(await idsOf(store, allOf, sorted)).toEqual(["d", "c"]);
  });

  test("are read whatever is in the texts of a product", async () => {
    const odd = "store-odd";
    await products.insert(
      odd,
      aProduct({ id: "a", name: "\ud800", description: 'half \udc00 \\ "' }),
      undefined,
    );
    const query: ListQuery = {
      ...all,
      filter: [[{ field: "description", operator: "like", values: ["half*"] }]],
      sort: { field: "description", descending: false },
    };
    expect(await idsOf(odd, allOf, query)).toEqual(["a"]);
    expect(await products.groups(odd)).toEqual([]);
    expect((await products.load(odd, "a"))?.product.name).toBe("\ud800");
  });

  test("groups count the products that shoppers see", async () => {
    expect(await products.groups(store)).toEqual([
      { kind: "category", slug: "cups", products: 2 },
      { kind: "collection", slug: "gifts", products: 1 },
      { kind: "collection", slug: "tea", products: 1 },
    ]);
  });
});

test("pictures of products are on record once, and stay", async () => {
  const image = { id: "i1", href: "/images/a.webp", mimeType: "image/webp", fileName: "a.webp" };
  const product = aProduct({ id: newId(), images: [image, image] });
  await products.insert("store-images", product, undefined);
  const second = { ...image, id: "i2" };
  await products.change("store-images", product.id, (before) => ({ ...before, images: [second, image] }));
  await products.delete("store-images", product.id, removal());
  const { rows, total } = await products.images("store-images", all);
  expect([total, rows.map((row) => row.image)]).toEqual([2, [image, second]]);
  expect((await products.image("store-images", "i2"))?.image).toEqual(second);
  expect(await products.image("another-store", "i2")).toBeUndefined();
});

describe("what groups the things that are sold", () => {
  test("is their base product, or themselves, and siblings are not read", async () => {
    const base = aProduct({ id: newId(), isBase: true });
    const variants = [1, 2].map(() => aProduct({ id: newId(), parentId: base.id }));
    const alone = aProduct({ id: newId() });
    for (const product of [base, ...variants, alone]) await products.insert(STORE, product, initial(3));
    const [chosen] = variants;
    const found = await products.grouped(STORE, [chosen?.id ?? "", alone.id, alone.id, "nobody"]);
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        { group: base, variant: { product: chosen, pieces: 3 } },
        { group: alone, variant: { product: alone, pieces: 3 } },
      ]),
    );
    expect(await products.grouped("another-store", [alone.id])).toEqual([]);
    expect(await products.grouped(STORE, [])).toEqual([]);
  });

  test("is nothing for a base product itself, and for a variant whose base product is gone", async () => {
    const base = aProduct({ id: newId(), isBase: true });
    const orphan = aProduct({ id: newId(), parentId: "gone" });
    for (const product of [base, orphan]) await products.insert(STORE, product, undefined);
    expect(await products.grouped(STORE, [base.id, orphan.id])).toEqual([]);
  });
});
