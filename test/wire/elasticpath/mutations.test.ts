import { afterAll, beforeAll, expect, test } from "vitest";
import { examineStore } from "../../../src/operations/examine-store.ts";
import { newReference, startTestEngine, type TestEngine } from "../../engine.ts";
import { type Json, mutationsOf } from "../mutations.ts";

/** How many mutated requests are sent; MUTATIONS=10000 for the long run. */
const COUNT = Number(process.env.MUTATIONS ?? 1000);
/** The run is repeated exactly with the seed that it printed. */
const SEED = Number(process.env.MUTATIONS_SEED ?? Date.now() % 1_000_000);
const { random, pick, mutated, mutatedText, mutatedPath } = mutationsOf(SEED);

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

type Request = { method: "GET" | "POST" | "PUT" | "DELETE"; path: string; body?: unknown };
function mutatedQuery(): string {
  const values = [
    "page[limit]=-1",
    "page[limit]=abc",
    "page[offset]=99999999999999999999",
    "page[limit]=1&page[limit]=2",
    "filter=eq(",
    "filter=eq(status,)",
    `filter=${"eq(id,a):".repeat(30)}`,
    "filter=gt(created_at,never)",
    "filter=like(name,*%25*)",
    "filter=eq(with_tax,1e400)",
    "sort=;drop table orders",
    "sort=-",
    `include=${"x,".repeat(500)}`,
    "filter[a]=b",
    "%",
    "&&==&",
    "page%5Blimit%5D=%00",
  ];
  return `?${pick(values)}`;
}

const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
};

/** Valid requests of every kind; what they name really exists. */
async function validRequests(): Promise<Request[]> {
  const { ask } = engine;
  // What earlier mutations may have changed.
  await ask("PUT", "/v2/gateways/manual", { data: { type: "gateway", enabled: true } });
  const cart = `/v2/carts/${newReference()}`;
  const item = { type: "cart_item", sku: "WF-NAPKIN", quantity: 1 };
  const items = await ask("POST", `${cart}/items`, { data: item });
  const itemId = items.body.data[0].id;
  const productId = items.body.data[0].product_id;
  const tax = await ask("POST", `${cart}/items/${itemId}/taxes`, {
    data: { type: "tax_item", name: "VAT", rate: 0.2 },
  });
  const checkout = {
    data: {
      customer: { name: "Ada", email: "ada@example.com" },
      billing_address: address,
      shipping_address: address,
    },
  };
  const placed = await ask("POST", `${cart}/checkout`, checkout);
  const order = `/v2/orders/${placed.body.data.id}`;
  const payment = { data: { gateway: "manual", method: "authorize", paymentmethod_meta: { name: "n" } } };
  const paid = await ask("POST", `${order}/payments`, payment);
  const transaction = `${order}/transactions/${paid.body.data.id}`;
  const person = { name: "Ada", email: `${newReference()}@example.com`, password: "correct horse battery" };
  const customer = await ask("POST", "/v2/customers", { data: { type: "customer", ...person } });
  const customerPath = `/v2/customers/${customer.body.data.id}`;
  const custom = { type: "custom_item", name: "Parcel", sku: "parcel", quantity: 1, price: { amount: 500 } };
  const product = {
    type: "product",
    name: "Thing",
    slug: newReference(),
    sku: newReference(),
    description: "d",
    manage_stock: true,
    stock: 5,
    status: "live",
    commodity_type: "physical",
    price: [{ amount: 100, currency: "USD", includes_tax: true }],
  };
  const currency = {
    type: "currency",
    code: "GBP",
    exchange_rate: 1,
    format: "£{price}",
    decimal_point: ".",
    thousand_separator: ",",
    decimal_places: 2,
    default: false,
    enabled: true,
  };
  return [
    {
      method: "POST",
      path: "/oauth/access_token",
      body: { grant_type: "implicit", client_id: engine.clientId },
    },
    { method: "POST", path: "/v2/carts", body: { data: { name: "n", description: "d" } } },
    { method: "GET", path: cart },
    { method: "GET", path: "/v2/carts" },
    {
      method: "PUT",
      path: cart,
      body: { data: { name: "n", custom_attributes: { a: { type: "string", value: "v" } } } },
    },
    { method: "POST", path: `${cart}/items`, body: { data: item } },
    {
      method: "POST",
      path: `${cart}/items`,
      body: { data: [item, custom], options: { add_all_or_nothing: true } },
    },
    { method: "POST", path: `${cart}/items`, body: { data: custom } },
    { method: "POST", path: `${cart}/items`, body: { data: { type: "promotion_item", code: "c" } } },
    {
      method: "PUT",
      path: `${cart}/items/${itemId}`,
      body: { data: { type: "cart_item", id: itemId, quantity: 2 } },
    },
    {
      method: "PUT",
      path: `${cart}/items`,
      body: { data: [{ type: "cart_item", id: itemId, quantity: 2 }] },
    },
    {
      method: "POST",
      path: `${cart}/items/${itemId}/taxes`,
      body: { data: { type: "tax_item", rate: 0.1 } },
    },
    {
      method: "PUT",
      path: `${cart}/items/${itemId}/taxes/${tax.body.data.id}`,
      body: { data: { rate: 0.3 } },
    },
    {
      method: "POST",
      path: `${cart}/relationships/customers`,
      body: { data: [{ type: "customer", id: customer.body.data.id }] },
    },
    { method: "POST", path: `${cart}/checkout`, body: checkout },
    { method: "GET", path: "/v2/orders" },
    { method: "GET", path: order },
    {
      method: "PUT",
      path: order,
      body: { data: { type: "order", shipping_address: { city: "Elsewhere" } } },
    },
    { method: "POST", path: "/v2/orders/anonymize", body: { data: { order_ids: [placed.body.data.id] } } },
    { method: "POST", path: `${order}/payments`, body: { data: { ...payment.data, amount: 1 } } },
    { method: "POST", path: `${transaction}/capture`, body: { data: { custom_reference: "r" } } },
    { method: "POST", path: `${transaction}/refund`, body: { data: { amount: 1 } } },
    { method: "POST", path: `${transaction}/cancel`, body: { data: { reason: "duplicate" } } },
    { method: "POST", path: `${transaction}/confirm`, body: { data: {} } },
    { method: "GET", path: `/v2/inventories/${productId}` },
    {
      method: "POST",
      path: `/v2/inventories/${productId}/transactions`,
      body: { data: { type: "stock-transaction", action: "increment", quantity: 1 } },
    },
    { method: "POST", path: "/v2/inventories/multiple", body: { data: [{ id: productId }] } },
    { method: "POST", path: "/v2/products", body: { data: product } },
    { method: "PUT", path: `/v2/products/${productId}`, body: { data: { type: "product", name: "N" } } },
    { method: "GET", path: "/v2/products" },
    { method: "GET", path: "/catalog/products" },
    { method: "POST", path: "/v2/currencies", body: { data: currency } },
    { method: "PUT", path: "/v2/settings", body: { data: { type: "settings", page_length: 50 } } },
    { method: "PUT", path: "/v2/settings/cart", body: { data: { type: "settings", cart_expiry_days: 30 } } },
    { method: "PUT", path: "/v2/gateways/manual", body: { data: { type: "gateway", enabled: true } } },
    { method: "POST", path: "/v2/customers", body: { data: { type: "customer", ...person } } },
    { method: "PUT", path: customerPath, body: { data: { type: "customer", name: "N" } } },
    { method: "POST", path: "/v2/customers/tokens", body: { data: { type: "token", ...person } } },
    {
      method: "POST",
      path: `${customerPath}/addresses`,
      body: { data: { type: "address", name: "Home", ...address } },
    },
    { method: "GET", path: "/v2/customers" },
    { method: "POST", path: "/v2/accounts", body: { data: { type: "account", name: "Acme" } } },
  ];
}

test(`${COUNT} random mutations of valid requests get a 4xx in the dialect's form or a valid answer, and nothing is half-written`, async () => {
  console.log(`mutations: MUTATIONS_SEED=${SEED}`);
  let templates: Request[] = [];
  let refused = 0;
  for (let sent = 0; sent < COUNT; sent += 1) {
    if (sent % 200 === 0) templates = await validRequests();
    const template = pick(templates);
    const way = random();
    const path =
      way < 0.12
        ? mutatedPath(template.path)
        : template.method === "GET" || way < 0.2
          ? template.path + mutatedQuery()
          : template.path;
    const whole = template.body as Json;
    const body =
      template.body === undefined
        ? undefined
        : way > 0.9
          ? mutatedText(JSON.stringify(whole))
          : mutated(whole);
    const key =
      random() < 0.1 ? { "idempotency-key": pick(["k", "a b", "k".repeat(300), "\u00e9"]) } : undefined;
    const odd = random() < 0.1 ? { "x-moltin-currency": pick(["EUR", "XXX", "", "usd"]) } : undefined;
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const what = `${template.method} ${path.slice(0, 300)} ${text?.slice(0, 500)} ${JSON.stringify({ ...key, ...odd })}`;
    const answer = await engine
      .ask(template.method, path, text, { headers: { ...key, ...odd } })
      .catch((error) => {
        throw new Error(`${what}: ${error}`);
      });
    expect(answer.status, what).toBeLessThan(500);
    if (answer.status < 400) continue;
    refused += 1;
    const [error] = answer.body.errors;
    expect(error, what).toMatchObject({ title: expect.any(String) });
    expect(Number(error.status), what).toBe(answer.status);
  }
  expect(refused).toBeGreaterThan(COUNT / 4);
  expect(await examineStore(engine.engine.core.deps, engine.engine.storeId)).toEqual([]);
  const orders = await engine.ask("GET", "/v2/orders?include=items&page[limit]=100");
  expect(orders.status).toBe(200);
  for (const order of orders.body.data) {
    const own = new Set(order.relationships.items.data.map((item: { id: string }) => item.id));
    const lines = orders.body.included.items.filter((item: { id: string }) => own.has(item.id));
    const sum = lines.reduce(
      (total: number, line: { meta: { display_price: { with_tax: { value: { amount: number } } } } }) =>
        total + line.meta.display_price.with_tax.value.amount,
      0,
    );
    expect(order.meta.display_price.with_tax.amount).toBe(sum);
  }
});

test("a body of more than 1 MiB is refused", async () => {
  const answer = await engine.ask("POST", "/v2/carts", {
    data: { name: "n", description: "d".repeat(1_100_000) },
  });
  expect(answer.status).toBe(413);
  expect(answer.body.errors[0]).toMatchObject({ status: 413, title: "Payload Too Large" });
});

test("a NUL character is refused wherever it comes in", async () => {
  const { ask } = engine;
  const asText = (path: string) => ask("GET", path).then(({ status }) => status);
  expect(await asText("/v2/inventories/%00")).toBe(404);
  expect(await asText("/v2/orders/a%00b")).toBe(404);
  expect(await asText("/v2/orders?filter=eq(name,a%00b)")).toBe(400);
  const named = await ask("POST", "/v2/carts", '{"data":{"name":"a\\u0000b"}}');
  expect(named.status).toBe(400);
  const form = new URLSearchParams({ grant_type: "implicit", client_id: "a\0b" });
  expect((await fetch(`${engine.url}/oauth/access_token`, { method: "POST", body: form })).status).toBe(400);
});
