import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { createRegion } from "./save-region.ts";
import { createReturnReason } from "./save-return-reason.ts";
import { createShippingOption } from "./save-shipping-option.ts";
import { createStockLocation } from "./save-stock-location.ts";
import { setCurrencyTax } from "./save-store.ts";
import { setUpProfiles } from "./set-up-sales.ts";

/** How a store sells, as a file describes it; things name each other by `slug`. */
export type SeedSales = {
  readonly regions?: readonly {
    readonly slug: string;
    readonly name: string;
    readonly currency: string;
    readonly countries: readonly string[];
    /** Percent. */
    readonly tax_rate: number;
    readonly includes_tax: boolean;
    readonly payment_providers: readonly string[];
    readonly fulfillment_providers: readonly string[];
  }[];
  readonly shipping_options?: readonly {
    readonly name: string;
    readonly region: string;
    /** Minor units. */
    readonly amount: number;
    readonly includes_tax: boolean;
    readonly is_return?: boolean;
    readonly requirements: readonly {
      readonly type: "min_subtotal" | "max_subtotal";
      readonly amount: number;
    }[];
  }[];
  /** The first is the common stock. */
  readonly stock_locations?: readonly { readonly name: string }[];
  readonly return_reasons?: readonly { readonly value: string; readonly label: string }[];
};

/**
 * Fills a store with regions, their shipping options, stock locations, and reasons that goods come back for. A store that has a region
 * already keeps what it has.
 */
export async function seedSales(given: Deps, context: Context, seed: SeedSales): Promise<void> {
  const deps = inOrder(given);
  const { storeId } = context.store;
  const { records, stores } = deps.storage;
  await setUpProfiles(deps, storeId);
  if ((await records.setup(storeId)).regions.length > 0) return;
  const regionIds = new Map<string, string>();
  for (const { slug, ...region } of seed.regions ?? []) {
    await setCurrencyTax(deps, context, region.currency, region.includes_tax);
    const store = await stores.config(storeId);
    const made = await createRegion(deps, store ? { ...context, store } : context, {
      name: region.name,
      currency: region.currency,
      taxPercent: region.tax_rate,
      areGiftCardsTaxable: true,
      hasAutomaticTaxes: true,
      includesTax: region.includes_tax,
      countries: region.countries,
      paymentProviders: region.payment_providers,
      fulfilmentProviders: region.fulfillment_providers,
    });
    if (!made.ok) throw new Error(`The region ${slug} cannot be made: ${made.error.type}`);
    regionIds.set(slug, made.value.id);
  }
  for (const option of seed.shipping_options ?? []) {
    const made = await createShippingOption(deps, context, {
      name: option.name,
      regionId: regionIds.get(option.region) ?? option.region,
      providerId: "manual",
      priceType: "flat_rate",
      amount: option.amount,
      includesTax: option.includes_tax,
      isReturn: option.is_return ?? false,
      isAdminOnly: false,
      requirements: option.requirements,
      data: { id: option.is_return ? "manual-fulfillment-return" : "manual-fulfillment" },
    });
    if (!made.ok) throw new Error(`The shipping option ${option.name} cannot be made: ${made.error.type}`);
  }
  for (const location of seed.stock_locations ?? []) await createStockLocation(deps, context, location);
  for (const reason of seed.return_reasons ?? []) await createReturnReason(deps, context, reason);
}

/** The same with a clock that is a moment later every time, so that lists show things in the order of the file. */
function inOrder(deps: Deps): Deps {
  let at = Date.parse(deps.now());
  return {
    ...deps,
    now: () => {
      at += 1;
      return new Date(at).toISOString();
    },
  };
}
