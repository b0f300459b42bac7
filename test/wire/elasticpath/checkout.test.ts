import { describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { address, buyer, newProduct, useWire } from "./harness.ts";
import { signedInAccount, signedInCustomer } from "./shoppers.ts";

const wire = useWire();

async function aCart(members: object = {}): Promise<string> {
  const { id } = await newProduct(wire);
  const cart = `/v2/carts/${newReference()}`;
  if (Object.keys(members).length > 0) await wire.ask("PUT", cart, { data: members });
  await wire.ask("POST", `${cart}/items`, { data: { type: "cart_item", id, quantity: 1 } });
  return cart;
}

const checkOut = async (data: object, options?: object, cart?: string) =>
  wire.ask(
    "POST",
    `${cart ?? (await aCart())}/checkout`,
    { data: { billing_address: address, ...data } },
    options,
  );

const asShopper = { as: "shopper" } as const;

describe("who buys", () => {
  test("an account, by the seller's hand, with or without a member", async () => {
    const acme = await signedInAccount(wire);
    const { status, body } = await checkOut({ account: { id: acme.id }, contact: buyer });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      contact: buyer,
      relationships: { account: { data: { type: "account", id: acme.id } } },
    });
    expect(body.data.relationships).not.toHaveProperty("account_member");
    const member = { account: { id: acme.id, member_id: acme.memberId }, contact: buyer };
    const { relationships } = (await checkOut(member)).body.data;
    expect(relationships.account_member.data).toEqual({ type: "account_member", id: acme.memberId });
  });

  test("an account may only be named by the seller, and must be there with a contact", async () => {
    const acme = await signedInAccount(wire);
    const named = { account: { id: acme.id }, contact: buyer };
    expect((await checkOut(named, asShopper)).status).toBe(403);
    expect((await checkOut({ account: { id: "nothing" }, contact: buyer })).status).toBe(404);
    const nobody = (await checkOut({ account: { id: acme.id } })).body.errors[0];
    expect(nobody).toMatchObject({ status: 400, source: "data.contact", title: "required" });
    const unknown = { account: { id: acme.id, member_id: "nothing" }, contact: buyer };
    expect((await checkOut(unknown)).status).toBe(400);
  });

  test("an account by its token needs a contact and no customer", async () => {
    const acme = await signedInAccount(wire);
    const headers = { "ep-account-management-authentication-token": acme.token };
    const { body } = await checkOut({ customer: buyer }, { ...asShopper, headers });
    expect(body.errors[0]).toMatchObject({ status: 400, source: "data.contact", title: "required" });
  });

  test.each([
    ["nobody", {}, "data.customer"],
    ["a customer without a name", { customer: { email: buyer.email } }, "data.customer.name"],
    ["a customer without an e-mail address", { customer: { name: buyer.name } }, "data.customer.email"],
  ])("%s: says what is missing", async (_what, data, source) => {
    const { status, body } = await checkOut(data, asShopper);
    expect([status, body.errors[0].title, body.errors[0].source]).toEqual([400, "required", source]);
  });

  test("a guest with a registered e-mail address buys for themselves alone", async () => {
    const ada = await signedInCustomer(wire);
    const { body } = await checkOut({ customer: { name: "Ada", email: ada.email } }, asShopper);
    expect(body.data.customer).toEqual({ name: "Ada", email: ada.email });
    const headers = { "x-moltin-customer-token": ada.token };
    expect((await wire.ask("GET", "/v2/orders", undefined, { ...asShopper, headers })).body.data).toEqual([]);
  });
});

describe("what an order gets", () => {
  test("the billing address where there is none to ship to, with empty texts for what is not known", async () => {
    const plain = {
      first_name: "Ada",
      last_name: "Byron",
      line_1: "1 Long Lane",
      county: "Orange",
      postcode: "90210",
      country: "United Kingdom",
    };
    const { data } = (await checkOut({ customer: buyer, billing_address: plain }, asShopper)).body;
    const empty = { region: "", city: "", line_2: "", company_name: "" };
    expect(data.billing_address).toEqual({ ...plain, ...empty });
    expect(data.shipping_address).toEqual({ ...plain, ...empty, phone_number: "", instructions: "" });
  });

  test("its own numbers, as text or number, and the attributes of the cart", async () => {
    const custom_attributes = {
      gift: { type: "boolean", value: true },
      note: { type: "string", value: "x" },
    };
    const cart = await aCart({ custom_attributes });
    const numbers = { order_number: 1042, external_ref: "erp-1042" };
    const { data } = (await checkOut({ customer: buyer, ...numbers }, asShopper, cart)).body;
    expect(data).toMatchObject({ order_number: "1042", external_ref: "erp-1042", custom_attributes });
    const named = (await checkOut({ customer: buyer, order_number: "A-1" }, asShopper)).body.data;
    expect(named.order_number).toBe("A-1");
    expect(named).not.toHaveProperty("custom_attributes");
    const found = await wire.ask("GET", "/v2/orders?filter=eq(order_number,A-1):eq(email,ada@example.com)");
    expect(found.body.data).toMatchObject([{ id: named.id }]);
    const long = await checkOut({ customer: buyer, external_ref: "x".repeat(65) }, asShopper);
    expect(long.body.errors[0]).toMatchObject({
      status: 400,
      source: "data.external_ref",
      title: "string_lte",
    });
  });

  test("the lines as the cart has them: taxes, inputs, custom items, totals to the cent", async () => {
    const cart = await aCart();
    const product = await newProduct(wire, {
      price: [{ amount: 999, currency: "USD", includes_tax: false }],
    });
    const tax = [{ type: "tax_item", name: "VAT", rate: 0.175 }];
    const item = { type: "cart_item", id: product.id, quantity: 3, custom_inputs: { text: "A" }, tax };
    const fee = { type: "custom_item", name: "Fee", sku: "fee", quantity: 1, price: { amount: 199 } };
    await wire.ask("POST", `${cart}/items`, { data: item });
    await wire.ask("POST", `${cart}/items`, { data: fee });
    const items = (await wire.ask("GET", `${cart}/items?include=tax_items`)).body;
    const { data, included } = (await checkOut({ customer: buyer }, asShopper, cart)).body;
    for (const [at, line] of items.data.entries()) {
      const { quantity, sku, name, unit_price, value, custom_inputs, product_id } = line;
      expect(included.items[at]).toMatchObject({ quantity, sku, name, unit_price, value });
      expect(included.items[at].custom_inputs).toEqual(custom_inputs);
      expect(included.items[at].product_id).toBe(product_id);
      expect(included.items[at].meta.display_price).toEqual(line.meta.display_price);
    }
    expect(data.meta.display_price).toMatchObject(items.meta.display_price);
    const order = (await wire.ask("GET", `/v2/orders/${data.id}?include=items,tax_items`)).body;
    expect(order.data).toEqual(data);
    expect(order.included.items).toEqual(included.items);
    expect(order.included.tax_items).toEqual(items.included.tax_items);
    expect((await wire.ask("GET", `/v2/orders/${data.id}/items`)).body.data).toEqual(included.items);
  });

  test("and leaves the cart as it is, to be checked out again", async () => {
    const cart = await aCart();
    const before = (await wire.ask("GET", `${cart}?include=items`)).body;
    const orders = [
      await checkOut({ customer: buyer }, asShopper, cart),
      await checkOut({ customer: buyer }, asShopper, cart),
    ];
    expect(new Set(orders.map(({ body }) => body.data.id)).size).toBe(2);
    expect((await wire.ask("GET", `${cart}?include=items`)).body).toEqual(before);
  });
});
