import { afterAll, beforeAll, expect, test } from "vitest";
import { newReference, startTestEngine, type TestEngine } from "../../engine.ts";

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

const billing_address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
};
const customer = { name: "Ada Byron", email: "ada@example.com" };

async function newProduct(manage_stock: boolean): Promise<string> {
  const name = newReference();
  const price = [{ amount: 100, currency: "USD", includes_tax: true }];
  const kind = { status: "live", commodity_type: "physical", description: "d" };
  const product = { type: "product", name, slug: name, sku: name, manage_stock, stock: 3, price, ...kind };
  return (await engine.ask("POST", "/v2/products", { data: product })).body.data.id;
}

async function placeOrder(id: string, quantity: number, extra: object = {}): Promise<string> {
  const cart = `/v2/carts/${newReference()}`;
  const item = { type: "cart_item", id, quantity, ...extra };
  const added = await engine.ask("POST", `${cart}/items`, { data: item }, { as: "shopper" });
  expect(added.status).toBe(201);
  const placed = await engine.ask("POST", `${cart}/checkout`, { data: { customer, billing_address } });
  expect(placed.status).toBe(201);
  return placed.body.data.id;
}

const pay = (orderId: string) =>
  engine.ask("POST", `/v2/orders/${orderId}/payments`, { data: { gateway: "manual", method: "authorize" } });

test("a location that a shopper names does not get around the stock", async () => {
  const id = await newProduct(true);
  const orders = [
    await placeOrder(id, 3, { location: "elsewhere" }),
    await placeOrder(id, 3, { location: "elsewhere" }),
  ];
  expect((await pay(orders[0] as string)).status).toBe(201);
  const second = await pay(orders[1] as string);
  expect(second.status).toBe(400);
  expect(second.body.errors[0]).toMatchObject({ title: "Insufficient stock", meta: { id } });
  const stock = await engine.ask("GET", `/v2/inventories/${id}`);
  expect(stock.body.data).toMatchObject({ total: 3, available: 0, allocated: 3 });
});

test("a product that became counted after it was put into carts is counted when they are paid", async () => {
  const id = await newProduct(false);
  const orders = [await placeOrder(id, 2), await placeOrder(id, 2)];
  await engine.ask("PUT", `/v2/products/${id}`, { data: { type: "product", manage_stock: true } });
  const stock = await engine.ask("GET", `/v2/inventories/${id}`);
  if (stock.status === 404) {
    await engine.ask("POST", `/v2/inventories/${id}`, { data: { quantity: 3 } });
  }
  expect((await pay(orders[0] as string)).status).toBe(201);
  expect((await pay(orders[1] as string)).body.errors[0].title).toBe("Insufficient stock");
});
