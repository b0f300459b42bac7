import { beforeAll, describe, expect, test } from "vitest";
import { engineId } from "../../../src/http/medusa/ids.ts";
import { aRegion, aShirt } from "./catalog-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
beforeAll(() => aRegion(wire));

const titles = (product: { variants: { title: string }[] }) => product.variants.map(({ title }) => title);
/** Asks as one of the staff and answers the status and the message. */
async function refusedWith(method: string, path: string, body: unknown) {
  const answer = await wire.ask(method, path, body, { as: "admin" });
  return [answer.status, answer.body.type, answer.body.message];
}

describe("a product", () => {
  test("is made with options, variants, prices and stock", async () => {
    const product = await aShirt(wire, { title: "Linen Shirt", discountable: false, weight: 180 });
    expect(product).toMatchObject({
      id: expect.stringMatching(/^prod_[0-9A-Z]{26}$/),
      title: "Linen Shirt",
      handle: "linen-shirt",
      status: "published",
      description: null,
      discountable: false,
      is_giftcard: false,
      weight: 180,
      profile: { type: "default" },
      sales_channels: [{ is_disabled: false }],
      collection: null,
      tags: [],
    });
    const [option] = product.options;
    expect(option).toMatchObject({ title: "Size", product_id: product.id });
    expect(option.values.map(({ value }: { value: string }) => value)).toEqual(["S", "L"]);
    const [small, large] = product.variants;
    expect(small).toMatchObject({
      title: "S",
      variant_rank: 0,
      inventory_quantity: 10,
      manage_inventory: true,
    });
    expect(large).toMatchObject({
      title: "L",
      variant_rank: 1,
      inventory_quantity: 3,
      calculated_price: null,
    });
    expect(small.options).toEqual([option.values[0]]);
    expect(small.prices).toMatchObject([
      { currency_code: "eur", amount: 1000, region_id: null },
      { currency_code: "usd", amount: 1200 },
    ]);
    expect((await wire.admin("GET", `/admin/products/${product.id}`)).product).toEqual(product);
  });

  test("is refused whole when a part of it cannot be", async () => {
    const { variants } = await aShirt(wire);
    const body = (more: object) => ({ title: "Second", options: [{ title: "Size" }], ...more });
    const variant = (more: object) => ({ title: "S", options: [{ value: "S" }], ...more });
    const post = (more: object) => refusedWith("POST", "/admin/products", body(more));
    expect(await post({ variants: [variant({ sku: variants[0].sku })] })).toEqual([
      422,
      "duplicate_error",
      `Product_variant with sku ${variants[0].sku} already exists.`,
    ]);
    expect(await post({ variants: [variant({ options: [] })] })).toEqual([
      400,
      "invalid_data",
      "Product options length does not match variant options length. Product has 1 and variant has 0.",
    ]);
    expect((await post({ variants: [variant({}), variant({})] }))[0]).toBe(422);
    const dear = { prices: [{ currency_code: "xxx", amount: 1 }] };
    expect((await post({ variants: [variant(dear)] }))[0]).toBe(400);
    expect((await post({ collection_id: "pcol_x" }))[0]).toBe(404);
    expect((await post({ unknown: 1 }))[2]).toBe("property unknown should not exist");
    const { count } = await wire.admin("GET", "/admin/products?handle=second");
    expect(count).toBe(0);
  });

  test("cannot have another's handle", async () => {
    const { handle } = await aShirt(wire);
    expect(await refusedWith("POST", "/admin/products", { title: "Other", handle })).toEqual([
      422,
      "duplicate_error",
      `Product with handle ${handle} already exists.`,
    ]);
  });

  test("changes with its variants", async () => {
    const { id } = await aShirt(wire);
    const { product } = await wire.admin("POST", `/admin/products/${id}`, {
      title: "Renamed",
      subtitle: "Soft",
      status: "proposed",
      type: { value: "Shirts" },
      tags: [{ value: "summer" }, { value: "cotton" }],
      images: ["https://pictures.example/a.png"],
      metadata: { origin: "here" },
    });
    expect(product).toMatchObject({
      title: "Renamed",
      subtitle: "Soft",
      status: "proposed",
      type: { value: "Shirts" },
      images: [{ url: "https://pictures.example/a.png" }],
      thumbnail: "https://pictures.example/a.png",
      metadata: { origin: "here" },
    });
    expect(product.tags.map(({ value }: { value: string }) => value)).toEqual(["summer", "cotton"]);
    // The same type again is the same row.
    const again = await aShirt(wire, { type: { value: "Shirts" } });
    expect(again.type_id).toBe(product.type_id);
    const cleared = await wire.admin("POST", `/admin/products/${id}`, {
      type: null,
      subtitle: null,
      tags: [],
    });
    expect(cleared.product).toMatchObject({ type: null, subtitle: null, tags: [] });
  });

  test("keeps notes, and drops those that are set to nothing", async () => {
    const { id } = await aShirt(wire, { metadata: { a: 1 } });
    await wire.admin("POST", `/admin/products/${id}/metadata`, { key: "b", value: "2" });
    const { product } = await wire.admin("POST", `/admin/products/${id}/metadata`, { key: "a", value: "" });
    expect(product.metadata).toEqual({ b: "2" });
  });

  test("is deleted with its variants, also when it is gone already", async () => {
    const { id, variants } = await aShirt(wire);
    for (const _ of [1, 2]) {
      expect(await wire.admin("DELETE", `/admin/products/${id}`)).toEqual({
        id,
        object: "product",
        deleted: true,
      });
    }
    expect((await wire.ask("GET", `/store/products/${id}`)).status).toBe(404);
    expect((await wire.ask("GET", `/store/variants/${variants[0].id}`)).status).toBe(404);
  });
});

describe("a variant", () => {
  test("is added and taken away again, and its value of the option with it", async () => {
    const { id, options } = await aShirt(wire);
    const body = { title: "XL", prices: [], options: [{ option_id: options[0].id, value: "XL" }] };
    const { product } = await wire.admin("POST", `/admin/products/${id}/variants`, body);
    expect(titles(product)).toEqual(["S", "L", "XL"]);
    expect(product.options[0].values.map(({ value }: { value: string }) => value)).toEqual(["S", "L", "XL"]);
    expect(product.variants[2]).toMatchObject({ sku: null, variant_rank: 2, inventory_quantity: 0 });
    expect(await refusedWith("POST", `/admin/products/${id}/variants`, body)).toEqual([
      422,
      "duplicate_error",
      "Variant with title XL with provided options already exists",
    ]);
    const without = { ...body, options: [] };
    expect((await refusedWith("POST", `/admin/products/${id}/variants`, without))[2]).toBe(
      "Variant options do not contain value for Size",
    );
    const gone = product.variants[2].id;
    const left = await wire.admin("DELETE", `/admin/products/${id}/variants/${gone}`);
    expect(left).toMatchObject({ variant_id: gone, object: "product-variant", deleted: true });
    expect(titles(left.product)).toEqual(["S", "L"]);
    expect(left.product.options[0].values).toHaveLength(2);
  });

  test("says how many pieces can be sold, and the stock moves by the difference", async () => {
    const { id, variants } = await aShirt(wire);
    const { core, storeId } = wire.engine.engine;
    const productId = engineId("variant", variants[0].id);
    const { stock } = core.deps.storage;
    const moved = { productId, location: "", actor: "test", now: core.deps.now() };
    await stock.move(storeId, {
      ...moved,
      movementId: core.deps.newId(),
      action: "allocate",
      quantity: 4,
    });
    const changed = await wire.admin("POST", `/admin/products/${id}/variants/${variants[0].id}`, {
      inventory_quantity: 2,
      prices: [{ currency_code: "eur", amount: 900 }],
    });
    expect(changed.product.variants[0]).toMatchObject({
      inventory_quantity: 2,
      prices: [{ currency_code: "eur", amount: 900 }],
      title: "S",
    });
    expect(await stock.load(storeId, productId)).toMatchObject([{ total: 6, allocated: 4 }]);
    const list = { filter: [], sort: undefined, limit: 10, offset: 0 };
    const { rows } = await stock.movements(storeId, productId, list);
    expect(rows.map(({ action, quantity }) => [action, quantity])).toContainEqual(["decrement", 4]);
    // Orders hold pieces of it.
    const answer = await wire.ask("DELETE", `/admin/products/${id}`, undefined, { as: "admin" });
    expect(answer.status).toBe(400);
  });

  test("of another product is not found", async () => {
    const [one, other] = [await aShirt(wire), await aShirt(wire)];
    const path = `/admin/products/${one.id}/variants/${other.variants[0].id}`;
    expect((await wire.ask("POST", path, {}, { as: "admin" })).status).toBe(404);
  });

  test("is listed with the others, newest product first, and by what it is", async () => {
    const { id, variants } = await aShirt(wire);
    const page = await wire.admin("GET", "/admin/variants?limit=2");
    expect(page.variants.map((variant: { product_id: string }) => variant.product_id)).toEqual([id, id]);
    const { sku } = variants[1];
    expect((await wire.admin("GET", `/admin/variants?sku=${sku}`)).variants).toMatchObject([{ sku }]);
    expect(await wire.admin("GET", `/admin/variants?title=L&id=${variants[1].id}`)).toMatchObject({
      count: 1,
    });
    const found = await wire.admin("GET", `/admin/variants/${variants[1].id}`);
    expect(found.variant).toMatchObject({ sku, product: { id } });
    const own = await wire.admin("GET", `/admin/products/${id}/variants`);
    expect(own).toMatchObject({ count: 2, offset: 0, limit: 100 });
  });
});

test("the variants of a product are replaced as a whole", async () => {
  const { id, variants, options } = await aShirt(wire);
  const { product } = await wire.admin("POST", `/admin/products/${id}`, {
    variants: [
      { title: "XL", options: [{ option_id: options[0].id, value: "XL" }], inventory_quantity: 5 },
      { id: variants[0].id, title: "Small" },
    ],
  });
  expect(titles(product)).toEqual(["XL", "Small"]);
  expect(product.variants[1]).toMatchObject({
    id: variants[0].id,
    sku: variants[0].sku,
    inventory_quantity: 10,
  });
  expect(product.variants[0].inventory_quantity).toBe(5);
  // What is refused of the product leaves its variants as they are.
  const nowhere = { collection_id: "pcol_x", variants: [{ id: variants[0].id, title: "Lone" }] };
  expect((await refusedWith("POST", `/admin/products/${id}`, nowhere))[0]).toBe(404);
  expect(titles((await wire.admin("GET", `/admin/products/${id}`)).product)).toEqual(["XL", "Small"]);
});

test("options are added, renamed and taken away", async () => {
  const { id, options } = await aShirt(wire);
  const renamed = await wire.admin("POST", `/admin/products/${id}/options/${options[0].id}`, {
    title: "Cut",
  });
  expect(renamed.product.options).toMatchObject([{ id: options[0].id, title: "Cut" }]);
  expect(renamed.product.variants[0].options).toMatchObject([{ value: "S" }]);
  const { product } = await wire.admin("POST", `/admin/products/${id}/options`, { title: "Colour" });
  expect(product.options).toMatchObject([{ title: "Cut" }, { title: "Colour", values: [] }]);
  const left = await wire.admin("DELETE", `/admin/products/${id}/options/${options[0].id}`);
  expect(left).toMatchObject({ option_id: options[0].id, object: "option", deleted: true });
  expect(left.product.options).toMatchObject([{ title: "Colour" }]);
  expect(left.product.variants[0].options).toEqual([]);
  const unknown = await refusedWith("POST", `/admin/products/${id}/options/${options[0].id}`, { title: "x" });
  expect(unknown[0]).toBe(404);
});

test("staff only", async () => {
  const answer = await wire.ask("POST", "/admin/products", { title: "x" });
  expect([answer.status, answer.body]).toEqual([401, "Unauthorized"]);
});
