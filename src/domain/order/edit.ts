import { toRegionAddress } from "../customer/region-address.ts";
import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Address, Order } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";

/** Members that are absent stay; an empty number or reference is taken away. */
export type OrderDetailsEdit = {
  readonly shippingAddress?: Partial<Address>;
  readonly orderNumber?: string;
  readonly externalRef?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** Changes what may change of a placed order; prices and lines never do. */
export function editOrder(
  order: Order,
  edit: OrderDetailsEdit,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  if (edit.shippingAddress && order.fulfilledAt) {
    return fail({ type: "order_fulfilled", orderId: order.id, wanted: "update address" });
  }
  const { orderNumber, externalRef, ...rest } = order;
  const number = edit.orderNumber ?? orderNumber;
  const reference = edit.externalRef ?? externalRef;
  const state: Order = {
    ...rest,
    ...(number && { orderNumber: number }),
    ...(reference && { externalRef: reference }),
    ...(edit.shippingAddress && shippedTo(order, edit.shippingAddress, now)),
    ...((edit.fields ?? order.fields) && { fields: { ...order.fields, ...edit.fields } }),
    updatedAt: now,
  };
  return ok({ state, events: [{ type: "order.updated", payload: { orderId: order.id } }] });
}

/** Where an order goes, in the words of both APIs. */
function shippedTo(order: Order, edit: Partial<Address>, now: string): Partial<Order> {
  const shippingAddress = { ...order.shippingAddress, ...edit };
  const { region } = order;
  if (!region) return { shippingAddress };
  const { id, created_at } = region.shippingAddress ?? { id: order.id, created_at: now };
  const told = { ...toRegionAddress(shippingAddress), id, created_at, updated_at: now };
  return { shippingAddress, region: { ...region, shippingAddress: told } };
}
