import Type from "typebox";
import type { Reservation } from "../../domain/inventory/stock-location.ts";
import {
  createReservation,
  deleteReservation,
  updateReservation,
} from "../../operations/save-reservation.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { notAllowed, refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { heldReservation, listReservations, reservationQuery } from "./list-reservations.ts";
import { renderReservation, reservationSchema, shownReservationSchema } from "./render-reservation.ts";
import { bodyOf, deleted, error, given, listOf, metadata, one, plainText, text, words } from "./schemas.ts";

const tag = "Admin: reservations";
const pieces = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });

const answers = { 200: one("reservation", reservationSchema), 400: error, 401: plainText, 404: error };

/** Pieces that staff hold back by hand, and those that orders hold. */
export const adminReservationRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/reservations",
    access: "shop",
    tag,
    summary: "List reservations",
    query: Object.keys(reservationQuery.properties),
    responses: { 200: listOf("reservations", shownReservationSchema), 400: error, 401: plainText },
    handle: listReservations,
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
      description: given(words()),
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
    handle: async (call) => {
      const { deps, context, params } = call;
      const reservationId = engineId("resitem", params.id as string);
      const found = await deps.storage.records.load(context.store.storeId, "reservation", reservationId);
      if (found) return shown(found);
      const reservation = await heldReservation(call);
      return reservation
        ? { status: 200, body: { reservation } }
        : refused({ type: "reservation_not_found", reservationId });
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
      description: given(words()),
      metadata: given(metadata),
    }),
    responses: answers,
    handle: async (call) => {
      const { deps, context, body, params } = call;
      const updated = await updateReservation(deps, context, engineId("resitem", params.id as string), {
        ...(body.location_id != null && { locationId: engineId("sloc", body.location_id) }),
        ...(body.quantity != null && { quantity: body.quantity }),
        ...(body.description != null && { description: body.description }),
        ...(body.metadata != null && { metadata: body.metadata }),
      });
      if (updated.ok) return shown(updated.value);
      const unknown = updated.error.type === "reservation_not_found";
      return (unknown && (await ofAnOrder(call))) || refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/reservations/:id",
    access: "shop",
    tag,
    summary: "Give the pieces of a reservation back",
    responses: { 200: deleted, 400: error, 401: plainText },
    handle: async (call) => {
      const { deps, context, params } = call;
      const id = params.id as string;
      const refusal = await ofAnOrder(call);
      if (refusal) return refusal;
      await deleteReservation(deps, context, engineId("resitem", id));
      return { status: 200, body: { id, object: "reservation", deleted: true } };
    },
  }),
];

const shown = (reservation: Reservation): Reply => ({
  status: 200,
  body: { reservation: renderReservation(reservation) },
});

/** The refusal to change what an order holds; undefined where the reservation is none of an order. */
async function ofAnOrder(call: Omit<Call, "body">): Promise<Reply | undefined> {
  return (await heldReservation(call))
    ? notAllowed("The pieces are held by an order, which gives them back itself")
    : undefined;
}
