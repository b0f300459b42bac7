import { type MinorUnits, multiplyRatio } from "../money.ts";
import { rateOfPercent } from "../pricing/rate.ts";

/**
 * That percentage of an amount: exact for up to 6 decimals, and rounded here, once, half away from zero. Throws a
 * RangeError for a percentage that is none from 0 to 1000.
 */
export function percentOf(amount: MinorUnits, percent: number): MinorUnits {
  const rate = rateOfPercent(percent);
  return multiplyRatio(amount, rate.numerator, rate.denominator);
}
