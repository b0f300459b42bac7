import { beforeAll, expect, test } from "vitest";
import { aShop, coreId, readyCart, type Shop, stockOf } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

// One engine behind two dialects.
const wire = useMedusa();
let shop: Shop;
beforeAll(async () => {
  shop = await aShop(wire, { pieces: 10 });
});

const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  county: "CA",
};

async function buyThere(reference: string): Promise<boolean> {
  const ask = (method: string, path: string, data: object) => wire.engine.ask(method, path, { data });
  const item = { type: "cart_item", id: coreId(shop.variantId), quantity: 1 };
  await wire.engine.ask(
    "POST",
    `/v2/carts/${reference}/items`,
    { data: item },
    {
      headers: { "x-moltin-currency": "EUR" },
    },
  );
  const customer = { name: "Ada", email: "ada@example.com" };
  const placed = await ask("POST", `/v2/carts/${reference}/checkout`, { customer, billing_address: address });
  if (placed.status !== 201) return false;
  const payment = { gateway: "manual", method: "authorize" };
  return (await ask("POST", `/v2/orders/${placed.body.data.id}/payments`, payment)).status < 300;
}

test("E2 of two hundred carts for ten pieces, half of them through each dialect, exactly ten are paid", {
  timeout: 120_000,
}, async () => {
  const here: string[] = [];
  for (let made = 0; made < 100; made += 10) {
    here.push(...(await Promise.all(Array.from({ length: 10 }, () => readyCart(wire, shop)))));
  }
  const bought = await Promise.all([
    ...here.map(async (path) => {
      const answer = await wire.ask("POST", `${path}/complete`);
      expect([200, 409]).toContain(answer.status);
      return answer.status === 200;
    }),
    ...Array.from({ length: 100 }, (_, index) => buyThere(`there-${index}`)),
  ]);
  expect(bought.filter(Boolean)).toHaveLength(10);
  expect(await stockOf(wire, shop.variantId)).toEqual({ total: 10, allocated: 10, available: 0 });
});

test("an order that was completed here is an authorized order there, with lines and totals that add up", async () => {
  const { body: product } = { body: await aShop(wire, { name: "Both", pieces: 5, country: "fr" }) };
  const path = await readyCart(wire, product, {
    items: [
      { variant_id: product.variantId, quantity: 2 },
      { variant_id: product.uncountedId, quantity: 3 },
    ],
  });
  await wire.ask("POST", `${path}/shipping-methods`, { option_id: product.optionId });
  const { body } = await wire.ask("POST", `${path}/complete`);
  const { data, included } = (
    await wire.engine.ask("GET", `/v2/orders/${coreId(body.data.id)}?include=items`)
  ).body;
  expect(data).toMatchObject({ status: "processing", payment: "authorized", shipping: "unfulfilled" });
  const { with_tax, without_tax, tax, shipping } = data.meta.display_price;
  expect([with_tax.amount, tax.amount, shipping.amount]).toEqual([body.data.total, body.data.tax_total, 600]);
  expect(without_tax.amount + tax.amount).toBe(with_tax.amount);
  const lines = included.items.map((item: { value: { amount: number } }) => item.value.amount);
  expect(lines).toEqual([2000, 999]);
  const moved = await wire.engine.ask("GET", `/v2/inventories/${coreId(product.variantId)}/transactions`);
  expect(moved.body.data.map((one: { action: string }) => one.action)).toContain("allocate");
});

test("a cart of the other dialect is sold here, in the region of its currency", async () => {
  const product = await aShop(wire, { name: "There", pieces: 5, country: "dk" });
  const item = { type: "cart_item", id: coreId(product.uncountedId), quantity: 2 };
  const headers = { "x-moltin-currency": "EUR" };
  await wire.engine.ask("POST", "/v2/carts/made-there/items", { data: item }, { headers });
  const seen = (await wire.ask("GET", "/store/carts/made-there")).body.cart;
  expect(seen).toMatchObject({ id: "made-there", subtotal: 666, items: [{ unit_price: 333, quantity: 2 }] });
  const path = "/store/carts/made-there";
  await wire.ask("POST", path, { email: "ada@example.com" });
  await wire.ask("POST", `${path}/payment-sessions`);
  await wire.ask("POST", `${path}/payment-session`, { provider_id: "manual" });
  const done = await wire.ask("POST", `${path}/complete`);
  expect(done.status).toBe(200);
  expect(done.body.data).toMatchObject({ email: "ada@example.com", subtotal: 666 });
});

test("A1 a cart that was completed here is not checked out there, and one whose payment came to nothing is", async () => {
  const other = await aShop(wire, { name: "Ordered", pieces: 5, country: "it" });
  const checkOut = (path: string) =>
    wire.engine.ask("POST", `/v2/carts/${coreId(path.split("/").at(-1) as string)}/checkout`, {
      data: { customer: { name: "Ada", email: "ada@example.com" }, billing_address: address },
    });
  const path = await readyCart(wire, other);
  const { body } = await wire.ask("POST", `${path}/complete`);
  expect(await checkOut(path)).toMatchObject({
    status: 409,
    body: { errors: [{ title: "Conflict", meta: { order_id: coreId(body.data.id) } }] },
  });
  expect(await stockOf(wire, other.variantId)).toMatchObject({ allocated: 1 });

  const declined = await readyCart(wire, other);
  await wire.ask("POST", `${declined}/payment-sessions/testpay`, { data: { want: "error" } });
  expect((await wire.ask("POST", `${declined}/complete`)).status).not.toBe(200);
  expect((await checkOut(declined)).status).toBe(201);
});

test("A8 a cart that was completed here is not changed or deleted there, and goes on telling its order", async () => {
  const other = await aShop(wire, { name: "Closed", pieces: 5, country: "se" });
  const path = await readyCart(wire, other);
  const there = `/v2/carts/${coreId(path.split("/").at(-1) as string)}`;
  const [line] = (await wire.engine.ask("GET", `${there}/items`)).body.data;
  const more = { type: "cart_item", id: coreId(other.variantId), quantity: 1 };
  expect((await wire.engine.ask("POST", `${there}/items`, { data: more })).status).toBe(201);
  await wire.ask("POST", `${path}/payment-sessions`);
  const { body } = await wire.ask("POST", `${path}/complete`);
  expect(body.data).toMatchObject({ items: [{ quantity: 2 }] });

  const custom = { type: "custom_item", name: "Gift wrap", sku: "wrap", quantity: 1, price: { amount: 100 } };
  for (const [method, where, data] of [
    ["POST", `${there}/items`, more],
    ["POST", `${there}/items`, custom],
    ["PUT", `${there}/items/${line.id}`, { quantity: 1 }],
    ["DELETE", `${there}/items/${line.id}`, undefined],
    ["DELETE", `${there}/items`, undefined],
    ["PUT", there, { name: "Mine" }],
    ["DELETE", there, undefined],
  ] as const) {
    const answer = await wire.engine.ask(method, where, data && { data });
    expect(answer, `${method} ${where}`).toMatchObject({
      status: 409,
      body: { errors: [{ title: "Conflict", meta: { order_id: coreId(body.data.id) } }] },
    });
  }
  expect((await wire.engine.ask("GET", `${there}/items`)).body.data).toMatchObject([{ quantity: 2 }]);
  expect((await wire.ask("GET", path)).body.cart).toMatchObject({
    items: [{ quantity: 2 }],
    completed_at: expect.any(String),
  });
  expect((await wire.ask("POST", `${path}/complete`)).body).toMatchObject({
    type: "order",
    data: { id: body.data.id },
  });
});

test("A3 a cart whose payment came to nothing here is changed there again", async () => {
  const other = await aShop(wire, { name: "Paying", pieces: 5, country: "fi" });
  const path = await readyCart(wire, other);
  const there = `/v2/carts/${coreId(path.split("/").at(-1) as string)}`;
  await wire.ask("POST", `${path}/payment-sessions/testpay`, { data: { want: "error" } });
  expect((await wire.ask("POST", `${path}/complete`)).status).toBe(400);
  const more = { type: "cart_item", id: coreId(other.variantId), quantity: 1 };
  expect((await wire.engine.ask("POST", `${there}/items`, { data: more })).status).toBe(201);
  expect((await wire.ask("GET", path)).body.cart.items).toMatchObject([{ quantity: 2 }]);
});
