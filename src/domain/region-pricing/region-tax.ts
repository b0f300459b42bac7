import { allocate, type MinorUnits, multiplyRatio } from "../money.ts";
import { addRates, NO_RATE, numeratorOver, type Rate, rateOfPercent } from "../pricing/rate.ts";

/** One tax of a region. `percent` is from 0 to 1000: 20 is 20 %. */
export type RegionTaxRate = { readonly percent: number; readonly name: string; readonly code: string };

/** A tax with what it comes to on its line or shipping method, in minor units, >= 0. */
export type RegionTaxLine = RegionTaxRate & { readonly amount: MinorUnits };

/**
 * The taxes of something that is sold: all that are attached to it (to a product or its type, to a shipping option), or
 * the region's own rate when none is. (Medusa: tax rates.)
 */
export function taxRatesOf(
  attached: readonly RegionTaxRate[],
  regionPercent: number,
): readonly RegionTaxRate[] {
  return attached.length > 0 ? attached : [{ percent: regionPercent, name: "default", code: "default" }];
}

/** The exact sum of the rates. Throws a RangeError for a percentage that is none. */
export function sumOfRates(rates: readonly RegionTaxRate[]): Rate {
  let sum = NO_RATE;
  for (const { percent } of rates) sum = addRates(sum, rateOfPercent(percent));
  return sum;
}

/** Each tax on a price without tax, rounded by itself, half away from zero. */
export function taxLinesOn(taxable: MinorUnits, rates: readonly RegionTaxRate[]): RegionTaxLine[] {
  return rates.map(({ percent, name, code }) => {
    const rate = rateOfPercent(percent);
    return { percent, name, code, amount: multiplyRatio(taxable, rate.numerator, rate.denominator) };
  });
}

/** A tax that was rounded as a whole, split over its rates; the amounts add up to it. */
export function splitTax(tax: MinorUnits, rates: readonly RegionTaxRate[]): RegionTaxLine[] {
  if (rates.length === 0) return [];
  const { denominator } = sumOfRates(rates);
  const weights = rates.map(({ percent }) => numeratorOver(rateOfPercent(percent), denominator));
  const amounts = allocate(tax, weights);
  return rates.map(({ percent, name, code }, index) => ({ percent, name, code, amount: amounts[index]! }));
}

/** What the taxes come to together, in minor units. */
export function sumOfTax(lines: readonly RegionTaxLine[]): MinorUnits {
  return lines.reduce((sum, { amount }) => sum + amount, 0);
}
