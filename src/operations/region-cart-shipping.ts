import type { RegionCart } from "../domain/cart/region-lines.ts";
import { optionTaxRates, quoteRegionCart } from "../domain/cart/region-quote.ts";
import type { ShippingOption } from "../domain/region/region.ts";
import { priceShippingMethod } from "../domain/region-pricing/region-shipping.ts";
import type { RegionTaxRate } from "../domain/region-pricing/region-tax.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { meetsRequirements, offeredOptions } from "../domain/shipping/region-options.ts";
import { changeRegionCart } from "./change-region-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { type CartProblem, loadRegionCart, type PricedRegionCart, priceRegionLook } from "./region-cart.ts";
import type { SalesRefusal } from "./sales-refusal.ts";

/** A shipping option with what it costs for a cart, in minor units. */
export type OfferedShipping = {
  readonly option: ShippingOption;
  /** As the option has it, or as its provider calculates it. */
  readonly price: number;
  readonly priceWithTax: number;
  readonly tax: number;
  readonly taxRates: readonly RegionTaxRate[];
};

/** The shipping options that a shopper may choose for a cart. */
export async function offeredShipping(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<readonly OfferedShipping[], CartProblem>> {
  const now = deps.now();
  const loaded = await loadRegionCart(deps, context, cartId, now);
  if (!loaded.ok) return loaded;
  const priced = priceRegionLook(loaded.value, now);
  if (!priced.ok) return priced;
  const { cart, region, goods, setup, totals } = priced.value;
  const offers: OfferedShipping[] = [];
  for (const option of offeredOptions(cart, goods, setup, totals.cart)) {
    const price = await priceOf(deps, option, option.data, cart);
    if (!price.ok) return price;
    const taxRates = optionTaxRates(setup.taxRates, region, option.id);
    const { includesTax } = option;
    const method = { id: option.id, price: price.value, includesTax, taxRates };
    const costs = priceShippingMethod(method, { isFree: false, isUntaxed: !region.hasAutomaticTaxes });
    if (!costs) return fail({ type: "amount_too_large", itemId: "" });
    offers.push({ option, price: price.value, priceWithTax: costs.total, tax: costs.taxTotal, taxRates });
  }
  return ok(offers);
}

/**
 * Chooses a way of shipping; one of the same profile that was chosen before goes. Options for returns are not for carts,
 * and those for staff are for staff only (`byStaff`), who may also set the price, in minor units. What the shopper sends
 * along goes to the provider, who may refuse it.
 */
export async function chooseShipping(
  deps: Deps,
  context: Context,
  input: {
    readonly cartId: string;
    readonly optionId: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly byStaff?: { readonly price?: number };
  },
): Promise<Result<PricedRegionCart, CartProblem>> {
  return changeRegionCart(deps, context, input, async (look, { now, idFor }) => {
    const { cart, region, setup } = look;
    if (cart.region.completedAt !== undefined) return fail({ type: "cart_completed" });
    const option = setup.shippingOptions.find(({ id }) => id === input.optionId);
    if (!option) return fail({ type: "cart_option_unknown", optionId: input.optionId });
    if (option.regionId !== region.id) return fail({ type: "option_not_in_region" });
    const quote = quoteRegionCart({ taxRates: setup.taxRates, isUntaxed: false, ...look });
    if (!quote.ok) return fail({ type: "amount_too_large", itemId: quote.error.lineId ?? "" });
    if (
      (option.isAdminOnly && !input.byStaff) ||
      option.isReturn ||
      !meetsRequirements(option, quote.value.cart)
    ) {
      return fail({ type: "option_requirements_unmet" });
    }
    const provider = deps.fulfilmentProviders.get(option.providerId);
    const checked = provider
      ? await provider.methodData(option.data, input.data, fulfilmentCart(cart))
      : ok(input.data);
    if (!checked.ok) return checked;
    const price = await priceOf(deps, option, checked.value, cart);
    if (!price.ok) return price;
    const method = {
      id: idFor("shipping method"),
      optionId: option.id,
      profileId: option.profileId,
      price: input.byStaff?.price ?? price.value,
      includesTax: option.includesTax,
      data: checked.value,
      createdAt: now,
      updatedAt: now,
    };
    const others = cart.region.shippingMethods.filter(({ profileId }) => profileId !== option.profileId);
    return ok({ cart: { ...cart, region: { ...cart.region, shippingMethods: [...others, method] } } });
  });
}

async function priceOf(
  deps: Deps,
  option: ShippingOption,
  data: Readonly<Record<string, unknown>>,
  cart: RegionCart,
): Promise<Result<number, SalesRefusal>> {
  if (option.priceType === "flat_rate") return ok(option.amount ?? 0);
  const provider = deps.fulfilmentProviders.get(option.providerId);
  if (!provider) return fail({ type: "provider_unknown", kind: "fulfilment", provider: option.providerId });
  return ok(await provider.priceOf(option.data, data, fulfilmentCart(cart)));
}

function fulfilmentCart(cart: RegionCart) {
  return { cartId: cart.id, pieces: cart.items.reduce((sum, { quantity }) => sum + quantity, 0) };
}
