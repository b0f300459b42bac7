import fc from "fast-check";
import { expect, test } from "vitest";
import { aProduct } from "../../../test/storage/a-product.ts";
import { priceCart } from "../pricing/price-cart.ts";
import type { Result } from "../result.ts";
import { addCustomItem, addProductItem } from "./add-item.ts";
import { type Cart, type CartRules, type CustomDiscount, newCart, productIdsOf } from "./cart.ts";
import { addCustomDiscount, MAX_CUSTOM_DISCOUNTS, removeAllCustomDiscounts } from "./custom-discounts.ts";
import { priceableCart } from "./priceable.ts";
import type { CartRefusal } from "./refusals.ts";
import { addShippingGroup, removeShippingGroup } from "./shipping-groups.ts";
import { addItemTax, removeAllTaxes } from "./taxes.ts";
import { removeAllItems, removeItem, updateItem } from "./update-item.ts";

const rules: CartRules = {
  expiryDays: 7,
  maxItems: 4,
  maxTaxesPerItem: 2,
  customDiscountsEnabled: true,
  useRulePromotions: false,
  deferInventoryCheck: false,
  separateItemsByLocation: false,
};
const STOCK = 6;
const products = ["a", "b", "c"].map((id) =>
  aProduct({
    id,
    prices: ["USD", "EUR"].map((currency) => ({ currency, amount: 100, includesTax: false })),
  }),
);

const small = fc.integer({ min: 1, max: 4 });
const position = fc.nat({ max: 4 });
const step = fc.oneof(
  fc.record({
    type: fc.constant("add" as const),
    product: fc.nat({ max: 2 }),
    quantity: small,
    text: fc.constantFrom("", "Ada"),
    currency: fc.constantFrom("USD", "USD", "USD", "EUR"),
  }),
  fc.record({ type: fc.constant("custom" as const), sku: fc.constantFrom("", "x", "y"), quantity: small }),
  fc.record({ type: fc.constant("set" as const), position, quantity: fc.nat({ max: 9 }) }),
  fc.record({ type: fc.constant("remove" as const), position }),
  fc.record({ type: fc.constant("tax" as const), position }),
  fc.record({
    type: fc.constant("discount" as const),
    position: fc.option(position, { nil: undefined }),
    amount: fc.integer({ min: -400, max: -1 }),
  }),
  fc.record({
    type: fc.constant("group" as const),
    currency: fc.constantFrom("USD", "EUR"),
    price: fc.nat(50),
  }),
  fc.record({ type: fc.constant("attach" as const), position, group: fc.nat({ max: 3 }) }),
  fc.record({ type: fc.constant("ungroup" as const), group: fc.nat({ max: 3 }) }),
  fc.record({ type: fc.constantFrom("empty" as const, "untax" as const, "undiscount" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function decide(cart: Cart, step: Step, id: string, now: string): Result<Cart, CartRefusal> {
  const line = "position" in step && step.position !== undefined ? cart.items[step.position] : undefined;
  const groupId = ("group" in step && cart.shippingGroups?.[step.group]?.id) || "none";
  const itemId = line?.id ?? "none";
  switch (step.type) {
    case "add": {
      const product = products[step.product] as (typeof products)[number];
      const inputs = step.text === "" ? {} : { customInputs: { text: step.text } };
      const { quantity, currency } = step;
      return addProductItem(
        cart,
        { product, available: STOCK, itemId: id, quantity, currency, ...inputs },
        rules,
        now,
      );
    }
    case "custom": {
      const { sku, quantity } = step;
      const item = { itemId: id, name: "Thing", description: "", unitAmount: 5, includesTax: true };
      return addCustomItem(cart, { ...item, sku, quantity, currency: cart.currency ?? "USD" }, rules, now);
    }
    case "set": {
      const product = products.find((one) => line?.kind === "product" && one.id === line.productId);
      const sellable = product && { product, available: STOCK };
      return updateItem(cart, { itemId, quantity: step.quantity }, sellable, rules, now);
    }
    case "remove":
      return removeItem(cart, itemId, rules, now);
    case "tax":
      return addItemTax(cart, itemId, { id, rate: 0.1 }, rules, now);
    case "discount": {
      const place = { itemId: step.position === undefined ? undefined : itemId };
      const words = { externalId: id, engine: "X", description: "", code: id };
      return addCustomDiscount(cart, place, { id, amount: step.amount, ...words }, "line", rules, now);
    }
    case "undiscount":
      return { ok: true, value: removeAllCustomDiscounts(cart, rules, now) };
    case "group": {
      const price = { base: step.price, tax: 2, fees: 1, discount: -20 };
      return addShippingGroup(cart, { id, currency: step.currency, price }, rules, now);
    }
    case "attach":
      return updateItem(cart, { itemId, shippingGroupId: groupId }, undefined, rules, now);
    case "ungroup":
      return removeShippingGroup(cart, groupId, rules, now);
    case "untax":
      return removeAllTaxes(cart, rules, now);
    case "empty":
      return { ok: true, value: removeAllItems(cart, rules, now) };
  }
}

test("whatever is done to a cart, its lines stay whole", () => {
  const done = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      let cart = newCart("cart", rules, "2026-01-01T00:00:00.000Z");
      for (const [index, step] of steps.entries()) {
        const now = new Date(Date.UTC(2026, 0, 2, 0, 0, index)).toISOString();
        const frozen = JSON.stringify(cart);
        const decided = decide(cart, step, `i${index}`, now);
        // Neither a refusal nor a success touches the cart that it was asked of.
        expect(JSON.stringify(cart)).toBe(frozen);
        if (!decided.ok) continue;
        done.add(step.type);
        cart = decided.value;
        expect(cart.items.length).toBeLessThanOrEqual(rules.maxItems);
        expect(cart.currency === undefined).toBe(cart.items.length === 0);
        expect(new Set(cart.items.map(({ id }) => id)).size).toBe(cart.items.length);
        const lines = cart.items.map((item) =>
          item.kind === "product"
            ? `${item.productId} ${JSON.stringify(item.customInputs)}`
            : `custom ${item.sku || item.id}`,
        );
        expect(new Set(lines).size).toBe(lines.length);
        for (const item of cart.items) {
          expect(item.quantity).toBeGreaterThanOrEqual(1);
          expect(item.taxes.length).toBeLessThanOrEqual(rules.maxTaxesPerItem);
        }
        checkDiscountsAndShipping(cart);
        expect(productIdsOf(cart)).toEqual([...new Set(productIdsOf(cart))].toSorted());
        expect([cart.updatedAt, cart.id, cart.version]).toEqual([now, "cart", 0]);
        expect(Date.parse(cart.expiresAt) - Date.parse(now)).toBe(7 * 86_400_000);
      }
    }),
    { numRuns: 500 },
  );
  const all = "add attach custom discount empty group remove set tax undiscount ungroup untax";
  expect([...done].toSorted()).toEqual(all.split(" "));
});

/** G4 C6: never more off than there is, five at most in each place, and each group that a line names costs once. */
function checkDiscountsAndShipping(cart: Cart): void {
  const wanted = (holder: { readonly customDiscounts?: readonly CustomDiscount[] }): number => {
    const discounts = holder.customDiscounts ?? [];
    expect(discounts.length).toBeLessThanOrEqual(MAX_CUSTOM_DISCOUNTS);
    return discounts.reduce((sum, { amount }) => sum - amount, 0);
  };
  let left = 0;
  const named = new Set<string>();
  for (const item of cart.items) {
    left += Math.max(item.quantity * item.unitAmount - wanted(item), 0);
    if (item.shippingGroupId !== undefined) named.add(item.shippingGroupId);
  }
  if (cart.items.length === 0) expect(cart).not.toHaveProperty("customDiscounts");
  let shipping = 0;
  let off = 0;
  for (const id of named) {
    const group = cart.shippingGroups?.find((one) => one.id === id);
    expect(group?.currency).toBe(cart.currency);
    shipping += (group?.price.base ?? 0) + 3;
    off -= Math.min(group?.price.base ?? 0, 20);
  }
  const priced = priceCart(priceableCart(cart, "line"));
  if (!priced.ok) throw new Error(priced.error.type);
  const { totals } = priced.value;
  expect([totals.shipping, totals.shippingDiscount]).toEqual([shipping, off + 0]);
  expect(totals.withoutDiscount - shipping + totals.discount).toBe(Math.max(left - wanted(cart), 0));
}

test("adding in one go or piece by piece, and in any order of products, comes to the same quantities", () => {
  const additions = fc.array(fc.record({ product: fc.nat({ max: 2 }), quantity: small }), { maxLength: 12 });
  const quantities = (steps: readonly { product: number; quantity: number }[]): Record<string, number> => {
    let cart = newCart("cart", rules, "2026-01-01T00:00:00.000Z");
    for (const [index, { product, quantity }] of steps.entries()) {
      const added = decide(
        cart,
        { type: "add", product, quantity, text: "", currency: "USD" },
        `i${index}`,
        "2026-01-02T00:00:00.000Z",
      );
      if (added.ok) cart = added.value;
    }
    return Object.fromEntries(
      cart.items.map((item) => [item.kind === "product" ? item.productId : "", item.quantity]),
    );
  };
  fc.assert(
    fc.property(additions, (steps) => {
      const pieces = steps.flatMap(({ product, quantity }) =>
        Array.from({ length: quantity }, () => ({ product, quantity: 1 })),
      );
      expect(quantities(pieces)).toEqual(quantities(steps));
      expect(quantities(steps.toReversed())).toEqual(quantities(steps));
    }),
  );
});
