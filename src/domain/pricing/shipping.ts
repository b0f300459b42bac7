import { MAX_AMOUNT, type MinorUnits } from "../money.ts";

/** What one shipment costs, in minor units, each >= 0: the total is base + fees + tax. */
export type ShippingCharge = {
  readonly id: string;
  /** The price of shipping itself, without tax. */
  readonly base: MinorUnits;
  /** Handling and the like, without tax. */
  readonly fees: MinorUnits;
  /** Given from outside, so it is not recomputed when a discount applies. */
  readonly tax: MinorUnits;
  /** A discount that is wanted, <= 0; it comes off the base only, as in Elastic Path. */
  readonly discount?: MinorUnits;
};

/** All charges together: `charged` is base, fees and tax before the discount, `discount` (<= 0) is what came off. */
export type ShippingTotals = {
  readonly charged: MinorUnits;
  readonly tax: MinorUnits;
  readonly discount: MinorUnits;
};

/**
 * Adds up shipping charges; no discount takes more than its base. `tooLargeId` names the charge that brings the sum
 * above `MAX_AMOUNT`. Throws a RangeError for a charge with a negative or broken amount.
 */
export function shippingTotals(charges: readonly ShippingCharge[]): ShippingTotals | { tooLargeId: string } {
  let charged = 0;
  let tax = 0;
  let discount = 0;
  for (const charge of charges) {
    const wanted = 0 - (charge.discount ?? 0);
    if (
      ![charge.base, charge.fees, charge.tax, wanted].every((part) => Number.isInteger(part) && part >= 0)
    ) {
      throw new RangeError(`shipping ${charge.id} cannot be priced`);
    }
    charged += charge.base + charge.fees + charge.tax;
    if (charged > MAX_AMOUNT) return { tooLargeId: charge.id };
    tax += charge.tax;
    discount -= Math.min(wanted, charge.base);
  }
  return { charged, tax, discount };
}
