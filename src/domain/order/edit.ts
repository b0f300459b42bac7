import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Address, Order } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";

/** Members that are absent stay; an empty number or reference is taken away. */
export type OrderEdit = {
  readonly shippingAddress?: Partial<Address>;
  readonly orderNumber?: string;
  readonly externalRef?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** Changes what may change of a placed order; prices and lines never do. */
export function editOrder(order: Order, edit: OrderEdit, now: string): Result<Decision<Order>, OrderRefusal> {
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
    ...(edit.shippingAddress && { shippingAddress: { ...order.shippingAddress, ...edit.shippingAddress } }),
    ...((edit.fields ?? order.fields) && { fields: { ...order.fields, ...edit.fields } }),
    updatedAt: now,
  };
  return ok({ state, events: [{ type: "order.updated", payload: { orderId: order.id } }] });
}
