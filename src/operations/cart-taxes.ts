import type { Cart, CartTax } from "../domain/cart/cart.ts";
import {
  addItemTax,
  removeAllTaxes,
  removeItemTax,
  type TaxChange,
  updateItemTax,
} from "../domain/cart/taxes.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { changeCart } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Quote } from "./quote-cart.ts";
import type { Refusal } from "./refusal.ts";

/** A tax to put on a line; `kind` is what the caller believes the line to be. */
export type WantedTax = {
  readonly itemId: string;
  readonly kind?: "product" | "custom";
  readonly tax: CartTax;
};

/** Puts taxes on lines. With `allOrNothing` one refusal refuses all. */
export async function addTaxes(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly taxes: readonly WantedTax[]; readonly allOrNothing: boolean },
): Promise<
  Result<
    { readonly quote: Quote; readonly refusals: readonly { wanted: WantedTax; refusal: Refusal }[] },
    Refusal
  >
> {
  let refusals: { wanted: WantedTax; refusal: Refusal }[] = [];
  const changed = await changeTaxes(deps, context, input.cartId, (cart, now): Result<Cart, Refusal> => {
    refusals = [];
    let next = cart;
    for (const wanted of input.taxes) {
      const line = next.items.find((item) => item.id === wanted.itemId);
      const added: Result<Cart, Refusal> =
        line && wanted.kind !== undefined && wanted.kind !== line.kind
          ? fail({
              type: "tax_kind_mismatch",
              wanted: wireKind[wanted.kind],
              found: wireKind[line.kind],
              itemId: line.id,
            })
          : addItemTax(next, wanted.itemId, wanted.tax, context.store.settings.cart, now);
      if (added.ok) next = added.value;
      else if (input.allOrNothing || input.taxes.length === 1) return added;
      else refusals.push({ wanted, refusal: added.error });
    }
    return ok(next);
  });
  return changed.ok ? ok({ quote: changed.value, refusals }) : changed;
}

const wireKind = { product: "cart_item", custom: "custom_item" } as const;

/** Changes one tax of a line. */
export async function updateTax(
  deps: Deps,
  context: Context,
  input: {
    readonly cartId: string;
    readonly itemId: string;
    readonly taxId: string;
    readonly change: TaxChange;
  },
): Promise<Result<Quote, Refusal>> {
  return changeTaxes(deps, context, input.cartId, (cart, now) =>
    updateItemTax(cart, input.itemId, input.taxId, input.change, context.store.settings.cart, now),
  );
}

/** Takes one tax off a line. */
export async function removeTax(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly itemId: string; readonly taxId: string },
): Promise<Result<Quote, Refusal>> {
  return changeTaxes(deps, context, input.cartId, (cart, now) =>
    removeItemTax(cart, input.itemId, input.taxId, context.store.settings.cart, now),
  );
}

/** Takes all taxes off a cart. */
export async function removeTaxes(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<Quote, Refusal>> {
  return changeTaxes(deps, context, cartId, (cart, now) =>
    removeAllTaxes(cart, context.store.settings.cart, now),
  );
}

async function changeTaxes(
  deps: Deps,
  context: Context,
  cartId: string,
  decide: (cart: Cart, now: string) => Result<Cart, Refusal>,
): Promise<Result<Quote, Refusal>> {
  return changeCart(
    deps,
    context,
    cartId,
    (now) => deps.storage.carts.load(context.store.storeId, cartId, now),
    (cart, _loaded, now) => decide(cart, now),
  );
}
