import { type Cart, type CustomAttribute, touched } from "../domain/cart/cart.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { checkCartAccess } from "./cart-access.ts";
import { checkCartOpen } from "./cart-open.ts";
import { changeCart, isAsSeen, isCartReference } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import { newCartOf } from "./new-cart.ts";
import { type Quote, quoteCart } from "./quote-cart.ts";
import type { Refusal } from "./refusal.ts";
import { toldOfCart } from "./told-of-cart.ts";

/** What of a cart itself may be set; members that are absent stay. */
export type CartDetails = {
  readonly name?: string;
  readonly description?: string;
  /** For a cart that belongs to nobody; "" takes it away. */
  readonly contactEmail?: string;
  readonly customAttributes?: Readonly<Record<string, CustomAttribute>>;
  readonly discountSettings?: {
    readonly customDiscountsEnabled?: boolean;
    readonly useRulePromotions?: boolean;
  };
  readonly deferInventoryCheck?: boolean;
  readonly separateItemsByLocation?: boolean;
  readonly snapshotDate?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** Makes a cart, of the customer or account that asks if one does. A cart of that id that exists is changed instead. */
export async function createCart(
  deps: Deps,
  context: Context,
  input: { readonly cartId?: string } & CartDetails,
): Promise<Result<Quote, Refusal>> {
  const { actor, store } = context;
  const owner = {
    ...(actor.customerId !== undefined && { customerId: actor.customerId }),
    ...(actor.accountId !== undefined && { accountId: actor.accountId }),
  };
  if (input.cartId !== undefined) {
    return changeCart(
      deps,
      context,
      input.cartId,
      (now) => deps.storage.carts.load(store.storeId, input.cartId as string, now),
      (cart, _loaded, now) => withDetails({ ...cart, ...owner }, input, context, now),
    );
  }
  const now = deps.now();
  const cart = withDetails({ ...newCartOf(store, deps.newId(), now), ...owner }, input, context, now);
  if (!cart.ok) return cart;
  await deps.storage.carts.save(store.storeId, cart.value, 0, toldOfCart(context, undefined, cart.value));
  return quoteCart(deps, context, { ...cart.value, version: 1 }, now);
}

/** Changes a cart's name, description, attributes and settings. */
export async function updateCart(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string } & CartDetails,
): Promise<Result<Quote, Refusal>> {
  return changeCart(
    deps,
    context,
    input.cartId,
    (now) => deps.storage.carts.load(context.store.storeId, input.cartId, now),
    (cart, _loaded, now) => withDetails(cart, input, context, now),
  );
}

function withDetails(cart: Cart, details: CartDetails, context: Context, now: string): Result<Cart, Refusal> {
  const discountSettings = { ...cart.discountSettings, ...details.discountSettings };
  if (discountSettings.customDiscountsEnabled && discountSettings.useRulePromotions) {
    return fail({ type: "discount_settings_conflict" });
  }
  const { contactEmail, ...rest } = cart;
  const contact = details.contactEmail ?? contactEmail;
  const changed: Cart = {
    ...rest,
    name: details.name ?? cart.name,
    description: details.description ?? cart.description,
    ...(contact && { contactEmail: contact }),
    customAttributes: details.customAttributes ?? cart.customAttributes,
    discountSettings,
    deferInventoryCheck: details.deferInventoryCheck ?? cart.deferInventoryCheck,
    separateItemsByLocation: details.separateItemsByLocation ?? cart.separateItemsByLocation,
    ...(details.snapshotDate !== undefined && { snapshotDate: details.snapshotDate }),
    ...((details.fields ?? cart.fields) && { fields: { ...cart.fields, ...details.fields } }),
  };
  return ok(touched(changed, context.store.settings.cart, now));
}

/** Deletes a cart that is still open; deleting one that is not there is no error. A customer keeps their last one. */
export async function deleteCart(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<void, Refusal>> {
  if (!isCartReference(cartId)) return fail({ type: "cart_reference_invalid" });
  const { storeId } = context.store;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const now = deps.now();
    const { cart } = await deps.storage.carts.load(storeId, cartId, now);
    if (!cart) return ok(undefined);
    const allowed = checkCartAccess(context, cart);
    if (!allowed.ok) return allowed;
    if (!isAsSeen(context, cart.version)) {
      return fail({ type: "cart_changed", cartId, version: cart.version });
    }
    const open = await checkCartOpen(deps, context, cart);
    if (!open.ok) return open;
    if (cart.customerId !== undefined) {
      const carts = await deps.storage.carts.countOfCustomer(storeId, cart.customerId, now);
      if (carts <= 1) return fail({ type: "cart_is_last", cartId });
    }
    // Only the cart that was looked at: meanwhile it may have become a customer's.
    if (await deps.storage.carts.delete(storeId, cartId, cart.version)) return ok(undefined);
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}
