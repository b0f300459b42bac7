import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../../test/property-runs.ts";
import { priceCart } from "../pricing/price-cart.ts";
import type { PromotableLine } from "../promotions/open-cart.ts";
import { type ApplyRulePromotions, applyRulePromotions } from "./apply-rule-promotions.ts";
import type { RulePromotionInPlay } from "./rule-code.ts";
import type { RuleAction, RuleCondition, RulePromotion } from "./rule-promotion.ts";

const skus = ["A", "B", "C", "D"];
const comparison = fc.constantFrom(
  "eq" as const,
  "ne" as const,
  "gt" as const,
  "gte" as const,
  "lt" as const,
  "lte" as const,
);
const someSkus = fc.subarray(skus, { minLength: 1 });
const leaf: fc.Arbitrary<RuleCondition> = fc.oneof(
  fc.record({
    strategy: fc.constant("item_sku" as const),
    operator: fc.constantFrom("in" as const, "nin" as const),
    args: someSkus,
  }),
  fc.record({
    strategy: fc.constantFrom("item_price" as const, "item_quantity" as const),
    operator: comparison,
    args: fc.tuple(fc.nat({ max: 6 })),
  }),
  fc.record({
    strategy: fc.constant("cart_total" as const),
    operator: comparison,
    args: fc.tuple(fc.nat({ max: 500 })),
  }),
  fc.record({
    strategy: fc.constant("shipping_type" as const),
    operator: fc.constant("in" as const),
    args: fc.constantFrom(["express"], ["express", "post"]),
  }),
);
const { tree: condition } = fc.letrec<{ tree: RuleCondition }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.record({
      strategy: fc.constantFrom("and" as const, "or" as const, "items_bundle" as const),
      children: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));
const percent = fc.oneof(
  fc.nat({ max: 100 }),
  fc.nat({ max: 100_000_000 }).map((part) => part / 1e6),
);
const amount = fc.nat({ max: 300 });
const args = fc.oneof(
  amount.map((value) => ["fixed", value] as const),
  percent.map((value) => ["percent", value] as const),
);
const price = amount.map((value) => ["fixed_price", value] as const);
const maxDiscount = fc.option(fc.nat({ max: 200 }), { nil: undefined });
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });

const action = fc.oneof(
  fc.record({
    strategy: fc.constant("cart_discount" as const),
    args,
    condition: maybe(condition),
    limitations: maybe(fc.record({ maxDiscount })),
  }),
  fc.record({
    strategy: fc.constant("item_discount" as const),
    args: fc.oneof(
      args,
      fc.tuple(fc.constant("fixed_price" as const), fc.integer({ min: 1, max: 4 }), amount),
    ),
    condition: maybe(condition),
    limitations: maybe(
      fc.record({
        maxDiscount,
        maxQuantity: maybe(fc.integer({ min: 1, max: 3 })),
        items: maybe(
          fc.record({
            maxItems: fc.integer({ min: 1, max: 5 }),
            priceStrategy: maybe(fc.constantFrom("cheapest" as const, "expensive" as const)),
          }),
        ),
      }),
    ),
  }),
  fc.record({
    strategy: fc.constant("items_bundle_discount" as const),
    args: fc.oneof(args, price),
    condition: maybe(condition),
    limitations: maybe(fc.record({ maxDiscount })),
  }),
  fc.record({
    strategy: fc.constant("shipping_discount" as const),
    args: fc.oneof(args, price),
    condition: maybe(condition),
  }),
) as fc.Arbitrary<RuleAction>;

const play = (place: number): fc.Arbitrary<RulePromotionInPlay> =>
  fc
    .record({
      rules: maybe(condition),
      actions: fc.array(action, { minLength: 1, maxLength: 3 }),
      priority: maybe(fc.nat({ max: 5 })),
      stackable: fc.boolean(),
      overrideStacking: fc.boolean(),
      catalogIds: fc.constantFrom([], [], ["main"]),
      enabled: fc.constantFrom(true, true, true, false),
      usesLeft: maybe(fc.nat({ max: 4 })),
      consumeUnit: fc.constantFrom("per_checkout" as const, "per_application" as const),
    })
    .map(({ usesLeft, consumeUnit, ...more }) => ({
      promotion: {
        id: `rule-${place}`,
        name: "",
        description: "",
        automatic: false,
        currencies: [],
        start: "2026-01-01",
        end: "2027-01-01",
        createdAt: `2026-01-0${place + 1}T00:00:00.000Z`,
        ...more,
      } as RulePromotion,
      code: { code: `C${place}`, consumeUnit, ...(usesLeft !== undefined && { usesLeft }) },
    }));

const line = fc.record({
  sku: fc.constantFrom(...skus),
  quantity: fc.integer({ min: 1, max: 6 }),
  unitAmount: fc.nat({ max: 200 }),
  catalogId: maybe(fc.constant("main")),
  left: fc.integer({ min: 0, max: 10 }),
});

const anyInput: fc.Arbitrary<ApplyRulePromotions> = fc
  .record({
    lines: fc.array(line, { maxLength: 6 }),
    shipments: fc.array(fc.record({ type: fc.constantFrom("express", "post"), base: fc.nat({ max: 300 }) }), {
      maxLength: 2,
    }),
    promotions: fc.tuple(play(0), play(1), play(2), play(3), play(4)),
    method: fc.constantFrom("line" as const, "line" as const, "simple" as const),
  })
  .map(({ lines, shipments, promotions, method }) => ({
    lines: lines.map(
      ({ left: _, catalogId, ...one }, place) =>
        ({ ...one, id: `line-${place}`, ...(catalogId && { catalogId }) }) as PromotableLine,
    ),
    remaining: lines.map(({ quantity, unitAmount, left }) => Math.floor((quantity * unitAmount * left) / 10)),
    shipments: shipments.map((one, place) => ({ ...one, id: `shipment-${place}` })),
    currency: "USD",
    method,
    customAttributes: {},
    accountTags: [],
    shopper: { knownAs: [], identity: "registered" as const },
    now: "2026-06-01T00:00:00Z",
    promotions,
  }));

test("G4 no stack of rule promotions takes more than is left of the goods or of shipping, and parts add up", () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const { applied, discounts, shippingDiscounts } = applyRulePromotions(input);
      const left = input.remaining.reduce((sum, one) => sum + one, 0);
      for (const one of applied) {
        const mine = discounts.filter(({ promotionId }) => promotionId === one.promotionId);
        const shipped = shippingDiscounts.filter(({ promotionId }) => promotionId === one.promotionId);
        expect(mine.reduce((sum, { amount: off }) => sum - off, 0)).toBe(0 - one.amount);
        expect(shipped.reduce((sum, { amount: off }) => sum - off, 0)).toBe(0 - one.shippingAmount);
        expect(one.amount + one.shippingAmount).toBeLessThan(0);
        expect(Number.isInteger(one.amount)).toBe(true);
      }
      expect(0 - applied.reduce((sum, one) => sum + one.amount, 0)).toBeLessThanOrEqual(left);
      for (const { id, base } of input.shipments) {
        const off = shippingDiscounts.filter(({ shippingId }) => shippingId === id);
        expect(0 - off.reduce((sum, one) => sum + one.amount, 0)).toBeLessThanOrEqual(base);
      }
    }),
    { numRuns: propertyRuns(1_000) },
  );
});

test("G4 pricing takes every discount in full, after discounts that left what the promotions were shown", () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const { discounts, applied } = applyRulePromotions(input);
      const lines = input.lines.map((one, place) => ({
        ...one,
        includesTax: true,
        taxes: [],
        discounts: [
          {
            amount: 0 - (one.quantity * one.unitAmount - input.remaining[place]!),
            code: "before",
            promotionId: "before",
          },
        ],
      }));
      const priced = priceCart({ lines, ruleDiscounts: discounts, method: "line" });
      if (!priced.ok) throw new Error(priced.error.type);
      const left = input.remaining.reduce((sum, one) => sum + one, 0);
      expect(priced.value.totals.withTax).toBe(left + applied.reduce((sum, one) => sum + one.amount, 0));
      for (const one of priced.value.lines) expect(one.withTax).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: propertyRuns(500) },
  );
});

test("the same input gives the same answer, whatever the order of the promotions, and is not changed", () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const before = structuredClone(input);
      const first = applyRulePromotions(input);
      expect(input).toEqual(before);
      const reversed = applyRulePromotions({ ...input, promotions: input.promotions.toReversed() });
      expect(reversed).toEqual(first);
    }),
    { numRuns: propertyRuns(500) },
  );
});

test("a refused promotion changes nothing", () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const { refused, ...whole } = applyRulePromotions(input);
      const without = new Set(refused.map(({ promotionId }) => promotionId));
      const rest = input.promotions.filter(({ promotion }) => !without.has(promotion.id));
      const { discounts, shippingDiscounts, applied } = applyRulePromotions({ ...input, promotions: rest });
      expect({ discounts, shippingDiscounts }).toEqual({
        discounts: whole.discounts,
        shippingDiscounts: whole.shippingDiscounts,
      });
      expect(applied.map(({ promotionId }) => promotionId)).toEqual(
        whole.applied.map(({ promotionId }) => promotionId),
      );
    }),
    { numRuns: propertyRuns(500) },
  );
});
