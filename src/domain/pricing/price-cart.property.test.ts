import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../../test/property-runs.ts";
import { type CurrencyFormat, currencyDigits, formatMoney } from "../currency.ts";
import { type PriceableLine, type PriceCart, type PricedCart, priceCart } from "./price-cart.ts";

const codes = ["JPY", "USD", "KWD"] as const;
/** Rates in units of 10^-4, so that the tests can do sums of their own in BigInt. */
const rate = fc.integer({ min: 0, max: 3000 }).map((tenThousandths) => tenThousandths / 10_000);

const anyLine = (id: string, scale: number): fc.Arbitrary<PriceableLine> =>
  fc.record({
    id: fc.constant(id),
    quantity: fc.integer({ min: 1, max: 40 }),
    unitAmount: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 2000 * scale })),
    includesTax: fc.boolean(),
    taxes: fc
      .array(
        fc.oneof(
          { weight: 4, arbitrary: fc.record({ rate }) },
          { weight: 1, arbitrary: fc.record({ amount: fc.nat({ max: 50 * scale }) }) },
        ),
        { maxLength: 4 },
      )
      .map((taxes) => taxes.map((tax, index) => ({ id: `${id}-${index}`, ...tax }))),
    discounts: fc.array(anyDiscount(scale), { maxLength: 3 }),
  });

const anyDiscount = (scale: number) =>
  fc.record({
    amount: fc.nat({ max: 3000 * scale }).map((amount) => 0 - amount),
    code: fc.constantFrom("A", "B"),
    promotionId: fc.constantFrom("p", "q"),
  });

const anyCart: fc.Arbitrary<PriceCart & { code: string }> = fc
  .tuple(fc.constantFrom(...codes), fc.nat({ max: 12 }))
  .chain(([code, size]) => {
    const scale = 10 ** currencyDigits(code);
    const ids = Array.from({ length: size }, (_, index) => `l${index}`);
    return fc.record({
      code: fc.constant(code),
      method: fc.constantFrom("line" as const, "simple" as const),
      lines: fc.tuple(...ids.map((id) => anyLine(id, scale))),
      cartDiscounts: fc.array(
        fc
          .tuple(anyDiscount(10 * scale), fc.option(fc.subarray(ids), { nil: undefined }))
          .map(([discount, lineIds]) => ({ ...discount, ...(lineIds && { lineIds }) })),
        { maxLength: 4 },
      ),
      shipping: fc.array(
        fc.record({
          id: fc.constant("s"),
          base: fc.nat({ max: 30 * scale }),
          fees: fc.nat({ max: 5 * scale }),
          tax: fc.nat({ max: 5 * scale }),
          discount: fc.nat({ max: 40 * scale }).map((amount) => 0 - amount),
        }),
        { maxLength: 2 },
      ),
    });
  });

const sum = <T>(of: readonly T[], amount: (one: T) => number) => of.reduce((so, one) => so + amount(one), 0);

function forEachCart(check: (cart: PriceCart & { code: string }, priced: PricedCart) => void): void {
  fc.assert(
    fc.property(anyCart, (cart) => {
      const priced = priceCart(cart);
      if (!priced.ok) throw new Error("refused");
      check(cart, priced.value);
    }),
    { numRuns: propertyRuns(3000) },
  );
}

test("H1 every total is the sum of parts, with tax is without tax and tax, all are whole minor units", () => {
  forEachCart((cart, { lines, cartDiscounts, totals }) => {
    const discounted = cart.method === "simple" ? sum(cartDiscounts, ({ amount }) => amount) : 0;
    const goods = sum(lines, ({ withTax }) => withTax) + discounted;
    const shippingTax = sum(cart.shipping ?? [], ({ tax }) => tax);
    expect(totals.withTax).toBe(goods + totals.shipping + totals.shippingDiscount);
    expect(totals.withTax).toBe(totals.withoutTax + totals.tax);
    const lineTax = sum(lines, ({ tax }) => tax);
    expect(totals.tax).toBe((cart.method === "simple" ? Math.min(lineTax, goods) : lineTax) + shippingTax);
    expect(totals.discount).toBe(sum(lines, ({ discount }) => discount) + discounted);
    expect(totals.discount).toBe(sum(cartDiscounts, ({ amount }) => amount) + ownDiscounts(lines));
    expect(totals.withoutDiscount).toBe(sum(lines, ({ value }) => value) + totals.shipping);
    for (const line of lines) {
      expect(line.withTax).toBe(line.withoutTax + line.tax);
      expect(line.tax).toBe(sum(line.taxes, ({ amount }) => amount));
      expect(line.discount).toBe(sum(line.discounts, ({ amount }) => amount));
      expect(line.withoutDiscount).toBe(line.value);
    }
    for (const amount of numbersIn({ lines, cartDiscounts, totals })) {
      expect(Number.isSafeInteger(amount) && !Object.is(amount, -0)).toBe(true);
    }
  });
});

test("H1 totals as they are shown, read back, are the totals, in currencies of 0, 2 and 3 digits", () => {
  forEachCart(({ code }, { totals }) => {
    const digits = currencyDigits(code);
    const format: CurrencyFormat = {
      code,
      format: "{price}",
      decimalPoint: ".",
      thousandSeparator: "",
      decimalPlaces: digits,
    };
    for (const amount of Object.values(totals)) {
      const shown = formatMoney(amount, format);
      expect(shown).toMatch(digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`));
      expect(Number(shown.replace(".", "")) + 0).toBe(amount);
    }
  });
});

test("G4 no part is below 0 or above what it is a part of", () => {
  forEachCart((cart, { lines, cartDiscounts, totals }) => {
    for (const line of lines) {
      expect(line.value + line.discount).toBeGreaterThanOrEqual(0);
      for (const part of line.discounts) expect(part.amount).toBeLessThanOrEqual(0);
      for (const part of line.taxes) expect(part.amount).toBeGreaterThanOrEqual(0);
      expect(Math.min(line.tax, line.withoutTax, line.withTax)).toBeGreaterThanOrEqual(0);
    }
    for (const [index, applied] of cartDiscounts.entries()) {
      expect(applied.amount).toBeLessThanOrEqual(0);
      expect(applied.amount).toBeGreaterThanOrEqual(cart.cartDiscounts?.[index]?.amount ?? 0);
    }
    expect(totals.discount).toBeLessThanOrEqual(0);
    expect(totals.discount).toBeGreaterThanOrEqual(0 - sum(lines, ({ value }) => value));
    expect(totals.shippingDiscount).toBeLessThanOrEqual(0);
    expect(totals.shipping + totals.shippingDiscount).toBeGreaterThanOrEqual(0);
    expect(Math.min(totals.withTax, totals.withoutTax, totals.tax)).toBeGreaterThanOrEqual(0);
  });
});

test("H2 pricing twice gives the same, also from the stored input", () => {
  forEachCart((cart, priced) => {
    const again = priceCart(JSON.parse(JSON.stringify(cart)));
    expect(again).toEqual({ ok: true, value: priced });
  });
});

test("a price that includes tax does not move: with tax it is its value less its discount", () => {
  forEachCart((cart, { lines }) => {
    for (const [index, line] of cart.lines.entries()) {
      const priced = lines[index]!;
      const entered = priced.value + priced.discount;
      expect(line.includesTax ? priced.withTax : priced.withoutTax).toBe(entered);
    }
  });
});

test("the tax of a line is its rates on its price, exact and rounded once", () => {
  forEachCart((cart, { lines }) => {
    for (const [index, line] of cart.lines.entries()) {
      const priced = lines[index]!;
      const rates = BigInt(Math.round(sum(line.taxes, (tax) => (tax.rate ?? 0) * 10_000)));
      const given = sum(line.taxes, (tax) => tax.amount ?? 0);
      const price = priced.value + priced.discount;
      if (!line.includesTax) {
        const pieces = cart.method === "simple" ? line.quantity : 1;
        const perPiece = (2n * BigInt(price / pieces) * rates + 10_000n) / 20_000n;
        expect(priced.tax).toBe(Number(perPiece) * pieces + given);
      } else if (given === 0 && cart.method === "line") {
        const over = 10_000n + rates;
        expect(priced.withoutTax).toBe(Number((20_000n * BigInt(price) + over) / (2n * over)));
      }
    }
  });
});

function ownDiscounts(lines: PricedCart["lines"]): number {
  return sum(lines, (line) => sum(line.discounts, (part) => (part.fromCart ? 0 : part.amount)));
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
