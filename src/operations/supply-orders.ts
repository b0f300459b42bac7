import { waitingForGoods } from "../domain/order/late-money.ts";
import type { Order } from "../domain/order/order.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { PendingOrder } from "./ports/orders.ts";
import type { Refusal } from "./refusal.ts";
import { changeOrder } from "./save-order.ts";

/** Allocates the goods of an order that has money and no goods; every other order is answered as it is. */
export function supplyOrder(deps: Deps, context: Context, orderId: string): Promise<Result<Order, Refusal>> {
  return changeOrder(
    deps,
    context,
    orderId,
    (order, now) => {
      if (!waitingForGoods(order)) return ok({ state: order, events: [] });
      const supplied = { type: "order.supplied", payload: { orderId } };
      return ok({ state: { ...order, updatedAt: now }, events: [supplied] });
    },
    { stock: "allocate" },
  );
}

/** What one look at the backordered orders of a store did. */
export type SupplyReport = {
  readonly supplied: number;
  readonly short: number;
  /** Where the next look goes on. */
  readonly next?: PendingOrder;
};

/**
 * Gives backordered orders their goods, the oldest first, as far as these are there. One that still lacks some does not
 * keep a later one from getting all of its own.
 * @param limit orders that are looked at
 */
export async function supplyBackorders(
  deps: Deps,
  context: Context,
  limit: number,
  after?: PendingOrder,
): Promise<SupplyReport> {
  const found = await deps.storage.orders.listWaiting(context.store.storeId, "backordered", limit, after);
  let supplied = 0;
  for (const { orderId } of found) {
    if ((await supplyOrder(deps, context, orderId)).ok) supplied += 1;
  }
  const next = found.length === limit ? found.at(-1) : undefined;
  return { supplied, short: found.length - supplied, ...(next && { next }) };
}
