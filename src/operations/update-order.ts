import type { Decision } from "../domain/decision.ts";
import { anonymizeOrder } from "../domain/order/anonymize.ts";
import { cancelOrder } from "../domain/order/cancel.ts";
import { editOrder, type OrderDetailsEdit } from "../domain/order/edit.ts";
import { editRegionOrder, type RegionOrderEdit } from "../domain/order/edit-region-order.ts";
import { fulfilOrder } from "../domain/order/fulfil.ts";
import { waitingForGoods } from "../domain/order/late-money.ts";
import type { Order } from "../domain/order/order.ts";
import type { OrderRefusal } from "../domain/order/refusals.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Refusal } from "./refusal.ts";
import { changeOrder } from "./save-order.ts";
import { supplyOrder } from "./supply-orders.ts";

/**
 * Marks a paid order as shipped; its pieces leave the stock's total. One that was paid for without goods has to get them
 * first.
 */
export async function shipOrder(
  deps: Deps,
  context: Context,
  orderId: string,
): Promise<Result<Order, Refusal>> {
  const shipped = await changeOrder(
    deps,
    context,
    orderId,
    (order, now): Result<Decision<Order>, OrderRefusal | typeof goodsMissing> =>
      waitingForGoods(order) ? fail(goodsMissing) : fulfilOrder(order, now),
    { stock: "fulfil" },
  );
  if (shipped.ok || shipped.error.type !== goodsMissing.type) return shipped as Result<Order, Refusal>;
  const supplied = await supplyOrder(deps, context, orderId);
  return supplied.ok ? changeOrder(deps, context, orderId, fulfilOrder, { stock: "fulfil" }) : supplied;
}

const goodsMissing = { type: "goods_missing" } as const;

/** Calls an order off; its stock becomes available again, its money stays where it is. */
export function callOffOrder(deps: Deps, context: Context, orderId: string): Promise<Result<Order, Refusal>> {
  return changeOrder(deps, context, orderId, cancelOrder, { stock: "release_if_dead" });
}

/** Changes an order's address, numbers or custom fields. */
export function changeOrderDetails(
  deps: Deps,
  context: Context,
  orderId: string,
  edit: OrderDetailsEdit,
): Promise<Result<Order, Refusal>> {
  return changeOrder(deps, context, orderId, (order, now) => editOrder(order, edit, now), {
    stock: "leave",
    frozen: true,
  });
}

/** Changes whom and where an order goes to. */
export function changeRecipient(
  deps: Deps,
  context: Context,
  orderId: string,
  edit: RegionOrderEdit,
): Promise<Result<Order, Refusal>> {
  return changeOrder(deps, context, orderId, (order, now) => editRegionOrder(order, edit, now), {
    stock: "leave",
    frozen: true,
  });
}

/** Takes the persons out of finished orders: all of those that are named, or none. */
export async function anonymizeOrders(
  deps: Deps,
  context: Context,
  orderIds: readonly string[],
): Promise<Result<readonly Order[], Refusal>> {
  const ids = [...new Set(orderIds)];
  const refused: { refusal?: Refusal } = {};
  const done = await deps.storage
    .transaction(async (storage) => {
      const orders: Order[] = [];
      for (const orderId of ids) {
        const changed = await changeOrder({ ...deps, storage }, context, orderId, anonymizeOrder, {
          stock: "leave",
          frozen: true,
        });
        if (!changed.ok) {
          refused.refusal = changed.error;
          throw refused;
        }
        orders.push(changed.value);
      }
      const withCodes = orders.filter((order) => order.promotions);
      if (withCodes.length > 0) {
        const by = { now: deps.now(), actor: context.actor.label };
        const orderIds = withCodes.map(({ id }) => id);
        await storage.promotionUses.anonymizeOrders(context.store.storeId, orderIds, by);
      }
      return orders;
    })
    .catch((error: unknown) => {
      if (error === refused) return undefined;
      throw error;
    });
  return done ? ok(done) : fail(refused.refusal as Refusal);
}
