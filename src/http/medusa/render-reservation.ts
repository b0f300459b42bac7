import Type from "typebox";
import type { Reservation, StockLocation } from "../../domain/inventory/stock-location.ts";
import { stockKeyOf } from "../../domain/inventory/stock-location.ts";
import { heldByLine } from "../../domain/order/pieces-of-lines.ts";
import type { HoldingOrder } from "../../operations/ports/orders.ts";
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

/** What an order holds: one reservation for each line and location. The common stock is shown if it has a location. */
export function renderHeld(order: HoldingOrder, locations: readonly StockLocation[]): WireReservation[] {
  return heldByLine(order).flatMap(({ lineId, productId, location, quantity }) => {
    const place = locations.findIndex((one) => stockKeyOf(one) === location);
    const at = locations[place];
    if (!at) return [];
    return [
      {
        id: partId("resitem", lineId, place),
        created_at: order.createdAt,
        updated_at: order.updatedAt,
        deleted_at: null,
        line_item_id: wireId("item", lineId),
        inventory_item_id: wireId("iitem", productId),
        location_id: wireId("sloc", at.id),
        quantity,
        external_id: null,
        description: null,
        created_by: null,
        metadata: null,
      },
    ];
  });
}

/** What orders hold, the oldest first; of one order if its id is given. */
export async function heldByOrders(
  { deps, context }: Pick<Call, "deps" | "context">,
  orderId?: string,
): Promise<readonly WireReservation[]> {
  const { storeId } = context.store;
  const { orders, records } = deps.storage;
  const [holding, { stockLocations }] = await Promise.all([
    orders.holding(storeId, orderId),
    records.setup(storeId),
  ]);
  return holding.flatMap((order) => renderHeld(order, stockLocations));
}
