import type { CartItem, CartTax } from "../cart/cart.ts";
import { allocate, type MinorUnits } from "../money.ts";
import type { LineDiscountPart } from "../pricing/discount.ts";
import type { PricedCart, PricedLine } from "../pricing/price-cart.ts";
import type { PricedRegionLine } from "../region-pricing/region-line.ts";
import type { RegionTaxLine } from "../region-pricing/region-tax.ts";
import type { RegionTotals } from "../region-pricing/region-totals.ts";

/**
 * The totals of a region in the terms that every order has. They add up there, too: what gift cards pay is a discount of
 * the whole, since what is left to pay is the total, and the tax that they let off is off the tax.
 */
export function plainPricesOf(
  items: readonly Pick<CartItem, "includesTax">[],
  totals: RegionTotals,
): PricedCart {
  const { cart } = totals;
  const lines = items.map((item, index) => plainLine(item, totals.lines[index] as PricedRegionLine));
  const shipping = cart.shippingTotal + cart.shippingTaxTotal;
  const tax = cart.taxTotal - cart.giftCardTaxTotal;
  const values = lines.reduce((sum, { value }) => sum + value, 0);
  const discounts = lines.reduce((sum, { discount }) => sum + discount, 0);
  return {
    lines,
    cartDiscounts: [],
    method: "line",
    totals: {
      withTax: cart.total,
      withoutTax: cart.total - tax,
      tax,
      discount: discounts - cart.giftCardTotal,
      withoutDiscount: values + shipping,
      shipping,
      shippingDiscount: 0,
    },
  };
}

/** The taxes of a line, which are those of its region, in the terms that every order has. */
export function plainTaxesOf(lineId: string, taxLines: readonly RegionTaxLine[]): readonly CartTax[] {
  return taxLines.map((tax, place) => ({
    id: `${lineId}-${place}`,
    name: tax.name,
    code: tax.code,
    rate: tax.percent / 100,
  }));
}

function plainLine({ includesTax }: Pick<CartItem, "includesTax">, line: PricedRegionLine): PricedLine {
  const value = line.unitPrice * line.quantity;
  const withoutTax = line.subtotal - line.discountTotal;
  // In terms of the price as entered: of a price that includes tax it takes tax along.
  const discount = includesTax ? line.total - value : 0 - line.discountTotal;
  return {
    id: line.id,
    unitAmount: line.unitPrice,
    value,
    discount,
    withoutDiscount: value,
    withoutTax,
    tax: line.taxTotal,
    withTax: line.total,
    taxes: line.taxLines.map(({ amount }, place) => ({ id: `${line.id}-${place}`, amount })),
    discounts: sharedOut(line.discounts, discount),
  };
}

/** Parts of a discount as shares of another amount (<= 0). */
function sharedOut(parts: readonly LineDiscountPart[], amount: MinorUnits): readonly LineDiscountPart[] {
  if (parts.length === 0) return [];
  const shares = allocate(
    0 - amount,
    parts.map((part) => 0 - part.amount),
  );
  return parts.map((part, index) => ({ ...part, amount: 0 - (shares[index] ?? 0) }));
}
