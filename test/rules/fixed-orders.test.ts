import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openShop, type Shop } from "../race/shop.ts";

// What was ordered and what it costs is fixed at checkout: nothing that is done to an order later moves money or stock.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

/** Everything that a merchant may send about an order; what of it is fixed is passed over. */
const edits = [
  { shipping_address: { line_1: "2 Short Lane", postcode: "10001" } },
  { order_number: "A-1", external_ref: "erp-1" },
  { meta: { display_price: { with_tax: { amount: 1 } } }, with_tax: 1, items: [], payment: "unpaid" },
  { relationships: { items: { data: [] } } },
];

test.each(["authorize", "purchase"])(
  "I4 I5 I6 an edit of an order with a payment of kind %s keeps total, money and stock",
  async (method) => {
    const productId = await shop.newProduct(3);
    const orderId = await shop.newOrder([{ productId, quantity: 2 }]);
    await shop.pay(orderId, { method });
    const look = async () => {
      const { status, payment, meta } = await shop.order(orderId);
      const { body } = await shop.ask("GET", `/v2/orders/${orderId}/transactions`);
      return {
        ...{ status, payment, price: meta.display_price, calls: shop.gateway.calls.length },
        ...{ transactions: body.data, movements: await shop.movements(productId) },
      };
    };
    const before = await look();
    for (const edit of edits) {
      const { status } = await shop.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", ...edit } });
      expect(status).toBe(200);
      expect(await look()).toEqual(before);
    }
    expect((await shop.order(orderId)).order_number).toBe("A-1");
  },
);

test("I4 what is put into the cart after the checkout, or taken out of it, is neither owed nor given back", async () => {
  const productId = await shop.newProduct(5);
  const cart = await shop.newCart([{ productId }]);
  const orderId = (await shop.checkOut(cart)).body.data.id as string;
  await shop.pay(orderId);
  const paid = async () => {
    const { payment, meta } = await shop.order(orderId);
    return [payment, meta.display_price.balance_owing.amount, shop.gateway.taken(orderId)];
  };
  const item = { type: "cart_item", id: productId, quantity: 2 };
  const added = await shop.ask("POST", `/v2/carts/${cart}/items`, { data: item });
  expect(added.status).toBe(201);
  expect(await paid()).toEqual(["paid", 0, 1000]);
  expect((await shop.ask("DELETE", `/v2/carts/${cart}/items`)).status).toBeLessThan(300);
  expect(await paid()).toEqual(["paid", 0, 1000]);
});

test("I3 what goes to the gateway is what is shown, discounts and tax included, in charges and in refunds", async () => {
  const productId = await shop.newProduct(10, 2499);
  const cart = await shop.newCart([{ productId, quantity: 3 }]);
  const path = `/v2/carts/${cart}`;
  const settings = { discount_settings: { custom_discounts_enabled: true } };
  await shop.ask("PUT", path, { data: settings });
  const [item] = (await shop.ask("GET", `${path}/items`)).body.data;
  const tax = { type: "tax_item", name: "VAT", jurisdiction: "X", code: "V", rate: 0.19 };
  await shop.ask("POST", `${path}/items/${item.id}/taxes`, { data: tax });
  const discount = { type: "custom_discount", external_id: "E", discount_engine: "X", discount_code: "C" };
  const given = await shop.ask("POST", `${path}/items/${item.id}/custom-discounts`, {
    data: { ...discount, amount: -1000, description: "" },
  });
  expect(given.status).toBe(201);
  const placed = (await shop.checkOut(cart)).body.data;
  // (3 * 24.99 - 10.00) * 1.19 = 77.3143
  expect(placed.meta.display_price.with_tax.amount).toBe(7731);
  const { id } = (await shop.pay(placed.id)).body.data;
  const sent = (type: string) =>
    shop.gateway.ledger
      .filter((entry) => entry.orderId === placed.id && entry.type === type)
      .map(({ amount }) => amount);
  expect(sent("purchase")).toEqual([7731]);
  const first = await shop.transact("refund", placed.id, id, { amount: 2577 });
  expect(first.body.data).toMatchObject({ amount: 7731, refunded_amount: 2577 });
  expect((await shop.transact("refund", placed.id, id, { amount: 5155 })).status).toBe(422);
  const rest = await shop.transact("refund", placed.id, id, { amount: 5154 });
  expect(rest.body.data).toMatchObject({ refunded_amount: 7731 });
  expect(sent("refund")).toEqual([2577, 5154]);
});
