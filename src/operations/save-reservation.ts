import { type Reservation, stockKeyOf } from "../domain/inventory/stock-location.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** What staff decide about a reservation. */
export type ReservationDetails = Omit<Reservation, "id" | "createdAt" | "updatedAt">;

type HoldRefusal = SalesRefusalOf<
  "stock_location_not_found" | "stock_level_not_found" | "reservation_too_large"
>;
type Changes = Partial<Pick<Reservation, "locationId" | "quantity" | "description" | "metadata">>;

/** Holds pieces back: they are allocated with the reservation, or neither is. */
export function createReservation(
  deps: Deps,
  context: Context,
  details: ReservationDetails,
): Promise<Result<Reservation, HoldRefusal>> {
  const now = deps.now();
  const reservation = { ...details, id: deps.newId(), createdAt: now, updatedAt: now };
  return allOrNothing<Reservation, HoldRefusal>(deps, async (storage) => {
    const held = await hold(deps, storage, context, reservation, details.quantity);
    if (!held.ok) return held;
    await storage.records.insert(context.store.storeId, "reservation", reservation);
    return ok(reservation);
  });
}

/** Changes a reservation, and what its stock row holds by as much. */
export function updateReservation(
  deps: Deps,
  context: Context,
  reservationId: string,
  changes: Changes,
): Promise<Result<Reservation, HoldRefusal | SalesRefusalOf<"reservation_not_found">>> {
  const { storeId } = context.store;
  const updatedAt = deps.now();
  return allOrNothing<Reservation, HoldRefusal | SalesRefusalOf<"reservation_not_found">>(
    deps,
    async (storage) => {
      let before: Reservation | undefined;
      // The row is ours from here on, so that what is held is given back once.
      const saved = await storage.records.change(storeId, "reservation", reservationId, (reservation) => {
        before = reservation;
        return { ...reservation, ...changes, updatedAt };
      });
      if (saved.kind !== "saved" || !before) return fail({ type: "reservation_not_found", reservationId });
      const after = saved.record;
      const isSamePlace = after.locationId === before.locationId;
      if (!isSamePlace) {
        const released = await hold(deps, storage, context, before, -before.quantity);
        if (!released.ok) return released;
      }
      const more = isSamePlace ? after.quantity - before.quantity : after.quantity;
      const held = await hold(deps, storage, context, after, more);
      return held.ok ? ok(after) : held;
    },
  );
}

/** Gives the pieces of a reservation back, if it is there. */
export function deleteReservation(deps: Deps, context: Context, reservationId: string): Promise<void> {
  const { storeId } = context.store;
  return deps.storage.transaction(async (storage) => {
    const reservation = await storage.records.load(storeId, "reservation", reservationId);
    // Of several who delete it at once, one has deleted it.
    if (!reservation || !(await storage.records.delete(storeId, "reservation", reservationId))) return;
    const released = await hold(deps, storage, context, reservation, -reservation.quantity);
    if (!released.ok) throw new Error(`Reservation ${reservationId} does not fit the stock that it holds`);
  });
}

/** Allocates so many pieces more, or fewer when below 0. */
async function hold(
  deps: Deps,
  { records, stock }: Storage,
  { store, actor }: Context,
  { productId, locationId }: Pick<Reservation, "productId" | "locationId">,
  more: number,
): Promise<Result<undefined, HoldRefusal>> {
  if (more === 0) return ok(undefined);
  const location = await records.load(store.storeId, "stock_location", locationId);
  if (!location) return fail({ type: "stock_location_not_found", locationId });
  const moved = await stock.move(store.storeId, {
    movementId: deps.newId(),
    productId,
    location: stockKeyOf(location),
    action: more > 0 ? "allocate" : "deallocate",
    quantity: Math.abs(more),
    actor: actor.label,
    now: deps.now(),
    follows: true,
  });
  if (moved.kind === "not_found") return fail({ type: "stock_level_not_found", productId, locationId });
  return moved.kind === "moved" ? ok(undefined) : fail({ type: "reservation_too_large" });
}
