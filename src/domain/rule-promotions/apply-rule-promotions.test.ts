import { describe, expect, test } from "vitest";
import { MAX_AMOUNT } from "../money.ts";
import { priceCart } from "../pricing/price-cart.ts";
import { applyPromotions } from "../promotions/apply-promotions.ts";
import type { PromotableLine } from "../promotions/open-cart.ts";
import { automaticCode } from "../promotions/promotion-code.ts";
import { type ApplyRulePromotions, applyRulePromotions } from "./apply-rule-promotions.ts";
import { remainingAfter } from "./rule-cart.ts";
import { ownCode, type RuleCode, type RulePromotionInPlay, type RuleShopper } from "./rule-code.ts";
import { ruleMessages } from "./rule-messages.ts";
import type { ItemAction, RuleAction, RuleCondition, RulePromotion } from "./rule-promotion.ts";

const line = (
  sku: string,
  quantity: number,
  unitAmount: number,
  more: Partial<PromotableLine> = {},
): PromotableLine => ({ id: sku, productId: `p-${sku}`, sku, quantity, unitAmount, ...more });

const cartOff = (
  percent: number,
  more: Partial<Extract<RuleAction, { strategy: "cart_discount" }>> = {},
) => ({
  strategy: "cart_discount" as const,
  args: ["percent", percent] as const,
  ...more,
});
const itemOff = (args: ItemAction["args"], more: Partial<ItemAction> = {}): ItemAction => ({
  strategy: "item_discount",
  args,
  ...more,
});
const skus = (...args: string[]): RuleCondition => ({ strategy: "item_sku", operator: "in", args });
const quantity = (operator: "eq" | "gte" | "gt" | "lt", count: number): RuleCondition => ({
  strategy: "item_quantity",
  operator,
  args: [count],
});
const all = (...children: RuleCondition[]): RuleCondition => ({ strategy: "and", children });
const any = (...children: RuleCondition[]): RuleCondition => ({ strategy: "or", children });
const bundleOf = (...children: RuleCondition[]): RuleCondition => ({ strategy: "items_bundle", children });

let age = 0;
function promotion(
  actions: RuleAction | RuleAction[],
  rules?: RuleCondition,
  more: Partial<RulePromotion> = {},
): RulePromotion {
  age += 1;
  return {
    id: `rule-${age}`,
    name: `Rule ${age}`,
    description: "",
    enabled: true,
    automatic: true,
    stackable: true,
    overrideStacking: false,
    catalogIds: [],
    currencies: [],
    ...(rules && { rules }),
    actions: [actions].flat(),
    start: "2026-01-01",
    end: "2027-01-01",
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, age)).toISOString(),
    ...more,
  };
}
const automatic = (...args: Parameters<typeof promotion>): RulePromotionInPlay => {
  const made = promotion(...args);
  return { promotion: made, code: ownCode(made) };
};
const withCode = (
  code: Partial<RuleCode>,
  actions: RuleAction | RuleAction[] = cartOff(10),
  rules?: RuleCondition,
): RulePromotionInPlay => ({
  promotion: promotion(actions, rules, { automatic: false }),
  code: { code: "SAVE", consumeUnit: "per_checkout", ...code },
});

const registered: RuleShopper = { knownAs: ["c1"], identity: "registered" };

function inputOf(
  lines: readonly PromotableLine[],
  promotions: readonly RulePromotionInPlay[],
  more: Partial<ApplyRulePromotions> = {},
): ApplyRulePromotions {
  return {
    lines,
    remaining: lines.map((one) => one.quantity * one.unitAmount),
    shipments: [],
    currency: "USD",
    method: "line",
    customAttributes: {},
    accountTags: [],
    shopper: registered,
    now: "2026-06-01T00:00:00Z",
    promotions,
    ...more,
  };
}
const apply = (...args: Parameters<typeof inputOf>) => applyRulePromotions(inputOf(...args));

/** What is paid for the goods in all. */
function paid(...args: Parameters<typeof inputOf>): number {
  const input = inputOf(...args);
  const { discounts } = applyRulePromotions(input);
  const lines = input.lines.map((one) => ({ ...one, includesTax: true, taxes: [] }));
  const priced = priceCart({ lines, ruleDiscounts: discounts, method: input.method });
  if (!priced.ok) throw new Error(priced.error.type);
  return priced.value.totals.withTax;
}
const reasons = (...args: Parameters<typeof inputOf>) => apply(...args).refused.map(({ reason }) => reason);

describe("the order of application", () => {
  test("G5 each takes its part of what is left: 20 % and then 10 % of 100 leave 72", () => {
    expect(paid([line("A", 1, 100)], [automatic(cartOff(20)), automatic(cartOff(10))])).toBe(72);
    expect(paid([line("A", 1, 100)], [automatic(itemOff(["percent", 20])), automatic(cartOff(10))])).toBe(72);
  });

  test("G5 by priority from high to low, those without one last, and among these the newest first", () => {
    const low = automatic(cartOff(1), undefined, { priority: 1 });
    const high = automatic(cartOff(1), undefined, { priority: 2 });
    const older = automatic(cartOff(1));
    const newer = automatic(cartOff(1));
    const { applied } = apply([line("A", 1, 10_000)], [older, low, newer, high]);
    expect(applied.map(({ promotionId }) => promotionId)).toEqual(
      [high, low, newer, older].map((one) => one.promotion.id),
    );
    expect(applied.map(({ base }) => base)).toEqual([10_000, 9_900, 9_801, 9_703]);
  });

  test("G5 what standard promotions left is the base, line by line as they are priced", () => {
    const lines = [line("A", 1, 1_000), line("B", 1, 3_000)];
    const standard = {
      id: "s1",
      name: "Ten percent",
      description: "",
      enabled: true,
      automatic: true,
      kind: {
        type: "percent_discount" as const,
        percents: [{ currency: "USD", percent: 10 }],
        scope: {},
      },
      start: "2026-01-01",
      end: "2027-01-01",
      createdAt: "2026-01-01T00:00:00Z",
    };
    const before = applyPromotions({
      lines,
      currency: "USD",
      method: "line",
      now: "2026-06-01T00:00:00Z",
      promotions: [{ promotion: standard, code: automaticCode(standard) }],
    });
    const remaining = remainingAfter(lines, before);
    expect(remaining).toEqual([900, 2_700]);
    const rules = apply(lines, [automatic(itemOff(["percent", 50]), skus("A"))], { remaining });
    expect(rules.applied).toMatchObject([{ amount: -450, base: 900, discountedUnits: 1 }]);
    const priced = priceCart({
      lines: lines.map((one) => ({ ...one, includesTax: false, taxes: [] })),
      cartDiscounts: before.cartDiscounts,
      ruleDiscounts: rules.discounts,
      method: "line",
    });
    if (!priced.ok) throw new Error(priced.error.type);
    expect(priced.value.lines.map(({ withTax }) => withTax)).toEqual([450, 2_700]);
    const rulePart = { amount: -450, source: "rule-promotion", fromCart: false };
    expect(priced.value.lines[0]?.discounts).toMatchObject([{ amount: -100, fromCart: true }, rulePart]);
  });

  test("actions of one promotion happen one after the other", () => {
    expect(paid([line("A", 1, 100)], [automatic([itemOff(["fixed", 50]), cartOff(10)])])).toBe(45);
  });
});

describe("conditions", () => {
  const lines = [
    line("A", 2, 1_000, { nodes: ["shoes", "all"], catalogId: "main" }),
    line("B", 1, 500, { attributes: [{ template: "t", field: "colour", value: "red" }] }),
    { id: "custom", sku: "CUSTOM", quantity: 1, unitAmount: 700 },
  ];
  const discounted = (rules: RuleCondition, more: Partial<ApplyRulePromotions> = {}) =>
    apply(lines, [automatic(itemOff(["fixed", 1]), rules)], more).discounts.map((one) =>
      one.level === "item" ? one.lineId : "cart",
    );

  test("items are told by SKU, product, node, attribute, price and quantity", () => {
    expect(discounted(skus("A", "CUSTOM"))).toEqual(["A", "custom"]);
    expect(discounted({ strategy: "item_sku", operator: "nin", args: ["A"] })).toEqual(["B", "custom"]);
    expect(discounted({ strategy: "item_product_id", operator: "in", args: ["p-B", "CUSTOM"] })).toEqual([
      "B",
    ]);
    expect(
      discounted({ strategy: "item_identifier", operator: "in", args: [{ skus: ["CUSTOM"], ids: ["p-A"] }] }),
    ).toEqual(["A", "custom"]);
    expect(discounted({ strategy: "item_category", operator: "in", args: ["shoes"] })).toEqual(["A"]);
    expect(
      discounted({ strategy: "item_attribute", operator: "in", args: ["t", "colour", "string", "red"] }),
    ).toEqual(["B"]);
    expect(discounted({ strategy: "item_price", operator: "lt", args: [1_000] })).toEqual(["B", "custom"]);
    expect(discounted(quantity("gte", 2))).toEqual(["A"]);
  });

  test("the price of an item is the one after discounts", () => {
    const half = automatic(itemOff(["percent", 50]), skus("A"), { priority: 1 });
    const cheap = automatic(itemOff(["fixed", 1]), { strategy: "item_price", operator: "eq", args: [500] });
    expect(apply(lines, [half, cheap]).applied[1]).toMatchObject({ discountedUnits: 3 });
  });

  test("and: every condition for the same line; or: any; children of a leaf count too", () => {
    expect(discounted(all(skus("A", "B"), quantity("eq", 1)))).toEqual(["B"]);
    expect(discounted(any(skus("A"), skus("B")))).toEqual(["A", "B"]);
    expect(
      discounted({ strategy: "item_sku", operator: "in", args: ["A", "B"], children: [quantity("eq", 2)] }),
    ).toEqual(["A"]);
    expect(discounted(all(skus("A"), skus("B")))).toEqual([]);
  });

  test("the cart's total, its attributes and its account's tags hold for all lines or for none", () => {
    const total = (operator: "gte" | "range", ...args: number[]): RuleCondition => ({
      strategy: "cart_total",
      operator,
      args,
    });
    expect(discounted(total("gte", 3_200))).toHaveLength(3);
    expect(discounted(total("gte", 3_201))).toEqual([]);
    expect(discounted(total("range", 3_000, 3_200))).toHaveLength(3);
    expect(discounted(total("range", 3_000, 3_199))).toEqual([]);
    const attribute = (operator: "in" | "nin" | "gt", ...args: (string | number)[]): RuleCondition => ({
      strategy: "cart_custom_attribute",
      operator,
      args,
    });
    const customAttributes = {
      tier: { type: "string" as const, value: "gold" },
      visits: { type: "integer" as const, value: 5 },
    };
    const held = (rules: RuleCondition) => discounted(rules, { customAttributes }).length > 0;
    expect(held(attribute("in", "tier", "string", "silver", "gold"))).toBe(true);
    expect(held(attribute("nin", "tier", "string", "gold"))).toBe(false);
    expect(held(attribute("in", "toString", "string", "gold"))).toBe(false);
    expect(held(attribute("gt", "visits", "float", 4.5))).toBe(true);
    expect(held(attribute("gt", "tier", "string", 4))).toBe(false);
    const tags = (operator: "contains_all" | "contains_any" | "not_contains_any" | "not_contains_all") =>
      discounted({ strategy: "account_tags", operator, args: ["a", "b"] }, { accountTags: ["a"] }).length > 0;
    expect([tags("contains_all"), tags("contains_any")]).toEqual([false, true]);
    expect([tags("not_contains_any"), tags("not_contains_all")]).toEqual([false, true]);
  });

  test("G7 the first leaf that leaves no line is told", () => {
    const first = quantity("gt", 9);
    expect(reasons(lines, [automatic(cartOff(1), all(skus("A"), any(first, skus("B"))))])).toEqual([
      { type: "condition_unmet", condition: first },
    ]);
  });

  test("with catalogs only their lines count, and custom items never", () => {
    const limited = automatic(cartOff(10), undefined, { catalogIds: ["main"] });
    expect(apply(lines, [limited])).toMatchObject({
      discounts: [{ amount: -200, lineIds: ["A"] }],
      applied: [{ base: 2_000 }],
    });
    expect(reasons([lines[1]!, lines[2]!], [limited])).toEqual([
      { type: "catalog_not_accepted", accepted: ["main"] },
    ]);
  });
});

describe("cart discounts", () => {
  test("go to every line, also to one that costs nothing", () => {
    const lines = [line("A", 1, 100), line("B", 1, 0)];
    const { discounts } = apply(lines, [automatic(cartOff(10))]);
    const priced = priceCart({
      lines: lines.map((one) => ({ ...one, includesTax: true, taxes: [] })),
      ruleDiscounts: discounts,
      method: "line",
    });
    if (!priced.ok) throw new Error(priced.error.type);
    expect(priced.value.lines.map((one) => one.discounts.map(({ amount }) => amount))).toEqual([[-10], [0]]);
    expect(priced.value.cartDiscounts).toMatchObject([{ amount: -10, source: "rule-promotion" }]);
  });

  test("G4 are at most the bound and what is left", () => {
    const off = (amount: number) => ({
      strategy: "cart_discount" as const,
      args: ["fixed", amount] as const,
    });
    expect(paid([line("A", 1, 100)], [automatic(off(70)), automatic(off(70))])).toBe(0);
    expect(paid([line("A", 1, 100)], [automatic({ ...off(70), limitations: { maxDiscount: 5 } })])).toBe(95);
    expect(reasons([line("A", 1, 100)], [automatic(off(1)), automatic(off(100))])).toEqual([
      { type: "nothing_left" },
    ]);
  });

  test("in the method simple come off the total; item discounts are refused", () => {
    const simple = { method: "simple" as const };
    expect(paid([line("A", 1, 100), line("B", 3, 33)], [automatic(cartOff(50))], simple)).toBe(99);
    const unsupported = { type: "method_unsupported", method: "simple", member: "item_level" };
    expect(reasons([line("A", 1, 100)], [automatic(itemOff(["fixed", 1]))], simple)).toEqual([unsupported]);
    expect(reasons([line("A", 1, 100)], [automatic(cartOff(1, { condition: skus("A") }))], simple)).toEqual([
      unsupported,
    ]);
  });
});

describe("item discounts", () => {
  test("off what the rules mean, or what the action's own condition means", () => {
    const lines = [line("X", 1, 1_000), line("Y", 2, 300)];
    expect(paid(lines, [automatic(itemOff(["percent", 50]), skus("X"))])).toBe(1_100);
    expect(paid(lines, [automatic(itemOff(["percent", 50], { condition: skus("Y") }), skus("X"))])).toBe(
      1_300,
    );
    expect(
      reasons([lines[1]!], [automatic(itemOff(["percent", 50], { condition: skus("Y") }), skus("X"))]),
    ).toEqual([{ type: "condition_unmet", condition: skus("X") }]);
  });

  test("an amount comes off each unit, never below nothing", () => {
    expect(paid([line("A", 3, 100), line("B", 1, 20)], [automatic(itemOff(["fixed", 30]))])).toBe(210);
  });

  test("at most so many units of each line, and so many in all, cheapest or dearest first", () => {
    const lines = [line("A", 3, 100), line("B", 3, 300), line("C", 3, 200)];
    const free = (limitations: NonNullable<ItemAction["limitations"]>) =>
      1_800 - paid(lines, [automatic(itemOff(["percent", 100], { limitations }))]);
    expect(free({ maxQuantity: 1 })).toBe(600);
    expect(free({ items: { maxItems: 4 } })).toBe(600);
    expect(free({ items: { maxItems: 4, priceStrategy: "cheapest" } })).toBe(500);
    expect(free({ items: { maxItems: 4, priceStrategy: "expensive" } })).toBe(1_100);
    expect(free({ maxQuantity: 1, items: { maxItems: 2, priceStrategy: "expensive" } })).toBe(500);
    expect(free({ maxDiscount: 7 })).toBe(7);
  });

  test("x units for an amount, as often as they reach and as that lowers the price", () => {
    const twoFor100 = automatic(itemOff(["fixed_price", 2, 10_000]), skus("A", "B"));
    expect(paid([line("A", 5, 6_000)], [twoFor100])).toBe(26_000);
    expect(paid([line("A", 1, 6_000), line("B", 1, 7_000)], [twoFor100])).toBe(10_000);
    expect(paid([line("A", 2, 4_000)], [twoFor100])).toBe(8_000);
    expect(reasons([line("A", 1, 6_000)], [twoFor100])).toEqual([
      { type: "units_missing", required: 2, found: 1 },
    ]);
  });

  test("x units for an amount cost that to the cent, also after a discount that left odd cents", () => {
    const before = automatic({ strategy: "cart_discount", args: ["fixed", 1] }, undefined, { priority: 2 });
    const three = automatic(itemOff(["fixed_price", 3, 1_000]), undefined, { priority: 1 });
    expect(paid([line("A", 3, 1_334)], [before, three])).toBe(1_000);
  });
});

describe("bundles", () => {
  const set = bundleOf(all(skus("A"), quantity("eq", 2)), skus("B"));

  test("a rule of a bundle holds when one can be made, and means its lines", () => {
    const off = automatic(itemOff(["fixed", 1]), set);
    expect(apply([line("A", 2, 100), line("B", 1, 100), line("C", 1, 100)], [off]).applied).toMatchObject([
      { discountedUnits: 3 },
    ]);
    expect(reasons([line("A", 1, 100), line("B", 1, 100)], [off])).toEqual([
      { type: "units_missing", required: 2, found: 1 },
    ]);
  });

  test("an amount, a share or a price for each bundle", () => {
    const lines = [line("A", 5, 100), line("B", 2, 300)];
    const off = (args: readonly ["fixed" | "percent" | "fixed_price", number]) =>
      1_100 - paid(lines, [automatic({ strategy: "items_bundle_discount", args }, set)]);
    expect(off(["fixed", 50])).toBe(100);
    expect(off(["percent", 10])).toBe(100);
    expect(off(["fixed_price", 400])).toBe(200);
    expect(off(["fixed_price", 600])).toBe(0);
  });

  test("the saving is shared by price: 50 off 150 and 100 is 30 and 20", () => {
    const pair = automatic(
      { strategy: "items_bundle_discount", args: ["fixed_price", 200] },
      bundleOf(skus("A"), skus("B")),
    );
    const { discounts } = apply([line("A", 1, 150), line("B", 1, 100)], [pair]);
    expect(discounts.map(({ amount }) => amount)).toEqual([-30, -20]);
  });

  test("no unit serves two children", () => {
    const twice = automatic(cartOff(10), bundleOf(skus("A"), skus("A", "B")));
    expect(apply([line("A", 1, 100)], [twice]).applied).toEqual([]);
    expect(apply([line("A", 2, 100)], [twice]).applied).toHaveLength(1);
  });
});

describe("shipping discounts", () => {
  const shipments = [
    { id: "s1", type: "express", base: 1_000 },
    { id: "s2", type: "post", base: 400, discount: -100 },
  ];
  const ship = (args: readonly ["fixed" | "percent" | "fixed_price", number], condition?: RuleCondition) =>
    automatic({ strategy: "shipping_discount", args, ...(condition && { condition }) });
  const off = (...plays: RulePromotionInPlay[]) =>
    apply([line("A", 1, 100)], plays, { shipments }).shippingDiscounts.map((one) => [
      one.shippingId,
      one.amount,
    ]);

  test("come off each shipment that is meant, never more than is left of its base", () => {
    const express: RuleCondition = { strategy: "shipping_type", operator: "in", args: ["express"] };
    expect(off(ship(["percent", 50]))).toEqual([
      ["s1", -500],
      ["s2", -150],
    ]);
    expect(off(ship(["fixed", 600]))).toEqual([
      ["s1", -600],
      ["s2", -300],
    ]);
    expect(off(ship(["fixed_price", 350]))).toEqual([["s1", -650]]);
    expect(off(ship(["percent", 100], express))).toEqual([["s1", -1_000]]);
    expect(off(ship(["percent", 50], express), ship(["percent", 100], express))).toEqual([["s1", -1_000]]);
  });

  test("do not count for the cart's total, and need a shipment", () => {
    const { applied } = apply([line("A", 1, 100)], [ship(["fixed", 600])], { shipments });
    expect(applied).toMatchObject([{ amount: 0, shippingAmount: -900, levels: ["shipping"] }]);
    expect(reasons([line("A", 1, 100)], [ship(["fixed", 600])])).toEqual([{ type: "shipping_missing" }]);
  });
});

describe("stacking", () => {
  const lines = [line("A", 1, 1_000)];
  const alone = { stackable: false };

  test("of two that are not stackable the higher priority applies, without a priority the newer", () => {
    const low = automatic(cartOff(50), undefined, { ...alone, priority: 1 });
    const high = automatic(cartOff(10), undefined, { ...alone, priority: 2 });
    const result = apply(lines, [low, high]);
    expect(result.applied.map(({ promotionId }) => promotionId)).toEqual([high.promotion.id]);
    expect(result.refused).toMatchObject([{ reason: { type: "not_stackable", with: high.promotion.id } }]);
    const older = automatic(cartOff(50), undefined, alone);
    const newer = automatic(cartOff(10), undefined, alone);
    expect(apply(lines, [older, newer]).applied).toMatchObject([{ promotionId: newer.promotion.id }]);
  });

  test("one that is not stackable keeps those after it out, and is kept out by one before it", () => {
    const single = automatic(cartOff(50), undefined, { ...alone, priority: 2 });
    const after = automatic(cartOff(10), undefined, { priority: 1 });
    const before = automatic(cartOff(10), undefined, { priority: 3 });
    expect(paid(lines, [after, single])).toBe(500);
    expect(paid(lines, [before, single])).toBe(900);
  });

  test("one that overrides stacking applies beside it; one that saves nothing keeps nobody out", () => {
    const single = automatic(cartOff(50), undefined, { ...alone, priority: 2 });
    const beside = automatic(cartOff(10), undefined, { ...alone, overrideStacking: true });
    expect(paid(lines, [beside, single])).toBe(450);
    const nothing = automatic(itemOff(["fixed_price", 1, 1_000]), undefined, { ...alone, priority: 9 });
    expect(paid(lines, [nothing, single])).toBe(500);
  });

  test("messages tell what came, what went and what could not be combined", () => {
    const high = automatic(cartOff(10), undefined, { ...alone, priority: 2 });
    const low = automatic(cartOff(50), undefined, { ...alone, priority: 1 });
    const before = apply(lines, [low]).applied;
    const messages = ruleMessages(before, apply(lines, [low, high]));
    expect(messages.map(({ title, promotionId }) => [title, promotionId])).toEqual([
      ["Promotion Added", high.promotion.id],
      ["Deleted Promotion", low.promotion.id],
      ["Couldn't Stack Promotion", low.promotion.id],
    ]);
    const after = apply(lines, [high]);
    expect(ruleMessages(after.applied, after)).toEqual([]);
  });
});

describe("codes", () => {
  const lines = [line("A", 3, 100)];
  const asGuest = (identity: RuleShopper["identity"]) => ({ shopper: { knownAs: [], identity } });

  test("G7 say why this shopper cannot use them", () => {
    const why = (code: Partial<RuleCode>, more: Partial<ApplyRulePromotions> = {}) =>
      reasons(lines, [withCode(code)], more)[0];
    const bound = (maxUses: number, includesGuests: boolean) => ({ maxUses, includesGuests });
    expect(why({ user: "c2" })).toEqual({ type: "code_for_another_user" });
    expect(why({ user: "c1" })).toBeUndefined();
    expect(why({ usesLeft: 0 })).toEqual({ type: "code_used_up" });
    expect(why({ maxUsesPerShopper: bound(2, false), usedByShopper: 1 })).toBeUndefined();
    expect(why({ maxUsesPerShopper: bound(2, false), usedByShopper: 2 })).toEqual({
      type: "code_used_up_by_shopper",
      maxUses: 2,
    });
    expect(why({ maxUsesPerShopper: bound(2, false) }, asGuest("guest"))).toEqual({
      type: "code_for_registered_shoppers",
    });
    expect(why({ maxUsesPerShopper: bound(2, true) }, asGuest("guest"))).toBeUndefined();
    expect(why({ maxUsesPerShopper: bound(2, true) }, asGuest("unknown"))).toEqual({
      type: "shopper_unknown",
    });
    expect(why({ isForNewShopper: true, shopperHasPaid: true })).toEqual({ type: "code_for_new_shoppers" });
    expect(why({ isForNewShopper: true, usedByShopper: 1 })).toEqual({
      type: "code_used_up_by_shopper",
      maxUses: 1,
    });
    expect(why({ isForNewShopper: true }, asGuest("guest"))).toBeUndefined();
    expect(why({ isForNewShopper: true }, asGuest("unknown"))).toEqual({ type: "shopper_unknown" });
  });

  test("are used once for a checkout, or once for each unit that they discount", () => {
    const units = itemOff(["fixed", 10]);
    expect(apply(lines, [withCode({}, units)]).applied).toMatchObject([{ uses: 1 }]);
    const each = { consumeUnit: "per_application" as const };
    expect(apply(lines, [withCode(each, units)]).applied).toMatchObject([{ uses: 3, amount: -30 }]);
    expect(apply(lines, [withCode({ ...each, usesLeft: 2 }, units)]).applied).toMatchObject([
      { uses: 2, amount: -20 },
    ]);
    expect(apply(lines, [withCode({ ...each, usesLeft: 3 }, [units, cartOff(10)])]).applied).toMatchObject([
      { uses: 3, amount: -30 },
    ]);
  });

  test("one code may bring several promotions; a second code of one of them does nothing", () => {
    const first = withCode({ code: "BOTH" });
    const second = withCode({ code: "BOTH" });
    const again = { promotion: first.promotion, code: { ...first.code, code: "MORE" } };
    const result = apply(lines, [first, second, again]);
    expect(result.applied).toHaveLength(2);
    expect(result.refused).toMatchObject([{ reason: { type: "already_applied", code: "BOTH" } }]);
  });
});

test("G7 dates, currency, and carts that are empty or too large", () => {
  const why = (more: Partial<RulePromotion>, lines = [line("A", 1, 100)]) =>
    reasons(lines, [automatic(cartOff(10), undefined, more)])[0];
  expect(why({ enabled: false })).toEqual({ type: "not_enabled" });
  expect(why({ start: "2026-06-02" })).toEqual({ type: "not_started", start: "2026-06-02" });
  expect(why({ end: "2026-06-01" })).toEqual({ type: "ended", end: "2026-06-01" });
  expect(why({ currencies: ["EUR"] })).toEqual({
    type: "currency_not_accepted",
    currency: "USD",
    accepted: ["EUR"],
  });
  expect(why({ currencies: ["USD"] })).toBeUndefined();
  expect(why({}, [])).toEqual({ type: "cart_empty" });
  const huge = [line("A", 2, MAX_AMOUNT)];
  expect(why({}, huge)).toEqual({ type: "cart_too_large" });
});

test("gifts that were put in count for nothing", () => {
  const gift = line("A", 2, 100, { giftQuantity: 1 });
  const off = automatic(itemOff(["fixed", 10]));
  expect(apply([gift], [off], { remaining: [100] }).applied).toMatchObject([
    { discountedUnits: 1, amount: -10 },
  ]);
  const two = automatic(cartOff(10), quantity("gte", 2));
  expect(apply([gift], [two], { remaining: [100] }).applied).toEqual([]);
});

test("what cannot be left of a line is a mistake of the caller", () => {
  expect(() => apply([line("A", 1, 100)], [], { remaining: [101] })).toThrow(RangeError);
  expect(() => apply([line("A", 1, 100)], [], { remaining: [] })).toThrow(RangeError);
});
