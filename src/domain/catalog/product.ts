import type { MinorUnits } from "../money.ts";

/** A price in one currency. `amount` is in minor units; `includesTax` says whether tax is inside it. */
export type Price = {
  readonly currency: string;
  readonly amount: MinorUnits;
  readonly includesTax: boolean;
  /** Only in that region; see `regionPriceOf`. */
  readonly regionId?: string;
  /** Only for so many pieces, both ends included. */
  readonly minQuantity?: number;
  readonly maxQuantity?: number;
};

/** A picture: `href` is a path on this server ("/images/…") or an absolute address elsewhere. */
export type Image = {
  readonly id: string;
  readonly href: string;
  readonly mimeType: string;
  readonly fileName: string;
};

export type ProductStatus = "live" | "draft";

/** A choice between variants, "Colour": its values in the order to show them. */
export type Variation = {
  readonly id: string;
  readonly name: string;
  readonly options: readonly { readonly id: string; readonly name: string; readonly description: string }[];
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** What parcels and customs ask about a thing. Of a variant it stands before that of its base product. */
export type Measures = {
  /** In the merchant's unit, grams as a rule, as are the lengths in millimetres. */
  readonly weight?: number;
  readonly length?: number;
  readonly height?: number;
  readonly width?: number;
  /** The customs code of the harmonized system. */
  readonly hsCode?: string;
  /** The manufacturer's code at the customs of the United States. */
  readonly midCode?: string;
  /** Two letters (ISO 3166). */
  readonly originCountry?: string;
  readonly material?: string;
};

/** What a base product, or one that stands alone, is to those who choose, tax and send it. Its variants lack these. */
export type Grouping = {
  readonly subtitle?: string;
  /** Like an image's `href`. */
  readonly thumbnail?: string;
  /** Finer than `draft`: what a reviewer has to look at, or has refused. */
  readonly review?: "proposed" | "rejected";
  readonly collectionId?: string;
  readonly typeId?: string;
  readonly tagIds?: readonly string[];
  readonly categoryIds?: readonly string[];
  /** Sales channels that sell it; absent: all of them. */
  readonly channelIds?: readonly string[];
  /** Absent: the profile for gift cards when it is one, else the default one. */
  readonly profileId?: string;
  /** False: discounts of a region's carts pass it by. */
  readonly discountable?: boolean;
  /** Who buys a piece gets a gift card of what was paid for it. */
  readonly isGiftCard?: boolean;
  readonly externalId?: string;
  /** The choices between its variants, and which variant it is: option id within option id, down to the variant's id. */
  readonly variations?: readonly Variation[];
  readonly variationMatrix?: unknown;
};

/** What only a thing that is sold has. */
export type Selling = {
  /** What it is called beside its base product's name: "Large". */
  readonly title?: string;
  /** Place among the variants, from 0 on. */
  readonly rank?: number;
  /** The merchant gave no SKU, so that `sku` is one of ours. */
  readonly isSkuMadeUp?: boolean;
  readonly barcode?: string;
  readonly ean?: string;
  readonly upc?: string;
  /** It is sold also when there is none: an order holds what there is. */
  readonly allowBackorder?: boolean;
};

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
  /** Everything else that a storefront shows and no rule reads. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Custom fields that the store defined for products. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The merchant's own notes. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
} & Measures &
  Grouping &
  Selling;

/** The price in that currency, or undefined: a product is never converted from another currency. */
export function priceIn(product: Pick<Product, "prices">, currency: string): Price | undefined {
  return product.prices.find((price) => price.currency === currency && isPlainPrice(price));
}

/** The price holds everywhere, for any number of pieces. */
export function isPlainPrice({ regionId, minQuantity, maxQuantity }: Price): boolean {
  return regionId === undefined && minQuantity === undefined && maxQuantity === undefined;
}
