import type { CartTax, CustomAttribute } from "../domain/cart/cart.ts";
import { type Cart, newCart, touched } from "../domain/cart/cart.ts";
import {
  addItemTax,
  removeAllTaxes,
  removeItemTax,
  type TaxChange,
  updateItemTax,
} from "../domain/cart/taxes.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { checkCartAccess } from "./cart-access.ts";
import { changeCart, isCartReference } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { priceOf } from "./price-cart.ts";
import type { Refusal } from "./refusal.ts";

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
): Promise<Result<Cart, Refusal>> {
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
  const cart = withDetails(
    { ...newCart(deps.newId(), store.settings.cart, now), ...owner },
    input,
    context,
    now,
  );
  if (!cart.ok) return cart;
  await deps.storage.carts.save(store.storeId, cart.value, 0);
  return ok({ ...cart.value, version: 1 });
}

/** Changes a cart's name, description, attributes and settings. */
export async function updateCart(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string } & CartDetails,
): Promise<Result<Cart, Refusal>> {
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

/** Deletes a cart; deleting one that is not there is no error. A customer keeps their last one. */
export async function deleteCart(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<void, Refusal>> {
  if (!isCartReference(cartId)) return fail({ type: "cart_reference_invalid" });
  const { storeId } = context.store;
  const now = deps.now();
  const { cart } = await deps.storage.carts.load(storeId, cartId, now);
  if (!cart) return ok(undefined);
  const allowed = checkCartAccess(context, cart);
  if (!allowed.ok) return allowed;
  if (cart.customerId !== undefined) {
    const carts = await deps.storage.carts.countOfCustomer(storeId, cart.customerId, now);
    if (carts <= 1) return fail({ type: "cart_is_last", cartId });
  }
  await deps.storage.carts.delete(storeId, cartId);
  return ok(undefined);
}

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
    { readonly cart: Cart; readonly refusals: readonly { wanted: WantedTax; refusal: Refusal }[] },
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
  return changed.ok ? ok({ cart: changed.value, refusals }) : changed;
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
): Promise<Result<Cart, Refusal>> {
  return changeTaxes(deps, context, input.cartId, (cart, now) =>
    updateItemTax(cart, input.itemId, input.taxId, input.change, context.store.settings.cart, now),
  );
}

/** Takes one tax off a line. */
export async function removeTax(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly itemId: string; readonly taxId: string },
): Promise<Result<Cart, Refusal>> {
  return changeTaxes(deps, context, input.cartId, (cart, now) =>
    removeItemTax(cart, input.itemId, input.taxId, context.store.settings.cart, now),
  );
}

/** Takes all taxes off a cart. */
export async function removeTaxes(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<Cart, Refusal>> {
  return changeTaxes(deps, context, cartId, (cart, now) =>
    removeAllTaxes(cart, context.store.settings.cart, now),
  );
}

async function changeTaxes(
  deps: Deps,
  context: Context,
  cartId: string,
  decide: (cart: Cart, now: string) => Result<Cart, Refusal>,
): Promise<Result<Cart, Refusal>> {
  return changeCart(
    deps,
    context,
    cartId,
    (now) => deps.storage.carts.load(context.store.storeId, cartId, now),
    (cart, _loaded, now) => {
      const changed = decide(cart, now);
      if (!changed.ok) return changed;
      const priced = priceOf(context, changed.value);
      return priced.ok ? changed : priced;
    },
  );
}
