import Type, { type Static } from "typebox";
import type { Order } from "../../domain/order/order.ts";
import { fail, type Result } from "../../domain/result.ts";
import { derivedId } from "../../operations/derived-id.ts";
import { closeOrder, putOrderAway, sendItems } from "../../operations/fulfil-order.ts";
import { callOffWithMoney, captureOrder, refundOrder } from "../../operations/order-money.ts";
import { packOrder, unpackOrder } from "../../operations/pack-order.ts";
import type { Refusal } from "../../operations/refusal.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import { shipOrderBy } from "../../operations/ship-order-by.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { updateBody, updateOrder, updateRefusal } from "./admin-order-update.ts";
import { answerOrder, isShown, readSelection, renderOrders } from "./answer-order.ts";
import { invalidData, notAllowed, notFound } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { listParameters } from "./list-parameters.ts";
import { orderFilters, readOrderList } from "./order-filters.ts";
import { orderSchema } from "./order-schemas.ts";
import { pageReply } from "./pages.ts";
import { readQuery } from "./query.ts";
import { refundReasons } from "./render-after-sales.ts";
import { heldByOrder, renderReservation, reservationSchema } from "./render-reservation.ts";
import { bodyOf, error, given, listOf, metadata, one, plainText, text } from "./schemas.ts";
import { adminRelations, orderSelector } from "./select-order.ts";

const tag = "Admin: orders";
const path = "/admin/orders/:orderId";
const answers = {
  200: one("order", orderSchema),
  400: error,
  401: plainText,
  404: error,
  409: error,
};

const word = Type.Optional(Type.String({ maxLength: 255 }));
const listQuery = listParameters({ ...orderFilters, customer_id: word });

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
const refundBody = bodyOf({
  amount: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
  reason: text(64),
  note: given(Type.String({ maxLength: 1000 })),
  no_notification: given(Type.Boolean()),
});

/** What the merchant does with orders. */
export const adminOrderRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/orders",
    access: "shop",
    tag,
    summary: "Orders that somebody has promised to pay for, newest first",
    query: Object.keys(listQuery.properties),
    responses: { 200: listOf("orders", orderSchema), 400: error, 401: plainText },
    handle: listOrders,
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "An order with all that belongs to it",
    query: ["expand", "fields"],
    responses: answers,
    async handle(call) {
      const read = readSelection(call);
      if ("refusal" in read) return read.refusal;
      const found = await shownOrder(call);
      return found.ok ? answerOrder(call, found, "be shown", read.selection) : orderMissing(call);
    },
  }),
  route({
    method: "GET",
    path: `${path}/reservations`,
    access: "shop",
    tag,
    summary: "What of the stock is held for an order, by itself and by hand",
    query: ["limit", "offset"],
    responses: { 200: listOf("reservations", reservationSchema), 400: error, 401: plainText, 404: error },
    handle: reservationsOf,
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Change whom and where an order goes to",
    body: updateBody,
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) =>
      changed(
        call,
        "be updated",
        (order) => updateOrder(call, order),
        (order) => updateRefusal(call, order),
      ),
  }),
  route({
    method: "POST",
    path: `${path}/capture`,
    access: "shop",
    tag,
    summary: "Capture what is authorized",
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) => changed(call, "capture payment", ({ id }) => captureOrder(call.deps, call.context, id)),
  }),
  route({
    method: "POST",
    path: `${path}/refund`,
    access: "shop",
    tag,
    summary: "Pay a part or all back",
    body: refundBody,
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) =>
      refundReasons.some((reason) => reason === call.body.reason)
        ? changed(call, "be refunded", (order) => refund(call, order))
        : Promise.resolve(invalidData(`reason must be one of ${refundReasons.join(", ")}`)),
  }),
  route({
    method: "POST",
    path: `${path}/shipping-methods`,
    access: "shop",
    tag,
    summary: "Send an order another way, at a price that is owed with it",
    body: shippingBody,
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) => changed(call, "be updated", (order) => shipOrder(call, order)),
  }),
  route({
    method: "POST",
    path: `${path}/fulfillment`,
    access: "shop",
    tag,
    summary: "Pack pieces, which leave the stock, and have the shipping provider send them",
    body: fulfilBody,
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) => pack(call),
  }),
  route({
    method: "POST",
    path: `${path}/fulfillments/:fulfilmentId/cancel`,
    access: "shop",
    tag,
    summary: "Unpack what was not sent yet",
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) =>
      changed(call, "be fulfilled", ({ id }) =>
        unpackOrder(call.deps, call.context, id, engineId("ful", call.params.fulfilmentId as string)),
      ),
  }),
  route({
    method: "POST",
    path: `${path}/shipment`,
    access: "shop",
    tag,
    summary: "Send what was packed",
    body: shipmentBody,
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) =>
      changed(call, "be fulfilled", ({ id }) =>
        sendItems(call.deps, call.context, id, {
          fulfilmentId: engineId("ful", call.body.fulfillment_id),
          trackingNumbers: call.body.tracking_numbers ?? [],
          ...(typeof call.body.no_notification === "boolean" && {
            noNotification: call.body.no_notification,
          }),
        }),
      ),
  }),
  route({
    method: "POST",
    path: `${path}/cancel`,
    access: "shop",
    tag,
    summary: "Call an order off: its money and its stock go back",
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) => changed(call, "be canceled", ({ id }) => callOffWithMoney(call.deps, call.context, id)),
  }),
  route({
    method: "POST",
    path: `${path}/complete`,
    access: "shop",
    tag,
    summary: "The shop is done with the order",
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) => changed(call, "be completed", ({ id }) => closeOrder(call.deps, call.context, id)),
  }),
  route({
    method: "POST",
    path: `${path}/archive`,
    access: "shop",
    tag,
    summary: "Put an order away that is done with",
    query: ["expand", "fields"],
    responses: answers,
    handle: (call) => changed(call, "be archived", ({ id }) => putOrderAway(call.deps, call.context, id)),
  }),
];

async function listOrders(call: Call): Promise<Reply> {
  const read = readQuery<Static<typeof listQuery>>(call, listQuery);
  if ("refusal" in read) return read.refusal;
  const { query } = read;
  const { customer_id: customerId } = query;
  const listed = readOrderList(query, {
    defaultLimit: 50,
    conditions:
      customerId === undefined
        ? []
        : [{ field: "customer_id", operator: "in", values: [engineId("cus", customerId)] }],
  });
  if ("refusal" in listed) return listed.refusal;
  const selector = orderSelector(query, adminRelations, { totalsWithFields: "named" });
  if ("refusal" in selector) return selector.refusal;
  const { orders } = call.deps.storage;
  const { rows, total } = await orders.list(call.context.store.storeId, {}, listed.query);
  const rendered = await renderOrders(call, rows);
  const { limit, offset } = listed.query;
  return { status: 200, body: { orders: rendered.map(selector.select), count: total, offset, limit } };
}

async function reservationsOf(call: Call): Promise<Reply> {
  const found = await shownOrder(call);
  if (!found.ok) return orderMissing(call);
  const { lines } = found.value;
  const [held, byHand] = await Promise.all([
    heldByOrder(call, found.value),
    call.deps.storage.records.all(call.context.store.storeId, "reservation"),
  ]);
  const lineIds = new Set(lines.map((line) => wireId("item", line.id)));
  const own = byHand.filter(({ lineItemId }) => lineItemId !== undefined && lineIds.has(lineItemId));
  return pageReply(call, {
    name: "reservations",
    rows: [...held, ...own.map(renderReservation)],
    limit: 20,
  });
}

async function changed(
  call: Call,
  deed: string,
  change: (order: Order) => Promise<Result<Order, Refusal | SalesRefusal>>,
  refusalOf: (order: Order) => Reply | undefined = () => undefined,
): Promise<Reply> {
  const read = readSelection(call);
  if ("refusal" in read) return read.refusal;
  const found = await shownOrder(call);
  if (!found.ok) return orderMissing(call);
  const refusal = refusalOf(found.value);
  if (refusal) return refusal;
  return answerOrder(call, await change(found.value), deed, read.selection);
}

async function shownOrder({ deps, context, params }: Call): Promise<Result<Order, Refusal>> {
  const orderId = engineId("order", params.orderId as string);
  const order = await deps.storage.orders.load(context.store.storeId, orderId);
  return order && isShown(order) ? { ok: true, value: order } : fail({ type: "order_not_found", orderId });
}

function orderMissing({ params }: Call): Reply {
  return notFound(`Order with id: ${params.orderId} was not found`);
}

async function refund(call: Call<Static<typeof refundBody>>, order: Order): Promise<Result<Order, Refusal>> {
  const { amount, reason, note, no_notification } = call.body;
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  return refundOrder(call.deps, call.context, order.id, {
    amount,
    reason,
    ...(note && { note }),
    ...(typeof no_notification === "boolean" && { noNotification: no_notification }),
    operationId: (index) => derivedId(call.attemptId, index),
  });
}

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
