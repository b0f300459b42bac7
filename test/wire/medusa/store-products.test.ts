import { beforeAll, describe, expect, test } from "vitest";
import { engineId, wireId } from "../../../src/http/medusa/ids.ts";
import { startTestEngine } from "../../engine.ts";
import { aRegion, aShirt } from "./catalog-shop.ts";
import { clientNames, medusaClient } from "./clients.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
let europe: string;
beforeAll(async () => {
  europe = wireId("reg", await aRegion(wire));
});

const idsOf = (products: readonly { id: string }[]) => products.map(({ id }) => id);
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
const get = async (path: string, headers?: Record<string, string>): Promise<any> => {
  const { status, body } = await wire.ask("GET", path, undefined, headers ? { headers } : {});
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

describe.each(clientNames)("%s", (name) => {
  test("lists, finds and retrieves products and variants", async () => {
    const shirt = await aShirt(wire);
    const client = await medusaClient(name, wire);
    const page = await client.products.list({ limit: 1, offset: 0, region_id: europe, id: [shirt.id] });
    expect(page).toMatchObject({ count: 1, offset: 0, limit: 1, products: [{ id: shirt.id }] });
    expect((await client.products.list({ handle: shirt.handle })).products).toMatchObject([{ id: shirt.id }]);
    expect((await client.products.list({ created_at: { gt: "2999-01-01" } })).count).toBe(0);
    expect((await client.products.retrieve(shirt.id)).product).toMatchObject({ id: shirt.id });
    // As a starter calls it.
    const priced = await client.products.retrieve(`${shirt.id}?region_id=${europe}`);
    expect(priced.product.variants[0].calculated_price).toBe(1000);
    expect((await client.products.search({ q: shirt.title })).hits).toMatchObject([{ id: shirt.id }]);
    const ids = shirt.variants.map(({ id }: { id: string }) => id).join(",");
    const { variants } = await client.products.variants.list({ ids });
    expect(variants.map(({ title }: { title: string }) => title)).toEqual(["S", "L"]);
    const one = await client.products.variants.retrieve(variants[1].id);
    expect(one.variant).toMatchObject({ id: variants[1].id, product: { id: shirt.id } });
    expect((await client.collections.list({ limit: 3 })).collections).toEqual([]);
    const unknown = client.products.retrieve("prod_x");
    await expect(unknown).rejects.toMatchObject({
      response: {
        status: 404,
        data: { type: "not_found", message: "Product with id: prod_x was not found" },
      },
    });
  });
});

describe("prices", () => {
  test("are those of the region, the currency or the cart, with tax where it is known", async () => {
    const { id } = await aShirt(wire);
    const variant = async (query: string) =>
      (await get(`/store/products/${id}?${query}`)).product.variants[0];
    expect(await variant(`region_id=${europe}`)).toMatchObject({
      original_price: 1000,
      calculated_price: 1000,
      calculated_price_type: "default",
      calculated_price_includes_tax: false,
      calculated_price_incl_tax: 1200,
      calculated_tax: 200,
      tax_rates: [{ rate: 20, name: "default", code: "default" }],
      prices: [{ currency_code: "eur" }],
    });
    expect(await variant("currency_code=usd")).toMatchObject({
      calculated_price: 1200,
      calculated_price_incl_tax: null,
      tax_rates: null,
    });
    const unpriced = await variant("");
    expect(unpriced).toMatchObject({ original_price: null, calculated_price: null, tax_rates: null });
    expect(unpriced).not.toHaveProperty("calculated_price_type");
    expect(unpriced.prices).toHaveLength(2);
    for (const [query, status] of [
      ["region_id=reg_x", 404],
      ["cart_id=cart_x", 404],
    ] as const) {
      expect((await wire.ask("GET", `/store/products?${query}`)).status).toBe(status);
    }
  });

  test("for a region go before those of its currency, and the lowest is paid", async () => {
    const { id, variants } = await aShirt(wire);
    const path = `/admin/products/${id}/variants/${variants[0].id}`;
    await wire.admin("POST", path, {
      prices: [
        { currency_code: "eur", amount: 1000 },
        { region_id: europe, amount: 1300 },
        { currency_code: "eur", amount: 700, min_quantity: 10 },
      ],
    });
    const { product } = await get(`/store/products/${id}?region_id=${europe}`);
    expect(product.variants[0]).toMatchObject({ original_price: 1300, calculated_price: 1000 });
    expect(product.variants[0].prices).toMatchObject([
      { region_id: null, amount: 1000 },
      { region_id: europe, amount: 1300, currency_code: "eur" },
      { min_quantity: 10, amount: 700 },
    ]);
    // The other dialect sees the price that holds for everybody.
    const seen = await wire.engine.ask("GET", `/v2/products/${engineId("variant", variants[0].id)}`);
    expect(seen.body.data.price).toEqual([{ amount: 1000, currency: "EUR", includes_tax: false }]);
  });
});

test("a list is filtered, cut and sorted, and says what it does not know", async () => {
  const [first, second] = [
    await aShirt(wire, { title: "Zebra", is_giftcard: true }),
    await aShirt(wire, { title: "Antelope", description: "A striped thing" }),
  ];
  const draft = await aShirt(wire, { title: "Not yet", status: "draft" });
  expect(idsOf((await get("/store/products?limit=2")).products)).toEqual([second.id, first.id]);
  expect(idsOf((await get("/store/products?limit=1&offset=1")).products)).toEqual([first.id]);
  expect(idsOf((await get("/store/products?order=title&limit=1")).products)).toEqual([second.id]);
  expect(idsOf((await get("/store/products?is_giftcard=true")).products)).toEqual([first.id]);
  expect(idsOf((await get("/store/products?title=Zebra")).products)).toEqual([first.id]);
  expect(idsOf((await get("/store/products?q=STRIPED")).products)).toEqual([second.id]);
  expect(idsOf((await get(`/store/products?id[0]=${first.id}&id[1]=${draft.id}`)).products)).toEqual([
    first.id,
  ]);
  expect((await wire.ask("GET", `/store/products/${draft.id}`)).status).toBe(404);
  expect((await wire.ask("GET", `/store/variants/${draft.variants[0].id}`)).status).toBe(404);
  for (const query of ["foo=1", "limit=x", "order=nothing", "created_at[gt]=never", "expand=nothing"]) {
    const { status, body } = await wire.ask("GET", `/store/products?${query}`);
    expect([status, body.type], query).toEqual([400, "invalid_data"]);
  }
  const fields = await get(`/store/products/${first.id}?fields=title&expand=images,variants.prices`);
  expect(Object.keys(fields.product).sort()).toEqual(["id", "images", "title", "variants"]);
});

test("a publishable key shows what its channels sell", async () => {
  const { sales_channel: market } = await wire.admin("POST", "/admin/sales-channels", { name: "Market" });
  const there = await aShirt(wire, { sales_channels: [{ id: market.id }] });
  const elsewhere = await aShirt(wire);
  const { publishable_api_key: key } = await wire.admin("POST", "/admin/publishable-api-keys", {
    title: "market",
  });
  await wire.admin("POST", `/admin/publishable-api-keys/${key.id}/sales-channels/batch`, {
    sales_channel_ids: [{ id: market.id }],
  });
  const headers = { "x-publishable-api-key": key.id };
  const { products } = await get("/store/products", headers);
  expect(idsOf(products)).toEqual([there.id]);
  expect(products[0].sales_channels).toMatchObject([{ id: market.id }]);
  const refused = await wire.ask("GET", `/store/products/${elsewhere.id}`, undefined, { headers });
  expect([refused.status, refused.body.type]).toEqual([400, "invalid_data"]);
  const foreign = await wire.ask("GET", "/store/products?sales_channel_id[]=sc_x", undefined, { headers });
  expect([foreign.status, foreign.body.errors?.length]).toEqual([400, 1]);
  const unknown = { "x-publishable-api-key": "pk_nope" };
  expect((await get(`/store/products?id=${elsewhere.id}`, unknown)).count).toBe(1);
});

test("a page of products takes as many statements for twenty as for one", async () => {
  for (let made = 0; made < 20; made += 1) await aShirt(wire, { tags: [{ value: `t${made}` }] });
  // Counted is on an engine that has not changed the store itself: that one reads its setup anew for a while.
  const counted = await startTestEngine({
    env: { CARTWRIGHT_SEED: "none" },
    databaseUrl: wire.engine.databaseUrl,
  });
  const { database } = counted.engine.core;
  const statements = async (limit: number) => {
    let least = Number.POSITIVE_INFINITY;
    // Every second it does so, too.
    for (let time = 0; time < 5; time += 1) {
      const before = database.statementCount();
      const path = `/store/products?limit=${limit}&region_id=${europe}`;
      const { body } = await counted.ask("GET", path, undefined, { as: "none" });
      expect(body.products).toHaveLength(limit);
      least = Math.min(least, database.statementCount() - before);
    }
    return least;
  };
  try {
    expect(await statements(20)).toBe(await statements(1));
  } finally {
    await counted.close();
  }
});

describe("one catalog for both dialects", () => {
  test("a variant is a product of Elastic Path, with its base product, prices and stock", async () => {
    const { id, title, variants } = await aShirt(wire, { images: ["https://pictures.example/a.png"] });
    const baseId = engineId("prod", id);
    const variantId = engineId("variant", variants[0].id);
    const { data } = (await wire.engine.ask("GET", `/v2/products/${variantId}`)).body;
    expect(data).toMatchObject({
      name: `${title}, S`,
      sku: variants[0].sku,
      status: "live",
      manage_stock: true,
      price: [
        { amount: 1000, currency: "EUR" },
        { amount: 1200, currency: "USD" },
      ],
      meta: { stock: { level: 10, availability: "in-stock" } },
      relationships: { parent: { data: { id: baseId } } },
    });
    const base = (await wire.engine.ask("GET", `/catalog/products/${baseId}`, undefined, { as: "shopper" }))
      .body.data;
    const [size] = base.meta.variations;
    expect(size).toMatchObject({ name: "Size", options: [{ name: "S" }, { name: "L" }] });
    expect(base.meta.variation_matrix[size.options[0].id]).toBe(variantId);
    const added = await wire.engine.ask("POST", "/v2/carts/both/items", {
      data: { type: "cart_item", id: variantId, quantity: 2 },
    });
    expect(added.status).toBe(201);

    await wire.admin("POST", `/admin/products/${id}`, { title: "Blouse", status: "draft" });
    const renamed = (await wire.engine.ask("GET", `/v2/products/${variantId}`)).body.data;
    expect(renamed).toMatchObject({ name: "Blouse, S", status: "draft" });
  });

  test("a product of Elastic Path is sold here, as its own variant", async () => {
    const made = await wire.engine.ask("POST", "/v2/products", {
      data: {
        type: "product",
        name: "Kettle",
        slug: "kettle",
        sku: "KETTLE",
        description: "",
        manage_stock: true,
        stock: 4,
        price: [{ amount: 5000, currency: "EUR", includes_tax: true }],
        status: "live",
        commodity_type: "physical",
      },
    });
    const productId = made.body.data.id;
    const { product } = await get(`/store/products/${wireId("prod", productId)}?region_id=${europe}`);
    expect(product).toMatchObject({ title: "Kettle", handle: "kettle", options: [], collection: null });
    expect(product.variants).toMatchObject([
      {
        id: wireId("variant", productId),
        sku: "KETTLE",
        inventory_quantity: 4,
        calculated_price: 5000,
        calculated_price_includes_tax: true,
        calculated_price_incl_tax: 5000,
        calculated_tax: 833,
      },
    ]);
    const path = `/admin/products/${product.id}`;
    await wire.admin("POST", `${path}/variants/${product.variants[0].id}`, {
      inventory_quantity: 9,
      prices: [{ currency_code: "eur", amount: 6000 }],
    });
    const { data } = (await wire.engine.ask("GET", `/v2/products/${productId}`)).body;
    expect(data).toMatchObject({
      price: [{ amount: 6000, includes_tax: true }],
      meta: { stock: { level: 9 } },
    });
    const option = await wire.ask("POST", `${path}/options`, { title: "x" }, { as: "admin" });
    expect([option.status, option.body.type]).toEqual([400, "not_allowed"]);
  });
});
