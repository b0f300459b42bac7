import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { newReference } from "../engine.ts";
import { address, guest, openShop, type Shop } from "../race/shop.ts";
import { aProduct } from "../storage/a-product.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  for (const [code, format, decimal_places] of [
    ["JPY", "¥{price}", 0],
    ["KWD", "KD {price}", 3],
  ] as const) {
    const look = { decimal_point: ".", thousand_separator: ",", decimal_places };
    const data = { type: "currency", code, format, exchange_rate: 1, default: false, enabled: true, ...look };
    expect((await shop.ask("POST", "/v2/currencies", { data })).status).toBe(201);
  }
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

type Money = { amount: number; currency: string; formatted: string };
type Shown = { with_tax: Money; without_tax: Money; tax: Money };
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Data = any;

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
const totalOf = (lines: Data[], kind: keyof Shown): number =>
  sum(lines.map((line) => line.meta.display_price[kind].value.amount));

async function addItem(cart: string, data: unknown, currency = "USD"): Promise<Data[]> {
  const { status, body } = await shop.ask(
    "POST",
    `/v2/carts/${cart}/items`,
    { data },
    {
      headers: { "x-moltin-currency": currency },
    },
  );
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data;
}

const custom = (amount: number, quantity = 1, tax: unknown[] = [], includesTax = false) => ({
  type: "custom_item",
  name: "Thing",
  sku: randomUUID(),
  quantity,
  price: { amount, includes_tax: includesTax },
  ...(tax.length > 0 && { tax }),
});

test("H1 24.99 at 10.75 % and 6.44 make 34.12, and that is what is charged", async () => {
  const cart = newReference();
  await addItem(cart, custom(2499, 1, [{ type: "tax_item", rate: 0.1075 }]));
  await addItem(cart, custom(644));
  const placed = await shop.checkOut(cart);
  expect(placed.body.data.meta.display_price).toMatchObject({
    with_tax: { amount: 3412, formatted: "$34.12" },
    without_tax: { amount: 3143 },
    tax: { amount: 269 },
    balance_owing: { amount: 3412 },
  });
  await shop.pay(placed.body.data.id);
  expect(shop.gateway.taken(placed.body.data.id)).toBe(3412);
});

test("H1 H2 totals are the sums of their lines, in carts and orders alike, and the same lines give the same parts", async () => {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 25; round += 1) {
    const lines = Array.from({ length: 1 + random(6) }, () =>
      custom(
        random(10_000),
        1 + random(9),
        [{ type: "tax_item", rate: random(3000) / 10_000 }],
        random(2) === 0,
      ),
    );
    const parts: string[] = [];
    for (const cart of [newReference(), newReference()]) {
      const items = await addItem(cart, lines);
      const shown: Shown = (await shop.ask("GET", `/v2/carts/${cart}`)).body.data.meta.display_price;
      for (const kind of ["with_tax", "without_tax", "tax"] as const) {
        expect(shown[kind].amount).toBe(totalOf(items, kind));
      }
      expect(shown.without_tax.amount + shown.tax.amount).toBe(shown.with_tax.amount);
      const { data: order, included } = (await shop.checkOut(cart)).body;
      for (const kind of ["with_tax", "without_tax", "tax"] as const) {
        expect(order.meta.display_price[kind].amount).toBe(shown[kind].amount);
        expect(totalOf(included.items, kind)).toBe(shown[kind].amount);
      }
      parts.push(JSON.stringify(items.map((item) => item.meta.display_price)));
    }
    expect(parts[1]).toBe(parts[0]);
  }
});

test("H2 paid in three parts, a total is paid exactly, and refunded exactly", async () => {
  const orderId = await shop.newOrder([{ productId: await shop.newProduct(5) }]);
  const payments: string[] = [];
  for (const amount of [333, 333, undefined]) {
    expect((await shop.order(orderId)).payment).not.toBe("paid");
    payments.push((await shop.pay(orderId, amount === undefined ? {} : { amount })).body.data.id);
  }
  const charges = shop.gateway.ledger
    .filter((entry) => entry.orderId === orderId)
    .map(({ amount }) => amount);
  expect(charges).toEqual([333, 333, 334]);
  expect(await shop.order(orderId)).toMatchObject({ payment: "paid" });
  for (const [index, id] of payments.entries()) {
    await shop.transact("refund", orderId, id, { amount: charges[index] });
  }
  expect(await shop.order(orderId)).toMatchObject({ payment: "refunded" });
  expect(shop.gateway.taken(orderId)).toBe(0);
});

test.each([
  ["JPY", 500, "¥500"],
  ["KWD", 1234, "KD 1.234"],
  ["USD", 1234, "$12.34"],
])(
  "H6 %s %i is shown with its own decimals, charged as so many minor units, and refunded as such",
  async (currency, amount, formatted) => {
    const id = randomUUID();
    const product = aProduct({ id, manageStock: false, prices: [{ currency, amount, includesTax: true }] });
    await shop.deps.storage.products.insert(shop.context.store.storeId, product, undefined);
    const cart = newReference();
    const [line] = await addItem(cart, { type: "cart_item", id, quantity: 1 }, currency);
    expect(line.meta.display_price.with_tax.value).toEqual({ amount, currency, formatted });
    const placed = await shop.checkOut(cart);
    const orderId = placed.body.data.id;
    expect(placed.body.data.meta.display_price.with_tax).toEqual({ amount, currency, formatted });
    const paid = await shop.pay(orderId);
    expect(paid.body.data).toMatchObject({ amount, currency, meta: { display_price: { formatted } } });
    await shop.transact("refund", orderId, paid.body.data.id, { amount });
    const told = shop.gateway.ledger.filter((entry) => entry.orderId === orderId);
    expect(told.map((entry) => [entry.type, entry.amount, entry.currency])).toEqual([
      ["purchase", amount, currency],
      ["refund", amount, currency],
    ]);
  },
);

test("C2 what is charged is what was placed, whatever becomes of the cart and the product", async () => {
  const productId = await shop.newProduct(9);
  const cart = await shop.newCart([{ productId }]);
  const placed = await shop.checkOut(cart);
  const price = [{ amount: 5000, currency: "USD", includes_tax: false }];
  await shop.ask("PUT", `/v2/products/${productId}`, { data: { type: "product", price } });
  await addItem(cart, { type: "cart_item", id: productId, quantity: 3 });
  const orderId = placed.body.data.id;
  await shop.pay(orderId);
  expect(shop.gateway.ledger.filter((entry) => entry.orderId === orderId)).toMatchObject([
    { amount: 1000, currency: "USD" },
  ]);
  expect(await shop.order(orderId)).toMatchObject({ status: "complete", payment: "paid" });
});

test("C2 one minor unit less is not paid in full, and one more is refused before it is charged", async () => {
  const orderId = await shop.newOrder([{ productId: await shop.newProduct(5) }]);
  await shop.pay(orderId, { amount: 999 });
  expect(await shop.order(orderId)).toMatchObject({ status: "processing", payment: "partially_paid" });
  const early = await shop.ask("PUT", `/v2/orders/${orderId}`, {
    data: { type: "order", shipping: "fulfilled" },
  });
  expect(early.status).toBe(400);
  expect((await shop.pay(orderId, { amount: 2 })).status).toBe(422);
  await shop.pay(orderId, { amount: 1 });
  const order = await shop.order(orderId);
  expect(order).toMatchObject({ status: "complete", payment: "paid" });
  expect(order.meta.timestamps.fully_paid_at).toEqual(expect.any(String));
  expect(shop.gateway.taken(orderId)).toBe(1000);
});

test("C2 an order of nothing is complete only once that is paid", async () => {
  const orderId = await shop.newOrder([{ productId: await shop.newProduct(5, 0) }]);
  expect(await shop.order(orderId)).toMatchObject({ status: "incomplete", payment: "unpaid" });
  expect((await shop.pay(orderId, { gateway: "manual" })).status).toBe(201);
  expect(await shop.order(orderId)).toMatchObject({ status: "complete", payment: "paid" });
  expect((await shop.pay(orderId, { gateway: "manual" })).status).toBe(400);
});

test("I10 what an order amounts to follows from its payments alone: columns kept beside them do not matter", async () => {
  const orderId = await shop.newOrder([{ productId: await shop.newProduct(5) }]);
  const part = (await shop.pay(orderId, { amount: 400, method: "authorize" })).body.data.id;
  await shop.pay(orderId, { amount: 600 });
  await shop.transact("capture", orderId, part);
  await shop.transact("refund", orderId, part, { amount: 100 });
  const seen = async () => [
    await shop.order(orderId),
    (await shop.ask("GET", `/v2/orders/${orderId}/transactions`)).body,
  ];
  const before = await seen();
  expect(before[0].meta.display_price).toMatchObject({
    paid: { amount: 1000 },
    authorized: { amount: 0 },
    balance_owing: { amount: 0 },
  });
  await shop.sql(
    "update orders set status = '?', payment = '?', shipping = '?', with_tax = 0, pending_since = null where id = $1",
    [orderId],
  );
  expect(await seen()).toEqual(before);
  // The next save brings the columns back.
  await shop.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", external_ref: "E-1" } });
  const [row] = await shop.sql("select status, payment, shipping from orders where id = $1", [orderId]);
  expect(row).toEqual({ status: "complete", payment: "paid", shipping: "unfulfilled" });
});

test("L3 a cart's id alone shows nothing of a customer, and changes nothing of theirs", async () => {
  const customer = {
    type: "customer",
    name: "Ada",
    email: `${randomUUID()}@example.com`,
    password: "12345678",
  };
  const { id } = (await shop.ask("POST", "/v2/customers", { data: customer })).body.data;
  const { email, password } = customer;
  const signedIn = await shop.ask("POST", "/v2/customers/tokens", {
    data: { type: "token", email, password },
  });
  const as = { as: "shopper", headers: { "x-moltin-customer-token": signedIn.body.data.token } } as const;
  const productId = await shop.newProduct(5);
  const cart = `/v2/carts/${await shop.newCart([{ productId }])}`;
  const association = { data: [{ type: "customer", id }] };
  expect((await shop.ask("POST", `${cart}/relationships/customers`, association, as)).status).toBe(200);

  const item = { type: "cart_item", id: productId, quantity: 1 };
  const checkout = { data: { customer: guest, billing_address: address } };
  for (const [method, path, body] of [
    ["GET", cart, undefined],
    ["GET", `${cart}/items`, undefined],
    ["PUT", cart, { data: { name: "Mine now" } }],
    ["POST", `${cart}/items`, { data: item }],
    ["DELETE", `${cart}/items`, undefined],
    ["POST", `${cart}/checkout`, checkout],
    ["DELETE", `${cart}/relationships/customers`, association],
    ["DELETE", cart, undefined],
  ] as const) {
    const answer = await shop.ask(method, path, body, { as: "shopper" });
    expect(answer.status, `${method} ${path}`).toBe(403);
    expect(JSON.stringify(answer.body)).not.toContain(productId);
  }
  const own = await shop.ask("GET", `${cart}/items`, undefined, as);
  expect(own.body.data).toMatchObject([{ product_id: productId, quantity: 1 }]);
});
