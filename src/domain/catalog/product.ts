import type { MinorUnits } from "../money.ts";

/** A price in one currency. `amount` is in minor units; `includesTax` says whether tax is inside it. */
export type Price = { readonly currency: string; readonly amount: MinorUnits; readonly includesTax: boolean };

/** A picture: `href` is a path on this server ("/images/…") or an absolute address elsewhere. */
export type Image = {
  readonly id: string;
  readonly href: string;
  readonly mimeType: string;
  readonly fileName: string;
};

export type ProductStatus = "live" | "draft";

/**
 * One row of the catalog. It stands alone and is sold, or it is a base product that groups variants (`isBase`),
 * or it is one of those variants (`parentId`). Sku, prices and stock belong to what is sold.
 */
export type Product = {
  readonly id: string;
  readonly parentId?: string;
  readonly isBase: boolean;
  readonly sku: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly status: ProductStatus;
  readonly commodityType: "physical" | "digital";
  readonly manageStock: boolean;
  readonly prices: readonly Price[];
  readonly images: readonly Image[];
  /** Option name to value, for a variant ("Colour": "Sand"). */
  readonly options?: Readonly<Record<string, string>>;
  /** Everything else that a storefront shows and no rule reads: weight, material, collection, tags, variations. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Custom fields that the store defined for products. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** The price in that currency, or undefined: a product is never converted from another currency. */
export function priceIn(product: Pick<Product, "prices">, currency: string): Price | undefined {
  return product.prices.find((price) => price.currency === currency);
}
