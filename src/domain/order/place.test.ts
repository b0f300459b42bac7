import { describe, expect, test } from "vitest";
import { type Cart, type CartItem, newCart } from "../cart/cart.ts";
import { priceableCart } from "../cart/priceable.ts";
import { attachedGroups } from "../cart/shipping-groups.ts";
import { priceCart } from "../pricing/price-cart.ts";
import { type PlaceOrder, placeOrder } from "./place.ts";
import { orderStatuses } from "./status.ts";

const NOW = "2026-01-02T00:00:00.000Z";
const rules = {
  expiryDays: 7,
  maxItems: 100,
  maxTaxesPerItem: 5,
  customDiscountsEnabled: false,
  useRulePromotions: false,
  deferInventoryCheck: false,
  separateItemsByLocation: false,
};
const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
};

const common = {
  description: "",
  unitAmount: 1000,
  includesTax: false,
  taxes: [{ id: "t", rate: 0.2 }],
  createdAt: NOW,
  updatedAt: NOW,
};
const mug = (id: string, quantity: number, customInputs?: Record<string, unknown>): CartItem => ({
  ...common,
  id,
  kind: "product",
  productId: "mug",
  name: "Mug",
  sku: "MUG",
  slug: "mug",
  manageStock: true,
  quantity,
  ...(customInputs && { customInputs }),
});
const wrapping: CartItem = { ...common, id: "w", kind: "custom", name: "Wrapping", sku: "", quantity: 1 };

const aCart = (items: readonly CartItem[], cart: Partial<Cart> = {}): Cart => ({
  ...newCart("cart", rules, NOW),
  currency: "USD",
  items,
  ...cart,
});

function place(cart: Cart, input: Partial<PlaceOrder> = {}) {
  const priced = priceCart(priceableCart(cart, "line"));
  if (!priced.ok) throw new Error(priced.error.type);
  return placeOrder(
    cart,
    {
      orderId: "o",
      lineIds: cart.items.map((_, index) => `l${index}`),
      shippingGroupIds: attachedGroups(cart).map((_, index) => `g${index}`),
      priced: priced.value,
      available: new Map([["mug", 3]]),
      buyer: { name: "Ada", email: "ada@example.com" },
      billingAddress: address,
      ...input,
    },
    NOW,
  );
}

describe("placing an order", () => {
  test("freezes lines, totals and attributes of the cart", () => {
    const attributes = { channel: { type: "string", value: "web" } } as const;
    const cart = aCart([mug("a", 2, { text: "Ada" }), wrapping], { customAttributes: attributes });
    const placed = place(cart);
    expect(placed).toMatchObject({
      ok: true,
      value: {
        state: {
          id: "o",
          version: 0,
          cartId: "cart",
          currency: "USD",
          customAttributes: attributes,
          payments: [],
          stock: { state: "none", held: [] },
          shippingAddress: address,
          totals: { withoutTax: 3000, tax: 600, withTax: 3600 },
          lines: [
            { id: "l0", cartItemId: "a", productId: "mug", quantity: 2, customInputs: { text: "Ada" } },
            { id: "l1", cartItemId: "w", kind: "custom", manageStock: false },
          ],
        },
        events: [{ type: "order.placed", payload: { orderId: "o", cartId: "cart", total: 3600 } }],
      },
    });
    if (placed.ok) {
      expect(orderStatuses(placed.value.state)).toEqual({
        status: "incomplete",
        payment: "unpaid",
        shipping: "unfulfilled",
      });
      expect(placed.value.state.lines.map(({ price }) => price.withTax)).toEqual([2400, 1200]);
    }
  });

  test("takes a shipping address of its own, numbers and fields", () => {
    const shipping = { ...address, line_1: "2 Short Lane" };
    const given = { shippingAddress: shipping, orderNumber: "N", externalRef: "E", fields: { gift: true } };
    expect(place(aCart([wrapping]), given)).toMatchObject({ ok: true, value: { state: given } });
  });

  test("C6 takes the shipping groups that a line names, each with an id of its own, and what they cost", () => {
    const price = { base: 500, tax: 100, fees: 50, discount: -200 };
    const group = { currency: "USD", price, address, createdAt: "2026-01-01T00:00:00Z", updatedAt: NOW };
    const cart = aCart([{ ...wrapping, shippingGroupId: "g2" }, mug("a", 2)], {
      shippingGroups: [
        { ...group, id: "g1" },
        { ...group, id: "g2", shippingType: "express" },
      ],
    });
    expect(place(cart)).toMatchObject({
      ok: true,
      value: {
        state: {
          lines: [{ shippingGroupId: "g0" }, {}],
          shippingGroups: [{ id: "g0", shippingType: "express", price, address, createdAt: NOW }],
          totals: { withTax: 3600 + 450, shipping: 650, shippingDiscount: -200 },
        },
      },
    });
    const placed = place(cart);
    if (placed.ok) expect(placed.value.state.lines[1]).not.toHaveProperty("shippingGroupId");
  });

  test("takes custom discounts along where they count", () => {
    const discount = {
      id: "d",
      externalId: "e",
      engine: "X",
      amount: -100,
      description: "",
      code: "C",
    };
    const on = { customDiscountsEnabled: true, useRulePromotions: false };
    const cart = aCart([{ ...wrapping, customDiscounts: [discount] }], {
      customDiscounts: [discount],
      discountSettings: on,
    });
    const counted = place(cart);
    expect(counted).toMatchObject({
      ok: true,
      value: {
        state: {
          customDiscounts: [discount],
          lines: [{ customDiscounts: [discount] }],
          totals: { discount: -200, withTax: 960 },
        },
      },
    });
    const off = place({ ...cart, discountSettings: { ...on, customDiscountsEnabled: false } });
    if (!off.ok) throw new Error(off.error.type);
    expect(off.value.state.totals).toMatchObject({ discount: 0, withTax: 1200 });
    expect(off.value.state).not.toHaveProperty("customDiscounts");
    expect(off.value.state.lines[0]).not.toHaveProperty("customDiscounts");
  });

  test("refuses what cannot be ordered", () => {
    const type = (cart: Cart) => {
      const placed = place(cart);
      return placed.ok ? undefined : placed.error.type;
    };
    expect(type(aCart([]))).toBe("cart_empty");
    expect(type(aCart([wrapping], { snapshotDate: "2027-01-01T00:00:00Z" }))).toBe("cart_is_preview");
  });
});

describe("E4 E9 the stock of a whole cart", () => {
  test("is asked for the sum of its lines, and the refusal names the product", () => {
    const two = aCart([mug("a", 2, { text: "Ada" }), mug("b", 2, { text: "Bob" })]);
    expect(place(two)).toEqual({
      ok: false,
      error: { type: "insufficient_stock", productId: "mug", sku: "MUG", name: "Mug" },
    });
    expect(place(two, { available: new Map([["mug", 4]]) })).toMatchObject({ ok: true });
  });

  test("is not asked of what nobody counts, nor of a cart that asks for no promise", () => {
    const many = aCart([mug("a", 99)]);
    expect(place(many, { available: new Map() })).toMatchObject({ ok: true });
    expect(place({ ...many, deferInventoryCheck: true })).toMatchObject({ ok: true });
    expect(place(many)).toMatchObject({ ok: false });
  });
});
