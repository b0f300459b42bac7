import { describe, expect, test } from "vitest";
import { type Answer, newReference } from "../../engine.ts";
import { address, buyer, newProduct, rejection, type Sdk, sdkNames, useWire } from "./harness.ts";

const wire = useWire();

type Group = Readonly<Record<string, unknown>>;

/** The SDKs have these calls, and forget them in their types. */
const groupsOf = (client: Sdk, cart: string) =>
  client.Cart(cart) as unknown as Record<
    "AllShippingGroupsCart" | "GetCartShippingGroup",
    // biome-ignore lint/suspicious/noExplicitAny: what comes back is looked into
    (id?: string) => Promise<any>
  >;

const estimate = { start: "2026-12-01T00:00:00Z", end: "2026-12-03T00:00:00Z" };
const group = (members: Group = {}) => ({
  shipping_type: "express",
  shipping_price: { base: 500, tax: 100, fees: 50 },
  address,
  delivery_estimate: estimate,
  ...members,
});

/** A cart with two lines of 1000. */
async function aCart(headers = {}): Promise<{ cart: string; items: string[] }> {
  const cart = newReference();
  const data = [await newProduct(wire), await newProduct(wire)].map(({ id }) => ({
    type: "cart_item",
    id,
    quantity: 1,
  }));
  const { body } = await wire.ask("POST", `/v2/carts/${cart}/items`, { data }, { as: "shopper", headers });
  return { cart, items: body.data.map((item: { id: string }) => item.id) };
}

const put = (cart: string, item: string | undefined, shipping_group_id: unknown) =>
  wire.ask("PUT", `/v2/carts/${cart}/items/${item}`, { data: { type: "cart_item", shipping_group_id } });
const post = (cart: string, data: Group = group(), headers = {}) =>
  wire.ask("POST", `/v2/carts/${cart}/shipping-groups`, { data }, { headers });
const priceOf = async (cart: string) =>
  (await wire.ask("GET", `/v2/carts/${cart}`)).body.data.meta.display_price;
const checkOut = async (cart: string): Promise<Answer["body"]> => {
  const data = { customer: buyer, billing_address: address };
  const placed = await wire.ask("POST", `/v2/carts/${cart}/checkout`, { data }, { as: "shopper" });
  expect(placed.status, JSON.stringify(placed.body)).toBe(201);
  return placed.body;
};
/** An order of two lines, the first of which is sent by express. */
async function anOrder() {
  const { cart, items } = await aCart();
  await put(cart, items[0], (await post(cart)).body.data.id);
  await post(cart, group({ shipping_type: "of nothing" }));
  const { data, included } = await checkOut(cart);
  return { cart, order: data, items: included.items, path: `/v2/orders/${data.id}` };
}

describe.each(sdkNames)("%s", (name) => {
  test("CreateShippingGroup, AllShippingGroupsCart, GetCartShippingGroup, UpdateItem", async () => {
    const shopper = wire.sdk(name, "shopper");
    const { cart, items } = await aCart();
    const { data } = await shopper.Cart(cart).CreateShippingGroup(group());
    const money = (amount: number, formatted: string) => ({ amount, currency: "USD", formatted });
    expect(data).toEqual({
      type: "shipping_group",
      id: expect.any(String),
      relation: "cart",
      cart_id: cart,
      shipping_type: "express",
      address: { ...address, company_name: "", line_2: "", phone_number: "", instructions: "" },
      delivery_estimate: estimate,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      relationships: { cart: { data: { type: "cart", id: cart } } },
      meta: {
        shipping_display_price: {
          total: money(650, "$6.50"),
          base: money(500, "$5.00"),
          tax: money(100, "$1.00"),
          fees: money(50, "$0.50"),
        },
      },
    });
    expect((await groupsOf(shopper, cart).AllShippingGroupsCart()).data).toEqual([data]);
    expect((await groupsOf(shopper, cart).GetCartShippingGroup(data.id)).data).toEqual(data);
    expect(await priceOf(cart)).toMatchObject({ shipping: { amount: 0 }, with_tax: { amount: 2000 } });
    const updated = await shopper.Cart(cart).UpdateItem(items[0], 2, { shipping_group_id: data.id });
    expect(updated.data[0]).toMatchObject({ quantity: 2, shipping_group_id: data.id });
    expect(updated.meta.display_price).toMatchObject({
      with_tax: { amount: 3650 },
      without_tax: { amount: 3550 },
      tax: { amount: 100 },
      shipping: { amount: 650 },
      shipping_discount: { amount: 0 },
    });
    const { errors } = await rejection(groupsOf(shopper, cart).GetCartShippingGroup("none"));
    expect(errors).toMatchObject([{ status: 404, title: "Cart shipping group not found" }]);
  });

  test("Orders.AllShippingGroups, Orders.GetShippingGroup: the groups of checkout", async () => {
    const shop = wire.sdk(name, "shop");
    const { cart, order, items } = await anOrder();
    const { data } = await shop.Orders.AllShippingGroups(order.id);
    expect(data).toMatchObject([
      {
        relation: "order",
        order_id: order.id,
        cart_id: cart,
        shipping_type: "express",
        relationships: {
          cart: { data: { type: "cart", id: cart } },
          order: { data: { type: "order", id: order.id } },
        },
        meta: { shipping_display_price: { total: { amount: 650 } } },
      },
    ]);
    expect(items[0].shipping_group_id).toBe(data[0].id);
    expect(items[1]).not.toHaveProperty("shipping_group_id");
    expect(order.meta.display_price).toMatchObject({
      with_tax: { amount: 2650 },
      balance_owing: { amount: 2650 },
      shipping: { amount: 650 },
    });
    const one = await shop.Orders.With("items").GetShippingGroup(order.id, data[0].id);
    expect(one).toEqual({ data: data[0], included: { items: [items[0]] } });
    const plain = await wire.ask("GET", `/v2/orders/${order.id}/shipping-groups/${data[0].id}`);
    expect(plain.body).toEqual({ data: data[0] });
  });
});

describe("C6 shipping groups of carts", () => {
  test("count once, with their discount, and follow the items", async () => {
    const { cart, items } = await aCart();
    const price = { base: 500, tax: 100, fees: 50, discount: -800 };
    const { data } = (await post(cart, group({ shipping_price: price }))).body;
    expect(data.meta.shipping_display_price).toMatchObject({
      total: { amount: 650 },
      discount: { amount: -500 },
    });
    const both = items.map((id) => ({ id, type: "cart_item", shipping_group_id: data.id }));
    await wire.ask("PUT", `/v2/carts/${cart}/items`, { data: both });
    const shipped = {
      with_tax: { amount: 2150 },
      discount: { amount: 0 },
      shipping: { amount: 650 },
      shipping_discount: { amount: -500, formatted: "-$5.00" },
    };
    expect(await priceOf(cart)).toMatchObject(shipped);
    await wire.ask("DELETE", `/v2/carts/${cart}/items/${items[0]}`);
    expect(await priceOf(cart)).toMatchObject({ with_tax: { amount: 1150 }, shipping: { amount: 650 } });
    for (const none of [null, ""]) {
      await put(cart, items[1], data.id);
      expect((await put(cart, items[1], none)).body.data[0]).not.toHaveProperty("shipping_group_id");
      expect(await priceOf(cart)).toMatchObject({ with_tax: { amount: 1000 }, shipping: { amount: 0 } });
    }
  });

  test("are named when an item is added", async () => {
    const cart = newReference();
    const { id } = (await post(cart)).body.data;
    const product = {
      type: "cart_item",
      id: (await newProduct(wire)).id,
      quantity: 1,
      shipping_group_id: id,
    };
    const custom = {
      type: "custom_item",
      name: "Fee",
      quantity: 1,
      price: { amount: 5 },
      shipping_group_id: id,
    };
    const { body } = await wire.ask("POST", `/v2/carts/${cart}/items`, { data: [product, custom] });
    expect(body.data).toMatchObject([{ shipping_group_id: id }, { shipping_group_id: id }]);
    expect(body.meta.display_price.shipping.amount).toBe(650);
  });

  test("are updated by what is given: a price as a whole, and the total follows at once", async () => {
    const { cart, items } = await aCart();
    const { data } = (await post(cart)).body;
    await put(cart, items[0], data.id);
    const path = `/v2/carts/${cart}/shipping-groups/${data.id}`;
    // Clients name their currency with every request; beside no price it says nothing.
    const headers = { "x-moltin-currency": "EUR" };
    const tracking = { data: { tracking_reference: "T-1" } };
    const tracked = await wire.ask("PUT", path, tracking, { headers });
    expect(tracked.body.data).toMatchObject({ tracking_reference: "T-1", shipping_type: "express" });
    const other = await wire.ask("PUT", path, { data: { shipping_price: { base: 1 } } }, { headers });
    expect(other.body.errors).toMatchObject([{ title: "Cart Currency Mismatch" }]);
    const repriced = await wire.ask("PUT", path, { data: { shipping_price: { base: 700 } } });
    expect(repriced.body.data.meta.shipping_display_price).toMatchObject({
      total: { amount: 700 },
      tax: { amount: 0 },
    });
    expect(await priceOf(cart)).toMatchObject({ with_tax: { amount: 2700 }, shipping: { amount: 700 } });
  });

  test("are refused to the letter where the vendor documents it", async () => {
    const { cart, items } = await aCart();
    const path = `/v2/carts/${cart}/shipping-groups`;
    const error = async (answer: Promise<Answer>) => {
      const { status, body } = await answer;
      expect(body.errors[0].status).toBe(status);
      return body.errors;
    };
    const euro = { "x-moltin-currency": "EUR" };
    expect(await error(post(cart, group(), euro))).toEqual([
      {
        status: 400,
        title: "Cart Currency Mismatch",
        detail: "This cart uses USD, cannot add shipping group with currency EUR",
        source: "request",
      },
    ]);
    expect(await error(post(newReference(), group(), { "x-moltin-currency": "XXX" }))).toMatchObject([
      { status: 400, detail: "The currency XXX is not enabled in this store" },
    ]);
    const reversed = { delivery_estimate: { start: estimate.end, end: estimate.start } };
    expect(await error(post(cart, group(reversed)))).toEqual([
      {
        status: 400,
        title: "Date Logic Discrepancy",
        detail: "The start date cannot occur after the end date",
      },
    ]);
    const unknown = {
      status: 404,
      title: "Cart shipping group not found",
      detail: `Cart shipping group with ID [g] not found for cart [${cart}]`,
      meta: { cart_id: cart, shipping_group_id: "g" },
    };
    expect(await error(wire.ask("GET", `${path}/g`))).toEqual([unknown]);
    expect(await error(wire.ask("PUT", `${path}/g`, { data: {} }))).toEqual([unknown]);
    expect(await error(wire.ask("DELETE", `${path}/g`))).toEqual([unknown]);
    const foreign = (await post(newReference())).body.data.id;
    const [refusal] = await error(put(cart, items[0], foreign));
    expect(refusal).toMatchObject({
      status: 404,
      title: "Shipping groups not found",
      meta: { cart_id: cart, shipping_group_ids: [foreign] },
    });
    const { id } = (await post(cart)).body.data;
    await put(cart, items[0], id);
    expect(await error(wire.ask("DELETE", `${path}/${id}`))).toMatchObject([
      { status: 400, title: "Cannot delete shipping group", meta: { item_ids: [items[0]] } },
    ]);
    await put(cart, items[0], null);
    expect((await wire.ask("DELETE", `${path}/${id}`)).status).toBe(204);
    expect((await wire.ask("GET", path)).body.data).toEqual([]);
  });

  test("have bounded members, a whole address, and a price that adds up", async () => {
    const cart = newReference();
    const wrong = async (members: Group) => (await post(cart, members)).body.errors?.[0];
    expect(await wrong({ shipping_type: "x".repeat(51) })).toMatchObject({ source: "data.shipping_type" });
    expect(await wrong({ tracking_reference: "x".repeat(51) })).toMatchObject({
      source: "data.tracking_reference",
    });
    for (const part of ["base", "tax", "fees"]) {
      expect(await wrong({ shipping_price: { [part]: -1 } })).toMatchObject({ title: "number_gte" });
    }
    expect(await wrong({ shipping_price: { discount: 1 } })).toMatchObject({ title: "number_lte" });
    expect(await wrong({ shipping_price: { total: 500 } })).toMatchObject({
      status: 400,
      source: "data.shipping_price.total",
    });
    const { postcode: _, ...incomplete } = address;
    expect(await wrong({ address: incomplete })).toMatchObject({ source: "data.address.postcode" });
    const { region: _region, county: _county, ...nowhere } = address;
    expect(await wrong({ address: nowhere })).toMatchObject({ source: "data.address.region" });
    expect(await wrong({ delivery_estimate: { start: "soon" } })).toMatchObject({ title: "format" });
    expect(await wrong({ shipping_price: { base: 999_999_999_999, tax: 1 } })).toMatchObject({
      status: 400,
      detail: "The price of shipping is too large",
    });
    const summed = await post(cart, { shipping_price: { base: 400, fees: 100, total: 500 } });
    expect(summed.status).toBe(201);
    expect(summed.body.data).not.toHaveProperty("address");
  });

  test("have prices from the shop alone, if the store says so", async () => {
    const setting = (custom_items_by_shoppers: boolean) =>
      wire.ask("PUT", "/v2/settings/cart", { data: { type: "settings", custom_items_by_shoppers } });
    const cart = newReference();
    const path = `/v2/carts/${cart}/shipping-groups`;
    await setting(false);
    try {
      const asShopper = { as: "shopper" } as const;
      expect((await wire.ask("POST", path, { data: group() }, asShopper)).status).toBe(403);
      const { shipping_price: _, ...unpriced } = group();
      const made = await wire.ask("POST", path, { data: unpriced }, asShopper);
      expect(made.status).toBe(201);
      const one = `${path}/${made.body.data.id}`;
      const free = { data: { shipping_price: { base: 0 } } };
      expect((await wire.ask("PUT", one, free, asShopper)).status).toBe(403);
      expect((await wire.ask("PUT", one, free)).status).toBe(200);
    } finally {
      await setting(true);
    }
  });
});

describe("shipping groups of orders", () => {
  test("are added and updated by the shop, and cost nothing", async () => {
    const { order, path } = await anOrder();
    const made = await wire.ask("POST", `${path}/shipping-groups`, {
      data: group({ shipping_type: "post" }),
    });
    expect(made.status).toBe(201);
    expect(made.body.data).toMatchObject({
      relation: "order",
      shipping_type: "post",
      meta: { shipping_display_price: { total: { amount: 0 } } },
    });
    const one = `${path}/shipping-groups/${made.body.data.id}`;
    const elsewhere = { ...address, line_1: "2 Short Lane" };
    const change = { data: { tracking_reference: "T-2", address: elsewhere } };
    expect((await wire.ask("PUT", one, change)).body.data).toMatchObject({
      shipping_type: "post",
      tracking_reference: "T-2",
      address: elsewhere,
    });
    expect((await wire.ask("PUT", one, change, { as: "shopper" })).status).toBe(403);
    expect((await wire.ask("GET", path)).body.data.meta.display_price).toEqual(order.meta.display_price);
    expect((await wire.ask("GET", `${path}/shipping-groups`)).body.data).toHaveLength(2);
    const missing = {
      errors: [
        {
          status: 404,
          title: "Group not found",
          detail: `Group with ID [g] not found for order [${order.id}]`,
          meta: { order_id: order.id, shipping_group_id: "g" },
        },
      ],
    };
    for (const [method, body] of [["GET"], ["PUT", { data: {} }]] as const) {
      expect((await wire.ask(method, `${path}/shipping-groups/g`, body)).body).toEqual(missing);
    }
  });

  test("keep their address once the order is fulfilled, and may still be tracked", async () => {
    const { path } = await anOrder();
    await wire.ask("POST", `${path}/payments`, { data: { gateway: "manual", method: "purchase" } });
    expect((await wire.ask("PUT", path, { data: { type: "order", shipping: "fulfilled" } })).status).toBe(
      200,
    );
    const [{ id }] = (await wire.ask("GET", `${path}/shipping-groups`)).body.data;
    const one = `${path}/shipping-groups/${id}`;
    const frozen = {
      status: 400,
      title: "Bad Request",
      detail: "Cannot update order shipping address because shipping status is fulfilled",
    };
    expect((await wire.ask("PUT", one, { data: { address } })).body.errors).toEqual([frozen]);
    const late = await wire.ask("POST", `${path}/shipping-groups`, { data: { address } });
    expect(late.body.errors).toEqual([frozen]);
    expect((await wire.ask("PUT", one, { data: { tracking_reference: "T" } })).body.data).toMatchObject({
      tracking_reference: "T",
    });
  });

  test("of two orders of one cart are apart", async () => {
    const { cart, items } = await aCart();
    await put(cart, items[0], (await post(cart)).body.data.id);
    const ids: string[] = [];
    for (const order of [await checkOut(cart), await checkOut(cart)]) {
      const { data } = (await wire.ask("GET", `/v2/orders/${order.data.id}/shipping-groups`)).body;
      ids.push(...data.map((one: { id: string }) => one.id));
    }
    expect(new Set(ids).size).toBe(2);
  });
});
