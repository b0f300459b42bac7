import type { Cart, CartItem } from "../domain/cart/cart.ts";
import { type ItemChange, removeAllItems, removeItem, updateItem } from "../domain/cart/update-item.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { changeCart } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { priceOf } from "./price-cart.ts";
import type { Refusal } from "./refusal.ts";

export type UpdatedItems = {
  readonly cart: Cart;
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
    (cart, { available }, now): Result<Cart, Refusal> => {
      const noted: { change: ItemChange; refusal: Refusal }[] = [];
      let next = cart;
      for (const change of input.changes) {
        const line = next.items.find((item) => item.id === change.itemId);
        const sellable = line?.kind === "product" ? stocked(line, available) : undefined;
        const updated: Result<Cart, Refusal> =
          line?.kind === "custom" && isRepriced(change) && !mayPriceItems(context)
            ? fail({ type: "custom_items_forbidden" })
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
  return changed.ok ? ok({ cart: changed.value, refusals }) : changed;
}

/** Whoever may not add a line at a price of their own must not make one of somebody else's line. */
function mayPriceItems({ actor, store }: Context): boolean {
  return actor.kind !== "shopper" || store.settings.cart.customItemsByShoppers;
}

function isRepriced({ name, sku, description, unitAmount, includesTax }: ItemChange): boolean {
  return [name, sku, description, unitAmount, includesTax].some((member) => member !== undefined);
}

/** Takes one line out of a cart. */
export async function removeFromCart(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly itemId: string },
): Promise<Result<Cart, Refusal>> {
  const { storeId, settings } = context.store;
  return changeCart(
    deps,
    context,
    input.cartId,
    (now) => deps.storage.carts.load(storeId, input.cartId, now),
    (cart, _loaded, now) => removeItem(cart, input.itemId, settings.cart, now),
  );
}

/** Empties a cart. */
export async function emptyCart(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<Cart, Refusal>> {
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
