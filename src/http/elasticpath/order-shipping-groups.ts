import type { Order } from "../../domain/order/order.ts";
import { findOrderGroup } from "../../domain/order/shipping-groups.ts";
import type { Result } from "../../domain/result.ts";
import type { ShippingGroup } from "../../domain/shipping/shipping-group.ts";
import { formatFor } from "../../operations/context.ts";
import { addGroupToOrder, updateGroupOfOrder } from "../../operations/order-shipping-groups.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { groupAddressProblems, groupDetailsOf } from "./cart-shipping-groups.ts";
import { refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { parseInclude } from "./list-query.ts";
import { visibleOrder } from "./orders.ts";
import { renderOrderItems } from "./render-order.ts";
import { renderShippingGroup } from "./render-shipping-group.ts";
import { commonErrors } from "./schemas.ts";
import { groupAnswer, groupsAnswer, groupWithItemsAnswer, orderGroupBody } from "./shipping-group-schemas.ts";

const tag = "Order shipping groups";
const path = "/v2/orders/:orderId/shipping-groups";

export const orderShippingGroupRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "shopper",
    tag,
    summary: "List the shipping groups of an order",
    responses: { 200: groupsAnswer, ...commonErrors },
    async handle(call) {
      const found = await visibleOrder(call);
      if (!found.ok) return refused(found.error);
      const groups = found.value.shippingGroups ?? [];
      return { status: 200, body: { data: groups.map((group) => rendered(call, found.value, group)) } };
    },
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Add a shipping group to an order; it costs nothing",
    body: orderGroupBody,
    responses: { 201: groupAnswer, ...commonErrors },
    async handle(call) {
      const invalid = groupAddressProblems(call.body.data);
      if (invalid.length > 0) return invalidBody(invalid);
      const groupId = call.deps.newId();
      const details = groupDetailsOf(call.body.data);
      const orderId = call.params.orderId as string;
      const added = await addGroupToOrder(call.deps, call.context, { orderId, groupId, details });
      return groupReply(call, added, groupId, 201);
    },
  }),
  route({
    method: "GET",
    path: `${path}/:groupId`,
    access: "shopper",
    tag,
    summary: "Get a shipping group of an order",
    query: ["include"],
    responses: { 200: groupWithItemsAnswer, ...commonErrors },
    async handle(call) {
      return groupReply(call, await visibleOrder(call), call.params.groupId as string, 200);
    },
  }),
  route({
    method: "PUT",
    path: `${path}/:groupId`,
    access: "shop",
    tag,
    summary: "Update how a shipping group of an order is sent",
    body: orderGroupBody,
    responses: { 200: groupAnswer, ...commonErrors },
    async handle(call) {
      const invalid = groupAddressProblems(call.body.data);
      if (invalid.length > 0) return invalidBody(invalid);
      const { orderId, groupId } = call.params as { orderId: string; groupId: string };
      const details = groupDetailsOf(call.body.data);
      const updated = await updateGroupOfOrder(call.deps, call.context, { orderId, groupId, details });
      return groupReply(call, updated, groupId, 200);
    },
  }),
];

function groupReply(call: Call, order: Result<Order, Refusal>, groupId: string, status: 200 | 201): Reply {
  if (!order.ok) return refused(order.error);
  const group = findOrderGroup(order.value, groupId);
  if (!group.ok) return refused(group.error);
  const lines = order.value.lines.filter((line) => line.shippingGroupId === groupId);
  const items =
    lines.length > 0 && parseInclude(call.rawQuery).includes("items")
      ? renderOrderItems(call.context.store, { ...order.value, lines })
      : undefined;
  return {
    status,
    body: { data: rendered(call, order.value, group.value), ...(items && { included: { items } }) },
  };
}

function rendered(call: Call, order: Order, group: ShippingGroup) {
  const owner = { cartId: order.cartId, orderId: order.id };
  return renderShippingGroup(group, owner, formatFor(call.context.store, group.currency));
}
