import {
  type AddCustomItem,
  type AddProductItem,
  addCustomItem,
  addProductItem,
  type Sellable,
} from "../domain/cart/add-item.ts";
import type { Cart } from "../domain/cart/cart.ts";
import { initialFields } from "../domain/custom-fields/field-values.ts";
import { extended } from "../domain/extended.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type ChangeCartRefusal, changeCart } from "./change-cart.ts";
import type { Context } from "./context.ts";
import { enabledCurrency } from "./context.ts";
import type { Deps } from "./deps.ts";
import { priceOf } from "./price-cart.ts";
import type { Quote } from "./quote-cart.ts";
import type { Refusal, RefusalOf } from "./refusal.ts";

/** A product to add, by id or sku. */
export type WantedProduct = { readonly kind: "product"; readonly id?: string; readonly sku?: string } & Omit<
  AddProductItem,
  keyof Sellable | "itemId" | "currency" | "defaultFields"
>;
export type WantedCustomItem = { readonly kind: "custom" } & Omit<
  AddCustomItem,
  "itemId" | "currency" | "defaultFields"
>;
export type WantedItem = WantedProduct | WantedCustomItem;

export type AddToCart = {
  readonly cartId: string;
  readonly items: readonly WantedItem[];
  /** Currency asked for; undefined takes the cart's, else the store's default. */
  readonly currency: string | undefined;
  readonly defaultCurrency: string;
  /** Any refusal refuses all; otherwise what can be added is added and the refusals are listed. */
  readonly allOrNothing: boolean;
};

export type AddedToCart = {
  readonly quote: Quote;
  /** Refusals of single items, in the order of the request. */
  readonly refusals: readonly { readonly item: WantedItem; readonly refusal: Refusal }[];
};

/** Adds products and custom items to a cart, making the cart if there is none. */
export async function addToCart(
  deps: Deps,
  context: Context,
  input: AddToCart,
): Promise<Result<AddedToCart, Refusal>> {
  const { store, actor } = context;
  if (input.currency !== undefined && !enabledCurrency(store, input.currency)) {
    return fail({ type: "currency_unknown", currency: input.currency });
  }
  const products = input.items.filter((item) => item.kind === "product");
  const wanted = {
    ids: products.flatMap((item) => item.id ?? []),
    skus: products.flatMap((item) => (item.id === undefined ? (item.sku ?? []) : [])),
  };
  const itemIds = input.items.map(() => deps.newId());
  const defaults = initialFields(store.customFields.cart_items);
  const newLine = defaults && { defaultFields: defaults };
  let refusals: AddedToCart["refusals"] = [];

  const load = async (now: string) =>
    products.length > 0
      ? deps.storage.carts.loadWithProducts(store.storeId, input.cartId, now, wanted)
      : { ...(await deps.storage.carts.load(store.storeId, input.cartId, now)), sellables: [] };

  const changed = await changeCart(deps, context, input.cartId, load, (cart, loaded, now) => {
    const rules = store.settings.cart;
    const noted: { item: WantedItem; refusal: Refusal }[] = [];
    let next = cart;
    for (const [index, item] of input.items.entries()) {
      const itemId = itemIds[index] as string;
      const currency = input.currency ?? next.currency ?? input.defaultCurrency;
      const added =
        item.kind === "product"
          ? addProduct(next, item, itemId, currency)
          : addCustom(next, item, itemId, currency);
      if (added.ok) next = added.value;
      else if (input.allOrNothing || input.items.length === 1) return added;
      else noted.push({ item, refusal: added.error });
    }
    refusals = noted;
    return ok(next);

    function addProduct(
      current: Cart,
      item: WantedProduct,
      itemId: string,
      currency: string,
    ): Result<Cart, Refusal> {
      const sellable = loaded.sellables.find(({ product }) =>
        item.id === undefined ? product.sku === item.sku : product.id === item.id,
      );
      if (!sellable || (sellable.product.status === "draft" && actor.kind !== "shop")) {
        return fail(productNotFound(item));
      }
      return priced(
        addProductItem(current, extended(item, { itemId, currency, ...sellable, ...newLine }), rules, now),
      );
    }

    function addCustom(
      current: Cart,
      item: WantedCustomItem,
      itemId: string,
      currency: string,
    ): Result<Cart, Refusal> {
      if (actor.kind === "shopper" && !rules.customItemsByShoppers) {
        return fail({ type: "custom_items_forbidden" });
      }
      return priced(addCustomItem(current, { ...item, ...newLine, itemId, currency }, rules, now));
    }
  });
  return changed.ok ? ok({ quote: changed.value, refusals }) : changed;

  /** A cart whose total could not be computed is not accepted in the first place. */
  function priced(added: Result<Cart, Refusal>): Result<Cart, Refusal> {
    if (!added.ok) return added;
    const total = priceOf(context, added.value);
    return total.ok ? added : total;
  }
}

function productNotFound(item: WantedProduct): RefusalOf<"product_not_found"> {
  return item.id !== undefined
    ? { type: "product_not_found", id: item.id }
    : { type: "product_not_found", sku: item.sku ?? "" };
}

export type { ChangeCartRefusal };
