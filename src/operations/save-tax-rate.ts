import type { TaxRate } from "../domain/region/region.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** What a merchant decides about a tax rate. */
export type TaxRateDetails = Omit<TaxRate, "id" | "createdAt" | "updatedAt">;

/** What a tax rate is attached to, by the member that holds the ids. */
export type TaxedKind = "productIds" | "productTypeIds" | "shippingOptionIds";

/** Makes a tax rate of a region. */
export async function createTaxRate(
  deps: Deps,
  context: Context,
  details: TaxRateDetails,
): Promise<Result<TaxRate, SalesRefusalOf<"region_not_found">>> {
  const { storeId } = context.store;
  const { records } = deps.storage;
  const { regionId } = details;
  if (!(await records.load(storeId, "region", regionId))) return fail({ type: "region_not_found", regionId });
  const now = deps.now();
  const taxRate = { ...details, id: deps.newId(), createdAt: now, updatedAt: now };
  await records.insert(storeId, "tax_rate", taxRate);
  return ok(taxRate);
}

/** Changes the given members of a tax rate. */
export async function updateTaxRate(
  deps: Deps,
  context: Context,
  taxRateId: string,
  changes: Partial<TaxRateDetails>,
): Promise<Result<TaxRate, SalesRefusalOf<"tax_rate_not_found" | "region_not_found">>> {
  const { records } = deps.storage;
  const { regionId } = changes;
  if (regionId !== undefined && !(await records.load(context.store.storeId, "region", regionId)))
    return fail({ type: "region_not_found", regionId });
  return changed(deps, context, taxRateId, (taxRate) => ({ ...taxRate, ...changes }));
}

/** Attaches a tax rate to things, or takes it off them; doing it twice is as good as once. */
export function attachTaxRate(
  deps: Deps,
  context: Context,
  taxRateId: string,
  kind: TaxedKind,
  { add = [], remove = [] }: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
): Promise<Result<TaxRate, SalesRefusalOf<"tax_rate_not_found">>> {
  return changed(deps, context, taxRateId, (taxRate) => ({
    ...taxRate,
    [kind]: [...new Set([...taxRate[kind], ...add])].filter((id) => !remove.includes(id)),
  }));
}

async function changed(
  deps: Deps,
  { store }: Context,
  taxRateId: string,
  change: (taxRate: TaxRate) => TaxRate,
): Promise<Result<TaxRate, SalesRefusalOf<"tax_rate_not_found">>> {
  const updatedAt = deps.now();
  const saved = await deps.storage.records.change(store.storeId, "tax_rate", taxRateId, (taxRate) => ({
    ...change(taxRate),
    updatedAt,
  }));
  return saved.kind === "saved" ? ok(saved.record) : fail({ type: "tax_rate_not_found", taxRateId });
}
