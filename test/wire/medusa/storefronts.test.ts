import { expect, test } from "vitest";
import { medusaClient } from "./clients.ts";
import { useMedusa } from "./harness.ts";

// What the two starter storefronts of this API send, in the order they send it, and the members that their pages read.
const wire = useMedusa({ CARTWRIGHT_SEED: "demo" });

const given = expect.anything();
const text = expect.stringMatching(/\S/);
const number = expect.any(Number);

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
const get = async (path: string, headers = {}): Promise<any> => {
  const answer = await wire.ask("GET", path, undefined, { headers });
  expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBe(200);
  return answer.body;
};

/** What the first shop can sell in a region: a counted variant with a price there. */
// biome-ignore lint/suspicious/noExplicitAny: see above
async function somethingIn(region: { id: string }): Promise<any> {
  const { products } = await get(`/store/products?limit=100&region_id=${region.id}`);
  const product = products.find(
    // biome-ignore lint/suspicious/noExplicitAny: see above
    ({ variants }: any) => variants[0].inventory_quantity > 5 && variants[0].calculated_price > 0,
  );
  return { product, variant: product.variants[0] };
}

const totals = { subtotal: number, shipping_total: number, tax_total: number, total: number };

test("the storefront of 2023 that is built ahead: from its build to the page after the purchase", async () => {
  // The build: pages until all products are there, regions, collections; it fails unless these are found somewhere.
  const all = [];
  for (;;) {
    const { products, count } = await get(`/store/products?offset=${all.length}`);
    all.push(...products);
    if (all.length >= count) break;
    expect(products.length).toBeGreaterThan(0);
  }
  expect(all).toContainEqual(
    expect.objectContaining({ description: text, weight: given, thumbnail: text, images: [given] }),
  );
  const { regions } = await get("/store/regions");
  for (const region of regions) {
    expect(region).toMatchObject({ id: text, name: text, currency_code: text, tax_rate: number });
    expect(region.countries[0]).toMatchObject({
      iso_2: text,
      iso_3: text,
      display_name: text,
      num_code: number,
    });
  }
  const { collections } = await get("/store/collections?offset=0");
  expect(collections[0]).toMatchObject({ id: text, title: text, handle: text });

  // A browser: cookies and the origin of the shop.
  const medusa = await medusaClient("medusa-js-1", wire);
  const guest = await wire.ask("GET", "/store/customers/me", undefined, {
    headers: { origin: "http://localhost:8000" },
  });
  expect(guest.status).toBe(401);
  const [region] = regions;
  const created = (await medusa.carts.create({})).cart;
  expect(created).toMatchObject({ id: text, items: [], region: { id: text } });
  const { cart: moved } = await medusa.carts.update(created.id, { region_id: region.id });
  expect(moved.region.currency_code).toBe(region.currency_code);
  const { product, variant } = await somethingIn(region);
  const bought = { variant_id: variant.id, quantity: 1 };
  const { cart: filled } = await medusa.carts.lineItems.create(created.id, bought);
  expect(filled.items[0]).toMatchObject({
    ...{ id: text, title: text, description: text, thumbnail: text, quantity: 1, unit_price: number },
    variant: { title: text, product: { description: text, handle: text } },
  });
  const estimate = await medusa.shippingOptions.listCartOptions(created.id);
  expect(estimate.shipping_options[0]).toMatchObject({ id: text, name: text, amount: number });
  await medusa.carts.lineItems.update(created.id, filled.items[0].id, { quantity: 2 });
  await Promise.all([1, 2].map(() => medusa.shippingOptions.listCartOptions(created.id)));
  await medusa.carts.update(created.id, { email: "ada@example.com" });
  const address = {
    ...{ first_name: "Ada", last_name: "Byron", company: "", address_1: "1 Long Lane", address_2: "" },
    ...{ country_code: region.countries[0].iso_2, city: "Town", province: "", postal_code: "1", phone: "1" },
  };
  const both = { shipping_address: address, billing_address: address };
  const { cart: addressed } = await medusa.carts.update(created.id, both);
  expect(addressed).toMatchObject({ email: "ada@example.com", ...both });

  // Both at once, as the page of the delivery sends them.
  const option = estimate.shipping_options[0].id;
  const [prepared, shipped] = await Promise.all([
    medusa.carts.createPaymentSessions(created.id),
    medusa.carts.addShippingMethod(created.id, { option_id: option }),
  ]);
  expect(prepared.cart.payment_sessions).toContainEqual(expect.objectContaining({ provider_id: "manual" }));
  expect(shipped.cart.shipping_methods[0]).toMatchObject({ shipping_option_id: option });
  const { cart: seen } = await medusa.carts.retrieve(created.id);
  expect(seen).toMatchObject({ completed_at: null, shipping_methods: [{ shipping_option: { id: option } }] });
  for (const session of seen.payment_sessions) expect(session.amount).toBe(seen.total);
  await expect(medusa.carts.update(created.id, { discounts: [{ code: "NOPE" }] })).rejects.toMatchObject({
    response: { status: 404, data: { message: text } },
  });
  await medusa.carts.update(created.id, { discounts: [] });
  await medusa.carts.setPaymentSession(created.id, { provider_id: "manual" });
  const { type, data: order } = await medusa.carts.complete(created.id);
  expect(type).toBe("order");
  expect(order).toMatchObject({
    ...{ display_id: number, currency_code: region.currency_code, discounts: [], ...totals },
    items: [
      { thumbnail: product.thumbnail, title: text, description: text, quantity: 2, unit_price: number },
    ],
  });
  const { display_id, email } = order;
  const { order: found } = await medusa.orders.lookupOrder({ display_id, email });
  expect(found).toMatchObject({
    id: order.id,
    region: { id: region.id },
    fulfillment_status: "not_fulfilled",
  });
  expect((await medusa.carts.retrieve(created.id)).cart.completed_at).toEqual(text);
});

test("the storefront of 2024 that renders at the server: from its first page to the confirmed order", async () => {
  const odd = { next: "[object Object]", authorization: "" };
  const medusa = await medusaClient("@medusajs/medusa-js", wire, { maxRetries: 3 });
  const { regions } = await get("/store/regions", odd);
  const region = regions.at(-1);
  const country = region.countries[0].iso_2;
  const { collections } = await medusa.collections.list({ limit: 6, offset: 0 }, odd);
  await medusa.collections.list({ handle: [collections[0].handle] }, odd);
  const { product_categories: categories } = await medusa.productCategories.list(
    { limit: 6, offset: 0 },
    odd,
  );
  expect(categories[0]).toMatchObject({ id: text, name: text, handle: text, category_children: given });
  const { product: listed, variant } = await somethingIn(region);
  await medusa.products.list({ handle: listed.handle }, odd);
  const { product } = await get(`/store/products/${listed.id}?region_id=${region.id}`, odd);
  expect(product).toMatchObject({
    title: text,
    description: text,
    thumbnail: text,
    collection: { title: text },
  });
  expect(product.variants[0]).toMatchObject({
    ...{ calculated_price: number, original_price: number, inventory_quantity: number },
    ...{ manage_inventory: true, allow_backorder: false, options: given, prices: given },
  });
  const related = {
    ...{ limit: 12, offset: 0, region_id: region.id, currency_code: region.currency_code },
    ...{ collection_id: [product.collection.id], is_giftcard: false },
    tags: product.tags.map(({ value }: { value: string }) => value),
  };
  const { products: like } = await medusa.products.list(related, odd);
  expect(like.map(({ id }: { id?: string }) => id)).toContain(product.id);

  const { cart } = await medusa.carts.create({ region_id: region.id }, odd);
  await medusa.carts.lineItems.create(cart.id, { variant_id: variant.id, quantity: 1 }, odd);
  const enrich = () => get(`/store/products?id[0]=${product.id}&region_id=${region.id}`, odd);
  await enrich();
  expect((await wire.ask("GET", "/store/customers/me", undefined, { headers: odd })).status).toBe(401);

  // What every view of the checkout asks for.
  const render = async () => {
    await medusa.carts.retrieve(cart.id, odd);
    await enrich();
    const { cart: shown } = await medusa.carts.createPaymentSessions(cart.id, odd);
    const { shipping_options: options } = await medusa.shippingOptions.listCartOptions(cart.id, odd);
    expect(shown.region).toMatchObject({
      currency_code: region.currency_code,
      tax_rate: number,
      countries: given,
    });
    expect(shown).toMatchObject({ ...totals, discount_total: number, gift_card_total: number });
    expect(shown.items[0]).toMatchObject({
      title: text,
      thumbnail: listed.thumbnail,
      total: number,
      variant_id: variant.id,
    });
    return { shown, options };
  };
  const first = await render();
  expect(first.options[0]).toMatchObject({ id: text, name: text, amount: number, is_return: false });
  const address = {
    ...{ first_name: "Grace", last_name: "Hopper", company: "", address_1: "2 Short Lane", address_2: "" },
    ...{ country_code: country, city: "Town", province: "", postal_code: "12345", phone: "" },
  };
  const buyer = { shipping_address: address, billing_address: address, email: "grace@example.com" };
  await medusa.carts.update(cart.id, buyer, odd);
  // Two views at once, of which each prepares the sessions.
  const views = await Promise.all([render(), render()]);
  for (const { shown } of views) expect(shown).toMatchObject(buyer);
  await medusa.carts.addShippingMethod(cart.id, { option_id: first.options[0].id }, odd);
  const { shown: delivered } = await render();
  expect(delivered.shipping_methods[0]).toMatchObject({ price: number, shipping_option: { name: text } });
  // A code is tried as a discount, then as a gift card; the message of the error is shown.
  for (const codes of [{ discounts: [{ code: "NOPE" }] }, { gift_cards: [{ code: "NOPE" }] }]) {
    await expect(medusa.carts.update(cart.id, codes, odd)).rejects.toMatchObject({
      response: { status: 404, data: { message: text } },
    });
  }
  const known = ["stripe", "stripe-ideal", "stripe-bancontact", "paypal", "manual"];
  for (const { provider_id: provider } of delivered.payment_sessions) expect(known).toContain(provider);
  await medusa.carts.setPaymentSession(cart.id, { provider_id: "manual" }, odd);
  const { shown: paying } = await render();
  expect(paying.payment_session).toMatchObject({ provider_id: "manual", amount: paying.total });
  const done = await medusa.carts.complete(cart.id, odd);
  expect(done).toMatchObject({
    type: "order",
    data: { id: text, shipping_address: { country_code: country } },
  });

  const { order } = await medusa.orders.retrieve(done.data.id, odd);
  await enrich();
  expect(order).toMatchObject({
    ...{ email: "grace@example.com", created_at: text, display_id: number, ...totals },
    ...{ discount_total: 0, gift_card_total: 0, shipping_address: address },
    ...{ fulfillment_status: "not_fulfilled", payment_status: "awaiting", region: { id: region.id } },
    items: [{ title: text, thumbnail: listed.thumbnail, quantity: 1, unit_price: number, variant: given }],
    shipping_methods: [{ price: number, shipping_option: { name: text } }],
    payments: [{ provider_id: "manual", amount: order.total, created_at: text }],
  });
  expect((await fetch(order.items[0]?.thumbnail as string)).status).toBe(200);
  const { order_edit: edit } = await wire.admin("POST", "/admin/order-edits", { order_id: order.id });
  expect(edit.items).toMatchObject([{ thumbnail: listed.thumbnail }]);
});

test("a refusal of completing for want of stock has a message that a page can show", async () => {
  const { regions } = await get("/store/regions");
  const { variant } = await somethingIn(regions[0]);
  const item = { variant_id: variant.id, quantity: variant.inventory_quantity };
  const carts = [1, 2].map(async (shopper) => {
    const medusa = await medusaClient("@medusajs/medusa-js", wire);
    const { cart } = await medusa.carts.create({ region_id: regions[0].id, items: [item] });
    await medusa.carts.update(cart.id, { email: `${shopper}@example.com` });
    await medusa.carts.createPaymentSessions(cart.id);
    await medusa.carts.setPaymentSession(cart.id, { provider_id: "manual" });
    return { medusa, id: cart.id };
  });
  const [one, other] = await Promise.all(carts);
  await one?.medusa.carts.complete(one.id);
  await expect(other?.medusa.carts.complete(other.id)).rejects.toMatchObject({
    response: { status: 409, data: { message: text, errors: [{ code: "insufficient_inventory" }] } },
  });
});

test("a cart that a storefront remembers and that is gone is named in the refusal as it was asked for", async () => {
  for (const id of ["cart_01HZZZZZZZZZZZZZZZZZZZZZZZ", "null"]) {
    const paths = [`/store/carts/${id}`, `/store/shipping-options/${id}`, `/store/carts/${id}/complete`];
    for (const [index, path] of paths.entries()) {
      const { status, body } = await wire.ask(index === 2 ? "POST" : "GET", path);
      expect([status, body]).toEqual([404, { type: "not_found", message: `Cart with ${id} was not found` }]);
    }
  }
});
