import { describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { address, buyer, newProduct, rejection, type Sdk, sdkNames, useWire } from "./harness.ts";
import { paid, placedOrder } from "./purchases.ts";
import { newEmail, signedInAccount, signedInCustomer } from "./shoppers.ts";

// What the vendor's SDKs send that no document tells, one test for each surprise. The wire is looked at too, so that a
// new release of an SDK that no longer surprises is noticed.
const wire = useWire();

const last = () => wire.answers.at(-1);

describe.each(sdkNames)("%s sends", (name) => {
  const shop = (): Sdk => wire.sdk(name, "shop");
  const shopper = (): Sdk => wire.sdk(name, "shopper");

  async function cartWithItem(client: Sdk) {
    const product = await newProduct(wire, { stock: 10 });
    const cart = client.Cart(newReference());
    const { data } = await cart.AddProduct(product.id, 1);
    return { cart, product, item: data[0] };
  }

  test("a list wrapped twice, when a bulk call has no options", async () => {
    const { cart, product, item } = await cartWithItem(shop());
    const added = await cart.BulkAdd([{ type: "cart_item", id: product.id, quantity: 2 }]);
    expect(JSON.parse(last()?.requestBody ?? "")).toMatchObject({ data: { data: [{ type: "cart_item" }] } });
    expect(added.data).toMatchObject([{ quantity: 3 }]);
    const relationships = { item: { data: { type: "cart_item", id: item.id } } };
    const { data } = await cart.BulkAddItemTax([{ type: "tax_item", rate: 0.1, relationships }]);
    expect(JSON.parse(last()?.requestBody ?? "")).toMatchObject({ data: { data: [{ rate: 0.1 }] } });
    expect(data).toMatchObject([{ type: "tax_item", rate: 0.1 }]);
  });

  test("a body that is no JSON, `undefined`, when a confirmation has options and no data", async () => {
    const order = await placedOrder(wire);
    const transaction = await paid(wire, order, "purchase");
    const { data } = await shopper().Orders.Confirm(order.id, transaction, { options: { metadata: "x" } });
    expect(last()?.requestBody).toMatch(/"data":\s*undefined/);
    expect(data).toMatchObject({ id: transaction, status: "complete" });
  });

  test("a doubled slash", async () => {
    const { cart, item } = await cartWithItem(wire.sdk(name, "shop"));
    await cart.UpdateCart({ discount_settings: { custom_discounts_enabled: true } });
    const discount = {
      external_id: "e",
      discount_engine: "X",
      amount: -100,
      description: "d",
      discount_code: "c",
    };
    expect((await cart.AddItemCustomDiscount(item.id, discount)).data).toMatchObject({ discount_code: "c" });
    expect(last()?.url).toContain(`/items/${item.id}//custom-discounts`);
    const path = `//v2//carts/${cart.cartId}///items/`;
    expect((await wire.ask("GET", path)).body.data).toHaveLength(1);
  });

  test("an entry without id and quantity, when several items are updated and one is no product", async () => {
    const { cart, item } = await cartWithItem(shopper());
    const { data } = await cart.AddCustomItem({ name: "Fee", quantity: 1, price: { amount: 5 } });
    const changes = [
      { id: item.id, type: "cart_item", quantity: 4 },
      { id: data[1].id, type: "custom_item", quantity: 4, price: { amount: 1 } },
    ];
    const { errors } = await rejection(cart.UpdateItems(changes));
    expect(JSON.parse(last()?.requestBody ?? "").data[1]).not.toHaveProperty("id");
    expect(errors).toMatchObject([
      { status: 404, title: "Not Found", detail: "Item was not found in the cart" },
    ]);
    expect((await cart.Items()).data).toMatchObject([{ quantity: 1 }, { quantity: 1 }]);
  });

  test("the content type of JSON without a body, and empty objects as data", async () => {
    const order = await placedOrder(wire);
    const transaction = await paid(wire, order, "authorize");
    const ids = { order: order.id, transaction };
    await shop().Transactions.All({ order: order.id });
    expect(last()?.requestHeaders.get("content-type")).toBe("application/json");
    await shop().Orders.Confirm(order.id, transaction, {});
    expect(JSON.parse(last()?.requestBody ?? "")).toEqual({ data: {} });
    expect((await shop().Transactions.Capture(ids)).data.transaction_type).toBe("capture");
    expect(last()?.requestBody).toBeUndefined();
    expect(last()?.requestHeaders.get("content-type")).toBe("application/json");
    expect((await shop().Transactions.Refund(ids)).data.refunded_amount).toBe(order.total);
    expect(JSON.parse(last()?.requestBody ?? "")).toEqual({ data: {} });
    await shopper().Cart(newReference()).Delete();
    expect(last()?.requestHeaders.get("content-type")).toBe("application/json");
  });

  test("a body with DELETE", async () => {
    const acme = await signedInAccount(wire);
    const { cart } = await cartWithItem(shopper());
    expect((await cart.AddAccountAssociation(acme.id, acme.token)).data).toEqual([
      { type: "account", id: acme.id },
    ]);
    await cart.RemoveAccountAssociation(acme.id, acme.token);
    expect(last()).toMatchObject({ method: "DELETE", status: 204 });
    expect(JSON.parse(last()?.requestBody ?? "").data).toEqual([{ type: "account", id: acme.id }]);
    expect((await cart.Get()).data.relationships.accounts).toEqual({});
  });

  test("nothing to take a cart from a customer; the request by hand has a body, too", async () => {
    const ada = await signedInCustomer(wire);
    const { cart } = await cartWithItem(shopper());
    await cart.AddCustomerAssociation(ada.id, ada.token);
    const path = `/v2/carts/${cart.cartId}/relationships/customers`;
    const body = { data: [{ type: "customer", id: ada.id }] };
    const headers = { "x-moltin-customer-token": ada.token };
    expect((await wire.ask("DELETE", path, body, { as: "shopper", headers })).status).toBe(204);
    expect((await cart.Get()).data.relationships.customers).toEqual({});
  });

  test("one object to merge or to order again, where others send a list", async () => {
    const { cart, product } = await cartWithItem(shopper());
    const order = await placedOrder(wire);
    const to = wire.sdk(name, "shop").Cart(newReference());
    await to.Merge(cart.cartId);
    expect(JSON.parse(last()?.requestBody ?? "")).toEqual({
      data: { type: "cart_items", cart_id: cart.cartId },
      options: {},
    });
    const path = `/v2/carts/${to.cartId}/items`;
    const lists = [
      [{ type: "cart_items", cart_id: cart.cartId }],
      [{ type: "order_items", order_id: order.id }],
      { type: "order_items", order_id: order.id },
    ];
    for (const data of lists) expect((await wire.ask("POST", path, { data })).status).toBe(201);
    expect((await to.Items()).data).toMatchObject([
      { product_id: product.id, quantity: 2 },
      { product_id: order.productId, quantity: 4 },
    ]);
  });

  test("the query of an earlier list once more, also with a single resource", async () => {
    const { id, sku } = await newProduct(wire);
    const askedTwice = async (again: (client: Sdk) => Promise<unknown>) => {
      const client = shopper();
      await client.Products.Filter({ eq: { sku } }).Limit(1).Sort("name").With("main_image").All();
      await again(client);
      return last()?.url;
    };
    expect(await askedTwice((client) => client.Products.All())).toContain(`filter=eq(sku,${sku})`);
    expect(await askedTwice((client) => client.Products.Get(id))).toContain("include=main_image");
    const repeated = `/v2/products/${id}?include=nothing&filter=eq(nothing,1)&sort=nothing&page[limit]=0`;
    expect((await wire.ask("GET", repeated)).status).toBe(200);
    const asked = `/v2/carts/${newReference()}?include=Items,PROMOTIONS&filter=eq(x,1)`;
    expect((await wire.ask("GET", asked)).status).toBe(200);
  });

  test("includes in lower case, joined by commas; others repeat the parameter", async () => {
    const { cart, product } = await cartWithItem(shop());
    await cart.With(["Items", "TAX_ITEMS"]).Get();
    expect(last()?.url).toMatch(/\?include=items,tax_items$/);
    expect(last()?.body.included.items).toMatchObject([{ product_id: product.id }]);
    const path = `/v2/carts/${cart.cartId}?include=tax_items&include=items`;
    expect((await wire.ask("GET", path)).body.included.items).toHaveLength(1);
  });

  test("a plus in the filter for an e-mail address, bare and encoded", async () => {
    const email = `plus+${newEmail()}`;
    const { id } = await signedInCustomer(wire, email);
    const found = await shop().Customers.Filter({ eq: { email } }).All();
    expect(found.data).toMatchObject([{ id, email }]);
    for (const sent of [email, email.replace("+", "%2B"), encodeURIComponent(email)]) {
      const { body } = await wire.ask("GET", `/v2/customers?filter=eq(email,${sent})`);
      expect(body.data, sent).toMatchObject([{ id }]);
    }
  });

  test("the mechanism with every password", async () => {
    const ada = await signedInCustomer(wire);
    const answer = await shopper().Customers.Token(ada.email, "correct horse battery");
    expect(JSON.parse(last()?.requestBody ?? "").data.authentication_mechanism).toBe("password");
    expect(answer.data.customer_id).toBe(ada.id);
    const oidc = await rejection(shopper().Customers.TokenViaOIDC("code", "uri", "verifier"));
    expect(oidc.errors[0]?.status).toBe(422);
  });

  test("the options of a payment inside its data", async () => {
    const order = await placedOrder(wire);
    const payment = { gateway: "manual", method: "purchase", options: { receipt_email: "a@example.com" } };
    const { data } = await shopper().Orders.Payment(order.id, payment);
    expect(JSON.parse(last()?.requestBody ?? "")).toEqual({ data: payment });
    expect(data.status).toBe("complete");
  });

  test("references of 32 hexadecimal digits for carts", async () => {
    const { data } = await shopper().Cart().Get();
    expect(data.id).toMatch(/^[0-9a-f]{32}$/);
    expect(last()?.url).toBe(`/v2/carts/${data.id}`);
  });

  test("its calls for the shop also without a secret, and is told that it may not", async () => {
    const client = shopper();
    for (const endpoint of [client.Gateways, client.Settings, client.Customers]) {
      const { errors } = await rejection(endpoint.All());
      expect(String(errors[0]?.status)).toBe("403");
    }
  });

  test("and gets integers and RFC 3339 in all that is counted and dated", async () => {
    const { cart } = await cartWithItem(shopper());
    const order = await cart.Checkout(buyer, address);
    const stock = await shop().Inventories.Get(order.included.items[0].product_id);
    for (const [key, value] of membersOf({ order, stock, cart: await cart.Get() })) {
      if (
        ["amount", "quantity", "available", "total", "allocated"].includes(key) &&
        typeof value !== "object"
      ) {
        expect(Number.isInteger(value), key).toBe(true);
      }
      if (key.endsWith("_at")) expect(value, key).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    }
  });
});

function* membersOf(value: unknown): Generator<[key: string, value: unknown]> {
  if (value === null || typeof value !== "object") return;
  for (const [key, member] of Object.entries(value)) {
    yield [key, member];
    yield* membersOf(member);
  }
}
