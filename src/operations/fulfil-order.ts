import { archiveOrder, completeOrder } from "../domain/order/close.ts";
import {
  cancelFulfilment,
  type FulfilItems,
  fulfilItems,
  type MovingDecision,
  shipFulfilment,
} from "../domain/order/fulfil-items.ts";
import type { Order } from "../domain/order/order.ts";
import type { OrderRefusal } from "../domain/order/refusals.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import type { Refusal } from "./refusal.ts";
import { changeOrder, saveOrder } from "./save-order.ts";

/** Packs pieces of an order: what the order holds of them leaves the stock. */
export function packItems(deps: Deps, context: Context, orderId: string, input: FulfilItems) {
  return moveStock(deps, context, orderId, "fulfil", (order, now) => fulfilItems(order, input, now));
}

/** Unpacks what was not sent yet: the order holds its pieces again. */
export function unpackItems(deps: Deps, context: Context, orderId: string, fulfilmentId: string) {
  return moveStock(deps, context, orderId, "unfulfil", (order, now) =>
    cancelFulfilment(order, fulfilmentId, now),
  );
}

/** Hands packed pieces to whoever carries them. */
export function sendItems(
  deps: Deps,
  context: Context,
  orderId: string,
  input: Parameters<typeof shipFulfilment>[1],
): Promise<Result<Order, Refusal>> {
  return changeOrder(deps, context, orderId, (order, now) => shipFulfilment(order, input, now), {
    stock: "leave",
  });
}

/** The shop is done with an order. */
export function closeOrder(deps: Deps, context: Context, orderId: string): Promise<Result<Order, Refusal>> {
  return changeOrder(deps, context, orderId, completeOrder, { stock: "leave" });
}

/** Puts an order away that is done with. */
export function putOrderAway(deps: Deps, context: Context, orderId: string): Promise<Result<Order, Refusal>> {
  return changeOrder(deps, context, orderId, archiveOrder, { stock: "leave" });
}

/** Loads an order, decides and saves it with the pieces that move; all of it again when somebody else was faster. */
export async function moveStock(
  deps: Deps,
  context: Context,
  orderId: string,
  move: "fulfil" | "unfulfil" | "restock",
  decide: (order: Order, now: string) => Result<MovingDecision, OrderRefusal>,
): Promise<Result<Order, Refusal>> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const order = await deps.storage.orders.load(context.store.storeId, orderId);
    if (!order) return fail({ type: "order_not_found", orderId });
    const decided = decide(order, deps.now());
    if (!decided.ok) return decided;
    if (decided.value.state === order) return ok(order);
    const { pieces } = decided.value;
    const saved = await saveOrder(deps, context, decided.value, { move, pieces });
    if (saved.kind === "saved") return ok(saved.order);
    if (saved.kind === "refused") return fail(saved.refusal);
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}
