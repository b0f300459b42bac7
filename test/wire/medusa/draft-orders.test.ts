import { expect, test } from "vitest";
import { examineStore } from "../../../src/operations/examine-store.ts";
import { aShop, coreId, stockOf } from "./a-shop.ts";
import { medusaClient } from "./clients.ts";
import { admin, useMedusa } from "./harness.ts";

const wire = useMedusa();
const countries = ["de", "fr", "gb", "us", "it", "es", "se", "no"];
let used = 0;
const newShop = async (pieces = 10) => {
  used += 1;
  return aShop(wire, { name: `Shop ${used}`, pieces, country: countries[used] as string });
};
const asAdmin = (method: string, path: string, body?: unknown, headers = {}) =>
  wire.ask(method, path, body, { as: "admin", headers });

test("the vendor's client writes a draft order, changes it and has it paid", async () => {
  const { regionId, optionId, variantId, uncountedId } = await newShop();
  const client = await medusaClient("@medusajs/medusa-js", wire);
  const { access_token: token } = (await wire.ask("POST", "/admin/auth/token", admin)).body;
  const headers = { Authorization: `Bearer ${token}` };
  const { draftOrders } = client.admin;

  const { draft_order: made } = await draftOrders.create(
    {
      email: "Ada@example.com",
      region_id: regionId,
      items: [
        { variant_id: variantId, quantity: 2 },
        { variant_id: uncountedId, quantity: 1, unit_price: 100 },
        { title: "Engraving", unit_price: 250, quantity: 1, metadata: { words: "For Ada" } },
      ],
      shipping_methods: [{ option_id: optionId, price: 300 }],
      metadata: { source: "phone" },
    },
    headers,
  );
  expect(made).toMatchObject({
    id: expect.stringMatching(/^dorder_/),
    status: "open",
    display_id: 1,
    order_id: null,
    completed_at: null,
    order: null,
    cart: {
      type: "draft_order",
      email: "ada@example.com",
      completed_at: null,
      metadata: { source: "phone" },
    },
  });
  // What is in no catalog carries no tax, and a price of staff's own holds.
  expect(made.cart.items).toMatchObject([
    { unit_price: 1000, quantity: 2, tax_total: 400 },
    { unit_price: 100, tax_total: 20, variant_id: uncountedId },
    { title: "Engraving", unit_price: 250, tax_total: 0, tax_lines: [], variant_id: null, variant: null },
  ]);
  expect(made.cart.items[2]).toMatchObject({ allow_discounts: false, has_shipping: true });
  expect(made.cart.shipping_methods).toMatchObject([{ price: 300 }]);
  expect(made.cart).toMatchObject({ subtotal: 2350, shipping_total: 300, tax_total: 480, total: 3130 });

  const path = made.id;
  const { draft_order: added } = await draftOrders.addLineItem(
    path,
    { variant_id: variantId, quantity: 1, unit_price: 900 },
    headers,
  );
  const line = added.cart.items.at(-1).id;
  expect(added.cart.items).toHaveLength(4);
  expect(added.cart.shipping_methods).toHaveLength(1);
  const { draft_order: changed } = await draftOrders.updateLineItem(path, line, { quantity: 3 }, headers);
  expect(changed.cart.items.at(-1)).toMatchObject({ unit_price: 900, quantity: 3 });
  const { draft_order: removed } = await draftOrders.removeLineItem(path, line, headers);
  expect(removed.cart.items).toHaveLength(3);
  const { draft_order: updated } = await draftOrders.update(
    path,
    { email: "grace@example.com", shipping_address: { first_name: "Grace", city: "Town" } },
    headers,
  );
  expect(updated.cart).toMatchObject({ email: "grace@example.com", shipping_address: { city: "Town" } });
  expect(updated.cart.shipping_methods).toHaveLength(1);

  const listed = await draftOrders.list({ q: "grace@", offset: 0, limit: 10 }, headers);
  expect(listed).toMatchObject({ count: 1, offset: 0, limit: 10 });
  expect(listed.draft_orders).toMatchObject([{ id: made.id, cart: { total: 3130 } }]);
  expect((await asAdmin("GET", "/admin/draft-orders?status[]=completed")).body.count).toBe(0);

  const { order } = await draftOrders.markPaid(path, headers);
  expect(order).toMatchObject({
    status: "pending",
    payment_status: "captured",
    fulfillment_status: "not_fulfilled",
    email: "grace@example.com",
    draft_order_id: made.id,
    cart_id: made.cart_id,
    metadata: { source: "phone" },
    total: 3130,
    paid_total: 3130,
    payments: [{ provider_id: "system", amount: 3130, captured_at: expect.any(String) }],
    shipping_methods: [{ price: 300 }],
  });
  expect(order.items.map(({ title }: { title: string }) => title)).toContain("Engraving");
  expect(await stockOf(wire, variantId)).toEqual({ total: 10, allocated: 2, available: 8 });
  const { draft_order: done } = await draftOrders.retrieve(path, headers);
  expect(done).toMatchObject({
    status: "completed",
    order_id: order.id,
    completed_at: expect.any(String),
    order: { id: order.id, display_id: order.display_id },
    cart: { completed_at: expect.any(String), total: 3130 },
  });
  expect((await asAdmin("GET", "/admin/draft-orders?status[]=completed")).body.count).toBe(1);

  // The other dialect sees the same order.
  const { data } = (await wire.engine.ask("GET", `/v2/orders/${coreId(order.id)}`)).body;
  expect(data).toMatchObject({ status: "complete", payment: "paid" });
  expect(data.meta.display_price.with_tax.amount).toBe(3130);

  const late = await asAdmin("POST", `/admin/draft-orders/${path}`, { email: "x@example.com" });
  expect(late).toMatchObject({
    status: 400,
    body: { type: "not_allowed", message: "You are only allowed to update open draft orders" },
  });
  // What it has become is sent and paid back like any order.
  const items = [{ item_id: order.items[0].id, quantity: 2 }];
  expect((await asAdmin("POST", `/admin/orders/${order.id}/fulfillment`, { items })).status).toBe(200);
  const refund = { amount: 130, reason: "other" };
  const refunded = await asAdmin("POST", `/admin/orders/${order.id}/refund`, refund);
  expect(refunded.body.order).toMatchObject({ payment_status: "partially_refunded", refunded_total: 130 });
});

test("A1 a draft order that is paid many times at once is one order, and one repeated is the same", async () => {
  const { regionId, variantId } = await newShop();
  const body = { email: "a@example.com", region_id: regionId, shipping_methods: [] };
  const items = [{ variant_id: variantId, quantity: 3 }];
  const { draft_order: draft } = (await asAdmin("POST", "/admin/draft-orders", { ...body, items })).body;
  const pay = () => asAdmin("POST", `/admin/draft-orders/${draft.id}/pay`);
  const answers = await Promise.all(Array.from({ length: 8 }, pay));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const again = await pay();
  expect(new Set([...answers, again].map(({ body: { order } }) => order.id)).size).toBe(1);
  expect(again.body.order).toMatchObject({ payments: [{ amount: 3600 }], paid_total: 3600 });
  expect(await stockOf(wire, variantId)).toEqual({ total: 10, allocated: 3, available: 7 });
});

test("E9 draft orders do not sell what is not there, and say so when they are written and when they are paid", async () => {
  const { regionId, variantId } = await newShop(2);
  const create = (quantity: number) =>
    asAdmin("POST", "/admin/draft-orders", {
      email: "a@example.com",
      region_id: regionId,
      items: [{ variant_id: variantId, quantity }],
      shipping_methods: [],
    });
  const tooMany = await create(3);
  expect(tooMany).toMatchObject({ status: 400, body: { code: "insufficient_inventory" } });
  const drafts = await Promise.all([create(2), create(2)]);
  const answers = await Promise.all(
    drafts.map(({ body: { draft_order: draft } }) => asAdmin("POST", `/admin/draft-orders/${draft.id}/pay`)),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body).toMatchObject({ type: "not_allowed", code: "insufficient_inventory" });
  expect(await stockOf(wire, variantId)).toEqual({ total: 2, allocated: 2, available: 0 });
  expect(await examineStore(wire.engine.engine.core.deps, wire.engine.engine.storeId)).toEqual([]);
});

test("discounts count for what is in the catalog, and free shipping for a draft's price of its own", async () => {
  const { regionId, optionId, variantId } = await newShop();
  const rule = { type: "percentage", value: 10, allocation: "total" };
  await wire.admin("POST", "/admin/discounts", { code: "DRAFT10", rule, regions: [regionId] });
  const { body } = await asAdmin("POST", "/admin/draft-orders", {
    email: "a@example.com",
    region_id: regionId,
    items: [
      { variant_id: variantId, quantity: 1 },
      { title: "Fee", unit_price: 500, quantity: 1 },
    ],
    discounts: [{ code: "DRAFT10" }],
    shipping_methods: [{ option_id: optionId }],
  });
  expect(body.draft_order.cart).toMatchObject({
    subtotal: 1500,
    discount_total: 100,
    tax_total: 280,
    shipping_total: 500,
    total: 2180,
  });
  const { order } = (await asAdmin("POST", `/admin/draft-orders/${body.draft_order.id}/pay`)).body;
  expect(order).toMatchObject({ discount_total: 100, total: 2180, discounts: [{ code: "DRAFT10" }] });
  const unknown = await asAdmin("POST", "/admin/draft-orders", {
    email: "a@example.com",
    region_id: regionId,
    discounts: [{ code: "NOPE" }],
    shipping_methods: [],
  });
  expect(unknown.status).toBe(404);
});

test("a draft order that cannot be made leaves nothing behind, and a key makes one only", async () => {
  const { regionId, variantId, optionId } = await newShop();
  const drafts = async () => (await asAdmin("GET", "/admin/draft-orders?limit=1")).body.count;
  const before = await drafts();
  const body = {
    email: "a@example.com",
    region_id: regionId,
    items: [{ variant_id: variantId, quantity: 1 }],
    shipping_methods: [{ option_id: optionId }],
  };
  const create = (changes: object, headers = {}) =>
    asAdmin("POST", "/admin/draft-orders", { ...body, ...changes }, headers);
  expect((await create({ shipping_methods: [{ option_id: "so_x" }] })).status).toBe(404);
  expect((await create({ region_id: "reg_x" })).status).toBe(404);
  expect((await create({ items: [{ quantity: 0 }] })).status).toBe(400);
  expect(await drafts()).toBe(before);
  const key = { "idempotency-key": `draft-${regionId}` };
  const [first, second] = [await create({}, key), await create({}, key)];
  expect(second.body.draft_order.id).toBe(first.body.draft_order.id);
  expect(await drafts()).toBe(before + 1);

  const path = `/admin/draft-orders/${first.body.draft_order.id}`;
  const gone = { id: first.body.draft_order.id, object: "draft-order", deleted: true };
  expect((await asAdmin("DELETE", path)).body).toEqual(gone);
  expect((await asAdmin("DELETE", path)).body).toEqual(gone);
  expect(await asAdmin("GET", path)).toMatchObject({ status: 404, body: { type: "not_found" } });
  expect((await wire.ask("GET", `/store/carts/${first.body.draft_order.cart_id}`)).status).toBe(404);
  expect((await wire.ask("GET", "/admin/draft-orders")).status).toBe(401);
});

test("what staff note a payment with is no choice of regions and shoppers", async () => {
  const { regionId, variantId } = await newShop();
  const { payment_providers: offered } = await wire.admin("GET", "/admin/store/payment-providers");
  expect(offered.map(({ id }: { id: string }) => id)).not.toContain("system");
  const provider = { payment_providers: ["manual", "system"] };
  expect((await asAdmin("POST", `/admin/regions/${regionId}`, provider)).status).toBe(400);
  const { cart } = (await wire.ask("POST", "/store/carts", { region_id: regionId })).body;
  await wire.ask("POST", `/store/carts/${cart.id}/payment-sessions`);
  const chosen = await wire.ask("POST", `/store/carts/${cart.id}/payment-session`, { provider_id: "system" });
  expect(chosen).toMatchObject({ status: 400, body: { type: "not_allowed" } });
  // Nor of the other dialect.
  const { ask } = wire.engine;
  const enabled = { data: { type: "gateway", enabled: true } };
  const missing = (await ask("GET", "/v2/gateways/nothing")).status;
  expect((await ask("PUT", "/v2/gateways/system", enabled)).status).toBe(missing);
  const item = { type: "cart_item", id: coreId(variantId), quantity: 1 };
  const headers = { "x-moltin-currency": "EUR" };
  expect((await ask("POST", "/v2/carts/other/items", { data: item }, { headers })).status).toBe(201);
  const lines = { first_name: "A", last_name: "B", line_1: "1", postcode: "1", country: "US", region: "CA" };
  const customer = { name: "A", email: "a@example.com" };
  const placed = await ask("POST", "/v2/carts/other/checkout", {
    data: { customer, billing_address: lines, shipping_address: lines },
  });
  expect(placed.body).toMatchObject({ data: { type: "order" } });
  const payment = { data: { gateway: "system", method: "purchase" } };
  const tried = await ask("POST", `/v2/orders/${placed.body.data.id}/payments`, payment);
  const other = await ask("POST", `/v2/orders/${placed.body.data.id}/payments`, {
    data: { gateway: "nothing", method: "purchase" },
  });
  expect(tried.status).toBe(other.status);
  expect(tried.status).toBe(404);
});
