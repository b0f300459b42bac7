import type { Cart, CustomDiscount } from "../domain/cart/cart.ts";
import {
  addCustomDiscount,
  type CustomDiscountChange,
  type DiscountPlace,
  removeAllCustomDiscounts,
  removeCustomDiscount,
  updateCustomDiscount,
} from "../domain/cart/custom-discounts.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { changePricedCart } from "./change-priced-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Refusal } from "./refusal.ts";

/** A discount to put on a line or on the cart; `currency` is what its amount was said to be in, if anything was said. */
export type WantedDiscount = DiscountPlace & {
  readonly discount: CustomDiscount;
  readonly currency: string | undefined;
};

export type AddedDiscounts = {
  readonly cart: Cart;
  /** Refusals of single discounts, in the order of the request. */
  readonly refusals: readonly { readonly wanted: WantedDiscount; readonly refusal: Refusal }[];
};

type OneDiscount = DiscountPlace & { readonly cartId: string; readonly discountId: string };

/** Puts discounts on lines and on the cart. With `allOrNothing` one refusal refuses all. */
export async function addDiscounts(
  deps: Deps,
  context: Context,
  input: {
    readonly cartId: string;
    readonly discounts: readonly WantedDiscount[];
    readonly allOrNothing: boolean;
  },
): Promise<Result<AddedDiscounts, Refusal>> {
  const { calculationMethod: method, cart: rules } = context.store.settings;
  let refusals: AddedDiscounts["refusals"] = [];
  const changed = await changeDiscounts(deps, context, input.cartId, (cart, now) => {
    const noted: { wanted: WantedDiscount; refusal: Refusal }[] = [];
    let next = cart;
    for (const wanted of input.discounts) {
      const added =
        otherCurrency(next, wanted.currency) ??
        addCustomDiscount(next, wanted, wanted.discount, method, rules, now);
      if (added.ok) next = added.value;
      else if (input.allOrNothing || input.discounts.length === 1) return added;
      else noted.push({ wanted, refusal: added.error });
    }
    refusals = noted;
    return ok(next);
  });
  return changed.ok ? ok({ cart: changed.value, refusals }) : changed;
}

/** Changes one discount of a line or of the cart. */
export async function updateDiscount(
  deps: Deps,
  context: Context,
  input: OneDiscount & {
    readonly change: CustomDiscountChange;
    readonly currency: string | undefined;
  },
): Promise<Result<Cart, Refusal>> {
  const { calculationMethod: method, cart: rules } = context.store.settings;
  return changeDiscounts(
    deps,
    context,
    input.cartId,
    (cart, now) =>
      otherCurrency(cart, input.currency) ??
      updateCustomDiscount(cart, input, input.discountId, input.change, method, rules, now),
  );
}

/** Takes one discount off a line or off the cart. */
export async function removeDiscount(
  deps: Deps,
  context: Context,
  input: OneDiscount,
): Promise<Result<Cart, Refusal>> {
  return changeDiscounts(deps, context, input.cartId, (cart, now) =>
    removeCustomDiscount(cart, input, input.discountId, context.store.settings.cart, now),
  );
}

/** Takes all discounts off a cart and its lines; that there are none is no error. */
export async function removeDiscounts(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<Cart, Refusal>> {
  return changeDiscounts(deps, context, cartId, (cart, now) =>
    ok(removeAllCustomDiscounts(cart, context.store.settings.cart, now)),
  );
}

async function changeDiscounts(
  deps: Deps,
  context: Context,
  cartId: string,
  decide: (cart: Cart, now: string) => Result<Cart, Refusal>,
): Promise<Result<Cart, Refusal>> {
  const { actor, store } = context;
  // A discount is the shop's to give: whoever knows a cart's id could else name a price of their own.
  if (actor.kind === "shopper" && !store.settings.cart.customDiscountsByShoppers) {
    return fail({ type: "custom_discounts_forbidden" });
  }
  return changePricedCart(deps, context, cartId, decide);
}

function otherCurrency(cart: Cart, currency: string | undefined): Result<never, Refusal> | undefined {
  if (currency === undefined || cart.currency === undefined || currency === cart.currency) return undefined;
  const { currency: cartCurrency } = cart;
  return fail({ type: "cart_currency_mismatch", cartCurrency, currency, what: "custom discount" });
}
