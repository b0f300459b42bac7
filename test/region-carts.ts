import type { GiftCard } from "../src/domain/region-pricing/gift-cards.ts";
import type { DiscountRule, RegionDiscount } from "../src/domain/region-pricing/region-discount.ts";
import type { RegionLine } from "../src/domain/region-pricing/region-line.ts";
import type { RegionShippingMethod } from "../src/domain/region-pricing/region-shipping.ts";
import type { RegionTaxRate } from "../src/domain/region-pricing/region-tax.ts";
import {
  type PriceRegionCart,
  priceRegionCart,
  type RegionTotals,
} from "../src/domain/region-pricing/region-totals.ts";

/** A rate for tests, in percent. */
export const rate = (percent: number): RegionTaxRate => ({ percent, name: "default", code: "default" });

/** A discountable line of a product of the same id, at 20 % on top, unless `more` says otherwise. */
export const aLine = (
  id: string,
  quantity: number,
  unitPrice: number,
  more: Partial<RegionLine> = {},
): RegionLine => ({
  id,
  quantity,
  unitPrice,
  includesTax: false,
  taxRates: [rate(20)],
  allowsDiscounts: true,
  product: { id },
  ...more,
});

/** A shipping method at 20 % on top, unless `more` says otherwise. */
export const shippingOf = (
  price: number,
  more: Partial<RegionShippingMethod> = {},
): RegionShippingMethod => ({ id: "ship", price, includesTax: false, taxRates: [rate(20)], ...more });

/** A discount that is valid from moment 0 on, for the region `eu`. */
export const aDiscount = (
  rule: Pick<DiscountRule, "type"> & Partial<Record<"percent" | "amount", number>> & Partial<DiscountRule>,
  more: Partial<RegionDiscount> = {},
): RegionDiscount => ({
  id: "disc",
  code: "CODE",
  rule: { allocation: "total", conditions: [], ...rule } as DiscountRule,
  regionIds: ["eu"],
  isDisabled: false,
  startsAtMs: 0,
  endsAtMs: null,
  usageLimit: null,
  usageCount: 0,
  ...more,
});

export const percentOff = (percent: number) => aDiscount({ type: "percentage", percent });
export const eachOff = (amount: number) => aDiscount({ type: "fixed", allocation: "item", amount });
export const allOff = (amount: number) => aDiscount({ type: "fixed", allocation: "total", amount });
export const freeShipping = aDiscount({ type: "free_shipping" }, { id: "ship-free", code: "FREESHIP" });

/** A card that never ends. */
export const aCard = (id: string, balance: number, taxPercent: number | null): GiftCard => ({
  id,
  balance,
  taxPercent,
  endsAtMs: null,
});

/** The cart's price; gift cards are taxable unless `input` says otherwise. Throws when it is refused. */
export function priced(input: Partial<PriceRegionCart>): RegionTotals {
  const result = priceRegionCart({ lines: [], areGiftCardsTaxable: true, ...input });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
