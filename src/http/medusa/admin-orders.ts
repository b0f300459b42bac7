import Type, { type Static } from "typebox";
import type { Order } from "../../domain/order/order.ts";
import { fail, type Result } from "../../domain/result.ts";
import { derivedId } from "../../operations/derived-id.ts";
import { closeOrder, putOrderAway } from "../../operations/fulfil-order.ts";
import { callOffWithMoney, captureOrder, refundOrder } from "../../operations/order-money.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { updateBody, updateOrder, updateRefusal } from "./admin-order-update.ts";
import { answerOrder, readSelection, renderOrders } from "./answer-order.ts";
import { changedOrder, orderAnswers, orderMissing, orderPath, shownOrder } from "./changed-order.ts";
import { guestScope } from "./customer-orders.ts";
import { invalidData } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { listParameters } from "./list-parameters.ts";
import { orderFilters, readOrderList } from "./order-filters.ts";
import { orderSchema } from "./order-schemas.ts";
import { pageReply } from "./pages.ts";
import { readQuery } from "./query.ts";
import { refundReasons } from "./render-after-sales.ts";
import { heldByOrder, renderReservation, reservationSchema } from "./render-reservation.ts";
import { bodyOf, error, given, listOf, plainText, text } from "./schemas.ts";
import { adminRelations, orderSelector } from "./select-order.ts";

const tag = "Admin: orders";
const word = Type.Optional(Type.String({ maxLength: 255 }));
const listQuery = listParameters({ ...orderFilters, customer_id: word });

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
    path: orderPath,
    access: "shop",
    tag,
    summary: "An order with all that belongs to it",
    query: ["expand", "fields"],
    responses: orderAnswers,
    async handle(call) {
      const read = readSelection(call);
      if ("refusal" in read) return read.refusal;
      const found = await shownOrder(call);
      return found.ok ? answerOrder(call, found, "be shown", read.selection) : orderMissing(call);
    },
  }),
  route({
    method: "GET",
    path: `${orderPath}/reservations`,
    access: "shop",
    tag,
    summary: "What of the stock is held for an order, by itself and by hand",
    query: ["limit", "offset"],
    responses: { 200: listOf("reservations", reservationSchema), 400: error, 401: plainText, 404: error },
    handle: reservationsOf,
  }),
  route({
    method: "POST",
    path: orderPath,
    access: "shop",
    tag,
    summary: "Change whom and where an order goes to",
    body: updateBody,
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) =>
      changedOrder(
        call,
        "be updated",
        (order) => updateOrder(call, order),
        (order) => updateRefusal(call, order),
      ),
  }),
  route({
    method: "POST",
    path: `${orderPath}/capture`,
    access: "shop",
    tag,
    summary: "Capture what is authorized",
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) =>
      changedOrder(call, "capture payment", ({ id }) => captureOrder(call.deps, call.context, id)),
  }),
  route({
    method: "POST",
    path: `${orderPath}/refund`,
    access: "shop",
    tag,
    summary: "Pay a part or all back",
    body: refundBody,
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) =>
      refundReasons.some((reason) => reason === call.body.reason)
        ? changedOrder(call, "be refunded", (order) => refund(call, order))
        : Promise.resolve(invalidData(`reason must be one of ${refundReasons.join(", ")}`)),
  }),
  route({
    method: "POST",
    path: `${orderPath}/cancel`,
    access: "shop",
    tag,
    summary: "Call an order off: its money and its stock go back",
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) =>
      changedOrder(call, "be canceled", ({ id }) => callOffWithMoney(call.deps, call.context, id)),
  }),
  route({
    method: "POST",
    path: `${orderPath}/complete`,
    access: "shop",
    tag,
    summary: "The shop is done with the order",
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) => changedOrder(call, "be completed", ({ id }) => closeOrder(call.deps, call.context, id)),
  }),
  route({
    method: "POST",
    path: `${orderPath}/archive`,
    access: "shop",
    tag,
    summary: "Put an order away that is done with",
    query: ["expand", "fields"],
    responses: orderAnswers,
    handle: (call) =>
      changedOrder(call, "be archived", ({ id }) => putOrderAway(call.deps, call.context, id)),
  }),
];

async function listOrders(call: Call): Promise<Reply> {
  const read = readQuery<Static<typeof listQuery>>(call, listQuery);
  if ("refusal" in read) return read.refusal;
  const { query } = read;
  const listed = readOrderList(query, { defaultLimit: 50, conditions: [] });
  if ("refusal" in listed) return listed.refusal;
  const selector = orderSelector(query, adminRelations, { totalsWithFields: "named" });
  if ("refusal" in selector) return selector.refusal;
  const { customers, orders } = call.deps.storage;
  const { storeId } = call.context.store;
  const customerId = query.customer_id === undefined ? undefined : engineId("cus", query.customer_id);
  const customer = customerId === undefined ? undefined : await customers.load(storeId, customerId);
  const scope = customer?.guest ? guestScope([customer]) : customerId === undefined ? {} : { customerId };
  const { rows, total } = await orders.list(storeId, scope, listed.query);
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
