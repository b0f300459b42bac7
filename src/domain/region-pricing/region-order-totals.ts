import { extended } from "../extended.ts";
import { type MinorUnits, multiplyRatio } from "../money.ts";
import type { PricedRegionLine } from "./region-line.ts";
import type { RegionCartTotals } from "./region-totals.ts";

/** The totals of an order, in minor units. `total` is the cart's; `taxTotal` is what is really paid of it. */
export type RegionOrderTotals = RegionCartTotals & {
  readonly paidTotal: MinorUnits;
  readonly refundedTotal: MinorUnits;
  /** paid - refunded, never below 0. */
  readonly refundableAmount: MinorUnits;
};

/**
 * The totals that an order shows for the cart it was made of. Its tax is net of what gift cards took off, where the
 * cart's is gross; the rest is the same. `paid` and `refunded` are minor units, >= 0. (Medusa: order totals.)
 */
export function regionOrderTotals(
  cart: RegionCartTotals,
  paid: MinorUnits,
  refunded: MinorUnits,
): RegionOrderTotals {
  return extended(cart, {
    taxTotal: cart.taxTotal - cart.giftCardTaxTotal,
    paidTotal: paid,
    refundedTotal: refunded,
    refundableAmount: Math.max(0, paid - refunded),
  });
}

/**
 * What may still be paid back for a line of which `returned` pieces (0 to its quantity) came back: its total less the
 * share of those, rounded half away from zero. So what is paid back piece by piece adds up to the total.
 */
export function refundableOfLine(
  line: Pick<PricedRegionLine, "total" | "quantity">,
  returned: number,
): MinorUnits {
  return line.total - multiplyRatio(line.total, returned, line.quantity);
}
