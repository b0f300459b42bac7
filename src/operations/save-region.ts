import { countryCode } from "../domain/region/countries.ts";
import type { Region } from "../domain/region/region.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import { type Context, enabledCurrency } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { gatewaysOf } from "./payment-providers.ts";
import type { RefusalOf } from "./refusal.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** What a merchant decides about a region. Currencies and countries may come in either case. */
export type RegionDetails = Omit<Region, "id" | "createdAt" | "updatedAt">;

export type SaveRegionRefusal =
  | SalesRefusalOf<"country_unknown" | "country_taken" | "provider_unknown">
  | RefusalOf<"currency_unknown">;

/** Makes a region. A country is in one region at most, whoever else makes one in the same moment. */
export async function createRegion(
  deps: Deps,
  context: Context,
  details: RegionDetails,
): Promise<Result<Region, SaveRegionRefusal>> {
  const checked = checkedDetails(deps, context, details);
  if (!checked.ok) return checked;
  const now = deps.now();
  const region = { ...checked.value, id: deps.newId(), createdAt: now, updatedAt: now };
  const { storeId } = context.store;
  return allOrNothing(deps, async (storage) => {
    const moved = await moveCountries(storage, storeId, region, []);
    if (!moved.ok) return moved;
    await storage.records.insert(storeId, "region", region);
    return ok(region);
  });
}

/**
 * Changes a region; `change` says what becomes of what it decides. Carts that are in it are priced anew when they are
 * looked at next.
 */
export async function updateRegion(
  deps: Deps,
  context: Context,
  regionId: string,
  change: (region: Region) => RegionDetails,
): Promise<Result<Region, SaveRegionRefusal | SalesRefusalOf<"region_not_found">>> {
  const { storeId } = context.store;
  return allOrNothing<Region, SaveRegionRefusal | SalesRefusalOf<"region_not_found">>(
    deps,
    async (storage) => {
      const updatedAt = deps.now();
      let before: readonly string[] = [];
      let checked: ReturnType<typeof checkedDetails> | undefined;
      const changed = await storage.records.change(storeId, "region", regionId, (region) => {
        before = region.countries;
        checked = checkedDetails(deps, context, change(region));
        if (!checked.ok) return region;
        const { id, createdAt } = region;
        return { ...checked.value, id, createdAt, updatedAt };
      });
      if (checked && !checked.ok) return checked;
      if (changed.kind !== "saved") return fail({ type: "region_not_found", regionId });
      const moved = await moveCountries(storage, storeId, changed.record, before);
      return moved.ok ? ok(changed.record) : moved;
    },
  );
}

/** Deletes a region, whose countries are free then; whether there was one. What was sold in it stays as it is. */
export async function deleteRegion(deps: Deps, context: Context, regionId: string): Promise<boolean> {
  const { storeId } = context.store;
  return deps.storage.transaction(async ({ records }) => {
    const region = await records.load(storeId, "region", regionId);
    for (const country of region?.countries ?? []) await records.delete(storeId, "region_country", country);
    return records.delete(storeId, "region", regionId);
  });
}

function checkedDetails(
  deps: Pick<Deps, "gateways" | "fulfilmentProviders">,
  { store }: Context,
  details: RegionDetails,
): Result<RegionDetails, SaveRegionRefusal> {
  const currency = details.currency.toUpperCase();
  if (!enabledCurrency(store, currency)) return fail({ type: "currency_unknown", currency });
  const countries: string[] = [];
  for (const country of details.countries) {
    const code = countryCode(country);
    if (code === undefined) return fail({ type: "country_unknown", country });
    if (!countries.includes(code)) countries.push(code);
  }
  const { paymentProviders, fulfilmentProviders } = details;
  const payment = paymentProviders.find((provider) => {
    const [gateway] = gatewaysOf(deps, provider);
    return !gateway || gateway.isForStaff;
  });
  if (payment !== undefined) return fail({ type: "provider_unknown", kind: "payment", provider: payment });
  const shipping = fulfilmentProviders.find((provider) => !deps.fulfilmentProviders.has(provider));
  if (shipping !== undefined)
    return fail({ type: "provider_unknown", kind: "fulfilment", provider: shipping });
  return ok({
    ...details,
    currency,
    countries,
    paymentProviders: [...new Set(paymentProviders)],
    fulfilmentProviders: [...new Set(fulfilmentProviders)],
  });
}

/** Takes the countries of a region that it did not have before, and gives up those that it has no more. */
async function moveCountries(
  { records }: Storage,
  storeId: string,
  { id, countries, updatedAt }: Region,
  before: readonly string[],
): Promise<Result<undefined, SalesRefusalOf<"country_taken">>> {
  for (const country of before) {
    if (!countries.includes(country)) await records.delete(storeId, "region_country", country);
  }
  // In one order, so that two who want the same countries do not wait for each other.
  for (const country of [...countries].sort()) {
    if (before.includes(country)) continue;
    const claim = { id: country, regionId: id, createdAt: updatedAt, updatedAt };
    if ((await records.insert(storeId, "region_country", claim)) === "saved") continue;
    const holder = await records.load(storeId, "region_country", country);
    return fail({ type: "country_taken", country, regionId: holder?.regionId ?? id });
  }
  return ok(undefined);
}
