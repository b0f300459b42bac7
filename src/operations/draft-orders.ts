import type { DraftOrder } from "../domain/region/draft-order.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { type CartProblem, loadRegionCart, type PricedRegionCart, priceRegionLook } from "./region-cart.ts";

/** A draft order with its cart. */
export type DraftOrderView = { readonly draft: DraftOrder; readonly priced: PricedRegionCart };

/** Looks at a draft order. */
export async function viewDraftOrder(
  deps: Deps,
  context: Context,
  draftId: string,
): Promise<Result<DraftOrderView, CartProblem>> {
  const draft = await deps.storage.records.load(context.store.storeId, "draft_order", draftId);
  return draft ? withCart(deps, context, draft) : fail({ type: "draft_order_not_found", draftId });
}

/** The same, when nothing of it is settled yet. */
export async function openDraftOrder(
  deps: Deps,
  context: Context,
  draftId: string,
): Promise<Result<DraftOrderView, CartProblem>> {
  const viewed = await viewDraftOrder(deps, context, draftId);
  return viewed.ok && viewed.value.draft.status === "completed"
    ? fail({ type: "draft_order_completed" })
    : viewed;
}

/** A draft order with its cart as it is now. Whoever marks it paid writes the order first: what counts is the cart. */
export async function withCart(
  deps: Deps,
  context: Context,
  draft: DraftOrder,
): Promise<Result<DraftOrderView, CartProblem>> {
  const now = deps.now();
  const loaded = await loadRegionCart(deps, context, draft.cartId, now);
  if (!loaded.ok) return loaded;
  const priced = priceRegionLook(loaded.value, now, { withTax: true });
  if (!priced.ok) return priced;
  const { completion, completedAt } = priced.value.cart.region;
  const settled = { status: "completed" as const, orderId: completion?.orderId ?? "", completedAt };
  const isSettled = draft.status === "open" && completion && completedAt !== undefined;
  return ok({
    draft: isSettled ? { ...draft, ...settled, completedAt } : draft,
    priced: priced.value,
  });
}
