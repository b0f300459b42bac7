import { afterAll, beforeAll, expect, test } from "vitest";
import { toldTypes } from "../../src/http/medusa/told-types.ts";
import { fakeGateway } from "../fake-gateway.ts";
import { address } from "../race/shop.ts";
import { aShop, coreId, readyCart, type Shop } from "../wire/medusa/a-shop.ts";
import { useMedusa } from "../wire/medusa/harness.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { isOfSales, type Told, toldTo } from "./told-to.ts";

// What is told of things that are no orders, through either API: one fact, one event about each thing that it changes.

const wire = useMedusa(
  {},
  { gateways: [fakeGateway({ deadlineMs: 2_000 })], background: { tellEveryMs: 20 } },
);
let shop: Shop;
let receiver: Receiver;
let told: Told;

beforeAll(async () => {
  receiver = await startReceiver();
  told = toldTo(receiver);
  const types = ["*", "cart.*"];
  await wire.engine.ask("POST", "/cartwright/webhook-endpoints", { url: receiver.url, types });
  await wire.engine.ask("PUT", "/v2/gateways/fake", { data: { enabled: true } });
  shop = await aShop(wire, { pieces: 1_000, providers: ["fake", "manual"] });
});
afterAll(() => receiver.close());

/** Asks through the Elastic Path API and wants success; answers the data. */
async function vendor(method: string, path: string, data?: object) {
  const { status, body } = await wire.engine.ask(method, path, data && { data });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body?.data;
}

const usd = [{ amount: 1234, currency: "USD", includes_tax: true }];
const mug = { type: "product", name: "Mug", slug: "mug", sku: "MUG", description: "", status: "live" };
const aMug = (members: object = {}) =>
  vendor("POST", "/v2/products", {
    ...mug,
    manage_stock: true,
    commodity_type: "physical",
    price: usd,
    ...members,
  });

test("K4 a product of the Medusa API, with its variants", async () => {
  const { product } = await wire.admin("POST", "/admin/products", {
    title: "Tee",
    options: [{ title: "Size" }],
    variants: [{ title: "S", prices: [], options: [{ value: "S" }] }],
  });
  const path = `/admin/products/${product.id}`;
  const [small] = product.variants;
  const [option] = product.options;
  await wire.admin("POST", path, { title: "Better tee", status: "published", weight: 200 });
  // Nothing is changed, so nothing is told.
  await wire.admin("POST", path, { title: "Better tee" });
  const added = await wire.admin("POST", `${path}/variants`, {
    title: "M",
    prices: [],
    options: [{ option_id: option.id, value: "M" }],
  });
  const middle = added.product.variants.find(({ title }: { title: string }) => title === "M");
  await wire.admin("POST", `${path}/variants/${middle.id}`, { title: "Middle", barcode: "42" });
  await wire.admin("DELETE", `${path}/variants/${middle.id}`);
  await wire.admin("POST", `${path}/options`, { title: "Colour" });
  await wire.admin("DELETE", path);

  expect(await told.of(product.id, "product.deleted")).toEqual([
    "product.created",
    "product.updated",
    "product.updated",
    "product.deleted",
  ]);
  expect(await told.of(small.id, "product-variant.created")).toEqual(["product-variant.created"]);
  expect(await told.of(middle.id, "product-variant.deleted")).toEqual([
    "product-variant.created",
    "product-variant.updated",
    "product-variant.deleted",
  ]);
  const own = { id: middle.id, uuid: coreId(middle.id), product_id: product.id };
  expect(told.dataOf(middle.id, "product-variant.updated")).toEqual({
    ...own,
    fields: ["barcode", "name", "title"],
  });
  expect(told.dataOf(middle.id, "product-variant.deleted")).toEqual(own);
  const updates = receiver.taken.filter(({ body }) => body.subject === product.id && body.data.fields);
  expect(updates.map(({ body }) => body.data.fields)).toEqual([["status", "title", "weight"], ["options"]]);
});

test("K4 a product of the Elastic Path API, and how it is counted", async () => {
  const { id } = await aMug({ stock: 5 });
  await vendor("PUT", `/v2/products/${id}`, { type: "product", id, name: "Better mug", price: usd });
  const counted = { type: "stock-transaction", action: "increment", quantity: 2 };
  await vendor("POST", `/v2/inventories/${id}/transactions`, counted);
  await vendor("DELETE", `/v2/products/${id}`);
  expect(await told.of(id, "product.deleted")).toContain("product.updated");
  const of = (family: RegExp) =>
    receiver.taken.filter(({ body }) => body.data.uuid === id && family.test(body.type));
  expect(of(/^product/).map(({ body }) => [body.type, body.data.fields])).toEqual([
    ["product.created", undefined],
    ["product.updated", ["title"]],
    ["product.deleted", undefined],
  ]);
  expect(of(/^inventory/).map(({ body }) => [body.type, body.data.location_id, body.data.fields])).toEqual([
    ["inventory-level.updated", null, ["stocked_quantity"]],
  ]);
});

test("K4 a collection and a category, and their products", async () => {
  const { id } = await aMug({ name: "Cup", slug: "cup", sku: "CUP" });
  const { products } = await wire.admin("GET", "/admin/products?limit=100");
  const product = products.find((one: { id: string }) => coreId(one.id) === id);
  const { collection } = await wire.admin("POST", "/admin/collections", { title: "Winter" });
  const batch = `/admin/collections/${collection.id}/products/batch`;
  await wire.admin("POST", batch, { product_ids: [product.id] });
  await wire.admin("POST", batch, { product_ids: [product.id] });
  await wire.ask("DELETE", batch, { product_ids: [product.id] }, { as: "admin" });
  await wire.admin("POST", `/admin/collections/${collection.id}`, { title: "Spring" });
  await wire.admin("DELETE", `/admin/collections/${collection.id}`);
  expect(await told.of(collection.id, "product-collection.deleted")).toEqual([
    "product-collection.created",
    "product-collection.products_added",
    "product-collection.products_removed",
    "product-collection.updated",
    "product-collection.deleted",
  ]);
  expect(told.dataOf(collection.id, "product-collection.products_added")).toEqual({
    ...{ id: collection.id, uuid: coreId(collection.id), product_ids: [product.id] },
  });

  const categories = "/admin/product-categories";
  const made = async (name: string) => (await wire.admin("POST", categories, { name })).product_category.id;
  const [cups, plates] = [await made("Cups"), await made("Plates")];
  await wire.admin("POST", `${categories}/${plates}`, { name: "Dishes", rank: 0 });
  const inIt = { product_ids: [{ id: product.id }] };
  await wire.admin("POST", `${categories}/${cups}/products/batch`, inIt);
  await wire.admin("DELETE", `${categories}/${cups}`);
  expect(await told.of(plates, "product-category.updated")).toEqual([
    "product-category.created",
    "product-category.updated",
  ]);
  expect(told.dataOf(plates, "product-category.updated").fields).toEqual(["name", "rank"]);
  // Its place is another, too.
  expect(await told.of(cups, "product-category.deleted")).toEqual([
    "product-category.created",
    "product-category.updated",
    "product-category.deleted",
  ]);
  expect(await told.of(id, "product.updated", 4)).toEqual([
    "product.created",
    ...Array(4).fill("product.updated"),
  ]);
});

test("K4 stock locations, levels and reservations", async () => {
  const make = async (name: string) =>
    (await wire.admin("POST", "/admin/stock-locations", { name })).stock_location.id;
  await make("Common");
  const place = await make("Paris");
  await wire.admin("POST", `/admin/stock-locations/${place}`, { name: "Lyon" });
  const { inventory_items: items } = await wire.admin("GET", "/admin/inventory-items?limit=100");
  const item = items[0].id;
  const levels = `/admin/inventory-items/${item}/location-levels`;
  await wire.admin("POST", levels, { location_id: place, stocked_quantity: 4 });
  await wire.admin("POST", `${levels}/${place}`, { stocked_quantity: 5 });
  await wire.admin("POST", `${levels}/${place}`, { stocked_quantity: 5, incoming_quantity: 3 });
  await wire.admin("POST", `/admin/inventory-items/${item}`, { title: "Noted" });
  const hold = { location_id: place, inventory_item_id: item, quantity: 2 };
  const { reservation } = await wire.admin("POST", "/admin/reservations", hold);
  await wire.admin("POST", `/admin/reservations/${reservation.id}`, { quantity: 1 });
  await wire.admin("DELETE", `/admin/reservations/${reservation.id}`);
  expect(await told.of(reservation.id, "reservation-item.deleted")).toEqual([
    "reservation-item.created",
    "reservation-item.updated",
    "reservation-item.deleted",
  ]);
  await wire.admin("DELETE", `${levels}/${place}`);
  await wire.admin("DELETE", `/admin/stock-locations/${place}`);
  expect(await told.of(place, "stock-location.deleted")).toEqual([
    "stock-location.created",
    "stock-location.updated",
    "stock-location.deleted",
  ]);
  await told.of(item, "inventory-level.deleted");
  const counted = receiver.taken.filter(({ body }) => body.subject === item);
  expect(counted.map(({ body }) => [body.type, body.data.location_id, body.data.fields])).toEqual([
    ["inventory-level.created", place, undefined],
    ["inventory-level.updated", place, ["stocked_quantity"]],
    ["inventory-level.updated", place, ["incoming_quantity"]],
    ["inventory-item.updated", undefined, ["title"]],
    ["inventory-level.deleted", place, undefined],
  ]);
});

test("K4 regions, currencies, sales channels, keys and staff", async () => {
  const body = { currency_code: "usd", tax_rate: 5, payment_providers: ["manual"], countries: ["us"] };
  const made = await wire.admin("POST", "/admin/regions", {
    ...{ name: "US", fulfillment_providers: ["manual"], ...body },
  });
  const region = made.region.id;
  await wire.admin("POST", `/admin/regions/${region}`, { tax_rate: 6, name: "US" });
  await wire.admin("POST", `/admin/regions/${region}/countries`, { country_code: "ca" });
  await wire.admin("DELETE", `/admin/regions/${region}`);
  expect(await told.of(region, "region.deleted")).toEqual([
    "region.created",
    "region.updated",
    "region.updated",
    "region.deleted",
  ]);
  const [first] = receiver.taken.filter(({ body: { type, subject } }) => {
    return type === "region.updated" && subject === region;
  });
  expect(first?.body.data).toEqual({ id: region, uuid: coreId(region), fields: ["tax_rate"] });

  const currency = { type: "currency", code: "CHF", exchange_rate: 1, format: "{price}" };
  const marks = { decimal_point: ".", thousand_separator: ",", decimal_places: 2 };
  const { id } = await vendor("POST", "/v2/currencies", {
    ...{ ...currency, ...marks, default: false, enabled: true },
  });
  await wire.admin("POST", "/admin/currencies/chf", { includes_tax: true });
  await vendor("DELETE", `/v2/currencies/${id}`);
  expect(await told.of(id, "currency.deleted")).toEqual([
    "currency.created",
    "currency.updated",
    "currency.deleted",
  ]);
  expect(told.dataOf(id, "currency.updated")).toEqual({ id, code: "chf", fields: ["includes_tax"] });

  const { sales_channel: channel } = await wire.admin("POST", "/admin/sales-channels", { name: "Market" });
  await wire.admin("POST", `/admin/sales-channels/${channel.id}`, { is_disabled: true });
  const keys = "/admin/publishable-api-keys";
  const { publishable_api_key: key } = await wire.admin("POST", keys, { title: "Shop" });
  const channels = { sales_channel_ids: [{ id: channel.id }] };
  await wire.admin("POST", `${keys}/${key.id}/sales-channels/batch`, channels);
  await wire.admin("POST", `${keys}/${key.id}/revoke`);
  await wire.admin("DELETE", `${keys}/${key.id}`);
  await wire.admin("DELETE", `/admin/sales-channels/${channel.id}`);
  expect(await told.of(key.id, "publishable_api_key.deleted")).toEqual([
    "publishable_api_key.created",
    "publishable_api_key.updated",
    "publishable_api_key.revoked",
    "publishable_api_key.deleted",
  ]);
  expect(await told.of(channel.id, "sales_channel.deleted")).toEqual([
    "sales_channel.created",
    "sales_channel.updated",
    "sales_channel.deleted",
  ]);

  const person = { email: "staff@golden.test", password: "supersecret" };
  const { user } = await wire.admin("POST", "/admin/users", person);
  await wire.admin("POST", `/admin/users/${user.id}`, { first_name: "Cy" });
  await wire.admin("DELETE", `/admin/users/${user.id}`);
  expect(await told.of(user.id, "user.deleted")).toEqual(["user.created", "user.updated", "user.deleted"]);
});

test("K4 discounts of the Medusa API", async () => {
  const rule = { type: "percentage", value: 10, allocation: "total" };
  const { discount } = await wire.admin("POST", "/admin/discounts", {
    ...{ code: "GOLDEN", rule, regions: [shop.regionId], is_dynamic: true, is_disabled: false },
  });
  const path = `/admin/discounts/${discount.id}`;
  await wire.admin("POST", path, { is_disabled: true });
  await wire.admin("POST", `${path}/dynamic-codes`, { code: "GOLDEN-1", usage_limit: 1 });
  await wire.admin("DELETE", path);
  expect(await told.of(discount.id, "discount.deleted")).toEqual([
    "discount.created",
    "discount.updated",
    "discount.deleted",
  ]);
  expect(told.dataOf(discount.id, "discount.updated").fields).toEqual(["is_disabled"]);
  const codes = receiver.taken.filter(({ body }) => body.type === "discount.created");
  expect(codes).toHaveLength(2);
});

test("K4 promotions of the Elastic Path API", async () => {
  const common = { description: "", automatic: false, start: "2020-01-01", end: "2090-01-01" };
  const schema = { currencies: [{ currency: "USD", amount: 1000 }] };
  const plain = { type: "promotion", promotion_type: "fixed_discount", schema, ...common };
  const { id } = await vendor("POST", "/v2/promotions", { ...plain, name: "Ten off", enabled: true });
  await vendor("PUT", `/v2/promotions/${id}`, { type: "promotion", id, name: "Ten less" });
  await vendor("DELETE", `/v2/promotions/${id}`);
  expect(await told.of(id, "promotion.deleted")).toEqual([
    "promotion.created",
    "promotion.updated",
    "promotion.deleted",
  ]);
  expect(told.dataOf(id, "promotion.updated")).toEqual({ id, fields: ["name"] });
  const rule_set = { actions: [{ strategy: "cart_discount", args: ["percent", 10] }] };
  const rules = { type: "rule_promotion", name: "Tenth", enabled: false, automatic: false, rule_set };
  const times = { start: "2020-01-01T00:00:00Z", end: "2090-01-01T00:00:00Z" };
  const made = await vendor("POST", "/v2/rule-promotions", { ...rules, ...times });
  await vendor("PUT", `/v2/rule-promotions/${made.id}`, {
    ...{ ...rules, ...times, id: made.id, name: "A tenth" },
  });
  await vendor("DELETE", `/v2/rule-promotions/${made.id}`);
  expect(await told.of(made.id, "rule_promotion.deleted")).toEqual([
    "rule_promotion.created",
    "rule_promotion.updated",
    "rule_promotion.deleted",
  ]);
});

test("K4 a customer, changed through either API; of a guest nothing is told", async () => {
  const data = { type: "customer", name: "Bo Ek", email: "bo@things.test", password: "supersecret" };
  const { id } = await vendor("POST", "/v2/customers", data);
  await vendor("PUT", `/v2/customers/${id}`, { type: "customer", email: "bo.ek@things.test" });
  const { customers } = await wire.admin("GET", "/admin/customers?q=bo.ek");
  await wire.admin("POST", `/admin/customers/${customers[0].id}`, { phone: "123" });
  await vendor("DELETE", `/v2/customers/${id}`);
  expect(await told.of(id, "customer.deleted")).toEqual([
    "customer.created",
    "customer.updated",
    "customer.updated",
    "customer.deleted",
  ]);
  expect(told.dataOf(id, "customer.updated")).toMatchObject({
    ...{ uuid: id, email: "bo.ek@things.test", first_name: "Bo", phone: "123", has_account: true },
  });
  await readyCart(wire, shop, { provider: "manual", email: "guest@things.test" });
  expect(JSON.stringify(receiver.taken)).not.toContain("guest@things.test");
});

test("K4 an edit of an order, from its first step to its end", async () => {
  const order = async () => {
    const path = await readyCart(wire, shop, { provider: "fake" });
    return (await wire.ask("POST", `${path}/complete`)).body.data;
  };
  const begin = async (orderId: string) => {
    const { order_edit: edit } = await wire.admin("POST", "/admin/order-edits", { order_id: orderId });
    const path = `/admin/order-edits/${edit.id}`;
    const item = { variant_id: shop.variantId, quantity: 1 };
    const { order_edit: changed } = await wire.admin("POST", `${path}/items`, item);
    return { id: edit.id as string, path, change: changed.changes[0].id as string };
  };
  const edited = await order();
  const edit = await begin(edited.id);
  await wire.admin("POST", edit.path, { internal_note: "bigger" });
  await wire.admin("DELETE", `${edit.path}/changes/${edit.change}`);
  await wire.admin("POST", `${edit.path}/items`, { variant_id: shop.uncountedId, quantity: 1 });
  const asked = (await wire.admin("POST", `${edit.path}/request`)).order_edit;
  const collection = asked.payment_collection_id;
  await wire.admin("POST", `/admin/payment-collections/${collection}`, { description: "The difference" });
  await wire.admin("POST", `${edit.path}/confirm`);
  await wire.admin("POST", `${edit.path}/confirm`);
  expect(await told.of(edit.id, "order-edit.confirmed")).toEqual([
    "order-edit.created",
    "order-edit.updated",
    "order-edit.requested",
    "order-edit.confirmed",
  ]);
  expect(told.dataOf(edit.id, "order-edit.confirmed")).toEqual({
    ...{ id: edit.id, uuid: coreId(edit.id), order_id: edited.id },
  });
  expect(await told.of(edit.change, "order-edit-item-change.DELETED")).toEqual([
    "order-edit-item-change.CREATED",
    "order-edit-item-change.DELETED",
  ]);
  expect(told.dataOf(edit.change, "order-edit-item-change.CREATED")).toMatchObject({
    ...{ order_edit_id: edit.id, order_id: edited.id, type: "item_add" },
  });
  expect(await told.of(collection, "payment-collection.updated")).toEqual([
    "payment-collection.created",
    "payment-collection.updated",
  ]);
  const ofOrder = await told.of(edited.id, "order.edited");
  expect(ofOrder.filter((type) => type === "order.edited")).toHaveLength(1);

  const other = await order();
  const declined = await begin(other.id);
  await wire.admin("POST", `${declined.path}/request`);
  await wire.ask("POST", `/store/order-edits/${declined.id}/decline`, { declined_reason: "no" });
  expect((await told.of(declined.id, "order-edit.declined")).at(-1)).toBe("order-edit.declined");
  const canceled = await begin(other.id);
  await wire.admin("POST", `${canceled.path}/cancel`);
  expect((await told.of(canceled.id, "order-edit.canceled")).at(-1)).toBe("order-edit.canceled");
  const deleted = await begin(other.id);
  await wire.admin("DELETE", deleted.path);
  expect((await told.of(deleted.id, "order-edit.deleted")).at(-1)).toBe("order-edit.deleted");
});

test("K4 a draft order", async () => {
  const draft = async () => {
    const body = {
      ...{ email: "bo@things.test", region_id: shop.regionId },
      items: [{ variant_id: shop.variantId, quantity: 1 }],
      shipping_methods: [{ option_id: shop.optionId }],
    };
    return (await wire.admin("POST", "/admin/draft-orders", body)).draft_order.id as string;
  };
  const [paid, dropped] = [await draft(), await draft()];
  await wire.admin("POST", `/admin/draft-orders/${paid}/pay`);
  await wire.admin("DELETE", `/admin/draft-orders/${dropped}`);
  expect(await told.of(paid, "draft_order.updated")).toEqual(["draft_order.created", "draft_order.updated"]);
  expect(await told.of(dropped, "draft_order.deleted")).toEqual([
    "draft_order.created",
    "draft_order.deleted",
  ]);
});

test("K4 a cart of the Medusa API", async () => {
  const { cart } = (await wire.ask("POST", "/store/carts", { region_id: shop.regionId })).body;
  const path = `/store/carts/${cart.id}`;
  await wire.ask("POST", `${path}/line-items`, { variant_id: shop.variantId, quantity: 1 });
  await wire.ask("POST", path, { email: "ada@things.test" });
  await wire.ask("POST", path, { email: "ada@things.test" });
  await wire.ask("GET", path);
  await wire.ask("POST", path, { context: { seen: true } });
  expect(await told.of(cart.id, "cart.updated", 2)).toEqual([
    "cart.created",
    "cart.updated",
    "cart.customer_updated",
    "cart.updated",
  ]);
  expect(told.dataOf(cart.id, "cart.customer_updated")).toEqual({ id: cart.id, uuid: coreId(cart.id) });
});

test("K4 a cart of the Elastic Path API; a purchase is told of the order", async () => {
  const path = "/v2/carts/golden-cart";
  await wire.engine.ask("GET", path);
  const item = { type: "custom_item", name: "Mug", sku: "mug", quantity: 1, price: { amount: 1000 } };
  await vendor("POST", `${path}/items`, item);
  const { id } = await vendor("POST", "/v2/customers", {
    ...{ type: "customer", name: "Cy", email: "cy@things.test" },
  });
  await wire.engine.ask("POST", `${path}/relationships/customers`, { data: [{ type: "customer", id }] });
  const buyer = { name: "Cy Dow", email: "cy@things.test" };
  const order = await vendor("POST", `${path}/checkout`, { customer: buyer, billing_address: address });
  await told.of(order.id, "order.placed");
  expect(await told.of("golden-cart", "cart.customer_updated")).toEqual([
    "cart.created",
    "cart.updated",
    "cart.customer_updated",
  ]);
});

test("a cart's events are for those alone who name them, and are written for nobody else", async () => {
  const { engine } = wire.engine;
  const { data } = (await wire.engine.ask("GET", "/cartwright/webhook-endpoints")).body;
  const path = `/cartwright/webhook-endpoints/${data[0].id}`;
  const written = async (types: readonly string[], cartId: string) => {
    await wire.engine.ask("PUT", path, { types });
    await wire.engine.ask("GET", `/v2/carts/${cartId}`);
    const item = { type: "custom_item", name: "Mug", sku: "mug", quantity: 1, price: { amount: 1000 } };
    await vendor("POST", `/v2/carts/${cartId}/items`, item);
    const rows = await engine.core.database.runText<{ type: string }>(
      "select type from event where subject_id = $1 order by seq",
      [cartId],
    );
    return rows.map(({ type }) => type);
  };
  const none = await written(["*", "order.*"], "quiet-cart");
  const some = await written(["*", "cart.updated"], "told-cart");
  expect([none, some]).toEqual([[], ["cart.updated"]]);
  await wire.engine.ask("PUT", path, { types: ["*", "cart.*"] });
});

test("every type that is listed, other than of orders and payments, is told in one of these ways", () => {
  const listed = toldTypes.map(({ type }) => type).filter((type) => !isOfSales(type));
  const seen = told.types();
  expect(listed.filter((type) => !seen.has(type))).toEqual([]);
});
