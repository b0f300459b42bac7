import type { MinorUnits } from "../money.ts";
import { applyLineDiscount, type OpenLine, spreadCartDiscount } from "../pricing/discount.ts";
import type { AppliedPromotions } from "../promotions/applied-promotions.ts";
import { type OpenCart, openCart, type PromotableLine } from "../promotions/open-cart.ts";

/** One shipment of a cart, in minor units. */
export type RuleShipment = {
  readonly id: string;
  /** The merchant's word for how it is sent. */
  readonly type: string;
  /** Its price without fees and tax, which no discount touches; >= 0. */
  readonly base: MinorUnits;
  /** What was taken off it before, <= 0. */
  readonly discount?: MinorUnits;
};

/** A cart while rule promotions are being applied. The arrays of amounts are changed in place, for one evaluation. */
export type RuleCart = Pick<OpenCart, "lines" | "owned"> & {
  /** By line: what is left of its value. */
  readonly remaining: MinorUnits[];
  readonly shipments: readonly RuleShipment[];
  /** By shipment: what is left of its base. */
  readonly shippingLeft: MinorUnits[];
};

/**
 * Undefined when the lines are more than the engine counts with, as in `openCart`. Throws a RangeError when what is
 * left of a line is no part of its value.
 */
export function openRuleCart(
  lines: readonly PromotableLine[],
  remaining: readonly MinorUnits[],
  shipments: readonly RuleShipment[],
  currency: string,
): RuleCart | undefined {
  const cart = openCart(lines, currency);
  if (!cart) return undefined;
  for (let position = 0; position < lines.length; position++) {
    const left = remaining[position];
    if (left === undefined || !Number.isInteger(left) || left < 0 || left > cart.remaining[position]!) {
      throw new RangeError(`line ${lines[position]!.id} cannot have ${left} left`);
    }
  }
  const shippingLeft = shipments.map(({ base, discount = 0 }) => Math.max(0, base + discount));
  return { lines, owned: cart.owned, remaining: [...remaining], shipments, shippingLeft };
}

/** What standard promotions leave of each line, in the order of the lines, exactly as pricing takes it off. */
export function remainingAfter(
  lines: readonly PromotableLine[],
  standard: Pick<AppliedPromotions, "lineDiscounts" | "cartDiscounts">,
): readonly MinorUnits[] {
  const open: OpenLine[] = lines.map(({ id, quantity, unitAmount }) => ({
    id,
    remaining: quantity * unitAmount,
    parts: [],
  }));
  for (const line of open) {
    for (const discount of standard.lineDiscounts.get(line.id) ?? []) applyLineDiscount(line, discount);
  }
  for (const discount of standard.cartDiscounts) spreadCartDiscount(open, discount);
  return open.map(({ remaining: left }) => left);
}
