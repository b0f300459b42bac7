import type { Price, Product } from "../catalog/product.ts";
import { type RegionTaxRate, taxRatesOf } from "../region-pricing/region-tax.ts";
import type { Region, TaxRate } from "./region.ts";

/**
 * The taxes of a product in a region: those that are attached to it or to its type, else the region's own. `group` is
 * the base product of a variant.
 */
export function productTaxRates(
  taxRates: readonly TaxRate[],
  region: Pick<Region, "id" | "taxPercent">,
  group: Pick<Product, "id" | "typeId">,
): readonly RegionTaxRate[] {
  const attached = taxRates.filter(
    ({ regionId, productIds, productTypeIds }) =>
      regionId === region.id &&
      (productIds.includes(group.id) ||
        (group.typeId !== undefined && productTypeIds.includes(group.typeId))),
  );
  return taxRatesOf(
    attached.map(({ percent, name, code }) => ({ percent: percent ?? 0, name, code })),
    region.taxPercent,
  );
}

/** Whether tax is inside a price where it is charged. */
export function isTaxInside(price: Price, region: Pick<Region, "includesTax"> | undefined): boolean {
  return price.includesTax || (region?.includesTax ?? false);
}
