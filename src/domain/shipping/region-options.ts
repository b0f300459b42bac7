import { groupOf, profileIdOf, type RegionGoods, type RegionSetup } from "../cart/region-goods.ts";
import type { RegionCart } from "../cart/region-lines.ts";
import type { ShippingOption } from "../region/region.ts";
import type { RegionCartTotals } from "../region-pricing/region-totals.ts";

/** The profiles by which a cart's things are sent. */
export function profilesOfCart(
  cart: RegionCart,
  goods: RegionGoods,
  { shippingProfiles }: Pick<RegionSetup, "shippingProfiles">,
): ReadonlySet<string> {
  const ids = cart.items.flatMap((item) =>
    item.kind === "product" ? (profileIdOf(shippingProfiles, groupOf(goods, item.productId)) ?? []) : [],
  );
  return new Set(ids);
}

/** The options that a shopper may choose for a cart: none for an empty one. (Medusa: options of a cart.) */
export function offeredOptions(
  cart: RegionCart,
  goods: RegionGoods,
  setup: RegionSetup,
  totals: RegionCartTotals,
): readonly ShippingOption[] {
  const profiles = profilesOfCart(cart, goods, setup);
  return setup.shippingOptions.filter(
    (option) =>
      option.regionId === cart.region.regionId &&
      !option.isReturn &&
      !option.isAdminOnly &&
      profiles.has(option.profileId) &&
      meetsRequirements(option, totals),
  );
}

/**
 * Whether a cart is worth what an option asks for: at least `min_subtotal`, less than `max_subtotal`. What counts is the
 * price of the goods before discounts, with their tax for an option whose price includes it.
 */
export function meetsRequirements(
  { requirements, includesTax }: Pick<ShippingOption, "requirements" | "includesTax">,
  { subtotal, itemTaxTotal }: Pick<RegionCartTotals, "subtotal" | "itemTaxTotal">,
): boolean {
  const worth = includesTax ? subtotal + itemTaxTotal : subtotal;
  return requirements.every(({ type, amount }) =>
    type === "min_subtotal" ? amount <= worth : amount > worth,
  );
}
