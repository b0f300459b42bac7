import type { ProductBase } from "@moltin/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AskOptions, startTestEngine, type TestEngine } from "../../engine.ts";
import { askDescribed } from "./described-answer.ts";
import { moltinClient } from "./moltin-client.ts";

let engine: TestEngine;
let shop: ReturnType<typeof moltinClient>;
let shopper: ReturnType<typeof moltinClient>;
const ask = (method: string, path: string, body?: unknown, options?: AskOptions) =>
  askDescribed(engine, method, path, body, options);
const asShopper = { as: "shopper" } as const;

beforeAll(async () => {
  engine = await startTestEngine();
  shop = moltinClient(engine, { secret: true });
  shopper = moltinClient(engine);
});
afterAll(() => engine.close());

let count = 0;
/** What a request for a new product holds. */
function newProduct(members: object = {}): ProductBase {
  const name = `made-${++count}`;
  return {
    type: "product",
    name,
    slug: name,
    sku: name.toUpperCase(),
    description: "made by a test",
    manage_stock: true,
    price: [{ amount: 1234, currency: "USD", includes_tax: true }],
    status: "live",
    commodity_type: "physical",
    ...members,
  };
}

async function created(members: object = {}) {
  const { status, body } = await ask("POST", "/v2/products", { data: newProduct(members) });
  expect(status).toBe(201);
  return body.data;
}

describe("products of the old API", () => {
  test("are created, read, changed and deleted with the vendor's SDK", async () => {
    const { data } = await shop.Products.Create(newProduct({ stock: 5 }));
    expect(data).toMatchObject({
      type: "product",
      stock: 5,
      meta: {
        stock: { level: 5, availability: "in-stock" },
        display_price: {
          with_tax: { amount: 1234, currency: "USD", formatted: "$12.34" },
          without_tax: { amount: 1234, currency: "USD", formatted: "$12.34" },
        },
        variation_matrix: [],
      },
      price: [{ amount: 1234, currency: "USD", includes_tax: true }],
    });
    expect((await shopper.Products.Get(data.id)).data).toEqual(data);
    const changed = await shop.Products.Update(data.id, { name: "Another name" });
    expect(changed.data).toMatchObject({
      name: "Another name",
      slug: data.slug,
      stock: 5,
      price: data.price,
    });
    await shop.Products.Delete(data.id);
    await expect(shopper.Products.Get(data.id)).rejects.toEqual({
      errors: [
        {
          status: 404,
          title: "Product not found",
          detail: "The requested product could not be found",
          meta: { id: data.id },
        },
      ],
    });
    expect((await ask("GET", `/v2/inventories/${data.id}`)).status).toBe(404);
  });

  test("show the price in the currency that is asked for, or none", async () => {
    const product = await created({
      price: [
        { amount: 1000, currency: "USD", includes_tax: false },
        { amount: 900, currency: "EUR", includes_tax: true },
      ],
    });
    const path = `/v2/products/${product.id}`;
    const inCurrency = async (currency: string) =>
      (await ask("GET", path, undefined, { headers: { "x-moltin-currency": currency } })).body.data.meta;
    expect((await inCurrency("EUR")).display_price.with_tax).toEqual({
      amount: 900,
      currency: "EUR",
      formatted: "€9.00",
    });
    expect((await ask("GET", path)).body.data.meta.display_price.with_tax.formatted).toBe("$10.00");
    expect(await inCurrency("JPY")).not.toHaveProperty("display_price");
    const inEuro = moltinClient(engine, { headers: { "X-MOLTIN-CURRENCY": "EUR" } });
    const { data } = await inEuro.Products.Get(product.id);
    expect(data.meta.display_price.with_tax.currency).toBe("EUR");
  });

  test("that are drafts are seen by the shop alone", async () => {
    const { id, sku } = await created({ status: "draft" });
    expect((await ask("GET", `/v2/products/${id}`)).status).toBe(200);
    expect((await ask("GET", `/v2/products/${id}`, undefined, asShopper)).status).toBe(404);
    const list = `/v2/products?filter=eq(sku,${sku})`;
    expect((await ask("GET", list)).body.data).toHaveLength(1);
    expect((await ask("GET", list, undefined, asShopper)).body.data).toEqual([]);
  });

  test("are written by the shop alone", async () => {
    const { id } = await created();
    for (const [method, path, body] of [
      ["POST", "/v2/products", { data: newProduct() }],
      ["PUT", `/v2/products/${id}`, { data: { name: "mine" } }],
      ["DELETE", `/v2/products/${id}`, undefined],
    ] as const) {
      expect((await ask(method, path, body, asShopper)).status).toBe(403);
    }
    expect((await ask("GET", "/v2/products", undefined, { as: "none" })).status).toBe(401);
  });

  test("do not take a sku or slug that another has", async () => {
    const first = await created();
    const second = await created();
    for (const [member, title] of [
      ["sku", "SKU taken"],
      ["slug", "Slug taken"],
    ] as const) {
      const taken = { [member]: first[member] };
      const again = await ask("POST", "/v2/products", { data: newProduct(taken) });
      expect(again).toMatchObject({ status: 422, body: { errors: [{ title, meta: taken }] } });
      const moved = await ask("PUT", `/v2/products/${second.id}`, { data: taken });
      expect(moved).toMatchObject({ status: 422, body: { errors: [{ title, meta: taken }] } });
    }
    const key = { headers: { "idempotency-key": "change-twice" } };
    const kept = await ask("PUT", `/v2/products/${second.id}`, { data: { sku: first.sku } }, key);
    expect(kept.status).toBe(422);
  });

  test("have at most one price in each of the store's currencies", async () => {
    const price = { amount: 1, currency: "USD", includes_tax: false };
    const twice = await ask("POST", "/v2/products", { data: newProduct({ price: [price, price] }) });
    expect(twice).toMatchObject({
      status: 400,
      body: { errors: [{ detail: "There is more than one price in USD" }] },
    });
    const other = { ...price, currency: "XXX" };
    expect((await ask("POST", "/v2/products", { data: newProduct({ price: [other] }) })).status).toBe(400);
  });

  test("say which member is wrong", async () => {
    const wrong = async (members: object) =>
      (await ask("POST", "/v2/products", { data: newProduct(members) })).body.errors[0].source;
    expect(await wrong({ name: "" })).toBe("data.name");
    expect(await wrong({ sku: "x".repeat(256) })).toBe("data.sku");
    expect(await wrong({ slug: "with space" })).toBe("data.slug");
    expect(await wrong({ status: "hidden" })).toBe("data.status");
    expect(await wrong({ stock: -1 })).toBe("data.stock");
    expect(await wrong({ price: [{ amount: -1, currency: "USD" }] })).toBe("data.price.0.amount");
    expect(await wrong({ price: [{ amount: 1e12, currency: "USD" }] })).toBe("data.price.0.amount");
    const { body } = await ask("POST", "/v2/products", { data: { type: "product" } });
    expect(body.errors.map((error: { source: string }) => error.source)).toEqual(
      expect.arrayContaining(["data.name", "data.slug", "data.sku", "data.manage_stock", "data.price"]),
    );
  });

  test("are filtered, sorted, paged and come with their pictures", async () => {
    const { data, included, meta } = await shopper.Products.With(["main_image", "files"] as never)
      .Limit(2)
      .Sort("-name")
      .Filter({ eq: { commodity_type: "physical" }, like: { sku: "WF-*" } })
      .All();
    expect(meta.results.total).toBe(13);
    expect(data.map((product) => product.name)).toEqual(["Woodsmoke candle", "Ridge pitcher"]);
    const [first] = data;
    const main = first?.relationships.main_image?.data as { id: string };
    const images = (included as unknown as { main_images: { id: string; link: { href: string } }[] })
      .main_images;
    const image = images.find(({ id }) => id === main.id);
    expect(image?.link.href).toBe(`${engine.url}/images/woodsmoke-candle.webp`);
    expect((await fetch(image?.link.href ?? "")).status).toBe(200);
    const file = await ask("GET", `/v2/files/${main.id}`, undefined, asShopper);
    expect(file.body.data).toMatchObject({ file_name: "woodsmoke-candle.webp", mime_type: "image/webp" });
    expect((await ask("GET", "/v2/files?page[limit]=1")).body.data).toHaveLength(1);
    expect((await ask("GET", "/v2/files/none")).status).toBe(404);
  });

  test("that group variants say how to find them, and the variants are listed when the store says so", async () => {
    const list = async () =>
      (await ask("GET", "/v2/products?filter=like(sku,WF-MUG*)", undefined, asShopper)).body;
    const [base, ...others] = (await list()).data;
    expect(others).toEqual([]);
    const [variation] = base.meta.variations;
    expect(variation.options.map((option: { name: string }) => option.name)).toEqual([
      "Oat",
      "Sage",
      "Clay",
      "Ink",
    ]);
    const ink = variation.options[3];
    const chosen = base.meta.variation_matrix[ink.id];
    const variant = (await ask("GET", `/v2/products/${chosen}`, undefined, asShopper)).body.data;
    expect(variant).toMatchObject({
      sku: "WF-MUG-INK",
      stock: 18,
      relationships: { parent: { data: { id: base.id } } },
    });
    await ask("PUT", "/v2/settings", { data: { type: "settings", list_child_products: true } });
    expect((await list()).data).toHaveLength(5);
    await ask("PUT", "/v2/settings", { data: { type: "settings", list_child_products: false } });
    expect((await list()).data).toHaveLength(1);
  });

  test("get their main image from the pictures that are on record", async () => {
    const { id } = await created();
    const picture = (await ask("GET", "/v2/files?page[limit]=1")).body.data[0];
    await shop.Products.CreateRelationships(id, "main-image", picture.id);
    const { body } = await ask("GET", `/v2/products/${id}?include=main_image`);
    expect(body.data.relationships.main_image.data).toEqual({ type: "main_image", id: picture.id });
    expect(body.included.main_images[0].link.href).toBe(picture.link.href);
    await shop.Products.DeleteRelationships(id, "main-image", picture.id);
    expect((await ask("GET", `/v2/products/${id}`)).body.data.relationships).toEqual({});
    const path = `/v2/products/${id}/relationships/main-image`;
    expect((await ask("PUT", path, { data: { type: "main_image", id: "none" } })).status).toBe(404);
    const nobody = "/v2/products/nobody/relationships/main-image";
    expect((await ask("DELETE", nobody)).status).toBe(404);
  });

  test("stay while orders hold pieces of them", async () => {
    const { id } = await created({ stock: 2 });
    const move = (action: string) =>
      ask("POST", `/v2/inventories/${id}/transactions`, {
        data: { type: "stock-transaction", action, quantity: 1 },
      });
    await move("allocate");
    expect((await ask("DELETE", `/v2/products/${id}`)).status).toBe(422);
    expect((await ask("DELETE", `/v2/inventories/${id}`)).status).toBe(422);
    await move("deallocate");
    expect((await ask("DELETE", `/v2/products/${id}`)).status).toBe(204);
    expect((await ask("DELETE", `/v2/products/${id}`)).status).toBe(404);
  });

  test("H6 a yen has no decimals, whatever the store shows", async () => {
    const yen = {
      type: "currency",
      code: "JPY",
      exchange_rate: 150,
      format: "¥{price}",
      decimal_point: ".",
      thousand_separator: ",",
      decimal_places: 0,
      default: false,
      enabled: true,
    };
    const { body } = await ask("POST", "/v2/currencies", { data: yen });
    const product = await created({ price: [{ amount: 1500, currency: "JPY", includes_tax: true }] });
    const shown = async () => {
      const answer = await ask("GET", `/v2/products/${product.id}`, undefined, {
        headers: { "x-moltin-currency": "JPY" },
      });
      return answer.body.data.meta.display_price.with_tax;
    };
    expect(await shown()).toEqual({ amount: 1500, currency: "JPY", formatted: "¥1,500" });
    await ask("PUT", `/v2/currencies/${body.data.id}`, { data: { type: "currency", decimal_places: 2 } });
    expect(await shown()).toEqual({ amount: 1500, currency: "JPY", formatted: "¥1,500.00" });
  });
});

describe("the shopper's catalog", () => {
  test("is read with the vendor's SDK", async () => {
    const release = await shopper.ShopperCatalog.Get();
    expect(release.data).toMatchObject({ type: "catalog-release", meta: { release_status: "PUBLISHED" } });
    const page = await shopper.ShopperCatalog.Products.With("main_image").Limit(3).All();
    expect(page.data).toHaveLength(3);
    const { data } = await shopper.ShopperCatalog.Products.Filter({
      eq: { sku: "WF-PITCHER" },
    } as never).All();
    const pitcher = data[0];
    expect(pitcher).toMatchObject({
      type: "product",
      attributes: { sku: "WF-PITCHER", status: "live", price: { USD: { includes_tax: false } } },
      meta: { catalog_source: "pim", display_price: { without_tax: { currency: "USD" } } },
    });
    const got = await shopper.ShopperCatalog.Products.Get({ productId: pitcher?.id ?? "" });
    expect(got.data.id).toBe(pitcher?.id);
  });

  test("shows the variants of a base product", async () => {
    const { body } = await ask(
      "GET",
      "/catalog/products?filter=eq(sku,WF-MUG)&include=main_image,files",
      undefined,
      asShopper,
    );
    const [base] = body.data;
    expect(body.included.files).toHaveLength(5);
    expect(base.attributes.base_product).toBe(true);
    const children = await ask(
      "GET",
      `/catalog/products/${base.id}/relationships/children`,
      undefined,
      asShopper,
    );
    expect(children.body.meta.results.total).toBe(4);
    const oat = children.body.data.find(
      (child: { attributes: { sku: string } }) => child.attributes.sku === "WF-MUG-OAT",
    );
    expect(oat).toMatchObject({
      attributes: { base_product_id: base.id },
      meta: { child_variations: [{ name: "Glaze", option: { name: "Oat" } }] },
    });
    expect((await ask("GET", "/catalog/products/nobody/relationships/children")).status).toBe(404);
  });

  test("does not show drafts, not even to the shop", async () => {
    const { id, sku } = await created({ status: "draft" });
    expect((await ask("GET", `/catalog/products/${id}`)).status).toBe(404);
    expect((await ask("GET", `/catalog/products?filter=eq(sku,${sku})`)).body.data).toEqual([]);
  });

  test("groups products in nodes by collection and category", async () => {
    const { data } = await shopper.ShopperCatalog.Hierarchies.All();
    expect(data.map(({ id }) => id)).toEqual(["collections", "categories"]);
    const nodes = await shopper.ShopperCatalog.Hierarchies.GetHierarchyNodes({ hierarchyId: "collections" });
    expect(nodes.data.map((node) => (node as { attributes: { name: string } }).attributes.name)).toEqual([
      "Good to give",
      "Making room",
      "Reading corner",
      "Slow table",
    ]);
    const node = nodes.data[3]?.id ?? "";
    const inNode = await shopper.ShopperCatalog.Products.GetProductsByNode({ nodeId: node });
    expect(inNode.data.length).toBeGreaterThan(0);
    for (const product of inNode.data) {
      expect((product.meta as { bread_crumb_nodes: string[] }).bread_crumb_nodes).toContain(node);
    }
    const all = await ask("GET", "/catalog/nodes", undefined, asShopper);
    expect(all.body.meta.results.total).toBeGreaterThan(4);
    expect((await ask("GET", `/catalog/nodes/${node}`)).body.data.id).toBe(node);
    expect((await ask("GET", `/catalog/nodes/${node}/relationships/children`)).body.data).toEqual([]);
    expect((await ask("GET", `/catalog/nodes/${node}/relationships/products`)).body.data).not.toEqual([]);
    expect((await ask("GET", "/catalog/hierarchies/categories")).status).toBe(200);
    expect(
      (await ask("GET", "/catalog/hierarchies/categories/products?page[limit]=1")).body.data,
    ).toHaveLength(1);
    expect((await ask("GET", "/catalog/hierarchies/categories/children")).body.data).not.toEqual([]);
    for (const path of [
      "hierarchies/none",
      "hierarchies/none/nodes",
      "nodes/none",
      "nodes/collection-none",
    ]) {
      expect((await ask("GET", `/catalog/${path}`)).status).toBe(404);
    }
  });

  test("says that nothing here can be configured", async () => {
    const { body } = await ask("GET", "/catalog/products?page[limit]=1");
    const productId = body.data[0].id;
    const options = { productId, selectedOptions: { a: { b: 1 } } };
    await expect(shopper.ShopperCatalog.Products.Configure(options)).rejects.toMatchObject({
      errors: [{ status: 422, meta: { id: productId } }],
    });
    const path = "/catalog/products/nobody/configure";
    expect((await ask("POST", path, { data: { selected_options: {} } })).status).toBe(404);
  });
});
