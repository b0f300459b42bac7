import { beforeAll, expect, test } from "vitest";
import { aShop, coreId, readyCart, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa({ CARTWRIGHT_SEED: "demo" });
let shop: Shop;
beforeAll(async () => {
  shop = await aShop(wire, { country: "is", pieces: 100 });
});

const asAdmin = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  wire.ask(method, path, body, { as: "admin", headers });

async function boughtOrder() {
  const { body } = await wire.ask("POST", `${await readyCart(wire, shop)}/complete`);
  const { order } = await wire.admin("GET", `/admin/orders/${body.data.id}`);
  const [payment] = order.payments;
  return { order, payment, path: `/admin/payments/${payment.id}` };
}

test("a payment is found by its own id, captured once however often, and paid back in parts up to what was captured", async () => {
  const { order, payment, path } = await boughtOrder();
  const { created_at: _, updated_at: __, idempotency_key: ___, ...plain } = payment;
  expect((await wire.admin("GET", path)).payment).toEqual({
    ...plain,
    captured_at: null,
    amount_refunded: 0,
  });
  expect((await wire.admin("GET", `${path}?fields=id,amount`)).payment).toEqual({
    id: payment.id,
    amount: order.total,
  });
  const early = await asAdmin("POST", `${path}/refund`, { amount: 1, reason: "other" });
  expect(early).toMatchObject({ status: 400, body: { type: "not_allowed" } });

  const first = (await wire.admin("POST", `${path}/capture`)).payment;
  expect(first).toMatchObject({
    id: payment.id,
    captured_at: expect.any(String),
    data: { status: "captured" },
  });
  expect((await wire.admin("POST", `${path}/capture`)).payment).toEqual(first);
  const elasticPath = (await wire.engine.ask("GET", `/v2/orders/${coreId(order.id)}`)).body.data;
  expect(elasticPath).toMatchObject({ status: "complete", payment: "paid" });

  const part = { amount: 200, reason: "discount", note: "sorry" };
  const key = { "idempotency-key": `refund-${payment.id}` };
  const made = await asAdmin("POST", `${path}/refund`, part, key);
  expect(made).toMatchObject({
    status: 200,
    body: { refund: { ...part, payment_id: payment.id, order_id: order.id } },
  });
  expect((await asAdmin("POST", `${path}/refund`, part, key)).body).toEqual(made.body);
  const tooMuch = await asAdmin("POST", `${path}/refund`, { ...part, amount: order.total });
  expect(tooMuch).toMatchObject({ status: 400, body: { type: "not_allowed" } });
  expect((await asAdmin("POST", `${path}/refund`, { ...part, reason: "whim" })).status).toBe(400);
  expect((await wire.admin("GET", path)).payment.amount_refunded).toBe(200);
  const after = (await wire.admin("GET", `/admin/orders/${order.id}`)).order;
  expect(after).toMatchObject({
    payment_status: "partially_refunded",
    refunded_total: 200,
    refunds: [{ id: made.body.refund.id, amount: 200 }],
  });
});

test("I1 twenty refunds of one payment at once pay back what was captured, and no more", async () => {
  const { order, path } = await boughtOrder();
  await wire.admin("POST", `${path}/capture`);
  const part = Math.floor(order.total / 10);
  const tries = Array.from({ length: 20 }, () =>
    asAdmin("POST", `${path}/refund`, { amount: part, reason: "other" }),
  );
  const answers = await Promise.all(tries);
  expect(answers.map(({ status }) => status).filter((status) => ![200, 400, 409].includes(status))).toEqual(
    [],
  );
  const made = answers.filter(({ status }) => status === 200).length;
  expect(made).toBeLessThanOrEqual(10);
  expect((await wire.admin("GET", path)).payment.amount_refunded).toBe(made * part);
});

test("a payment of the other dialect is found, too; one that is none is not", async () => {
  const { body: products } = await wire.engine.ask("GET", "/v2/products?page[limit]=100");
  const product = products.data.find(
    (one: { meta: { stock?: { level: number } } }) => (one.meta.stock?.level ?? 0) > 8,
  );
  const place = async (reference: string) => {
    const data = { type: "cart_item", id: product.id, quantity: 1 };
    await wire.engine.ask("POST", `/v2/carts/${reference}/items`, { data });
    const address = {
      first_name: "A",
      last_name: "B",
      line_1: "1 S",
      postcode: "1",
      country: "US",
      county: "C",
    };
    const placed = await wire.engine.ask("POST", `/v2/carts/${reference}/checkout`, {
      data: { customer: { name: "Ann Lee", email: "ann@example.com" }, billing_address: address },
    });
    return placed.body.data.id as string;
  };
  const paid = await place("paid-elsewhere");
  const pay = { data: { gateway: "manual", method: "authorize" } };
  expect((await wire.engine.ask("POST", `/v2/orders/${paid}/payments`, pay)).status).toBe(201);
  const [order] = (await wire.admin("GET", "/admin/orders?limit=1&expand=payments")).orders;
  expect(coreId(order.id)).toBe(paid);
  const path = `/admin/payments/${order.payments[0].id}`;
  expect((await wire.admin("POST", `${path}/capture`)).payment.captured_at).toEqual(expect.any(String));
  expect((await wire.engine.ask("GET", `/v2/orders/${paid}`)).body.data.payment).toBe("paid");

  const unknown = "pay_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  for (const [method, where, body] of [
    ["GET", `/admin/payments/${unknown}`],
    ["POST", `/admin/payments/${unknown}/capture`],
    ["POST", `/admin/payments/${unknown}/refund`, { amount: 1, reason: "other" }],
  ] as const) {
    expect(await asAdmin(method, where, body)).toMatchObject({
      status: 404,
      body: { type: "not_found", message: `Payment with ${unknown} was not found` },
    });
    expect(await wire.ask(method, where, body)).toMatchObject({ status: 401, body: "Unauthorized" });
  }
});

test("the payment of a cancelled order is neither captured nor paid back", async () => {
  const { order, path } = await boughtOrder();
  await wire.admin("POST", `/admin/orders/${order.id}/cancel`);
  expect((await wire.admin("GET", path)).payment.canceled_at).toEqual(expect.any(String));
  expect((await asAdmin("POST", `${path}/capture`)).body.message).toBe(
    "A canceled order cannot capture payment",
  );
  const refund = await asAdmin("POST", `${path}/refund`, { amount: 1, reason: "other" });
  expect(refund.body.message).toBe("A canceled order cannot be refunded");
});

test("a capture that the provider refuses is told, and can be made again", async () => {
  const cart = await readyCart(wire, shop);
  await wire.ask("POST", `${cart}/payment-sessions/testpay`, { data: { capture_fails: true } });
  const { body } = await wire.ask("POST", `${cart}/complete`);
  const { order } = await wire.admin("GET", `/admin/orders/${body.data.id}`);
  const path = `/admin/payments/${order.payments[0].id}`;
  expect(await asAdmin("POST", `${path}/capture`)).toMatchObject({
    status: 400,
    body: { code: "capture_failed", type: "invalid_data" },
  });
  expect((await wire.admin("GET", path)).payment.captured_at).toBeNull();
});
