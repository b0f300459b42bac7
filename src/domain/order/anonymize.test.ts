import { expect, test } from "vitest";
import { anonymizeOrder } from "./anonymize.ts";
import type { Order, OrderLine } from "./order.ts";

const NOW = "2026-02-01T00:00:00.000Z";
const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
  phone_number: "555",
};

const line: OrderLine = {
  id: "l1",
  cartItemId: "i1",
  kind: "custom",
  name: "Engraving",
  sku: "engraving",
  description: "",
  quantity: 1,
  includesTax: true,
  manageStock: false,
  customInputs: { text: "To Ada" },
  fields: { "gift-note": "Dear Ada" },
  taxes: [],
  price: {
    id: "i1",
    unitAmount: 100,
    value: 100,
    discount: 0,
    withoutDiscount: 100,
    withoutTax: 100,
    tax: 0,
    withTax: 100,
    taxes: [],
    discounts: [],
  },
};

const cancelled: Order = {
  id: "o1",
  version: 3,
  cartId: "c1",
  currency: "USD",
  buyer: { id: "ada", name: "Ada Byron", email: "ada@example.com" },
  billingAddress: address,
  shippingAddress: address,
  lines: [line],
  totals: {
    withTax: 100,
    withoutTax: 100,
    tax: 0,
    discount: 0,
    withoutDiscount: 100,
    shipping: 0,
    shippingDiscount: 0,
  },
  customAttributes: {},
  fields: { consignee: "Ada Byron" },
  anonymized: false,
  payments: [],
  stock: { state: "none", held: [] },
  cancelledAt: "2026-01-02T00:00:00.000Z",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
};

test("nothing of the person is left, and everything of the money", () => {
  const done = anonymizeOrder(cancelled, NOW);
  if (!done.ok) throw new Error(done.error.type);
  const { state } = done.value;
  const text = JSON.stringify(state);
  for (const word of ["Ada", "Byron", "ada@", "Long Lane", "90210", "555"]) expect(text).not.toContain(word);
  expect(state).toMatchObject({ anonymized: true, totals: cancelled.totals, updatedAt: NOW });
  expect(state.lines[0]).toMatchObject({ name: "Engraving", price: line.price });
});

test("an order that may still be shipped or paid keeps its person", () => {
  const { cancelledAt: _, ...open } = cancelled;
  expect(anonymizeOrder(open, NOW)).toMatchObject({
    ok: false,
    error: { type: "order_not_final", status: "incomplete", payment: "unpaid", shipping: "unfulfilled" },
  });
});

test("twice is as good as once", () => {
  const once = anonymizeOrder(cancelled, NOW);
  if (!once.ok) throw new Error(once.error.type);
  const twice = anonymizeOrder(once.value.state, NOW);
  expect(twice).toEqual({ ok: true, value: { state: once.value.state, events: [] } });
});
