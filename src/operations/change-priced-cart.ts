import type { Cart } from "../domain/cart/cart.ts";
import type { Result } from "../domain/result.ts";
import { changeCart } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { priceOf } from "./price-cart.ts";
import type { Refusal } from "./refusal.ts";

/** Changes a cart by itself, and refuses a change after which its total could not be computed. */
export async function changePricedCart(
  deps: Deps,
  context: Context,
  cartId: string,
  decide: (cart: Cart, now: string) => Result<Cart, Refusal>,
): Promise<Result<Cart, Refusal>> {
  return changeCart(
    deps,
    context,
    cartId,
    (now) => deps.storage.carts.load(context.store.storeId, cartId, now),
    (cart, _loaded, now) => {
      const changed = decide(cart, now);
      if (!changed.ok) return changed;
      const priced = priceOf(context, changed.value);
      return priced.ok ? changed : priced;
    },
  );
}
