import { type Cart, touched } from "../domain/cart/cart.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { changeCart } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Refusal } from "./refusal.ts";

/** Whose cart it is. */
export type CartOwner = { readonly kind: "customer" | "account"; readonly id: string };

/** Gives a cart to a customer or account; "already" when it was theirs. Shoppers can only take a cart themselves. */
export async function associateCart(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly owner: CartOwner },
): Promise<Result<"associated" | "already", Refusal>> {
  const { owner } = input;
  if (!mayActFor(context, owner)) return fail({ type: "cart_not_yours", owner: owner.kind });
  let outcome: "associated" | "already" = "associated";
  const changed = await changeCart(
    deps,
    context,
    input.cartId,
    (now) => deps.storage.carts.load(context.store.storeId, input.cartId, now),
    (cart, _loaded, now): Result<Cart, Refusal> => {
      const present = owner.kind === "customer" ? cart.customerId : cart.accountId;
      outcome = present === owner.id ? "already" : "associated";
      if (present !== undefined && present !== owner.id) {
        return fail({ type: "cart_already_associated", owner: owner.kind });
      }
      const { contactEmail: _, ...rest } = cart;
      const associated = owner.kind === "customer" ? { customerId: owner.id } : { accountId: owner.id };
      return ok(touched({ ...rest, ...associated }, context.store.settings.cart, now));
    },
  );
  return changed.ok ? ok(outcome) : changed;
}

/** Takes a cart from its customer or account. */
export async function disassociateCart(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly owner: CartOwner },
): Promise<Result<void, Refusal>> {
  const { owner } = input;
  if (!mayActFor(context, owner)) return fail({ type: "cart_not_yours", owner: owner.kind });
  const changed = await changeCart(
    deps,
    context,
    input.cartId,
    (now) => deps.storage.carts.load(context.store.storeId, input.cartId, now),
    (cart, _loaded, now): Result<Cart, Refusal> => {
      const { customerId, accountId, ...rest } = cart;
      const left = {
        ...rest,
        ...(customerId !== undefined &&
          !(owner.kind === "customer" && customerId === owner.id) && { customerId }),
        ...(accountId !== undefined &&
          !(owner.kind === "account" && accountId === owner.id) && { accountId }),
      };
      return ok(touched(left, context.store.settings.cart, now));
    },
  );
  return changed.ok ? ok(undefined) : changed;
}

function mayActFor({ actor }: Context, owner: CartOwner): boolean {
  if (actor.kind !== "shopper") return true;
  return (owner.kind === "customer" ? actor.customerId : actor.accountId) === owner.id;
}
