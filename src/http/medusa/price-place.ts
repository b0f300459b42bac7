import type { Product } from "../../domain/catalog/product.ts";
import { regionPriceOf } from "../../domain/catalog/region-price.ts";
import { isTaxInside, productTaxRates } from "../../domain/region/product-tax.ts";
import type { Region } from "../../domain/region/region.ts";
import { openRegionLine } from "../../domain/region-pricing/region-line.ts";
import type { RegionTaxRate } from "../../domain/region-pricing/region-tax.ts";
import type { SalesSetup } from "../../operations/ports/records.ts";
import type { Call, Reply } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { moneyAmount, noPrices, type ShownPrices } from "./render-variant.ts";

/** How a request says where it wants prices for. */
export type PriceParameters = {
  readonly cart_id?: string;
  readonly region_id?: string;
  readonly currency_code?: string;
};

/** The prices of a variant of `group` at one place. */
export type PricesOf = (group: Product, variant: Product) => ShownPrices;

/**
 * Prices where the request wants them: of its cart's region, of the region that it names, or in a currency, in this
 * order. A cart costs one statement, the rest none.
 */
export async function readPricePlace(
  { deps, context }: Pick<Call, "deps" | "context">,
  setup: SalesSetup,
  { cart_id: wireCartId, region_id: wireRegionId, currency_code: code }: PriceParameters,
): Promise<{ readonly pricesOf: PricesOf } | { readonly refusal: Reply }> {
  let regionId = wireRegionId === undefined ? undefined : engineId("reg", wireRegionId);
  let currency = code?.toUpperCase();
  if (wireCartId !== undefined) {
    const cartId = engineId("cart", wireCartId);
    const { cart } = await deps.storage.carts.load(context.store.storeId, cartId, deps.now());
    if (!cart) return { refusal: refused({ type: "cart_not_found", cartId: wireCartId }) };
    regionId = cart.region?.regionId ?? setup.regions.find((region) => region.currency === cart.currency)?.id;
    currency = cart.currency ?? currency;
  }
  const region = setup.regions.find(({ id }) => id === regionId);
  if (regionId !== undefined && !region) {
    return { refusal: refused({ type: "region_not_found", regionId: wireRegionId ?? regionId }) };
  }
  const paidIn = region?.currency ?? currency;
  if (paidIn === undefined) return { pricesOf: () => noPrices };
  return { pricesOf: (group, variant) => variantPrices(setup, { region, currency: paidIn }, group, variant) };
}

/** A variant's prices in a region or, without one, in a currency: without tax then. All are minor units of one piece. */
export function variantPrices(
  setup: Pick<SalesSetup, "taxRates">,
  place: { readonly region: Region | undefined; readonly currency: string },
  group: Product,
  variant: Product,
): ShownPrices {
  const { region, currency } = place;
  const { original, calculated } = regionPriceOf(variant, {
    currency,
    ...(region && { regionId: region.id }),
  });
  const taxRates = region?.hasAutomaticTaxes ? productTaxRates(setup.taxRates, region, group) : undefined;
  const priced = (price: typeof original) => {
    if (!price) return undefined;
    const includesTax = isTaxInside(price, region);
    return { amount: price.amount, includesTax, ...(taxRates && taxed(price.amount, includesTax, taxRates)) };
  };
  const [before, now] = [priced(original), priced(calculated)];
  return {
    // Only what can be paid here, as storefronts look for their own currency among them.
    prices: variant.prices.flatMap((price, index) =>
      (price.regionId === undefined ? price.currency === currency : price.regionId === region?.id)
        ? [moneyAmount(variant, price, index)]
        : [],
    ),
    original_price: before?.amount ?? null,
    calculated_price: now?.amount ?? null,
    calculated_price_type: now ? "default" : null,
    original_price_includes_tax: before?.includesTax ?? null,
    calculated_price_includes_tax: now?.includesTax ?? null,
    original_price_incl_tax: before?.withTax ?? null,
    calculated_price_incl_tax: now?.withTax ?? null,
    original_tax: before?.tax ?? null,
    calculated_tax: now?.tax ?? null,
    tax_rates: taxRates?.map(({ percent, name, code }) => ({ rate: percent, name, code })) ?? null,
  };
}

function taxed(unitPrice: number, includesTax: boolean, taxRates: readonly RegionTaxRate[]) {
  const line = { id: "one", quantity: 1, unitPrice, includesTax, taxRates, allowsDiscounts: false };
  const opened = openRegionLine(line, false);
  return opened && { withTax: opened.subtotal + opened.originalTax, tax: opened.originalTax };
}
