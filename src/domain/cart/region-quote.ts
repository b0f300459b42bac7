import type { Product } from "../catalog/product.ts";
import type { AmountTooLarge } from "../pricing/price-cart.ts";
import type { Discount } from "../region/discount.ts";
import type { StoredGiftCard } from "../region/gift-card.ts";
import { productTaxRates } from "../region/product-tax.ts";
import type { Region, ShippingOption, TaxRate } from "../region/region.ts";
import { discountsInForce } from "../region-pricing/region-discount.ts";
import type { RegionLine } from "../region-pricing/region-line.ts";
import { type RegionTaxRate, taxRatesOf } from "../region-pricing/region-tax.ts";
import { priceRegionCart, type RegionTotals } from "../region-pricing/region-totals.ts";
import type { Result } from "../result.ts";
import type { CartItem } from "./cart.ts";
import { groupOf, type RegionGoods } from "./region-goods.ts";
import type { RegionCart } from "./region-lines.ts";

export type QuoteRegionCart = {
  readonly cart: RegionCart;
  readonly region: Region;
  readonly goods: RegionGoods;
  readonly taxRates: readonly TaxRate[];
  /** Those of the cart's codes, in the order they were entered. */
  readonly discounts: readonly Discount[];
  readonly giftCards: readonly StoredGiftCard[];
  /** Leaves tax out where the region does not compute it by itself. */
  readonly isUntaxed: boolean;
};

/** Prices a cart of a region from nothing. (Medusa: totals.) */
export function quoteRegionCart(input: QuoteRegionCart): Result<RegionTotals, AmountTooLarge> {
  const { cart, region, goods, taxRates, discounts, giftCards, isUntaxed } = input;
  const isFree = discountsInForce(discounts).freeShipping !== undefined;
  return priceRegionCart({
    lines: cart.items.map((item) => regionLine(item, cart, region, goods, taxRates)),
    shippingMethods: cart.region.shippingMethods.map(({ id, optionId, price, includesTax }) => ({
      id,
      // A discount for free shipping makes the price itself 0, and nothing of it is shown.
      price: isFree ? 0 : price,
      includesTax,
      taxRates: optionTaxRates(taxRates, region, optionId),
    })),
    discounts,
    giftCards,
    areGiftCardsTaxable: region.areGiftCardsTaxable,
    isUntaxed,
  });
}

function regionLine(
  item: CartItem,
  cart: RegionCart,
  region: Region,
  goods: RegionGoods,
  taxRates: readonly TaxRate[],
): RegionLine {
  const { id, quantity, unitAmount: unitPrice, includesTax } = item;
  const group = item.kind === "product" ? groupOf(goods, item.productId) : undefined;
  // What is no product is not taxed; what is gone from the catalog is, at the region's own rate.
  if (item.kind === "custom") {
    return {
      id,
      quantity,
      unitPrice,
      includesTax,
      taxRates: [],
      allowsDiscounts: allowsDiscounts(cart, group),
    };
  }
  if (!group) {
    const rates = taxRatesOf([], region.taxPercent);
    return { id, quantity, unitPrice, includesTax, taxRates: rates, allowsDiscounts: true };
  }
  const { typeId, collectionId, tagIds } = group;
  return {
    id,
    quantity,
    unitPrice,
    includesTax,
    taxRates: productTaxRates(taxRates, region, group),
    allowsDiscounts: allowsDiscounts(cart, group),
    product: {
      id: group.id,
      ...(typeId !== undefined && { typeId }),
      ...(collectionId !== undefined && { collectionId }),
      ...(tagIds && { tagIds }),
    },
  };
}

/** Whether discounts count for a line: the price of what is in no catalog, on a draft order, is what staff have written. */
export function allowsDiscounts(
  { region }: Pick<RegionCart, "region">,
  group: Pick<Product, "discountable"> | undefined,
): boolean {
  return group ? (group.discountable ?? true) : region.type !== "draft_order";
}

/** The taxes of a shipping option: those that are attached to it, else the region's own. */
export function optionTaxRates(
  taxRates: readonly TaxRate[],
  region: Pick<Region, "id" | "taxPercent">,
  optionId: ShippingOption["id"],
): readonly RegionTaxRate[] {
  const attached = taxRates.filter(
    ({ regionId, shippingOptionIds }) => regionId === region.id && shippingOptionIds.includes(optionId),
  );
  return taxRatesOf(
    attached.map(({ percent, name, code }) => ({ percent: percent ?? 0, name, code })),
    region.taxPercent,
  );
}
