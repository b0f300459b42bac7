import { MAX_STOCK } from "../domain/inventory/stock.ts";
import { type InventoryNote, type StockLocation, stockKeyOf } from "../domain/inventory/stock-location.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import type { RefusalOf } from "./refusal.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** The numbers of a product at a location; a member that is absent keeps its value. */
export type LevelNumbers = { readonly stocked?: number; readonly incoming?: number };

type LevelRefusal =
  | SalesRefusalOf<"stock_location_not_found" | "stock_level_not_found">
  | RefusalOf<"product_not_found" | "stock_allocated">;

/**
 * Counts a product at a location: a level is the stock row of the two. With `create` one that is there already is set;
 * without it a missing one is refused. What orders hold stays: fewer pieces than that are refused.
 */
export function saveLevel(
  deps: Deps,
  context: Context,
  productId: string,
  locationId: string,
  { stocked, incoming }: LevelNumbers,
  how: { readonly create: boolean },
): Promise<Result<undefined, LevelRefusal>> {
  const { storeId } = context.store;
  return allOrNothing<undefined, LevelRefusal>(deps, async (storage) => {
    const location = await storage.records.load(storeId, "stock_location", locationId);
    if (!location) return fail({ type: "stock_location_not_found", locationId });
    const at = { productId, location: stockKeyOf(location), actor: context.actor.label, now: deps.now() };
    const rows = await storage.stock.load(storeId, productId);
    if (!rows.some((row) => row.location === at.location)) {
      if (!how.create) return fail({ type: "stock_level_not_found", productId, locationId });
      const made = await storage.stock.create(storeId, {
        ...at,
        movementId: deps.newId(),
        quantity: stocked ?? 0,
      });
      if (made.kind === "product_not_found") return fail({ type: "product_not_found", id: productId });
    } else if (stocked !== undefined) {
      const quantity = Math.min(stocked, MAX_STOCK);
      const move = { ...at, movementId: deps.newId(), action: "set" as const, quantity };
      const moved = await storage.stock.move(storeId, move);
      if (moved.kind === "refused") return fail({ type: "stock_allocated", productId });
    }
    if (incoming !== undefined) await noteIncoming(deps, storage, context, productId, location, incoming);
    return ok(undefined);
  });
}

/** Stops counting a product at a location, if it is counted there. */
export async function deleteLevel(
  deps: Deps,
  { store, actor }: Context,
  productId: string,
  locationId: string,
): Promise<Result<undefined, LevelRefusal>> {
  const location = await deps.storage.records.load(store.storeId, "stock_location", locationId);
  if (!location) return fail({ type: "stock_location_not_found", locationId });
  const deleted = await deps.storage.stock.delete(store.storeId, {
    productId,
    location: stockKeyOf(location),
    movementId: deps.newId(),
    actor: actor.label,
    now: deps.now(),
  });
  return deleted === "allocated" ? fail({ type: "stock_allocated", productId }) : ok(undefined);
}

/** Changes what is noted about a counted product. */
export async function noteInventory(
  deps: Deps,
  storage: Pick<Storage, "records">,
  { store }: Context,
  productId: string,
  change: (note: InventoryNote) => InventoryNote,
): Promise<void> {
  const now = deps.now();
  const changed = await storage.records.change(store.storeId, "inventory_note", productId, (note) => ({
    ...change(note),
    updatedAt: now,
  }));
  if (changed.kind === "saved") return;
  const first = change({ id: productId, incoming: {}, createdAt: now, updatedAt: now });
  const saved = await storage.records.insert(store.storeId, "inventory_note", first);
  // Somebody else has noted something meanwhile: ours goes on top.
  if (saved !== "saved") await storage.records.change(store.storeId, "inventory_note", productId, change);
}

function noteIncoming(
  deps: Deps,
  storage: Storage,
  context: Context,
  productId: string,
  { id }: StockLocation,
  incoming: number,
): Promise<void> {
  return noteInventory(deps, storage, context, productId, (note) => ({
    ...note,
    incoming: { ...note.incoming, [id]: incoming },
  }));
}
