import type { Cart } from "../domain/cart/cart.ts";
import { priceableCart } from "../domain/cart/priceable.ts";
import type { CartRefusal } from "../domain/cart/refusals.ts";
import { type AmountTooLarge, type PricedCart, priceCart } from "../domain/pricing/price-cart.ts";
import { fail, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";

/** The cart's lines and totals, computed from nothing by the store's calculation method. */
export function priceOf(context: Context, cart: Cart): Result<PricedCart, CartRefusal> {
  const priced = priceCart(priceableCart(cart, context.store.settings.calculationMethod));
  if (priced.ok) return priced;
  return fail(amountTooLarge(priced.error));
}

/** Which line or shipping group of a cart is too large to be counted with, as a refusal. */
export function amountTooLarge({ lineId = "", shippingId }: AmountTooLarge): CartRefusal {
  return {
    type: "amount_too_large",
    itemId: lineId,
    ...(shippingId !== undefined && { shippingGroupId: shippingId }),
  };
}
