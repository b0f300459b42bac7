import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../../test/property-runs.ts";
import { currencyDigits } from "../currency.ts";
import { type PricedCart, priceCart } from "../pricing/price-cart.ts";
import type { AppliedPromotions } from "./applied-promotions.ts";
import { type ApplyPromotions, applyPromotions } from "./apply-promotions.ts";
import { explainPrice } from "./explain.ts";
import type { PromotableLine } from "./open-cart.ts";
import type { CartScope, ItemScope, Promotion, PromotionKind } from "./promotion.ts";
import type { PromotionInPlay } from "./promotion-code.ts";

const skus = ["A", "B", "C", "D", "E", "F"] as const;
const currencies = ["JPY", "USD", "KWD"] as const;

type TestCart = ApplyPromotions & { readonly scale: number };

const seldom = <T>(rare: T, usual: T) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(rare) }, { weight: 25, arbitrary: fc.constant(usual) });
const someSkus = fc.subarray([...skus, "p-A", "none"], { minLength: 1 });
const cartScope: fc.Arbitrary<CartScope> = fc.oneof(
  fc.constant({}),
  fc.subarray([...skus]).map((targets) => ({ exclude: { targets } })),
  fc.constant({ catalogs: ["main"] }),
);
const itemScope: fc.Arbitrary<ItemScope> = fc.oneof(
  fc.constant({ all: true }),
  someSkus.map((targets) => ({ targets })),
  fc.tuple(someSkus, someSkus).map(([targets, excluded]) => ({ targets, exclude: { targets: excluded } })),
  fc.constant({ nodes: ["n1"] }),
);
const requirements = fc.array(fc.record({ targets: someSkus, quantity: fc.integer({ min: 1, max: 3 }) }), {
  minLength: 1,
  maxLength: 3,
});
const percent = fc.oneof(
  fc.nat({ max: 100 }),
  fc.nat({ max: 100_000_000 }).map((millionths) => millionths / 1e6),
);

function anyKind(currency: string, scale: number): fc.Arbitrary<PromotionKind> {
  const amounts = fc.nat({ max: 60 * scale }).map((amount) => [{ currency, amount }]);
  const x = fc.integer({ min: 1, max: 4 });
  const kind = <Type extends PromotionKind["type"], Rest>(
    type: Type,
    rest: { [Key in keyof Rest]: fc.Arbitrary<Rest[Key]> },
  ) => fc.record({ type: fc.constant(type), ...rest });
  return fc.oneof(
    kind("fixed_discount", { amounts, scope: cartScope }),
    kind("percent_discount", {
      percents: percent.map((value) => [{ currency, percent: value }]),
      scope: cartScope,
    }),
    kind("item_fixed_discount", { amounts, scope: itemScope }),
    kind("item_percent_discount", { percent, scope: itemScope }),
    kind("x_for_y", { x, y: fc.nat({ max: 3 }), scope: itemScope }),
    kind("x_for_amount", { x, amounts, scope: itemScope }),
    kind("bundle_fixed_discount", { requirements, amounts }),
    kind("bundle_gift", {
      requirements,
      gifts: fc.subarray([...skus], { minLength: 1, maxLength: 2 }),
      autoAdd: fc.boolean(),
    }),
  ) as fc.Arbitrary<PromotionKind>;
}

function anyInPlay(id: string, currency: string, scale: number): fc.Arbitrary<PromotionInPlay> {
  const bound = fc.option(
    fc.nat({ max: 80 * scale }).map((amount) => [{ currency, amount }]),
    { nil: [], freq: 4 },
  );
  return fc.record({
    promotion: fc.record({
      id: fc.constant(id),
      name: fc.constant(id),
      description: fc.constant(""),
      enabled: seldom(false, true),
      automatic: fc.boolean(),
      kind: anyKind(currency, scale),
      minCartValue: bound,
      maxDiscountValue: bound,
      maxApplicationsPerCart: fc.constantFrom(0, 0, 1, 2, 5),
      start: fc.constant("2026-01-01"),
      end: seldom("2026-02-01", "2027-01-01"),
      createdAt: fc.constantFrom(
        "2026-01-01T00:00:00.000Z",
        "2026-01-02T00:00:00.000Z",
        "2026-01-03T00:00:00.000Z",
      ),
    }) satisfies fc.Arbitrary<Promotion>,
    code: fc.record(
      {
        code: fc.constant(`code-${id}`),
        consumeUnit: fc.constantFrom("per_cart" as const, "per_item" as const),
        usesLeft: fc.constantFrom(0, 1, 2, 3, 5, 9, 20),
      },
      { requiredKeys: ["code", "consumeUnit"] },
    ),
  });
}

function anyLine(id: string, scale: number): fc.Arbitrary<PromotableLine> {
  return fc
    .record({
      sku: fc.constantFrom(...skus),
      isCustom: fc.boolean(),
      quantity: fc.integer({ min: 1, max: 12 }),
      gifts: fc.constantFrom(0, 0, 0, 1, 2),
      unitAmount: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 100 * scale })),
      catalogId: fc.constantFrom("main", "outlet"),
      nodes: fc.constantFrom([], ["n1"], ["n1", "n2"]),
      inputs: fc.constantFrom("", "engraved"),
    })
    .map(({ sku, isCustom, gifts, ...rest }) => ({
      id,
      sku,
      ...(isCustom ? {} : { productId: `p-${sku}` }),
      ...rest,
      giftQuantity: Math.min(gifts, rest.quantity),
    }));
}

const anyCart: fc.Arbitrary<TestCart> = fc
  .tuple(fc.constantFrom(...currencies), fc.constantFrom(1, 2, 3, 5, 8, 8, 8, 0), fc.constantFrom(1, 2, 4, 6))
  .chain(([currency, size, count]) => {
    const scale = 10 ** currencyDigits(currency);
    const of = <T>(length: number, make: (index: number) => fc.Arbitrary<T>) =>
      fc.tuple(...Array.from({ length }, (_, index) => make(index)));
    return fc.record({
      scale: fc.constant(scale),
      currency: fc.constant(currency),
      method: fc.constantFrom("line" as const, "line" as const, "line" as const, "simple" as const),
      now: fc.constant("2026-06-15T12:00:00Z"),
      lines: of(size, (index) => anyLine(`l${index}`, scale)),
      promotions: of(count, (index) => anyInPlay(`p${index}`, currency, scale)),
    });
  });

const sum = <T>(of: readonly T[], amount: (one: T) => number) => of.reduce((so, one) => so + amount(one), 0);

function priceWith(cart: ApplyPromotions, applied: AppliedPromotions, rate?: number): PricedCart {
  const priced = priceCart({
    lines: cart.lines.map((line) => ({
      ...line,
      includesTax: false,
      taxes: rate === undefined ? [] : [{ id: "vat", rate }],
      discounts: applied.lineDiscounts.get(line.id) ?? [],
    })),
    cartDiscounts: applied.cartDiscounts,
    method: cart.method,
  });
  if (!priced.ok) throw new Error("refused");
  return priced.value;
}

function forEachCart(check: (cart: TestCart, applied: AppliedPromotions) => void): void {
  fc.assert(
    fc.property(anyCart, (cart) => check(cart, applyPromotions(cart))),
    { numRuns: propertyRuns(4000) },
  );
}

test("H1 G4 what is said to be off is off: by promotion, by line and in the total, never more than there is", () => {
  forEachCart((cart, applied) => {
    const priced = priceWith(cart, applied);
    expect(0 - priced.totals.discount).toBe(0 - sum(applied.applied, ({ amount }) => amount));
    expect(priced.totals.withTax).toBe(priced.totals.withoutDiscount + priced.totals.discount);
    expect(priced.totals.withTax).toBeGreaterThanOrEqual(0);
    for (const [place, discount] of applied.cartDiscounts.entries()) {
      expect(priced.cartDiscounts[place]!.amount).toBe(discount.amount);
    }
    for (const line of priced.lines) {
      const wanted = applied.lineDiscounts.get(line.id) ?? [];
      const own = line.discounts.filter(({ fromCart }) => !fromCart);
      expect(own.map(({ amount }) => amount)).toEqual(wanted.map(({ amount }) => amount));
      expect(0 - line.discount).toBeLessThanOrEqual(line.value);
    }
    for (const { promotionId, amount, level } of applied.applied) {
      const parts =
        level === "cart"
          ? applied.cartDiscounts.filter((one) => one.promotionId === promotionId)
          : [...applied.lineDiscounts.values()].flat().filter((one) => one.promotionId === promotionId);
      expect(0 - sum(parts, (part) => part.amount)).toBe(0 - amount);
      for (const part of parts) expect(Number.isSafeInteger(part.amount) && part.amount < 0).toBe(true);
    }
  });
});

test("G4 no promotion takes more than its base or its bound, and each is told once", () => {
  forEachCart((cart, { applied, refused }) => {
    const byId = new Map(cart.promotions.map(({ promotion }) => [promotion.id, promotion]));
    for (const { promotionId, base, amount } of applied) {
      const { maxDiscountValue = [], kind } = byId.get(promotionId)!;
      expect(0 - amount).toBeLessThanOrEqual(Math.min(base, maxDiscountValue[0]?.amount ?? Infinity));
      expect(amount < 0 || kind.type === "bundle_gift").toBe(true);
    }
    const told = [...applied, ...refused].sort((a, b) => a.place - b.place);
    expect(told.map(({ place }) => place)).toEqual(told.map((_, place) => place));
    expect(told.map(({ promotionId }) => promotionId).sort()).toEqual([...byId.keys()].sort());
  });
});

test("G1 G3 no code takes more uses than it has left", () => {
  forEachCart((cart, { applied }) => {
    const byId = new Map(cart.promotions.map(({ promotion, code }) => [promotion.id, code]));
    for (const { promotionId, uses } of applied) {
      expect(uses).toBeGreaterThanOrEqual(1);
      expect(uses).toBeLessThanOrEqual(byId.get(promotionId)!.usesLeft ?? Infinity);
    }
  });
});

test("a unit is in one item promotion only, and limits for each cart hold", () => {
  forEachCart((cart, { applied }) => {
    const units = sum(cart.lines, ({ quantity }) => quantity);
    expect(sum(applied, ({ discountedUnits }) => discountedUnits)).toBeLessThanOrEqual(units);
    const byId = new Map(cart.promotions.map(({ promotion }) => [promotion.id, promotion]));
    const products = new Set(cart.lines.map(({ productId, sku }) => productId ?? sku)).size;
    for (const { promotionId, discountedUnits, level } of applied) {
      const { kind, maxApplicationsPerCart = 0 } = byId.get(promotionId)!;
      if (maxApplicationsPerCart === 0 || level === "cart") continue;
      const unitsOfSet = {
        x_for_y: "x" in kind ? kind.x * products : 0,
        x_for_amount: "x" in kind ? kind.x * products : 0,
        bundle_fixed_discount:
          "requirements" in kind ? sum(kind.requirements, ({ quantity }) => quantity) : 0,
        bundle_gift: "gifts" in kind ? kind.gifts.length : 0,
        item_fixed_discount: products,
        item_percent_discount: products,
        fixed_discount: 0,
        percent_discount: 0,
      }[kind.type];
      expect(discountedUnits).toBeLessThanOrEqual(maxApplicationsPerCart * unitsOfSet);
    }
  });
});

test("G5 H2 again gives the same, also from the stored input and with promotions in another order", () => {
  forEachCart((cart, applied) => {
    const copy: TestCart = JSON.parse(JSON.stringify(cart));
    expect(applyPromotions(copy)).toEqual(applied);
    expect(applyPromotions({ ...copy, promotions: copy.promotions.toReversed() })).toEqual(applied);
  });
});

test("the order of adding changes no promotion where prices of lines tell them apart", () => {
  forEachCart((cart) => {
    // Another price for each line, and one line for each product: no choice is left to the order.
    const lines = skus
      .flatMap((sku) => cart.lines.find((line) => line.sku === sku) ?? [])
      .map((line, place) => ({ ...line, unitAmount: line.unitAmount * 10 + place }));
    // Odd units of a spread discount fall on earlier lines, which a promotion on some lines alone may see.
    const promotions = cart.promotions.filter(({ promotion: { kind } }) =>
      kind.type === "fixed_discount" || kind.type === "percent_discount"
        ? !kind.scope.catalogs && !kind.scope.exclude
        : true,
    );
    const forth = applyPromotions({ ...cart, lines, promotions });
    const back = applyPromotions({ ...cart, lines: lines.toReversed(), promotions });
    expect(back.applied).toEqual(forth.applied);
    expect(back.refused).toEqual(forth.refused);
    expect(back.gifts).toEqual(forth.gifts);
    expect(new Map([...back.lineDiscounts].sort())).toEqual(new Map([...forth.lineDiscounts].sort()));
  });
});

test("G7 the explanation adds up to the total, with tax too", () => {
  forEachCart((cart, applied) => {
    const priced = priceWith(cart, applied, 0.19);
    const { steps, total } = explainPrice(applied, priced);
    expect(total).toBe(priced.totals.withTax);
    expect(sum(steps, ({ amount }) => amount)).toBe(total);
    expect(steps.filter(({ type }) => type === "other_discounts")).toEqual([]);
    let after = 0;
    for (const step of steps) {
      after += step.amount;
      expect(step.after).toBe(after);
    }
  });
});

test("nobody can gain from another promotion's being refused: a refused one changes nothing", () => {
  forEachCart((cart, applied) => {
    const refused = new Set(applied.refused.map(({ promotionId }) => promotionId));
    const without = applyPromotions({
      ...cart,
      promotions: cart.promotions.filter(({ promotion }) => !refused.has(promotion.id)),
    });
    expect(without.lineDiscounts).toEqual(applied.lineDiscounts);
    expect(without.cartDiscounts).toEqual(applied.cartDiscounts);
  });
});

test("gifts settle: putting in what is asked for ends, and asks for no more than was given", () => {
  forEachCart((cart) => {
    let lines = cart.lines.map((line) => {
      const quantity = Math.max(line.quantity - (line.giftQuantity ?? 0), 1);
      return { ...line, quantity, giftQuantity: 0 };
    });
    for (let round = 0; ; round++) {
      const { gifts } = applyPromotions({ ...cart, lines });
      const next = withGifts(lines, gifts, 10 * cart.scale);
      for (const { quantity, discounted, autoQuantity } of gifts) {
        expect(Math.min(quantity - discounted, quantity - autoQuantity)).toBeGreaterThanOrEqual(0);
      }
      if (JSON.stringify(next) === JSON.stringify(lines)) return;
      expect(round).toBeLessThanOrEqual(cart.promotions.length);
      lines = next;
    }
  });
});

/** The lines with as many gifts as are wanted, on the first line of each SKU or on a new one. */
function withGifts(lines: readonly PromotableLine[], gifts: AppliedPromotions["gifts"], unitAmount: number) {
  const wanted = new Map<string, number>();
  for (const { sku, autoQuantity } of gifts) wanted.set(sku, (wanted.get(sku) ?? 0) + autoQuantity);
  const left = new Map(wanted);
  const changed = lines.map((line) => {
    const giftQuantity = left.get(line.sku) ?? 0;
    left.delete(line.sku);
    return { ...line, giftQuantity, quantity: line.quantity - (line.giftQuantity ?? 0) + giftQuantity };
  });
  for (const [sku, quantity] of left) {
    if (quantity > 0) {
      changed.push({
        id: `gift ${sku}`,
        productId: `p-${sku}`,
        sku,
        unitAmount,
        quantity,
        giftQuantity: quantity,
      });
    }
  }
  return changed.filter(({ quantity }) => quantity > 0);
}
