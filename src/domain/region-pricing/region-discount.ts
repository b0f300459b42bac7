import type { MinorUnits } from "../money.ts";
import type { ProductCondition } from "./discount-conditions.ts";

/** Customers whom a discount is for: those in one of the groups (`in`), or in none of them (`not_in`). */
export type CustomerCondition = {
  readonly type: "customer_groups";
  readonly operator: "in" | "not_in";
  readonly ids: readonly string[];
};

type RuleBase = {
  /** Whether a fixed amount is for each piece or for all together. The other types keep it and do not look at it. */
  readonly allocation: "item" | "total";
  /** All must hold. */
  readonly conditions: readonly (ProductCondition | CustomerCondition)[];
};

/**
 * What a discount takes off. `percentage`: that much of each line, `percent` from 0 to 100. `fixed`: `amount` minor
 * units, >= 0, of the price without tax, off each piece or off all lines together. `free_shipping`: all of shipping;
 * conditions on products mean nothing to it.
 */
export type DiscountRule = RuleBase &
  (
    | { readonly type: "percentage"; readonly percent: number }
    | { readonly type: "fixed"; readonly amount: MinorUnits }
    | { readonly type: "free_shipping" }
  );

/** A discount of a region; of a code made from another, with the rule and the regions of that one. */
export type RegionDiscount = {
  readonly id: string;
  /** As `discountCode` spells it. */
  readonly code: string;
  readonly rule: DiscountRule;
  readonly regionIds: readonly string[];
  readonly isDisabled: boolean;
  /** Valid from this moment on, in milliseconds. */
  readonly startsAtMs: number;
  /** Valid up to and at this moment, in milliseconds; null: for ever. */
  readonly endsAtMs: number | null;
  /** How many orders may use it; null: any number. */
  readonly usageLimit: number | null;
  readonly usageCount: number;
};

/** The one spelling of a code: upper case, without spaces around it. */
export function discountCode(typed: string): string {
  return typed.trim().toUpperCase();
}

/** Of the discounts of a cart, those that count. */
export type DiscountsInForce = {
  /** The only one that takes something off lines. */
  readonly amount?: RegionDiscount;
  readonly freeShipping?: RegionDiscount;
};

/**
 * At most one discount on the lines, and one for free shipping beside it. Of several of a kind the last one counts: it
 * is the one that the shopper typed last. (Medusa leaves it to the order in its database.)
 */
export function discountsInForce(discounts: readonly RegionDiscount[]): DiscountsInForce {
  const amount = discounts.findLast(({ rule }) => rule.type !== "free_shipping");
  const freeShipping = discounts.findLast(({ rule }) => rule.type === "free_shipping");
  return { ...(amount && { amount }), ...(freeShipping && { freeShipping }) };
}
