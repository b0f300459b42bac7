import { beforeAll, expect, test } from "vitest";
import { aShop, coreId, readyCart, type Shop, stockOf } from "./a-shop.ts";
import { medusaClient } from "./clients.ts";
import { admin, useMedusa } from "./harness.ts";

const wire = useMedusa();
let shop: Shop;
beforeAll(async () => {
  shop = await aShop(wire, { pieces: 100 });
});

/** An authorized order of some pieces at 10.00 and 20 % tax. */
async function newOrder(quantity = 1, update: object = {}) {
  const items = [{ variant_id: shop.variantId, quantity }];
  const path = await readyCart(wire, shop, { items, provider: "manual", update });
  return (await wire.ask("POST", `${path}/complete`)).body.data;
}
const begin = async (orderId: string) =>
  (await wire.admin("POST", "/admin/order-edits", { order_id: orderId, internal_note: "bigger" })).order_edit;
const add = (editId: string, quantity = 1, variantId = shop.variantId) =>
  wire.admin("POST", `/admin/order-edits/${editId}/items`, { variant_id: variantId, quantity });
const refusal = async (path: string, body?: object, method = "POST") => {
  const { status, body: told } = await wire.ask(method, path, body, { as: "admin" });
  return `${status} ${told.message}`;
};

test("the vendor's client takes an edit from the first item to the paid order, and the other dialect sees the same", async () => {
  const client = await medusaClient("@medusajs/medusa-js", wire);
  const { access_token: token } = await client.admin.auth.getToken(admin);
  const staff = { Authorization: `Bearer ${token}` };
  const order = await newOrder();
  expect(order).toMatchObject({ total: 1200, payment_status: "awaiting" });
  const before = await stockOf(wire, shop.variantId);

  const { order_edit: edit } = await client.admin.orderEdits.create({ order_id: order.id }, staff);
  expect(edit).toMatchObject({
    ...{ status: "created", total: 1200, difference_due: 0, changes: [], payment_collection: null },
    items: [{ original_item_id: order.items[0].id, quantity: 1, total: 1200 }],
  });
  await client.admin.orderEdits.addLineItem(edit.id, { variant_id: shop.variantId, quantity: 2 }, staff);
  const { order_edit: asked } = await client.admin.orderEdits.requestConfirmation(edit.id, staff);
  expect(asked).toMatchObject({
    ...{ status: "requested", subtotal: 3000, tax_total: 600, total: 3600, difference_due: 2400 },
    requested_by: expect.stringMatching(/^usr_/),
    payment_collection: { amount: 2400, status: "not_paid", description: null },
  });
  const { order_edit: seen } = await client.orderEdits.retrieve(edit.id);
  expect(seen).toMatchObject({ id: edit.id, difference_due: 2400 });
  expect(seen).not.toHaveProperty("internal_note");
  await expect(client.orderEdits.complete(edit.id)).rejects.toMatchObject({ response: { status: 400 } });

  const id = asked.payment_collection_id;
  const { payment_collection: prepared } = await client.paymentCollections.managePaymentSession(id, {
    provider_id: "testpay",
  });
  expect(prepared.payment_sessions).toMatchObject([{ amount: 2400, status: "pending", cart_id: null }]);
  const { payment_session: fresh } = await client.paymentCollections.refreshPaymentSession(
    id,
    prepared.payment_sessions[0].id,
  );
  await expect(
    client.paymentCollections.authorizePaymentSession(id, prepared.payment_sessions[0].id),
  ).rejects.toMatchObject({ response: { status: 422, data: { type: "payment_authorization_error" } } });
  const { payment_session: paid } = await client.paymentCollections.authorizePaymentSession(id, fresh.id);
  expect(paid).toMatchObject({ id: fresh.id, status: "authorized", data: { status: "authorized" } });
  const { payment_collection: full } = await client.paymentCollections.retrieve(id);
  expect(full).toMatchObject({ status: "authorized", payment_sessions: [{ status: "authorized" }] });
  const between = (await wire.admin("GET", `/admin/orders/${order.id}`)).order;
  expect(between).toMatchObject({ total: 1200, paid_total: 1200, items: [{}] });

  const { order_edit: done } = await client.orderEdits.complete(edit.id);
  expect(done).toMatchObject({ status: "confirmed", difference_due: 0 });
  expect(await stockOf(wire, shop.variantId)).toMatchObject({ allocated: before.allocated + 2 });
  const after = (await wire.admin("GET", `/admin/orders/${order.id}`)).order;
  expect(after).toMatchObject({
    ...{ subtotal: 3000, tax_total: 600, total: 3600, paid_total: 3600, payment_status: "awaiting" },
    items: [{ id: order.items[0].id, quantity: 1 }, { quantity: 2 }],
    payments: [{ amount: 1200 }, { amount: 2400, provider_id: "testpay" }],
  });
  expect((await wire.admin("POST", `/admin/orders/${order.id}/capture`)).order.payment_status).toBe(
    "captured",
  );
  const other = (await wire.engine.ask("GET", `/v2/orders/${coreId(order.id)}`)).body.data;
  expect(other).toMatchObject({
    ...{ status: "complete", payment: "paid" },
    meta: {
      display_price: { with_tax: { amount: 3600 }, balance_owing: { amount: 0 }, paid: { amount: 3600 } },
    },
  });
});

test("steps of an edit are changed and taken back, and an order has one edit at a time", async () => {
  const order = await newOrder(2);
  const edit = await begin(order.id);
  const path = `/admin/order-edits/${edit.id}`;
  expect(await refusal("/admin/order-edits", { order_id: order.id })).toBe(
    `400 An active order edit already exists for the order ${order.id}`,
  );
  expect(await refusal(`${path}/request`)).toBe(
    "400 Cannot request a confirmation on an edit with no changes",
  );
  await add(edit.id, 1, shop.uncountedId);
  const item = edit.items[0].id;
  const changed = (await wire.admin("POST", `${path}/items/${item}`, { quantity: 1 })).order_edit;
  expect(changed).toMatchObject({
    ...{ subtotal: 1333, tax_total: 267, total: 1600, difference_due: -800 },
    changes: [
      { type: "item_add" },
      {
        type: "item_update",
        original_line_item_id: order.items[0].id,
        line_item: { quantity: 1 },
        original_line_item: { id: order.items[0].id, quantity: 2 },
      },
    ],
  });
  const removed = (await wire.admin("DELETE", `${path}/items/${item}`)).order_edit;
  expect(removed.changes).toMatchObject([{ type: "item_add" }, { type: "item_remove", line_item: null }]);
  expect(removed.items).toHaveLength(1);
  expect(await refusal(`${path}/items/${removed.items[0].id}`, undefined, "DELETE")).toBe(
    "400 An order keeps at least one item: cancel it instead",
  );
  for (const { id } of removed.changes) {
    expect(await wire.admin("DELETE", `${path}/changes/${id}`)).toMatchObject({ id, deleted: true });
  }
  const { order_edit: undone } = await wire.admin("GET", path);
  expect(undone).toMatchObject({ changes: [], difference_due: 0, items: [{ id: item, quantity: 2 }] });
  const noted = await wire.admin("POST", path, { internal_note: "smaller" });
  expect(noted.order_edit.internal_note).toBe("smaller");
  const found = await wire.admin("GET", `/admin/order-edits?order_id=${order.id}&q=small`);
  expect(found).toMatchObject({ count: 1, order_edits: [{ id: edit.id }] });
  expect(await wire.admin("DELETE", path)).toMatchObject({ deleted: true });
  expect(await refusal(path, undefined, "GET")).toBe(`404 Order edit with id ${edit.id} was not found`);
  await begin(order.id);
});

test("discounts and shipping stay as they are, and what is packed cannot be taken away", async () => {
  const code = "HALF";
  const rule = { type: "percentage", value: 50, allocation: "total" };
  await wire.admin("POST", "/admin/discounts", { code, rule, regions: [shop.regionId] });
  const items = [{ variant_id: shop.variantId, quantity: 2 }];
  const update = { discounts: [{ code }] };
  const cart = await readyCart(wire, shop, { items, provider: "manual", update });
  await wire.ask("POST", `${cart}/shipping-methods`, { option_id: shop.optionId });
  const order = (await wire.ask("POST", `${cart}/complete`)).body.data;
  expect(order).toMatchObject({ discount_total: 1000, shipping_total: 500, total: 1800 });

  const edit = await begin(order.id);
  const path = `/admin/order-edits/${edit.id}`;
  expect(edit).toMatchObject({ discount_total: 1000, shipping_total: 500, total: 1800, difference_due: 0 });
  expect((await add(edit.id)).order_edit).toMatchObject({
    ...{ discount_total: 1500, shipping_total: 500, total: 2400, difference_due: 600 },
    items: [{ adjustments: [{ amount: 1000 }] }, { adjustments: [{ amount: 500 }] }],
  });
  const pack = { items: [{ item_id: order.items[0].id, quantity: 2 }] };
  await wire.admin("POST", `/admin/orders/${order.id}/fulfillment`, pack);
  const refused = await refusal(`${path}/items/${edit.items[0].id}`, { quantity: 1 });
  // An order that is packed as a whole is not edited at all.
  expect(refused).toBe("400 2 of the item are fulfilled already: the quantity cannot be less");
  expect(await refusal(`${path}/request`)).toBe(
    "400 All items of the order are fulfilled already, so they cannot be edited",
  );
});

test("edits and collections refuse in the words of the original", async () => {
  const edit = await begin((await newOrder()).id);
  const path = `/admin/order-edits/${edit.id}`;
  await add(edit.id);
  await wire.admin("POST", `${path}/request`);
  expect(await refusal(`${path}/items`, { variant_id: shop.variantId, quantity: 1 })).toBe(
    "400 Cannot change the items of an order edit with status requested",
  );
  expect(await refusal(path, undefined, "DELETE")).toBe("400 Cannot delete order edit with status requested");
  await wire.admin("POST", `${path}/cancel`);
  expect((await wire.admin("POST", `${path}/cancel`)).order_edit.status).toBe("canceled");
  expect(await refusal(`${path}/confirm`)).toBe("400 Cannot confirm an order edit with status canceled");
  expect(await refusal(`/store/order-edits/${edit.id}/decline`, {})).toBe(
    "400 Cannot decline an order edit with status canceled",
  );
  expect(await refusal("/admin/order-edits", { order_id: "order_x" })).toBe(
    "404 Order with id order_x was not found",
  );
  expect(await refusal("/store/payment-collections/paycol_x", undefined, "GET")).toBe(
    "404 Payment collection with id paycol_x was not found",
  );
});

test("a customer declines, and one session or another pays", async () => {
  const order = await newOrder();
  const edit = await begin(order.id);
  await add(edit.id, 2);
  const path = `/admin/order-edits/${edit.id}`;
  const { order_edit: asked } = await wire.admin("POST", `${path}/request`);
  const collection = `/store/payment-collections/${asked.payment_collection_id}`;
  expect(await refusal(`${collection}/sessions`, { provider_id: "nobody" })).toBe(
    "400 The payment method is not available in this region",
  );
  const split = { sessions: [1400, 1000].map((amount) => ({ provider_id: "manual", amount })) };
  const batch = await wire.ask("POST", `${collection}/sessions/batch`, split);
  const ids = batch.body.payment_collection.payment_sessions.map(({ id }: { id: string }) => id);
  const first = { session_ids: [ids[0]] };
  const part = await wire.ask("POST", `${collection}/sessions/batch/authorize`, first);
  expect(part.body.payment_collection).toMatchObject({
    ...{ status: "partially_authorized", authorized_amount: 1400 },
    payment_sessions: [{ status: "authorized" }, { status: "pending" }],
  });
  const all = await wire.ask("POST", `${collection}/sessions/batch/authorize`, { session_ids: ids });
  expect(all.body.payment_collection).toMatchObject({ status: "authorized", authorized_amount: 2400 });
  const staff = await wire.admin("GET", `/admin${collection.slice("/store".length)}`);
  expect(staff.payment_collection).toMatchObject({ id: asked.payment_collection_id, amount: 2400 });
  const held = await stockOf(wire, shop.variantId);
  const declined = await wire.ask("POST", `/store/order-edits/${edit.id}/decline`, { declined_reason: "no" });
  expect(declined.body.order_edit).toMatchObject({ status: "declined", declined_reason: "no" });
  expect(await stockOf(wire, shop.variantId)).toMatchObject({ allocated: held.allocated - 2 });
  const after = (await wire.admin("GET", `/admin/orders/${order.id}`)).order;
  expect(after).toMatchObject({ total: 1200, paid_total: 1200, payments: [{ amount: 1200 }] });
});

test("an exchange is refused with what to do instead", async () => {
  const order = await newOrder();
  const swap = (orderId: string) =>
    wire.ask("POST", "/store/swaps", {
      order_id: orderId,
      return_items: [{ item_id: order.items[0].id, quantity: 1 }],
      additional_items: [{ variant_id: shop.variantId, quantity: 1 }],
    });
  expect(await swap("order_x")).toMatchObject({ status: 404, body: { type: "not_found" } });
  expect(await swap(order.id)).toMatchObject({
    status: 400,
    body: { type: "not_allowed", message: "Cannot swap an order that has not been captured" },
  });
  await wire.admin("POST", `/admin/orders/${order.id}/capture`);
  const refused = await swap(order.id);
  expect(refused).toMatchObject({ status: 400, body: { type: "not_allowed" } });
  expect(refused.body.message).toMatch(/return/);
});

test("gift cards go on paying what they paid, and no edit leaves less than that", async () => {
  const card = await wire.admin("POST", "/admin/gift-cards", { region_id: shop.regionId, value: 1500 });
  const order = await newOrder(2, { gift_cards: [{ code: card.gift_card.code }] });
  expect(order.gift_card_total).toBe(1500);
  const edit = await begin(order.id);
  expect(edit).toMatchObject({ gift_card_total: 1500, total: order.total, difference_due: 0 });
  const fewer = { quantity: 1 };
  expect(await refusal(`/admin/order-edits/${edit.id}/items/${edit.items[0].id}`, fewer)).toBe(
    "400 Gift cards have paid more than the edited order would cost: refund a part instead",
  );
  expect((await add(edit.id)).order_edit).toMatchObject({ gift_card_total: 1500, difference_due: 1200 });
  const confirmed = await wire.admin("POST", `/admin/order-edits/${edit.id}/confirm`);
  expect(confirmed.order_edit).toMatchObject({ status: "confirmed", difference_due: 0 });
  const other = (await wire.engine.ask("GET", `/v2/orders/${coreId(order.id)}`)).body.data;
  expect(other.meta.display_price).toMatchObject({
    with_tax: { amount: order.total + 1200 },
    authorized: { amount: order.total },
    balance_owing: { amount: 1200 },
  });
});
