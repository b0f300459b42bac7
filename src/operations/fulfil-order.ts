import { stockKeyOf } from "../domain/inventory/stock-location.ts";
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
import type { SalesRefusalOf } from "./sales-refusal.ts";
import { changeOrder, type SavedOrder, saveOrder } from "./save-order.ts";

type PackRefusal = Refusal | SalesRefusalOf<"item_not_at_location" | "item_short_at_location">;

/**
 * Packs pieces of an order: what the order holds of them leaves the stock. At a location that is named they leave the
 * stock there, whichever the order holds; all that is counted has to be there.
 */
export async function packItems(
  deps: Deps,
  context: Context,
  orderId: string,
  input: Omit<FulfilItems, "place">,
): Promise<Result<Order, PackRefusal>> {
  const { storage } = deps;
  const { storeId } = context.store;
  const { locationId } = input;
  const pack = (place?: string) =>
    moveStock(deps, context, orderId, "fulfil", (order, now) =>
      fulfilItems(order, { ...input, ...(place !== undefined && { place }) }, now),
    );
  if (locationId === undefined) return pack();
  const order = await storage.orders.load(storeId, orderId);
  if (!order) return fail({ type: "order_not_found", orderId });
  const counted = order.lines.filter(
    ({ id, productId, manageStock }) =>
      productId !== undefined && manageStock && input.items.some(({ lineId }) => lineId === id),
  );
  const [location, rows] = await Promise.all([
    storage.records.load(storeId, "stock_location", locationId),
    storage.stock.loadMany(
      storeId,
      counted.flatMap(({ productId }) => productId ?? []),
    ),
  ]);
  const place = location && stockKeyOf(location);
  // What nobody has ever counted is nowhere, and can be sent from anywhere.
  const missing = counted.find(({ productId }) => {
    const own = rows.filter((row) => row.productId === productId);
    return own.length > 0 && !own.some((row) => row.location === place);
  });
  if (missing) return fail({ type: "item_not_at_location", name: missing.name });
  const packed = await pack(place);
  if (packed.ok || packed.error.type !== "insufficient_stock") return packed;
  return fail({ type: "item_short_at_location", name: packed.error.name });
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
    const { pieces, rehold } = decided.value;
    const saved = rehold
      ? await saveReheld(deps, context, order, decided.value, rehold)
      : await saveOrder(deps, context, decided.value, { move, pieces });
    if (saved.kind === "saved") return ok(saved.order);
    if (saved.kind === "refused") return fail(saved.refusal);
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}

/** The order holds its pieces where they are wanted, and what it packs leaves the stock there; all or nothing. */
async function saveReheld(
  deps: Deps,
  context: Context,
  order: Order,
  { state, events, pieces }: MovingDecision,
  rehold: NonNullable<MovingDecision["rehold"]>,
): Promise<SavedOrder> {
  const undone: { outcome?: SavedOrder } = {};
  return deps.storage
    .transaction(async (storage) => {
      const inside = { ...deps, storage };
      const held = await saveOrder(inside, context, { state: order, events: [] }, { move: "rehold", rehold });
      const next =
        held.kind === "saved" ? { ...state, version: held.order.version, stock: held.order.stock } : state;
      const saved =
        held.kind === "saved"
          ? await saveOrder(inside, context, { state: next, events }, { move: "fulfil", pieces })
          : held;
      if (saved.kind === "saved") return saved;
      undone.outcome = saved;
      throw undone;
    })
    .catch((error: unknown) => {
      if (error === undone) return undone.outcome as SavedOrder;
      throw error;
    });
}
