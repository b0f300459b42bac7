import { beforeAll, describe, expect, test } from "vitest";
import { aShop, type Shop } from "./a-shop.ts";
import { clientNames, medusaClient } from "./clients.ts";
import { useMedusa } from "./harness.ts";

// The vendor's checkout guide, step by step, with its own clients.
const wire = useMedusa();
let shop: Shop;
beforeAll(async () => {
  shop = await aShop(wire, { pieces: 100 });
});

describe.each(clientNames)("the seven steps of the checkout guide with %s", (name) => {
  test("from an empty cart to an order that can be looked up", async () => {
    const medusa = await medusaClient(name, wire, { maxRetries: 3 });
    const created = await medusa.carts.create({ region_id: shop.regionId });
    const id: string = created.cart.id;
    await medusa.carts.lineItems.create(id, { variant_id: shop.variantId, quantity: 2 });

    const address = {
      first_name: "Lebron",
      last_name: "James",
      address_1: "Street 1",
      city: "Berlin",
      postal_code: "10115",
      country_code: "de",
    };
    const email = "Lebron@James.com";
    const updated = await medusa.carts.update(id, { email, shipping_address: address });
    expect(updated.cart).toMatchObject({ email: "lebron@james.com", shipping_address: address });

    const { shipping_options: options } = await medusa.shippingOptions.listCartOptions(id);
    expect(options).toMatchObject([{ id: shop.optionId, amount: 500, price_incl_tax: 600 }]);
    const { cart: shipped } = await medusa.carts.addShippingMethod(id, { option_id: shop.optionId });
    expect(shipped).toMatchObject({ shipping_total: 500, tax_total: 500, total: 3000 });

    const { cart: prepared } = await medusa.carts.createPaymentSessions(id);
    expect(prepared.payment_sessions).toMatchObject([
      { provider_id: "manual", is_initiated: true, amount: 3000, data: { status: "pending" } },
      {
        provider_id: "testpay",
        is_initiated: true,
        amount: 3000,
        data: { client_secret: expect.any(String) },
      },
    ]);
    const { cart: chosen } = await medusa.carts.setPaymentSession(id, { provider_id: "testpay" });
    expect(chosen.payment_session).toMatchObject({ provider_id: "testpay", is_selected: true });
    // What the shopper's browser knows is good for the session that is there.
    expect(chosen.payment_session.data.id).toBe(prepared.payment_sessions[1].data.id);

    const completed = await medusa.carts.complete(id);
    expect(completed).toMatchObject({
      type: "order",
      data: {
        status: "pending",
        payment_status: "awaiting",
        fulfillment_status: "not_fulfilled",
        cart_id: id,
        total: 3000,
        display_id: expect.any(Number),
        items: [{ title: "Main tee", description: "S", quantity: 2, has_shipping: true }],
        payments: [{ provider_id: "testpay", amount: 3000 }],
      },
    });
    const { order } = await medusa.orders.retrieveByCartId(id);
    expect(order).toMatchObject({ id: completed.data.id, email: "lebron@james.com", total: 3000 });
    const { display_id } = completed.data;
    const found = await medusa.orders.lookupOrder({ display_id, email: "lebron@james.com" });
    expect(found.order.id).toBe(order.id);
  });

  test("a shopper who has to do more is told so with a cart, and completes it then", async () => {
    const medusa = await medusaClient(name, wire);
    const items = [{ variant_id: shop.uncountedId, quantity: 1 }];
    const { cart } = await medusa.carts.create({ region_id: shop.regionId, items });
    await medusa.carts.update(cart.id, { email: "more@example.com" });
    await medusa.carts.createPaymentSessions(cart.id);
    const want = (word: string) =>
      medusa.carts.updatePaymentSession(cart.id, "testpay", { data: { want: word } });
    await want("requires_more");
    const waiting = await medusa.carts.complete(cart.id);
    expect(waiting).toMatchObject({
      type: "cart",
      payment_status: "requires_more",
      data: {
        id: cart.id,
        total: 400,
        items: [{ quantity: 1 }],
        payment_session: { status: "requires_more" },
      },
    });
    await expect(medusa.orders.retrieveByCartId(cart.id)).rejects.toMatchObject({
      response: { status: 404 },
    });
    await want("authorized");
    expect((await medusa.carts.complete(cart.id)).type).toBe("order");
  });
});
