import type { MinorUnits } from "../money.ts";
import type { RuleDiscount } from "../pricing/discount.ts";
import type { Judged } from "../promotions/applied-promotions.ts";
import type { RefusedRule } from "./refused-rule.ts";

/** A rule promotion that takes something off. */
export type AppliedRulePromotion = Judged & {
  /** What its actions take from, each once. */
  readonly levels: readonly ("item" | "cart" | "shipping")[];
  /** What it takes off the goods in all, <= 0. */
  readonly amount: MinorUnits;
  /** What it takes off shipping in all, <= 0. */
  readonly shippingAmount: MinorUnits;
  /** What its actions were reckoned from, together. */
  readonly base: MinorUnits;
  /** Units that item discounts were applied to. */
  readonly discountedUnits: number;
  /** Uses that the order takes from the code. */
  readonly uses: number;
};

/** A rule promotion that takes nothing off, and the first condition that failed. */
export type RefusedRulePromotion = Judged & { readonly reason: RefusedRule };

/** What comes off one shipment, <= 0. */
export type ShippingDiscount = {
  readonly shippingId: string;
  readonly amount: MinorUnits;
  readonly code: string;
  readonly promotionId: string;
};

/** What rule promotions do to a cart. All discounts together are what `applied` says. */
export type AppliedRulePromotions = {
  /** For `ruleDiscounts` in pricing, which can take each in full. */
  readonly discounts: readonly RuleDiscount[];
  readonly shippingDiscounts: readonly ShippingDiscount[];
  readonly applied: readonly AppliedRulePromotion[];
  readonly refused: readonly RefusedRulePromotion[];
};

/** What comes off a shipment in all, <= 0: `before`, which was there without rule promotions, and theirs. */
export function shippingDiscountOf(
  shippingId: string,
  before: MinorUnits,
  discounts: readonly ShippingDiscount[],
): MinorUnits {
  let off = before;
  for (const one of discounts) if (one.shippingId === shippingId) off += one.amount;
  return off;
}
