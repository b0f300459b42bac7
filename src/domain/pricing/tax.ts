import { allocate, MAX_AMOUNT, type MinorUnits, multiplyRatio } from "../money.ts";
import { addRates, NO_RATE, numeratorOver, type Rate, rateOf } from "./rate.ts";

/** One tax on a line: a `rate` (decimal fraction from 0 to `MAX_RATE`) or an absolute `amount` for the whole line. */
export type TaxItem = {
  readonly id: string;
  readonly rate?: number;
  /** Minor units, >= 0. It is taken as given and not recomputed when the price changes. */
  readonly amount?: MinorUnits;
};

/** What one tax item comes to on its line, in minor units. */
export type TaxPart = { readonly id: string; readonly amount: MinorUnits };

/** The tax in or on a price; the parts are one for each tax item, in their order, and add up to `tax`. */
export type LineTax = { readonly tax: MinorUnits; readonly parts: readonly TaxPart[] };

const untaxed: LineTax = { tax: 0, parts: [] };

/**
 * The tax on a price of `pieces` equal pieces (`pieces` divides the price). Rates add up exactly and are rounded once,
 * half away from zero: for the whole price when `pieces` is 1, else for one piece and then multiplied.
 *
 * A price without tax is the base, and the tax comes on top. In a price that includes tax, the price without tax is
 * round(price / (1 + rates)) and the tax is the rest; absolute amounts are part of the price, so they are at most the
 * price, and since they belong to the whole line such a price is rounded as a whole. (Elastic Path: tax calculation, tax-inclusive prices.)
 *
 * Undefined when the absolute amounts come to more than `MAX_AMOUNT`. Throws a RangeError for a rate or an amount that
 * is none: such input is refused where it comes in.
 */
export function taxOn(
  price: MinorUnits,
  pieces: number,
  includesTax: boolean,
  taxes: readonly TaxItem[],
): LineTax | undefined {
  if (taxes.length === 0) return untaxed;
  let rate = NO_RATE;
  let given = 0;
  for (const item of taxes) {
    if (item.rate !== undefined) rate = addRates(rate, rateOf(item.rate));
    if (item.amount !== undefined) given += amountOf(item.amount);
  }
  if (given > MAX_AMOUNT) return undefined;

  if (!includesTax) {
    const rated = pieces * multiplyRatio(price / pieces, rate.numerator, rate.denominator);
    return { tax: rated + given, parts: partsOf(taxes, rate, rated, given) };
  }
  const within = Math.min(given, price);
  const rest = price - within;
  const rounded = within > 0 ? 1 : pieces;
  const withoutTax =
    rounded * multiplyRatio(rest / rounded, rate.denominator, rate.denominator + rate.numerator);
  return { tax: price - withoutTax, parts: partsOf(taxes, rate, rest - withoutTax, within) };
}

function amountOf(amount: MinorUnits): MinorUnits {
  if (!Number.isInteger(amount) || amount < 0) throw new RangeError(`not a tax amount: ${amount}`);
  return amount;
}

function partsOf(
  taxes: readonly TaxItem[],
  sum: Rate,
  rated: MinorUnits,
  given: MinorUnits,
): readonly TaxPart[] {
  const only = taxes[0];
  if (only && taxes.length === 1) return [{ id: only.id, amount: rated + given }];
  const byRate = allocate(
    rated,
    taxes.map((item) => (item.rate === undefined ? 0 : numeratorOver(rateOf(item.rate), sum.denominator))),
  );
  const byAmount =
    given === 0
      ? undefined
      : allocate(
          given,
          taxes.map((item) => item.amount ?? 0),
        );
  return taxes.map((item, index) => ({ id: item.id, amount: byRate[index]! + (byAmount?.[index] ?? 0) }));
}
