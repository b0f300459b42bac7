import { applyLineDiscount, type OpenLine, spreadCartDiscount } from "../pricing/discount.ts";
import { percentOf } from "../promotions/percent.ts";
import { meetsProductConditions } from "./discount-conditions.ts";
import type { RegionDiscount } from "./region-discount.ts";
import type { OpenRegionLine } from "./region-line.ts";

/**
 * Takes a discount off the lines that allow discounts and meet its conditions; one for free shipping takes nothing.
 *
 * A percentage is of the line's subtotal (without tax, before anything came off) and rounded for each line; a fixed
 * amount for each piece is multiplied. Either takes no more than is left of the line. A fixed amount for all is shared
 * by what is left of each line, so that the parts add up to it; what exceeds the lines is lost.
 */
export function applyRegionDiscount(lines: readonly OpenRegionLine[], discount: RegionDiscount): void {
  const { rule } = discount;
  if (rule.type === "free_shipping") return;
  const eligible = lines.filter(
    ({ line }) => line.allowsDiscounts && meetsProductConditions(line.product, rule.conditions),
  );
  if (rule.type === "fixed" && rule.allocation === "total") {
    const open: OpenLine[] = eligible.map((line) => line.open);
    spreadCartDiscount(open, { amount: 0 - rule.amount, code: discount.code, promotionId: discount.id });
    return;
  }
  for (const { line, subtotal, open } of eligible) {
    const wanted = rule.type === "fixed" ? rule.amount * line.quantity : percentOf(subtotal, rule.percent);
    applyLineDiscount(open, { amount: 0 - wanted, code: discount.code, promotionId: discount.id });
  }
}
