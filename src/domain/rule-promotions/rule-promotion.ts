import type { MinorUnits } from "../money.ts";

/** How a number is compared with the one that the merchant wrote. */
export type Comparison = "eq" | "ne" | "gt" | "gte" | "lt" | "lte";

/** Whether something is to be among the arguments or not among them. */
export type Membership = "in" | "nin";

/** A value that a cart's attribute or a product's field is compared with. */
export type RuleValue = string | number | boolean;

/** Conditions that hold for the cart as a whole or not at all. */
export type CartCondition =
  /** What the goods cost without shipping, after all discounts before. `range`: from the first amount to the second. */
  | {
      readonly strategy: "cart_total";
      readonly operator: Comparison | "range";
      readonly args: readonly MinorUnits[];
    }
  /** `args`: the attribute's key and type, then values. */
  | {
      readonly strategy: "cart_custom_attribute";
      readonly operator: Comparison | Membership;
      readonly args: readonly RuleValue[];
    }
  /** `args`: ids of tags of the account that the cart belongs to. */
  | {
      readonly strategy: "account_tags";
      readonly operator: "contains_all" | "contains_any" | "not_contains_any" | "not_contains_all";
      readonly args: readonly string[];
    }
  /** A shipment of the cart is of one of these types. */
  | { readonly strategy: "shipping_type"; readonly operator: "in"; readonly args: readonly string[] };

/** The price of one piece of a line, after all discounts before, or how many pieces the line has. */
export type MeasureCondition = {
  readonly strategy: "item_price" | "item_quantity";
  readonly operator: Comparison;
  readonly args: readonly number[];
};

/** What a line is. */
export type KindCondition =
  /** SKUs, ids of products, or ids of nodes that the product is in (parents included). */
  | {
      readonly strategy: "item_sku" | "item_product_id" | "item_category";
      readonly operator: Membership;
      readonly args: readonly string[];
    }
  | {
      readonly strategy: "item_identifier";
      readonly operator: Membership;
      readonly args: readonly { readonly skus?: readonly string[]; readonly ids?: readonly string[] }[];
    }
  /** `args`: template, field and type, then values. */
  | {
      readonly strategy: "item_attribute";
      readonly operator: Membership;
      readonly args: readonly RuleValue[];
    };

/** Conditions that hold for some lines of the cart. */
export type ItemCondition = MeasureCondition | KindCondition;

/** One condition that has no conditions within. `children` of an item condition have to hold for the line as well. */
export type LeafCondition =
  | CartCondition
  | (ItemCondition & { readonly children?: readonly RuleCondition[] });

/** A tree of conditions, in the words of Elastic Path's promotions builder. */
export type RuleCondition =
  | { readonly strategy: "and" | "or"; readonly children: readonly RuleCondition[] }
  /** Every child is met by units of its own; a child's `item_quantity` says how many it takes, one without it. */
  | ItemsBundle
  | LeafCondition;

export type ItemsBundle = {
  readonly strategy: "items_bundle";
  readonly children: readonly RuleCondition[];
};

type Fixed = readonly ["fixed", MinorUnits];
/** From 0 to 100, with up to 6 decimals. */
type Percent = readonly ["percent", number];
type FixedPrice = readonly ["fixed_price", MinorUnits];
/** So many units (>= 1) for the amount. */
type FixedPriceOfUnits = readonly ["fixed_price", number, MinorUnits];

/** The most that one action takes off a cart; absent: no bound. */
type MaxDiscount = { readonly maxDiscount?: MinorUnits };

/** An amount or a share off the cart, or off the lines that the condition means. */
export type CartAction = {
  readonly strategy: "cart_discount";
  readonly args: Fixed | Percent;
  readonly condition?: RuleCondition;
  readonly limitations?: MaxDiscount;
};

/** An amount or a share off each unit, or x units for an amount; of the lines that the condition or else the rules mean. */
export type ItemAction = {
  readonly strategy: "item_discount";
  readonly args: Fixed | Percent | FixedPriceOfUnits;
  readonly condition?: RuleCondition;
  readonly limitations?: MaxDiscount & {
    /** Units of each line. */
    readonly maxQuantity?: number;
    readonly items?: {
      /** Units in all. */
      readonly maxItems: number;
      /** Which units are taken first; absent: in the order of the cart. */
      readonly priceStrategy?: "cheapest" | "expensive";
      readonly autoAdd?: boolean;
      readonly showSuggestions?: boolean;
    };
  };
};

/** Off each bundle that the cart holds: those of the condition or else of the rules. */
export type BundleAction = {
  readonly strategy: "items_bundle_discount";
  readonly args: Fixed | Percent | FixedPrice;
  readonly condition?: RuleCondition;
  readonly limitations?: MaxDiscount;
};

/** Off the base price of each shipment that the condition means. */
export type ShippingAction = {
  readonly strategy: "shipping_discount";
  readonly args: Fixed | Percent | FixedPrice;
  readonly condition?: RuleCondition;
};

export type RuleAction = CartAction | ItemAction | BundleAction | ShippingAction;

/** A rule promotion as the merchant defined it. */
export type RulePromotion = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  /** Applies without a code being entered. */
  readonly automatic: boolean;
  /** The higher, the earlier it is applied; absent: after all that have one. */
  readonly priority?: number;
  /** False: it applies with no other rule promotion. */
  readonly stackable: boolean;
  /** It applies beside promotions that are not stackable, and they beside it. */
  readonly overrideStacking: boolean;
  /** Ids of catalogs; empty: all, and custom items too. */
  readonly catalogIds: readonly string[];
  /** Currencies of carts; empty: all. */
  readonly currencies: readonly string[];
  /** Absent: for every cart. */
  readonly rules?: RuleCondition;
  /** At least one; they happen in this order. */
  readonly actions: readonly RuleAction[];
  /** The first moment, as the merchant wrote it. */
  readonly start: string;
  /** The first moment after it. */
  readonly end: string;
  /** RFC 3339 in UTC as the engine writes it, so that texts sort as moments do. */
  readonly createdAt: string;
};
