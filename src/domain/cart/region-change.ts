import type { Discount } from "../region/discount.ts";
import type { Region } from "../region/region.ts";
import { fail, ok, type Result } from "../result.ts";
import type { CartItem } from "./cart.ts";
import type { PriceChange } from "./refresh-prices.ts";
import { inCountry } from "./region-address.ts";
import type { RegionGoods } from "./region-goods.ts";
import { priced, priceFor, type RegionCart } from "./region-lines.ts";

/** Why a cart stays in its region. */
export type RegionChangeRefusal =
  | { readonly type: "cart_completed" }
  | { readonly type: "country_not_in_region"; readonly country: string };

export type ChangeRegion = {
  readonly to: Region;
  /** Where it is sent to from now on, lower case; absent: the region's only country, if it has one. */
  readonly country?: string;
  readonly goods: RegionGoods;
  /** The cart's discounts. */
  readonly discounts: readonly Discount[];
  readonly addressId: string;
};

/**
 * Moves a cart into another region: its things get the prices there, and what has none is dropped; shipping methods, gift
 * cards and payment sessions go, and discounts that are not for that region. (Medusa: region change.)
 */
export function changeRegion(
  cart: RegionCart,
  { to, country, goods, discounts, addressId }: ChangeRegion,
  now: string,
): Result<RegionCart, RegionChangeRefusal> {
  if (cart.region.completedAt !== undefined) return fail({ type: "cart_completed" });
  if (country !== undefined && !to.countries.includes(country)) {
    return fail({ type: "country_not_in_region", country });
  }
  const sentTo = country ?? (to.countries.length === 1 ? to.countries[0] : undefined);
  const { shippingAddress: before, ...part } = cart.region;
  const shippingAddress = inCountry(before, sentTo, addressId, now);
  const kept = discounts.filter(({ regionIds }) => regionIds.includes(to.id)).map(({ code }) => code);
  return ok({
    ...pricedIn(cart, to, goods),
    currency: to.currency,
    region: {
      ...part,
      regionId: to.id,
      ...(shippingAddress && { shippingAddress }),
      shippingMethods: [],
      discountCodes: part.discountCodes.filter((code) => kept.includes(code)),
      giftCardCodes: [],
      paymentSessions: [],
    },
  });
}

/** The cart with the prices that its things have in a region; what has none there is dropped. */
export function pricedIn(cart: RegionCart, region: Region, goods: RegionGoods): RegionCart {
  const items = cart.items.flatMap((item): CartItem[] => {
    if (item.kind === "custom") return [item];
    const variant = goods.variants.get(item.productId);
    const price = variant && priceFor(variant, region, item.quantity);
    return price ? [{ ...item, ...priced(price, region) }] : [];
  });
  return { ...cart, items };
}

/**
 * Looks at the present prices before a cart is completed: what has become cheaper is passed on, what has become dearer is
 * named, and so is what is not sold any more.
 */
export function refreshRegionPrices(
  cart: RegionCart,
  region: Region,
  goods: RegionGoods,
): {
  readonly cart: RegionCart;
  readonly risen: readonly PriceChange[];
  readonly gone: readonly CartItem[];
} {
  const risen: PriceChange[] = [];
  const gone: CartItem[] = [];
  let differs = false;
  const items = cart.items.map((item): CartItem => {
    if (item.kind === "custom" || item.isGift) return item;
    const variant = goods.variants.get(item.productId);
    const price = variant && priceFor(variant, region, item.quantity);
    if (!price) {
      gone.push(item);
      return item;
    }
    const next = priced(price, region);
    if (next.unitAmount === item.unitAmount && next.includesTax === item.includesTax) return item;
    differs = true;
    if (next.unitAmount > item.unitAmount) {
      const { id: itemId, name, sku, unitAmount: from } = item;
      risen.push({ itemId, name, sku, from, to: next.unitAmount });
    }
    return { ...item, ...next };
  });
  return { cart: differs ? { ...cart, items } : cart, risen, gone };
}
