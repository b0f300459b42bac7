import { describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import {
  address,
  buyer,
  newProduct,
  rejection,
  type Sdk,
  type SdkName,
  sdkNames,
  useWire,
} from "./harness.ts";
import { signedInAccount, signedInCustomer } from "./shoppers.ts";

const wire = useWire();

const clients = (name: SdkName): { shop: Sdk; shopper: Sdk } => ({
  shop: wire.sdk(name, "shop"),
  shopper: wire.sdk(name, "shopper"),
});

/** A cart with two pieces of a product, at 1000 each, of which there are ten. */
async function filledCart(shopper: Sdk) {
  const product = await newProduct(wire, { stock: 10 });
  const cart = shopper.Cart(newReference());
  await cart.AddProduct(product.id, 2);
  return { cart, product };
}

async function placed(shopper: Sdk): Promise<{ id: string; productId: string }> {
  const { cart, product } = await filledCart(shopper);
  const { data } = await cart.Checkout(buyer, address);
  return { id: data.id, productId: product.id };
}

describe.each(sdkNames)("checkout with %s", (name) => {
  test("Checkout({ name, email }): an unpaid order with its items", async () => {
    const { shopper } = clients(name);
    const { cart, product } = await filledCart(shopper);
    const elsewhere = {
      ...address,
      line_1: "2 Short Lane",
      phone_number: "+1 555",
      instructions: "Ring twice",
    };
    const { data, included } = await cart.Checkout(buyer, address, elsewhere);
    expect(data).toMatchObject({
      type: "order",
      status: "incomplete",
      payment: "unpaid",
      shipping: "unfulfilled",
      customer: buyer,
      billing_address: { line_1: "1 Long Lane" },
      shipping_address: elsewhere,
      links: {},
    });
    expect(data.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(data.billing_address).not.toHaveProperty("phone_number");
    expect(included.items).toMatchObject([
      { type: "order_item", product_id: product.id, sku: product.sku, quantity: 2, value: { amount: 2000 } },
    ]);
    expect(data.relationships.items.data).toEqual([{ type: "item", id: included.items[0].id }]);
    const [line] = (await cart.Items()).data;
    expect(included.items[0].relationships.cart_item.data).toEqual({ type: "cart_item", id: line.id });
    const again = await cart.Checkout(buyer, address);
    expect(again.data.id).not.toBe(data.id);
  });

  test("Checkout('id') and with a customer's token: an order of that customer", async () => {
    const { shop, shopper } = clients(name);
    const ada = await signedInCustomer(wire);
    const { cart } = await filledCart(shopper);
    const { data } = await cart.Checkout(ada.id, address);
    expect(data).toMatchObject({
      customer: { id: ada.id, name: "Ada", email: ada.email },
      relationships: { customer: { data: { type: "customer", id: ada.id } } },
    });
    const token = { "X-MOLTIN-CUSTOMER-TOKEN": ada.token };
    const second = (await cart.Checkout(buyer, address, address, token)).data;
    const mine = await shopper.Orders.All(ada.token);
    expect(mine.data.map((order: { id: string }) => order.id)).toEqual([second.id, data.id]);
    expect((await shopper.Orders.Get(data.id, ada.token)).data.id).toBe(data.id);
    const eve = await signedInCustomer(wire);
    expect((await rejection(shopper.Orders.Get(data.id, eve.token))).errors).toMatchObject([{ status: 404 }]);
    expect((await rejection(shopper.Orders.All())).errors).toMatchObject([{ status: 403 }]);
    expect((await rejection(shopper.Cart(cart.cartId).Checkout("nobody", address))).errors).toMatchObject([
      { status: 404, detail: "customer not found" },
    ]);
    await shop.Customers.Delete(eve.id);
  });

  test("CheckoutWithAccountManagementToken: an order of the account, with its contact", async () => {
    const { shopper } = clients(name);
    const acme = await signedInAccount(wire);
    const { cart } = await filledCart(shopper);
    const { data } = await cart.CheckoutWithAccountManagementToken(buyer, address, address, acme.token);
    expect(data).toMatchObject({
      contact: buyer,
      relationships: {
        account: { data: { type: "account", id: acme.id } },
        account_member: { data: { type: "account_member", id: acme.memberId } },
      },
    });
    expect(data).not.toHaveProperty("customer");
    const headers = { "EP-Account-Management-Authentication-Token": acme.token };
    const orders = wire.sdk(name, "shopper", { headers }).Orders;
    expect((await orders.All()).data).toMatchObject([{ id: data.id }]);
  });
});

describe.each(sdkNames)("orders with %s", (name) => {
  test("All, Filter, Sort, Limit, With, Get, Items", async () => {
    const { shop, shopper } = clients(name);
    const orders = [await placed(shopper), await placed(shopper), await placed(shopper)];
    const ids = orders.map(({ id }) => id);
    await shop.Orders.Payment(ids[1], { gateway: "manual", method: "purchase" });
    const newest = await shop.Orders.Limit(3).All();
    expect(newest.data.map(({ id }: { id: string }) => id)).toEqual([...ids].reverse());
    const some = await wire
      .sdk(name, "shop")
      .Orders.With("items")
      .Filter({ eq: { payment: "paid", product_id: orders[1]?.productId } })
      .Sort("-created_at")
      .Limit(5)
      .All();
    expect(some.data).toMatchObject([{ id: ids[1], payment: "paid" }]);
    expect(some.included.items).toMatchObject([{ type: "order_item", product_id: orders[1]?.productId }]);
    const one = await shop.Orders.With(["items", "custom_discounts"]).Get(ids[0]);
    expect(one.data.id).toBe(ids[0]);
    expect(one.included.items).toHaveLength(1);
    expect((await shop.Orders.Items(ids[0])).data).toMatchObject([{ type: "order_item", quantity: 2 }]);
    expect((await rejection(shop.Orders.Get("nothing"))).errors).toMatchObject([
      { status: 404, title: "Not Found", detail: "Order not found" },
    ]);
  });

  test("Update: address, numbers, cancelled, fulfilled; anonymize", async () => {
    const { shop, shopper } = clients(name);
    const { id } = await placed(shopper);
    const moved = await shop.Orders.Update(id, { shipping_address: { line_1: "9 New Road" } });
    expect(moved.data.shipping_address).toMatchObject({ ...address, line_1: "9 New Road" });
    const numbered = await shop.Orders.Update(id, { order_number: "N-1", external_ref: "ext" });
    expect(numbered.data).toMatchObject({ order_number: "N-1", external_ref: "ext" });
    const cleared = await shop.Orders.Update(id, { order_number: "", external_ref: "" });
    expect(cleared.data).not.toHaveProperty("order_number");
    expect(cleared.data).not.toHaveProperty("external_ref");
    const early = await rejection(shop.Orders.Update(id, { shipping: "fulfilled" }));
    expect(early.errors).toMatchObject([{ status: 400 }]);
    expect((await shop.Orders.Update(id, { status: "cancelled" })).data).toMatchObject({
      status: "cancelled",
    });
    const { data } = await shop.Orders.anonymize({ order_ids: [id] });
    expect(data).toMatchObject([
      { id, anonymized: true, customer: { name: "*", email: "*" }, billing_address: { line_1: "*" } },
    ]);
    const second = await placed(shopper);
    await shop.Orders.Payment(second.id, { gateway: "manual", method: "purchase" });
    const sent = await shop.Orders.Update(second.id, { shipping: "fulfilled" });
    expect(sent.data).toMatchObject({ status: "complete", payment: "paid", shipping: "fulfilled" });
    const refused = await rejection(shopper.Orders.Update(second.id, { status: "cancelled" }));
    expect(refused.errors).toMatchObject([{ status: 403 }]);
  });

  test("Payment (authorize), Transactions.All, Get, Capture, Refund in parts and the rest", async () => {
    const { shop, shopper } = clients(name);
    const { id: order } = await placed(shopper);
    const { data } = await shopper.Orders.Payment(order, { gateway: "manual", method: "authorize" });
    expect(data).toMatchObject({
      type: "transaction",
      gateway: "manual",
      reference: "manual",
      transaction_type: "authorize",
      status: "complete",
      amount: 2000,
      currency: "USD",
      relationships: { order: { data: { type: "order", id: order } } },
    });
    expect(data).not.toHaveProperty("transaction-type");
    const transaction = data.id;
    expect((await shop.Transactions.All({ order })).data).toMatchObject([{ id: transaction }]);
    const deprecated = shop.Orders as unknown as { Transactions(id: string): Promise<{ data: unknown }> };
    expect((await deprecated.Transactions(order)).data).toMatchObject([{ id: transaction }]);
    expect((await shop.Transactions.Get({ order, transaction })).data.id).toBe(transaction);
    const captured = await shop.Transactions.Capture({ order, transaction });
    expect(captured.data).toMatchObject({ id: transaction, transaction_type: "capture", status: "complete" });
    const paid = (await shop.Orders.Get(order)).data;
    expect(paid).toMatchObject({ status: "complete", payment: "paid" });
    expect(paid.meta.timestamps.fully_paid_at).toBeDefined();
    const part = await shop.Transactions.Refund({ order, transaction }, { amount: 500 });
    expect(part.data).toMatchObject({ transaction_type: "refund", status: "complete", refunded_amount: 500 });
    expect(part.data.meta.display_refunded_amount.total.formatted).toBe("$5.00");
    const rest = await shop.Transactions.Refund({ order, transaction });
    expect(rest.data).toMatchObject({ amount: 2000, refunded_amount: 2000, refund_mechanism: "manual" });
    expect((await shop.Orders.Get(order)).data.payment).toBe("refunded");
    const by = await rejection(shopper.Transactions.Capture({ order, transaction }));
    expect(by.errors).toMatchObject([{ status: 403 }]);
  });

  test("Payment in parts: partially_* and balance_owing; Transactions.Cancel", async () => {
    const { shop, shopper } = clients(name);
    const { id: order } = await placed(shopper);
    const pay = async (method: string, amount?: number) =>
      (await shopper.Orders.Payment(order, { gateway: "manual", method, ...(amount && { amount }) })).data.id;
    const state = async () => {
      const { data } = await shop.Orders.Get(order);
      const { balance_owing, paid, authorized } = data.meta.display_price;
      return [data.status, data.payment, balance_owing.amount, paid.amount, authorized.amount];
    };
    const first = await pay("authorize", 500);
    expect(await state()).toEqual(["processing", "partially_authorized", 1500, 0, 500]);
    await shop.Transactions.Cancel({ order, transaction: first }, { reason: "duplicate" });
    expect(await state()).toEqual(["incomplete", "unpaid", 2000, 0, 0]);
    const second = await pay("authorize", 1200);
    await pay("purchase", 300);
    expect(await state()).toEqual(["processing", "partially_paid", 500, 300, 1200]);
    await pay("purchase");
    expect(await state()).toEqual(["processing", "partially_paid", 0, 800, 1200]);
    await shop.Transactions.Capture({ order, transaction: second });
    expect(await state()).toEqual(["complete", "paid", 0, 2000, 0]);
    const statuses = (await shop.Transactions.All({ order })).data.map(
      (one: Record<string, unknown>) => `${one.transaction_type} ${one.status}`,
    );
    expect(statuses).toEqual([
      "authorize cancelled",
      "capture complete",
      "purchase complete",
      "purchase complete",
    ]);
  });

  test("Confirm of a settled transaction, a purchase with its own words, an unknown gateway", async () => {
    const { shopper } = clients(name);
    const { id: order } = await placed(shopper);
    const meta = { name: "Cash on delivery", custom_reference: "COD-7" };
    const bought = { gateway: "manual", method: "purchase", paymentmethod_meta: meta };
    const { data } = await shopper.Orders.Payment(order, bought);
    expect(data).toMatchObject({ transaction_type: "purchase", status: "complete", ...meta });
    expect((await shopper.Orders.Confirm(order, data.id, {})).data).toMatchObject({
      id: data.id,
      status: "complete",
    });
    const { id } = await placed(shopper);
    const body = {
      gateway: "braintree",
      method: "purchase",
      payment: "nonce",
      options: { receipt_email: "a@b.co" },
    };
    const { errors } = await rejection(shopper.Orders.Payment(id, body));
    expect(errors[0]).toMatchObject({ title: expect.any(String), detail: expect.any(String) });
    expect([400, 404, 422]).toContain(errors[0]?.status);
  });
});
