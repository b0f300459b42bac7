import { beforeAll, expect, test } from "vitest";
import { aShop, readyCart, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

// What Medusa's own dashboard (2.1.18) asks, as it asks it.

const wire = useMedusa();
let shop: Shop;
beforeAll(async () => {
  shop = await aShop(wire);
});

test("the lists that stand beside orders and on pages of their own are there, and empty", async () => {
  const lists = {
    "notes?resource_id=order_1&limit=100&offset=0": { notes: [], count: 0, offset: 0, limit: 100 },
    "notifications?resource_id=order_1": { notifications: [], count: 0, offset: 0, limit: 50 },
    "batch-jobs?limit=100": { batch_jobs: [], count: 0, offset: 0, limit: 100 },
    "price-lists?limit=10&expand=customer_groups": { price_lists: [], count: 0, offset: 0, limit: 10 },
    swaps: { swaps: [], count: 0, offset: 0, limit: 50 },
    invites: { invites: [] },
  };
  for (const [path, answer] of Object.entries(lists)) {
    expect(await wire.admin("GET", `/admin/${path}`)).toEqual(answer);
    expect((await wire.ask("GET", `/admin/${path}`)).status).toBe(401);
  }
});

test("a customer, with an account or without, is shown with its orders, and these are found by it", async () => {
  const email = "guest@example.com";
  const placed = await wire.ask("POST", `${await readyCart(wire, shop, { email })}/complete`);
  const order = placed.body.data;
  const own = { email: "own@example.com", password: "secret1", first_name: "Ida", last_name: "Lund" };
  const { body: registered } = await wire.ask("POST", "/store/customers", own);

  const guest = await wire.admin("GET", `/admin/customers/${order.customer_id}`);
  expect(guest.customer).toMatchObject({ has_account: false, orders: [{ id: order.id, email }] });
  const other = await wire.admin("GET", `/admin/customers/${registered.customer.id}`);
  expect(other.customer).toMatchObject({ has_account: true, orders: [] });
  const found = await wire.admin("GET", `/admin/orders?customer_id=${order.customer_id}&offset=0&limit=15`);
  expect(found).toMatchObject({ count: 1, orders: [{ id: order.id }] });

  const listed = await wire.admin("GET", "/admin/customers?expand=orders&limit=15&offset=0");
  const ordersOf = (id: string) =>
    listed.customers.find((one: { id: string }) => one.id === id).orders.map((one: { id: string }) => one.id);
  expect(ordersOf(order.customer_id)).toEqual([order.id]);
  expect(ordersOf(registered.customer.id)).toEqual([]);
});

test("what nobody filled in of a form is an empty text, and none is missed", async () => {
  const blank = { company: "", address_2: "", postal_code: "", city: "", province: "", phone: "" };
  const address = { address_1: "Dock 1", country_code: "de", ...blank };
  const { stock_location: location } = await wire.admin("POST", "/admin/stock-locations?expand=address", {
    ...{ name: "North", address, metadata: {} },
  });
  expect(location.address).toMatchObject({ address_1: "Dock 1", country_code: "de", ...blank });
  const { sales_channel: channel } = await wire.admin("POST", "/admin/sales-channels", {
    ...{ name: "Fair", description: "" },
  });
  expect(channel).toMatchObject({ name: "Fair", description: "" });
  const { return_reason: reason } = await wire.admin("POST", "/admin/return-reasons", {
    ...{ value: "late", label: "Came too late", description: "" },
  });
  expect(reason).toMatchObject({ value: "late", description: "" });
});

test("a handle that nobody filled in is made of the title, and stays in a change", async () => {
  const { product } = await wire.admin("POST", "/admin/products", { title: "Rain Hat", handle: "" });
  expect(product.handle).toBe("rain-hat");
  const changed = await wire.admin("POST", `/admin/products/${product.id}`, { handle: "", subtitle: "" });
  expect(changed.product.handle).toBe("rain-hat");
  const copy = { title: "Rain Hat copy", handle: "rain-hat-copy-nov 21, 20-27 pm" };
  const { product: copied } = await wire.admin("POST", "/admin/products", copy);
  expect(copied.handle).toBe("rain-hat-copy-nov-21,-20-27-pm");
  const { collection } = await wire.admin("POST", "/admin/collections", { title: "Wet Days", handle: "" });
  expect(collection.handle).toBe("wet-days");
  const { product_category: category } = await wire.admin("POST", "/admin/product-categories", {
    ...{ name: "Hats", handle: "", description: "" },
  });
  expect(category.handle).toBe("hats");
});

test("a picture of the server's own has its whole address in orders and in their edits, too", async () => {
  const { variants } = await wire.admin("GET", `/admin/variants?id=${shop.variantId}`);
  await wire.admin("POST", `/admin/products/${variants[0].product_id}`, { thumbnail: "/images/tee.webp" });
  const placed = await wire.ask("POST", `${await readyCart(wire, shop)}/complete`);
  const { id } = placed.body.data;
  const thumbnail = `${wire.url}/images/tee.webp`;
  const { order } = await wire.admin("GET", `/admin/orders/${id}`);
  expect(order.items).toMatchObject([{ thumbnail }]);
  const { order_edit: edit } = await wire.admin("POST", "/admin/order-edits", { order_id: id });
  expect(edit.items).toMatchObject([{ thumbnail }]);
});

test("a return is received with what the request was to pay back, out of the items that were sent", async () => {
  const items = [{ variant_id: shop.variantId, quantity: 2 }];
  const placed = await wire.ask("POST", `${await readyCart(wire, shop, { items })}/complete`);
  const path = `/admin/orders/${placed.body.data.id}`;
  const [item] = placed.body.data.items;
  await wire.admin("POST", `${path}/capture`);
  await wire.admin("POST", `${path}/shipping-methods`, { option_id: shop.optionId, price: 0 });
  const packed = await wire.admin("POST", `${path}/fulfillment`, {
    items: [{ item_id: item.id, quantity: 2 }],
  });
  const asked = `${path}?expand=items,fulfillments,returns,returnable_items,edits`;
  expect((await wire.admin("GET", asked)).order.returnable_items).toEqual([]);
  await wire.admin("POST", `${path}/shipment`, { fulfillment_id: packed.order.fulfillments[0].id });
  const sent = (await wire.admin("GET", asked)).order;
  expect(sent.returnable_items).toEqual(sent.items);
  expect((await wire.admin("GET", path)).order).not.toHaveProperty("returnable_items");

  const wanted = { items: [{ item_id: item.id, quantity: 2 }], refund: 1234 };
  const tooMuch = await wire.ask("POST", `${path}/return`, { ...wanted, refund: 99_999 }, { as: "admin" });
  expect(tooMuch).toMatchObject({ status: 400, body: { type: "not_allowed" } });
  const { order } = await wire.admin("POST", `${path}/return`, wanted);
  expect(order.returns).toMatchObject([{ status: "requested", refund_amount: 1234 }]);
  await wire.admin("POST", `/admin/returns/${order.returns[0].id}/receive`, { items: wanted.items });
  const back = (await wire.admin("GET", asked)).order;
  expect(back).toMatchObject({ refunded_total: 1234, returnable_items: [] });
});

test("variants have the prices of the region that staff pick them for, with its tax", async () => {
  const path = `/admin/variants?id=${shop.variantId}&q=&limit=12&offset=0`;
  const { variants } = await wire.admin("GET", `${path}&region_id=${shop.regionId}`);
  expect(variants).toMatchObject([
    { original_price: 1000, original_price_incl_tax: 1200, calculated_price_type: "default" },
  ]);
  const { variants: unpriced } = await wire.admin("GET", path);
  expect(unpriced).toMatchObject([{ original_price: null, prices: [{ amount: 1000 }] }]);
  const elsewhere = await wire.ask("GET", `${path}&region_id=reg_none`, undefined, { as: "admin" });
  expect(elsewhere.status).toBe(404);
});

test("a variant's SKU that is emptied is taken away", async () => {
  const { product } = await wire.admin("POST", "/admin/products", {
    title: "Boots",
    options: [{ title: "Size" }],
    variants: [{ title: "40", sku: "BOOT-40", prices: [], options: [{ value: "40" }] }],
  });
  const path = `/admin/products/${product.id}/variants/${product.variants[0].id}`;
  const changed = await wire.admin("POST", path, { sku: "", allow_backorder: false });
  expect(changed.product.variants).toMatchObject([{ sku: null }]);
});

test("groups are shown with their customers, customers with their groups, and reservations with their orders", async () => {
  const { customer_group: group } = await wire.admin("POST", "/admin/customer-groups", { name: "VIP" });
  const person = { email: "vip@example.com", password: "secret1", first_name: "V", last_name: "P" };
  const { customer } = (await wire.ask("POST", "/store/customers", person)).body;
  const members = { customer_ids: [{ id: customer.id }] };
  const path = `/admin/customer-groups/${group.id}`;
  await wire.admin("POST", `${path}/customers/batch`, members);
  const listed = await wire.admin("GET", "/admin/customer-groups?expand=customers&limit=15&offset=0");
  expect(listed.customer_groups).toMatchObject([{ id: group.id, customers: [{ id: customer.id }] }]);
  const one = await wire.admin("GET", `${path}?expand=customers`);
  expect(one.customer_group).toMatchObject({ id: group.id, customers: [{ id: customer.id }] });
  const everybody = await wire.admin("GET", "/admin/customers?expand=groups&limit=15&offset=0&groups=");
  expect(everybody.customers).toContainEqual(
    expect.objectContaining({ id: customer.id, groups: [expect.objectContaining({ id: group.id })] }),
  );
  const inside = await wire.admin("GET", `${path}/customers?expand=groups&limit=15&offset=0`);
  expect(inside.customers).toMatchObject([{ id: customer.id, groups: [{ id: group.id }] }]);

  const placed = await wire.ask("POST", `${await readyCart(wire, shop)}/complete`);
  const { display_id, items } = placed.body.data;
  const held = await wire.admin(
    "GET",
    `/admin/reservations?line_item_id[0]=${items[0].id}&expand=line_item,inventory_item`,
  );
  expect(held.reservations).toMatchObject([{ line_item: { id: items[0].id, order: { display_id } } }]);
});

test("a region keeps metadata", async () => {
  const path = `/admin/regions/${shop.regionId}`;
  const { region } = await wire.admin("POST", path, { name: "Main", metadata: { since: "1999" } });
  expect(region.metadata).toEqual({ since: "1999" });
});

test("lists show what a condition of a discount names, and nothing of one that there is not", async () => {
  const { variants } = await wire.admin("GET", `/admin/variants?id=${shop.variantId}`);
  const productId = variants[0].product_id;
  const { collection } = await wire.admin("POST", "/admin/collections", { title: "Picked" });
  await wire.admin("POST", "/admin/collections", { title: "Left" });
  const { customer_group: group } = await wire.admin("POST", "/admin/customer-groups", { name: "Picked" });
  const { discount } = await wire.admin("POST", "/admin/discounts?expand=rule,rule.conditions", {
    code: "PICKED",
    regions: [shop.regionId],
    rule: {
      type: "percentage",
      value: 10,
      allocation: "total",
      conditions: [
        { operator: "in", products: [productId] },
        { operator: "in", product_collections: [collection.id] },
        { operator: "in", customer_groups: [group.id] },
      ],
    },
  });
  const ids = Object.fromEntries(
    discount.rule.conditions.map(({ type, id }: { type: string; id: string }) => [type, id]),
  );
  const idsIn = async (list: string, name: string, condition: string) => {
    const answer = await wire.admin(
      "GET",
      `/admin/${list}?discount_condition_id=${condition}&limit=12&offset=0`,
    );
    return answer[name].map(({ id }: { id: string }) => id);
  };
  expect(await idsIn("products", "products", ids.products)).toEqual([productId]);
  expect(await idsIn("collections", "collections", ids.product_collections)).toEqual([collection.id]);
  expect(await idsIn("customer-groups", "customer_groups", ids.customer_groups)).toEqual([group.id]);
  expect(await idsIn("product-types", "product_types", ids.products)).toEqual([]);
  expect(await idsIn("products", "products", "discon_none")).toEqual([]);
});
