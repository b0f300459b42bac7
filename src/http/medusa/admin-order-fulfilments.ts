import Type, { type Static } from "typebox";
import type { Order } from "../../domain/order/order.ts";
import type { Result } from "../../domain/result.ts";
import { derivedId } from "../../operations/derived-id.ts";
import { sendItems } from "../../operations/fulfil-order.ts";
import { packOrder, unpackOrder } from "../../operations/pack-order.ts";
import type { Refusal } from "../../operations/refusal.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import { shipOrderBy } from "../../operations/ship-order-by.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { answerOrder, readSelection } from "./answer-order.ts";
import { changedOrder, orderAnswers, orderMissing, orderPath, shownOrder } from "./changed-order.ts";
import { notAllowed } from "./errors.ts";
import { engineId } from "./ids.ts";
import { bodyOf, given, metadata, text } from "./schemas.ts";

const tag = "Admin: orders";

const pieces = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const itemsOf = Type.Array(bodyOf({ item_id: text(255), quantity: pieces }), { minItems: 1, maxItems: 1000 });
const fulfilBody = bodyOf({
  items: itemsOf,
  location_id: given(Type.String({ maxLength: 255 })),
  no_notification: given(Type.Boolean()),
  metadata: given(metadata),
});
const shipmentBody = bodyOf({
  fulfillment_id: text(255),
  tracking_numbers: given(Type.Array(text(255), { maxItems: 100 })),
  no_notification: given(Type.Boolean()),
});
const shippingBody = bodyOf({
  price: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 }),
  option_id: text(255),
  data: given(metadata),
});

/** How orders are packed and sent, and by what. */
export const adminOrderFulfilmentRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: `${orderPath}/shipping-methods`,
    access: "shop",
    tag,
    summary: "Send an order another way, at a price that is owed with it",
    body: shippingBody,
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) => changedOrder(call, "be updated", (order) => shipOrder(call, order)),
  }),
  route({
    method: "POST",
    path: `${orderPath}/fulfillment`,
    access: "shop",
    tag,
    summary: "Pack pieces, which leave the stock, and have the shipping provider send them",
    body: fulfilBody,
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) => pack(call),
  }),
  route({
    method: "POST",
    path: `${orderPath}/fulfillments/:fulfilmentId/cancel`,
    access: "shop",
    tag,
    summary: "Unpack what was not sent yet",
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) =>
      changedOrder(call, "be fulfilled", ({ id }) =>
        unpackOrder(call.deps, call.context, id, engineId("ful", call.params.fulfilmentId as string)),
      ),
  }),
  route({
    method: "POST",
    path: `${orderPath}/shipment`,
    access: "shop",
    tag,
    summary: "Send what was packed",
    body: shipmentBody,
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) =>
      changedOrder(call, "be fulfilled", ({ id }) =>
        sendItems(call.deps, call.context, id, {
          fulfilmentId: engineId("ful", call.body.fulfillment_id),
          trackingNumbers: call.body.tracking_numbers ?? [],
          ...(typeof call.body.no_notification === "boolean" && {
            noNotification: call.body.no_notification,
          }),
        }),
      ),
  }),
];

function shipOrder(
  { deps, context, attemptId, body }: Call<Static<typeof shippingBody>>,
  order: Order,
): Promise<Result<Order, Refusal | SalesRefusal>> {
  return shipOrderBy(deps, context, order, {
    methodId: derivedId(attemptId, 0),
    optionId: engineId("so", body.option_id),
    price: body.price,
    data: body.data ?? {},
  });
}

async function pack(call: Call<Static<typeof fulfilBody>>): Promise<Reply> {
  const { items, location_id, no_notification, metadata: notes } = call.body;
  const read = readSelection(call);
  if ("refusal" in read) return read.refusal;
  const found = await shownOrder(call);
  if (!found.ok) return orderMissing(call);
  const order = found.value;
  if (order.region?.shippingMethods.length === 0) {
    return notAllowed("Cannot fulfill an order that lacks shipping methods");
  }
  const packed = await packOrder(call.deps, call.context, order, {
    items: items.map(({ item_id, quantity }) => ({ lineId: engineId("item", item_id), quantity })),
    attemptId: call.attemptId,
    isKeyed: call.header("idempotency-key") !== undefined,
    ...(location_id && { locationId: engineId("sloc", location_id) }),
    ...(typeof no_notification === "boolean" && { noNotification: no_notification }),
    ...(notes && { metadata: notes }),
  });
  return answerOrder(call, packed, "be fulfilled", read.selection);
}
