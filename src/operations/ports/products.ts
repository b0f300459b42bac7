import type { GroupedVariant, ProductFamily } from "../../domain/catalog/family.ts";
import type { Image, Product } from "../../domain/catalog/product.ts";
import type { SellingPlaces } from "../../domain/inventory/selling-places.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** A product and what can be sold of it; `available` is undefined when nobody counts it. */
export type StockedProduct = { readonly product: Product; readonly available: number | undefined };

export type ProductScope = {
  /** Only products that shoppers may see. */
  readonly liveOnly: boolean;
  /** Variants beside their base products. */
  readonly children: boolean;
  /** Only the variants of this base product; `children` does not matter then. */
  readonly parentId?: string;
  /** Only products with this collection or category among their details. */
  readonly collection?: string;
  readonly category?: string;
  /** Only products that name any collection, or any category. */
  readonly grouped?: "collection" | "category";
  /** Only products that any of these sales channels sells. */
  readonly channelIds?: readonly string[];
  /** Only products that have this text somewhere: in a name, a description or a SKU, of theirs or of a variant. */
  readonly text?: string;
};

/** A collection or category that products name in their details, and of how many it is. */
export type ProductGroup = {
  readonly kind: "collection" | "category";
  readonly slug: string;
  readonly products: number;
};

/** A picture on record, since when. */
export type StoredImage = { readonly image: Image; readonly createdAt: string };

export type ProductPort = {
  load(storeId: string, productId: string): Promise<StockedProduct | undefined>;
  /** Those of the SKUs that there are. */
  bySku(storeId: string, skus: readonly string[]): Promise<readonly StockedProduct[]>;
  /** Those of the ids that there are. */
  byId(storeId: string, productIds: readonly string[]): Promise<readonly StockedProduct[]>;
  list(storeId: string, scope: ProductScope, query: ListQuery): Promise<Listed<StockedProduct>>;
  /**
   * The families of those ids that there are, in the order of the ids; an id may be a base product's, a variant's, or
   * that of a product that stands alone. Their pieces are those of `places`, of the common stock unless said otherwise.
   * One statement.
   */
  families(
    storeId: string,
    productIds: readonly string[],
    places?: SellingPlaces,
  ): Promise<readonly ProductFamily[]>;
  /**
   * Those of the ids that are sold, and what groups each of them; a base product is not sold, nor is a variant whose base
   * product is gone. Their pieces are those of the common stock. One statement, which reads nothing of their siblings.
   */
  grouped(storeId: string, productIds: readonly string[]): Promise<readonly GroupedVariant[]>;
  /** The tags that most products have, and how many these are; `limit` of them at most. */
  tagUsage(
    storeId: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly products: number }[]>;
  /** What products that shoppers may see are grouped by. */
  groups(storeId: string): Promise<readonly ProductGroup[]>;
  /**
   * Stores a new product and, with `stock`, its first stock row. Says which unique value is taken, if one is.
   */
  insert(
    storeId: string,
    product: Product,
    stock: { readonly quantity: number; readonly movementId: string; readonly actor: string } | undefined,
  ): Promise<"saved" | "sku_taken" | "slug_taken" | "id_taken">;
  /**
   * Stores what `change` makes of the product as it is now; nobody else changes it meanwhile. `change` may run more
   * than once and must do nothing else. What is told of the change is written with it.
   * @param follows the change is a part of one that is told of already, such as a base product's
   */
  change(
    storeId: string,
    productId: string,
    change: (product: Product) => Product,
    follows?: boolean,
  ): Promise<
    | { readonly kind: "saved"; readonly stocked: StockedProduct }
    | { readonly kind: "sku_taken" }
    | { readonly kind: "slug_taken" }
    | { readonly kind: "not_found" }
  >;
  /** With its variants and their stock rows. "allocated" when pieces of it are held by orders. */
  delete(
    storeId: string,
    productId: string,
    by: { readonly movementId: string; readonly actor: string; readonly now: string },
  ): Promise<"deleted" | "not_found" | "allocated">;
  /** Every picture that a product of the store has or had. */
  images(storeId: string, query: ListQuery): Promise<Listed<StoredImage>>;
  image(storeId: string, imageId: string): Promise<StoredImage | undefined>;
};
