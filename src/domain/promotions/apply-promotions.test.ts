import { describe, expect, test } from "vitest";
import { MAX_AMOUNT } from "../money.ts";
import { priceCart } from "../pricing/price-cart.ts";
import type { AppliedPromotions } from "./applied-promotions.ts";
import { type ApplyPromotions, applyPromotions } from "./apply-promotions.ts";
import type { PromotableLine } from "./open-cart.ts";
import type { CurrencyAmount, Promotion, PromotionKind } from "./promotion.ts";
import { automaticCode, type PromotionCode, type PromotionInPlay } from "./promotion-code.ts";

const line = (
  sku: string,
  quantity: number,
  unitAmount: number,
  more: Partial<PromotableLine> = {},
): PromotableLine => ({ id: sku, productId: `p-${sku}`, sku, quantity, unitAmount, ...more });
const custom = (sku: string, quantity: number, unitAmount: number): PromotableLine => ({
  id: `custom ${sku}`,
  sku,
  quantity,
  unitAmount,
});
const usd = (amount: number): CurrencyAmount[] => [{ currency: "USD", amount }];
const percentOff = (percent: number) => ({
  type: "percent_discount" as const,
  percents: [{ currency: "USD", percent }],
});

let age = 0;
function promotion(kind: PromotionKind, more: Partial<Promotion> = {}): Promotion {
  age += 1;
  return {
    id: `promotion-${age}`,
    name: `Promotion ${age}`,
    description: "",
    enabled: true,
    automatic: true,
    kind,
    start: "2026-01-01",
    end: "2027-01-01",
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, age)).toISOString(),
    ...more,
  };
}
const automatic = (kind: PromotionKind, more: Partial<Promotion> = {}): PromotionInPlay => {
  const made = promotion(kind, more);
  return { promotion: made, code: automaticCode(made) };
};
const withCode = (
  kind: PromotionKind,
  code: Partial<PromotionCode>,
  more: Partial<Promotion> = {},
): PromotionInPlay => ({
  promotion: promotion(kind, { automatic: false, ...more }),
  code: { code: "SAVE", consumeUnit: "per_cart", ...code },
});

function apply(
  lines: readonly PromotableLine[],
  promotions: readonly PromotionInPlay[],
  more: Partial<ApplyPromotions> = {},
): AppliedPromotions {
  return applyPromotions({
    lines,
    promotions,
    currency: "USD",
    now: "2026-06-15T12:00:00Z",
    method: "line",
    ...more,
  });
}

/** What each line has off, in minor units. */
function off(result: AppliedPromotions): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [id, discounts] of result.lineDiscounts) {
    sums[id] = discounts.reduce((sum, { amount }) => sum - amount, 0);
  }
  return sums;
}
const amounts = (result: AppliedPromotions) => result.applied.map(({ amount }) => amount);
const reasons = (result: AppliedPromotions) => result.refused.map(({ reason }) => reason);

/** The total to pay, untaxed unless the lines say otherwise. */
function total(lines: readonly PromotableLine[], result: AppliedPromotions): number {
  const priced = priceCart({
    lines: lines.map((one) => ({
      ...one,
      includesTax: false,
      taxes: [],
      discounts: result.lineDiscounts.get(one.id) ?? [],
    })),
    cartDiscounts: result.cartDiscounts,
    method: "line",
  });
  if (!priced.ok) throw new Error("refused");
  return priced.value.totals.withTax;
}

describe("the documented examples", () => {
  test("an older bundle for 200 splits its 50 into 30 and 20, the second grinder gets the newer 10 %: 290 of 350", () => {
    const lines = [line("MAKER", 1, 15_000), line("GRINDER", 2, 10_000)];
    const result = apply(lines, [
      automatic({
        type: "bundle_fixed_discount",
        requirements: [
          { targets: ["MAKER"], quantity: 1 },
          { targets: ["GRINDER"], quantity: 1 },
        ],
        amounts: usd(20_000),
      }),
      automatic({ type: "item_percent_discount", percent: 10, scope: { targets: ["GRINDER"] } }),
    ]);
    expect(result.lineDiscounts.get("MAKER")?.map(({ amount }) => amount)).toEqual([-3000]);
    expect(result.lineDiscounts.get("GRINDER")?.map(({ amount }) => amount)).toEqual([-2000, -1000]);
    expect(total(lines, result)).toBe(29_000);
  });

  test("3 for 2 with 6 units takes off the value of 2", () => {
    const result = apply(
      [line("A", 6, 999)],
      [automatic({ type: "x_for_y", x: 3, y: 2, scope: { targets: ["A"] } })],
    );
    expect(amounts(result)).toEqual([-1998]);
  });

  test("10.00 off the cart falls on 100.00 and 200.00 as 3.33 and 6.67", () => {
    const lines = [line("A", 1, 10_000), line("B", 2, 10_000)];
    const result = apply(lines, [automatic({ type: "fixed_discount", amounts: usd(1000), scope: {} })]);
    const priced = priceCart({
      lines: lines.map((one) => ({ ...one, includesTax: false, taxes: [] })),
      cartDiscounts: result.cartDiscounts,
      method: "line",
    });
    expect(priced.ok && priced.value.lines.map(({ discount }) => discount)).toEqual([-333, -667]);
  });

  test("a limit of 1 for each cart is one unit of each product: of 2 A and 2 B, one A and one B", () => {
    const lines = [line("A", 2, 1000), line("B", 2, 500)];
    const scope = { targets: ["A", "B"] };
    const limited = { maxApplicationsPerCart: 1 };
    const half = automatic({ type: "item_percent_discount", percent: 50, scope }, limited);
    expect(off(apply(lines, [half]))).toEqual({ A: 500, B: 250 });
    const fixed = automatic({ type: "item_fixed_discount", amounts: usd(100), scope }, limited);
    expect(off(apply(lines, [fixed]))).toEqual({ A: 100, B: 100 });
  });

  test("(SKU1 or SKU2) and SKU3 is met by either", () => {
    const bundle = automatic({
      type: "bundle_fixed_discount",
      requirements: [
        { targets: ["SKU1", "SKU2"], quantity: 1 },
        { targets: ["SKU3"], quantity: 1 },
      ],
      amounts: usd(2000),
    });
    for (const sku of ["SKU1", "SKU2"]) {
      expect(amounts(apply([line(sku, 1, 1500), line("SKU3", 1, 1500)], [bundle]))).toEqual([-1000]);
    }
    expect(reasons(apply([line("SKU1", 1, 1500), line("SKU2", 1, 1500)], [bundle]))).toEqual([
      { type: "units_missing", required: 1, found: 0, targets: ["SKU3"] },
    ]);
  });

  test("a code for 50 % with two uses left by the item discounts two units, and takes both uses", () => {
    const kind: PromotionKind = { type: "item_percent_discount", percent: 50, scope: { all: true } };
    const result = apply([line("A", 3, 1000)], [withCode(kind, { consumeUnit: "per_item", usesLeft: 2 })]);
    expect(result.applied).toMatchObject([{ amount: -1000, discountedUnits: 2, uses: 2 }]);
  });

  test("two of one item and three of another are five uses by the item", () => {
    const kind: PromotionKind = { type: "item_percent_discount", percent: 10, scope: { all: true } };
    const lines = [line("A", 2, 1000), line("B", 3, 1000)];
    expect(apply(lines, [withCode(kind, { consumeUnit: "per_item", usesLeft: 10 })]).applied).toMatchObject([
      { uses: 5 },
    ]);
    expect(apply(lines, [withCode(kind, { consumeUnit: "per_cart" })]).applied).toMatchObject([{ uses: 1 }]);
  });
});

describe("cart promotions", () => {
  test("G4 a fixed amount takes at most what there is", () => {
    const lines = [line("A", 1, 300), custom("WRAP", 1, 200)];
    const result = apply(lines, [automatic({ type: "fixed_discount", amounts: usd(1000), scope: {} })]);
    expect(amounts(result)).toEqual([-500]);
    expect(total(lines, result)).toBe(0);
  });

  test("G5 a percentage is one of what is left: 40 % and 70 % are not free, 20 % and 10 % leave 72", () => {
    const lines = [line("A", 1, 10_000)];
    const stacked = (first: number, second: number) =>
      apply(lines, [
        automatic({ ...percentOff(first), scope: {} }),
        automatic({ ...percentOff(second), scope: {} }),
      ]);
    expect(total(lines, stacked(40, 70))).toBe(1800);
    const result = stacked(20, 10);
    expect(result.applied.map(({ base, amount }) => [base, amount])).toEqual([
      [10_000, -2000],
      [8000, -800],
    ]);
    expect(total(lines, result)).toBe(7200);
  });

  test("G5 item promotions count from the price as entered, those of the cart from what they leave, whatever is older", () => {
    const lines = [line("A", 1, 10_000)];
    const result = apply(lines, [
      automatic({ ...percentOff(10), scope: {} }),
      automatic({ type: "item_percent_discount", percent: 50, scope: { all: true } }),
    ]);
    expect(result.applied.map(({ level, base, amount }) => [level, base, amount])).toEqual([
      ["item", 10_000, -5000],
      ["cart", 5000, -500],
    ]);
  });

  test.each([
    [12.5, 1000, 125],
    [33.333333, 10_000, 3333],
    [0.000001, 50_000_000, 1],
    [0.000001, 49_999_999, 0],
    [8.125, 10_000, 813],
    [100, 999, 999],
    // 1.005 % of 100,000 is exactly 1005, which binary fractions miss.
    [1.005, 100_000, 1005],
    [64.999999, 50_000_000, 32_500_000],
  ])("%d %% of %i is %i, exact and rounded half away from zero", (percent, price, expected) => {
    const lines = [line("A", 1, price)];
    const result = apply(lines, [automatic({ ...percentOff(percent), scope: {} })]);
    expect(total(lines, result)).toBe(price - expected);
    const item = apply(lines, [automatic({ type: "item_percent_discount", percent, scope: { all: true } })]);
    expect(total(lines, item)).toBe(price - expected);
    if (expected === 0)
      expect([...reasons(result), ...reasons(item)]).toEqual([{ type: "no_saving" }, { type: "no_saving" }]);
  });

  test("excluded lines neither get the discount nor count for the minimum", () => {
    const lines = [line("A", 1, 6000), line("B", 1, 5000)];
    const kind: PromotionKind = { ...percentOff(10), scope: { exclude: { targets: ["B"] } } };
    const result = apply(lines, [automatic(kind)]);
    expect(result.cartDiscounts).toMatchObject([{ amount: -600, lineIds: ["A"] }]);
    expect(reasons(apply(lines, [automatic(kind, { minCartValue: usd(6001) })]))).toEqual([
      { type: "cart_value_too_low", required: 6001, value: 6000 },
    ]);
    expect(reasons(apply([line("B", 1, 5000)], [automatic(kind)]))).toEqual([
      { type: "nothing_eligible", hasExcluded: true },
    ]);
  });

  test("what an older discount took from a line is gone for a newer one on that line alone", () => {
    const lines = [line("A", 1, 6000), line("B", 1, 4000)];
    const result = apply(lines, [
      automatic({ type: "fixed_discount", amounts: usd(5000), scope: {} }),
      automatic({ ...percentOff(100), scope: { exclude: { targets: ["B"] } } }),
      automatic({ ...percentOff(50), scope: { exclude: { targets: ["A"] } } }),
    ]);
    expect(amounts(result)).toEqual([-5000, -3000, -1000]);
    expect(total(lines, result)).toBe(1000);
  });

  test("one that comes when nothing is left says so", () => {
    const result = apply(
      [line("A", 1, 500)],
      [
        automatic({ ...percentOff(100), scope: {} }),
        automatic({ type: "fixed_discount", amounts: usd(100), scope: {} }),
      ],
    );
    expect(reasons(result)).toEqual([{ type: "nothing_left" }]);
  });
});

describe("item promotions", () => {
  test("an amount off each unit, never below 0", () => {
    const kind: PromotionKind = {
      type: "item_fixed_discount",
      amounts: usd(500),
      scope: { targets: ["A", "p-B"] },
    };
    const result = apply([line("A", 2, 800), line("B", 3, 300), line("C", 1, 900)], [automatic(kind)]);
    expect(off(result)).toEqual({ A: 1000, B: 900 });
    expect(result.applied).toMatchObject([{ base: 2500, discountedUnits: 5 }]);
  });

  test("a share of each unit is rounded once for the line", () => {
    const kind: PromotionKind = { type: "item_percent_discount", percent: 10, scope: { all: true } };
    expect(off(apply([line("A", 15, 3)], [automatic(kind)]))).toEqual({ A: 5 });
  });

  test("a custom item takes part only when its SKU is named", () => {
    const lines = [line("A", 1, 1000), custom("WRAP", 1, 1000)];
    const of = (scope: { all?: boolean; targets?: string[] }) =>
      off(apply(lines, [automatic({ type: "item_percent_discount", percent: 10, scope })]));
    expect(of({ all: true })).toEqual({ A: 100 });
    expect(of({ targets: ["WRAP"] })).toEqual({ "custom WRAP": 100 });
  });

  test("lines of one product share its limit, and so do custom items of one SKU", () => {
    const kind: PromotionKind = {
      type: "item_fixed_discount",
      amounts: usd(100),
      scope: { all: true, targets: ["W"] },
    };
    const lines = [
      line("A", 2, 1000),
      line("A", 2, 1000, { id: "engraved", inputs: "Ann" }),
      custom("W", 1, 500),
      { ...custom("W", 1, 500), id: "other" },
    ];
    const result = apply(lines, [automatic(kind, { maxApplicationsPerCart: 3 })]);
    expect(off(result)).toEqual({ A: 200, engraved: 100, "custom W": 100, other: 100 });
  });

  test.each([
    [1, 0],
    [2, 0],
    [3, 1],
    [5, 1],
    [6, 2],
    [7, 2],
    [9, 3],
  ])("3 for 2 of %i units frees %i", (quantity, free) => {
    const result = apply(
      [line("A", quantity, 100)],
      [automatic({ type: "x_for_y", x: 3, y: 2, scope: { all: true } })],
    );
    expect(off(result)).toEqual(free === 0 ? {} : { A: free * 100 });
    if (free === 0) {
      expect(reasons(result)).toEqual([{ type: "units_missing", required: 3, found: quantity }]);
    } else {
      expect(result.applied[0]!.discountedUnits).toBe(free * 3);
    }
  });

  test("sets are of one product with the same inputs, wherever its units lie", () => {
    const kind: PromotionKind = { type: "x_for_y", x: 2, y: 1, scope: { all: true } };
    const of = (...lines: PromotableLine[]) => off(apply(lines, [automatic(kind)]));
    expect(of(line("A", 1, 100), line("B", 1, 100))).toEqual({});
    expect(of(line("A", 1, 100, { inputs: "Ann" }), line("A", 1, 100, { id: "bob", inputs: "Bob" }))).toEqual(
      {},
    );
    expect(of(line("A", 1, 100), line("A", 1, 100, { id: "elsewhere" }))).toEqual({ A: 50, elsewhere: 50 });
    // The cheaper one is free when the price has changed in between.
    expect(of(line("A", 1, 100), line("A", 1, 60, { id: "old" }))).toEqual({ A: 38, old: 22 });
  });

  test("x for y and x for an amount are limited by sets of each product", () => {
    const lines = [line("A", 6, 100), line("B", 4, 50)];
    const limited = { maxApplicationsPerCart: 2 };
    const free = automatic({ type: "x_for_y", x: 2, y: 1, scope: { all: true } }, limited);
    expect(off(apply(lines, [free]))).toEqual({ A: 200, B: 100 });
    const priced = automatic({ type: "x_for_amount", x: 2, amounts: usd(80), scope: { all: true } }, limited);
    expect(off(apply(lines, [priced]))).toEqual({ A: 240, B: 40 });
    const engraved = line("A", 4, 100, { id: "engraved", inputs: "Ann" });
    expect(apply([...lines, engraved], [free]).applied).toMatchObject([{ amount: -300, discountedUnits: 8 }]);
  });

  test.each([
    [3, 500, 900, undefined],
    [3, 301, 900, undefined],
    [3, 300, 900, "no_saving"],
    [3, 100, 300, "no_saving"],
    [2, 500, 1000, "units_missing"],
    [7, 500, 2300, undefined],
  ])("3 for 9.00: %i at %i cents", (quantity, price, expected, reason) => {
    const lines = [line("A", quantity, price)];
    const result = apply(lines, [
      automatic({ type: "x_for_amount", x: 3, amounts: usd(900), scope: { all: true } }),
    ]);
    expect(total(lines, result)).toBe(expected);
    expect(result.refused.map((one) => one.reason.type)).toEqual(reason ? [reason] : []);
  });

  test("y of 0 frees the set, and y not below x saves nothing", () => {
    const of = (y: number) =>
      apply([line("A", 2, 100)], [automatic({ type: "x_for_y", x: 2, y, scope: { all: true } })]);
    expect(off(of(0))).toEqual({ A: 200 });
    expect(reasons(of(2))).toEqual([{ type: "no_saving" }]);
  });

  test("G4 a bundle never costs more than its parts, and only the sets that save are sold", () => {
    const bundle = (amount: number, more: Partial<Promotion> = {}) =>
      automatic(
        {
          type: "bundle_fixed_discount",
          requirements: [
            { targets: ["A", "B"], quantity: 1 },
            { targets: ["C"], quantity: 2 },
          ],
          amounts: usd(amount),
        },
        more,
      );
    const lines = [line("A", 1, 500), line("B", 5, 100), line("C", 6, 150)];
    // A and two C are 800; B and two C are 400.
    expect(reasons(apply(lines, [bundle(800)]))).toEqual([{ type: "no_saving" }]);
    expect(off(apply(lines, [bundle(600)]))).toEqual({ A: 125, C: 75 });
    expect(amounts(apply(lines, [bundle(300)]))).toEqual([-(500 + 100 + 100)]);
    expect(amounts(apply(lines, [bundle(300, { maxApplicationsPerCart: 2 })]))).toEqual([-600]);
    expect(amounts(apply(lines, [bundle(0)]))).toEqual([-1600]);
  });

  test("a bundle's saving falls on its parts so that they add up", () => {
    const requirements = ["A", "B", "C"].map((sku) => ({ targets: [sku], quantity: 1 }));
    const lines = [line("A", 1, 100), line("B", 1, 100), line("C", 1, 100)];
    const result = apply(lines, [
      automatic({ type: "bundle_fixed_discount", requirements, amounts: usd(290) }),
    ]);
    expect(off(result)).toEqual({ A: 4, B: 3, C: 3 });
  });

  test("custom items are part of a bundle when their SKU is", () => {
    const requirements = [
      { targets: ["A"], quantity: 1 },
      { targets: ["WRAP"], quantity: 1 },
    ];
    const result = apply(
      [line("A", 1, 800), custom("WRAP", 1, 200)],
      [automatic({ type: "bundle_fixed_discount", requirements, amounts: usd(900) })],
    );
    expect(off(result)).toEqual({ A: 80, "custom WRAP": 20 });
  });

  test("each unit takes part in one of them, the oldest first, whatever order they come in", () => {
    const lines = [line("A", 5, 1000)];
    const older = automatic(
      { type: "x_for_y", x: 2, y: 1, scope: { all: true } },
      { maxApplicationsPerCart: 1 },
    );
    const newer = automatic({ type: "item_percent_discount", percent: 10, scope: { all: true } });
    const newest = automatic({ type: "item_fixed_discount", amounts: usd(1), scope: { all: true } });
    const result = apply(lines, [newest, newer, older]);
    expect(
      result.applied.map(({ amount, discountedUnits, place }) => [amount, discountedUnits, place]),
    ).toEqual([
      [-1000, 2, 0],
      [-300, 3, 1],
    ]);
    expect(result.refused).toMatchObject([
      { promotionId: newest.promotion.id, reason: { type: "units_taken" } },
    ]);
    expect(apply(lines, [older, newer, newest])).toEqual(result);
  });

  test("of promotions made at the same moment the lower id comes first", () => {
    const same = { createdAt: "2026-01-01T00:00:00.000Z" };
    const scope = { all: true };
    const b = automatic({ type: "item_fixed_discount", amounts: usd(1), scope }, { ...same, id: "b" });
    const a = automatic({ type: "item_fixed_discount", amounts: usd(2), scope }, { ...same, id: "a" });
    expect(amounts(apply([line("A", 1, 10)], [b, a]))).toEqual([-2]);
  });

  test("the largest discount holds for the whole promotion and is shared", () => {
    const kind: PromotionKind = { type: "item_percent_discount", percent: 50, scope: { all: true } };
    const lines = [line("A", 1, 1000), line("B", 1, 2000)];
    const bound = (amount: number) => apply(lines, [automatic(kind, { maxDiscountValue: usd(amount) })]);
    expect(off(bound(100))).toEqual({ A: 33, B: 67 });
    expect(off(bound(1500))).toEqual({ A: 500, B: 1000 });
    expect(off(bound(1501))).toEqual({ A: 500, B: 1000 });
    expect(reasons(bound(0))).toEqual([{ type: "no_saving" }]);
    const whole = automatic({ ...percentOff(50), scope: {} }, { maxDiscountValue: usd(100) });
    expect(amounts(apply(lines, [whole]))).toEqual([-100]);
  });

  test.each([
    ["x_for_y", { type: "x_for_y", x: 3, y: 2, scope: { all: true } }],
    ["x_for_amount", { type: "x_for_amount", x: 3, amounts: usd(1), scope: { all: true } }],
    [
      "bundle",
      { type: "bundle_fixed_discount", requirements: [{ targets: ["A"], quantity: 3 }], amounts: usd(1) },
    ],
  ] satisfies [string, PromotionKind][])(
    "G3 %s uses a code by whole sets of units, as many as it has uses for",
    (_, kind) => {
      const of = (usesLeft: number) =>
        apply([line("A", 9, 100)], [withCode(kind, { consumeUnit: "per_item", usesLeft })]);
      expect(reasons(of(2))).toEqual([{ type: "code_uses_too_few", required: 3, left: 2 }]);
      expect(of(3).applied).toMatchObject([{ uses: 3 }]);
      expect(of(8).applied).toMatchObject([{ uses: 6 }]);
      expect(of(100).applied).toMatchObject([{ uses: 9 }]);
    },
  );
});

describe("G7 a promotion that does not apply names the condition that failed", () => {
  const half: PromotionKind = { type: "item_percent_discount", percent: 50, scope: { targets: ["A"] } };
  const lines = [line("A", 1, 1000), line("B", 1, 3000)];
  test.each<[string, PromotionInPlay, Partial<ApplyPromotions>, object]>([
    ["off", automatic(half, { enabled: false }), {}, { type: "not_enabled" }],
    ["early", automatic(half, { start: "2026-07-01" }), {}, { type: "not_started", start: "2026-07-01" }],
    ["late", automatic(half, { end: "2026-06-15 12:00" }), {}, { type: "ended", end: "2026-06-15 12:00" }],
    ["code used up", withCode(half, { usesLeft: 0 }), {}, { type: "code_used_up" }],
    [
      "code of another",
      withCode(half, { user: "c1" }),
      { shopper: ["c2"] },
      { type: "code_for_another_user" },
    ],
    [
      "item level in simple",
      automatic(half),
      { method: "simple" },
      { type: "method_unsupported", method: "simple", member: "item_level" },
    ],
    [
      "exclusion in simple",
      automatic({ ...percentOff(5), scope: { exclude: { targets: ["B"] } } }),
      { method: "simple" },
      { type: "method_unsupported", method: "simple", member: "exclude" },
    ],
    [
      "no percentage in the currency",
      automatic({ ...percentOff(5), scope: {} }),
      { currency: "EUR" },
      { type: "currency_missing", currency: "EUR", member: "kind" },
    ],
    [
      "no amount in the currency",
      automatic({ type: "item_fixed_discount", amounts: usd(5), scope: { all: true } }),
      { currency: "EUR" },
      { type: "currency_missing", currency: "EUR", member: "kind" },
    ],
    [
      "no minimum in the currency",
      automatic(half, { minCartValue: usd(5) }),
      { currency: "EUR" },
      { type: "currency_missing", currency: "EUR", member: "min_cart_value" },
    ],
    [
      "no maximum in the currency",
      automatic(half, { maxDiscountValue: usd(5) }),
      { currency: "EUR" },
      { type: "currency_missing", currency: "EUR", member: "max_discount_value" },
    ],
    ["empty cart", automatic(half), { lines: [] }, { type: "cart_empty" }],
    [
      "a cart beyond the bound",
      automatic(half),
      { lines: [line("A", 2, MAX_AMOUNT)] },
      { type: "cart_too_large" },
    ],
    [
      "too little",
      automatic(half, { minCartValue: usd(4001) }),
      {},
      { type: "cart_value_too_low", required: 4001, value: 4000 },
    ],
    [
      "nothing meant",
      automatic(half),
      { lines: [line("B", 1, 1)] },
      { type: "nothing_eligible", hasExcluded: false },
    ],
    [
      "excluded",
      automatic({ ...half, scope: { targets: ["A"], exclude: { targets: ["p-A"] } } }),
      {},
      { type: "nothing_eligible", hasExcluded: true },
    ],
    ["nothing to save", automatic(half), { lines: [line("A", 3, 0)] }, { type: "no_saving" }],
    [
      "a bundle without requirements",
      automatic({ type: "bundle_fixed_discount", requirements: [], amounts: usd(5) }),
      {},
      { type: "nothing_eligible", hasExcluded: false },
    ],
    [
      "requirements that share what there is",
      automatic({
        type: "bundle_fixed_discount",
        requirements: [
          { targets: ["A"], quantity: 1 },
          { targets: ["p-A"], quantity: 1 },
        ],
        amounts: usd(5),
      }),
      {},
      { type: "units_missing", required: 2, found: 1, targets: ["A", "p-A"] },
    ],
  ])("%s", (_, one, more, reason) => {
    const result = apply(lines, [one], more);
    expect(reasons(result)).toEqual([reason]);
    expect(result.applied).toEqual([]);
    expect(result.lineDiscounts.size + result.cartDiscounts.length).toBe(0);
  });

  test("units that older promotions took, for each kind", () => {
    const all = automatic({ type: "item_fixed_discount", amounts: usd(1), scope: { all: true } });
    const requirements = [{ targets: ["A"], quantity: 1 }];
    const kinds: PromotionKind[] = [
      half,
      { type: "x_for_y", x: 1, y: 0, scope: { all: true } },
      { type: "x_for_amount", x: 1, amounts: usd(1), scope: { all: true } },
      { type: "bundle_fixed_discount", requirements, amounts: usd(1) },
      { type: "bundle_gift", requirements, gifts: ["B"], autoAdd: false },
    ];
    const result = apply(lines, [all, ...kinds.map((kind) => automatic(kind))]);
    expect(reasons(result)).toEqual(kinds.map(() => ({ type: "units_taken" })));
  });
});

describe("codes", () => {
  const tenth: PromotionKind = { ...percentOff(10), scope: {} };
  test("the same promotion under two codes applies once, by the earlier code that can be used", () => {
    const one = withCode(tenth, { code: "ONE", usesLeft: 0 });
    const again = { ...one, code: { code: "TWO", consumeUnit: "per_cart" as const } };
    const third = { ...one, code: { code: "THREE", consumeUnit: "per_cart" as const } };
    const result = apply([line("A", 1, 1000)], [one, again, third]);
    expect(result.applied.map(({ code, amount }) => [code, amount])).toEqual([["TWO", -100]]);
    expect(result.refused.map(({ code, reason }) => [code, reason.type])).toEqual([
      ["ONE", "code_used_up"],
      ["THREE", "already_applied"],
    ]);
  });

  test("G3 the last use is allowed", () => {
    expect(amounts(apply([line("A", 1, 1000)], [withCode(tenth, { usesLeft: 1 })]))).toEqual([-100]);
  });

  test("a code of a user applies for them", () => {
    const one = withCode(tenth, { user: "c1" });
    expect(amounts(apply([line("A", 1, 1000)], [one], { shopper: ["c1"] }))).toEqual([-100]);
  });

  test("a cart promotion takes one use, also of a code that is used up by the item", () => {
    const one = withCode(tenth, { consumeUnit: "per_item", usesLeft: 1 });
    expect(apply([line("A", 5, 1000)], [one]).applied).toMatchObject([{ uses: 1, discountedUnits: 0 }]);
  });
});

test("the minimum is one of the goods before discounts, and is reached at it", () => {
  const half = automatic({ type: "item_percent_discount", percent: 50, scope: { all: true } });
  const fromHundred = automatic({ ...percentOff(10), scope: {} }, { minCartValue: usd(10_000) });
  const lines = [line("A", 1, 9000), custom("WRAP", 2, 500)];
  expect(amounts(apply(lines, [half, fromHundred]))).toEqual([-4500, -550]);
});

test("C5 everything is worked out of the cart as it is: another price is another discount", () => {
  const tenth = automatic({ type: "item_percent_discount", percent: 10, scope: { all: true } });
  for (const price of [1000, 900, 1100]) {
    expect(amounts(apply([line("A", 1, price)], [tenth]))).toEqual([0 - price / 10]);
  }
});

test("G6 a discount of everything leaves exactly 0", () => {
  const lines = [line("A", 3, 333), custom("WRAP", 1, 1)];
  const result = apply(lines, [
    automatic({ type: "item_percent_discount", percent: 33.333333, scope: { all: true } }),
    automatic({ ...percentOff(100), scope: {} }),
  ]);
  expect(total(lines, result)).toBe(0);
});

test.each([
  ["JPY", 500, 50],
  ["USD", 500, 50],
  ["KWD", 1234, 123],
])("H6 amounts in %s are its minor units: 10 %% of %i is %i", (currency, price, expected) => {
  const percents = [{ currency, percent: 10 }];
  const result = apply(
    [line("A", 1, price)],
    [automatic({ type: "percent_discount", percents, scope: {} })],
    {
      currency,
    },
  );
  expect(amounts(result)).toEqual([0 - expected]);
});

test("simple takes cart promotions off the sum, in catalogs too", () => {
  const lines = [line("A", 1, 600, { catalogId: "main" }), line("B", 1, 400)];
  const result = apply(
    lines,
    [
      automatic({ ...percentOff(50), scope: { catalogs: ["main"] } }),
      automatic({ type: "fixed_discount", amounts: usd(5000), scope: {} }),
      automatic({ ...percentOff(50), scope: {} }),
    ],
    { method: "simple" },
  );
  expect(amounts(result)).toEqual([-300, -700]);
  expect(reasons(result)).toEqual([{ type: "nothing_left" }]);
  const priced = priceCart({
    lines: lines.map((one) => ({ ...one, includesTax: false, taxes: [] })),
    cartDiscounts: result.cartDiscounts,
    method: "simple",
  });
  expect(priced.ok && priced.value.totals.withTax).toBe(0);
});

test("G4 simple: a promotion on some lines takes no more than older ones have left of the sum", () => {
  const lines = [line("A", 1, 600, { catalogId: "main" }), line("B", 1, 400)];
  const result = apply(
    lines,
    [
      automatic({ type: "fixed_discount", amounts: usd(700), scope: {} }),
      automatic({ ...percentOff(100), scope: { catalogs: ["main"] } }),
    ],
    { method: "simple" },
  );
  expect(amounts(result)).toEqual([-700, -300]);
});

test("a line that has no price or quantity is a bug", () => {
  const tenth = automatic({ type: "item_percent_discount", percent: 10, scope: { all: true } });
  for (const broken of [line("A", 0, 1), line("A", 1.5, 1), line("A", 1, -1), line("A", 1, 0.5)]) {
    expect(() => apply([broken], [tenth])).toThrow(RangeError);
  }
});
