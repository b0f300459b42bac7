import { describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { newProduct, rejection, type Sdk, type SdkName, sdkNames, useWire } from "./harness.ts";
import { signedInCustomer } from "./shoppers.ts";

const wire = useWire();

const clients = (name: SdkName): { shop: Sdk; shopper: Sdk } => ({
  shop: wire.sdk(name, "shop"),
  shopper: wire.sdk(name, "shopper"),
});

describe.each(sdkNames)("carts with %s", (name) => {
  test("Authenticate: with and without a secret", async () => {
    const { shop, shopper } = clients(name);
    expect(await shop.Authenticate()).toMatchObject({ identifier: "client_credentials", expires_in: 3600 });
    const token = await shopper.Authenticate();
    expect(token).toMatchObject({ identifier: "implicit", token_type: "Bearer" });
    expect(token.expires).toBeGreaterThan(Date.now() / 1000 + 3500);
    expect(token.expires).toBeLessThan(Date.now() / 1000 + 3700);
  });

  test("Cart().Get: the SDK's own reference makes an empty cart, and keeps it", async () => {
    const { shopper } = clients(name);
    const { data } = await shopper.Cart().Get();
    expect(data).toMatchObject({ type: "cart", name: "Cart", relationships: { items: { data: null } } });
    expect(data.id).toMatch(/^[0-9a-f]{32}$/);
    expect(data.links.self).toBe(`${wire.engine.url}/v2/carts/${data.id}`);
    expect(data.meta.display_price.with_tax).toEqual({ amount: 0, currency: "USD", formatted: "$0.00" });
    expect((await shopper.Cart().Get()).data.id).toBe(data.id);
  });

  test("CreateCart, UpdateCart, Get, Delete", async () => {
    const { shopper } = clients(name);
    const { data } = await shopper.Cart().CreateCart({ name: "Weekly", description: "Bread" });
    expect(data).toMatchObject({ type: "cart", name: "Weekly", description: "Bread" });
    const cart = shopper.Cart(data.id);
    const updated = await cart.UpdateCart({ name: "Monthly" });
    expect(updated.data).toMatchObject({ id: data.id, name: "Monthly", description: "Bread" });
    expect((await cart.Get()).data.name).toBe("Monthly");
    await cart.Delete();
    expect((await cart.Get()).data).toMatchObject({ id: data.id, name: "Cart" });
    const missing = shopper.Cart(newReference());
    await missing.Delete();
  });

  test("CreateCart and UpdateCart: attributes, settings, contact and a preview", async () => {
    const { shopper } = clients(name);
    const custom_attributes = {
      gift: { type: "boolean", value: true },
      note: { type: "string", value: "by the door" },
      floors: { type: "integer", value: 3 },
      weight: { type: "float", value: 1.5 },
    };
    const { data } = await shopper.Cart().CreateCart({
      name: "All",
      contact: { email: "guest@example.com" },
      custom_attributes,
      discount_settings: { custom_discounts_enabled: true, use_rule_promotions: false },
      inventory_settings: { defer_inventory_check: true },
      item_settings: { separate_items_by_location: true },
      snapshot_date: "2099-01-01T00:00:00Z",
    });
    expect(data).toMatchObject({
      contact: { email: "guest@example.com" },
      custom_attributes,
      discount_settings: { custom_discounts_enabled: true, use_rule_promotions: false },
      inventory_settings: { defer_inventory_check: true },
      item_settings: { separate_items_by_location: true },
      snapshot_date: "2099-01-01T00:00:00Z",
    });
    const replaced = await shopper
      .Cart(data.id)
      .UpdateCart({ custom_attributes: { note: custom_attributes.note } });
    expect(replaced.data.custom_attributes).toEqual({ note: custom_attributes.note });
    const cleared = await shopper.Cart(data.id).UpdateCart({ payment_intent_id: "" });
    expect(cleared.data).not.toHaveProperty("payment_intent_id");
  });

  test("CreateCart with a customer's token, GetCartsList, and the last cart stays", async () => {
    const { shop, shopper } = clients(name);
    const ada = await signedInCustomer(wire);
    const first = (await shopper.Cart().CreateCart({ name: "First" }, ada.token)).data;
    expect(first.relationships.customers.data).toEqual([{ type: "customer", id: ada.id }]);
    const second = (await shopper.Cart().CreateCart({ name: "Second" }, ada.token)).data;
    const mine = await shopper.Cart().GetCartsList(ada.token);
    expect(mine.data.map((cart: { id: string }) => cart.id)).toEqual([second.id, first.id]);
    expect(mine.meta.results.total).toBe(2);
    const all = await shop.Cart().GetCartsList();
    expect(all.meta.results.total).toBeGreaterThanOrEqual(2);
    expect((await rejection(shopper.Cart().GetCartsList())).errors).toMatchObject([{ status: 403 }]);
    await shop.Cart(second.id).Delete();
    const { errors } = await rejection(shop.Cart(first.id).Delete());
    expect(errors).toMatchObject([{ status: 400, title: "Last cart" }]);
  });

  test("AddProduct by id and sku, UpdateItem, UpdateItemQuantity, RemoveItem, RemoveAllItems", async () => {
    const { shopper } = clients(name);
    const [pen, ink] = [await newProduct(wire), await newProduct(wire, { stock: 9 })];
    const cart = shopper.Cart(newReference());
    const added = await cart.AddProduct(pen.id);
    expect(added.data).toMatchObject([{ type: "cart_item", product_id: pen.id, sku: pen.sku, quantity: 1 }]);
    expect(added.data[0].links.product).toBe(`${wire.engine.url}/v2/products/${pen.id}`);
    const twice = await cart.AddProduct(pen.id, 2);
    expect(twice.data).toMatchObject([{ id: added.data[0].id, quantity: 3, value: { amount: 3000 } }]);
    const bySku = await cart.AddProduct(ink.sku, 2, {}, true);
    expect(bySku.data).toMatchObject([
      { quantity: 3 },
      { product_id: ink.id, quantity: 2, manage_stock: true },
    ]);
    expect(bySku.meta.display_price.with_tax.amount).toBe(5000);

    const [{ id: first }, { id: second }] = bySku.data;
    const group = (await cart.CreateShippingGroup({ shipping_type: "ups" })).data.id;
    const engraved = await cart.UpdateItem(second, 4, {
      custom_inputs: { text: "A" },
      shipping_group_id: group,
    });
    expect(engraved.data[1]).toMatchObject({
      quantity: 4,
      custom_inputs: { text: "A" },
      shipping_group_id: group,
    });
    expect((await cart.UpdateItemQuantity(first, 1)).data[0].quantity).toBe(1);
    expect((await cart.UpdateItem(first, 0)).data).toMatchObject([{ id: second }]);
    const { errors } = await rejection(cart.UpdateItem(first, 1));
    expect(errors).toMatchObject([{ status: 404, detail: "Item was not found in the cart" }]);
    expect((await cart.RemoveItem(second)).data).toEqual([]);
    await cart.AddProduct(pen.id);
    expect((await cart.RemoveAllItems()).data).toEqual([]);
    expect((await cart.Items()).data).toEqual([]);
  });

  test("AddProduct: other inputs are another line, the currency header decides, a customer's token is taken", async () => {
    const { shop, shopper } = clients(name);
    const price = [
      { amount: 1000, currency: "USD", includes_tax: true },
      { amount: 900, currency: "GBP", includes_tax: true },
    ];
    await addCurrency(shop, "GBP");
    const { id, sku } = await newProduct(wire, { price });
    const ada = await signedInCustomer(wire);
    const cart = shopper.Cart(newReference());
    const inPounds = { "X-MOLTIN-CURRENCY": "GBP", "EP-Channel": "web" };
    await cart.AddProduct(sku, 2, { custom_inputs: { a: "b" } }, true, ada.token, inPounds);
    const added = await cart.AddProduct(id, 1, { custom_inputs: { a: "c" } }, false, ada.token, inPounds);
    expect(added.data).toMatchObject([
      { quantity: 2, unit_price: { amount: 900, currency: "GBP", includes_tax: true } },
      { quantity: 1, custom_inputs: { a: "c" } },
    ]);
    expect(added.meta.display_price.with_tax).toEqual({ amount: 2700, currency: "GBP", formatted: "£27.00" });
    await cart.RemoveAllItems();
    expect((await cart.AddProduct(id)).data[0].unit_price.currency).toBe("USD");
  });

  test("With('items').Get, With([...]).Items: what is there is included", async () => {
    const { shop } = clients(name);
    const { id } = await newProduct(wire);
    const cart = shop.Cart(newReference());
    await cart.AddProduct(id, 1, { tax: [{ type: "tax_item", name: "VAT", rate: 0.2 }] });
    const got = await cart.With("items").Get();
    expect(got.included.items).toMatchObject([{ type: "cart_item", product_id: id }]);
    expect(got.included.items[0].meta.display_price.tax.value.amount).toBe(200);
    expect(got.data.relationships.items.data).toEqual([{ type: "cart_item", id: got.included.items[0].id }]);
    const items = await cart.With(["tax_items", "promotions"]).Items();
    expect(items.included.tax_items).toMatchObject([{ type: "tax_item", name: "VAT", rate: 0.2 }]);
  });

  test("AddCustomItem: a fee beside products, which adds up by its sku", async () => {
    const { shopper } = clients(name);
    const cart = shopper.Cart(newReference());
    const fee = () => ({ name: "Wrapping", sku: "wrap", quantity: 1, price: { amount: 500 } });
    const added = await cart.AddCustomItem(fee());
    expect(added.data).toMatchObject([
      { type: "custom_item", sku: "wrap", unit_price: { amount: 500, includes_tax: true }, links: {} },
    ]);
    const { data } = await cart.AddCustomItem({ ...fee(), name: "Other", price: { amount: 1 } });
    expect(data).toMatchObject([{ name: "Wrapping", quantity: 2, value: { amount: 1000 } }]);
  });

  test("BulkAdd with and without options, UpdateItems", async () => {
    const { shopper } = clients(name);
    const [pen, few] = [await newProduct(wire), await newProduct(wire, { stock: 1 })];
    const wanted = [
      { type: "cart_item", id: pen.id, quantity: 2 },
      { type: "cart_item", sku: few.sku, quantity: 2 },
    ];
    const cart = shopper.Cart(newReference());
    const refused = await rejection(cart.BulkAdd(wanted, { add_all_or_nothing: true }));
    expect(refused.errors).toMatchObject([{ title: "Insufficient stock", meta: { id: few.id } }]);
    expect((await cart.Items()).data).toEqual([]);
    const partly = await cart.BulkAdd(wanted);
    expect(partly.data).toMatchObject([{ product_id: pen.id, quantity: 2 }]);
    expect(partly.errors).toMatchObject([{ status: 400, title: "Insufficient stock" }]);
    const { data } = await cart.AddProduct(few.id);
    const changes = data.map((item: { id: string }) => ({ id: item.id, type: "cart_item", quantity: 1 }));
    expect((await cart.UpdateItems(changes)).data).toMatchObject([{ quantity: 1 }, { quantity: 1 }]);
  });

  test("Merge: another cart's items add up here and stay there", async () => {
    const { shopper } = clients(name);
    const { id } = await newProduct(wire);
    const ada = await signedInCustomer(wire);
    const [from, to] = [shopper.Cart(newReference()), shopper.Cart(newReference())];
    await from.AddProduct(id, 2);
    await from.AddCustomItem({ name: "Fee", sku: "fee", quantity: 1, price: { amount: 5 } });
    await to.AddProduct(id, 1);
    const merged = await to.Merge(from.cartId, ada.token);
    expect(merged.data).toMatchObject([{ product_id: id, quantity: 3 }, { sku: "fee" }]);
    const again = await to.Merge(from.cartId, ada.token, { add_all_or_nothing: true });
    expect(again.data).toMatchObject([{ quantity: 5 }, { quantity: 2 }]);
    expect((await from.Items()).data).toMatchObject([{ quantity: 2 }, { quantity: 1 }]);
    const none = await rejection(to.Merge(newReference(), ada.token));
    expect(none.errors).toMatchObject([{ status: 404 }]);
  });

  test("AddPromotion: as if no promotion existed", async () => {
    const { shopper } = clients(name);
    const cart = shopper.Cart(newReference());
    const onEmpty = await rejection(cart.AddPromotion("CODE"));
    expect(onEmpty.errors).toMatchObject([{ status: 422 }]);
    await cart.AddProduct((await newProduct(wire)).id);
    const { errors } = await rejection(cart.AddPromotion("CODE"));
    expect(errors).toEqual([
      {
        status: 404,
        title: "Not Found",
        detail: "No promotion could be found with the given code.",
        meta: { code: "CODE" },
      },
    ]);
  });

  test("AddItemTax, UpdateItemTax, RemoveItemTax, BulkAddItemTax", async () => {
    const { shop, shopper } = clients(name);
    const cart = shop.Cart(newReference());
    const [item] = (await cart.AddProduct((await newProduct(wire)).id)).data;
    const vat = () => ({ name: "VAT", jurisdiction: "UK", code: "T", rate: 0.2 });
    const { data: tax } = await cart.AddItemTax(item.id, vat());
    expect(tax).toMatchObject({ type: "tax_item", ...vat() });
    const taxOf = async () => (await cart.Items()).meta.display_price.tax.amount;
    expect(await taxOf()).toBe(200);
    expect((await cart.UpdateItemTax(item.id, tax.id, { rate: 0.1 })).data).toMatchObject({
      id: tax.id,
      rate: 0.1,
    });
    expect(await taxOf()).toBe(100);
    await cart.RemoveItemTax(item.id, tax.id);
    expect(await taxOf()).toBe(0);
    const relationships = { item: { data: { type: "cart_item", id: item.id } } };
    await cart.BulkAddItemTax([{ type: "tax_item", rate: 0.1, relationships }]);
    await cart.BulkAddItemTax([{ type: "tax_item", rate: 0.1, relationships }], { add_all_or_nothing: true });
    expect(await taxOf()).toBe(200);
    const refused = await rejection(shopper.Cart(cart.cartId).AddItemTax(item.id, vat()));
    expect(refused.errors).toMatchObject([{ status: 403, title: "Forbidden" }]);
  });
});

async function addCurrency(shop: Sdk, code: string): Promise<void> {
  const { data } = await shop.Currencies.All();
  if (data.some((currency: { code: string }) => currency.code === code)) return;
  await shop.Currencies.Create({
    type: "currency",
    code,
    exchange_rate: 1,
    format: "£{price}",
    decimal_point: ".",
    thousand_separator: ",",
    decimal_places: 2,
    default: false,
    enabled: true,
  });
}
