import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../../test/property-runs.ts";
import { aCard, aDiscount, freeShipping, priced, rate } from "../../../test/region-carts.ts";
import { currencyDigits } from "../currency.ts";
import type { RegionLine } from "./region-line.ts";
import { regionOrderTotals } from "./region-order-totals.ts";
import type { PriceRegionCart, RegionTotals } from "./region-totals.ts";

const rates = fc.array(
  fc
    .oneof(
      fc.constantFrom(0, 5, 20, 25, 8.1),
      fc.nat({ max: 30_000 }).map((n) => n / 100),
    )
    .map(rate),
  { maxLength: 3 },
);
const ids = fc.subarray(["a", "b", "c"]);

const anyLine = (scale: number): fc.Arbitrary<Omit<RegionLine, "id">> =>
  fc.record(
    {
      quantity: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1000 })),
      unitPrice: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 2000 * scale })),
      includesTax: fc.boolean(),
      taxRates: rates,
      allowsDiscounts: fc.boolean(),
      product: fc.record({ id: fc.constantFrom("a", "b", "c"), tagIds: ids }),
      adjustments: fc.array(
        fc.nat({ max: 500 * scale }).map((off) => ({ amount: 0 - off, code: "", promotionId: "adjusted" })),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ["quantity", "unitPrice", "includesTax", "taxRates", "allowsDiscounts"] },
  );

const anyDiscount = (scale: number) =>
  fc
    .record({
      type: fc.constantFrom("percentage" as const, "fixed" as const),
      allocation: fc.constantFrom("item" as const, "total" as const),
      percent: fc.oneof(
        fc.constantFrom(10, 100),
        fc.nat({ max: 10_000 }).map((n) => n / 100),
      ),
      amount: fc.nat({ max: 5000 * scale }),
      conditions: fc.array(
        fc.record({
          type: fc.constantFrom("products" as const, "product_tags" as const),
          operator: fc.constantFrom("in" as const, "not_in" as const),
          ids,
        }),
        { maxLength: 1 },
      ),
    })
    .map((rule) => aDiscount(rule));

const anyCart: fc.Arbitrary<PriceRegionCart> = fc.constantFrom("JPY", "USD", "KWD").chain((code) => {
  const scale = 10 ** currencyDigits(code);
  return fc.record({
    lines: fc
      .array(anyLine(scale), { maxLength: 8 })
      .map((lines) => lines.map((line, index) => ({ id: `l${index}`, ...line }))),
    shippingMethods: fc.array(
      fc.record({
        id: fc.constant("s"),
        price: fc.nat({ max: 50 * scale }),
        includesTax: fc.boolean(),
        taxRates: rates,
      }),
      { maxLength: 2 },
    ),
    discounts: fc
      .tuple(fc.option(anyDiscount(scale)), fc.boolean())
      .map(([discount, isFree]) => [...(discount ? [discount] : []), ...(isFree ? [freeShipping] : [])]),
    giftCards: fc.array(
      fc
        .tuple(fc.nat({ max: 3000 * scale }), fc.option(fc.nat({ max: 100 })))
        .map(([balance, percent]) => aCard("g", balance, percent)),
      { maxLength: 3 },
    ),
    areGiftCardsTaxable: fc.boolean(),
    isUntaxed: fc.boolean(),
  });
});

const sum = <T>(of: readonly T[], amount: (one: T) => number) => of.reduce((so, one) => so + amount(one), 0);

function forEachCart(check: (input: PriceRegionCart, result: RegionTotals) => void): void {
  fc.assert(
    fc.property(anyCart, (input) => check(input, priced(input))),
    { numRuns: propertyRuns(3000) },
  );
}

test("H1 every total of a region's cart is the sum of its parts", () => {
  forEachCart((_, { lines, shippingMethods, giftCards, cart }) => {
    for (const line of lines) {
      expect(line.total).toBe(line.subtotal - line.discountTotal + line.taxTotal);
      expect(line.originalTotal).toBe(line.subtotal + line.originalTaxTotal);
      expect(line.taxTotal).toBe(sum(line.taxLines, (tax) => tax.amount));
      expect(line.discountTotal).toBe(0 - sum(line.discounts, (part) => part.amount));
    }
    for (const method of shippingMethods) {
      expect(method.total).toBe(method.subtotal + method.taxTotal);
      expect(method.taxTotal).toBe(sum(method.taxLines, (tax) => tax.amount));
    }
    const left = sum(lines, (line) => line.total) + sum(shippingMethods, (method) => method.total);
    expect(cart.total).toBe(left - sum(giftCards, (card) => card.amount + card.tax));
    expect(cart.total).toBe(
      cart.subtotal +
        cart.shippingTotal +
        cart.taxTotal -
        (cart.giftCardTotal + cart.discountTotal + cart.giftCardTaxTotal),
    );
    const order = regionOrderTotals(cart, 0, 0);
    const orderTotal = order.subtotal + order.shippingTotal + order.taxTotal;
    expect(order.total).toBe(orderTotal - (order.giftCardTotal + order.discountTotal));
    const numbers = numbersIn({ lines, shippingMethods, giftCards, cart });
    expect(numbers.filter((amount) => Object.is(amount, -0))).toEqual([]);
    for (const amount of Object.values(cart)) expect(Number.isSafeInteger(amount)).toBe(true);
  });
});

test("G4 no part of a region's cart is below 0 or above what it is a part of", () => {
  forEachCart((input, { lines, shippingMethods, giftCards, cart }) => {
    for (const [index, line] of lines.entries()) {
      within(line.discountTotal, line.subtotal);
      within(line.taxTotal, line.originalTaxTotal);
      within(line.total, line.originalTotal);
      const { includesTax, quantity, unitPrice } = input.lines[index]!;
      expect(includesTax ? line.originalTotal : line.subtotal).toBe(quantity * unitPrice);
      for (const tax of line.taxLines) within(tax.amount, line.taxTotal);
      if (line.discountTotal > 0 && line.discountTotal === line.subtotal) expect(line.total).toBe(0);
    }
    for (const method of shippingMethods) {
      within(method.taxTotal, method.total);
      within(method.total, method.originalTotal);
    }
    const balances = sum(input.giftCards ?? [], (card) => card.balance);
    within(cart.giftCardTotal, balances);
    within(cart.giftCardTaxTotal, cart.taxTotal);
    for (const card of giftCards) expect(card.amount).toBeGreaterThan(0);
    for (const amount of Object.values(cart)) expect(amount).toBeGreaterThanOrEqual(0);
    for (const amount of Object.values(regionOrderTotals(cart, 0, 0)))
      expect(amount).toBeGreaterThanOrEqual(0);
  });
});

test("H2 a fixed amount off the total takes exactly the smaller of it and what it may be taken from", () => {
  forEachCart((input) => {
    const lines = input.lines.map(({ adjustments: _, ...line }) => line);
    const amount = sum(input.giftCards ?? [], (card) => card.balance);
    const { lines: parts, cart } = priced({ lines, discounts: [aDiscount({ type: "fixed", amount })] });
    const base = sum(parts, (part) =>
      lines.some(({ id, allowsDiscounts }) => id === part.id && allowsDiscounts) ? part.subtotal : 0,
    );
    expect(cart.discountTotal).toBe(Math.min(amount, base));
  });
});

test("H2 pricing a region's cart twice gives the same, also from the stored input", () => {
  forEachCart((input, result) => {
    expect(priced(JSON.parse(JSON.stringify(input)))).toEqual(result);
  });
});

test("H2 the order of lines changes no total, but for who gets the odd unit of a fixed amount off all", () => {
  forEachCart((input, { lines, cart }) => {
    const turned = priced({ ...input, lines: [...input.lines].reverse() });
    expect(turned.cart.subtotal).toBe(cart.subtotal);
    expect(turned.cart.discountTotal).toBe(cart.discountTotal);
    const rule = input.discounts?.find((discount) => discount.rule.type !== "free_shipping")?.rule;
    if (rule?.type === "fixed" && rule.allocation === "total") return;
    expect(turned.cart).toEqual(cart);
    expect([...turned.lines].reverse()).toEqual(lines);
  });
});

function within(part: number, base: number): void {
  expect(part).toBeGreaterThanOrEqual(0);
  expect(part).toBeLessThanOrEqual(base);
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
