import type { Product } from "../../domain/catalog/product.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** A product and what can be sold of it; `available` is undefined when nobody counts it. */
export type StockedProduct = { readonly product: Product; readonly available: number | undefined };

export type ProductScope = {
  /** Only products that shoppers may see. */
  readonly liveOnly: boolean;
  /** Variants beside their base products. */
  readonly children: boolean;
  readonly parentId?: string;
};

export type ProductPort = {
  load(storeId: string, productId: string): Promise<StockedProduct | undefined>;
  list(storeId: string, scope: ProductScope, query: ListQuery): Promise<Listed<StockedProduct>>;
  /**
   * Stores a new product and, with `stock`, its first stock row. Says which unique value is taken, if one is.
   */
  insert(
    storeId: string,
    product: Product,
    stock: { readonly quantity: number; readonly movementId: string; readonly actor: string } | undefined,
  ): Promise<"saved" | "sku_taken" | "slug_taken" | "id_taken">;
  update(storeId: string, product: Product): Promise<"saved" | "sku_taken" | "slug_taken" | "not_found">;
  /** With its variants. "allocated" when pieces of it are held by orders. */
  delete(storeId: string, productId: string): Promise<"deleted" | "not_found" | "allocated">;
};
