import Type, { type Static } from "typebox";
import type { OrderDetailsEdit } from "../../domain/order/edit.ts";
import type { Order } from "../../domain/order/order.ts";
import type { Result } from "../../domain/result.ts";
import type { ListableFields } from "../../operations/listing.ts";
import { checkOrderAccess } from "../../operations/order-access.ts";
import type { Refusal } from "../../operations/refusal.ts";
import {
  anonymizeOrders,
  callOffOrder,
  changeOrderDetails,
  shipOrder,
} from "../../operations/update-order.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { addressOf } from "./checkout.ts";
import { customFieldsOf, invalidCustomFields } from "./custom-fields.ts";
import { badRequest, problem, refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { parseInclude } from "./list-query.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import {
  anonymizeBody,
  orderAnswer,
  orderItemsAnswer,
  order as orderSchema,
  orderUpdateBody,
} from "./order-schemas.ts";
import { includedOfOrders, renderOrder, renderOrderItems } from "./render-order.ts";
import { commonErrors, page } from "./schemas.ts";

const exact = { type: "text", operators: ["eq", "in"] } as const;
const similar = { type: "text", operators: ["eq", "in", "like", "ilike"] } as const;
const amount = { type: "integer", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true } as const;
const moment = { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true } as const;

/** Orders can be listed by these. */
const listable: ListableFields = {
  id: { ...exact, sortable: true },
  status: { ...exact, sortable: true },
  payment: { ...exact, sortable: true },
  shipping: { ...exact, sortable: true },
  currency: exact,
  product_id: exact,
  product_sku: exact,
  name: similar,
  email: similar,
  customer_id: similar,
  account_id: similar,
  account_member_id: similar,
  "contact.name": similar,
  "contact.email": similar,
  shipping_postcode: similar,
  billing_postcode: similar,
  external_ref: similar,
  order_number: similar,
  with_tax: amount,
  without_tax: amount,
  created_at: moment,
  updated_at: moment,
};

export const orderRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/orders",
    access: "shopper",
    tag: "Orders",
    summary: "List orders: all of them, or a customer's or account's own",
    query: [...LIST_PARAMETERS, "include"],
    responses: {
      200: Type.Intersect([page(orderSchema), Type.Object({ included: Type.Optional(Type.Object({})) })]),
      ...commonErrors,
    },
    async handle(call) {
      const { actor, store } = call.context;
      const scope =
        actor.customerId !== undefined
          ? { customerId: actor.customerId }
          : actor.accountId !== undefined
            ? { accountId: actor.accountId }
            : {};
      const rules = {
        fields: listable,
        defaultLimit: store.settings.pageLength,
        defaultSort: { field: "created_at", descending: true },
      };
      return listReply(
        call,
        rules,
        (query) => call.deps.storage.orders.list(store.storeId, scope, query),
        (rows) => {
          const included = includedOfOrders(store, rows, parseInclude(call.rawQuery));
          return { data: rows.map((row) => renderOrder(store, row)), ...(included && { included }) };
        },
      );
    },
  }),
  route({
    method: "GET",
    path: "/v2/orders/:orderId",
    access: "shopper",
    tag: "Orders",
    summary: "Get an order",
    query: ["include"],
    responses: { 200: orderAnswer, ...commonErrors },
    async handle(call) {
      const found = await visibleOrder(call);
      return found.ok ? orderReply(call, found.value) : refused(found.error);
    },
  }),
  route({
    method: "GET",
    path: "/v2/orders/:orderId/items",
    access: "shopper",
    tag: "Orders",
    summary: "List the items of an order",
    query: ["include"],
    responses: { 200: orderItemsAnswer, ...commonErrors },
    async handle(call) {
      const found = await visibleOrder(call);
      if (!found.ok) return refused(found.error);
      const { store } = call.context;
      const asked = parseInclude(call.rawQuery).filter((part) => part !== "items");
      const included = includedOfOrders(store, [found.value], asked);
      const data = renderOrderItems(store, found.value);
      return { status: 200, body: { data, ...(included && { included }) } };
    },
  }),
  route({
    method: "PUT",
    path: "/v2/orders/:orderId",
    access: "shop",
    tag: "Orders",
    summary: "Mark as shipped, cancel, or change the shipping address, numbers and custom fields",
    body: orderUpdateBody,
    responses: { 200: orderAnswer, ...commonErrors },
    handle: updateOrder,
  }),
  route({
    method: "POST",
    path: "/v2/orders/anonymize",
    access: "shop",
    tag: "Orders",
    summary: "Remove the persons from finished orders",
    body: anonymizeBody,
    responses: { 200: Type.Object({ data: Type.Array(orderSchema) }), ...commonErrors },
    async handle(call) {
      const done = await anonymizeOrders(call.deps, call.context, call.body.data.order_ids);
      if (!done.ok) return refused(done.error);
      return { status: 200, body: { data: done.value.map((row) => renderOrder(call.context.store, row)) } };
    },
  }),
];

async function updateOrder(call: Call<Static<typeof orderUpdateBody>>): Promise<Reply> {
  const { data } = call.body;
  const { deps, context } = call;
  const orderId = call.params.orderId as string;
  if (data.shipping !== undefined && data.shipping !== "fulfilled") {
    return badRequest("Cannot update order: shipping can only be set to fulfilled");
  }
  if (data.status !== undefined && data.status !== "cancelled") {
    return badRequest("Cannot update order: status can only be set to cancelled");
  }
  if (data.shipping !== undefined && data.status !== undefined) {
    return badRequest("Cannot update order: it can be fulfilled or cancelled, not both");
  }
  const invalid = invalidCustomFields(call, "orders", data, { creating: false });
  if (invalid.length > 0) return invalidBody(invalid);
  const fields = customFieldsOf(call, "orders", data);
  const edit: OrderDetailsEdit = {
    ...(data.shipping_address && { shippingAddress: addressOf(data.shipping_address) }),
    ...(data.order_number !== undefined && { orderNumber: String(data.order_number) }),
    ...(data.external_ref !== undefined && { externalRef: data.external_ref }),
    ...(fields && { fields }),
  };
  const edits = Object.keys(edit).length > 0;
  const steps = data.shipping !== undefined || data.status !== undefined;
  if (edits && steps) {
    return problem(400, "Bad Request", "Cannot update order: fulfil or cancel it in a request of its own");
  }
  if (data.shipping !== undefined) return answered(call, await shipOrder(deps, context, orderId));
  if (data.status !== undefined) return answered(call, await callOffOrder(deps, context, orderId));
  if (edits) return answered(call, await changeOrderDetails(deps, context, orderId, edit));
  // Everything else of an order is fixed, and is passed over like any member that is not known.
  return answered(call, await visibleOrder(call));
}

function answered(call: Call, result: Result<Order, Refusal>): Reply {
  return result.ok ? orderReply(call, result.value) : refused(result.error);
}

function orderReply(call: Call, order: Order): Reply {
  const { store } = call.context;
  const included = includedOfOrders(store, [order], parseInclude(call.rawQuery));
  return { status: 200, body: { data: renderOrder(store, order), ...(included && { included }) } };
}

/** The order of the path, if the caller may see it. */
export async function visibleOrder(call: Call) {
  const orderId = call.params.orderId as string;
  const order = await call.deps.storage.orders.load(call.context.store.storeId, orderId);
  return checkOrderAccess(call.context, order, orderId);
}
