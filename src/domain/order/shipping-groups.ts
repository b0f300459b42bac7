import type { CartRefusal } from "../cart/refusals.ts";
import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import {
  areDatesReversed,
  MAX_SHIPPING_GROUPS,
  NO_SHIPPING_PRICE,
  type ShippingGroup,
  type ShippingGroupDetails,
  withGroupDetails,
} from "../shipping/shipping-group.ts";
import type { Order } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";

/** How a group of an order is sent; what it costs was frozen at checkout. */
export type OrderGroupDetails = Omit<ShippingGroupDetails, "price">;

/** A group of the order by its id. */
export function findOrderGroup(order: Order, groupId: string): Result<ShippingGroup, OrderRefusal> {
  const group = order.shippingGroups?.find(({ id }) => id === groupId);
  return group ? ok(group) : fail({ type: "order_shipping_group_not_found", orderId: order.id, groupId });
}

/** Adds a group that costs nothing: the order's total stays. */
export function addOrderGroup(
  order: Order,
  { id, ...details }: OrderGroupDetails & { readonly id: string },
  now: string,
): Result<Decision<Order>, OrderRefusal | CartRefusal> {
  const present = order.shippingGroups ?? [];
  if (present.length >= MAX_SHIPPING_GROUPS) {
    return fail({ type: "shipping_group_limit_reached", limit: MAX_SHIPPING_GROUPS });
  }
  const group = { id, currency: order.currency, price: NO_SHIPPING_PRICE, createdAt: now, updatedAt: now };
  return changed(order, group, details, now, (next) => [...present, next]);
}

/** Changes how a group is sent; where to, only until the order is fulfilled. */
export function updateOrderGroup(
  order: Order,
  groupId: string,
  details: OrderGroupDetails,
  now: string,
): Result<Decision<Order>, OrderRefusal | CartRefusal> {
  const found = findOrderGroup(order, groupId);
  if (!found.ok) return found;
  return changed(order, found.value, details, now, (next) =>
    (order.shippingGroups ?? []).map((group) => (group.id === groupId ? next : group)),
  );
}

function changed(
  order: Order,
  group: ShippingGroup,
  details: OrderGroupDetails,
  now: string,
  put: (next: ShippingGroup) => readonly ShippingGroup[],
): Result<Decision<Order>, OrderRefusal | CartRefusal> {
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  if (details.address && order.fulfilledAt) {
    return fail({ type: "order_fulfilled", orderId: order.id, wanted: "update address" });
  }
  const next = withGroupDetails(group, details, now);
  if (areDatesReversed(next.deliveryEstimate)) return fail({ type: "delivery_dates_reversed" });
  const state: Order = { ...order, shippingGroups: put(next), updatedAt: now };
  return ok({ state, events: [{ type: "order.updated", payload: { orderId: order.id } }] });
}
