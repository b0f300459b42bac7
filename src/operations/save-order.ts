import type { Decision } from "../domain/decision.ts";
import { extended } from "../domain/extended.ts";
import { commonPlace, placesOf, type SellingPlaces } from "../domain/inventory/selling-places.ts";
import {
  countedProducts,
  type StockDemand,
  stockDemands,
  withoutPieces,
  withPieces,
} from "../domain/inventory/stock.ts";
import { codeUseState } from "../domain/order/code-uses.ts";
import type { MovingDecision } from "../domain/order/fulfil-items.ts";
import type { Order } from "../domain/order/order.ts";
import { mayReleaseStock } from "../domain/order/pay.ts";
import { withoutDeadHold } from "../domain/order/pay-edit.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { holdUses } from "./hold-uses.ts";
import { MAX_TRIES } from "./max-tries.ts";
import type { OrderStockChange } from "./ports/orders.ts";
import type { RefusalOf } from "./refusal.ts";
import { hasRegionCodes, moveRegionCodes } from "./region-codes.ts";

/**
 * What a decision's save does to stock. `allocate` only where the order holds nothing yet; `fulfil` takes out all that it
 * holds. Parts of it are moved by naming the pieces: out (`fulfil`), back to the order (`unfulfil`), back for sale
 * (`restock`), or from what the order holds to what is free (`deallocate`).
 */
export type StockIntent =
  | "allocate"
  | "release_if_dead"
  | "fulfil"
  | "leave"
  | {
      readonly move: "fulfil" | "unfulfil" | "restock" | "deallocate";
      readonly pieces: readonly StockDemand[];
    }
  /** It holds the same elsewhere. */
  | { readonly move: "rehold"; readonly rehold: NonNullable<MovingDecision["rehold"]> };

export type SavedOrder =
  | { readonly kind: "saved"; readonly order: Order }
  | { readonly kind: "conflict" }
  | {
      readonly kind: "refused";
      readonly refusal: RefusalOf<"insufficient_stock" | "promotion_code_refused">;
    };

/**
 * Saves a decided order together with its events, what it does to stock and what becomes of the promotion codes that it
 * uses, in one transaction.
 */
export async function saveOrder(
  deps: Deps,
  context: Context,
  decision: Decision<Order>,
  intent: StockIntent,
  frozen = false,
): Promise<SavedOrder> {
  const { state } = decision;
  if (!state.promotions && !hasRegionCodes(state))
    return saveWithStock(deps, context, decision, intent, frozen);
  const undone: { outcome?: SavedOrder } = {};
  return deps.storage
    .transaction(async (storage) => {
      const saved = await saveWithStock({ ...deps, storage }, context, decision, intent, frozen);
      // The order's row is locked from here on, so no other save of it decides on the codes meanwhile.
      const refusal =
        saved.kind === "saved" ? await moveUses(deps, storage, context, saved.order, intent) : undefined;
      if (saved.kind === "saved" && !refusal) return saved;
      undone.outcome = refusal ? { kind: "refused", refusal } : saved;
      throw undone;
    })
    .catch((error: unknown) => {
      if (error === undone) return undone.outcome as SavedOrder;
      throw error;
    });
}

/** Holds the codes' uses with a new payment, makes them final or gives them back, as the order has it by now. */
async function moveUses(
  deps: Deps,
  storage: Storage,
  context: Context,
  order: Order,
  intent: StockIntent,
): Promise<RefusalOf<"promotion_code_refused"> | undefined> {
  const { storeId } = context.store;
  const { promotionUses } = storage;
  const due = codeUseState(order);
  const taken = intent === "allocate" ? "take" : due === "final" ? "keep" : undefined;
  const what = due === "free" ? "free" : taken;
  const refused = what && (await moveRegionCodes(deps, storage, context, order, what));
  if (refused) {
    const code = refused.type === "discount_used_up" ? refused.code : "gift card";
    return { type: "promotion_code_refused", code, reason: "used_up" };
  }
  if (!order.promotions) return undefined;
  if (due === "free") {
    await promotionUses.giveBack(storeId, order.id);
    return undefined;
  }
  if (intent === "allocate") {
    const held = await holdUses(deps, promotionUses, context, order);
    if (!held.ok) return held.error;
  }
  if (due === "final") await promotionUses.settle(storeId, order.id, order.updatedAt);
  return undefined;
}

async function saveWithStock(
  deps: Deps,
  context: Context,
  { state: decided, events }: Decision<Order>,
  intent: StockIntent,
  frozen: boolean,
): Promise<SavedOrder> {
  const { label } = context.actor;
  const isRelease = intent === "release_if_dead";
  const { order: state, pieces } = isRelease ? releasedHold(decided) : { order: decided, pieces: [] };
  const setup =
    state.region && intent === "allocate" && (await deps.storage.records.setup(context.store.storeId));
  const places = setup ? placesOf(setup, state.region?.salesChannelId) : commonPlace;
  const stock =
    pieces.length > 0
      ? partialChange(state, { move: "deallocate", pieces }, label)
      : stockChange(state, intent, places, label);
  const outcome = await deps.storage.orders.save(context.store.storeId, state, events, {
    frozen,
    ...(stock && { stock }),
  });
  if (outcome.kind === "conflict") return outcome;
  if (outcome.kind === "insufficient") {
    const line = state.lines.find((candidate) => candidate.productId === outcome.productId);
    const refusal = {
      type: "insufficient_stock",
      productId: outcome.productId,
      sku: line?.sku ?? "",
      name: line?.name ?? "",
    } as const;
    return { kind: "refused", refusal };
  }
  const order: Order = extended(state, {
    version: state.version + 1,
    ...(outcome.displayId !== undefined && { displayId: outcome.displayId }),
    stock: { state: (stock?.after ?? state.stock).state, held: outcome.held },
  });
  return { kind: "saved", order };
}

/** What is held for an edit goes with all that the order holds, or when nothing pays for the edit any more. */
function releasedHold(order: Order): ReturnType<typeof withoutDeadHold> {
  if (!mayReleaseStock(order)) return withoutDeadHold(order);
  const { editHold: _, ...rest } = order;
  return { order: rest, pieces: [] };
}

function stockChange(
  order: Order,
  intent: StockIntent,
  places: SellingPlaces,
  actor: string,
): OrderStockChange | undefined {
  const { stock } = order;
  if (typeof intent === "object") return partialChange(order, intent, actor);
  if (intent === "allocate" && stock.state === "none") {
    const after = { state: "allocated", held: [] } as const;
    return {
      action: "allocate",
      demands: stockDemands(order.lines),
      likely: countedProducts(order.lines),
      places,
      after,
      actor,
    };
  }
  if (intent === "release_if_dead" && mayReleaseStock(order)) {
    return { action: "deallocate", demands: stock.held, after: { state: "none", held: [] }, actor };
  }
  if (intent === "fulfil" && stock.state === "allocated") {
    const kept = order.editHold?.held ?? [];
    const demands = withoutPieces(stock.held, kept);
    return { action: "fulfil", demands, after: { state: "removed", held: kept }, actor };
  }
  return undefined;
}

function partialChange(
  { stock, fulfilledAt }: Order,
  intent: Exclude<StockIntent, string>,
  actor: string,
): OrderStockChange {
  if (intent.move === "rehold") {
    const { instead, demands, held } = intent.rehold;
    return { action: "rehold", instead, demands, after: { state: stock.state, held }, actor };
  }
  const { move, pieces } = intent;
  if (move === "restock") return { action: move, demands: pieces, after: stock, actor };
  if (move === "deallocate") {
    const after = { state: stock.state, held: withoutPieces(stock.held, pieces) };
    return { action: move, demands: pieces, after, actor };
  }
  const held = move === "fulfil" ? withoutPieces(stock.held, pieces) : withPieces(stock.held, pieces);
  const isOut = move === "fulfil" && fulfilledAt !== undefined && held.length === 0;
  // An order whose stock was given back holds nothing that could be unpacked.
  const state = stock.state === "none" ? "none" : isOut ? "removed" : "allocated";
  return { action: move, demands: pieces, after: { state, held }, actor };
}

/** Loads an order, decides and saves; all of it again when somebody else was faster. */
export async function changeOrder<Refusal>(
  deps: Deps,
  context: Context,
  orderId: string,
  decide: (order: Order, now: string) => Result<Decision<Order>, Refusal>,
  options: { readonly stock: StockIntent; readonly frozen?: boolean },
): Promise<
  Result<
    Order,
    | Refusal
    | RefusalOf<"order_not_found" | "write_conflict" | "insufficient_stock" | "promotion_code_refused">
  >
> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const order = await deps.storage.orders.load(context.store.storeId, orderId);
    if (!order) return fail({ type: "order_not_found", orderId });
    const decided = decide(order, deps.now());
    if (!decided.ok) return decided;
    if (decided.value.state === order) return ok(order);
    const saved = await saveOrder(deps, context, decided.value, options.stock, options.frozen);
    if (saved.kind === "saved") return ok(saved.order);
    if (saved.kind === "refused") return fail(saved.refusal);
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}
