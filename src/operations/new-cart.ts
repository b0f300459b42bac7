import { type Cart, newCart } from "../domain/cart/cart.ts";
import { initialFields } from "../domain/custom-fields/field-values.ts";
import type { StoreConfig } from "./context.ts";

/** An empty cart with the store's present settings and the defaults of its custom fields, not stored yet. */
export function newCartOf(store: StoreConfig, cartId: string, now: string): Cart {
  const fields = initialFields(store.customFields.carts);
  return { ...newCart(cartId, store.settings.cart, now), ...(fields && { fields }) };
}
