import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newReference, startTestEngine, waitUntil } from "../../engine.ts";
import { asShopper, checkOut, complaints, defineFields, deleteFlows, filledCart } from "./defined-fields.ts";
import { newProduct, rejection, type Sdk, useWire } from "./harness.ts";
import { newEmail, signedInCustomer } from "./shoppers.ts";

const wire = useWire();
let shop: Sdk;
let shopper: Sdk;
beforeAll(() => {
  shop = wire.sdk("@moltin/sdk", "shop");
  shopper = wire.sdk("@moltin/sdk", "shopper");
});
beforeEach(() => deleteFlows(wire));

const define = (resource: string, fields: Readonly<Record<string, string | object>>) =>
  defineFields(wire, resource, fields);

describe("carts", () => {
  test("have their fields as members, null until they are set, however the cart came about", async () => {
    await define("carts", {
      "gift-note": "string",
      express: "boolean",
      hint: { field_type: "date", omit_null: true },
    });
    const unset = { "gift-note": null, express: null };
    const { data: implicit } = await shopper.Cart(newReference()).Get();
    expect(implicit).toMatchObject(unset);
    expect(implicit).not.toHaveProperty("hint");
    const made = await shopper.Cart().CreateCart({ name: "Mine", express: true, unknown: "x" });
    expect(made.data).toMatchObject({ name: "Mine", "gift-note": null, express: true });
    expect(made.data).not.toHaveProperty("unknown");
    const cart = shopper.Cart(made.data.id);
    const changed = await cart.UpdateCart({ "gift-note": "For you", hint: "2026-12-24" });
    expect(changed.data).toMatchObject({ "gift-note": "For you", express: true, hint: "2026-12-24" });
    await cart.UpdateCart({ "gift-note": null, description: "d" });
    expect((await cart.Get()).data).toMatchObject({ "gift-note": null, express: true, description: "d" });
  });

  test("are listed with them", async () => {
    await define("carts", { "gift-note": "string" });
    const { token } = await signedInCustomer(wire);
    await shopper.Cart().CreateCart({ name: "Mine", "gift-note": "hello" }, token);
    const { data } = await shopper.Cart().GetCartsList(token);
    expect(data).toMatchObject([{ name: "Mine", "gift-note": "hello" }]);
  });

  test("take no value that does not fit, and change nothing then", async () => {
    const range = [{ type: "between", options: { from: 1, to: 5 } }];
    await define("carts", {
      note: { field_type: "string", validation_rules: [{ type: "enum", options: ["a", "b"] }] },
      mail: { field_type: "string", validation_rules: [{ type: "email" }] },
      rating: { field_type: "integer", validation_rules: range },
      weight: "float",
      express: "boolean",
      day: "date",
    });
    const path = `/v2/carts/${newReference()}`;
    const good = {
      note: "a",
      mail: "ada@example.com",
      rating: 5,
      weight: 0.5,
      express: false,
      day: "2026-12-24",
    };
    expect((await wire.ask("PUT", path, { data: good }, asShopper)).body.data).toMatchObject(good);
    const bad = { note: "c", mail: "ada", rating: 6, weight: "0.5", express: "false", day: "24.12.2026" };
    const refused = await wire.ask("PUT", path, { data: { name: "New", ...bad } }, asShopper);
    expect(refused.status).toBe(400);
    expect(complaints(refused)).toEqual([
      "data.note enum",
      "data.mail format",
      "data.rating number_lte",
      "data.weight invalid_type",
      "data.express invalid_type",
      "data.day format",
    ]);
    const [{ status, detail }] = refused.body.errors;
    expect([status, detail]).toEqual([400, expect.stringContaining('"a", "b"')]);
    expect((await wire.ask("GET", path, undefined, asShopper)).body.data).toMatchObject({
      ...good,
      name: "Cart",
    });
    const made = await wire.ask("POST", "/v2/carts", { data: { name: "x", rating: 0 } }, asShopper);
    expect([made.status, complaints(made)]).toEqual([400, ["data.rating number_gte"]]);
  });

  test("must have what is required when they are created, not when they are made by being read", async () => {
    await define("carts", { code: { field_type: "string", required: true, default: "unused" } });
    const created = await wire.ask("POST", "/v2/carts", { data: { name: "x" } }, asShopper);
    expect([created.status, complaints(created)]).toEqual([400, ["data.code required"]]);
    const path = `/v2/carts/${newReference()}`;
    expect((await wire.ask("GET", path, undefined, asShopper)).body.data.code).toBeNull();
    const put = (data: object) => wire.ask("PUT", path, { data }, asShopper);
    expect((await put({ name: "x" })).status).toBe(200);
    expect((await put({ code: "c" })).body.data.code).toBe("c");
    expect(complaints(await put({ code: null }))).toEqual(["data.code required"]);
  });

  test("begin with the defaults", async () => {
    await define("carts", { channel: { field_type: "string", default: "web" } });
    const { data: implicit } = await shopper.Cart(newReference()).Get();
    const { data: created } = await shopper.Cart().CreateCart({ name: "x" });
    const { data: given } = await shopper.Cart().CreateCart({ name: "x", channel: "app" });
    const cart = await filledCart(wire);
    const { data: filled } = await shopper.Cart(cart).Get();
    expect([implicit, created, given, filled].map(({ channel }) => channel)).toEqual([
      "web",
      "web",
      "app",
      "web",
    ]);
    const again = await wire.ask("POST", "/v2/carts", { data: { id: given.id, name: "y" } }, asShopper);
    expect(again.body.data).toMatchObject({ name: "y", channel: "app" });
  });
});

describe("lines and orders", () => {
  test("a line's fields are kept, changed, and go with it into the order", async () => {
    await define("cart_items", { engraving: "string", size: { field_type: "integer", default: 1 } });
    await define("order_items", { size: "integer", batch: { field_type: "string", default: "B0" } });
    const cart = await filledCart(wire, { engraving: "A.B.", size: 4 });
    const { data: custom } = await shopper
      .Cart(cart)
      .AddCustomItem({ name: "Wrap", sku: "W", quantity: 1, price: { amount: 1 } });
    expect(custom.map(({ engraving, size }: Record<string, unknown>) => [engraving, size])).toEqual([
      ["A.B.", 4],
      [null, 1],
    ]);
    // More of the same line, without naming its fields, does not set them back.
    const more = { type: "cart_item", id: custom[0].product_id, quantity: 1 };
    await wire.ask("POST", `/v2/carts/${cart}/items`, { data: more }, asShopper);
    const wrap = { type: "custom_item", name: "Wrap", sku: "W", quantity: 1, price: { amount: 1 }, size: 2 };
    await wire.ask("POST", `/v2/carts/${cart}/items`, { data: wrap }, asShopper);
    await shopper.Cart(cart).UpdateItem(custom[0].id, 3, { engraving: "B.A." });
    const { data: lines } = await shopper.Cart(cart).Items();
    expect(lines).toMatchObject([
      { quantity: 3, engraving: "B.A.", size: 4 },
      { quantity: 2, engraving: null, size: 2 },
    ]);
    const placed = await checkOut(wire, cart);
    expect(placed.body.included.items).toMatchObject([
      { engraving: "B.A.", size: 4, batch: "B0" },
      { engraving: null, size: 2, batch: "B0" },
    ]);
    await shopper.Cart(cart).UpdateItem(custom[0].id, 3, { engraving: "later" });
    const { data: ordered } = await shop.Orders.Items(placed.body.data.id);
    expect(ordered[0]).toMatchObject({ engraving: "B.A.", size: 4 });
  });

  test("a line takes no value that does not fit, alone or among others, and must have what is required", async () => {
    await define("cart_items", { size: { field_type: "integer", required: true } });
    const cart = await filledCart(wire, { size: 1 });
    const items = `/v2/carts/${cart}/items`;
    const { id } = await newProduct(wire);
    const post = (data: unknown) => wire.ask("POST", items, { data }, asShopper);
    const item = (members: object) => ({ type: "cart_item", id, quantity: 1, ...members });
    const custom = { type: "custom_item", name: "Fee", quantity: 1, price: { amount: 1 } };
    expect(complaints(await post(item({ size: "4" })))).toEqual(["data.size invalid_type"]);
    expect(complaints(await post(item({})))).toEqual(["data.size required"]);
    expect(complaints(await post([item({ size: 1 }), custom, item({ size: 1.5 })]))).toEqual([
      "data.1.size required",
      "data.2.size invalid_type",
    ]);
    const [line] = (await wire.ask("GET", items, undefined, asShopper)).body.data;
    const one = await wire.ask("PUT", `${items}/${line.id}`, { data: { size: null } }, asShopper);
    expect(complaints(one)).toEqual(["data.size required"]);
    const bulk = await wire.ask("PUT", items, { data: [{ id: line.id, size: true }] }, asShopper);
    expect(complaints(bulk)).toEqual(["data.0.size invalid_type"]);
    expect((await wire.ask("GET", items, undefined, asShopper)).body.data).toMatchObject([{ size: 1 }]);
    // What is copied from elsewhere is taken as it is.
    const merged = newReference();
    const merge = { data: { type: "cart_items", cart_id: cart } };
    expect((await wire.ask("POST", `/v2/carts/${merged}/items`, merge, asShopper)).body.data).toMatchObject([
      { size: 1 },
    ]);
  });

  test("an order's fields are given at checkout, and changed by the shop", async () => {
    await define("orders", {
      "consignment-id": "string",
      source: { field_type: "string", default: "web" },
      terms: { field_type: "boolean", required: true },
    });
    const cart = await filledCart(wire);
    const refused = await checkOut(wire, cart, { "consignment-id": 7 });
    expect([refused.status, complaints(refused)]).toEqual([
      400,
      ["data.consignment-id invalid_type", "data.terms required"],
    ]);
    const placed = await checkOut(wire, cart, { terms: true, unknown: 1 });
    expect(placed.body.data).toMatchObject({ "consignment-id": null, source: "web", terms: true });
    expect(placed.body.data).not.toHaveProperty("unknown");
    const { id } = placed.body.data;
    const updated = await shop.Orders.Update(id, { type: "order", "consignment-id": "X" });
    expect(updated.data).toMatchObject({ "consignment-id": "X", source: "web", terms: true });
    expect(await rejection(shop.Orders.Update(id, { terms: null }))).toMatchObject({
      errors: [{ status: 400, source: "data.terms", title: "required" }],
    });
    expect((await shop.Orders.Get(id)).data).toMatchObject({ "consignment-id": "X" });
    const { data: listed } = await shop.Orders.Filter({ eq: { id } }).All();
    expect(listed).toMatchObject([{ "consignment-id": "X" }]);
  });
});

test("customers and products have fields too", async () => {
  await define("customers", { age: "integer", tier: { field_type: "string", default: "basic" } });
  await define("products", { care: "string", vegan: { field_type: "boolean", default: false } });
  const email = newEmail();
  const { data: ada } = await shopper.Customers.Create({ type: "customer", name: "Ada", email, age: 36 });
  expect(ada).toMatchObject({ age: 36, tier: "basic" });
  expect((await shop.Customers.Update(ada.id, { tier: "gold" })).data).toMatchObject({
    age: 36,
    tier: "gold",
  });
  expect((await shop.Customers.Get(ada.id)).data).toMatchObject({ age: 36, tier: "gold" });
  for (const refusal of await Promise.all(
    [
      shop.Customers.Update(ada.id, { age: "36" }),
      shopper.Customers.Create({ type: "customer", name: "Eve", email: newEmail(), age: 3.6 }),
    ].map(rejection),
  )) {
    expect(refusal).toMatchObject({ errors: [{ status: 400, source: "data.age" }] });
  }
  const product = await newProduct(wire, { care: "By hand" });
  expect(product).toMatchObject({ care: "By hand", vegan: false });
  expect((await shop.Products.Update(product.id, { vegan: true })).data).toMatchObject({ vegan: true });
  expect((await shopper.Products.Get(product.id)).data).toMatchObject({ care: "By hand", vegan: true });
  const shown = (await wire.ask("GET", `/catalog/products/${product.id}`, undefined, asShopper)).body.data;
  expect(shown.attributes).toMatchObject({ care: "By hand", vegan: true });
  expect(await rejection(shop.Products.Update(product.id, { vegan: 1 }))).toMatchObject({
    errors: [{ status: 400, source: "data.vegan" }],
  });
});

test("a field that is switched off or deleted is neither taken nor shown, from then on", async () => {
  const [note, size] = await define("carts", { note: "string", size: "integer" });
  const cart = shopper.Cart(newReference());
  await cart.UpdateCart({ note: "n", size: 1 });
  await shop.Fields.Update(note as string, { enabled: false });
  expect((await cart.UpdateCart({ note: 7 })).data).not.toHaveProperty("note");
  await shop.Fields.Update(note as string, { enabled: true });
  expect((await cart.Get()).data).toMatchObject({ note: "n", size: 1 });
  await shop.Fields.Delete(size as string);
  expect((await cart.Get()).data).not.toHaveProperty("size");
  const [flow] = (await shop.Flows.All()).data;
  await shop.Flows.Update(flow.id, { enabled: false });
  expect((await cart.Get()).data).not.toHaveProperty("note");
});

test("fields cost a cart's request no statement", async () => {
  const cart = await filledCart(wire);
  // An engine that changes nothing, and so may hold what the store decided.
  const reader = await startTestEngine({ databaseUrl: wire.engine.databaseUrl });
  try {
    const { database } = reader.engine.core;
    const get = () => reader.ask("GET", `/v2/carts/${cart}?include=items`, undefined, asShopper);
    /** The fewest statements of several tries: in between, the engine has work of its own. */
    const fewest = async () => {
      const counts: number[] = [];
      for (let turn = 0; turn < 8; turn += 1) {
        const before = database.statementCount();
        await get();
        counts.push(database.statementCount() - before);
      }
      return Math.min(...counts);
    };
    const without = await fewest();
    await define("carts", { note: "string" });
    await define("cart_items", { size: "integer" });
    await waitUntil(async () => {
      const { data, included } = (await get()).body;
      return data.note === null && included.items[0].size === null;
    });
    expect(await fewest()).toBe(without);
  } finally {
    await reader.close();
  }
});
