import type { Sellable } from "../../domain/cart/add-item.ts";
import type { Cart } from "../../domain/cart/cart.ts";
import type { StoredGoods } from "../../domain/cart/region-goods.ts";
import type { EventAbout } from "../../domain/decision.ts";
import type { Listed, ListQuery } from "../listing.ts";

export type LoadedCart = {
  /** Undefined when there is none, or it has expired. */
  readonly cart: Cart | undefined;
  /** The version that a save must name: of the stored cart, of the expired one in its place, or 0. */
  readonly version: number;
};

/** Who else may see a list of carts. */
export type CartScope = {
  readonly customerId?: string;
  readonly accountId?: string;
  readonly owned?: boolean;
};

export type CartPort = {
  /** One round trip. */
  load(storeId: string, cartId: string, now: string): Promise<LoadedCart>;
  /** The cart and the named products with what can be sold of them; one round trip. */
  loadWithProducts(
    storeId: string,
    cartId: string,
    now: string,
    wanted: { readonly ids: readonly string[]; readonly skus: readonly string[] },
  ): Promise<LoadedCart & { readonly sellables: readonly Sellable[] }>;
  /**
   * The cart, what can be sold of its own products (absent: nobody counts it), when they were changed (RFC 3339;
   * absent: it is gone), and the named customer; one round trip.
   */
  loadWithStock(
    storeId: string,
    cartId: string,
    now: string,
    customerId?: string,
  ): Promise<
    LoadedCart & {
      readonly available: ReadonlyMap<string, number>;
      readonly changedAt: ReadonlyMap<string, string>;
      readonly customer: { readonly id: string; readonly name: string; readonly email: string } | undefined;
    }
  >;
  /**
   * The cart, and the things in it and those of `variantIds` with their base products, as far as they are there; one
   * round trip.
   */
  loadWithGoods(
    storeId: string,
    cartId: string,
    now: string,
    variantIds: readonly string[],
  ): Promise<LoadedCart & { readonly goods: StoredGoods }>;
  /**
   * Stores the cart if the stored one still has `expectedVersion`; false when somebody else was faster. `told` is
   * written with it; see `toldOfCart`.
   */
  save(storeId: string, cart: Cart, expectedVersion: number, told?: EventAbout): Promise<boolean>;
  /** Deletes the cart if the stored one still has `expectedVersion`; false when somebody else was faster. */
  delete(storeId: string, cartId: string, expectedVersion: number): Promise<boolean>;
  /** Carts that have not expired, latest update first unless sorted otherwise. */
  list(storeId: string, scope: CartScope, query: ListQuery, now: string): Promise<Listed<Cart>>;
  countOfCustomer(storeId: string, customerId: string, now: string): Promise<number>;
  /** Deletes up to `limit` expired carts; answers how many. */
  deleteExpired(storeId: string, now: string, limit: number): Promise<number>;
};
