import type { StockLocation } from "../domain/inventory/stock-location.ts";
import { stockKeyOf } from "../domain/inventory/stock-location.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** What a merchant decides about a stock location. */
export type StockLocationDetails = Pick<StockLocation, "name" | "address" | "metadata">;

/** The name in the table of records that one location of a store can have. */
const COMMON = "common";

/** Makes a stock location. The first of a store gets what is there already: the common stock. */
export async function createStockLocation(
  deps: Deps,
  { store }: Context,
  details: StockLocationDetails,
): Promise<StockLocation> {
  const now = deps.now();
  const location = { ...details, id: deps.newId(), isCommon: true, createdAt: now, updatedAt: now };
  const { records } = deps.storage;
  const saved = await records.insert(store.storeId, "stock_location", location, COMMON);
  if (saved === "saved") return location;
  const other = { ...location, isCommon: false };
  await records.insert(store.storeId, "stock_location", other);
  return other;
}

/** Changes the given members of a stock location. */
export async function updateStockLocation(
  deps: Deps,
  { store }: Context,
  locationId: string,
  changes: Partial<StockLocationDetails>,
): Promise<Result<StockLocation, SalesRefusalOf<"stock_location_not_found">>> {
  const updatedAt = deps.now();
  const saved = await deps.storage.records.change(
    store.storeId,
    "stock_location",
    locationId,
    (location) => ({
      ...location,
      ...changes,
      updatedAt,
    }),
  );
  return saved.kind === "saved" ? ok(saved.record) : fail({ type: "stock_location_not_found", locationId });
}

/**
 * Deletes a stock location that holds nothing, if it is there. The common stock stays when its location goes: it is what
 * is sold from.
 */
export function deleteStockLocation(
  deps: Deps,
  { store }: Context,
  locationId: string,
): Promise<Result<undefined, SalesRefusalOf<"stock_location_in_use">>> {
  const { storeId } = store;
  return deps.storage.transaction(async ({ records, stock }) => {
    const location = await records.load(storeId, "stock_location", locationId);
    if (!location) return ok(undefined);
    const inUse = !location.isCommon && (await stock.holdsAt(storeId, stockKeyOf(location)));
    if (inUse) return fail({ type: "stock_location_in_use" });
    await records.delete(storeId, "stock_location", locationId);
    for (const channel of await records.all(storeId, "sales_channel")) {
      if (!channel.locationIds.includes(locationId)) continue;
      await records.change(storeId, "sales_channel", channel.id, (now) => ({
        ...now,
        locationIds: now.locationIds.filter((id) => id !== locationId),
      }));
    }
    return ok(undefined);
  });
}
