import {
  type AddDraftLine,
  addDraftLine,
  removeDraftLine,
  type UpdateDraftLine,
  updateDraftLine,
} from "../domain/cart/draft-lines.ts";
import type { LinePlace, RegionCart } from "../domain/cart/region-lines.ts";
import { fail, type Result } from "../domain/result.ts";
import { changeRegionCart } from "./change-region-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { type DraftOrderView, openDraftOrder, withCart } from "./draft-orders.ts";
import type { CartProblem, PricedRegionCart, RegionLook } from "./region-cart.ts";
import { whileOpen } from "./region-cart-lines.ts";
import { type UpdateRegionCart, updateRegionCart } from "./update-region-cart.ts";

type Answer = Promise<Result<DraftOrderView, CartProblem>>;

/** Changes who buys, where it goes, and what it is sold by. */
export async function updateDraftOrder(
  deps: Deps,
  context: Context,
  draftId: string,
  input: Omit<UpdateRegionCart, "cartId"> & { readonly noNotification?: boolean },
): Answer {
  const { noNotification, ...changes } = input;
  const changed = await changeCart(deps, context, draftId, (cartId) =>
    updateRegionCart(deps, context, { cartId, ...changes }),
  );
  if (!changed.ok) return changed;
  const { email = "" } = changed.value.priced.cart.region;
  const updatedAt = deps.now();
  const saved = await deps.storage.records.change(context.store.storeId, "draft_order", draftId, (draft) => ({
    ...draft,
    title: `#${draft.displayId} ${email}`,
    ...(noNotification !== undefined && { noNotification }),
    updatedAt,
  }));
  if (saved.kind !== "saved") return fail({ type: "draft_order_not_found", draftId });
  return { ok: true, value: { ...changed.value, draft: saved.record } };
}

/** Puts a line into a draft order. `attemptId`: of a request with a key, a repeat of which adds nothing. */
export function addToDraftOrder(
  deps: Deps,
  context: Context,
  draftId: string,
  { attemptId, ...line }: Omit<AddDraftLine, "itemId"> & { readonly attemptId?: string },
): Answer {
  return changeCart(deps, context, draftId, (cartId) => {
    const variantIds = line.variantId === undefined ? [] : [line.variantId];
    const change = { cartId, variantIds, ...(attemptId !== undefined && { attemptId }) };
    return changeRegionCart(deps, context, change, (look, { now, idFor }) =>
      whileOpen(look, (cart) =>
        addDraftLine(cart, { ...line, itemId: idFor("item") }, placeOf(look, context), now),
      ),
    );
  });
}

/** Changes a line of a draft order. */
export function updateLineOfDraftOrder(
  deps: Deps,
  context: Context,
  draftId: string,
  input: UpdateDraftLine,
): Answer {
  return changeLines(deps, context, draftId, (cart, place, now) => updateDraftLine(cart, input, place, now));
}

/** Takes a line off a draft order. */
export function removeFromDraftOrder(deps: Deps, context: Context, draftId: string, itemId: string): Answer {
  return changeLines(deps, context, draftId, (cart, place, now) => ({
    ok: true,
    value: removeDraftLine(cart, itemId, place, now),
  }));
}

/** Deletes a draft order; its cart too, unless that has become an order. One that is gone is no error. */
export async function deleteDraftOrder(deps: Deps, context: Context, draftId: string): Promise<void> {
  const { storeId } = context.store;
  const draft = await deps.storage.records.load(storeId, "draft_order", draftId);
  if (!draft) return;
  const { cart, version } = await deps.storage.carts.load(storeId, draft.cartId, deps.now());
  await deps.storage.transaction(async ({ carts, records }) => {
    // One that is being paid for stays for whoever pays.
    if (cart && !cart.region?.completion) await carts.delete(storeId, cart.id, version);
    await records.delete(storeId, "draft_order", draftId);
  });
}

function changeLines(
  deps: Deps,
  context: Context,
  draftId: string,
  change: (cart: RegionCart, place: LinePlace, now: string) => Result<RegionCart, CartProblem>,
): Answer {
  return changeCart(deps, context, draftId, (cartId) =>
    changeRegionCart(deps, context, { cartId }, (look, { now }) =>
      whileOpen(look, (cart) => change(cart, placeOf(look, context), now)),
    ),
  );
}

async function changeCart(
  deps: Deps,
  context: Context,
  draftId: string,
  change: (cartId: string) => Promise<Result<PricedRegionCart, CartProblem>>,
): Answer {
  const opened = await openDraftOrder(deps, context, draftId);
  if (!opened.ok) return opened;
  const { draft } = opened.value;
  const changed = await change(draft.cartId);
  return changed.ok ? withCart(deps, context, draft) : changed;
}

function placeOf({ region, goods }: RegionLook, { store }: Context): LinePlace {
  return { region, goods, rules: store.settings.cart };
}
