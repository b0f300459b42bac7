import type { Cart } from "../domain/cart/cart.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { checkCartAccess } from "./cart-access.ts";
import { isCartReference } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { newCartOf } from "./new-cart.ts";
import type { RefusalOf } from "./refusal.ts";

/** Reads a cart; one that nobody has used yet is made by reading it. */
export async function getCart(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<Cart, RefusalOf<"cart_not_yours" | "cart_reference_invalid">>> {
  if (!isCartReference(cartId)) return fail({ type: "cart_reference_invalid" });
  const { storeId } = context.store;
  const now = deps.now();
  const loaded = await deps.storage.carts.load(storeId, cartId, now);
  if (loaded.cart) {
    const allowed = checkCartAccess(context, loaded.cart);
    return allowed.ok ? ok(loaded.cart) : allowed;
  }
  const cart = newCartOf(context.store, cartId, now);
  if (await deps.storage.carts.save(storeId, cart, loaded.version)) {
    return ok({ ...cart, version: loaded.version + 1 });
  }
  // Somebody else made it in the same moment.
  const made = await deps.storage.carts.load(storeId, cartId, now);
  const current = made.cart ?? cart;
  const allowed = checkCartAccess(context, current);
  return allowed.ok ? ok(current) : allowed;
}
