import type { Cart } from "../domain/cart/cart.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { RefusalOf } from "./refusal.ts";

/**
 * Whether the caller may change a cart. A cart of nobody is open to whoever knows its id; one that belongs to a customer
 * or an account answers to them and to the shop, unless the store decided otherwise.
 */
export function checkCartAccess(
  context: Context,
  cart: Pick<Cart, "customerId" | "accountId">,
): Result<void, RefusalOf<"cart_not_yours">> {
  const { actor } = context;
  if (actor.kind !== "shopper" || !context.store.settings.cart.ownedCartsNeedToken) return ok(undefined);
  if (cart.customerId !== undefined && cart.customerId !== actor.customerId) {
    return fail({ type: "cart_not_yours", owner: "customer" });
  }
  if (cart.accountId !== undefined && cart.accountId !== actor.accountId) {
    return fail({ type: "cart_not_yours", owner: "account" });
  }
  return ok(undefined);
}
