import type { ProductCondition } from "../region-pricing/discount-conditions.ts";
import type { CustomerCondition, DiscountRule, RegionDiscount } from "../region-pricing/region-discount.ts";

/** A condition of a discount, which can be changed by itself. Of each type and operator a rule has one at most. */
export type DiscountCondition = (ProductCondition | CustomerCondition) & {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

type KeptRule<Rule extends DiscountRule> = Rule extends DiscountRule
  ? Omit<Rule, "conditions"> & { readonly conditions: readonly DiscountCondition[] }
  : never;

/**
 * A discount as a merchant keeps it. A code made from another (`parentId`) has the rule and the regions of that one,
 * and limits and dates of its own.
 */
export type Discount = Omit<RegionDiscount, "rule"> & {
  readonly rule: KeptRule<DiscountRule>;
  readonly ruleId: string;
  readonly ruleDescription?: string;
  /** Codes can be made from it. */
  readonly isDynamic: boolean;
  readonly parentId?: string;
  /** How long codes made from it are valid: an ISO 8601 duration. */
  readonly validDuration?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};
