import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toldTypes } from "../../src/http/medusa/told-types.ts";
import { waitUntil } from "../engine.ts";
import { decline, fakeGateway } from "../fake-gateway.ts";
import { address, guest } from "../race/shop.ts";
import { aShop, coreId, readyCart, type Shop } from "../wire/medusa/a-shop.ts";
import { admin, useMedusa } from "../wire/medusa/harness.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { isOfSales, type Told, toldTo } from "./told-to.ts";

// What is told of each way that an order may go, in both dialects: one fact, one event.

const gateway = fakeGateway({ deadlineMs: 2_000 });
const wire = useMedusa({}, { gateways: [gateway], background: { tellEveryMs: 20 } });
let shop: Shop;
let everything: Receiver;
let tokens: Receiver;
let told: Told;

beforeAll(async () => {
  const { engine } = wire;
  for (const slug of ["fake", "manual"])
    await engine.ask("PUT", `/v2/gateways/${slug}`, { data: { enabled: true } });
  shop = await aShop(wire, { pieces: 1_000, providers: ["fake", "manual"] });
  await wire.admin("POST", `/admin/shipping-options/${shop.optionId}`, { amount: 0 });
  everything = await startReceiver();
  told = toldTo(everything);
  tokens = await startReceiver();
  await engine.ask("POST", "/cartwright/webhook-endpoints", { url: everything.url });
  const types = ["customer.password_reset", "user.password_reset", "order-update-token.created"];
  await engine.ask("POST", "/cartwright/webhook-endpoints", { url: tokens.url, types });
});
afterAll(async () => {
  await everything.close();
  await tokens.close();
});

const toldOf: Told["of"] = (subject, last, times) => told.of(subject, last, times);

/** An order of the Elastic Path API, unpaid. */
async function elasticPathOrder(): Promise<string> {
  const { engine } = wire;
  const cart = `/v2/carts/golden-${engine.engine.core.deps.newId()}`;
  const item = { type: "custom_item", name: "Mug", sku: "mug", quantity: 1, price: { amount: 1000 } };
  expect((await engine.ask("POST", `${cart}/items`, { data: item })).status).toBe(201);
  const data = { customer: guest, billing_address: address };
  const placed = await engine.ask("POST", `${cart}/checkout`, { data });
  expect(placed.status, JSON.stringify(placed.body)).toBe(201);
  return placed.body.data.id;
}

const pay = async (orderId: string, method: string) => {
  const data = { gateway: "fake", method };
  return (await wire.engine.ask("POST", `/v2/orders/${orderId}/payments`, { data })).body.data?.id as string;
};
const transact = (orderId: string, paymentId: string, action: string, data?: object) =>
  wire.engine.ask("POST", `/v2/orders/${orderId}/transactions/${paymentId}/${action}`, data && { data });

/** An order of the Medusa API, authorized. */
async function medusaOrder(quantity = 1) {
  const wanted = [{ variant_id: shop.variantId, quantity }];
  const cart = await readyCart(wire, shop, { items: wanted, provider: "fake" });
  await wire.ask("POST", `${cart}/shipping-methods`, { option_id: shop.optionId });
  const { body } = await wire.ask("POST", `${cart}/complete`);
  return { id: body.data.id as string, items: [{ item_id: body.data.items[0].id as string, quantity }] };
}

const placed = ["payment.started", "order.placed", "payment.authorized", "order.authorized"];

test("K4 Elastic Path: bought at once, sent, and given back", async () => {
  const orderId = await elasticPathOrder();
  const paymentId = await pay(orderId, "purchase");
  const sent = { data: { type: "order", shipping: "fulfilled" } };
  await wire.engine.ask("PUT", `/v2/orders/${orderId}`, sent);
  await transact(orderId, paymentId, "refund");
  expect(await toldOf(orderId, "order.refunded")).toEqual([
    "order.placed",
    "payment.started",
    "order.payment_captured",
    "order.paid",
    "order.fulfilled",
    "order.refund_created",
    "order.refunded",
  ]);
});

test("K4 Elastic Path: authorized and captured", async () => {
  const orderId = await elasticPathOrder();
  const paymentId = await pay(orderId, "authorize");
  await transact(orderId, paymentId, "capture");
  expect(await toldOf(orderId, "order.paid")).toEqual([
    "order.placed",
    "payment.started",
    "payment.authorized",
    "order.authorized",
    "order.payment_captured",
    "order.paid",
  ]);
});

test("K4 Elastic Path: declined, then bought", async () => {
  const orderId = await elasticPathOrder();
  gateway.script(decline);
  await pay(orderId, "purchase");
  await pay(orderId, "purchase");
  expect(await toldOf(orderId, "order.paid")).toEqual([
    "order.placed",
    "payment.started",
    "payment.purchase_failed",
    "payment.started",
    "order.payment_captured",
    "order.paid",
  ]);
});

test("K4 Elastic Path: called off, and the money released", async () => {
  const orderId = await elasticPathOrder();
  const paymentId = await pay(orderId, "authorize");
  await wire.engine.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", status: "cancelled" } });
  await transact(orderId, paymentId, "cancel");
  expect(await toldOf(orderId, "payment.voided")).toEqual([
    "order.placed",
    "payment.started",
    "payment.authorized",
    "order.authorized",
    "order.canceled",
    "payment.voided",
  ]);
});

test("K4 Medusa: bought, taken, packed, sent and done", async () => {
  const { id, items } = await medusaOrder();
  const path = `/admin/orders/${id}`;
  await wire.admin("POST", `${path}/capture`);
  const { order } = await wire.admin("POST", `${path}/fulfillment`, { items, no_notification: true });
  const fulfillmentId = order.fulfillments[0].id;
  await wire.admin("POST", `${path}/shipment`, { fulfillment_id: fulfillmentId });
  await wire.admin("POST", `${path}/complete`);
  expect(await toldOf(id, "order.completed")).toEqual([
    ...placed,
    "order.payment_captured",
    "order.paid",
    "order.fulfillment_created",
    "order.fulfilled",
    "order.shipment_created",
    "order.completed",
  ]);
  const dataOf = (type: string) =>
    everything.taken.find(({ body }) => body.subject === id && body.type === type)?.body.data;
  const own = { id, uuid: coreId(id), no_notification: null };
  expect(dataOf("order.placed")).toMatchObject({ ...own, currency: "EUR", total: 1200 });
  const payment = order.payments[0].id;
  expect(dataOf("order.payment_captured")).toEqual({ ...own, payment_id: payment, amount: 1200 });
  for (const type of ["order.fulfillment_created", "order.shipment_created"]) {
    expect(dataOf(type)).toEqual({ ...own, fulfillment_id: fulfillmentId, no_notification: true });
  }
  expect(dataOf("order.completed")).toEqual(own);
});

test("K4 Medusa: sent back and refunded", async () => {
  const { id, items } = await medusaOrder();
  const path = `/admin/orders/${id}`;
  await wire.admin("POST", `${path}/capture`);
  const packed = (await wire.admin("POST", `${path}/fulfillment`, { items })).order;
  await wire.admin("POST", `${path}/shipment`, { fulfillment_id: packed.fulfillments[0].id });
  const { order } = await wire.admin("POST", `${path}/return`, { items, receive_now: false });
  const returnId = order.returns[0].id;
  await wire.admin("POST", `/admin/returns/${returnId}/receive`, { items });
  expect(await toldOf(id, "order.refunded")).toEqual([
    ...placed,
    "order.payment_captured",
    "order.paid",
    "order.fulfillment_created",
    "order.fulfilled",
    "order.shipment_created",
    "order.return_requested",
    "order.items_returned",
    "order.refund_created",
    "order.refunded",
  ]);
  const refund = everything.taken.find(
    ({ body }) => body.subject === id && body.type === "order.refund_created",
  );
  expect(refund?.body.data).toMatchObject({ id, refund_id: expect.stringMatching(/^ref_/), amount: 1200 });
});

test("K4 Medusa: declined, then bought: the order is placed once, when it is paid for", async () => {
  const cart = await readyCart(wire, shop, { provider: "fake" });
  gateway.script(decline);
  expect((await wire.ask("POST", `${cart}/complete`)).status).toBe(400);
  const { id } = (await wire.ask("POST", `${cart}/complete`)).body.data;
  expect(await toldOf(id, "order.authorized")).toEqual([
    "payment.started",
    "payment.authorize_failed",
    ...placed,
  ]);
});

test("K4 Medusa: a packing is taken back, and the order called off", async () => {
  const { id, items } = await medusaOrder();
  const path = `/admin/orders/${id}`;
  const { order } = await wire.admin("POST", `${path}/fulfillment`, { items });
  await wire.admin("POST", `${path}/fulfillments/${order.fulfillments[0].id}/cancel`);
  await wire.admin("POST", `${path}/cancel`);
  const types = await toldOf(id, "order.canceled");
  await waitUntil(() =>
    everything.taken.some(({ body }) => body.subject === id && body.type === "payment.voided"),
  );
  expect(new Set(types).size).toBe(types.length);
  expect(types.slice(0, 7)).toEqual([
    ...placed,
    "order.fulfillment_created",
    "order.fulfilled",
    "order.fulfillment_canceled",
  ]);
});

test("K4 a customer: registered once, through either API; a guest is none", async () => {
  await readyCart(wire, shop, { provider: "fake" });
  const person = { first_name: "Ada", last_name: "Byron", email: "ada@golden.test", password: "supersecret" };
  const { customer } = (await wire.ask("POST", "/store/customers", person)).body;
  expect(await toldOf(customer.id, "customer.created")).toEqual(["customer.created"]);
  const data = { type: "customer", name: "Bo Ek", email: "bo@golden.test", password: "supersecret" };
  const { id } = (await wire.engine.ask("POST", "/v2/customers", { data })).body.data;
  expect(await toldOf(id, "customer.created")).toEqual(["customer.created"]);
  const calls = everything.taken.filter(({ body }) => body.type === "customer.created");
  expect(calls.map(({ body }) => body.data)).toMatchObject([
    { id: customer.id, email: person.email, first_name: "Ada", last_name: "Byron", has_account: true },
    { uuid: id, email: data.email, has_account: true },
  ]);
  expect(JSON.stringify(calls)).not.toContain("supersecret");
});

test("tokens go to those alone who ask for them by name, and are kept nowhere in clear", async () => {
  const email = "forgot@golden.test";
  const person = { first_name: "Cy", last_name: "Dow", email, password: "supersecret" };
  const { customer } = (await wire.ask("POST", "/store/customers", person)).body;
  expect((await wire.ask("POST", "/store/customers/password-token", { email })).status).toBe(204);
  await waitUntil(() => tokens.taken.length === 1);
  const [call] = tokens.taken;
  expect(call?.body).toMatchObject({ type: "customer.password_reset", data: { id: customer.id, email } });
  const { token } = call?.body.data ?? {};
  const reset = { email, token, password: "another secret" };
  expect((await wire.ask("POST", "/store/customers/password-reset", reset)).status).toBe(200);
  const { core } = wire.engine.engine;
  const tables = ["event", "webhook_delivery"].map((table) =>
    core.database.runText(`select * from ${table}`, []),
  );
  const kept = JSON.stringify(await Promise.all(tables));
  expect(kept).toContain(email);
  expect(kept).not.toContain(token);
  const { data: endpoints } = (await wire.engine.ask("GET", "/cartwright/webhook-endpoints")).body;
  const listed = await wire.engine.ask("GET", `/cartwright/webhook-endpoints/${endpoints[1].id}/deliveries`);
  expect(listed.body.data[0].body).toMatchObject({
    type: "customer.password_reset",
    data: { id: customer.id },
  });
  expect(JSON.stringify(listed.body)).not.toContain(token);
  // Something later has come to the other one, and the token has not.
  const other = await medusaOrder();
  await toldOf(other.id, "order.authorized");
  expect(everything.taken.some(({ body }) => body.type === "customer.password_reset")).toBe(false);
});

test("K4 a gift card is told of, and its code is not", async () => {
  const { gift_card: card } = await wire.admin("POST", "/admin/gift-cards", {
    region_id: shop.regionId,
    value: 500,
  });
  expect(await toldOf(card.id, "gift_card.created")).toEqual(["gift_card.created"]);
  const call = everything.taken.find(({ body }) => body.subject === card.id);
  expect(call?.text).not.toContain(card.code);
});

test("K4 an order that buys a gift card: the card is told of, and that the order has it", async () => {
  const { product } = await wire.admin("POST", "/admin/products", {
    ...{ title: "Voucher", status: "published", is_giftcard: true, options: [{ title: "Value" }] },
    variants: [
      {
        ...{ title: "20", manage_inventory: false, options: [{ value: "20" }] },
        prices: [{ currency_code: "eur", amount: 2000 }],
      },
    ],
  });
  const items = [{ variant_id: product.variants[0].id, quantity: 2 }];
  const cart = await readyCart(wire, shop, { items, provider: "fake" });
  const { body } = await wire.ask("POST", `${cart}/complete`);
  const order = body.data.id;
  const types = await toldOf(order, "order.gift_card_created", 2);
  expect(types.filter((type) => type === "order.gift_card_created")).toHaveLength(2);
  const card = told.dataOf(order, "order.gift_card_created").gift_card_id;
  expect(await toldOf(card, "gift_card.created")).toEqual(["gift_card.created"]);
});

test("K4 Elastic Path: what the gateway refuses, and what is changed and forgotten afterwards", async () => {
  const orderId = await elasticPathOrder();
  const paymentId = await pay(orderId, "authorize");
  gateway.script(decline);
  await transact(orderId, paymentId, "cancel");
  gateway.script(decline);
  await transact(orderId, paymentId, "capture");
  await transact(orderId, paymentId, "capture");
  gateway.script(decline);
  await transact(orderId, paymentId, "refund", { options: { provider: true }, amount: 1000 });
  const changed = { type: "order", shipping_address: { ...address, city: "Elsewhere" } };
  await wire.engine.ask("PUT", `/v2/orders/${orderId}`, { data: changed });
  await wire.engine.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", shipping: "fulfilled" } });
  await wire.engine.ask("POST", "/v2/orders/anonymize", { data: { order_ids: [orderId] } });
  expect(await toldOf(orderId, "order.anonymized")).toEqual([
    "order.placed",
    "payment.started",
    "payment.authorized",
    "order.authorized",
    "payment.void_failed",
    "order.payment_capture_failed",
    "order.payment_captured",
    "order.paid",
    "order.refund_failed",
    "order.updated",
    "order.fulfilled",
    "order.anonymized",
  ]);
});

test("K4 Medusa: what comes back is other than was to, and what does not come back at all", async () => {
  const { id, items } = await medusaOrder(2);
  const path = `/admin/orders/${id}`;
  await wire.admin("POST", `${path}/capture`);
  const packed = (await wire.admin("POST", `${path}/fulfillment`, { items })).order;
  await wire.admin("POST", `${path}/shipment`, { fulfillment_id: packed.fulfillments[0].id });
  const asked = async () => {
    const { order } = await wire.admin("POST", `${path}/return`, { items, receive_now: false });
    return order.returns.find(({ status }: { status: string }) => status === "requested").id as string;
  };
  await wire.admin("POST", `/admin/returns/${await asked()}/cancel`);
  const other = { items: [{ ...items[0], quantity: 1 }] };
  const received = await wire.ask("POST", `/admin/returns/${await asked()}/receive`, other, { as: "admin" });
  expect([received.status, received.body.return?.status]).toEqual([200, "requires_action"]);
  const types = await toldOf(id, "order.return_action_required");
  expect(types.slice(-4)).toEqual([
    "order.return_requested",
    "order.return_canceled",
    "order.return_requested",
    "order.return_action_required",
  ]);
});

test("K4 Medusa: an edit makes an order another one, and a customer shows that it is theirs", async () => {
  const { id } = await medusaOrder();
  const { order_edit: edit } = await wire.admin("POST", "/admin/order-edits", { order_id: id });
  const path = `/admin/order-edits/${edit.id}`;
  await wire.admin("POST", `${path}/items`, { variant_id: shop.uncountedId, quantity: 1 });
  await wire.admin("POST", `${path}/request`);
  await wire.admin("POST", `${path}/confirm`);
  const email = "claims@golden.test";
  await wire.ask("POST", "/store/customers", {
    ...{ email, password: "supersecret", first_name: "Di", last_name: "Eco" },
  });
  const token = (await wire.ask("POST", "/store/auth/token", { email, password: "supersecret" })).body;
  const headers = { authorization: `Bearer ${token.access_token}` };
  const asked = { order_ids: [id] };
  await wire.ask("POST", "/store/orders/batch/customer/token", asked, { headers });
  const ofClaim = () => tokens.taken.find(({ body }) => body.type === "order-update-token.created");
  await waitUntil(() => ofClaim() !== undefined);
  await wire.ask("POST", "/store/orders/customer/confirm", { token: ofClaim()?.body.data.token });
  expect(await toldOf(id, "order.claimed")).toEqual([...placed, "order.edited", "order.claimed"]);
  await wire.ask("POST", "/admin/users/password-token", { email: admin.email });
  await waitUntil(() => tokens.taken.some(({ body }) => body.type === "user.password_reset"));
});

/** Told in ways that need a gateway which changes its mind, or a week: tests of these look at what is written. */
const elsewhere: Readonly<Record<string, string>> = {
  "order.supplied": "test/gateways/stripe-orders.test.ts",
  "payment.came_late": "test/gateways/stripe-orders.test.ts",
  "payment.authorization_expiring": "test/gateways/authorizations.test.ts",
};

test("every type of orders and payments that is listed is told in one of these ways", async () => {
  const listed = toldTypes.map(({ type }) => type).filter(isOfSales);
  const seen = new Set([...told.types(), ...toldTo(tokens).types()]);
  expect(listed.filter((type) => !seen.has(type)).sort()).toEqual(Object.keys(elsewhere).sort());
  for (const [type, file] of Object.entries(elsewhere)) {
    expect(await readFile(new URL(`../../${file}`, import.meta.url), "utf8")).toContain(`"${type}"`);
  }
});
