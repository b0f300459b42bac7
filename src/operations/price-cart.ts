import type { Cart } from "../domain/cart/cart.ts";
import { priceableCart } from "../domain/cart/priceable.ts";
import type { CartRefusal } from "../domain/cart/refusals.ts";
import { type PricedCart, priceCart } from "../domain/pricing/price-cart.ts";
import type { Result } from "../domain/result.ts";
import type { Context } from "./context.ts";

/** The cart's lines and totals, computed from nothing by the store's calculation method. */
export function priceOf(context: Context, cart: Cart): Result<PricedCart, CartRefusal> {
  const priced = priceCart(priceableCart(cart, context.store.settings.calculationMethod));
  if (priced.ok) return priced;
  const { lineId = "", shippingId } = priced.error;
  const where = { itemId: lineId, ...(shippingId !== undefined && { shippingGroupId: shippingId }) };
  return { ok: false, error: { type: "amount_too_large", ...where } };
}
