import { describe, expect, test } from "vitest";
import { type Answer, newReference } from "../../engine.ts";
import { address, buyer, newProduct, useWire } from "./harness.ts";
import { paid, placedOrder } from "./purchases.ts";
import { signedInAccount, signedInCustomer } from "./shoppers.ts";

// Storefronts compare texts of refusals and show them. Those that the vendor documents are kept to the letter, members
// in their order.
const wire = useWire();

const asShopper = { as: "shopper" } as const;

/** Expects one error, to the letter. */
function expectError(answer: Answer, status: number, error: Readonly<Record<string, unknown>>): void {
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([status, JSON.stringify({ errors: [error] })]);
}

const problem = (status: number, title: string, detail: string, meta?: object) => ({
  status,
  title,
  detail,
  ...(meta && { meta }),
});

async function aCart(members: Readonly<Record<string, unknown>> = {}, quantity = 1) {
  const product = await newProduct(wire, members);
  const path = `/v2/carts/${newReference()}`;
  const { body } = await addTo(path, { type: "cart_item", id: product.id, quantity });
  return { path, product, item: body.data?.[0]?.id as string };
}

const addTo = (cart: string, data: unknown, headers = {}) =>
  wire.ask("POST", `${cart}/items`, { data }, { ...asShopper, headers });

const checkOut = (cart: string, data: object = { customer: buyer }, headers = {}) =>
  wire.ask(
    "POST",
    `${cart}/checkout`,
    { data: { billing_address: address, ...data } },
    { ...asShopper, headers },
  );

const insufficient = (product: { id: string; sku: string; name: string }) =>
  problem(400, "Insufficient stock", `There is not enough stock to add ${product.name} to your cart`, {
    id: product.id,
    sku: product.sku,
  });

describe("stock", () => {
  test("when adding, updating and checking out: names the product and never how many are left", async () => {
    const { path, product, item } = await aCart({ stock: 5 }, 4);
    const more = { type: "cart_item", id: product.id, quantity: 6 };
    expectError(await addTo(path, more), 400, insufficient(product));
    const update = { data: { type: "cart_item", id: item, quantity: 6 } };
    expectError(
      await wire.ask("PUT", `${path}/items/${item}`, update, asShopper),
      400,
      insufficient(product),
    );
    const bulk = { data: [{ id: item, quantity: 6 }] };
    expectError(await wire.ask("PUT", `${path}/items`, bulk, asShopper), 400, insufficient(product));
    // What a request asks for is there; the whole line is not, and checkout says so.
    expect((await addTo(path, { ...more, quantity: 3 })).status).toBe(201);
    expectError(await checkOut(path), 400, insufficient(product));
  });

  test("when paying", async () => {
    const order = await placedOrder(wire);
    const { sku } = (await wire.ask("GET", `/v2/products/${order.productId}`)).body.data;
    const gone = { data: { type: "stock-transaction", action: "decrement", quantity: 9 } };
    await wire.ask("POST", `/v2/inventories/${order.productId}/transactions`, gone);
    const body = { data: { gateway: "manual", method: "purchase" } };
    expectError(
      await wire.ask("POST", `${order.path}/payments`, body, asShopper),
      400,
      problem(400, "Insufficient stock", "There is not enough stock to complete your order", {
        id: order.productId,
        sku,
      }),
    );
  });
});

describe("checkout", () => {
  test.each([
    ".ada@example.com",
    "ada.@example.com",
    "ada..byron@example.com",
    "ada",
    "ada@",
    "@example.com",
    "",
  ])("of an e-mail address that is none: %s", async (email) => {
    const { path } = await aCart();
    expectError(await checkOut(path, { customer: { name: "Ada", email } }), 400, {
      status: 400,
      source: "data.customer.email",
      title: "format",
      detail: "Does not match format 'email'",
    });
  });

  test.each(["first_name", "last_name", "line_1", "postcode", "country"] as const)(
    "without %s",
    async (member) => {
      const { path } = await aCart();
      const { [member]: _, ...incomplete } = address;
      expectError(await checkOut(path, { customer: buyer, billing_address: incomplete }), 400, {
        status: 400,
        source: `data.billing_address.${member}`,
        title: "required",
        detail: `data.billing_address.${member} is required`,
      });
    },
  );

  test("takes a region or a county, and refuses an address with neither", async () => {
    const { path } = await aCart();
    const { region, county, ...place } = address;
    expect((await checkOut(path, { customer: buyer, billing_address: { ...place, region } })).status).toBe(
      201,
    );
    expect((await checkOut(path, { customer: buyer, billing_address: { ...place, county } })).status).toBe(
      201,
    );
    const { status, body } = await checkOut(path, { customer: buyer, billing_address: place });
    expect([status, body.errors[0].source]).toEqual([400, "data.billing_address.region"]);
  });

  test("of an empty cart, one that is not there, a preview, in another currency", async () => {
    const empty = newReference();
    await wire.ask("GET", `/v2/carts/${empty}`);
    expectError(await checkOut(`/v2/carts/${empty}`), 400, problem(400, "Bad Request", "Cart is empty"));
    const unknown = newReference();
    expectError(
      await checkOut(`/v2/carts/${unknown}`),
      404,
      problem(404, "Not Found", "Cart not found", { cart_id: unknown }),
    );
    const { path } = await aCart();
    const { status, body } = await checkOut(path, undefined, { "x-moltin-currency": "EUR" });
    expect([status, body.errors[0].title]).toEqual([400, "Cart Currency Mismatch"]);
    await wire.ask("PUT", path, { data: { snapshot_date: "2099-01-01T00:00:00Z" } });
    const preview = problem(400, "Bad Request", "A preview cart cannot be checked out");
    expectError(await checkOut(path), 400, preview);
  });
});

describe("a cart", () => {
  test("in one currency, and nothing in another", async () => {
    const { path } = await aCart({ price: [{ amount: 1, currency: "USD", includes_tax: true }] });
    const euro = [{ amount: 1, currency: "EUR", includes_tax: true }];
    const other = await newProduct(wire, { price: euro });
    const item = { type: "cart_item", id: other.id, quantity: 1 };
    const mismatch = problem(
      400,
      "Cart Currency Mismatch",
      "This cart uses USD, cannot add item with currency EUR",
    );
    expectError(await addTo(path, item, { "x-moltin-currency": "EUR" }), 400, mismatch);
    const priceless = problem(400, "Price not found", "The product has no price in USD", {
      id: other.id,
      sku: other.sku,
    });
    expectError(await addTo(path, item), 400, priceless);
  });

  test("that is a customer's last, or another's", async () => {
    const [ada, eve] = [await signedInCustomer(wire), await signedInCustomer(wire)];
    const headers = { "x-moltin-customer-token": ada.token };
    const { body } = await wire.ask(
      "POST",
      "/v2/carts",
      { data: { name: "Hers" } },
      { ...asShopper, headers },
    );
    const cart = `/v2/carts/${body.data.id}`;
    const lastCart = problem(
      400,
      "Last cart",
      "This is the last cart associated with a customer and it cannot be deleted, try disassociating instead",
    );
    expectError(await wire.ask("DELETE", cart, undefined, { ...asShopper, headers }), 400, lastCart);
    const hers = { ...asShopper, headers: { "x-moltin-customer-token": eve.token } };
    const forbidden = "Customer does not have the required permissions to fulfill this request";
    expectError(await wire.ask("GET", cart, undefined, hers), 403, problem(403, "Forbidden", forbidden));
  });

  test("given to two, to nobody's kind, in no list, or by somebody else", async () => {
    const [ada, eve] = [await signedInCustomer(wire), await signedInCustomer(wire)];
    const acme = await signedInAccount(wire);
    for (const [kind, one, two] of [
      ["customer", ada.id, eve.id],
      ["account", acme.id, "somebody"],
    ] as const) {
      const path = `/v2/carts/${newReference()}/relationships/${kind}s`;
      const give = (data: unknown, options?: object) => wire.ask("POST", path, { data }, options);
      const twice = problem(403, "Forbidden", `Cannot associate more than one ${kind}`);
      expectError(await give([one, two].map((id) => ({ type: kind, id }))), 403, twice);
      expect((await give([{ type: kind, id: one }])).body.data).toEqual([{ type: kind, id: one }]);
      expect((await give([{ type: kind, id: one }])).status).toBe(204);
      expectError(
        await give({ type: kind, id: one }),
        403,
        problem(403, "Forbidden", "Invalid json payload"),
      );
      const other = problem(400, "Bad Request", `The type does not exist or is not listed as ${kind}`);
      expectError(await give([{ type: "shop", id: one }]), 400, other);
      const words = `${kind === "customer" ? "Customer" : "Account"} does not have the required permissions`;
      const forbidden = problem(403, "Forbidden", `${words} to fulfill this request`);
      expectError(await give([{ type: kind, id: one }], asShopper), 403, forbidden);
    }
    const path = `/v2/carts/${newReference()}/relationships/customers`;
    await wire.ask("POST", path, { data: [{ type: "customer", id: ada.id }] });
    const second = await wire.ask("POST", path, { data: [{ type: "customer", id: eve.id }] });
    expectError(second, 403, problem(403, "Forbidden", "Cannot associate more than one customer"));
  });

  test("with both kinds of discounts", async () => {
    const discount_settings = { custom_discounts_enabled: true, use_rule_promotions: true };
    const both = problem(
      422,
      "Cannot use both discounts together",
      "Only one discount setting can be set to true at a time.",
    );
    expectError(await wire.ask("POST", "/v2/carts", { data: { discount_settings } }), 422, both);
    const put = await wire.ask("PUT", `/v2/carts/${newReference()}`, { data: { discount_settings } });
    expectError(put, 422, both);
  });

  test("with items, products and codes that are not there", async () => {
    const { path, item } = await aCart();
    const missing = problem(404, "Not Found", "Item was not found in the cart", { ids: ["nothing"] });
    expectError(await wire.ask("PUT", `${path}/items/nothing`, { data: { quantity: 1 } }), 404, missing);
    expectError(await wire.ask("DELETE", `${path}/items/nothing`), 404, missing);
    const bulk = {
      data: [
        { id: item, quantity: 2 },
        { id: "nothing", quantity: 1 },
      ],
    };
    expectError(await wire.ask("PUT", `${path}/items`, bulk), 404, missing);
    const product = { type: "cart_item", id: "nothing", quantity: 1 };
    const unknown = problem(404, "Product not found", "The requested product could not be found", {
      id: "nothing",
    });
    expectError(await addTo(path, product), 404, unknown);
    const draft = await newProduct(wire, { status: "draft" });
    const hidden = await addTo(path, { ...product, id: draft.id });
    expectError(hidden, 404, { ...unknown, meta: { id: draft.id } });
    const code = { type: "promotion_item", code: "NOPE" };
    const noCode = problem(404, "Not Found", "No promotion could be found with the given code.", {
      code: "NOPE",
    });
    expectError(await addTo(path, code), 404, noCode);
    const onEmpty = await addTo(`/v2/carts/${newReference()}`, code);
    expect(onEmpty.status).toBe(422);
    expect(onEmpty.body.errors[0].detail).toBe(
      "At least one product must be included in your cart to qualify for this offer",
    );
  });

  test("with a price below zero", async () => {
    const { path } = await aCart();
    const item = { type: "custom_item", name: "Off", quantity: 1, price: { amount: -100000 } };
    expectError(await addTo(path, item), 400, {
      status: 400,
      source: "data.price.amount",
      title: "number_gte",
      detail: "Must be greater than or equal to 0",
      meta: { value: -100000 },
    });
  });

  test("with too many taxes, taxes of another kind, none to take away", async () => {
    const { path, item } = await aCart();
    const none = problem(404, "Resource Not Found", "No tax items exist in the cart");
    expectError(await wire.ask("DELETE", `${path}/taxes`), 404, none);
    const vat = { type: "tax_item", rate: 0.01 };
    const taxes = `${path}/items/${item}/taxes`;
    for (let count = 0; count < 5; count += 1) await wire.ask("POST", taxes, { data: vat });
    const limit = problem(
      422,
      "Tax item not added to cart item.",
      "Cannot exceed tax item limit of (5) on cart item.",
      { id: item },
    );
    expectError(await wire.ask("POST", taxes, { data: vat }), 422, limit);
    const entry = (type: string) => ({ ...vat, relationships: { item: { data: { type, id: item } } } });
    const options = { add_all_or_nothing: true };
    const all = await wire.ask("POST", `${path}/taxes`, { data: [entry("cart_item")], options });
    expect([all.status, all.body.errors[0]]).toEqual([
      422,
      problem(
        422,
        "Add all or nothing.",
        "Add all or nothing set to (true). Could not bulk add tax items to cart.",
      ),
    ]);
    const mismatch = problem(
      404,
      "Tax item not added to cart item.",
      "Mismatch between bulk tax item type(custom_item) and cart item type(cart_item).",
      { id: item },
    );
    expectError(await wire.ask("POST", `${path}/taxes`, { data: [entry("custom_item")] }), 404, mismatch);
  });
});

describe("an order", () => {
  test("that is not there, or of somebody else", async () => {
    const missing = problem(404, "Not Found", "Order not found", { order_id: "nothing" });
    expectError(await wire.ask("GET", "/v2/orders/nothing"), 404, missing);
  });

  test("that cannot be shipped, cancelled, moved or anonymized", async () => {
    const order = await placedOrder(wire);
    const put = (members: object) => wire.ask("PUT", order.path, { data: { type: "order", ...members } });
    const bad = (detail: string) => problem(400, "Bad Request", detail);
    const unpaid = bad("Cannot fulfill order because payment status is unpaid");
    expectError(await put({ shipping: "fulfilled" }), 400, unpaid);
    const anonymize = await wire.ask("POST", "/v2/orders/anonymize", { data: { order_ids: [order.id] } });
    expectError(
      anonymize,
      422,
      problem(
        422,
        "Could not anonymize orders",
        "Order has status: order:incomplete, payment:unpaid, shipping:unfulfilled; only fulfilled or refunded or cancelled orders may be anonymized",
        { order_id: order.id },
      ),
    );
    await paid(wire, order, "purchase");
    await put({ shipping: "fulfilled" });
    const shipped = bad("Cannot cancel order because shipping status is fulfilled");
    expectError(await put({ status: "cancelled" }), 400, shipped);
    const moved = bad("Cannot update order shipping address because shipping status is fulfilled");
    expectError(await put({ shipping_address: { line_1: "9 New Road" } }), 400, moved);
  });

  test("that was captured by hand and cannot be refunded by the gateway", async () => {
    const order = await placedOrder(wire);
    const transaction = `${order.path}/transactions/${await paid(wire, order, "authorize")}`;
    const captured = await wire.ask("POST", `${transaction}/capture`, {
      data: { capture_mechanism: "manual" },
    });
    expect(captured.body.data).toMatchObject({ capture_mechanism: "manual", status: "complete" });
    const refund = await wire.ask("POST", `${transaction}/refund`, { data: { amount: 100 } });
    const refusal = "Unable to automatically refund a manually capture transaction ";
    expectError(refund, 400, problem(400, "Error while refunding", refusal));
    expect((await wire.ask("POST", `${transaction}/refund`)).body.data.refund_mechanism).toBe("manual");
  });
});
