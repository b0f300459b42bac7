import { describe, expect, test } from "vitest";
import { aProduct } from "../../../test/storage/a-product.ts";
import { MAX_AMOUNT } from "../money.ts";
import { priceCart } from "../pricing/price-cart.ts";
import type { Result } from "../result.ts";
import { MAX_SHIPPING_GROUPS, shippingDiscount, shippingTotal } from "../shipping/shipping-group.ts";
import { addCustomItem, addProductItem } from "./add-item.ts";
import { type Cart, type CartRules, newCart } from "./cart.ts";
import { priceableCart } from "./priceable.ts";
import type { CartRefusal } from "./refusals.ts";
import {
  addShippingGroup,
  type NewShippingGroup,
  removeShippingGroup,
  updateShippingGroup,
} from "./shipping-groups.ts";
import { removeAllItems, removeItem, updateItem } from "./update-item.ts";

const T1 = "2026-01-01T00:00:00.000Z";
const T2 = "2026-01-02T00:00:00.000Z";
const rules: CartRules = {
  expiryDays: 7,
  maxItems: 100,
  maxTaxesPerItem: 5,
  customDiscountsEnabled: false,
  useRulePromotions: false,
  deferInventoryCheck: false,
  separateItemsByLocation: false,
};

function must(decided: Result<Cart, CartRefusal>): Cart {
  if (!decided.ok) throw new Error(decided.error.type);
  return decided.value;
}

const item = { sku: "", description: "", quantity: 1, unitAmount: 1000, includesTax: false, currency: "USD" };
const line = (itemId: string, shippingGroupId?: string) => ({
  ...item,
  itemId,
  name: itemId,
  ...(shippingGroupId && { shippingGroupId }),
});
const withLine = (cart: Cart, itemId: string, groupId?: string): Cart =>
  must(addCustomItem(cart, line(itemId, groupId), rules, T1));
const price = { base: 500, tax: 100, fees: 50, discount: 0 };
const group = (id: string, members: Partial<NewShippingGroup> = {}): NewShippingGroup => ({
  id,
  currency: "USD",
  price,
  ...members,
});
const add = (cart: Cart, one: NewShippingGroup) => addShippingGroup(cart, one, rules, T1);
const shippingOf = (cart: Cart): number => {
  const priced = priceCart(priceableCart(cart, "line"));
  if (!priced.ok) throw new Error(priced.error.type);
  return priced.value.totals.shipping;
};
const refused = (type: CartRefusal["type"], more: object = {}) => ({ ok: false, error: { type, ...more } });
const mismatch = (currency: string) =>
  refused("cart_currency_mismatch", { cartCurrency: "USD", currency, what: "shipping group" });

const empty = newCart("cart", rules, T1);
const grouped = must(add(must(add(empty, group("g"))), group("h", { price: { ...price, discount: -200 } })));

describe("C6 shipping groups of a cart", () => {
  test("cost something when a line names them, and once however many do", () => {
    expect(shippingOf(withLine(grouped, "a"))).toBe(0);
    const one = withLine(withLine(grouped, "a", "g"), "b", "g");
    expect(shippingOf(one)).toBe(650);
    expect(shippingOf(withLine(one, "c", "h"))).toBe(1300);
  });

  test("cost what their lines' presence says: moving, leaving and emptying are followed at once", () => {
    const cart = withLine(withLine(grouped, "a", "g"), "b", "h");
    const moved = must(updateItem(cart, { itemId: "b", shippingGroupId: "g" }, undefined, rules, T2));
    expect(shippingOf(moved)).toBe(650);
    const left = must(updateItem(moved, { itemId: "a", shippingGroupId: null }, undefined, rules, T2));
    expect(left.items[0]).not.toHaveProperty("shippingGroupId");
    expect(shippingOf(left)).toBe(650);
    expect(shippingOf(must(removeItem(left, "b", rules, T2)))).toBe(0);
    expect(shippingOf(removeAllItems(cart, rules, T2))).toBe(0);
    const changed = must(updateItem(cart, { itemId: "a", quantity: 2 }, undefined, rules, T2));
    expect(changed.items[0]?.shippingGroupId).toBe("g");
  });

  test("keep a product's line when more of it is added", () => {
    const product = aProduct({ id: "mug", prices: [{ currency: "USD", amount: 100, includesTax: false }] });
    const wanted = { product, available: undefined, itemId: "p", quantity: 1, currency: "USD" };
    const first = must(addProductItem(grouped, { ...wanted, shippingGroupId: "g" }, rules, T1));
    const second = must(addProductItem(first, { ...wanted, itemId: "q" }, rules, T1));
    expect(second.items).toMatchObject([{ quantity: 2, shippingGroupId: "g" }]);
    const third = must(addProductItem(second, { ...wanted, shippingGroupId: "h" }, rules, T1));
    expect(third.items).toMatchObject([{ quantity: 3, shippingGroupId: "h" }]);
  });

  test("of other carts are no line's", () => {
    const unknown = refused("item_shipping_group_not_found", { cartId: "cart", groupId: "z" });
    expect(addCustomItem(grouped, line("a", "z"), rules, T1)).toEqual(unknown);
    const cart = withLine(grouped, "a", "g");
    const change = { itemId: "a", quantity: 2, shippingGroupId: "z" };
    expect(updateItem(cart, change, undefined, rules, T2)).toEqual(unknown);
  });

  test("are in the cart's currency, whichever was there first", () => {
    const cart = withLine(empty, "a");
    expect(add(cart, group("e", { currency: "EUR" }))).toEqual(mismatch("EUR"));
    const euro = must(add(empty, group("e", { currency: "EUR" })));
    expect(addCustomItem(euro, line("a", "e"), rules, T1)).toEqual(mismatch("EUR"));
    const later = withLine(euro, "a");
    const attach = { itemId: "a", shippingGroupId: "e" };
    expect(updateItem(later, attach, undefined, rules, T2)).toEqual(mismatch("EUR"));
    expect(updateShippingGroup(later, "e", { price, currency: "EUR" }, rules, T2)).toEqual(mismatch("EUR"));
    const repriced = must(updateShippingGroup(later, "e", { price }, rules, T2));
    expect(shippingOf(must(updateItem(repriced, attach, undefined, rules, T2)))).toBe(650);
  });

  test("are changed by what is given, and keep the rest", () => {
    const estimate = { start: "2026-01-02T00:00:00Z", end: "2026-01-03T00:00:00Z" };
    const cart = must(add(empty, group("g", { shippingType: "slow", deliveryEstimate: estimate })));
    const changed = must(updateShippingGroup(cart, "g", { trackingReference: "T" }, rules, T2));
    expect(changed.shippingGroups).toEqual([
      {
        id: "g",
        currency: "USD",
        price,
        shippingType: "slow",
        trackingReference: "T",
        deliveryEstimate: estimate,
        createdAt: T1,
        updatedAt: T2,
      },
    ]);
    const unknown = refused("shipping_group_not_found", { cartId: "cart", groupId: "z" });
    expect(updateShippingGroup(cart, "z", {}, rules, T2)).toEqual(unknown);
    expect(removeShippingGroup(cart, "z", rules, T2)).toEqual(unknown);
  });

  test("do not end before they start", () => {
    const reversed = { deliveryEstimate: { start: "2026-01-03T00:00:00Z", end: "2026-01-02T23:00:00Z" } };
    expect(add(empty, group("g", reversed))).toEqual(refused("delivery_dates_reversed"));
    expect(updateShippingGroup(grouped, "g", reversed, rules, T2)).toEqual(
      refused("delivery_dates_reversed"),
    );
    const sameMoment = { start: "2026-01-03T00:00:00Z", end: "2026-01-03T01:00:00+01:00" };
    expect(add(empty, group("g", { deliveryEstimate: sameMoment }))).toMatchObject({ ok: true });
  });

  test("stay while a line names them", () => {
    const cart = withLine(grouped, "a", "g");
    expect(removeShippingGroup(cart, "g", rules, T2)).toEqual(
      refused("shipping_group_attached", { groupId: "g", itemIds: ["a"] }),
    );
    const left = must(removeShippingGroup(cart, "h", rules, T2));
    expect(left.shippingGroups?.map(({ id }) => id)).toEqual(["g"]);
    const none = must(removeShippingGroup(must(removeItem(left, "a", rules, T2)), "g", rules, T2));
    expect(none).not.toHaveProperty("shippingGroups");
  });

  test("are bounded in number and price", () => {
    let cart = empty;
    for (let count = 0; count < MAX_SHIPPING_GROUPS; count += 1) cart = must(add(cart, group(`g${count}`)));
    expect(add(cart, group("more"))).toEqual(
      refused("shipping_group_limit_reached", { limit: MAX_SHIPPING_GROUPS }),
    );
    const dear = group("g", { price: { base: MAX_AMOUNT, tax: 1, fees: 0, discount: 0 } });
    expect(add(empty, dear)).toMatchObject(refused("amount_too_large"));
  });
});

test("G4 a discount takes no more than the base, and what is left is fees and tax", () => {
  expect(shippingDiscount({ ...price, discount: -9999 })).toBe(-500);
  expect(shippingDiscount({ ...price, base: 0, discount: -1 })).toBe(0);
  expect(shippingTotal(price)).toBe(650);
  const cart = withLine(must(add(empty, group("g", { price: { ...price, discount: -9999 } }))), "a", "g");
  const priced = priceCart(priceableCart(cart, "line"));
  expect(priced).toMatchObject({
    ok: true,
    value: { totals: { shipping: 650, shippingDiscount: -500, tax: 100, withTax: 1150 } },
  });
});
