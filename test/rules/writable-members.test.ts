import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { elasticPathDialect } from "../../src/http/elasticpath/dialect.ts";
import { newReference, startTestEngine, type TestEngine } from "../engine.ts";
import { fakeGateway, waitForShopper } from "../fake-gateway.ts";
import { buildWorld, type World } from "./world.ts";

let engine: TestEngine;
let world: World;
const gateway = fakeGateway();
beforeAll(async () => {
  gateway.otherwise(waitForShopper);
  engine = await startTestEngine({ surroundings: { gateways: [gateway] } });
  world = await buildWorld(engine);
  const { deps } = engine.engine.core;
  const setting = { slug: gateway.slug, enabled: true, settings: {} };
  await deps.storage.gatewaySettings.save(engine.engine.storeId, setting, deps.now());
});
afterAll(() => engine.close());

/** Every member that any route takes or shows, and what the engine itself calls things. */
function everyMember(): string[] {
  const names = new Set<string>();
  const visit = (schema: unknown): void => {
    if (schema === null || typeof schema !== "object") return;
    if ("properties" in schema && schema.properties !== null) {
      for (const name of Object.keys(schema.properties as object)) names.add(name);
    }
    for (const part of Object.values(schema)) visit(part);
  };
  for (const { body, shownBody, responses } of elasticPathDialect.routes) visit([body, shownBody, responses]);
  const inside =
    "paid isPaid paid_at store_id storeId version unitAmount totals payments operations stock held allocated cancelledAt " +
    "fulfilledAt fullyPaidAt buyer buyer_id customer_id customerId account_id accountId member_id role roles admin owner " +
    "passwordHash password_hash doc state expiresAt expires_at currency discount discounts shipping_price tax taxes " +
    "subtotal total price prices cost balance_owing is_manual promotion_source auto_add_quantity";
  for (const name of inside.split(" ")) names.add(name);
  return [...names];
}

const money = { amount: 1, currency: "USD", includes_tax: true };
const values: readonly [string, unknown][] = [
  ["a small number", 1],
  ["a price", money],
  ["a paid status", "paid"],
  ["a final status", "complete"],
  ["true", true],
  ["a list of prices", [money]],
  [
    "displayed money",
    { display_price: { with_tax: money, paid: money, balance_owing: { ...money, amount: 0 } } },
  ],
];

type Body = Record<string, unknown>;

/** A public request: what it takes, a good body, and everything that can be seen of what it did. */
type Case = {
  readonly name: string;
  /** Members that the request takes; what they do is tested elsewhere. */
  readonly takes: string;
  /** Members of the body that hold members themselves, and what those take. */
  readonly inner?: Readonly<Record<string, string>>;
  prepare(): Promise<{ path: string; method: string; body: Body; look: readonly string[] }>;
};

const guest = { name: "Ada", email: "ada@example.com" };
const billing = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  county: "Kent",
  postcode: "90210",
  country: "US",
  region: "CA",
};
const addressMembers =
  "first_name last_name company_name line_1 line_2 line_3 city county region postcode country phone_number instructions";

async function guestCart(): Promise<string> {
  const cart = newReference();
  const data = { type: "cart_item", id: await world.newProduct(), quantity: 2 };
  await world.ask("shopper", "POST", `/v2/carts/${cart}/items`, { data });
  return cart;
}

async function guestOrder(): Promise<string> {
  const data = { customer: guest, billing_address: billing };
  const placed = await world.ask("shopper", "POST", `/v2/carts/${await guestCart()}/checkout`, { data });
  return placed.body.data.id;
}

const cases: readonly Case[] = [
  {
    name: "creating a cart",
    takes:
      "id name description contact custom_attributes discount_settings inventory_settings item_settings snapshot_date",
    async prepare() {
      const id = newReference();
      return { method: "POST", path: "/v2/carts", body: { id, name: "Mine" }, look: [`/v2/carts/${id}`] };
    },
  },
  {
    name: "changing a cart",
    takes:
      "id name description contact custom_attributes discount_settings inventory_settings item_settings snapshot_date",
    async prepare() {
      const path = `/v2/carts/${await guestCart()}`;
      return { method: "PUT", path, body: { description: "Mine" }, look: [path, `${path}/items`] };
    },
  },
  {
    name: "adding a product",
    takes: "type id sku quantity custom_inputs location shipping_group_id tax",
    async prepare() {
      const path = `/v2/carts/${newReference()}/items`;
      const body = { type: "cart_item", id: await world.newProduct(), quantity: 1 };
      return { method: "POST", path, body, look: [path] };
    },
  },
  {
    name: "adding a custom item",
    takes: "type name quantity price sku description custom_inputs shipping_group_id tax",
    inner: { price: "amount includes_tax" },
    async prepare() {
      const path = `/v2/carts/${newReference()}/items`;
      const body = { type: "custom_item", name: "Wrapping", quantity: 1, price: { amount: 500 } };
      return { method: "POST", path, body, look: [path] };
    },
  },
  {
    name: "changing a product's line",
    // Texts and the price of a line that is no product may be changed; for a product see below.
    takes: "type id quantity custom_inputs location shipping_group_id name sku description price",
    async prepare() {
      const cart = `/v2/carts/${await guestCart()}`;
      const { body } = await world.ask("shopper", "GET", `${cart}/items`);
      const path = `${cart}/items/${body.data[0].id}`;
      return { method: "PUT", path, body: { type: "cart_item", quantity: 3 }, look: [`${cart}/items`] };
    },
  },
  {
    name: "checking out",
    takes: "customer account contact billing_address shipping_address order_number external_ref",
    inner: { customer: "id name email", billing_address: addressMembers },
    async prepare() {
      const cart = `/v2/carts/${await guestCart()}`;
      const body = { customer: guest, billing_address: billing };
      return { method: "POST", path: `${cart}/checkout`, body, look: [`${cart}/items`] };
    },
  },
  {
    name: "paying",
    takes: "gateway method amount payment paymentmethod_meta options number verification_value cvv card",
    async prepare() {
      const order = `/v2/orders/${await guestOrder()}`;
      const body = { gateway: gateway.slug, method: "purchase" };
      return { method: "POST", path: `${order}/payments`, body, look: [order, `${order}/transactions`] };
    },
  },
  {
    name: "registering",
    takes: "type name email password external_ref",
    async prepare() {
      const body = {
        type: "customer",
        name: "Ada",
        email: `${randomUUID()}@example.com`,
        password: "12345678",
      };
      return { method: "POST", path: "/v2/customers", body, look: [] };
    },
  },
];

/** The same for every id, moment and reference. */
const comparable = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "id")
    .replace(/[0-9a-f]{32}/g, "reference")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "moment");

function withMembers(body: Body, names: readonly string[], taken: string, value: unknown): Body {
  const known = new Set(taken.split(" "));
  const added = names.filter((name) => !known.has(name)).map((name) => [name, value] as const);
  return Object.fromEntries([...added, ...Object.entries(body)]);
}

test.each(cases)(
  "O2 $name takes what is listed, and nothing else",
  async ({ takes, inner = {}, prepare }) => {
    const names = everyMember();
    expect(names.length).toBeGreaterThan(200);
    const run = async (change: (body: Body) => Body) => {
      const { method, path, body, look } = await prepare();
      const answer = await world.ask("shopper", method, path, { data: change(body) });
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      const seen = [];
      for (const place of look) seen.push((await world.ask("shop", "GET", place)).body);
      return comparable([answer.body, seen]);
    };
    const plain = await run((body) => body);
    for (const [what, value] of values) {
      const changed = await run((body) => {
        const deep = Object.entries(inner).map(([name, taken]) => [
          name,
          withMembers(body[name] as Body, names, taken, value),
        ]);
        return withMembers({ ...body, ...Object.fromEntries(deep) }, names, takes, value);
      });
      expect(changed, what).toBe(plain);
    }
  },
);

test("O2 a product's line keeps the product's name and price", async () => {
  const cart = `/v2/carts/${await guestCart()}`;
  const [line] = (await world.ask("shopper", "GET", `${cart}/items`)).body.data;
  const data = { type: "cart_item", name: "Free", sku: "FREE", description: "Free", price: { amount: 0 } };
  const { status, body } = await world.ask("shopper", "PUT", `${cart}/items/${line.id}`, { data });
  expect(status).toBe(200);
  const { name, sku, description, unit_price } = line;
  expect(body.data[0]).toMatchObject({ name, sku, description, unit_price });
});

test("O2 prices of custom items come from the shop alone, if the store says so", async () => {
  await world.shop("PUT", "/v2/settings/cart", { type: "settings", custom_items_by_shoppers: false });
  try {
    const data = { type: "custom_item", name: "Wrapping", quantity: 1, price: { amount: 500 } };
    const path = `/v2/carts/${newReference()}/items`;
    expect((await world.ask("shopper", "POST", path, { data })).status).toBe(403);
    const added = await world.ask("shop", "POST", path, { data });
    expect(added.status).toBe(201);
    const line = `${path}/${added.body.data[0].id}`;
    for (const change of [{ price: { amount: 1 } }, { price: { includes_tax: false } }, { name: "Free" }]) {
      expect((await world.ask("shopper", "PUT", line, { data: change })).status).toBe(403);
    }
    expect((await world.ask("shopper", "PUT", line, { data: { quantity: 2 } })).status).toBe(200);
    const seen = await world.ask("shop", "GET", path);
    expect(seen.body.data).toMatchObject([{ name: "Wrapping", quantity: 2, unit_price: { amount: 500 } }]);
  } finally {
    await world.shop("PUT", "/v2/settings/cart", { type: "settings", custom_items_by_shoppers: true });
  }
});

test("O2 taxes come from the shop alone, on a line as beside it", async () => {
  const tax = [{ type: "tax_item", rate: 0 }];
  const data = { type: "cart_item", id: await world.newProduct(), quantity: 1, tax };
  const path = `/v2/carts/${newReference()}/items`;
  expect((await world.ask("shopper", "POST", path, { data })).status).toBe(403);
  expect((await world.ask("shop", "POST", path, { data })).status).toBe(201);
});

test("O2 a merge with an untaxed cart takes no taxes away", async () => {
  const product = { type: "cart_item", id: await world.newProduct(), quantity: 1 };
  const [taxed, plain] = [newReference(), newReference()];
  for (const cart of [taxed, plain]) {
    await world.ask("shopper", "POST", `/v2/carts/${cart}/items`, { data: product });
  }
  const [line] = (await world.ask("shop", "GET", `/v2/carts/${taxed}/items`)).body.data;
  await world.shop("POST", `/v2/carts/${taxed}/items/${line.id}/taxes`, { type: "tax_item", rate: 0.2 });
  const merge = { data: { type: "cart_items", cart_id: plain } };
  const merged = await world.ask("shopper", "POST", `/v2/carts/${taxed}/items`, merge);
  expect(merged.body.data).toMatchObject([
    { quantity: 2, meta: { display_price: { tax: { value: { amount: 400 } } } } },
  ]);
});

test("O2 members that would change the parser's own objects make no valid body", async () => {
  const { path, method } = await (cases[0] as Case).prepare();
  for (const member of ["__proto__", "constructor"]) {
    const text = `{"data":{"name":"Mine","${member}":{"prototype":{"actor":"shop"}}}}`;
    const answer = await engine.ask(method, path, text, { as: "shopper" });
    expect(answer.status).toBe(400);
  }
});
