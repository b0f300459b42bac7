import { type Cart, touched } from "../domain/cart/cart.ts";
import { withCode, withoutCode } from "../domain/cart/codes.ts";
import { inactiveReason } from "../domain/promotions/active.ts";
import { codeRefusal } from "../domain/promotions/promotion-code.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { ruleCodeRefusal } from "../domain/rule-promotions/rule-code.ts";
import { changeCart } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { enteredCodes, type Quote, shopperNames } from "./quote-cart.ts";
import type { Refusal, RefusalOf } from "./refusal.ts";
import { codeInCart, enteredRules, ruleShopper } from "./rules-in-play.ts";

type CodeOfCart = { readonly cartId: string; readonly code: string };

/**
 * Enters a promotion code. It is refused when nobody could use it now, or this shopper could not; whether the cart
 * meets the promotion's conditions is looked at with every change of it. The same code again changes nothing.
 */
export function enterCode(
  deps: Deps,
  context: Context,
  { cartId, code }: CodeOfCart,
): Promise<Result<Quote, Refusal>> {
  const { storeId, settings } = context.store;
  return changeCart(
    deps,
    context,
    cartId,
    (now) => deps.storage.carts.load(storeId, cartId, now),
    async (cart, _loaded, now): Promise<Result<Cart, Refusal>> => {
      if (cart.discountSettings.customDiscountsEnabled) return fail({ type: "promotions_disabled", code });
      if (cart.items.length === 0) return fail({ type: "cart_without_products", code });
      const usable = await checkCode(deps, context, cart, code, now);
      if (!usable.ok) return usable;
      // Of rule promotions the same code in another case is the same; of standard ones it is not.
      const same = usable.value.isStandard ? undefined : codeInCart(cart, code);
      const entered = withCode(cart, same ?? code);
      return entered.ok ? ok(touched(entered.value, settings.cart, now)) : entered;
    },
  );
}

/**
 * Whether at least one promotion may apply by a code, as far as its dates and this shopper go. A standard promotion's
 * code is asked for to the letter, those of rule promotions in any case.
 */
async function checkCode(
  deps: Deps,
  context: Context,
  cart: Cart,
  code: string,
  now: string,
): Promise<
  Result<{ readonly isStandard: boolean }, RefusalOf<"promotion_code_unknown" | "promotion_code_refused">>
> {
  const at = Date.parse(cart.snapshotDate ?? now);
  const names = shopperNames(context, cart);
  const standard = await enteredCodes(deps, context, [code], now);
  const rules = await enteredRules(deps, context, cart, [code], now);
  const shopper = ruleShopper(context, cart, names);
  const refusals = [
    ...standard
      .filter(({ promotion }) => !inactiveReason(promotion, at))
      .map((known) => codeRefusal(known.code, names)),
    ...rules
      .filter(({ promotion }) => !inactiveReason(promotion, at))
      // An e-mail may still come, at the latest with the checkout.
      .map((known) => ruleCodeRefusal(known.code, shopper)),
  ];
  if (refusals.some((refusal) => !refusal || refusal.type === "shopper_unknown")) {
    return ok({ isStandard: standard.length > 0 });
  }
  const [first] = refusals;
  return fail(
    first
      ? { type: "promotion_code_refused", code, reason: codeReasons[first.type] }
      : { type: "promotion_code_unknown", code },
  );
}

/** Why a code is refused, in the words of `Refusal`. */
export const codeReasons = {
  code_for_another_user: "for_another_user",
  code_used_up: "used_up",
  code_uses_too_few: "used_up",
  code_used_up_by_shopper: "used_up_by_shopper",
  code_for_registered_shoppers: "for_registered_shoppers",
  code_for_new_shoppers: "for_new_shoppers",
  shopper_unknown: "shopper_unknown",
} as const;

/** Takes an entered code out of a cart. */
export function removeCode(
  deps: Deps,
  context: Context,
  { cartId, code }: CodeOfCart,
): Promise<Result<Quote, Refusal>> {
  const { storeId, settings } = context.store;
  return changeCart(
    deps,
    context,
    cartId,
    (now) => deps.storage.carts.load(storeId, cartId, now),
    (cart, _loaded, now): Result<Cart, Refusal> => {
      const entered = codeInCart(cart, code);
      if (entered === undefined) return fail({ type: "promotion_code_unknown", code });
      return ok(touched(withoutCode(cart, entered), settings.cart, now));
    },
  );
}
