import { expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa({ CARTWRIGHT_SEED: "demo" });

/** An order of the other dialect: two pieces of a product of the demo store, authorized by hand. */
async function authorizedOrder(quantity = 2): Promise<{ uuid: string; stock: () => Promise<unknown> }> {
  const shop = wire.engine;
  const listed = await shop.ask("GET", "/v2/products?page[limit]=100");
  const product = listed.body.data.find(
    (one: { meta: { stock?: { level: number } } }) => (one.meta.stock?.level ?? 0) > 8,
  );
  const cart = newReference();
  const data = { type: "cart_item", id: product.id, quantity };
  expect((await shop.ask("POST", `/v2/carts/${cart}/items`, { data })).status).toBe(201);
  const address = {
    first_name: "A",
    last_name: "B",
    line_1: "1 S",
    postcode: "1",
    country: "US",
    county: "C",
  };
  const placed = await shop.ask("POST", `/v2/carts/${cart}/checkout`, {
    data: { customer: { name: "Ann Lee", email: "ann@example.com" }, billing_address: address },
  });
  const uuid = placed.body.data.id;
  const payment = { data: { gateway: "manual", method: "authorize" } };
  expect((await shop.ask("POST", `/v2/orders/${uuid}/payments`, payment)).status).toBe(201);
  const stock = async () => {
    const { total, allocated } = (await shop.ask("GET", `/v2/inventories/${product.id}`)).body.data;
    return { total, allocated };
  };
  return { uuid, stock };
}
const newest = async () => (await wire.admin("GET", "/admin/orders?limit=1")).orders[0];
const elasticPath = async (uuid: string) => (await wire.engine.ask("GET", `/v2/orders/${uuid}`)).body.data;

test("an order of the other dialect is captured, packed in parts, sent and paid back here, and there it is so, too", async () => {
  const { uuid, stock } = await authorizedOrder();
  const before = (await stock()) as { total: number; allocated: number };
  const order = await newest();
  expect(order).toMatchObject({
    ...{ status: "pending", payment_status: "awaiting", fulfillment_status: "not_fulfilled" },
    ...{ email: "ann@example.com", currency_code: expect.stringMatching(/^[a-z]{3}$/) },
  });
  const path = `/admin/orders/${order.id}`;
  const whole = (await wire.admin("GET", path)).order;
  expect(whole.total).toBe(whole.subtotal + whole.tax_total + whole.shipping_total - whole.discount_total);
  const item = whole.items[0].id;

  const early = await wire.ask("POST", `${path}/refund`, { amount: 1, reason: "other" }, { as: "admin" });
  expect(early).toMatchObject({ status: 400, body: { type: "not_allowed" } });
  expect((await wire.admin("POST", `${path}/capture`)).order.payment_status).toBe("captured");
  expect((await wire.admin("POST", `${path}/capture`)).order.payment_status).toBe("captured");
  expect(await elasticPath(uuid)).toMatchObject({ status: "complete", payment: "paid" });

  const pack = (quantity: number) =>
    wire.ask("POST", `${path}/fulfillment`, { items: [{ item_id: item, quantity }] }, { as: "admin" });
  const part = (await pack(1)).body.order;
  expect(part).toMatchObject({
    fulfillment_status: "partially_fulfilled",
    items: [{ fulfilled_quantity: 1 }],
  });
  expect(await stock()).toEqual({ total: before.total - 1, allocated: before.allocated - 1 });
  expect(await pack(2)).toMatchObject({
    status: 400,
    body: { message: "Cannot fulfill more items than have been purchased" },
  });
  expect((await pack(1)).body.order.fulfillment_status).toBe("fulfilled");
  expect(await elasticPath(uuid)).toMatchObject({ shipping: "fulfilled" });
  const second = (await wire.admin("GET", path)).order.fulfillments[1].id;
  expect((await wire.admin("POST", `${path}/fulfillments/${second}/cancel`)).order.fulfillment_status).toBe(
    "partially_fulfilled",
  );
  expect(await elasticPath(uuid)).toMatchObject({ shipping: "unfulfilled" });
  const first = part.fulfillments[0].id;
  const sent = await wire.admin("POST", `${path}/shipment`, {
    fulfillment_id: first,
    tracking_numbers: ["T1"],
  });
  expect(sent.order).toMatchObject({
    fulfillment_status: "partially_shipped",
    fulfillments: [{ tracking_links: [{ tracking_number: "T1" }] }, {}],
  });

  const back = await wire.admin("POST", `${path}/refund`, { amount: 100, reason: "discount", note: "sorry" });
  expect(back.order).toMatchObject({
    ...{ payment_status: "partially_refunded", refunded_total: 100 },
    refunds: [{ amount: 100, reason: "discount", note: "sorry" }],
  });
  const tooMuch = { amount: whole.total, reason: "other" };
  expect((await wire.ask("POST", `${path}/refund`, tooMuch, { as: "admin" })).body.message).toBe(
    "Cannot refund more than the original order amount",
  );
  expect((await wire.ask("POST", `${path}/cancel`, undefined, { as: "admin" })).body.message).toBe(
    "Order with refund(s) cannot be canceled",
  );
  const archive = await wire.ask("POST", `${path}/archive`, undefined, { as: "admin" });
  expect(archive.body.message).toBe("Can't archive an unprocessed order");
  expect((await wire.admin("POST", `${path}/complete`)).order.status).toBe("completed");
  expect((await wire.admin("POST", `${path}/archive`)).order.status).toBe("archived");
});

test("B8 a cancelled order has given back its money and its stock, in both dialects", async () => {
  for (const isCaptured of [false, true]) {
    const { uuid, stock } = await authorizedOrder();
    const held = (await stock()) as { total: number; allocated: number };
    const path = `/admin/orders/${(await newest()).id}`;
    if (isCaptured) await wire.admin("POST", `${path}/capture`);
    const { order } = await wire.admin("POST", `${path}/cancel`);
    expect(order).toMatchObject({
      ...{ status: "canceled", fulfillment_status: "canceled", canceled_at: expect.any(String) },
      payment_status: isCaptured ? "refunded" : "canceled",
    });
    expect((await wire.admin("POST", `${path}/cancel`)).order.status).toBe("canceled");
    expect(await elasticPath(uuid)).toMatchObject({ status: "cancelled" });
    expect(await stock()).toEqual({ total: held.total, allocated: held.allocated - 2 });
    for (const [deed, message] of [
      ["capture", "capture payment"],
      ["complete", "be completed"],
    ]) {
      const refused = await wire.ask("POST", `${path}/${deed}`, undefined, { as: "admin" });
      expect(refused.body.message).toBe(`A canceled order cannot ${message}`);
    }
  }
});

test("orders are found by their words, number, shopper and time; an unpaid one is not here", async () => {
  await wire.engine.ask("GET", "/v2/orders");
  const find = async (query: string) => (await wire.admin("GET", `/admin/orders?${query}`)).orders;
  const all = await find("limit=50");
  expect(all.length).toBeGreaterThanOrEqual(3);
  expect((await find("status[]=canceled")).length).toBe(2);
  expect(await find("payment_status[]=awaiting")).toEqual([]);
  expect((await find("fulfillment_status[0]=partially_shipped&fulfillment_status[1]=shipped")).length).toBe(
    1,
  );
  const { display_id, id, created_at } = all[0];
  expect((await find(`display_id=${display_id}`)).map((one: { id: string }) => one.id)).toEqual([id]);
  expect((await find(`q=${display_id}`)).map((one: { id: string }) => one.id)).toContain(id);
  expect((await find("q=nobody@example.com")).length).toBe(0);
  expect((await find(`created_at[gte]=${created_at}`)).length).toBe(1);
  const few = await find("fields=id,total&expand=customer&limit=1");
  expect(Object.keys(few[0]).sort()).toEqual(["created_at", "customer", "id", "total"]);
  const bad = await wire.ask("GET", "/admin/orders?foo=1", undefined, { as: "admin" });
  expect(bad).toMatchObject({ status: 400, body: { message: "property foo should not exist" } });
  expect((await wire.ask("GET", "/admin/orders/order_x", undefined, { as: "admin" })).body).toEqual({
    type: "not_found",
    message: "Order with id: order_x was not found",
  });
  expect(await wire.ask("GET", "/admin/orders")).toMatchObject({ status: 401, body: "Unauthorized" });
});

test("what comes back is in the stock again and paid back once, however often it is received", async () => {
  const { stock } = await authorizedOrder();
  const order = await newest();
  const path = `/admin/orders/${order.id}`;
  const whole = (await wire.admin("POST", `${path}/capture`)).order;
  const item = whole.items[0].id;
  await wire.admin("POST", `${path}/fulfillment`, { items: [{ item_id: item, quantity: 2 }] });
  const before = (await stock()) as { total: number };
  const asked = await wire.ask("POST", "/store/returns", {
    order_id: order.id,
    items: [{ item_id: item, quantity: 1, note: "too big" }],
  });
  expect(asked.body.return).toMatchObject({ status: "requested", items: [{ requested_quantity: 1 }] });
  const { id } = asked.body.return;
  const items = [{ item_id: item, quantity: 1 }];
  const received = await Promise.all(
    [1, 2, 3].map(() => wire.ask("POST", `/admin/returns/${id}/receive`, { items }, { as: "admin" })),
  );
  expect(received.map(({ status }) => status).filter((status) => status === 200).length).toBeGreaterThan(0);
  expect(received.every(({ status }) => status === 200 || status === 400 || status === 409)).toBe(true);
  const after = (await wire.admin("GET", path)).order;
  expect(after).toMatchObject({
    ...{ fulfillment_status: "partially_returned", payment_status: "partially_refunded" },
    ...{ refunded_total: asked.body.return.refund_amount, items: [{ returned_quantity: 1 }] },
    refunds: [{ reason: "return" }],
  });
  expect(await stock()).toMatchObject({ total: before.total + 1 });
  expect((await wire.admin("GET", "/admin/returns")).returns[0]).toMatchObject({ id, status: "received" });

  const now = await wire.admin("POST", `${path}/return`, { items, receive_now: true, refund: 1 });
  expect(now.order).toMatchObject({ fulfillment_status: "returned" });
  expect(now.order.refunded_total).toBe(asked.body.return.refund_amount + 1);
  const none = await wire.ask("POST", `${path}/return`, { items }, { as: "admin" });
  expect(none.body.message).toBe("Cannot return more items than have been purchased");
});

test("whoever knows the id of an order sees it, and its number together with the e-mail address finds it", async () => {
  const { uuid } = await authorizedOrder();
  const order = await newest();
  const seen = await wire.ask("GET", `/store/orders/${order.id}`);
  expect(seen.body.order).toMatchObject({
    id: order.id,
    total: expect.any(Number),
    items: [{ quantity: 2 }],
  });
  expect(seen.body.order).not.toHaveProperty("returns");
  const found = await wire.ask(
    "GET",
    `/store/orders?display_id=${order.display_id}&email=Ann@example.com&shipping_address[postal_code]=1`,
  );
  expect(found.body.order.id).toBe(order.id);
  for (const query of [
    `display_id=${order.display_id}&email=x@y.de`,
    "display_id=999999&email=ann@example.com",
  ]) {
    expect(await wire.ask("GET", `/store/orders?${query}`)).toMatchObject({ status: 404, body: "Not Found" });
  }
  expect((await wire.ask("GET", "/store/orders?email=x@y.de")).body).toEqual({
    type: "invalid_data",
    message: "display_id must be a number conforming to the specified constraints",
  });
  expect((await wire.ask("GET", `/store/orders/${order.id}?expand=refunds`)).body).toEqual({
    type: "invalid_data",
    message: "Requested fields [refunds] are not valid",
  });
  expect((await wire.ask("GET", `/store/orders/cart/${uuid}`)).status).toBe(404);
});

test("whom and where an order goes to is changed for both dialects, and not once it is sent", async () => {
  const { uuid } = await authorizedOrder();
  const path = `/admin/orders/${(await newest()).id}`;
  const { order } = await wire.admin("POST", path, {
    email: "New@example.com",
    shipping_address: { city: "Lyon", country_code: "FR", postal_code: null },
  });
  expect(order).toMatchObject({
    email: "new@example.com",
    shipping_address: { city: "Lyon", country_code: "fr" },
  });
  expect(await elasticPath(uuid)).toMatchObject({
    shipping_address: { city: "Lyon", country: "FR", first_name: "A" },
    billing_address: { country: "US" },
  });
  const bad = { metadata: { a: "b" }, email: "none" };
  expect((await wire.ask("POST", path, bad, { as: "admin" })).body.message).toBe(
    "property metadata should not exist, email must be an email",
  );
  await wire.admin("POST", `${path}/capture`);
  const items = [{ item_id: order.items[0].id, quantity: 2 }];
  await wire.admin("POST", `${path}/fulfillment`, { items });
  const late = await wire.ask("POST", path, { shipping_address: { city: "Nice" } }, { as: "admin" });
  expect(late.status).toBe(400);
});
