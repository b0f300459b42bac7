import Type from "typebox";
import type { StoreConfig } from "../../operations/context.ts";
import { defaultCurrency } from "../../operations/context.ts";
import type { Deps } from "../../operations/deps.ts";
import { regionProviders } from "../../operations/payment-providers.ts";
import { currencySchema } from "./currencies.ts";
import { wireId } from "./ids.ts";
import { providerSchema, renderProvider, renderStoreCurrency } from "./render-region.ts";
import { renderSalesChannel, salesChannelSchema } from "./render-sales-channel.ts";
import { metadata, nullable, textOrNull, timestamps } from "./schemas.ts";

export const storeSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  name: Type.String(),
  default_currency_code: Type.String(),
  swap_link_template: textOrNull,
  payment_link_template: textOrNull,
  invite_link_template: textOrNull,
  default_location_id: Type.Null(),
  metadata: nullable(metadata),
  default_sales_channel_id: textOrNull,
  currencies: Type.Array(currencySchema),
});

const named = Type.Array(Type.Record(Type.String(), Type.Unknown()));

export const wholeStoreSchema = Type.Object({
  ...storeSchema.properties,
  default_currency: currencySchema,
  default_sales_channel: nullable(salesChannelSchema),
  feature_flags: named,
  modules: named,
  payment_providers: Type.Array(providerSchema),
  fulfillment_providers: Type.Array(providerSchema),
});

/** What this engine does of that which the original could be switched to. */
const featureFlags = [
  { key: "analytics", value: false },
  { key: "medusa_v2", value: false },
  { key: "order_editing", value: true },
  { key: "product_categories", value: true },
  { key: "publishable_api_keys", value: true },
  { key: "sales_channels", value: true },
  { key: "tax_inclusive_pricing", value: true },
  { key: "workflows", value: false },
];

/** Merchants' web apps show stock by location when these are there. */
const modules = ["inventoryService", "stockLocationService"].map((module) => ({ module, resolution: "" }));

/** The store and its currencies. */
export async function renderStore(deps: Deps, store: StoreConfig) {
  const { salesChannels } = await deps.storage.records.setup(store.storeId);
  const channel = salesChannels.find(({ isDefault }) => isDefault);
  const { swapLink, paymentLink, inviteLink, metadata: own } = store.settings.storefront ?? {};
  return {
    id: wireId("store", store.storeId),
    created_at: store.createdAt,
    updated_at: store.createdAt,
    name: store.name,
    default_currency_code: defaultCurrency(store).code.toLowerCase(),
    swap_link_template: swapLink ?? null,
    payment_link_template: paymentLink ?? null,
    invite_link_template: inviteLink ?? null,
    default_location_id: null,
    metadata: own ?? null,
    default_sales_channel_id: channel ? wireId("sc", channel.id) : null,
    currencies: store.currencies
      .filter(({ enabled }) => enabled)
      .map(({ code }) => renderStoreCurrency(code, store)),
  };
}

/** The store with everything that a merchant's web app looks at first. */
export async function renderWholeStore(deps: Deps, store: StoreConfig) {
  const { salesChannels } = await deps.storage.records.setup(store.storeId);
  const channel = salesChannels.find(({ isDefault }) => isDefault);
  return {
    ...(await renderStore(deps, store)),
    default_currency: renderStoreCurrency(defaultCurrency(store).code, store),
    default_sales_channel: channel ? renderSalesChannel(channel) : null,
    feature_flags: featureFlags,
    modules,
    payment_providers: await paymentProviders(deps, store),
    fulfillment_providers: [...deps.fulfilmentProviders.keys()].map(renderProvider),
  };
}

/** Ways to be paid that a region can be given: those that need no settings, and those that the store has set up. */
export async function paymentProviders(deps: Deps, { storeId }: StoreConfig) {
  const settings = await deps.storage.gatewaySettings.all(storeId);
  const isEnabled = (gateway: string): boolean =>
    settings.some(({ slug, enabled }) => slug === gateway && enabled);
  return regionProviders(deps)
    .filter(({ gateways }) =>
      gateways.some(({ slug, settings: needed = [] }) => needed.length === 0 || isEnabled(slug)),
    )
    .map(({ name }) => renderProvider(name));
}
