import Type, { type Static } from "typebox";
import { multiplyRatio } from "../../domain/money.ts";
import type { Return } from "../../domain/order/fulfilment.ts";
import type { Order } from "../../domain/order/order.ts";
import { rateOfPercent } from "../../domain/pricing/rate.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { askForReturn, callOffReturn, type OrderReturn, takeReturn } from "../../operations/return-goods.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { answerOrder, isShown, readSelection } from "./answer-order.ts";
import { notFound, refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { listParameters, readList } from "./list-parameters.ts";
import { orderSchema, returnSchema } from "./order-schemas.ts";
import { readQuery } from "./query.ts";
import { renderReturn } from "./render-after-sales.ts";
import { amount, bodyOf, error, given, listOf, one, plainText, text } from "./schemas.ts";

const pieces = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const items = Type.Array(
  bodyOf({
    item_id: text(255),
    quantity: pieces,
    reason_id: given(Type.String({ maxLength: 255 })),
    note: given(Type.String({ maxLength: 1000 })),
  }),
  { minItems: 1, maxItems: 1000 },
);
const shippingBody = bodyOf({ option_id: text(255), price: given(amount) });
const storeBody = bodyOf({
  order_id: text(255),
  items,
  return_shipping: given(bodyOf({ option_id: text(255) })),
});
const adminBody = bodyOf({
  items,
  return_shipping: given(shippingBody),
  note: given(Type.String({ maxLength: 1000 })),
  receive_now: given(Type.Boolean()),
  no_notification: given(Type.Boolean()),
  refund: given(amount),
  location_id: given(Type.String({ maxLength: 255 })),
});
const receiveBody = bodyOf({
  items: Type.Array(bodyOf({ item_id: text(255), quantity: pieces }), { minItems: 1, maxItems: 1000 }),
  refund: given(amount),
  location_id: given(Type.String({ maxLength: 255 })),
});
const listQuery = listParameters({});

const storeTag = "Store: returns";
const adminTag = "Admin: returns";
const answers = { 200: one("return", returnSchema), 400: error, 404: error, 409: error };

/** Goods that come back. */
export const returnRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/store/returns",
    access: "open",
    tag: storeTag,
    summary: "Send pieces of an order back",
    body: storeBody,
    responses: answers,
    async handle(call) {
      const orderId = engineId("order", call.body.order_id);
      const asked = await ask(call, orderId, call.body);
      return asked.ok ? answerReturn(call, asked.value) : refused(asked.error);
    },
  }),
  route({
    method: "POST",
    path: "/admin/orders/:orderId/return",
    access: "shop",
    tag: adminTag,
    summary: "Note that pieces come back, or are back already",
    body: adminBody,
    idempotency: "phased",
    query: ["expand", "fields"],
    responses: { 200: one("order", orderSchema), 400: error, 401: plainText, 404: error, 409: error },
    handle: requestByStaff,
  }),
  route({
    method: "GET",
    path: "/admin/returns",
    access: "shop",
    tag: adminTag,
    summary: "All returns, newest first",
    query: Object.keys(listQuery.properties),
    responses: { 200: listOf("returns", returnSchema), 400: error, 401: plainText },
    handle: listReturns,
  }),
  route({
    method: "POST",
    path: "/admin/returns/:returnId/receive",
    access: "shop",
    tag: adminTag,
    summary: "Take back what came, and pay it back",
    body: receiveBody,
    idempotency: "phased",
    responses: { ...answers, 401: plainText },
    async handle(call) {
      const { refund, location_id: locationId } = call.body;
      const taken = await takeReturn(call.deps, call.context, {
        returnId: engineId("ret", call.params.returnId as string),
        items: linePieces(call.body.items),
        ...(typeof refund === "number" && { refundAmount: refund }),
        ...(locationId && { locationId: engineId("sloc", locationId) }),
      });
      return taken.ok ? answerReturn(call, taken.value) : refused(taken.error);
    },
  }),
  route({
    method: "POST",
    path: "/admin/returns/:returnId/cancel",
    access: "shop",
    tag: adminTag,
    summary: "Call a return off that nothing came of",
    responses: { 200: one("order", orderSchema), 400: error, 401: plainText, 404: error, 409: error },
    async handle(call) {
      const returnId = engineId("ret", call.params.returnId as string);
      const off = await callOffReturn(call.deps, call.context, returnId);
      return off.ok ? answerOrder(call, ok(off.value.order), "be returned") : refused(off.error);
    },
  }),
];

type Asked = Pick<
  Static<typeof adminBody>,
  "items" | "return_shipping" | "no_notification" | "location_id" | "refund"
>;

async function ask(
  call: Call,
  orderId: string,
  { items: wanted, return_shipping: shipping, no_notification, location_id, refund }: Asked,
): Promise<Result<OrderReturn, Refusal | SalesRefusal>> {
  const { deps, context, attemptId } = call;
  const order = await deps.storage.orders.load(context.store.storeId, orderId);
  if (!order || !isShown(order)) return fail({ type: "order_not_found", orderId });
  const method = shipping ? await returnShipping(call, order, shipping) : ok(undefined);
  if (!method.ok) return method;
  return askForReturn(deps, context, orderId, {
    id: attemptId,
    items: wanted.map(({ item_id, quantity, reason_id, note }) => ({
      lineId: engineId("item", item_id),
      requested: quantity,
      ...(reason_id && { reasonId: engineId("rr", reason_id) }),
      ...(note && { note }),
    })),
    ...(method.value && { shipping: method.value }),
    ...(typeof no_notification === "boolean" && { noNotification: no_notification }),
    ...(location_id && { locationId: engineId("sloc", location_id) }),
    ...(typeof refund === "number" && { refundAmount: refund }),
    idempotencyKey: call.header("idempotency-key") ?? attemptId,
  });
}

/** What sending goods back costs, with the tax of the order's region. */
async function returnShipping(
  { deps, context, attemptId }: Call,
  order: Order,
  { option_id, price }: Static<typeof shippingBody>,
): Promise<Result<Return["shipping"], SalesRefusal>> {
  const { shippingOptions } = await deps.storage.records.setup(context.store.storeId);
  const optionId = engineId("so", option_id);
  const option = shippingOptions.find(({ id }) => id === optionId);
  if (!option?.isReturn) return fail({ type: "shipping_option_not_found", optionId });
  const provider = deps.fulfilmentProviders.get(option.providerId);
  const count = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const calculated =
    option.priceType === "calculated"
      ? await provider?.priceOf(option.data, {}, { cartId: order.cartId, pieces: count })
      : undefined;
  const cost = price ?? option.amount ?? calculated ?? 0;
  const taxPercent = order.region?.region.taxPercent ?? 0;
  const { numerator, denominator } = rateOfPercent(taxPercent);
  const tax = option.includesTax ? 0 : multiplyRatio(cost, numerator, denominator);
  return ok({ id: attemptId, optionId, price: cost, tax, taxPercent, data: {} });
}

async function requestByStaff(call: Call<Static<typeof adminBody>>): Promise<Reply> {
  const { body } = call;
  const { orderId } = call.params;
  const read = readSelection(call);
  if ("refusal" in read) return read.refusal;
  const asked = await ask(call, engineId("order", orderId as string), body);
  if (!asked.ok) {
    return asked.error.type === "order_not_found"
      ? notFound(`Order with id: ${orderId} was not found`)
      : refused(asked.error);
  }
  if (body.receive_now !== true)
    return answerOrder(call, ok(asked.value.order), "be returned", read.selection);
  const taken = await takeReturn(call.deps, call.context, {
    returnId: asked.value.goods.id,
    items: linePieces(body.items),
    ...(typeof body.refund === "number" && { refundAmount: body.refund }),
  });
  return taken.ok
    ? answerOrder(call, ok(taken.value.order), "be returned", read.selection)
    : refused(taken.error);
}

async function listReturns(call: Call): Promise<Reply> {
  const read = readQuery<Static<typeof listQuery>>(call, listQuery);
  if ("refusal" in read) return read.refusal;
  const listed = readList(read.query, { sortable: ["created_at", "updated_at"], defaultLimit: 50 });
  if ("refusal" in listed) return listed.refusal;
  const { storeId } = call.context.store;
  const { records, orders } = call.deps.storage;
  const { rows, total } = await records.list(storeId, "return_link", listed.query);
  const found = await orders.loadMany(storeId, [...new Set(rows.map(({ orderId }) => orderId))]);
  const returns = rows.flatMap(({ id, orderId }) => {
    const goods = found.find((order) => order.id === orderId)?.returns?.find((one) => one.id === id);
    return goods ? [{ ...renderReturn(orderId, goods), swap: null }] : [];
  });
  const { limit, offset } = listed.query;
  return { status: 200, body: { returns, count: total, offset, limit } };
}

async function answerReturn(call: Call, { order, goods }: OrderReturn): Promise<Reply> {
  const ids = goods.items.flatMap(({ reasonId }) => reasonId ?? []);
  const { records } = call.deps.storage;
  const reasons = await records.loadMany(call.context.store.storeId, "return_reason", ids);
  const known = new Map(reasons.map((reason) => [reason.id, reason]));
  return { status: 200, body: { return: { ...renderReturn(order.id, goods, known), swap: null } } };
}

function linePieces(wanted: readonly { readonly item_id: string; readonly quantity: number }[]) {
  return wanted.map(({ item_id, quantity }) => ({ lineId: engineId("item", item_id), quantity }));
}
