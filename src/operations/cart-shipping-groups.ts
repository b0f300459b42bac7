import type { Cart } from "../domain/cart/cart.ts";
import {
  addShippingGroup,
  removeShippingGroup,
  updateShippingGroup,
} from "../domain/cart/shipping-groups.ts";
import { fail, type Result } from "../domain/result.ts";
import type { ShippingGroupDetails } from "../domain/shipping/shipping-group.ts";
import { changePricedCart } from "./change-priced-cart.ts";
import type { Context } from "./context.ts";
import { defaultCurrency, enabledCurrency } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Refusal } from "./refusal.ts";

/** What of a group is asked for; `currency` is that of its price, undefined takes the cart's. */
export type WantedGroup = {
  readonly cartId: string;
  readonly groupId: string;
  readonly details: ShippingGroupDetails;
  readonly currency: string | undefined;
};

/** Adds a shipping group to a cart, making the cart if there is none. It costs nothing before a line names it. */
export async function addGroup(
  deps: Deps,
  context: Context,
  { cartId, groupId, details, currency }: WantedGroup,
): Promise<Result<Cart, Refusal>> {
  const refusal = refusedPrice(context, details, currency);
  if (refusal) return fail(refusal);
  const { store } = context;
  return changePricedCart(deps, context, cartId, (cart, now) => {
    const group = {
      ...details,
      id: groupId,
      currency: currency ?? cart.currency ?? defaultCurrency(store).code,
    };
    return addShippingGroup(cart, group, store.settings.cart, now);
  });
}

/** Changes a shipping group of a cart. */
export async function updateGroup(
  deps: Deps,
  context: Context,
  { cartId, groupId, details, currency }: WantedGroup,
): Promise<Result<Cart, Refusal>> {
  // Clients name their currency with every request; it means something only beside a price.
  const refusal = details.price && refusedPrice(context, details, currency);
  if (refusal) return fail(refusal);
  return changePricedCart(deps, context, cartId, (cart, now) => {
    const change = { ...details, ...(currency !== undefined && { currency }) };
    return updateShippingGroup(cart, groupId, change, context.store.settings.cart, now);
  });
}

/** Takes a shipping group away that no line names. */
export async function removeGroup(
  deps: Deps,
  context: Context,
  { cartId, groupId }: { readonly cartId: string; readonly groupId: string },
): Promise<Result<Cart, Refusal>> {
  return changePricedCart(deps, context, cartId, (cart, now) =>
    removeShippingGroup(cart, groupId, context.store.settings.cart, now),
  );
}

function refusedPrice(
  { actor, store }: Context,
  { price }: ShippingGroupDetails,
  currency: string | undefined,
): Refusal | undefined {
  if (currency !== undefined && !enabledCurrency(store, currency)) {
    return { type: "currency_unknown", currency };
  }
  return price && actor.kind === "shopper" && !store.settings.cart.customItemsByShoppers
    ? { type: "shipping_prices_forbidden" }
    : undefined;
}
