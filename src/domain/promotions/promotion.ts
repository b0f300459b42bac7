import type { MinorUnits } from "../money.ts";

/** An amount in one currency; a promotion has one for each currency it is meant for. */
export type CurrencyAmount = { readonly currency: string; readonly amount: MinorUnits };

/** A percentage (12.5 is 12.5 %) for carts in one currency, from 0 to 100 with up to 6 decimals. */
export type CurrencyPercent = { readonly currency: string; readonly percent: number };

/** One attribute of a product; it matches when the product's value is one of `values`. */
export type AttributeMatch = {
  readonly template: string;
  readonly field: string;
  /** How the merchant's side types the field; matching compares texts and does not read it. */
  readonly type?: string;
  readonly values: readonly string[];
};

/** One leaf of a condition: an attribute, or a place in the catalog's hierarchy. */
export type Condition =
  | { readonly attribute: AttributeMatch }
  /** The product is in one of these nodes. */
  | { readonly nodes: readonly string[] };

/** Names products. A product is named when any member names it; with no member, none is. */
export type Selection = {
  /** SKUs and product ids. */
  readonly targets?: readonly string[];
  readonly nodes?: readonly string[];
  readonly attributes?: readonly AttributeMatch[];
  /** Groups of conditions: all of one group must hold. */
  readonly anyOf?: readonly (readonly Condition[])[];
};

/** Where a cart promotion looks. Excluded lines neither get its discount nor count for its minimum cart value. */
export type CartScope = {
  /** Ids of catalogs; absent or empty: all. */
  readonly catalogs?: readonly string[];
  readonly exclude?: Selection;
};

/**
 * The products of an item promotion. `all` stands for every product, and so do `catalogs` without any selection.
 * A custom item is never meant by either: its SKU has to be in `targets`.
 */
export type ItemScope = CartScope & Selection & { readonly all?: boolean };

/** `quantity` (>= 1) units out of these SKUs and product ids, mixed as they come. */
export type Requirement = { readonly targets: readonly string[]; readonly quantity: number };

/** What a promotion does; the types and their words are those of Elastic Path's standard promotions. */
export type PromotionKind =
  /** An amount off the whole cart. */
  | {
      readonly type: "fixed_discount";
      readonly amounts: readonly CurrencyAmount[];
      readonly scope: CartScope;
    }
  /** A share of the whole cart. */
  | {
      readonly type: "percent_discount";
      readonly percents: readonly CurrencyPercent[];
      readonly scope: CartScope;
    }
  /** An amount off each unit. */
  | {
      readonly type: "item_fixed_discount";
      readonly amounts: readonly CurrencyAmount[];
      readonly scope: ItemScope;
    }
  /** A share of each unit, from 0 to 100 with up to 6 decimals, in every currency. */
  | { readonly type: "item_percent_discount"; readonly percent: number; readonly scope: ItemScope }
  /** Of `x` units of a product only `y` are charged; x >= 1, 0 <= y < x. */
  | { readonly type: "x_for_y"; readonly x: number; readonly y: number; readonly scope: ItemScope }
  /** `x` units of a product cost the amount. */
  | {
      readonly type: "x_for_amount";
      readonly x: number;
      readonly amounts: readonly CurrencyAmount[];
      readonly scope: ItemScope;
    }
  /** All requirements together cost the amount. */
  | {
      readonly type: "bundle_fixed_discount";
      readonly requirements: readonly Requirement[];
      readonly amounts: readonly CurrencyAmount[];
      readonly catalogs?: readonly string[];
    }
  /** For all requirements together, one unit of each gift is free. */
  | {
      readonly type: "bundle_gift";
      readonly requirements: readonly Requirement[];
      /** SKUs. */
      readonly gifts: readonly string[];
      /** The engine puts the gifts into the cart. It does so for automatic promotions only. */
      readonly autoAdd: boolean;
      readonly catalogs?: readonly string[];
    };

/** A standard promotion as the merchant defined it. */
export type Promotion = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  /** Applies without a code being entered. */
  readonly automatic: boolean;
  readonly kind: PromotionKind;
  /** What the goods must be worth before discounts and without shipping. Absent or empty: anything. */
  readonly minCartValue?: readonly CurrencyAmount[];
  /** The most that it takes off one cart. Absent or empty: no bound. */
  readonly maxDiscountValue?: readonly CurrencyAmount[];
  /**
   * Item promotions only; 0 or absent: no bound. Elastic Path counts it for each product of its own: units for
   * `item_...`, sets for `x_for_...`. A bundle and a gift are no one product's, so their sets are counted.
   */
  readonly maxApplicationsPerCart?: number;
  /** The first moment, as the merchant wrote it (`momentOf` reads it). */
  readonly start: string;
  /** The first moment after it. */
  readonly end: string;
  /** RFC 3339 in UTC as the engine writes it, so that texts sort as moments do. */
  readonly createdAt: string;
};

/** The kinds that take a part of the whole cart; the others are item promotions, which take units of lines. */
export type CartKind = Extract<PromotionKind, { readonly type: "fixed_discount" | "percent_discount" }>;
export type ItemKind = Exclude<PromotionKind, CartKind>;

export function isCartKind(kind: PromotionKind): kind is CartKind {
  return kind.type === "fixed_discount" || kind.type === "percent_discount";
}

/** The entry for a currency. Exact: currencies are in upper case everywhere. */
export function inCurrency<Entry extends { readonly currency: string }>(
  entries: readonly Entry[],
  currency: string,
): Entry | undefined {
  for (const entry of entries) if (entry.currency === currency) return entry;
  return undefined;
}
