import * as oldSdk from "moltin-sdk-3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { address, buyer, newProduct, rejection, type Sdk, useWire } from "./harness.ts";
import { newEmail } from "./shoppers.ts";

// Version 3 of the vendor's SDK, from 2018: shops that were built with it still run.
const wire = useWire();

// Its types do not name all that it exports.
const { gateway, MemoryStorageFactory } = oldSdk as unknown as {
  gateway(options: object): Sdk;
  MemoryStorageFactory: new () => object;
};

const { fetch: plain } = globalThis;
beforeAll(() => {
  // It asks the global fetch, whatever it is given.
  globalThis.fetch = (input, init) =>
    String(input).startsWith(`${wire.engine.url}/v2/`) ? wire.fetch(input, init) : plain(input, init);
});
afterAll(() => {
  globalThis.fetch = plain;
});

function sdk(as: "shop" | "shopper"): Sdk {
  const { url, clientId, clientSecret } = wire.engine;
  const client = gateway({
    client_id: clientId,
    ...(as === "shop" && { client_secret: clientSecret }),
    host: new URL(url).host,
    storage: new MemoryStorageFactory(),
    custom_fetch: wire.fetch,
  });
  // There is no option for it.
  client.config.protocol = "http" as never;
  return client;
}

describe("@moltin/sdk 3", () => {
  test("a purchase: cart, items, checkout, payment, capture, refund", async () => {
    const [shop, shopper] = [sdk("shop"), sdk("shopper")];
    const product = await newProduct(wire, { stock: 5 });
    const cart = shopper.Cart();
    expect((await cart.Get()).data.id).toMatch(/^[0-9a-f]{32}$/);
    const added = await cart.AddProduct(product.id, 2);
    expect(added.data).toMatchObject([{ product_id: product.id, quantity: 2 }]);
    const [item] = (await cart.UpdateItemQuantity(added.data[0].id, 3)).data;
    expect(item.quantity).toBe(3);
    expect(
      (await cart.AddCustomItem({ name: "Fee", sku: "fee", quantity: 1, price: { amount: 100 } })).data,
    ).toHaveLength(2);
    expect((await cart.RemoveItem((await cart.Items()).data[1].id)).data).toHaveLength(1);
    const tax = await shop.Cart(cart.cartId).AddItemTax(item.id, { name: "VAT", rate: 0.1 });
    expect((await cart.Items()).meta.display_price.with_tax.amount).toBe(3300);
    await shop.Cart(cart.cartId).RemoveItemTax(item.id, tax.data.id);
    expect((await rejection(cart.AddPromotion("CODE"))).errors).toMatchObject([{ status: 404 }]);

    const { data, included } = await cart.Checkout(buyer, address);
    expect(data).toMatchObject({ status: "incomplete", payment: "unpaid", customer: buyer });
    expect(included.items).toHaveLength(1);
    const order = data.id;
    const payment = await shopper.Orders.Payment(order, { gateway: "manual", method: "authorize" });
    const transaction = payment.data.id;
    expect((await shop.Transactions.Capture({ order, transaction })).data.status).toBe("complete");
    expect((await shop.Orders.With("items").Get(order)).data).toMatchObject({
      status: "complete",
      payment: "paid",
    });
    expect((await shop.Orders.Items(order)).data).toMatchObject([{ type: "order_item", quantity: 3 }]);
    expect((await shop.Orders.Update(order, { shipping: "fulfilled" })).data.shipping).toBe("fulfilled");
    const refunded = await shop.Transactions.Refund({ order, transaction });
    expect(refunded.data).toMatchObject({ transaction_type: "refund", refunded_amount: 3000 });
    expect((await shop.Transactions.All({ order })).data).toMatchObject([{ id: transaction }]);
    await cart.Delete();
    expect((await cart.Items()).data).toEqual([]);
  });

  test("customers, their tokens, addresses and orders", async () => {
    const [shop, shopper] = [sdk("shop"), sdk("shopper")];
    const email = newEmail();
    const password = "correct horse battery";
    const { data: ada } = await shopper.Customers.Create({ type: "customer", name: "Ada", email, password });
    const { token } = (await shopper.Customers.Token(email, password)).data;
    const addresses = (shopper as unknown as { Addresses: Sdk["CustomerAddresses"] }).Addresses;
    const home = { customer: ada.id, token };
    const saved = await addresses.Create({ ...home, body: { ...address, name: "Home" } });
    expect((await addresses.All(home)).data).toMatchObject([{ id: saved.data.id, type: "address" }]);
    const cart = shopper.Cart(newReference());
    await cart.AddProduct((await newProduct(wire)).id);
    const { data: order } = await cart.Checkout(ada.id, address);
    const mine = await shopper.Orders.All(token);
    expect(mine.data).toMatchObject([{ id: order.id, customer: { id: ada.id } }]);
    await shop.Customers.Delete(ada.id);
  });

  test("products, stock, currencies, gateways, settings", async () => {
    const [shop, shopper] = [sdk("shop"), sdk("shopper")];
    const { id, sku } = await newProduct(wire, { stock: 5 });
    const found = await shopper.Products.With("main_image")
      .Filter({ eq: { sku } })
      .Sort("-name")
      .Limit(5)
      .All();
    expect(found.data).toMatchObject([{ id, sku, meta: { stock: { level: 5, availability: "in-stock" } } }]);
    expect((await shopper.Products.Get(id)).data.sku).toBe(sku);
    expect((await shop.Products.Update(id, { type: "product", name: "New" })).data.name).toBe("New");
    await shop.Inventories.AllocateStock(id, 2);
    expect((await shopper.Inventories.Get(id)).data).toMatchObject({ total: 5, available: 3, allocated: 2 });
    expect((await shop.Inventories.GetTransactions(id)).data).toHaveLength(2);
    expect((await shopper.Currencies.All()).data).toMatchObject([
      { code: "USD", default: true },
      { code: "EUR", default: false },
    ]);
    expect((await shop.Gateways.Enabled("manual", true)).data).toMatchObject({
      slug: "manual",
      enabled: true,
    });
    expect((await shop.Settings.All()).data.type).toBe("settings");
    expect((await rejection(shopper.Gateways.All())).errors).toMatchObject([{ status: 403 }]);
  });

  test("the bearer that it writes with a colon, and the sort that its first releases put in parentheses", async () => {
    const answers = await wire.during(() => sdk("shopper").Products.All());
    expect(answers.at(-1)?.requestHeaders.get("authorization")).toMatch(/^Bearer: /);
    expect(answers.at(-1)?.status).toBe(200);
    const { status, body } = await wire.ask("GET", "/v2/products?sort=(-sku)&page[limit]=100");
    expect(status).toBe(200);
    const skus = body.data.map((product: { sku: string }) => product.sku);
    expect(skus).toEqual([...skus].sort().reverse());
  });
});
