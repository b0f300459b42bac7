import { describe, expect, test } from "vitest";
import { priceCart } from "../pricing/price-cart.ts";
import type { Result } from "../result.ts";
import { addCustomItem } from "./add-item.ts";
import { type Cart, type CartRules, type CustomDiscount, newCart } from "./cart.ts";
import {
  addCustomDiscount,
  customDiscountsAt,
  type DiscountPlace,
  MAX_CUSTOM_DISCOUNTS,
  removeAllCustomDiscounts,
  removeCustomDiscount,
  updateCustomDiscount,
} from "./custom-discounts.ts";
import { priceableCart } from "./priceable.ts";
import type { CartRefusal } from "./refusals.ts";
import { removeAllItems, removeItem, updateItem } from "./update-item.ts";

const T1 = "2026-01-01T00:00:00.000Z";
const T2 = "2026-01-02T00:00:00.000Z";
const rules: CartRules = {
  expiryDays: 7,
  maxItems: 100,
  maxTaxesPerItem: 5,
  customDiscountsEnabled: true,
  useRulePromotions: false,
  deferInventoryCheck: false,
  separateItemsByLocation: false,
};

function must<Value>(decided: Result<Value, CartRefusal>): Value {
  if (!decided.ok) throw new Error(decided.error.type);
  return decided.value;
}

const item = { sku: "", description: "", quantity: 1, includesTax: false, currency: "USD" };
const withLine = (cart: Cart, itemId: string, unitAmount: number): Cart =>
  must(addCustomItem(cart, { ...item, itemId, name: itemId, unitAmount }, rules, T1));
const empty = newCart("cart", rules, T1);
const cart = withLine(withLine(empty, "a", 1000), "b", 500);

const discount = (id: string, amount: number): CustomDiscount => ({
  id,
  externalId: `external-${id}`,
  engine: "X",
  amount,
  description: "",
  code: id.toUpperCase(),
});
const onCart: DiscountPlace = { itemId: undefined };
const onA: DiscountPlace = { itemId: "a" };
const add = (to: Cart, place: DiscountPlace, one: CustomDiscount) =>
  addCustomDiscount(to, place, one, "line", rules, T2);
function priced(of: Cart, method: "line" | "simple" = "line") {
  const answer = priceCart(priceableCart(of, method));
  if (!answer.ok) throw new Error(answer.error.type);
  return answer.value;
}
const refused = (type: CartRefusal["type"], more: object = {}) => ({ ok: false, error: { type, ...more } });

describe("custom discounts", () => {
  test("G4 come off their line, then off what is left of the cart, in exact shares", () => {
    let discounted = must(add(cart, onA, discount("line", -900)));
    discounted = must(add(discounted, onCart, discount("cart", -100)));
    const { lines, totals } = priced(discounted);
    expect(lines.map((line) => line.discounts)).toEqual([
      [
        { amount: -900, code: "LINE", promotionId: "line", fromCart: false },
        { amount: -17, code: "CART", promotionId: "cart", fromCart: true },
      ],
      [{ amount: -83, code: "CART", promotionId: "cart", fromCart: true }],
    ]);
    expect(totals).toMatchObject({ withoutDiscount: 1500, discount: -1000, withTax: 500 });
  });

  test("G4 never take more than there is", () => {
    const discounted = must(add(must(add(cart, onA, discount("x", -5000))), onCart, discount("y", -5000)));
    expect(priced(discounted).totals).toMatchObject({ discount: -1500, withTax: 0, withoutTax: 0 });
  });

  test("count only in a cart that takes them, and by the method line", () => {
    const discounted = must(add(must(add(cart, onA, discount("x", -10))), onCart, discount("y", -10)));
    expect(priced(discounted, "simple").totals.discount).toBe(0);
    const off = { customDiscountsEnabled: false, useRulePromotions: false };
    expect(priced({ ...discounted, discountSettings: off }).totals.discount).toBe(0);
  });

  test("are refused where they do not count, and in a cart of nothing", () => {
    const off = { ...cart, discountSettings: { customDiscountsEnabled: false, useRulePromotions: false } };
    const one = discount("x", -1);
    expect(add(off, onCart, one)).toEqual(refused("custom_discounts_disabled", { by: "cart" }));
    expect(addCustomDiscount(cart, onA, one, "simple", rules, T2)).toEqual(
      refused("custom_discounts_disabled", { by: "method" }),
    );
    expect(add(empty, onCart, one)).toEqual(refused("cart_empty"));
    expect(add(cart, { itemId: "z" }, one)).toEqual(refused("cart_item_not_found", { itemIds: ["z"] }));
    const kept = { ...must(add(cart, onCart, one)), discountSettings: off.discountSettings };
    expect(updateCustomDiscount(kept, onCart, "x", { amount: -2 }, "line", rules, T2)).toMatchObject(
      refused("custom_discounts_disabled"),
    );
    expect(removeCustomDiscount(kept, onCart, "x", rules, T2)).toMatchObject({ ok: true });
  });

  test("are five on the cart and five on each line", () => {
    let full = cart;
    for (let count = 0; count < MAX_CUSTOM_DISCOUNTS; count += 1) {
      full = must(add(must(add(full, onA, discount(`a${count}`, -1))), onCart, discount(`c${count}`, -1)));
    }
    expect(add(full, onA, discount("sixth", -1))).toEqual(
      refused("custom_discount_limit_reached", { limit: 5, itemId: "a" }),
    );
    expect(add(full, onCart, discount("sixth", -1))).toEqual(
      refused("custom_discount_limit_reached", { limit: 5 }),
    );
    expect(add(full, { itemId: "b" }, discount("other", -1))).toMatchObject({ ok: true });
  });

  test("are changed and taken off where they are", () => {
    const discounted = must(add(must(add(cart, onA, discount("x", -10))), onCart, discount("y", -20)));
    const changed = must(
      updateCustomDiscount(discounted, onA, "x", { amount: -30, code: "N" }, "line", rules, T2),
    );
    expect(customDiscountsAt(changed, onA)).toEqual([{ ...discount("x", -30), code: "N" }]);
    expect(changed.items[0]?.updatedAt).toBe(T2);
    expect(updateCustomDiscount(discounted, onA, "y", {}, "line", rules, T2)).toEqual(
      refused("custom_discount_not_found", { discountId: "y" }),
    );
    expect(removeCustomDiscount(discounted, onCart, "x", rules, T2)).toEqual(
      refused("custom_discount_not_found", { discountId: "x" }),
    );
    const without = must(
      removeCustomDiscount(
        must(removeCustomDiscount(discounted, onA, "x", rules, T2)),
        onCart,
        "y",
        rules,
        T2,
      ),
    );
    expect(without).not.toHaveProperty("customDiscounts");
    expect(without.items[0]).not.toHaveProperty("customDiscounts");
    const cleared = removeAllCustomDiscounts(discounted, rules, T2);
    expect(priced(cleared).totals.discount).toBe(0);
    expect(customDiscountsAt(cleared, onA)).toEqual([]);
  });

  test("stay with a line that changes, go with a line that goes, and go when the cart is emptied", () => {
    const discounted = must(add(must(add(cart, onA, discount("x", -10))), onCart, discount("y", -20)));
    const more = must(updateItem(discounted, { itemId: "a", quantity: 3 }, undefined, rules, T2));
    expect(customDiscountsAt(more, onA)).toHaveLength(1);
    const less = must(removeItem(discounted, "a", rules, T2));
    expect(priced(less).totals.discount).toBe(-20);
    const emptied = removeAllItems(discounted, rules, T2);
    expect(emptied).not.toHaveProperty("customDiscounts");
    const again = must(
      addCustomItem(
        emptied,
        { ...item, itemId: "n", name: "n", unitAmount: 500, currency: "JPY" },
        rules,
        T2,
      ),
    );
    expect(priced(again).totals).toMatchObject({ discount: 0, withTax: 500 });
  });
});
