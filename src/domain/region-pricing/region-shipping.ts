import { MAX_AMOUNT, type MinorUnits, multiplyRatio } from "../money.ts";
import { type RegionTaxLine, type RegionTaxRate, splitTax, sumOfRates } from "./region-tax.ts";

/** A way of shipping that was chosen for the cart. */
export type RegionShippingMethod = {
  readonly id: string;
  /** Minor units, >= 0. */
  readonly price: MinorUnits;
  readonly includesTax: boolean;
  /** All of them apply; see `taxRatesOf`. */
  readonly taxRates: readonly RegionTaxRate[];
};

/** A shipping method in minor units, all >= 0; `total = subtotal + taxTotal`. */
export type PricedShippingMethod = {
  readonly id: string;
  /** As it was given. */
  readonly price: MinorUnits;
  readonly subtotal: MinorUnits;
  readonly taxTotal: MinorUnits;
  readonly total: MinorUnits;
  /** As if shipping were not free. */
  readonly originalTotal: MinorUnits;
  readonly originalTaxTotal: MinorUnits;
  /** They add up to `taxTotal`. */
  readonly taxLines: readonly RegionTaxLine[];
};

/**
 * Prices a shipping method; its tax is rounded once, from the sum of its rates. When shipping is free only the original
 * totals are left: Medusa keeps the price itself as 0 then, and whoever is to show the same gives 0.
 *
 * Undefined when the price with tax is beyond `MAX_AMOUNT`. Throws a RangeError for what is no price or rate.
 */
export function priceShippingMethod(
  method: RegionShippingMethod,
  how: { readonly isFree: boolean; readonly isUntaxed: boolean },
): PricedShippingMethod | undefined {
  const { id, price, includesTax } = method;
  if (!Number.isInteger(price) || price < 0)
    throw new RangeError(`shipping ${id} cannot be priced: ${price}`);
  if (price > MAX_AMOUNT) return undefined;
  const taxRates = how.isUntaxed ? [] : method.taxRates;
  const { numerator, denominator } = sumOfRates(taxRates);
  const tax = multiplyRatio(price, numerator, includesTax ? numerator + denominator : denominator);
  const originalTotal = includesTax ? price : price + tax;
  if (originalTotal > MAX_AMOUNT) return undefined;
  const taxTotal = how.isFree ? 0 : tax;
  const total = how.isFree ? 0 : originalTotal;
  return {
    id,
    price,
    subtotal: total - taxTotal,
    taxTotal,
    total,
    originalTotal,
    originalTaxTotal: tax,
    taxLines: splitTax(taxTotal, taxRates),
  };
}
