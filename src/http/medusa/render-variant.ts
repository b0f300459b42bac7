import { type CountedProduct, variantTitle } from "../../domain/catalog/family.ts";
import type { Measures, Price, Product } from "../../domain/catalog/product.ts";
import { partId, wireId } from "./ids.ts";
import { stamps } from "./render-groups.ts";

/** The prices of a variant at the place that a request names; see `variantPrices`. */
export type ShownPrices = Readonly<Record<string, unknown>>;

/** A variant's prices where a request names no place. */
export const noPrices = {
  original_price: null,
  calculated_price: null,
  original_price_incl_tax: null,
  calculated_price_incl_tax: null,
  original_tax: null,
  calculated_tax: null,
  tax_rates: null,
} as const;

/** The columns of a variant, without anything that it is joined with. */
export function variantColumns({ product, pieces }: CountedProduct) {
  return {
    id: wireId("variant", product.id),
    ...stamps(product),
    title: variantTitle(product),
    product_id: wireId("prod", product.parentId ?? product.id),
    sku: product.isSkuMadeUp ? null : product.sku,
    barcode: product.barcode ?? null,
    ean: product.ean ?? null,
    upc: product.upc ?? null,
    variant_rank: product.rank ?? 0,
    inventory_quantity: pieces ?? 0,
    allow_backorder: product.allowBackorder ?? false,
    manage_inventory: product.manageStock,
    ...measures(product),
    metadata: product.metadata ?? null,
  };
}

/** There is a piece to sell, or nobody minds that there is none. */
function isPurchasable({ product, pieces = 0 }: CountedProduct): boolean {
  return !product.manageStock || product.allowBackorder === true || pieces > 0;
}

/** A variant in its product: what was chosen for it, and its prices. */
export function renderVariant(group: Product, variant: CountedProduct, prices: ShownPrices = noPrices) {
  return {
    ...variantColumns(variant),
    purchasable: isPurchasable(variant),
    options: optionValues(group, variant.product),
    prices: variant.product.prices.map((price, index) => moneyAmount(variant.product, price, index)),
    ...prices,
  };
}

/** What parcels and customs ask about. */
export function measures(product: Measures) {
  return {
    weight: product.weight ?? null,
    length: product.length ?? null,
    height: product.height ?? null,
    width: product.width ?? null,
    hs_code: product.hsCode ?? null,
    origin_country: product.originCountry ?? null,
    mid_code: product.midCode ?? null,
    material: product.material ?? null,
  };
}

/** What was chosen for a variant: of all options, or of the one in that place. */
export function optionValues(group: Product, variant: Product, place?: number) {
  return (group.variations ?? []).flatMap((variation, index) => {
    const value = variant.options?.[variation.name];
    if (value === undefined || (place !== undefined && place !== index)) return [];
    return [
      {
        id: partId("optval", variant.id, index),
        ...stamps(variant),
        value,
        option_id: wireId("opt", variation.id),
        variant_id: wireId("variant", variant.id),
        metadata: null,
      },
    ];
  });
}

/** A price of a variant, the one in that place among its prices. */
export function moneyAmount(variant: Product, price: Price, index: number) {
  return {
    id: partId("ma", variant.id, index),
    ...stamps(variant),
    currency_code: price.currency.toLowerCase(),
    amount: price.amount,
    min_quantity: price.minQuantity ?? null,
    max_quantity: price.maxQuantity ?? null,
    price_list_id: null,
    region_id: price.regionId === undefined ? null : wireId("reg", price.regionId),
    price_list: null,
    variant_id: wireId("variant", variant.id),
  };
}
