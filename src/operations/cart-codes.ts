import { type Cart, touched } from "../domain/cart/cart.ts";
import { withCode, withoutCode } from "../domain/cart/codes.ts";
import { inactiveReason } from "../domain/promotions/active.ts";
import { codeRefusal } from "../domain/promotions/promotion-code.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { changeCart } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { enteredCodes, type Quote, shopperNames } from "./quote-cart.ts";
import type { Refusal } from "./refusal.ts";

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
      const [known] = await enteredCodes(deps, context, [code], now);
      if (!known || inactiveReason(known.promotion, Date.parse(cart.snapshotDate ?? now))) {
        return fail({ type: "promotion_code_unknown", code });
      }
      const refusal = codeRefusal(known.code, shopperNames(context, cart));
      if (refusal) return fail({ type: "promotion_code_refused", code, reason: codeReasons[refusal.type] });
      const entered = withCode(cart, code);
      return entered.ok ? ok(touched(entered.value, settings.cart, now)) : entered;
    },
  );
}

/** Why a code is refused, in the words of `Refusal`. */
export const codeReasons = {
  code_for_another_user: "for_another_user",
  code_used_up: "used_up",
  code_uses_too_few: "used_up",
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
      if (!cart.codes?.includes(code)) return fail({ type: "promotion_code_unknown", code });
      return ok(touched(withoutCode(cart, code), settings.cart, now));
    },
  );
}
