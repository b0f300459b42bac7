import { expect, test } from "vitest";
import { useMedusa } from "./harness.ts";

const wire = useMedusa({ CARTWRIGHT_SEED: "demo" });

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
const get = async (path: string): Promise<any> => {
  const answer = await wire.ask("GET", path);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};

test("storefronts find in the demo store what they are built from", async () => {
  const { regions } = await get("/store/regions");
  const { products, count } = await get(`/store/products?limit=100&region_id=${regions[0].id}`);
  expect(count).toBe(products.length);
  expect(count).toBeGreaterThan(10);
  for (const product of products) {
    expect(product).toMatchObject({
      status: "published",
      description: expect.stringMatching(/\S/),
      thumbnail: expect.stringMatching(/^http/),
      collection: { id: product.collection_id, handle: expect.any(String) },
      type: { id: product.type_id },
      profile_id: expect.any(String),
    });
    expect(product.tags.length).toBeGreaterThan(0);
    expect(product.variants.length).toBeGreaterThan(0);
    for (const variant of product.variants) {
      expect(variant.calculated_price).toBeGreaterThan(0);
      expect(variant.options).toHaveLength(product.options.length);
    }
  }
  const mug = products.find(({ handle }: { handle: string }) => handle === "hearth-mug");
  expect(mug).toMatchObject({ weight: 410, origin_country: "PT", material: "Stoneware", subtitle: null });
  expect(mug.options).toMatchObject([{ title: "Glaze" }]);
  expect(mug.variants.map(({ title }: { title: string }) => title)).toEqual(["Oat", "Sage", "Clay", "Ink"]);
  const picture = await fetch(mug.thumbnail);
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/webp"]);
});

test("a product that stands alone is its own only variant", async () => {
  const { products } = await get("/store/products?handle=ridge-pitcher");
  const [pitcher] = products;
  expect(pitcher.options).toEqual([]);
  expect(pitcher.variants).toMatchObject([
    { sku: "WF-PITCHER", title: "Ridge pitcher", inventory_quantity: 3, product_id: pitcher.id },
  ]);
  expect(pitcher.variants[0].id.split("_")[1]).toBe(pitcher.id.split("_")[1]);
});

test("what is sold out cannot be bought, beside what can", async () => {
  const { products } = await get("/store/products?handle=field-notebook");
  const sold = products[0].variants.map(
    ({ inventory_quantity: pieces, purchasable }: { inventory_quantity: number; purchasable: boolean }) => [
      pieces > 0,
      purchasable,
    ],
  );
  expect(sold).toContainEqual([false, false]);
  expect(sold).toContainEqual([true, true]);
  const { products: vouchers } = await get("/store/products?handle=gift-voucher-50");
  expect(vouchers[0].variants).toMatchObject([{ manage_inventory: false, purchasable: true }]);
});

test("the first collections, which front pages show, are those of the file, and none is all but empty", async () => {
  const { collections } = await get("/store/collections");
  expect(collections.map(({ handle }: { handle: string }) => handle)).toEqual([
    ...["slow-table", "reading-corner", "making-room", "good-to-give"],
  ]);
  for (const { id } of collections) {
    expect((await get(`/store/products?collection_id[]=${id}`)).count).toBeGreaterThan(2);
  }
});

test("collections, the tree of categories, tags and types can be walked", async () => {
  const { collections, count } = await get("/store/collections");
  expect(count).toBe(4);
  const slow = await get("/store/collections?handle[0]=slow-table");
  expect(slow.collections).toMatchObject([{ title: "The slow table" }]);
  expect((await get(`/store/collections/${collections[0].id}`)).collection).toEqual(collections[0]);
  const inIt = await get(`/store/products?collection_id[]=${slow.collections[0].id}`);
  expect(inIt.count).toBeGreaterThan(3);

  const top = await get("/store/product-categories?parent_category_id=null&include_descendants_tree=true");
  const kitchen = top.product_categories.find(
    ({ handle }: { handle: string }) => handle === "kitchen-and-table",
  );
  expect(kitchen.category_children.map(({ handle }: { handle: string }) => handle)).toEqual([
    "cups-and-pots",
    "bowls-and-boards",
    "kitchen-linen",
  ]);
  const alone = await get(`/store/products?category_id[]=${kitchen.id}`);
  expect(alone.count).toBe(0);
  const below = await get(`/store/products?category_id[]=${kitchen.id}&include_category_children=true`);
  expect(below.count).toBeGreaterThan(5);
  const child = await get(`/store/product-categories/${kitchen.category_children[0].id}`);
  expect(child.product_category.parent_category).toMatchObject({ handle: "kitchen-and-table" });

  const { product_tags: tags } = await get("/store/product-tags?value[]=Linen");
  expect((await get(`/store/products?tags[]=${tags[0].id}`)).count).toBe(3);
  expect((await get("/store/products?tags[]=Linen")).count).toBe(3);
  expect((await get("/store/products?tags[]=Linen&tags[]=Wool")).count).toBe(4);
  expect((await get("/store/products?tags[]=Nothing+of+the+kind")).count).toBe(0);
  const { product_types: types } = await get("/store/product-types?q=textil");
  expect((await get(`/store/products?type_id[]=${types[0].id}`)).count).toBe(3);
});

test("a search finds products by their texts and those of their variants", async () => {
  const hits = async (q: string) => {
    const { status, body } = await wire.ask("POST", "/store/products/search", { q });
    expect(status).toBe(200);
    return body.hits.map(({ handle }: { handle: string }) => handle);
  };
  expect(await hits("hearth mug")).toEqual(["hearth-mug"]);
  expect(await hits("WF-MUG-INK")).toEqual(["hearth-mug"]);
  expect(await hits("100 %_\\")).toEqual([]);
});
