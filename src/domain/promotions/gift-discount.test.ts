import { describe, expect, test } from "vitest";
import type { AppliedPromotions } from "./applied-promotions.ts";
import { applyPromotions } from "./apply-promotions.ts";
import type { PromotableLine } from "./open-cart.ts";
import type { Promotion, PromotionKind } from "./promotion.ts";
import { automaticCode, type PromotionCode, type PromotionInPlay } from "./promotion-code.ts";

const line = (sku: string, quantity: number, unitAmount: number, giftQuantity = 0): PromotableLine => ({
  id: sku,
  productId: `p-${sku}`,
  sku,
  quantity,
  unitAmount,
  giftQuantity,
});

const requires = (...pairs: [string, number][]) =>
  pairs.map(([sku, quantity]) => ({ targets: [sku], quantity }));

function gift(
  requirements: ReturnType<typeof requires>,
  gifts: readonly string[],
  autoAdd: boolean,
  more: Partial<Promotion> = {},
  code?: Partial<PromotionCode>,
): PromotionInPlay {
  const promotion: Promotion = {
    id: "gift",
    name: "Gift",
    description: "",
    enabled: true,
    automatic: autoAdd,
    kind: { type: "bundle_gift", requirements, gifts, autoAdd },
    start: "2026-01-01",
    end: "2027-01-01",
    createdAt: "2026-01-01T00:00:00.000Z",
    ...more,
  };
  return { promotion, code: { ...automaticCode(promotion), ...code } };
}

const tenth = (createdAt: string): PromotionInPlay => {
  const kind: PromotionKind = { type: "item_percent_discount", percent: 10, scope: { all: true } };
  return gift([], [], false, { id: "tenth", kind, createdAt });
};
const newerTenth = tenth("2026-02-01T00:00:00.000Z");

const apply = (lines: readonly PromotableLine[], ...promotions: readonly PromotionInPlay[]) =>
  applyPromotions({ lines, promotions, currency: "USD", now: "2026-06-15T12:00:00Z", method: "line" });

/** What each line has off, in minor units. */
function off(result: AppliedPromotions): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [id, discounts] of result.lineDiscounts) {
    sums[id] = discounts.reduce((sum, { amount }) => sum - amount, 0);
  }
  return sums;
}

/** By SKU: units given, free now, and to be kept in the cart by the engine. */
const given = (result: AppliedPromotions) =>
  result.gifts.map(({ sku, quantity, discounted, autoQuantity }) => [
    sku,
    quantity,
    discounted,
    autoQuantity,
  ]);

/** Puts gifts in as long as that changes anything, as whoever keeps the cart will. */
function settle(lines: readonly PromotableLine[], ...promotions: readonly PromotionInPlay[]) {
  let now = lines;
  for (let round = 0; round < 5; round++) {
    const result = apply(now, ...promotions);
    const wanted = new Map<string, number>();
    for (const { sku, autoQuantity } of result.gifts) {
      wanted.set(sku, (wanted.get(sku) ?? 0) + autoQuantity);
    }
    const next = now.map((one) => {
      const giftQuantity = wanted.get(one.sku) ?? 0;
      return { ...one, giftQuantity, quantity: one.quantity - (one.giftQuantity ?? 0) + giftQuantity };
    });
    if (JSON.stringify(next) === JSON.stringify(now)) return { lines: now, result };
    now = next;
  }
  throw new Error("gifts do not settle");
}

describe("gifts that the shopper adds", () => {
  const promotion = gift(requires(["SHOE", 2]), ["SOCKS"], false);

  test("one is free for every time that the requirements are met", () => {
    expect(off(apply([line("SHOE", 4, 5000), line("SOCKS", 3, 500)], promotion))).toEqual({ SOCKS: 1000 });
    expect(off(apply([line("SHOE", 9, 5000), line("SOCKS", 3, 500)], promotion))).toEqual({ SOCKS: 1500 });
  });

  test("G7 what is missing is told: units for the gift, or the gift", () => {
    const short = apply([line("SHOE", 1, 5000), line("SOCKS", 1, 500)], promotion);
    expect(short.refused.map(({ reason }) => reason)).toEqual([
      { type: "units_missing", required: 2, found: 1, targets: ["SHOE"] },
    ]);
    const without = apply([line("SHOE", 4, 5000)], promotion);
    expect(without.refused.map(({ reason }) => reason)).toEqual([
      { type: "gift_missing", skus: ["SOCKS"], isAdded: false },
    ]);
    expect(given(without)).toEqual([["SOCKS", 2, 0, 0]]);
  });

  test("each of several gifts is free, as far as they are there", () => {
    const several = gift(requires(["SHOE", 1]), ["SOCKS", "POLISH", "LACES", "SOCKS"], false);
    const lines = [line("SHOE", 3, 5000), line("SOCKS", 1, 500), line("POLISH", 5, 700)];
    const result = apply(lines, several);
    expect(off(result)).toEqual({ SOCKS: 500, POLISH: 2100 });
    expect(result.applied).toMatchObject([{ amount: -2600, base: 2600, discountedUnits: 4 }]);
    expect(given(result)).toEqual([
      ["SOCKS", 3, 1, 0],
      ["POLISH", 3, 3, 0],
      ["LACES", 3, 0, 0],
    ]);
  });

  test.each([
    [1, 0],
    [2, 1],
    [3, 1],
    [4, 2],
    [5, 2],
  ])("a unit is either the gift or what it is given for: of %i coffees %i are free", (quantity, free) => {
    const result = apply([line("COFFEE", quantity, 300)], gift(requires(["COFFEE", 1]), ["COFFEE"], false));
    expect(off(result)).toEqual(free === 0 ? {} : { COFFEE: free * 300 });
    expect(given(result)).toEqual([["COFFEE", Math.ceil(quantity / 2), free, 0]]);
  });

  test("the limit for each cart is one of sets", () => {
    const once = gift(requires(["SHOE", 1]), ["SOCKS"], false, { maxApplicationsPerCart: 1 });
    const result = apply([line("SHOE", 3, 5000), line("SOCKS", 3, 500)], once);
    expect(off(result)).toEqual({ SOCKS: 500 });
    expect(given(result)).toEqual([["SOCKS", 1, 1, 0]]);
  });

  test("G3 a code that is used up by the item gives as many units as it has uses", () => {
    const lines = [line("SHOE", 5, 5000), line("SOCKS", 5, 500), line("POLISH", 5, 700)];
    for (const usesLeft of [1, 2, 3, 4, 5]) {
      const code = { consumeUnit: "per_item" as const, usesLeft };
      const result = apply(lines, gift(requires(["SHOE", 1]), ["SOCKS", "POLISH"], false, {}, code));
      expect(result.applied).toMatchObject([{ uses: usesLeft, discountedUnits: usesLeft }]);
      expect(result.gifts.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(usesLeft);
    }
  });

  test("what a gift was given for is taken, and is free for others while there is no gift", () => {
    expect(off(apply([line("SHOE", 3, 5000), line("SOCKS", 1, 500)], promotion, newerTenth))).toEqual({
      SHOE: 500,
      SOCKS: 500,
    });
    expect(off(apply([line("SHOE", 3, 5000)], promotion, newerTenth))).toEqual({ SHOE: 1500 });
  });

  test("automatic adding asks for an automatic promotion", () => {
    const entered = gift(requires(["SHOE", 1]), ["SOCKS"], true, { automatic: false });
    expect(given(apply([line("SHOE", 1, 5000)], entered))).toEqual([["SOCKS", 1, 0, 0]]);
  });

  test("units that another promotion put in are no gifts of this one", () => {
    const lines = [line("SHOE", 2, 5000), line("SOCKS", 1, 500, 1)];
    expect(off(apply(lines, promotion))).toEqual({});
  });
});

describe("gifts that the engine adds", () => {
  const promotion = gift(requires(["SHOE", 1]), ["SOCKS"], true);

  test("are asked for, and free once they are in", () => {
    const without = apply([line("SHOE", 2, 5000)], promotion);
    expect(given(without)).toEqual([["SOCKS", 2, 0, 2]]);
    expect(without.refused.map(({ reason }) => reason)).toEqual([
      { type: "gift_missing", skus: ["SOCKS"], isAdded: true },
    ]);
    const put = apply([line("SHOE", 2, 5000), line("SOCKS", 2, 500, 2)], promotion);
    expect(off(put)).toEqual({ SOCKS: 1000 });
    expect(given(put)).toEqual([["SOCKS", 2, 2, 2]]);
  });

  test("the shopper's own unit is free first, and then fewer are added", () => {
    const { lines, result } = settle([line("SHOE", 2, 5000), line("SOCKS", 1, 500)], promotion);
    expect(lines[1]).toMatchObject({ quantity: 2, giftQuantity: 1 });
    expect(off(result)).toEqual({ SOCKS: 1000 });
  });

  test("what was put in and is no longer due costs its price until it is taken out", () => {
    const result = apply([line("SOCKS", 2, 500, 2)], promotion, newerTenth);
    expect(off(result)).toEqual({});
    expect(given(result)).toEqual([]);
  });

  test("a gift is never a reason for itself: neither for its requirement nor for a minimum", () => {
    const coffee = gift(requires(["COFFEE", 1]), ["COFFEE"], true);
    for (const quantity of [1, 2, 3]) {
      const { lines, result } = settle([line("COFFEE", quantity, 300)], coffee);
      expect(lines).toMatchObject([{ quantity: 2 * quantity, giftQuantity: quantity }]);
      expect(off(result)).toEqual({ COFFEE: 300 * quantity });
    }
    const minimum = gift(requires(["SHOE", 1]), ["SOCKS"], true, {
      minCartValue: [{ currency: "USD", amount: 5001 }],
    });
    const result = apply([line("SHOE", 1, 5000), line("SOCKS", 1, 500, 1)], minimum);
    expect(result.refused.map(({ reason }) => reason)).toEqual([
      { type: "cart_value_too_low", required: 5001, value: 5000 },
    ]);
  });

  test("two promotions with the same gift each give their own", () => {
    const other = gift(requires(["COAT", 1]), ["SOCKS"], true, { id: "other" });
    const start = [line("SHOE", 1, 5000), line("COAT", 1, 9000), line("SOCKS", 1, 500)];
    const { lines, result } = settle(start, promotion, other);
    expect(lines[2]).toMatchObject({ quantity: 2, giftQuantity: 1 });
    expect(off(result)).toEqual({ SOCKS: 1000 });
    expect(result.applied.map(({ promotionId, amount }) => [promotionId, amount])).toEqual([
      ["gift", -500],
      ["other", -500],
    ]);
  });

  test("fewer than are due, because stock ran out, are free as far as they are there", () => {
    const result = apply([line("SHOE", 3, 5000), line("SOCKS", 1, 500, 1)], promotion);
    expect(off(result)).toEqual({ SOCKS: 500 });
    expect(given(result)).toEqual([["SOCKS", 3, 1, 3]]);
  });

  test("a gift that costs nothing applies all the same", () => {
    const result = apply([line("SHOE", 1, 5000), line("SOCKS", 1, 0, 1)], promotion);
    expect(result.applied).toMatchObject([{ amount: 0, discountedUnits: 1 }]);
    expect(result.lineDiscounts.size).toBe(0);
  });
});
