import type { Cart } from "../domain/cart/cart.ts";
import type { CartRefusal } from "../domain/cart/refusals.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type PromotionMessage, ruleMessages } from "../domain/rule-promotions/rule-messages.ts";
import { checkCartAccess } from "./cart-access.ts";
import { checkCartOpen } from "./cart-open.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import { newCartOf } from "./new-cart.ts";
import type { LoadedCart } from "./ports/carts.ts";
import { type Quote, quoteCart } from "./quote-cart.ts";
import type { RefusalOf } from "./refusal.ts";
import { takesRules } from "./rules-in-play.ts";
import { toldOfCart } from "./told-of-cart.ts";

export type ChangeCartRefusal =
  | CartRefusal
  | RefusalOf<
      "cart_not_yours" | "cart_changed" | "cart_ordered" | "write_conflict" | "cart_reference_invalid"
    >;

/**
 * Loads a cart (a new one if there is none), decides, prices it with its promotions, and saves it if nobody else has in
 * the meantime; otherwise all of it again. `load` must read the cart and whatever the decision needs in one go.
 */
export async function changeCart<Loaded extends LoadedCart, Refusal>(
  deps: Deps,
  context: Context,
  cartId: string,
  load: (now: string) => Promise<Loaded>,
  decide: (cart: Cart, loaded: Loaded, now: string) => Result<Cart, Refusal> | Promise<Result<Cart, Refusal>>,
): Promise<Result<Quote, Refusal | ChangeCartRefusal>> {
  if (!isCartReference(cartId)) return { ok: false, error: { type: "cart_reference_invalid" } };
  const { storeId } = context.store;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const now = deps.now();
    const loaded = await load(now);
    const cart = loaded.cart ?? newCartOf(context.store, cartId, now);
    const allowed = checkCartAccess(context, cart);
    if (!allowed.ok) return allowed;
    if (!isAsSeen(context, loaded.version))
      return fail({ type: "cart_changed", cartId, version: loaded.version });
    const open = await checkCartOpen(deps, context, cart);
    if (!open.ok) return open;
    const decided = await decide(cart, loaded, now);
    if (!decided.ok) return decided;
    const quote = await quoteCart(deps, context, decided.value, now);
    if (!quote.ok) return quote;
    const changes = await changesOfRules(deps, context, loaded.cart, quote.value, now);
    const told = toldOfCart(context, loaded.cart, quote.value.cart);
    if (await deps.storage.carts.save(storeId, quote.value.cart, loaded.version, told)) {
      return ok({
        ...quote.value,
        ...(changes && { changes }),
        cart: { ...quote.value.cart, version: loaded.version + 1 },
      });
    }
    await deps.pause(attempt * 2);
  }
  return { ok: false, error: { type: "write_conflict" } };
}

/** What became of the rule promotions of a cart that takes any; it has to be priced as it was, too, to tell. */
async function changesOfRules(
  deps: Deps,
  context: Context,
  before: Cart | undefined,
  after: Quote,
  now: string,
): Promise<readonly PromotionMessage[] | undefined> {
  if (!takesRules(after.cart)) return undefined;
  const was = before && (await quoteCart(deps, context, before, now));
  return ruleMessages(was?.ok ? was.value.rules.applied : [], after.rules);
}

/** Whether nobody has changed the cart since the caller saw it; true for callers who do not say what they saw. */
export function isAsSeen({ seenCartVersion }: Context, version: number): boolean {
  return seenCartVersion === undefined || seenCartVersion === version;
}

/** A reference that a client may choose: safe in a path, and of bounded length. */
export function isCartReference(reference: string): boolean {
  return /^[A-Za-z0-9._~-]{1,255}$/.test(reference);
}
