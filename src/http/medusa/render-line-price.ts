import type { PricedRegionLine } from "../../domain/region-pricing/region-line.ts";
import { partId, wireId } from "./ids.ts";

/** What is taken off a line of a cart, an order or an edit; nothing where it has no price. */
export function lineAdjustments(lineId: string, price: PricedRegionLine | undefined) {
  return (price?.discounts ?? []).map((part, place) => ({
    id: partId("lia", lineId, place),
    item_id: wireId("item", lineId),
    description: "discount",
    discount_id: wireId("disc", part.promotionId),
    amount: -part.amount,
    metadata: null,
  }));
}

/** The sums of a line of a cart, an order or an edit, in minor units; 0 where it has no price. */
export function lineSums(price: PricedRegionLine | undefined) {
  return {
    subtotal: price?.subtotal ?? 0,
    discount_total: price?.discountTotal ?? 0,
    raw_discount_total: price?.discountTotal ?? 0,
    total: price?.total ?? 0,
    original_total: price?.originalTotal ?? 0,
    original_tax_total: price?.originalTaxTotal ?? 0,
    tax_total: price?.taxTotal ?? 0,
  };
}
