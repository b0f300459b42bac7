import * as shopperSdk from "@epcc-sdk/sdks-shopper";
import { beforeAll, describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { address, buyer, newProduct, useWire } from "./harness.ts";
import { signedInAccount, signedInCustomer } from "./shoppers.ts";

// The vendor's generated SDK for storefronts: it does not throw, and answers { data, error, response }.
type Call = (options?: object) => Promise<{
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is looked into and judged by the harness
  readonly data?: any;
  readonly error?: { readonly errors: readonly Record<string, unknown>[] };
  readonly response: Response;
}>;
const calls = shopperSdk as unknown as Readonly<Record<keyof typeof shopperSdk, Call>>;

const wire = useWire();

let client: object;
let shop: object;
beforeAll(() => {
  const { url: baseUrl, clientId, clientSecret } = wire.engine;
  const config = { baseUrl, fetch: wire.fetch };
  ({ client } = shopperSdk.createShopperClient(config, { clientId }));
  // Some of its calls are for servers, which bring a token of their own.
  const tokenProvider = async () => {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
    });
    const answer = await wire.fetch(`${baseUrl}/oauth/access_token`, { method: "POST", body: form });
    return (await answer.json()) as { access_token: string };
  };
  ({ client: shop } = shopperSdk.createShopperClient(config, { clientId, tokenProvider }));
});

/** A call that must succeed. */
async function done(name: keyof typeof shopperSdk, options: object = {}) {
  const { data, error, response } = await calls[name]({ client, ...options });
  expect(error, `${String(name)} ${response.status}`).toBeUndefined();
  return data;
}

/** A call that must be refused; answers the status and the first error. */
async function refused(name: keyof typeof shopperSdk, options: object = {}) {
  const { error, response } = await calls[name]({ client, ...options });
  expect(error, `${String(name)} ${response.status}`).toBeDefined();
  return { status: response.status, error: error?.errors[0] };
}

const newCart = () => ({ cartID: newReference() });

async function aCart(quantity = 1) {
  const product = await newProduct(wire, { stock: 10 });
  const path = newCart();
  const body = { data: { type: "cart_item", id: product.id, quantity } };
  const { data } = await done("manageCarts", { path, body });
  return { path, product, item: data[0] };
}

const addresses = { billing_address: address, shipping_address: address };
const guest = { data: { customer: buyer, ...addresses } };

async function anOrder() {
  const { path } = await aCart(2);
  const { data } = await done("checkoutApi", { path, body: guest });
  return { orderID: data.id as string };
}

describe("@epcc-sdk/sdks-shopper", () => {
  test("createAnAccessToken (implicit), and one token for all calls of a client", async () => {
    const body = { grant_type: "implicit", client_id: wire.engine.clientId };
    const token = await done("createAnAccessToken", { body });
    expect(token).toMatchObject({ token_type: "Bearer", identifier: "implicit", expires_in: 3600 });
    const answers = await wire.during(async () => {
      const { client: fresh } = shopperSdk.createShopperClient(
        { baseUrl: wire.engine.url, fetch: wire.fetch },
        { clientId: wire.engine.clientId },
      );
      await Promise.all([1, 2, 3].map(() => done("getAllCurrencies", { client: fresh })));
    });
    expect(answers.filter(({ url }) => url === "/oauth/access_token")).toHaveLength(1);
  });

  test("getByContextAllProducts, getByContextProduct, configureByContextProduct, getByContextRelease", async () => {
    const query = { "page[limit]": 5, "page[offset]": 0, include: ["main_image", "files"] };
    const products = await done("getByContextAllProducts", { query, headers: { "EP-Channel": "web" } });
    expect(products.data).toHaveLength(5);
    const path = { product_id: products.data[0].id };
    expect((await done("getByContextProduct", { path })).data.id).toBe(path.product_id);
    const body = { data: { selected_options: { a: { b: 1 } } } };
    expect((await refused("configureByContextProduct", { path, body })).status).toBe(422);
    expect((await done("getByContextRelease")).data.type).toBe("catalog-release");
  });

  test("createACart, getACart with repeated includes, updateACart, getCarts, deleteACart", async () => {
    const ada = await signedInCustomer(wire);
    const headers = { "X-Moltin-Customer-Token": ada.token };
    const body = { data: { name: "N", description: "D" } };
    const { data } = await done("createACart", { body, headers });
    expect(data).toMatchObject({ name: "N", description: "D" });
    const path = { cartID: data.id };
    const { id } = await newProduct(wire);
    await done("manageCarts", { path, headers, body: { data: { type: "cart_item", id, quantity: 1 } } });
    const answers = await wire.during(async () => {
      const got = await done("getACart", { path, headers, query: { include: ["items", "tax_items"] } });
      expect(got.included.items).toMatchObject([{ product_id: id }]);
    });
    expect(answers[0]?.url).toContain("include=items&include=tax_items");
    expect((await done("updateACart", { path, headers, body: { data: { name: "N2" } } })).data.name).toBe(
      "N2",
    );
    expect((await done("getCarts", { headers, query: { "page[limit]": 5 } })).data).toMatchObject([
      { id: data.id },
    ]);
    expect((await refused("deleteACart", { path, headers })).error).toMatchObject({ title: "Last cart" });
    await done("deleteACart", { path: newCart() });
  });

  test("manageCarts in all its kinds, getCartItems", async () => {
    const { path, product } = await aCart();
    const add = (data: unknown, options?: object, headers = {}) =>
      done("manageCarts", { path, headers, body: { data, ...(options && { options }) } });
    const fee = { type: "custom_item", name: "x", sku: "s", quantity: 1, price: { amount: 100 } };
    const mixed = { path, headers: { "X-Moltin-Currency": "GBP" }, body: { data: fee } };
    expect((await refused("manageCarts", mixed)).status).toBe(400);
    expect((await add(fee, undefined, { "X-Moltin-Currency": "USD" })).data).toHaveLength(2);
    const promotion = { path, body: { data: { type: "promotion_item", code: "A" } } };
    expect((await refused("manageCarts", promotion)).error).toMatchObject({
      status: 404,
      detail: "No promotion could be found with the given code.",
      meta: { code: "A" },
    });
    const other = await aCart(3);
    const merged = await add([{ type: "cart_items", cart_id: other.path.cartID }], {
      add_all_or_nothing: false,
    });
    expect(merged.data.map((item: { quantity: number }) => item.quantity)).toEqual([1, 1, 3]);
    const items = await done("getCartItems", { path, query: { include: ["promotions"] } });
    expect(items.data).toMatchObject([
      { product_id: product.id },
      { sku: "s" },
      { product_id: other.product.id },
    ]);
    expect(items.meta.display_price.with_tax.amount).toBe(4100);
  });

  test("bulkUpdateItemsInCart, updateACartItem, deleteACartItem, deleteAllCartItems", async () => {
    const { path, item } = await aCart();
    const cartitemID = item.id;
    const several = { data: [{ id: cartitemID, quantity: 2 }], options: { update_all_or_nothing: true } };
    expect((await done("bulkUpdateItemsInCart", { path, body: several })).data).toMatchObject([
      { quantity: 2 },
    ]);
    const one = { data: { type: "cart_item", id: cartitemID, quantity: 3 } };
    const where = { path: { ...path, cartitemID } };
    expect((await done("updateACartItem", { ...where, body: one })).data).toMatchObject([{ quantity: 3 }]);
    expect((await done("deleteACartItem", where)).data).toEqual([]);
    expect((await done("deleteAllCartItems", { path })).data).toEqual([]);
  });

  test("deleteAPromotionViaPromotionCode: the code is decoded from the path", async () => {
    const { path } = await aCart();
    const { status, error } = await refused("deleteAPromotionViaPromotionCode", {
      path: { ...path, promoCode: "SAVE 10%" },
    });
    expect(status).toBe(404);
    expect(error).toMatchObject({ meta: { code: "SAVE 10%" } });
  });

  test("createAccountCartAssociation, deleteAccountCartAssociation, createCustomerCartAssociation and back", async () => {
    const acme = await signedInAccount(wire);
    const headers = { "EP-Account-Management-Authentication-Token": acme.token };
    const first = { ...(await aCart()), headers, body: { data: [{ type: "account", id: acme.id }] } };
    expect((await done("createAccountCartAssociation", first)).data).toEqual([
      { type: "account", id: acme.id },
    ]);
    await done("deleteAccountCartAssociation", first);
    const ada = await signedInCustomer(wire);
    const second = { ...(await aCart()), headers: { "X-Moltin-Customer-Token": ada.token } };
    const body = { data: [{ type: "customer", id: ada.id }] };
    await done("createCustomerCartAssociation", { ...second, body });
    expect((await done("getACart", second)).data.relationships.customers.data).toHaveLength(1);
    await done("deleteCustomerCartAssociation", { ...second, body });
    expect((await done("getACart", second)).data.relationships.customers).toEqual({});
  });

  test("taxes: addTaxItemToCart, updateATaxItem, deleteATaxItem, bulkAddTaxItemsToCart, bulkDeleteTaxItemsFromCart", async () => {
    const { path, item } = await aCart();
    const where = { client: shop, path: { ...path, cartitemID: item.id } };
    const vat = { data: { type: "tax_item", name: "VAT", rate: 0.2 } };
    const { data } = await done("addTaxItemToCart", { ...where, body: vat });
    const tax = { ...where, path: { ...where.path, taxitemID: data.id } };
    const changed = { data: { type: "tax_item", rate: 0.1 } };
    expect((await done("updateATaxItem", { ...tax, body: changed })).data.rate).toBe(0.1);
    await done("deleteATaxItem", tax);
    const relationships = { item: { data: { type: "cart_item", id: item.id } } };
    const bulk = {
      data: [{ type: "tax_item", rate: 0.1, relationships }],
      options: { add_all_or_nothing: true },
    };
    expect((await done("bulkAddTaxItemsToCart", { client: shop, path, body: bulk })).data).toHaveLength(1);
    await done("bulkDeleteTaxItemsFromCart", { client: shop, path });
    const none = await refused("bulkDeleteTaxItemsFromCart", { client: shop, path });
    expect(none.error).toEqual({
      status: 404,
      title: "Resource Not Found",
      detail: "No tax items exist in the cart",
    });
    expect((await refused("addTaxItemToCart", { path: where.path, body: vat })).status).toBe(403);
  });

  test("checkoutApi with an account's token, getCustomerOrders, getAnOrder, getOrderItems", async () => {
    const acme = await signedInAccount(wire);
    const headers = { "EP-Account-Management-Authentication-Token": acme.token };
    const { path } = await aCart(2);
    const body = { data: { contact: buyer, ...addresses } };
    const { data } = await done("checkoutApi", { path, headers, body });
    const orderID = data.id;
    await done("paymentSetup", {
      path: { orderID },
      body: { data: { gateway: "manual", method: "purchase" } },
    });
    const query = { include: ["items"], "page[limit]": 5, filter: "eq(payment,paid)" };
    const orders = await done("getCustomerOrders", { headers, query });
    expect(orders.data).toMatchObject([{ id: orderID, contact: buyer, payment: "paid" }]);
    expect(orders.included.items).toHaveLength(1);
    const where = { path: { orderID }, headers };
    expect(
      (await done("getAnOrder", { ...where, query: { include: ["items"] } })).included.items,
    ).toHaveLength(1);
    expect((await done("getOrderItems", where)).data).toMatchObject([{ type: "order_item", quantity: 2 }]);
    expect((await refused("getAnOrder", { path: { orderID } })).status).toBe(403);
  });

  test("paymentSetup, confirmPayment, captureATransaction, refundATransaction, getOrderTransactions", async () => {
    const path = await anOrder();
    const meta = { name: "cod", custom_reference: "r" };
    const authorize = { data: { gateway: "manual", method: "authorize", paymentmethod_meta: meta } };
    const { data } = await done("paymentSetup", { path, body: authorize });
    expect(data).toMatchObject({ status: "complete", ...meta });
    const one = { client: shop, path: { ...path, transactionID: data.id } };
    expect((await done("confirmPayment", { ...one, client, body: { data: {} } })).data.status).toBe(
      "complete",
    );
    expect((await done("captureATransaction", one)).data.transaction_type).toBe("capture");
    const part = await done("refundATransaction", { ...one, body: { data: { amount: 5 } } });
    expect(part.data.refunded_amount).toBe(5);
    expect((await done("getOrderTransactions", { client: shop, path })).data).toMatchObject([
      { id: data.id },
    ]);
    expect((await done("getATransaction", one)).data.refunded_amount).toBe(5);
    const voided = await anOrder();
    const second = (await done("paymentSetup", { path: voided, body: authorize })).data.id;
    const cancelled = { client: shop, path: { ...voided, transactionID: second }, body: { data: {} } };
    expect((await done("cancelATransaction", cancelled)).data.status).toBe("cancelled");
    expect((await refused("captureATransaction", { path: cancelled.path })).status).toBe(403);
    const card = { data: { gateway: "elastic_path_payments_stripe", method: "purchase" } };
    expect((await refused("paymentSetup", { path: voided, body: card })).status).toBeLessThan(500);
  });

  test("custom discounts: on a cart, on an item, one by one and all together", async () => {
    const { path, item } = await aCart(2);
    const discount_settings = { custom_discounts_enabled: true };
    await done("updateACart", { path, body: { data: { discount_settings } } });
    const discount = {
      type: "custom_discount",
      external_id: "E",
      discount_engine: "X",
      amount: -100,
      description: "d",
      discount_code: "c",
    };
    const relationships = { item: { data: { type: "cart_item", id: item.id } } };
    const bulk = { data: [discount, { ...discount, relationships }], options: { add_all_or_nothing: true } };
    expect((await refused("bulkAddCustomDiscountsToCart", { path, body: bulk })).status).toBe(403);
    const added = await done("bulkAddCustomDiscountsToCart", { client: shop, path, body: bulk });
    const [onCart, onItem] = added.data.map((one: { id: string }) => ({
      client: shop,
      path: { ...path, cartitemID: item.id, customdiscountID: one.id },
      body: { data: { amount: { amount: -7 } } },
    }));
    expect((await done("updateCustomDiscountForCart", onCart)).data.amount.amount).toBe(-7);
    expect((await done("updateCustomDiscountForCartItem", onItem)).data.amount.amount).toBe(-7);
    const toItem = { client: shop, path: { ...path, cartitemID: item.id }, body: { data: discount } };
    await done("addCustomDiscountToCartItem", toItem);
    const off = async () => (await done("getACart", { path })).data.meta.display_price.discount.amount;
    expect(await off()).toBe(-114);
    await done("deleteCustomDiscountFromCart", onCart);
    await done("deleteCustomDiscountFromCartItem", onItem);
    expect(await off()).toBe(-100);
    await done("bulkDeleteCustomDiscountsFromCart", { client: shop, path });
    expect(await off()).toBe(0);
  });

  test("shipping groups of a cart and of its order", async () => {
    const { path, item } = await aCart(2);
    const body = { data: { type: "shipping_group", shipping_type: "ups", shipping_price: { base: 500 } } };
    const { data: group } = await done("createShippingGroup", { path, body });
    const one = { path: { cartId: path.cartID, shippingGroupId: group.id } };
    expect((await done("getShippingGroups", { path })).data).toEqual([group]);
    expect((await done("getShippingGroupById", one)).data).toEqual(group);
    const price = { data: { type: "shipping_group", shipping_price: { base: 700, tax: 70 } } };
    const updated = await done("updateShippingGroup", { ...one, body: price });
    expect(updated.data.meta.shipping_display_price.total.amount).toBe(770);
    const attach = { data: { type: "cart_item", id: item.id, quantity: 2, shipping_group_id: group.id } };
    await done("updateACartItem", { path: { ...path, cartitemID: item.id }, body: attach });
    expect((await refused("deleteCartShippingGroup", one)).status).toBe(400);
    const { data: order } = await done("checkoutApi", { path, body: guest });
    expect(order.meta.display_price).toMatchObject({
      with_tax: { amount: 2770 },
      shipping: { amount: 770 },
    });
    const ofOrder = { client: shop, path: { orderID: order.id } };
    const tracked = { data: { type: "shipping_group", tracking_reference: "T" } };
    expect((await done("createOrderShippingGroup", { ...ofOrder, body: tracked })).data.relation).toBe(
      "order",
    );
    const groups = (await done("getOrderShippingGroups", ofOrder)).data;
    expect(groups).toHaveLength(2);
    const first = { ...ofOrder, path: { ...ofOrder.path, shippingGroupID: groups[0].id } };
    const shown = await done("getShippingGroupsById", { ...first, query: { include: "items" } });
    expect(shown.included.items).toMatchObject([{ shipping_group_id: groups[0].id }]);
    const put = await done("putShippingGroupById", { ...first, body: tracked });
    expect(put.data).toMatchObject({ shipping_type: "ups", tracking_reference: "T" });
    const detach = { data: { ...attach.data, shipping_group_id: "" } };
    await done("updateACartItem", { path: { ...path, cartitemID: item.id }, body: detach });
    await done("deleteCartShippingGroup", one);
  });

  test("updateAnOrder, anonymizeOrders", async () => {
    const path = await anOrder();
    const body = { data: { type: "order", status: "cancelled" } };
    expect((await refused("updateAnOrder", { path, body })).status).toBe(403);
    expect((await done("updateAnOrder", { client: shop, path, body })).data.status).toBe("cancelled");
    const ids = { data: { order_ids: [path.orderID] } };
    expect((await done("anonymizeOrders", { client: shop, body: ids })).data).toMatchObject([
      { anonymized: true },
    ]);
  });

  test("getStock: the flat members and the attributes", async () => {
    const { product } = await aCart();
    const { data } = await done("getStock", { path: { product_uuid: product.id } });
    expect(data).toMatchObject({
      id: product.id,
      type: "stock",
      available: 10,
      attributes: { available: 10, allocated: 0, total: 10 },
    });
  });

  test("accounts: postV2AccountMembersTokens, getV2AccountAddresses, getV2Accounts", async () => {
    const acme = await signedInAccount(wire);
    const signIn = {
      type: "account_management_authentication_token",
      authentication_mechanism: "password",
      password_profile_id: "pp",
      username: acme.username,
      password: "correct horse battery",
    };
    const tokens = await done("postV2AccountMembersTokens", { body: { data: signIn } });
    expect(tokens.data).toMatchObject([{ account_id: acme.id }]);
    const headers = { "EP-Account-Management-Authentication-Token": tokens.data[0].token };
    const path = { accountID: acme.id };
    expect((await done("getV2AccountAddresses", { path, headers })).data).toEqual([]);
    const wrong = { ...signIn, password: "wrong" };
    expect((await refused("postV2AccountMembersTokens", { body: { data: wrong } })).status).toBe(403);
  });

  test("getAllCurrencies, getACurrency, getV2SettingsCart, getAllFiles", async () => {
    const { data } = await done("getAllCurrencies");
    expect((await done("getACurrency", { path: { currencyID: data[0].id } })).data.code).toBe(data[0].code);
    expect((await done("getV2SettingsCart", { client: shop })).data.cart_expiry_days).toBe(7);
    expect((await refused("getV2SettingsCart")).status).toBe(403);
    expect((await done("getAllFiles")).data.length).toBeGreaterThan(0);
  });
});
