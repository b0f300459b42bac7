import { beforeAll, expect, test } from "vitest";
import { aShop, coreId, readyCart, type Shop } from "./a-shop.ts";
import { medusaClient } from "./clients.ts";
import { admin, useMedusa } from "./harness.ts";

const wire = useMedusa();
let shop: Shop;
beforeAll(async () => {
  shop = await aShop(wire, { pieces: 100 });
});

/** An authorized order of one piece at 10.00 and 20 % tax, with standard shipping at 5.00 or without any. */
async function newOrder(how: { readonly isShipped?: boolean; readonly update?: object } = {}) {
  const items = [{ variant_id: shop.variantId, quantity: 1 }];
  const { isShipped = false, update = {} } = how;
  const path = await readyCart(wire, shop, { items, provider: "manual", update });
  if (isShipped) {
    await wire.ask("POST", `${path}/shipping-methods`, { option_id: shop.optionId });
    await wire.ask("POST", `${path}/payment-sessions`);
    await wire.ask("POST", `${path}/payment-session`, { provider_id: "manual" });
  }
  return (await wire.ask("POST", `${path}/complete`)).body.data;
}
const add = (orderId: string, price: number, more: object = {}) =>
  wire.ask(
    "POST",
    `/admin/orders/${orderId}/shipping-methods`,
    { price, option_id: shop.optionId, ...more },
    { as: "admin" },
  );

test("the vendor's client sends an order another way, and the customer pays the difference", async () => {
  const client = await medusaClient("@medusajs/medusa-js", wire);
  const { access_token: token } = await client.admin.auth.getToken(admin);
  const staff = { Authorization: `Bearer ${token}` };
  const { id, items } = await newOrder({ isShipped: true });
  await wire.admin("POST", `/admin/orders/${id}/capture`);
  const { order } = await client.admin.orders.addShippingMethod(
    id,
    { price: 1200, option_id: shop.optionId, data: { door: "left" } },
    staff,
  );
  // It takes the place of what was chosen at 5.00 and 20 % tax.
  expect(order).toMatchObject({
    ...{ subtotal: 1000, shipping_total: 1200, shipping_tax_total: 240, tax_total: 440, total: 2640 },
    ...{ paid_total: 1800, payment_status: "awaiting" },
    shipping_methods: [{ price: 1200, total: 1440, data: { door: "left" }, tax_lines: [{ rate: 20 }] }],
  });
  const { order_edits: edits } = await wire.admin("GET", `/admin/order-edits?order_id=${id}`);
  expect(edits).toMatchObject([
    {
      ...{ status: "confirmed", changes: [], total: 2640, shipping_total: 1200, difference_due: 0 },
      items: [{ original_item_id: items[0].id }],
      payment_collection: { amount: 840, status: "not_paid", currency_code: "eur" },
    },
  ]);
  const collectionId = edits[0].payment_collection_id;
  const { payment_collection: prepared } = await client.paymentCollections.managePaymentSession(
    collectionId,
    { provider_id: "manual" },
  );
  const [session] = prepared.payment_sessions;
  await client.paymentCollections.authorizePaymentSession(collectionId, session?.id ?? "");
  const paid = (await wire.admin("POST", `/admin/orders/${id}/capture`)).order;
  expect(paid).toMatchObject({ total: 2640, paid_total: 2640, payment_status: "captured" });
  const other = (await wire.engine.ask("GET", `/v2/orders/${coreId(id)}`)).body.data;
  expect(other).toMatchObject({
    ...{ status: "complete", payment: "paid" },
    meta: {
      display_price: {
        with_tax: { amount: 2640 },
        without_tax: { amount: 2200 },
        tax: { amount: 440 },
        shipping: { amount: 1440 },
        balance_owing: { amount: 0 },
      },
    },
  });
});

test("staff say that they have the difference: it is a payment of the order, once", async () => {
  const client = await medusaClient("@medusajs/medusa-js", wire);
  const { access_token: token } = await client.admin.auth.getToken(admin);
  const staff = { Authorization: `Bearer ${token}` };
  const { id } = await newOrder();
  await add(id, 500);
  const [edit] = (await wire.admin("GET", `/admin/order-edits?order_id=${id}`)).order_edits;
  const collectionId = edit.payment_collection_id;
  const said = { description: "Express, paid by transfer" };
  const described = await client.admin.paymentCollections.update(collectionId, said, staff);
  expect(described.payment_collection).toMatchObject({ ...said, status: "not_paid", amount: 600 });
  const marked = await Promise.all(
    [1, 2].map(() =>
      wire.ask("POST", `/admin/payment-collections/${collectionId}/authorize`, {}, { as: "admin" }),
    ),
  );
  expect(marked.some(({ status }) => status === 200)).toBe(true);
  const { payment_collection: paid } = await client.admin.paymentCollections.markAsAuthorized(
    collectionId,
    staff,
  );
  expect(paid).toMatchObject({ status: "authorized", authorized_amount: 600 });
  expect((await wire.admin("GET", `/admin/orders/${id}`)).order).toMatchObject({
    total: 1800,
    payments: [{ amount: 1200 }, { amount: 600, provider_id: "system" }],
  });
  // Shoppers cannot say so.
  const again = await wire.ask("POST", `/store/payment-collections/${collectionId}/sessions`, {
    provider_id: "system",
  });
  expect(again.status).toBe(400);
  const unknown = await wire.ask(
    "POST",
    "/admin/payment-collections/paycol_x/authorize",
    {},
    { as: "admin" },
  );
  expect(unknown.status).toBe(404);
});

test("nobody is asked for what costs no more, and a key sends an order one way only", async () => {
  const { id } = await newOrder({ isShipped: true });
  const same = (await add(id, 500)).body.order;
  expect(same).toMatchObject({ total: 1800, payment_status: "awaiting", shipping_methods: [{ price: 500 }] });
  expect((await wire.admin("GET", `/admin/order-edits?order_id=${id}`)).count).toBe(0);
  const key = { as: "admin", headers: { "idempotency-key": `ship-${id}` } } as const;
  const body = { price: 600, option_id: shop.optionId };
  const path = `/admin/orders/${id}/shipping-methods`;
  const twice = await Promise.all([1, 2].map(() => wire.ask("POST", path, body, key)));
  for (const answer of twice) expect([200, 409]).toContain(answer.status);
  expect((await wire.ask("POST", path, body, key)).body.order.total).toBe(1920);
  expect((await wire.admin("GET", `/admin/order-edits?order_id=${id}`)).count).toBe(1);
});

test("an order goes no way that there is none of, or that gift cards have paid too much for", async () => {
  const card = await wire.admin("POST", "/admin/gift-cards", { region_id: shop.regionId, value: 1500 });
  const { id, total } = await newOrder({
    isShipped: true,
    update: { gift_cards: [{ code: card.gift_card.code }] },
  });
  expect((await add(id, 100)).body.message).toBe(
    "Gift cards have paid more than the edited order would cost: refund a part instead",
  );
  expect((await add(id, 500, { option_id: "so_x" })).status).toBe(404);
  expect((await add(id, 1_000_000_000_000)).status).toBe(400);
  for (const price of [-1, 1.5, "5"]) {
    expect(await add(id, price as number)).toMatchObject({ status: 400, body: { type: "invalid_data" } });
  }
  const dearer = (await add(id, 800)).body.order;
  expect(dearer).toMatchObject({ gift_card_total: 1500, total: total + 360 });
  await wire.admin("POST", `/admin/orders/${id}/cancel`);
  expect((await add(id, 800)).body.message).toBe("A canceled order cannot be updated");
});

test("a discount that makes shipping free does so for another way, too", async () => {
  const rule = { type: "free_shipping", value: 0, allocation: "total" };
  await wire.admin("POST", "/admin/discounts", { code: "SHIPFREE", rule, regions: [shop.regionId] });
  const { id } = await newOrder({ isShipped: true, update: { discounts: [{ code: "SHIPFREE" }] } });
  expect((await add(id, 900)).body.order).toMatchObject({ total: 1200, shipping_total: 0 });
});
