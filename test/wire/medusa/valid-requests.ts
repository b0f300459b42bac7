import { newReference } from "../../engine.ts";
import { aShop, readyCart } from "./a-shop.ts";
import type { MedusaWire } from "./harness.ts";

export type ValidRequest = {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly as: "shopper" | "customer" | "admin";
};

/** Where nobody but `validRequests` has a shop. */
const countries = [
  "de",
  "fr",
  "gb",
  "us",
  "it",
  "es",
  "se",
  "no",
  "fi",
  "dk",
  "nl",
  "be",
  "at",
  "pl",
  "pt",
  "ie",
];
let made = 0;

/**
 * Valid requests to every kind of route, about a small shop that is made for them; what they name really exists, and a
 * deletion takes what nothing else needs. Answers also the token of the customer.
 */
export async function validRequests(
  wire: MedusaWire,
): Promise<{ readonly requests: readonly ValidRequest[]; readonly customerToken: string }> {
  const country = countries[made % countries.length] as string;
  made += 1;
  const unique = newReference();
  const { admin } = wire;
  const shop = await aShop(wire, { name: `Shop ${unique}`, pieces: 10_000, country });
  const { regionId, variantId, optionId } = shop;
  const post = async (path: string, body?: unknown) => {
    const answer = await wire.ask("POST", path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  // Set up: one to change and one to delete.
  const { variant } = await admin("GET", `/admin/variants/${variantId}`);
  const productId = variant.product_id as string;
  const { products } = await admin("GET", `/admin/products?id[]=${productId}`);
  const { profile_id: profileId, options } = products[0];
  const option = (name: string, more = {}) => ({
    name,
    region_id: regionId,
    profile_id: profileId,
    provider_id: "manual",
    data: { id: "manual-fulfillment" },
    price_type: "flat_rate",
    amount: 100,
    requirements: [{ type: "min_subtotal", amount: 1 }],
    ...more,
  });
  const goneOption = await admin("POST", "/admin/shipping-options", option("Gone"));
  const returnOption = await admin(
    "POST",
    "/admin/shipping-options",
    option("Back", { is_return: true, requirements: [] }),
  );
  const gone = {
    product: await admin("POST", "/admin/products", { title: `Gone ${unique}` }),
    collection: await admin("POST", "/admin/collections", { title: `Gone ${unique}` }),
    category: await admin("POST", "/admin/product-categories", { name: `Gone ${unique}` }),
    rate: await admin("POST", "/admin/tax-rates", { code: "g", name: "Gone", region_id: regionId, rate: 1 }),
    channel: await admin("POST", "/admin/sales-channels", { name: `Gone ${unique}` }),
    key: await admin("POST", "/admin/publishable-api-keys", { title: "Gone" }),
    location: await admin("POST", "/admin/stock-locations", { name: "Gone" }),
    profile: await admin("POST", "/admin/shipping-profiles", { name: "Gone", type: "custom" }),
    reason: await admin("POST", "/admin/return-reasons", { label: "Gone", value: `gone-${unique}` }),
  };
  const { collection } = await admin("POST", "/admin/collections", { title: `All ${unique}` });
  const { product_category: category } = await admin("POST", "/admin/product-categories", {
    name: `Top ${unique}`,
    is_active: true,
  });
  const { tax_rate: rate } = await admin("POST", "/admin/tax-rates", {
    code: "r",
    name: "Rate",
    region_id: regionId,
    rate: 7,
  });
  const { sales_channel: channel } = await admin("POST", "/admin/sales-channels", { name: `Web ${unique}` });
  const { publishable_api_key: key } = await admin("POST", "/admin/publishable-api-keys", { title: "Key" });
  const { stock_location: location } = await admin("POST", "/admin/stock-locations", { name: "Here" });
  const { return_reason: reason } = await admin("POST", "/admin/return-reasons", {
    label: "Small",
    value: `small-${unique}`,
  });
  const staff = { email: `${unique}@staff.test`, password: "supersecret" };
  const { user } = await admin("POST", "/admin/users", staff);
  const discountBody = (code: string) => ({
    code,
    rule: { type: "percentage", value: 10, allocation: "total" },
    regions: [regionId],
  });
  const { discount } = await admin("POST", "/admin/discounts", discountBody(`TEN-${unique}`));
  const { discount: goneDiscount } = await admin("POST", "/admin/discounts", discountBody(`OFF-${unique}`));
  const { discount: dynamic } = await admin("POST", "/admin/discounts", {
    ...discountBody(`DYN-${unique}`),
    is_dynamic: true,
  });
  const { gift_card: card } = await admin("POST", "/admin/gift-cards", { value: 50, region_id: regionId });
  const condition = { operator: "in", products: [productId] };
  const { discount: conditioned } = await admin("POST", "/admin/discounts", {
    ...discountBody(`CON-${unique}`),
    rule: { type: "percentage", value: 10, allocation: "total", conditions: [condition] },
  });
  const conditionId = conditioned.rule.conditions?.[0]?.id ?? "discon_x";
  const { inventory_items: stockItems } = await admin("GET", "/admin/inventory-items?limit=1");
  const itemPath = `/inventory-items/${stockItems[0]?.id}`;

  // A customer.
  const person = { email: `${unique}@example.com`, password: "correct horse battery" };
  const names = { first_name: "Ada", last_name: "Byron" };
  const { customer } = await post("/store/customers", { ...person, ...names });
  const { customer_group: group } = await admin("POST", "/admin/customer-groups", { name: unique });
  const { access_token: customerToken } = await post("/store/auth/token", person);
  const address = {
    ...names,
    company: "",
    address_1: "1 Long Lane",
    address_2: "",
    city: "Town",
    country_code: country,
    province: "",
    postal_code: "12345",
    phone: "",
  };
  const known = await wire.ask(
    "POST",
    "/store/customers/me/addresses",
    { address },
    {
      headers: { authorization: `Bearer ${customerToken}` },
    },
  );
  const addressId = known.body.customer?.shipping_addresses?.[0]?.id ?? "addr_x";

  const newDraft = async () => {
    const { draft_order: made } = await admin("POST", "/admin/draft-orders", {
      email: "d@example.com",
      region_id: regionId,
      items: [{ variant_id: variantId, quantity: 1 }],
      shipping_methods: [],
    });
    return made;
  };
  const draft = await newDraft();
  const otherDraft = await newDraft();

  // A cart with everything, one to complete, and orders.
  const cart = await readyCart(wire, shop, { provider: "testpay" });
  const { cart: filled } = (await wire.ask("GET", cart)).body;
  const lineId = filled.items[0].id;
  const ready = await readyCart(wire, shop, { provider: "manual" });
  const placed = async (items = 3) => {
    const path = await readyCart(wire, shop, {
      provider: "manual",
      items: [{ variant_id: variantId, quantity: items }],
    });
    await post(`${path}/shipping-methods`, { option_id: optionId });
    await post(`${path}/payment-sessions`);
    await post(`${path}/payment-session`, { provider_id: "manual" });
    return (await post(`${path}/complete`)).data;
  };
  const order = await placed();
  const paid = await placed();
  const cancelled = await placed();
  const paidPath = `/admin/orders/${paid.id}`;
  const item = { item_id: paid.items[0].id, quantity: 1 };
  await admin("POST", `${paidPath}/capture`);
  const { order: packed } = await admin("POST", `${paidPath}/fulfillment`, { items: [item] });
  await admin("POST", `${paidPath}/shipment`, { fulfillment_id: packed.fulfillments[0].id });
  const { order: packedAgain } = await admin("POST", `${paidPath}/fulfillment`, { items: [item] });
  const unsent = packedAgain.fulfillments.find(
    ({ shipped_at: at }: { shipped_at: string | null }) => at === null,
  );
  const { order: back } = await admin("POST", `${paidPath}/return`, { items: [item] });
  const { order: cancelledBack } = await admin("POST", `${paidPath}/return`, { items: [item] });
  const returnId = back.returns[0].id;
  const { id: otherReturnId } = cancelledBack.returns.find(({ id }: { id: string }) => id !== returnId);
  const product = {
    title: `Thing ${unique}`,
    subtitle: "s",
    description: "d",
    handle: `thing-${unique}`,
    status: "published",
    images: ["https://example.com/a.png"],
    thumbnail: "https://example.com/a.png",
    type: { value: `kind ${unique}` },
    collection_id: collection.id,
    tags: [{ value: "new" }],
    sales_channels: [{ id: channel.id }],
    categories: [{ id: category.id }],
    options: [{ title: "Size" }],
    weight: 5,
    origin_country: "de",
    metadata: { a: 1 },
    variants: [
      {
        title: "S",
        sku: unique,
        inventory_quantity: 3,
        manage_inventory: true,
        allow_backorder: false,
        prices: [
          { currency_code: "eur", amount: 100 },
          { region_id: regionId, amount: 90, min_quantity: 2, max_quantity: 5 },
        ],
        options: [{ value: "S" }],
      },
    ],
  };
  const newVariant = {
    title: "L",
    inventory_quantity: 1,
    prices: [{ currency_code: "eur", amount: 100 }],
    options: [{ option_id: options[0].id, value: "L" }],
  };

  const store = (method: ValidRequest["method"], path: string, body?: unknown): ValidRequest => ({
    method,
    path,
    ...(body !== undefined && { body }),
    as: "shopper",
  });
  const own = (method: ValidRequest["method"], path: string, body?: unknown): ValidRequest => ({
    ...store(method, path, body),
    as: "customer",
  });
  const staffed = (method: ValidRequest["method"], path: string, body?: unknown): ValidRequest => ({
    ...store(method, `/admin${path}`, body),
    as: "admin",
  });
  const requests: ValidRequest[] = [
    store("POST", "/store/carts", {
      region_id: regionId,
      country_code: country,
      items: [{ variant_id: variantId, quantity: 1 }],
      context: { a: "b" },
    }),
    store("GET", cart),
    store("POST", cart, {
      email: "b@example.com",
      region_id: regionId,
      billing_address: address,
      shipping_address: address,
      context: { a: 1 },
    }),
    store("POST", cart, { discounts: [{ code: `TEN-${unique}` }], gift_cards: [{ code: card.code }] }),
    store("POST", cart, { customer_id: customer.id }),
    store("DELETE", `${cart}/discounts/TEN-${unique}`),
    store("POST", `${cart}/taxes`),
    store("POST", `${cart}/line-items`, { variant_id: variantId, quantity: 1, metadata: { a: "b" } }),
    store("POST", `${cart}/line-items/${lineId}`, { quantity: 2, metadata: { a: null } }),
    store("DELETE", `${cart}/line-items/item_x`),
    store("GET", `/store/shipping-options/${filled.id}`),
    store("GET", `/store/shipping-options?region_id=${regionId}&product_ids=${productId}`),
    store("POST", `${cart}/shipping-methods`, { option_id: optionId, data: { a: 1 } }),
    store("POST", `${cart}/payment-sessions`, {}),
    store("POST", `${cart}/payment-session`, { provider_id: "testpay" }),
    store("POST", `${cart}/payment-sessions/testpay`, { data: { a: 1 } }),
    store("POST", `${cart}/payment-sessions/testpay/refresh`, {}),
    store("DELETE", `${cart}/payment-sessions/manual`),
    store("POST", `${ready}/complete`, {}),
    store("GET", "/store/regions"),
    store("GET", `/store/regions/${regionId}`),
    store("GET", `/store/products?region_id=${regionId}&limit=3`),
    store("GET", `/store/products/${productId}?region_id=${regionId}`),
    store("POST", "/store/products/search", { q: "tee", limit: 3, offset: 0 }),
    store("GET", `/store/variants?ids=${variantId}`),
    store("GET", `/store/variants/${variantId}`),
    store("GET", "/store/collections"),
    store("GET", `/store/collections/${collection.id}`),
    store("GET", "/store/product-categories"),
    store("GET", `/store/product-categories/${category.id}`),
    store("GET", "/store/product-tags"),
    store("GET", "/store/product-types"),
    store("GET", `/store/gift-cards/${card.code}`),
    store("GET", `/store/orders/${order.id}`),
    store("GET", `/store/orders/cart/${order.cart_id}`),
    store("GET", `/store/orders?display_id=${order.display_id}&email=ada@example.com`),
    store("GET", "/store/return-reasons"),
    staffed("POST", `/returns/${otherReturnId}/cancel`),
    store("POST", "/store/returns", {
      order_id: paid.id,
      items: [{ ...item, reason_id: reason.id, note: "n" }],
      return_shipping: { option_id: returnOption.shipping_option.id },
    }),
    store("POST", "/store/customers", { ...names, email: `x${unique}@example.com`, password: "long enough" }),
    store("POST", "/store/auth", person),
    store("POST", "/store/auth/token", person),
    store("GET", `/store/auth/${person.email}`),
    store("POST", "/store/customers/password-token", { email: person.email }),
    store("POST", "/store/customers/password-reset", { ...person, token: "a.b.c" }),
    own("GET", "/store/auth"),
    own("POST", cart, { billing_address: addressId }),
    own("GET", "/store/customers/me"),
    own("POST", "/store/customers/me", {
      ...names,
      phone: "1",
      billing_address: address,
      metadata: { a: 1 },
    }),
    own("GET", "/store/customers/me/orders?limit=3"),
    own("GET", "/store/customers/me/payment-methods"),
    own("POST", "/store/customers/me/addresses", { address }),
    own("POST", `/store/customers/me/addresses/${addressId}`, { city: "Elsewhere", metadata: { a: 1 } }),
    own("POST", "/store/orders/batch/customer/token", { order_ids: [order.id] }),
    own("POST", "/store/orders/customer/confirm", { token: "a.b.c" }),

    store("POST", "/admin/auth", staff),
    store("POST", "/admin/auth/token", staff),
    staffed("GET", "/auth"),
    staffed("GET", "/store"),
    staffed("POST", "/store", { name: "N", default_currency_code: "eur", metadata: { a: 1 } }),
    staffed("POST", "/store/currencies/usd"),
    staffed("GET", "/store/payment-providers"),
    staffed("GET", "/users"),
    staffed("POST", "/users", { email: `y${unique}@staff.test`, password: "long enough", role: "member" }),
    staffed("POST", `/users/${user.id}`, { first_name: "N", role: "admin" }),
    staffed("GET", "/regions"),
    staffed("GET", `/regions/${regionId}`),
    staffed("POST", "/regions", {
      name: "R",
      currency_code: "usd",
      tax_rate: 5,
      countries: ["jp"],
      payment_providers: ["manual"],
      fulfillment_providers: ["manual"],
    }),
    staffed("POST", `/regions/${regionId}`, {
      name: "R",
      tax_rate: 19,
      gift_cards_taxable: true,
      tax_code: "t",
    }),
    staffed("POST", `/regions/${regionId}/payment-providers`, { provider_id: "manual" }),
    staffed("GET", `/regions/${regionId}/fulfillment-options`),
    staffed("GET", "/tax-rates"),
    staffed("POST", "/tax-rates", {
      code: "c",
      name: "n",
      region_id: regionId,
      rate: 3.5,
      products: [productId],
      shipping_options: [optionId],
    }),
    staffed("POST", `/tax-rates/${rate.id}`, { name: "n", rate: 4, products: [productId] }),
    staffed("POST", `/tax-rates/${rate.id}/products/batch`, { products: [productId] }),
    staffed("DELETE", `/tax-rates/${gone.rate.tax_rate.id}`),
    staffed("GET", `/shipping-options?region_id=${regionId}`),
    staffed("POST", "/shipping-options", option("New")),
    staffed("POST", `/shipping-options/${optionId}`, { name: "n", amount: 400, requirements: [] }),
    staffed("DELETE", `/shipping-options/${goneOption.shipping_option.id}`),
    staffed("GET", "/customer-groups?q=x&limit=1"),
    staffed("POST", "/customer-groups", { name: `more ${unique}`, metadata: { a: 1 } }),
    staffed("GET", `/customer-groups/${group.id}`),
    staffed("POST", `/customer-groups/${group.id}`, { name: `group ${unique}` }),
    staffed("GET", `/customer-groups/${group.id}/customers`),
    staffed("POST", `/customer-groups/${group.id}/customers/batch`, { customer_ids: [{ id: customer.id }] }),
    staffed("DELETE", `/customer-groups/${group.id}/customers/batch`, {
      customer_ids: [{ id: customer.id }],
    }),
    staffed("DELETE", "/customer-groups/cgrp_x"),
    staffed("GET", "/shipping-profiles"),
    staffed("POST", "/inventory-items", { variant_id: shop.uncountedId, inventory_quantity: 9999 }),
    staffed("DELETE", "/inventory-items/iitem_x"),
    staffed("GET", "/inventory-items?location_id=sloc_x&order=-sku"),
    staffed("POST", "/users/password-token", { email: "a@b.cd" }),
    staffed("POST", "/users/reset-password", { email: "a@b.cd", token: "t", password: "12345678" }),
    staffed("POST", "/shipping-profiles", { name: "p", type: "custom", metadata: {} }),
    staffed("POST", `/shipping-profiles/${gone.profile.shipping_profile.id}`, {
      ...{ name: "q", products: ["prod_x"], shipping_options: ["so_x"] },
    }),
    staffed("GET", "/sales-channels"),
    staffed("POST", "/sales-channels", { name: "n", description: "d", is_disabled: false }),
    staffed("POST", `/sales-channels/${channel.id}`, { name: "n" }),
    staffed("POST", `/sales-channels/${channel.id}/products/batch`, { product_ids: [{ id: productId }] }),
    staffed("DELETE", `/sales-channels/${gone.channel.sales_channel.id}`),
    staffed("GET", "/publishable-api-keys"),
    staffed("POST", "/publishable-api-keys", { title: "t" }),
    staffed("POST", `/publishable-api-keys/${key.id}/sales-channels/batch`, {
      sales_channel_ids: [{ id: channel.id }],
    }),
    staffed("DELETE", `/publishable-api-keys/${gone.key.publishable_api_key.id}`),
    staffed("GET", "/stock-locations"),
    staffed("POST", "/stock-locations", {
      name: "n",
      address: { address_1: "a", country_code: "de", city: "c", metadata: {} },
    }),
    staffed("POST", `/stock-locations/${location.id}`, { name: "m" }),
    staffed("POST", `/sales-channels/${channel.id}/stock-locations`, { location_id: location.id }),
    staffed("DELETE", `/stock-locations/${gone.location.stock_location.id}`),
    staffed("GET", "/inventory-items"),
    staffed("POST", itemPath, { sku: `sku-${unique}`, weight: 3, metadata: {} }),
    staffed("GET", `${itemPath}/location-levels`),
    staffed("POST", `${itemPath}/location-levels`, { location_id: location.id, stocked_quantity: 5 }),
    staffed("POST", `${itemPath}/location-levels/${location.id}`, { stocked_quantity: 7 }),
    staffed("GET", "/reservations"),
    staffed("POST", "/reservations", {
      inventory_item_id: stockItems[0]?.id,
      location_id: location.id,
      quantity: 1,
      description: "d",
    }),
    staffed("GET", "/return-reasons"),
    staffed("POST", "/return-reasons", { label: "l", value: `v${unique}`, description: "d", metadata: {} }),
    staffed("POST", `/return-reasons/${reason.id}`, { label: "m" }),
    staffed("DELETE", `/return-reasons/${gone.reason.return_reason.id}`),
    staffed("GET", "/products?limit=3"),
    staffed("POST", "/products", product),
    staffed("GET", `/products/${productId}`),
    staffed("POST", `/products/${productId}`, {
      title: "t",
      description: "d",
      handle: `h-${unique}`,
      tags: [{ value: "new" }],
      variants: [{ id: variantId, title: "S", prices: [{ currency_code: "eur", amount: 1000 }] }],
    }),
    staffed("POST", `/products/${productId}/metadata`, { key: "k", value: "v" }),
    staffed("POST", `/products/${productId}/variants`, newVariant),
    staffed("POST", `/products/${productId}/variants/${variantId}`, {
      title: "S",
      inventory_quantity: 9000,
      prices: [{ currency_code: "eur", amount: 900 }],
    }),
    staffed("POST", `/products/${productId}/options`, { title: "Colour" }),
    staffed("POST", `/products/${productId}/options/${options[0].id}`, { title: "Width" }),
    staffed("DELETE", `/products/${gone.product.product.id}`),
    staffed("GET", "/variants?limit=3"),
    staffed("GET", `/variants/${variantId}/inventory`),
    staffed("GET", "/collections"),
    staffed("POST", "/collections", { title: "t", handle: `c-${unique}`, metadata: {} }),
    staffed("POST", `/collections/${collection.id}`, { title: "u" }),
    staffed("POST", `/collections/${collection.id}/products/batch`, { product_ids: [productId] }),
    staffed("DELETE", `/collections/${gone.collection.collection.id}`),
    staffed("GET", "/product-categories"),
    staffed("POST", "/product-categories", { name: "n", parent_category_id: category.id, is_active: true }),
    staffed("POST", `/product-categories/${category.id}`, { name: "m", rank: 0, metadata: {} }),
    staffed("POST", `/product-categories/${category.id}/products/batch`, {
      product_ids: [{ id: productId }],
    }),
    staffed("DELETE", `/product-categories/${gone.category.product_category.id}`),
    staffed("GET", "/product-tags"),
    staffed("GET", "/product-types"),
    staffed("GET", "/discounts"),
    staffed("POST", "/discounts", {
      ...discountBody(`NEW-${unique}`),
      usage_limit: 5,
      starts_at: "2026-01-01T00:00:00.000Z",
      ends_at: "2036-01-01T00:00:00.000Z",
      metadata: { a: 1 },
    }),
    staffed("POST", `/discounts/${discount.id}`, {
      code: `TEN-${unique}`,
      rule: { id: discount.rule.id, value: 12, conditions: [condition] },
      usage_limit: 100,
    }),
    staffed("POST", `/discounts/${dynamic.id}/dynamic-codes`, { code: `D1-${unique}`, usage_limit: 2 }),
    staffed("POST", `/discounts/${discount.id}/regions/${regionId}`),
    staffed("POST", `/discounts/${discount.id}/conditions`, condition),
    staffed("POST", `/discounts/${conditioned.id}/conditions/${conditionId}`, { products: [productId] }),
    staffed("POST", `/discounts/${conditioned.id}/conditions/${conditionId}/batch`, {
      resources: [{ id: productId }],
    }),
    staffed("DELETE", `/discounts/${goneDiscount.id}`),
    staffed("GET", "/gift-cards"),
    staffed("POST", "/gift-cards", { value: 100, region_id: regionId, ends_at: "2036-01-01T00:00:00.000Z" }),
    staffed("POST", `/gift-cards/${card.id}`, { balance: 40, is_disabled: false }),
    staffed("GET", "/customers"),
    staffed("POST", "/customers", { ...names, email: `z${unique}@example.com`, password: "long enough" }),
    staffed("POST", `/customers/${customer.id}`, { first_name: "A", metadata: { a: 1 } }),
    staffed("GET", "/draft-orders?limit=3"),
    staffed("POST", "/draft-orders", {
      email: "d@example.com",
      region_id: regionId,
      items: [
        { variant_id: variantId, quantity: 1, unit_price: 5 },
        { title: "Fee", quantity: 2, unit_price: 100, metadata: { a: 1 } },
      ],
      shipping_methods: [{ option_id: optionId, price: 3, data: {} }],
      discounts: [{ code: `TEN-${unique}` }],
      billing_address: address,
      customer_id: customer.id,
      metadata: { a: 1 },
    }),
    staffed("GET", `/draft-orders/${draft.id}`),
    staffed("POST", `/draft-orders/${draft.id}`, {
      email: "e@example.com",
      shipping_address: address,
      no_notification_order: true,
    }),
    staffed("POST", `/draft-orders/${draft.id}/line-items`, { variant_id: variantId, quantity: 1 }),
    staffed("POST", `/draft-orders/${draft.id}/line-items/${draft.cart.items[0].id}`, {
      quantity: 2,
      unit_price: 7,
      title: "t",
    }),
    staffed("DELETE", `/draft-orders/${draft.id}/line-items/item_x`),
    staffed("POST", `/draft-orders/${otherDraft.id}/pay`),
    staffed("DELETE", `/draft-orders/${otherDraft.id}`),
    staffed("GET", "/orders?limit=3"),
    staffed("GET", `/orders/${order.id}`),
    staffed("POST", `/orders/${order.id}`, { email: "c@example.com", shipping_address: { city: "E" } }),
    staffed("POST", `/orders/${order.id}/capture`),
    staffed("POST", `/orders/${paid.id}/refund`, { amount: 1, reason: "other", note: "n" }),
    staffed("POST", `/orders/${paid.id}/shipping-methods`, { price: 0, option_id: optionId, data: {} }),
    staffed("GET", `/payments/${paid.payments[0].id}`),
    staffed("POST", `/payments/${paid.payments[0].id}/capture`),
    staffed("POST", `/payments/${paid.payments[0].id}/refund`, { amount: 1, reason: "other", note: "n" }),
    staffed("POST", `/orders/${paid.id}/fulfillment`, { items: [item], metadata: { a: 1 } }),
    staffed("POST", `/orders/${paid.id}/shipment`, {
      fulfillment_id: unsent.id,
      tracking_numbers: ["t"],
    }),
    staffed("GET", "/returns"),
    staffed("POST", `/returns/${returnId}/receive`, { items: [item], refund: 10 }),
    staffed("POST", `/orders/${paid.id}/return`, {
      items: [{ ...item, reason_id: reason.id }],
      return_shipping: { option_id: returnOption.shipping_option.id, price: 5 },
      refund: 10,
      receive_now: true,
    }),
    staffed("POST", `/orders/${cancelled.id}/cancel`),
    staffed("POST", `/orders/${paid.id}/complete`),
    staffed("POST", `/orders/${paid.id}/archive`),
  ];
  return { requests, customerToken };
}
