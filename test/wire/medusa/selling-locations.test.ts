import { afterEach, beforeAll, expect, test } from "vitest";
import { completeRegionCart } from "../../../src/operations/complete-region-cart.ts";
import { examineStore } from "../../../src/operations/examine-store.ts";
import { interleave } from "../../race/interleave.ts";
import { aProduct, aShop, coreId, readyCart, type Shop, stockOf } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
let shop: Shop;
let channel: string;
let berlin: string;
let paris: string;
let rome: string;

beforeAll(async () => {
  shop = await aShop(wire);
  const location = async (name: string) =>
    (await wire.admin("POST", "/admin/stock-locations", { name })).stock_location.id as string;
  [berlin, paris, rome] = [await location("Berlin"), await location("Paris"), await location("Rome")];
  channel = (await wire.admin("GET", "/admin/sales-channels")).sales_channels[0].id;
  for (const location_id of [paris, rome]) {
    await wire.admin("POST", `/admin/sales-channels/${channel}/stock-locations`, { location_id });
  }
});

const item = (variantId: string) => variantId.replace("variant_", "iitem_");
let made = 0;

/** A variant with so many pieces in Paris and Rome, and `common` in Berlin, which the channel does not sell from. */
async function aVariant(pieces: { paris?: number; rome?: number; common?: number }): Promise<string> {
  made += 1;
  const { variantId } = await aProduct(wire, `P${made}`, pieces.common ?? 0);
  const path = `/admin/inventory-items/${item(variantId)}/location-levels`;
  for (const [location_id, stocked_quantity] of [
    [paris, pieces.paris],
    [rome, pieces.rome],
  ]) {
    if (stocked_quantity !== undefined) await wire.admin("POST", path, { location_id, stocked_quantity });
  }
  return variantId;
}

/** Stocked and reserved pieces by location. */
async function levels(variantId: string) {
  const { inventory_item: found } = await wire.admin("GET", `/admin/inventory-items/${item(variantId)}`);
  const of = (location: string) => {
    const level = found.location_levels.find((one: { location_id: string }) => one.location_id === location);
    return level && `${level.stocked_quantity}/${level.reserved_quantity}`;
  };
  return { berlin: of(berlin), paris: of(paris), rome: of(rome) };
}

const cartWith = (variantId: string, quantity: number, more: object = {}) =>
  readyCart(wire, shop, { items: [{ variant_id: variantId, quantity }], ...more });
const complete = (path: string) => wire.ask("POST", `${path}/complete`);
async function bought(variantId: string, quantity: number) {
  const path = await cartWith(variantId, quantity);
  await wire.ask("POST", `${path}/shipping-methods`, { option_id: shop.optionId });
  const { status, body } = await complete(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return { id: body.data.id as string, lineId: body.data.items[0].id as string };
}
const reservationsOf = async (orderId: string) => {
  const { reservations } = await wire.admin("GET", `/admin/orders/${orderId}/reservations`);
  return reservations
    .map((one: { location_id: string; quantity: number }) => [one.location_id, one.quantity])
    .sort();
};
/** The engine's own operations, as the shop. */
function inside() {
  const { core, storeId } = wire.engine.engine;
  return { deps: core.deps, storeId };
}

afterEach(async () => {
  const { deps, storeId } = inside();
  expect(await examineStore(deps, storeId)).toEqual([]);
});

test("E2 E7 twenty buyers of one piece each get the three and the two that there are", async () => {
  const variantId = await aVariant({ paris: 3, rome: 2, common: 9 });
  const carts: string[] = [];
  for (let buyer = 0; buyer < 20; buyer += 1)
    carts.push(await cartWith(variantId, 1, { email: `b${buyer}@x.com` }));
  const answers = await Promise.all(carts.map(complete));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
    new Set(["409 insufficient_inventory"]),
  );
  expect(await levels(variantId)).toEqual({ berlin: "9/0", paris: "3/3", rome: "2/2" });
});

test("E7 a cart draws on its channel's places in their order, and is told what they have together", async () => {
  const variantId = await aVariant({ paris: 1, rome: 1, common: 9 });
  const tooMany = await wire.ask("POST", "/store/carts", {
    region_id: shop.regionId,
    items: [{ variant_id: variantId, quantity: 3 }],
  });
  expect(tooMany).toMatchObject({ status: 400, body: { code: "insufficient_inventory" } });
  const { id } = await bought(variantId, 2);
  expect(await levels(variantId)).toEqual({ berlin: "9/0", paris: "1/1", rome: "1/1" });
  expect(await reservationsOf(id)).toEqual(
    [
      [paris, 1],
      [rome, 1],
    ].sort(),
  );
  await wire.admin("POST", `/admin/orders/${id}/cancel`);
  expect(await levels(variantId)).toEqual({ berlin: "9/0", paris: "1/0", rome: "1/0" });
  expect(await reservationsOf(id)).toEqual([]);
});

test("what shoppers see is what the channel that they look through has", async () => {
  const variantId = await aVariant({ paris: 3, rome: 1, common: 9 });
  const gone = await aVariant({ common: 9 });
  const shown = async (id: string, query = "") =>
    (await wire.ask("GET", `/store/variants/${id}${query}`)).body.variant;
  expect(await shown(variantId)).toMatchObject({ inventory_quantity: 4, purchasable: true });
  expect(await shown(gone)).toMatchObject({ inventory_quantity: 0, purchasable: false });
  const { sales_channel: other } = await wire.admin("POST", "/admin/sales-channels", { name: "Other" });
  const through = `?sales_channel_id=${other.id}`;
  expect(await shown(variantId, through)).toMatchObject({ inventory_quantity: 9 });
  const { product } = (await wire.ask("GET", `/store/products/${(await shown(variantId)).product_id}`)).body;
  expect(product.variants[0]).toMatchObject({ inventory_quantity: 4, purchasable: true });
  const { body } = await wire.ask("GET", `/store/products?id=${product.id}`);
  expect(body.products[0].variants[0]).toMatchObject({ inventory_quantity: 4 });
  const { variant } = await wire.admin("GET", `/admin/variants/${variantId}/inventory`);
  const available = new Map<string, number>(
    variant.sales_channel_availability.map((one: { channel_id: string; available_quantity: number }) => [
      one.channel_id,
      one.available_quantity,
    ]),
  );
  expect([available.get(channel), available.get(other.id)]).toEqual([4, 9]);

  const { product_id } = await shown(gone);
  const batch = { product_ids: [{ id: product_id }] };
  await wire.admin("POST", `/admin/sales-channels/${other.id}/products/batch`, batch);
  // A cart of the other channel sells the common stock, and so does the other dialect.
  const cart = await wire.ask("POST", "/store/carts", {
    region_id: shop.regionId,
    sales_channel_id: other.id,
    items: [{ variant_id: gone, quantity: 9 }],
  });
  expect(cart.status, JSON.stringify(cart.body)).toBe(200);
  expect(await stockOf(wire, gone)).toEqual({ total: 9, allocated: 0, available: 9 });
  const basket = await wire.engine.ask(
    "POST",
    "/v2/carts/basket/items",
    {
      data: { type: "cart_item", id: coreId(variantId), quantity: 5 },
    },
    { headers: { "x-moltin-currency": "EUR" } },
  );
  expect(basket.status, JSON.stringify(basket.body)).toBe(201);
});

test("E7 stock that moves between the look and the claim is drawn on where it is by then", async () => {
  const { deps, storeId } = inside();
  const store = await deps.storage.stores.config(storeId);
  if (!store) throw new Error("There is no store");
  const variantId = await aVariant({ paris: 1, rome: 1 });
  const path = await cartWith(variantId, 1);
  const between = interleave(deps, "before", "orders", "insertOfCart", () => bought(variantId, 1));
  const cartId = coreId(path.slice("/store/carts/".length));
  const context = { store, actor: { kind: "shopper", label: "test" } } as const;
  const first = await completeRegionCart(between, context, cartId);
  expect(first).toMatchObject({ ok: true, value: { order: { stock: { held: [{ quantity: 1 }] } } } });
  expect(await levels(variantId)).toMatchObject({ paris: "1/1", rome: "1/1" });

  const last = await aVariant({ paris: 0, rome: 1 });
  const late = await cartWith(last, 1);
  const sold = interleave(deps, "before", "orders", "insertOfCart", () => bought(last, 1));
  const second = await completeRegionCart(sold, context, coreId(late.slice("/store/carts/".length)));
  expect(second).toMatchObject({ ok: false, error: { type: "stock_short" } });
});

test("F4 what is packed leaves its place, and comes back to it when it is unpacked or returned", async () => {
  const variantId = await aVariant({ paris: 2, rome: 1 });
  const { id, lineId } = await bought(variantId, 3);
  const items = [{ item_id: lineId, quantity: 3 }];
  await wire.admin("POST", `/admin/orders/${id}/capture`);
  const { order } = await wire.admin("POST", `/admin/orders/${id}/fulfillment`, { items });
  expect(await levels(variantId)).toMatchObject({ paris: "0/0", rome: "0/0" });
  await wire.admin("POST", `/admin/orders/${id}/fulfillments/${order.fulfillments[0].id}/cancel`);
  expect(await levels(variantId)).toMatchObject({ paris: "2/2", rome: "1/1" });
  await wire.admin("POST", `/admin/orders/${id}/fulfillment`, { items });
  const back = { items: [{ item_id: lineId, quantity: 1 }], receive_now: true };
  for (let piece = 0; piece < 3; piece += 1) await wire.admin("POST", `/admin/orders/${id}/return`, back);
  expect(await levels(variantId)).toMatchObject({ paris: "2/0", rome: "1/0" });
});

test("F4 an order that is marked as sent through the other dialect is restocked where it was taken from", async () => {
  const variantId = await aVariant({ paris: 2, common: 1 });
  const { id, lineId } = await bought(variantId, 2);
  await wire.admin("POST", `/admin/orders/${id}/capture`);
  const sent = await wire.engine.ask("PUT", `/v2/orders/${coreId(id)}`, {
    data: { type: "order", shipping: "fulfilled" },
  });
  expect(sent.status, JSON.stringify(sent.body)).toBe(200);
  expect(await levels(variantId)).toMatchObject({ berlin: "1/0", paris: "0/0" });
  const items = [{ item_id: lineId, quantity: 1 }];
  await wire.admin("POST", `/admin/orders/${id}/return`, { items, receive_now: true });
  expect(await levels(variantId)).toMatchObject({ berlin: "1/0", paris: "1/0" });
  // Somebody says where it came to.
  await wire.admin("POST", `/admin/orders/${id}/return`, { items, receive_now: true, location_id: berlin });
  expect(await levels(variantId)).toMatchObject({ berlin: "2/0", paris: "1/0" });
});

test("E6 goods are sent from the location that is named, which has to have them", async () => {
  const variantId = await aVariant({ paris: 3, common: 1 });
  const { id, lineId } = await bought(variantId, 3);
  const pack = (location_id: string, quantity: number) =>
    wire.ask(
      "POST",
      `/admin/orders/${id}/fulfillment`,
      { items: [{ item_id: lineId, quantity }], location_id },
      { as: "admin" },
    );
  const nowhere = await pack(rome, 1);
  expect(nowhere).toMatchObject({ status: 400, body: { type: "not_allowed" } });
  expect(nowhere.body.message).toMatch(/^Inventory item for P\d+ not found at location$/);
  const tooFew = await pack(berlin, 2);
  expect(tooFew).toMatchObject({ status: 400, body: { type: "not_allowed" } });
  expect(tooFew.body.message).toMatch(/^Insufficient stock for item: P\d+$/);
  expect(await levels(variantId)).toMatchObject({ berlin: "1/0", paris: "3/3" });

  const { status, body } = await pack(berlin, 1);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body.order.fulfillments[0].location_id).toBe(berlin);
  expect(await levels(variantId)).toMatchObject({ berlin: "0/0", paris: "3/2" });
  expect(await reservationsOf(id)).toEqual([[paris, 2]]);
  await wire.admin("POST", `/admin/orders/${id}/fulfillments/${body.order.fulfillments[0].id}/cancel`);
  expect(await levels(variantId)).toMatchObject({ berlin: "1/1", paris: "3/2" });
  expect((await pack(paris, 3)).status).toBe(200);
  expect(await levels(variantId)).toMatchObject({ berlin: "1/0", paris: "0/0" });
});

test("E6 two who send the same pieces from different locations take no more than was bought", async () => {
  const variantId = await aVariant({ paris: 2, rome: 2 });
  const { id, lineId } = await bought(variantId, 2);
  const packed = await Promise.all(
    [paris, rome, paris, rome].map((location_id) =>
      wire.ask(
        "POST",
        `/admin/orders/${id}/fulfillment`,
        { items: [{ item_id: lineId, quantity: 1 }], location_id },
        { as: "admin" },
      ),
    ),
  );
  expect(packed.map(({ status }) => status).sort()).toEqual([200, 200, 400, 400]);
  const { inventory_item: left } = await wire.admin("GET", `/admin/inventory-items/${item(variantId)}`);
  expect(left).toMatchObject({ stocked_quantity: 2, reserved_quantity: 0 });
});

test("reservations of orders are shown beside those made by hand, and are the orders' own", async () => {
  const variantId = await aVariant({ paris: 3 });
  const { id, lineId } = await bought(variantId, 2);
  const hold = { location_id: paris, inventory_item_id: item(variantId), quantity: 1 };
  const { reservation: byHand } = await wire.admin("POST", "/admin/reservations", {
    ...hold,
    line_item_id: lineId,
  });
  const listed = await wire.admin("GET", `/admin/reservations?inventory_item_id=${item(variantId)}`);
  expect(listed).toMatchObject({ count: 2, offset: 0, limit: 20 });
  expect((await wire.admin("GET", `/admin/reservations?line_item_id[]=${lineId}`)).count).toBe(2);
  expect((await wire.admin("GET", `/admin/orders/${id}/reservations`)).count).toBe(2);
  const own = listed.reservations.find((one: { id: string }) => one.id !== byHand.id);
  expect(own).toMatchObject({ ...hold, quantity: 2, line_item_id: lineId, created_by: null });
  const path = `/admin/reservations/${own.id}`;
  expect((await wire.admin("GET", path)).reservation).toEqual(own);
  const refused = { status: 400, body: { type: "not_allowed" } };
  expect(await wire.ask("POST", path, { quantity: 1 }, { as: "admin" })).toMatchObject(refused);
  expect(await wire.ask("DELETE", path, undefined, { as: "admin" })).toMatchObject(refused);
  await wire.admin("DELETE", `/admin/reservations/${byHand.id}`);
  expect(await levels(variantId)).toMatchObject({ paris: "3/2" });
});
