import fc from "fast-check";
import { expect, test } from "vitest";
import { aProduct } from "../../../test/storage/a-product.ts";
import type { Result } from "../result.ts";
import { addCustomItem, addProductItem } from "./add-item.ts";
import { type Cart, type CartRules, newCart, productIdsOf } from "./cart.ts";
import type { CartRefusal } from "./refusals.ts";
import { addItemTax, removeAllTaxes } from "./taxes.ts";
import { removeAllItems, removeItem, updateItem } from "./update-item.ts";

const rules: CartRules = {
  expiryDays: 7,
  maxItems: 4,
  maxTaxesPerItem: 2,
  customDiscountsEnabled: false,
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
  fc.record({ type: fc.constantFrom("empty" as const, "untax" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function decide(cart: Cart, step: Step, id: string, now: string): Result<Cart, CartRefusal> {
  const line = "position" in step ? cart.items[step.position] : undefined;
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
        expect(productIdsOf(cart)).toEqual([...new Set(productIdsOf(cart))].toSorted());
        expect([cart.updatedAt, cart.id, cart.version]).toEqual([now, "cart", 0]);
        expect(Date.parse(cart.expiresAt) - Date.parse(now)).toBe(7 * 86_400_000);
      }
    }),
    { numRuns: 500 },
  );
  expect([...done].toSorted()).toEqual(["add", "custom", "empty", "remove", "set", "tax", "untax"]);
});

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
