import Type from "typebox";
import { extended } from "../../domain/extended.ts";
import type { Region } from "../../domain/region/region.ts";
import type { StoreConfig } from "../../operations/context.ts";
import { countrySchema, renderCountry } from "./countries.ts";
import { currencySchema, renderCurrency } from "./currencies.ts";
import { wireId } from "./ids.ts";
import { metadata, nullable, textOrNull, timestamps } from "./schemas.ts";

/** A way to pay or to ship, by name only. */
export type WireProvider = { readonly id: string; readonly is_installed: true };

export const providerSchema = Type.Object({ id: Type.String(), is_installed: Type.Boolean() });

export const plainRegionSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  name: Type.String(),
  currency_code: Type.String(),
  tax_rate: Type.Number(),
  tax_code: textOrNull,
  gift_cards_taxable: Type.Boolean(),
  automatic_taxes: Type.Boolean(),
  tax_provider_id: Type.Null(),
  metadata: nullable(metadata),
  includes_tax: Type.Boolean(),
});

export const regionSchema = Type.Object({
  ...plainRegionSchema.properties,
  countries: Type.Array(countrySchema),
  currency: currencySchema,
  fulfillment_providers: Type.Array(providerSchema),
  payment_providers: Type.Array(providerSchema),
});

/** A region without what belongs to it, as it stands within other things. */
export function renderPlainRegion(region: Region) {
  return {
    id: wireId("reg", region.id),
    created_at: region.createdAt,
    updated_at: region.updatedAt,
    deleted_at: null,
    name: region.name,
    currency_code: region.currency.toLowerCase(),
    tax_rate: region.taxPercent,
    tax_code: region.taxCode ?? null,
    gift_cards_taxable: region.areGiftCardsTaxable,
    automatic_taxes: region.hasAutomaticTaxes,
    tax_provider_id: null,
    metadata: region.metadata ?? null,
    includes_tax: region.includesTax,
  };
}

/** A region with its countries, currency and providers. */
export function renderRegion(region: Region, store: StoreConfig) {
  return extended(renderPlainRegion(region), {
    countries: renderCountries(region),
    currency: renderStoreCurrency(region.currency, store),
    fulfillment_providers: region.fulfilmentProviders.map(renderProvider),
    payment_providers: region.paymentProviders.map(renderProvider),
  });
}

/** Where a region sells. */
export function renderCountries(region: Region) {
  const regionId = wireId("reg", region.id);
  return region.countries.map((code) => renderCountry(code, regionId));
}

/** A currency (ISO 4217) with what the store decided about it. */
export function renderStoreCurrency(code: string, { currencies }: StoreConfig) {
  const includesTax = currencies.find((currency) => currency.code === code.toUpperCase())?.includesTax;
  return renderCurrency(code, includesTax ?? false);
}

export const renderProvider = (id: string): WireProvider => ({ id, is_installed: true });
