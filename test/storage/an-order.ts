import type { Order } from "../../src/domain/order/order.ts";

const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
};

const nothing = {
  withTax: 0,
  withoutTax: 0,
  tax: 0,
  discount: 0,
  withoutDiscount: 0,
  shipping: 0,
  shippingDiscount: 0,
};

/** An unpaid order over nothing, with defaults for what a test does not care about. */
export function anOrder(order: Partial<Order> & { id: string }): Order {
  return {
    version: 1,
    cartId: "cart",
    currency: "USD",
    buyer: { name: "Ada Byron", email: "ada@example.com" },
    billingAddress: address,
    shippingAddress: address,
    lines: [],
    totals: nothing,
    customAttributes: {},
    anonymized: false,
    payments: [],
    stock: { state: "none", held: [] },
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    ...order,
  };
}
