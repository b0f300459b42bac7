import type { Image } from "../catalog/product.ts";
import type { MinorUnits } from "../money.ts";
import type { ProductAttribute } from "../promotions/open-cart.ts";
import type { ShippingGroup } from "../shipping/shipping-group.ts";
import type { RegionPart } from "./region-part.ts";

/** A value that a shop keeps on a cart and that is copied to its orders; `value` is of the kind that `type` names. */
export type CustomAttribute = {
  readonly type: "string" | "integer" | "boolean" | "float";
  readonly value: string | number | boolean;
};

/** A tax on one line: a `rate` (decimal fraction, 0.2 for 20 %) or an absolute `amount` for the whole line in minor units. */
export type CartTax = {
  readonly id: string;
  readonly name?: string;
  readonly jurisdiction?: string;
  readonly code?: string;
  readonly rate?: number;
  readonly amount?: MinorUnits;
};

/** A discount that another engine has decided on, for one line or for the cart as a whole. */
export type CustomDiscount = {
  readonly id: string;
  /** What the other engine knows it by. */
  readonly externalId: string;
  /** The name of the other engine. */
  readonly engine: string;
  /** Minor units of the cart's currency, < 0, for the whole line or cart. It never takes more than what is left. */
  readonly amount: MinorUnits;
  readonly description: string;
  readonly code: string;
};

type ItemBase = {
  readonly id: string;
  readonly name: string;
  readonly sku: string;
  readonly description: string;
  /** Whole pieces, at least 1. */
  readonly quantity: number;
  /** Price of one piece in minor units of the cart's currency. */
  readonly unitAmount: MinorUnits;
  readonly includesTax: boolean;
  readonly taxes: readonly CartTax[];
  /** The line's own, in the order of adding; absent: none. */
  readonly customDiscounts?: readonly CustomDiscount[];
  /** The shipping group of the cart that the line goes with. */
  readonly shippingGroupId?: string;
  /** What the shopper wrote on it (engraving, gift message). Lines with other inputs are other lines. */
  readonly customInputs?: Readonly<Record<string, unknown>>;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A product as it was when the line was last touched. */
export type ProductItem = ItemBase & {
  readonly kind: "product";
  readonly productId: string;
  readonly slug: string;
  readonly image?: Image;
  readonly manageStock: boolean;
  /** Stock location that the line is taken from; none is the product's common stock. */
  readonly location?: string;
  /** When the product that the price was copied from had last been changed; absent in lines from before this was kept. */
  readonly productUpdatedAt?: string;
  /** Nodes of the catalog that the product is in; absent: none. */
  readonly nodes?: readonly string[];
  /** The product's custom fields, which promotions may look at; absent: none. */
  readonly attributes?: readonly ProductAttribute[];
  /** The engine put the line in as a gift: how many there are and whether it stays is for promotions to say. */
  readonly isGift?: true;
};

/** A line that is no product: shipping, a fee, something sold from elsewhere. */
export type CustomItem = ItemBase & { readonly kind: "custom" };

export type CartItem = ProductItem | CustomItem;

export type Cart = {
  readonly id: string;
  /** Counts saves; 0 is a cart that was never stored. */
  readonly version: number;
  readonly name: string;
  readonly description: string;
  /** Set by the first item, free again when the cart is empty. */
  readonly currency?: string;
  /** In the order of adding. */
  readonly items: readonly CartItem[];
  /** Those of the cart as a whole, in the order of adding; absent: none. They go when the cart is emptied. */
  readonly customDiscounts?: readonly CustomDiscount[];
  /** Absent: none. Only those that a line names cost anything. */
  readonly shippingGroups?: readonly ShippingGroup[];
  readonly customerId?: string;
  readonly accountId?: string;
  /** E-mail of a guest who left it before checking out. */
  readonly contactEmail?: string;
  readonly customAttributes: Readonly<Record<string, CustomAttribute>>;
  /** Promotion codes that were entered, in that order; absent: none. Whether they apply is decided at every look. */
  readonly codes?: readonly string[];
  readonly discountSettings: {
    readonly customDiscountsEnabled: boolean;
    readonly useRulePromotions: boolean;
  };
  readonly deferInventoryCheck: boolean;
  readonly separateItemsByLocation: boolean;
  /** A preview cart shows how a future date would look: never checked for stock and never checked out. */
  readonly snapshotDate?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** What it has besides when it is sold in a region. */
  readonly region?: RegionPart;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly expiresAt: string;
};

/** What a store decides about its carts. */
export type CartRules = {
  /** Days after the last update until a cart is deleted. */
  readonly expiryDays: number;
  /** Distinct items that a cart may hold. */
  readonly maxItems: number;
  /** Tax items that one line may hold. */
  readonly maxTaxesPerItem: number;
  readonly customDiscountsEnabled: boolean;
  readonly useRulePromotions: boolean;
  readonly deferInventoryCheck: boolean;
  readonly separateItemsByLocation: boolean;
};

/** Largest quantity of one line; beyond it a request is taken for a mistake. */
export const MAX_QUANTITY = 1_000_000;

/** An empty cart with the store's present settings, not stored yet. */
export function newCart(id: string, rules: CartRules, now: string): Cart {
  return {
    id,
    version: 0,
    name: "Cart",
    description: "",
    items: [],
    customAttributes: {},
    discountSettings: {
      customDiscountsEnabled: rules.customDiscountsEnabled,
      useRulePromotions: rules.useRulePromotions,
    },
    deferInventoryCheck: rules.deferInventoryCheck,
    separateItemsByLocation: rules.separateItemsByLocation,
    createdAt: now,
    updatedAt: now,
    expiresAt: expiryAfter(now, rules),
  };
}

/** When a cart that is updated now will be deleted. */
export function expiryAfter(now: string, rules: Pick<CartRules, "expiryDays">): string {
  return new Date(Date.parse(now) + rules.expiryDays * 86_400_000).toISOString();
}

/**
 * The cart after a change of its items: the expiry starts anew. When none is left, the currency is free again, and
 * discounts in that currency are gone.
 */
export function withItems(cart: Cart, items: readonly CartItem[], rules: CartRules, now: string): Cart {
  const { currency: _, customDiscounts: _discounts, ...rest } = cart;
  return touched(items.length > 0 ? { ...cart, items } : { ...rest, items }, rules, now);
}

/** The cart as updated now. */
export function touched(cart: Cart, rules: CartRules, now: string): Cart {
  const isDraft = cart.region?.draftOrderId !== undefined;
  return { ...cart, updatedAt: now, expiresAt: isDraft ? cart.expiresAt : expiryAfter(now, rules) };
}

/** Promotion codes that one cart may hold. */
export const MAX_CODES = 20;

/** Product ids of the cart's lines, each once, sorted. */
export function productIdsOf(cart: Cart): string[] {
  const ids = new Set<string>();
  for (const item of cart.items) if (item.kind === "product") ids.add(item.productId);
  return [...ids].sort();
}
