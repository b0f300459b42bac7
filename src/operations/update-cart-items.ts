import { type Cart, type CartItem, touched } from "../domain/cart/cart.ts";
import { withoutCode } from "../domain/cart/codes.ts";
import { type ItemChange, removeAllItems, removeItem, updateItem } from "../domain/cart/update-item.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { changeCart } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { priceOf } from "./price-cart.ts";
import { enteredCodes, type Quote } from "./quote-cart.ts";
import type { Refusal } from "./refusal.ts";
import { codeInCart, enteredRules, rulesFor, takesRules } from "./rules-in-play.ts";

export type UpdatedItems = {
  readonly quote: Quote;
  readonly refusals: readonly { readonly change: ItemChange; readonly refusal: Refusal }[];
};

/** Changes lines of a cart; with `allOrNothing` one refusal refuses all. */
export async function updateCartItems(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly changes: readonly ItemChange[]; readonly allOrNothing: boolean },
): Promise<Result<UpdatedItems, Refusal>> {
  const { storeId, settings } = context.store;
  let refusals: UpdatedItems["refusals"] = [];
  const changed = await changeCart(
    deps,
    context,
    input.cartId,
    (now) => deps.storage.carts.loadWithStock(storeId, input.cartId, now),
    async (cart, { available }, now): Promise<Result<Cart, Refusal>> => {
      const promotionIds = await promotionIdsOf(cart, now);
      const noted: { change: ItemChange; refusal: Refusal }[] = [];
      let next = cart;
      for (const change of input.changes) {
        const line = next.items.find((item) => item.id === change.itemId);
        const sellable = line?.kind === "product" ? stocked(line, available) : undefined;
        const updated: Result<Cart, Refusal> =
          line?.kind === "custom" && isRepriced(change) && !mayPriceItems(context)
            ? fail({ type: "custom_items_forbidden" })
            : !line && promotionIds.has(change.itemId)
              ? fail({ type: "promotion_item_fixed", promotionId: change.itemId })
              : updateItem(next, change, sellable, settings.cart, now);
        const priced = updated.ok ? priceOf(context, updated.value) : updated;
        if (updated.ok && priced.ok) next = updated.value;
        else {
          const refusal = (priced as { error: Refusal }).error;
          if (input.allOrNothing || input.changes.length === 1) return { ok: false, error: refusal };
          noted.push({ change, refusal });
        }
      }
      refusals = noted;
      return ok(next);
    },
  );
  return changed.ok ? ok({ quote: changed.value, refusals }) : changed;

  /** The promotions that the cart may show as lines, when a change names a line that it does not have. */
  async function promotionIdsOf(cart: Cart, now: string): Promise<ReadonlySet<string>> {
    const known = new Set(cart.items.map((item) => item.id));
    if (input.changes.every(({ itemId }) => known.has(itemId))) return new Set();
    const entered = await enteredCodes(deps, context, cart.codes ?? [], now);
    return new Set(
      [
        ...context.store.automaticPromotions,
        ...entered.map(({ promotion }) => promotion),
        ...(await rulesFor(deps, context, cart, now)).map(({ promotion }) => promotion),
      ].map(({ id }) => id),
    );
  }
}

/** Whoever may not add a line at a price of their own must not make one of somebody else's line. */
function mayPriceItems({ actor, store }: Context): boolean {
  return actor.kind !== "shopper" || store.settings.cart.customItemsByShoppers;
}

function isRepriced({ name, sku, description, unitAmount, includesTax }: ItemChange): boolean {
  return [name, sku, description, unitAmount, includesTax].some((member) => member !== undefined);
}

/** Takes one line out of a cart; of the line that stands for a promotion, its code. */
export async function removeFromCart(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly itemId: string },
): Promise<Result<Quote, Refusal>> {
  const { storeId, settings } = context.store;
  return changeCart(
    deps,
    context,
    input.cartId,
    (now) => deps.storage.carts.load(storeId, input.cartId, now),
    async (cart, _loaded, now): Promise<Result<Cart, Refusal>> => {
      const { itemId } = input;
      if (cart.items.some((item) => item.id === itemId)) return removeItem(cart, itemId, settings.cart, now);
      // An automatic promotion comes back at once.
      const { automaticPromotions, automaticRulePromotions } = context.store;
      const automatic = [...automaticPromotions, ...(takesRules(cart) ? automaticRulePromotions : [])];
      if (automatic.some(({ id }) => id === itemId)) return ok(cart);
      const entered = [
        ...(await enteredCodes(deps, context, cart.codes ?? [], now)),
        ...(await enteredRules(deps, context, cart, cart.codes ?? [], now)),
      ];
      const name = entered.find(({ promotion }) => promotion.id === itemId)?.code.code;
      const code = name === undefined ? undefined : codeInCart(cart, name);
      if (code === undefined) return removeItem(cart, itemId, settings.cart, now);
      return ok(touched(withoutCode(cart, code), settings.cart, now));
    },
  );
}

/** Empties a cart. */
export async function emptyCart(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<Quote, Refusal>> {
  const { storeId, settings } = context.store;
  return changeCart(
    deps,
    context,
    cartId,
    (now) => deps.storage.carts.load(storeId, cartId, now),
    (cart, _loaded, now) => ok(removeAllItems(cart, settings.cart, now)),
  );
}

/** A line's product as the question of stock needs it; whether it is counted may have changed since it was added. */
function stocked(line: Extract<CartItem, { kind: "product" }>, available: ReadonlyMap<string, number>) {
  const pieces = available.get(line.productId);
  const { productId: id, sku, name } = line;
  return { product: { id, sku, name, manageStock: pieces !== undefined }, available: pieces };
}
