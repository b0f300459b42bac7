import Type from "typebox";
import type { ShippingOption, ShippingProfile } from "../../domain/region/region.ts";
import { priceShippingMethod } from "../../domain/region-pricing/region-shipping.ts";
import { type RegionTaxRate, taxRatesOf } from "../../domain/region-pricing/region-tax.ts";
import type { SalesSetup } from "../../operations/ports/records.ts";
import { wireId } from "./ids.ts";
import { plainRegionSchema, renderPlainRegion } from "./render-region.ts";
import { metadata, nullable, timestamps } from "./schemas.ts";

export const shippingProfileSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  name: Type.String(),
  type: Type.String(),
  metadata: nullable(metadata),
});

export const plainShippingOptionSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  name: Type.String(),
  region_id: Type.String(),
  profile_id: Type.String(),
  provider_id: Type.String(),
  price_type: Type.String(),
  amount: nullable(Type.Integer()),
  is_return: Type.Boolean(),
  admin_only: Type.Boolean(),
  data: metadata,
  metadata: nullable(metadata),
  includes_tax: Type.Boolean(),
});

const requirementSchema = Type.Object({
  id: Type.String(),
  shipping_option_id: Type.String(),
  type: Type.String(),
  amount: Type.Integer(),
  deleted_at: Type.Null(),
});

/** What the tax on an option's price comes to. */
const taxMembers = {
  price_incl_tax: Type.Integer(),
  tax_rates: Type.Array(Type.Object({ rate: Type.Number(), name: Type.String(), code: Type.String() })),
  tax_amount: Type.Integer(),
} as const;

/** As staff see it, with its profile and region. */
export const adminShippingOptionSchema = Type.Object({
  ...plainShippingOptionSchema.properties,
  profile: nullable(shippingProfileSchema),
  region: nullable(plainRegionSchema),
  requirements: Type.Array(requirementSchema),
});

/** The same with tax, as lists show it. */
export const pricedAdminShippingOptionSchema = Type.Object({
  ...adminShippingOptionSchema.properties,
  ...taxMembers,
});

/** As shoppers see it in the list of a region. */
export const storeShippingOptionSchema = Type.Object({
  ...plainShippingOptionSchema.properties,
  requirements: Type.Array(requirementSchema),
  ...taxMembers,
});

export function renderShippingProfile(profile: ShippingProfile) {
  return {
    id: wireId("sp", profile.id),
    created_at: profile.createdAt,
    updated_at: profile.updatedAt,
    deleted_at: null,
    name: profile.name,
    type: profile.type,
    metadata: profile.metadata ?? null,
  };
}

/** An option without what belongs to it, as it stands within a shipping method. */
export function renderPlainShippingOption(option: ShippingOption) {
  return {
    id: wireId("so", option.id),
    created_at: option.createdAt,
    updated_at: option.updatedAt,
    deleted_at: null,
    name: option.name,
    region_id: wireId("reg", option.regionId),
    profile_id: wireId("sp", option.profileId),
    provider_id: option.providerId,
    price_type: option.priceType,
    amount: option.amount,
    is_return: option.isReturn,
    admin_only: option.isAdminOnly,
    data: option.data,
    metadata: option.metadata ?? null,
    includes_tax: option.includesTax,
  };
}

export function renderRequirements({ id, requirements }: ShippingOption) {
  return requirements.map((requirement) => ({
    id: wireId("sor", requirement.id),
    shipping_option_id: wireId("so", id),
    type: requirement.type,
    amount: requirement.amount,
    deleted_at: null,
  }));
}

/** An option with its profile and region. */
export function renderAdminShippingOption(option: ShippingOption, setup: SalesSetup) {
  const profile = setup.shippingProfiles.find(({ id }) => id === option.profileId);
  const region = setup.regions.find(({ id }) => id === option.regionId);
  return {
    ...renderPlainShippingOption(option),
    profile: profile ? renderShippingProfile(profile) : null,
    region: region ? renderPlainRegion(region) : null,
    requirements: renderRequirements(option),
  };
}

/** The taxes of an option: those attached to it, or the region's own. */
export function shippingTaxRates(option: ShippingOption, setup: SalesSetup): readonly RegionTaxRate[] {
  const region = setup.regions.find(({ id }) => id === option.regionId);
  const attached = setup.taxRates
    .filter((rate) => rate.regionId === option.regionId && rate.shippingOptionIds.includes(option.id))
    .map(({ percent, name, code }) => ({ percent: percent ?? 0, name, code }));
  return taxRatesOf(attached, region?.taxPercent ?? 0);
}

/** What tax an option's price has, or would have; a price that is not known yet counts as 0. */
export function renderShippingTax(option: ShippingOption, setup: SalesSetup) {
  const taxRates = shippingTaxRates(option, setup);
  const { id, amount, includesTax } = option;
  const priced = priceShippingMethod(
    { id, price: amount ?? 0, includesTax, taxRates },
    { isFree: false, isUntaxed: false },
  );
  return {
    price_incl_tax: priced?.total ?? amount ?? 0,
    tax_rates: taxRates.map(({ percent, name, code }) => ({ rate: percent, name, code })),
    tax_amount: priced?.taxTotal ?? 0,
  };
}
