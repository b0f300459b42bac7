import Type from "typebox";
import type { Reservation, StockLocation } from "../../domain/inventory/stock-location.ts";
import { stockKeyOf } from "../../domain/inventory/stock-location.ts";
import type { Order } from "../../domain/order/order.ts";
import { heldByLine } from "../../domain/order/pieces-of-lines.ts";
import type { HeldReservation } from "../../operations/ports/reservations.ts";
import type { Call } from "../route.ts";
import { partId, wireId } from "./ids.ts";
import { metadata, nullable, textOrNull, timestamps } from "./schemas.ts";

export const reservationSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  line_item_id: textOrNull,
  inventory_item_id: Type.String(),
  location_id: Type.String(),
  quantity: Type.Integer(),
  external_id: Type.Null(),
  description: textOrNull,
  created_by: textOrNull,
  metadata: nullable(metadata),
});

/** One of a list, with what `expand` names. */
export const shownReservationSchema = Type.Object({
  ...reservationSchema.properties,
  line_item: Type.Optional(nullable(Type.Record(Type.String(), Type.Unknown()))),
  inventory_item: Type.Optional(nullable(Type.Record(Type.String(), Type.Unknown()))),
});

export type WireReservation = ReturnType<typeof renderReservation>;

/** Pieces that staff hold back by hand. */
export function renderReservation(reservation: Reservation) {
  return {
    id: wireId("resitem", reservation.id),
    created_at: reservation.createdAt,
    updated_at: reservation.updatedAt,
    deleted_at: null,
    line_item_id: reservation.lineItemId ?? null,
    inventory_item_id: wireId("iitem", reservation.productId),
    location_id: wireId("sloc", reservation.locationId),
    quantity: reservation.quantity,
    external_id: null,
    description: reservation.description ?? null,
    created_by: reservation.createdBy === undefined ? null : wireId("usr", reservation.createdBy),
    metadata: reservation.metadata ?? null,
  };
}

/** What an order holds of one of its lines at one of the locations. */
export function renderHeld(held: HeldReservation, locations: readonly StockLocation[]): WireReservation {
  return {
    id: partId("resitem", held.lineId, held.place),
    created_at: held.createdAt,
    updated_at: held.updatedAt,
    deleted_at: null,
    line_item_id: wireId("item", held.lineId),
    inventory_item_id: wireId("iitem", held.productId),
    location_id: wireId("sloc", (locations[held.place] as StockLocation).id),
    quantity: held.quantity,
    external_id: null,
    description: null,
    created_by: null,
    metadata: null,
  };
}

/** What one order holds: one reservation for each line and location. The common stock is shown if it has a location. */
export async function heldByOrder(
  { deps, context }: Pick<Call, "deps" | "context">,
  order: Order,
): Promise<readonly WireReservation[]> {
  const { stockLocations } = await deps.storage.records.setup(context.store.storeId);
  const { id: orderId, createdAt, updatedAt } = order;
  return heldByLine(order).flatMap(({ location, ...pieces }) => {
    const place = stockLocations.findIndex((one) => stockKeyOf(one) === location);
    return place < 0 ? [] : [renderHeld({ ...pieces, orderId, place, createdAt, updatedAt }, stockLocations)];
  });
}
