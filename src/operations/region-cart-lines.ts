import {
  addRegionLine,
  type LinePlace,
  type RegionCart,
  removeRegionLine,
  updateRegionLine,
} from "../domain/cart/region-lines.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { changeRegionCart } from "./change-region-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { CartProblem, PricedRegionCart, RegionLook } from "./region-cart.ts";

type Metadata = Readonly<Record<string, unknown>>;

/** Puts a variant into a cart of a region. */
export function addToRegionCart(
  deps: Deps,
  context: Context,
  input: {
    readonly cartId: string;
    readonly variantId: string;
    readonly quantity: number;
    readonly metadata?: Metadata;
    readonly attemptId?: string;
  },
): Promise<Result<PricedRegionCart, CartProblem>> {
  const { cartId, attemptId, ...line } = input;
  const change = {
    cartId,
    variantIds: [input.variantId],
    ...(attemptId !== undefined && { attemptId }),
  };
  return changeRegionCart(deps, context, change, (look, { now, idFor }) =>
    whileOpen(look, (cart) =>
      addRegionLine(cart, { itemId: idFor("item"), ...line }, placeOf(look, context), now),
    ),
  );
}

/** Changes how many pieces a line of a cart has; 0 takes it away. */
export function updateLineOfRegionCart(
  deps: Deps,
  context: Context,
  input: {
    readonly cartId: string;
    readonly itemId: string;
    readonly quantity: number;
    readonly metadata?: Metadata;
  },
): Promise<Result<PricedRegionCart, CartProblem>> {
  return changeRegionCart(deps, context, input, (look, { now }) =>
    whileOpen(look, (cart) => updateRegionLine(cart, input, placeOf(look, context), now)),
  );
}

/** Takes a line off a cart. */
export function removeFromRegionCart(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly itemId: string },
): Promise<Result<PricedRegionCart, CartProblem>> {
  return changeRegionCart(deps, context, input, (look, { now }) =>
    whileOpen(look, (cart) => ok(removeRegionLine(cart, input.itemId, context.store.settings.cart, now))),
  );
}

/** Changes a cart that is not completed yet. */
export function whileOpen(
  { cart }: Pick<RegionLook, "cart">,
  change: (cart: RegionCart) => Result<RegionCart, CartProblem>,
): Result<{ readonly cart: RegionCart }, CartProblem> {
  if (cart.region.completedAt !== undefined) return fail({ type: "cart_completed" });
  const changed = change(cart);
  return changed.ok ? ok({ cart: changed.value }) : changed;
}

function placeOf({ region, goods }: RegionLook, { store }: Context): LinePlace {
  return { region, goods, rules: store.settings.cart };
}
