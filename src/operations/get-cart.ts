import type { CartRefusal } from "../domain/cart/refusals.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { checkCartAccess } from "./cart-access.ts";
import { isCartReference } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { newCartOf } from "./new-cart.ts";
import { type Quote, quoteCart } from "./quote-cart.ts";
import type { RefusalOf } from "./refusal.ts";
import { toldOfCart } from "./told-of-cart.ts";

/** Reads a cart; one that nobody has used yet is made by reading it, and gifts that are due by now are put in. */
export async function getCart(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<Quote, CartRefusal | RefusalOf<"cart_not_yours" | "cart_reference_invalid">>> {
  if (!isCartReference(cartId)) return fail({ type: "cart_reference_invalid" });
  const { storeId } = context.store;
  const now = deps.now();
  const loaded = await deps.storage.carts.load(storeId, cartId, now);
  let cart = loaded.cart;
  if (!cart) {
    const made = newCartOf(context.store, cartId, now);
    if (await deps.storage.carts.save(storeId, made, loaded.version, toldOfCart(context, undefined, made))) {
      cart = { ...made, version: loaded.version + 1 };
    } else {
      // Somebody else made it in the same moment.
      cart = (await deps.storage.carts.load(storeId, cartId, now)).cart ?? made;
    }
  }
  const allowed = checkCartAccess(context, cart);
  if (!allowed.ok) return allowed;
  const quote = await quoteCart(deps, context, cart, now);
  if (!quote.ok || quote.value.cart === cart || cart.region?.completion) return quote;
  // Kept if nobody changes the cart at this moment, so that a gift's line has the same id at the next look.
  const told = toldOfCart(context, cart, quote.value.cart);
  const saved = await deps.storage.carts.save(storeId, quote.value.cart, cart.version, told);
  if (!saved) return quote;
  return ok({ ...quote.value, cart: { ...quote.value.cart, version: cart.version + 1 } });
}
