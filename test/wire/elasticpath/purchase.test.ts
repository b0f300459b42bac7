import { afterAll, beforeAll, expect, test } from "vitest";
import { newReference, startTestEngine, type TestEngine } from "../../engine.ts";

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
};

test("a cart becomes an order, is authorized, captured, shipped and partly refunded", async () => {
  const { ask } = engine;
  const cart = `/v2/carts/${newReference()}`;
  const item = { type: "cart_item", sku: "WF-PITCHER", quantity: 2 };
  const added = await ask("POST", `${cart}/items`, { data: item }, { as: "shopper" });
  expect(added.status).toBe(201);
  const customer = { name: "Ada Byron", email: "ada@example.com" };
  const checkout = { data: { customer, billing_address: address } };
  const placed = await ask("POST", `${cart}/checkout`, checkout, { as: "shopper" });
  expect(placed.status).toBe(201);
  expect(placed.body.data).toMatchObject({
    status: "incomplete",
    payment: "unpaid",
    shipping: "unfulfilled",
  });
  expect(placed.body.data.shipping_address).toMatchObject(address);
  const order = `/v2/orders/${placed.body.data.id}`;
  const productId = placed.body.included.items[0].product_id;
  const stock = async () => (await ask("GET", `/v2/inventories/${productId}`)).body.data;

  const payment = { data: { gateway: "manual", method: "authorize" } };
  const paid = await ask("POST", `${order}/payments`, payment, { as: "shopper" });
  expect(paid.status).toBe(201);
  expect((await ask("GET", order)).body.data).toMatchObject({ status: "processing", payment: "authorized" });
  expect(await stock()).toMatchObject({ total: 3, available: 1, allocated: 2 });

  const transaction = `${order}/transactions/${paid.body.data.id}`;
  const captured = await ask("POST", `${transaction}/capture`);
  expect(captured.body.data).toMatchObject({ transaction_type: "capture", status: "complete" });
  expect((await ask("GET", order)).body.data).toMatchObject({ status: "complete", payment: "paid" });

  const shipped = await ask("PUT", order, { data: { type: "order", shipping: "fulfilled" } });
  expect(shipped.body.data).toMatchObject({ status: "complete", shipping: "fulfilled" });
  expect(await stock()).toMatchObject({ total: 1, available: 1, allocated: 0 });

  const refunded = await ask("POST", `${transaction}/refund`, { data: { amount: 500 } });
  expect(refunded.body.data).toMatchObject({ transaction_type: "refund", refunded_amount: 500 });
  expect((await ask("GET", order)).body.data.payment).toBe("paid");
});
