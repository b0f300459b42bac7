import type { Order } from "../domain/order/order.ts";
import { addOrderGroup, type OrderGroupDetails, updateOrderGroup } from "../domain/order/shipping-groups.ts";
import type { Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Refusal } from "./refusal.ts";
import { changeOrder } from "./save-order.ts";

/** A group of an order, and how it is to be sent. */
export type WantedOrderGroup = {
  readonly orderId: string;
  readonly groupId: string;
  readonly details: OrderGroupDetails;
};

/** Adds a shipping group to an order; it costs nothing. */
export function addGroupToOrder(
  deps: Deps,
  context: Context,
  { orderId, groupId, details }: WantedOrderGroup,
): Promise<Result<Order, Refusal>> {
  return changeOrder(
    deps,
    context,
    orderId,
    (order, now) => addOrderGroup(order, { ...details, id: groupId }, now),
    { stock: "leave", frozen: true },
  );
}

/** Changes how a shipping group of an order is sent. */
export function updateGroupOfOrder(
  deps: Deps,
  context: Context,
  { orderId, groupId, details }: WantedOrderGroup,
): Promise<Result<Order, Refusal>> {
  return changeOrder(deps, context, orderId, (order, now) => updateOrderGroup(order, groupId, details, now), {
    stock: "leave",
    frozen: true,
  });
}
