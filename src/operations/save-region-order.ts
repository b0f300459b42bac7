import type { RegionCart } from "../domain/cart/region-lines.ts";
import type { Decision } from "../domain/decision.ts";
import { extended } from "../domain/extended.ts";
import { placesOf } from "../domain/inventory/selling-places.ts";
import { countedProducts, stockDemands } from "../domain/inventory/stock.ts";
import type { Order } from "../domain/order/order.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import type { CartProblem } from "./region-cart.ts";
import { hasRegionCodes, moveRegionCodes } from "./region-codes.ts";
import { saveOrder } from "./save-order.ts";

export type SaveRegionOrder = {
  readonly decision: Decision<Order>;
  /** The order was never stored. Otherwise it takes the place of the one that is. */
  readonly isNew: boolean;
  readonly cart: RegionCart;
  readonly cartVersion: number;
};

export type SavedRegionOrder =
  | { readonly kind: "saved"; readonly order: Order }
  | { readonly kind: "conflict" }
  | { readonly kind: "refused"; readonly refusal: CartProblem };

/**
 * Saves an order of a cart with its stock allocated, its discounts and gift cards taken, and the cart that names it; all
 * or nothing. A new order without codes is one round trip.
 */
export async function saveRegionOrder(
  deps: Deps,
  context: Context,
  input: SaveRegionOrder,
): Promise<SavedRegionOrder> {
  const { decision, isNew } = input;
  if (isNew && !hasRegionCodes(decision.state)) return insert(deps.storage, context, input);
  const undone: { outcome?: SavedRegionOrder } = {};
  return deps.storage
    .transaction(async (storage) => {
      const saved = isNew
        ? await insert(storage, context, input)
        : await replace(deps, storage, context, input);
      if (saved.kind !== "saved") {
        undone.outcome = saved;
        throw undone;
      }
      const refusal = isNew ? await moveRegionCodes(deps, storage, context, saved.order, "take") : undefined;
      if (!refusal) return saved;
      undone.outcome = { kind: "refused", refusal };
      throw undone;
    })
    .catch((error: unknown) => {
      if (error === undone) return undone.outcome as SavedRegionOrder;
      throw error;
    });
}

async function insert(
  storage: Storage,
  { store, actor }: Context,
  { decision: { state, events }, cart, cartVersion }: SaveRegionOrder,
): Promise<SavedRegionOrder> {
  const outcome = await storage.orders.insertOfCart(store.storeId, state, events, {
    demands: stockDemands(state.lines),
    likely: countedProducts(state.lines),
    places: placesOf(await storage.records.setup(store.storeId), state.region?.salesChannelId),
    actor: actor.label,
    cart,
    cartVersion,
  });
  if (outcome.kind === "conflict") return outcome;
  if (outcome.kind === "insufficient") {
    return { kind: "refused", refusal: { type: "stock_short", productIds: [outcome.productId] } };
  }
  const { held, displayId } = outcome;
  const order: Order = extended(state, {
    version: 1,
    stock: { state: "allocated", held },
    ...(displayId !== undefined && { displayId }),
  });
  return { kind: "saved", order };
}

/** What was frozen is renewed first, as a save changes that or the stock. */
async function replace(
  deps: Deps,
  storage: Storage,
  context: Context,
  { decision, cart, cartVersion }: SaveRegionOrder,
): Promise<SavedRegionOrder> {
  const { storeId } = context.store;
  if (!(await storage.carts.save(storeId, cart, cartVersion))) return { kind: "conflict" };
  const renewed = await storage.orders.save(storeId, decision.state, [], { frozen: true });
  if (renewed.kind !== "saved") return { kind: "conflict" };
  const next = { ...decision.state, version: decision.state.version + 1 };
  const saved = await saveOrder({ ...deps, storage }, context, { ...decision, state: next }, "allocate");
  if (saved.kind !== "refused") return saved;
  const { refusal } = saved;
  return refusal.type === "insufficient_stock"
    ? { kind: "refused", refusal: { type: "stock_short", productIds: [refusal.productId] } }
    : { kind: "refused", refusal };
}
