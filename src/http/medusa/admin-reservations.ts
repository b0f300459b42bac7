import Type from "typebox";
import type { Reservation } from "../../domain/inventory/stock-location.ts";
import {
  createReservation,
  deleteReservation,
  updateReservation,
} from "../../operations/save-reservation.ts";
import { type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { pageReply } from "./pages.ts";
import {
  bodyOf,
  deleted,
  error,
  given,
  listOf,
  metadata,
  nullable,
  one,
  plainText,
  text,
  textOrNull,
  timestamps,
} from "./schemas.ts";

const tag = "Admin: reservations";
const pieces = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });

const reservationSchema = Type.Object({
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

const answers = { 200: one("reservation", reservationSchema), 400: error, 401: plainText, 404: error };

/** Pieces that staff hold back by hand. What orders hold is shown with the orders. */
export const adminReservationRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/reservations",
    access: "shop",
    tag,
    summary: "List reservations",
    query: ["location_id", "inventory_item_id", "line_item_id", "quantity", "description", "limit", "offset"],
    responses: { 200: listOf("reservations", reservationSchema), 400: error, 401: plainText },
    handle: async (call) => {
      const all = await call.deps.storage.records.all(call.context.store.storeId, "reservation");
      return pageReply(call, {
        name: "reservations",
        rows: all.map(renderReservation),
        filters: ["location_id", "inventory_item_id", "line_item_id", "quantity", "description"],
        limit: 20,
      });
    },
  }),
  route({
    method: "POST",
    path: "/admin/reservations",
    access: "shop",
    tag,
    summary: "Hold pieces back",
    body: bodyOf({
      line_item_id: given(text(255)),
      location_id: text(255),
      inventory_item_id: text(255),
      quantity: pieces,
      description: given(text(1000)),
      metadata: given(metadata),
    }),
    responses: answers,
    handle: async ({ deps, context, body }) => {
      const created = await createReservation(deps, context, {
        productId: engineId("iitem", body.inventory_item_id),
        locationId: engineId("sloc", body.location_id),
        quantity: body.quantity,
        ...(body.line_item_id != null && { lineItemId: body.line_item_id }),
        ...(body.description != null && { description: body.description }),
        ...(body.metadata != null && { metadata: body.metadata }),
        ...(context.actor.userId !== undefined && { createdBy: context.actor.userId }),
      });
      return created.ok ? shown(created.value) : refused(created.error);
    },
  }),
  route({
    method: "GET",
    path: "/admin/reservations/:id",
    access: "shop",
    tag,
    summary: "Retrieve a reservation",
    responses: { 200: one("reservation", reservationSchema), 401: plainText, 404: error },
    handle: async ({ deps, context, params }) => {
      const reservationId = engineId("resitem", params.id as string);
      const found = await deps.storage.records.load(context.store.storeId, "reservation", reservationId);
      return found ? shown(found) : refused({ type: "reservation_not_found", reservationId });
    },
  }),
  route({
    method: "POST",
    path: "/admin/reservations/:id",
    access: "shop",
    tag,
    summary: "Change a reservation",
    body: bodyOf({
      location_id: given(text(255)),
      quantity: given(pieces),
      description: given(text(1000)),
      metadata: given(metadata),
    }),
    responses: answers,
    handle: async ({ deps, context, body, params }) => {
      const updated = await updateReservation(deps, context, engineId("resitem", params.id as string), {
        ...(body.location_id != null && { locationId: engineId("sloc", body.location_id) }),
        ...(body.quantity != null && { quantity: body.quantity }),
        ...(body.description != null && { description: body.description }),
        ...(body.metadata != null && { metadata: body.metadata }),
      });
      return updated.ok ? shown(updated.value) : refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/reservations/:id",
    access: "shop",
    tag,
    summary: "Give the pieces of a reservation back",
    responses: { 200: deleted, 401: plainText },
    handle: async ({ deps, context, params }) => {
      const id = params.id as string;
      await deleteReservation(deps, context, engineId("resitem", id));
      return { status: 200, body: { id, object: "reservation", deleted: true } };
    },
  }),
];

const shown = (reservation: Reservation): Reply => ({
  status: 200,
  body: { reservation: renderReservation(reservation) },
});

function renderReservation(reservation: Reservation) {
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
