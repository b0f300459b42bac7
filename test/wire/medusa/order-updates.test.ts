import { beforeAll, expect, test } from "vitest";
import { aShop, readyCart, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
let shop: Shop;
let path: string;
let lineId: string;

beforeAll(async () => {
  shop = await aShop(wire, { pieces: 100 });
  const items = [{ variant_id: shop.variantId, quantity: 3 }];
  const cart = await readyCart(wire, shop, { provider: "manual", items });
  await wire.ask("POST", `${cart}/shipping-methods`, { option_id: shop.optionId });
  await wire.ask("POST", `${cart}/payment-sessions`);
  await wire.ask("POST", `${cart}/payment-session`, { provider_id: "manual" });
  const placed = (await wire.ask("POST", `${cart}/complete`)).body.data;
  path = `/admin/orders/${placed.id}`;
  lineId = placed.items[0].id;
});

const asked = (url: string, body: object) => wire.ask("POST", url, body, { as: "admin" });

test("an order becomes a customer's; ways to pay and to ship are taken and not kept", async () => {
  const { customer } = (
    await asked("/admin/customers", {
      ...{ email: "bob@example.com", password: "longenough", first_name: "Bob", last_name: "Ray" },
    })
  ).body;
  const before = (await wire.admin("GET", path)).order;
  const { order } = await wire.admin("POST", path, {
    customer_id: customer.id,
    payment_method: { provider_id: "manual" },
    shipping_method: { provider_id: "manual", price: 1 },
  });
  expect(order).toMatchObject({ customer_id: customer.id, email: before.email, total: before.total });
  expect(order.shipping_methods).toEqual(before.shipping_methods);
  const listed = await wire.admin("GET", `/admin/orders?customer_id=${customer.id}`);
  expect(listed.orders.map(({ id }: { id: string }) => id)).toEqual([order.id]);
  const nobody = await asked(path, { customer_id: "cus_x" });
  expect(nobody.status).toBe(404);
});

test("what was agreed to be paid for is not changed by the way", async () => {
  const { order } = await wire.admin("GET", path);
  const same = await asked(path, { region: order.region_id, items: [], discounts: [] });
  expect(same.status).toBe(200);
  for (const body of [{ region: "reg_x" }, { items: [{ id: lineId }] }, { discounts: [{ code: "FREE" }] }]) {
    expect(await asked(path, body)).toMatchObject({ status: 400, body: { type: "not_allowed" } });
  }
  const after = (await wire.admin("GET", path)).order;
  expect(after).toMatchObject({ total: order.total, region_id: order.region_id, discounts: [] });
  expect(after.items).toHaveLength(1);
});

test("the answer to a change shows what the request names, and nothing changes when it names what is not there", async () => {
  const { order } = await wire.admin("POST", `${path}?expand=region&fields=email`, {
    email: "new@example.com",
  });
  expect(Object.keys(order).sort()).toEqual(["created_at", "email", "id", "region"]);
  const forbidden = await asked(`${path}?expand=items&colour=red`, { email: "other@example.com" });
  expect(forbidden.status).toBe(400);
  expect((await wire.admin("GET", path)).order.email).toBe("new@example.com");
  const captured = (await wire.admin("POST", `${path}/capture?fields=payment_status&expand=`)).order;
  expect(captured.payment_status).toBe("captured");
  expect(captured).not.toHaveProperty("items");
  const packed = await wire.admin("POST", `${path}/fulfillment?expand=fulfillments&fields=id`, {
    items: [{ item_id: lineId, quantity: 1 }],
  });
  expect(packed.order.fulfillments).toHaveLength(1);
  expect(packed.order).not.toHaveProperty("items");
});

test("pieces of a line are held by their order, and no more of them can be", async () => {
  const address = { address_1: "x", country_code: "DE" };
  const { stock_location: place } = await wire.admin("POST", "/admin/stock-locations", {
    name: "B",
    address,
  });
  const reserve = (body: object, line = lineId) => asked(`${path}/line-items/${line}/reserve`, body);
  const held = await reserve({ location_id: place.id });
  expect(held).toMatchObject({
    status: 200,
    body: { line_item_id: lineId, location_id: place.id, quantity: 2 },
  });
  const before = (await wire.admin("GET", `${path}/reservations`)).reservations;
  expect(before).toEqual([held.body]);
  expect((await reserve({ location_id: place.id, quantity: 2 })).status).toBe(200);
  for (const body of [{ location_id: place.id, quantity: 3 }, { location_id: "sloc_x" }]) {
    expect(await reserve(body)).toMatchObject({ status: 400, body: { type: "not_allowed" } });
  }
  expect((await reserve({ location_id: place.id }, "item_x")).status).toBe(404);
  expect((await wire.admin("GET", `${path}/reservations`)).reservations).toEqual(before);
});

test("clients keep metadata with the staff", async () => {
  const { users } = await wire.admin("GET", "/admin/users");
  const user = `/admin/users/${users[0].id}`;
  await wire.admin("POST", user, { metadata: { desk: 1 } });
  const changed = await wire.admin("POST", user, { metadata: { floor: 2 } });
  expect(changed.user.metadata).toEqual({ desk: 1, floor: 2 });
  expect((await wire.admin("GET", user)).user.metadata).toEqual({ desk: 1, floor: 2 });
});

test("a stock location keeps its address under one id, and can have that of another", async () => {
  const address = { address_1: "x", country_code: "DE" };
  const locations = "/admin/stock-locations";
  const made = (await wire.admin("POST", locations, { name: "C", address })).stock_location;
  const other = (await wire.admin("POST", locations, { name: "D", address_id: made.address_id }))
    .stock_location;
  expect(other.address_id).toBe(made.address_id);
  const path = `${locations}/${made.id}`;
  const own = await wire.admin("POST", path, { address: { address_1: "z", country_code: "DE" } });
  expect(own.stock_location.address_id).not.toBe(made.address_id);
  const kept = (await wire.admin("GET", `${locations}/${other.id}?expand=address`)).stock_location;
  expect(kept.address).toMatchObject({ id: made.address_id, address_1: "x" });
  const moved = await wire.admin("POST", `${path}?expand=address`, {
    address: { address_1: "y", country_code: "FR" },
  });
  expect(moved.stock_location).toMatchObject({
    address_id: own.stock_location.address_id,
    address: { id: own.stock_location.address_id, address_1: "y", country_code: "fr" },
  });
  const named = await wire.admin("POST", path, { address: made.address_id });
  expect(named.stock_location.address_id).toBe(made.address_id);
  expect((await asked(path, { address_id: "laddr_x" })).status).toBe(404);
});
