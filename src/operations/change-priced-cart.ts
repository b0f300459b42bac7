import type { Cart } from "../domain/cart/cart.ts";
import { ok, type Result } from "../domain/result.ts";
import { changeCart } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Refusal } from "./refusal.ts";

/** Changes a cart by nothing but itself, for those who do not look at its price afterwards. */
export async function changePricedCart(
  deps: Deps,
  context: Context,
  cartId: string,
  decide: (cart: Cart, now: string) => Result<Cart, Refusal>,
): Promise<Result<Cart, Refusal>> {
  const changed = await changeCart(
    deps,
    context,
    cartId,
    (now) => deps.storage.carts.load(context.store.storeId, cartId, now),
    (cart, _loaded, now) => decide(cart, now),
  );
  return changed.ok ? ok(changed.value.cart) : changed;
}
