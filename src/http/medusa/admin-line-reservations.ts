import Type from "typebox";
import { fulfilledOf } from "../../domain/order/fulfilment.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { isShown } from "./answer-order.ts";
import { invalidData, notAllowed, notFound } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { heldByOrder, reservationSchema } from "./render-reservation.ts";
import { bodyOf, error, given, plainText, text } from "./schemas.ts";

const body = bodyOf({
  location_id: text(255),
  quantity: given(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
});

/** Holding the pieces of one line of an order, which the order does itself from its payment on. */
export const adminLineReservationRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/admin/orders/:orderId/line-items/:lineId/reserve",
    access: "shop",
    tag: "Admin: orders",
    summary: "See that pieces of a line are held at a location; the order holds them itself",
    body,
    responses: { 200: reservationSchema, 400: error, 401: plainText, 404: error },
    handle: reserve,
  }),
];

async function reserve(
  call: Call<{ readonly location_id: string; readonly quantity?: number | null }>,
): Promise<Reply> {
  const { deps, context, params } = call;
  const orderId = engineId("order", params.orderId as string);
  const order = await deps.storage.orders.load(context.store.storeId, orderId);
  if (!order || !isShown(order)) return notFound(`Order with id: ${params.orderId} was not found`);
  const line = order.lines.find(({ id }) => wireId("item", id) === params.lineId);
  if (!line) return notFound(`LineItem with id: ${params.lineId} was not found`);
  if (line.productId === undefined) {
    return invalidData("Pieces of a line item without a variant cannot be reserved");
  }
  const quantity = call.body.quantity ?? line.quantity - fulfilledOf(order, line);
  const held = (await heldByOrder(call, order)).find(
    (one) => one.line_item_id === params.lineId && one.location_id === call.body.location_id,
  );
  if (held && held.quantity >= quantity) return { status: 200, body: held };
  return notAllowed(
    "An order holds its pieces itself from its payment on, and this one has no more of them to be held there",
  );
}
