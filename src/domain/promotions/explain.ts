import type { MinorUnits } from "../money.ts";
import type { CalculationMethod, PricedCart } from "../pricing/price-cart.ts";
import type {
  AppliedRulePromotion,
  AppliedRulePromotions,
  RefusedRulePromotion,
} from "../rule-promotions/applied-rule-promotions.ts";
import type { AppliedPromotion, AppliedPromotions, Judged, RefusedPromotion } from "./applied-promotions.ts";

/** One step of how a price came about: what it adds (or takes off, < 0), and what the price is after it. */
export type PriceStep = { readonly amount: MinorUnits; readonly after: MinorUnits } & (
  | { readonly type: "goods" }
  | { readonly type: "promotion"; readonly promotion: AppliedPromotion }
  /** Nothing changes; `promotion.reason` says why. */
  | { readonly type: "refused_promotion"; readonly promotion: RefusedPromotion }
  /** What comes off the goods; what comes off shipping is in `shipping_discount`. */
  | { readonly type: "rule_promotion"; readonly promotion: AppliedRulePromotion }
  | { readonly type: "refused_rule_promotion"; readonly promotion: RefusedRulePromotion }
  /** Discounts of the priced cart that no promotion made. */
  | { readonly type: "other_discounts" }
  /** Tax on top of prices that do not include it. */
  | { readonly type: "tax" }
  | { readonly type: "shipping" }
  | { readonly type: "shipping_discount" }
);

/** How a cart's total came about. The amounts of all steps add up to it. */
export type Explanation = {
  readonly method: CalculationMethod;
  readonly steps: readonly PriceStep[];
  readonly total: MinorUnits;
};

/**
 * The steps in the order in which they happened: the goods as entered, every promotion that was looked at, whether it
 * applied or not, standard ones first, then (when they are not 0) other discounts, tax, shipping and its discount.
 * `priced` is the cart as priced with these promotions.
 */
export function explainPrice(
  promotions: AppliedPromotions,
  priced: PricedCart,
  rules: Pick<AppliedRulePromotions, "applied" | "refused"> = { applied: [], refused: [] },
): Explanation {
  const { totals, method } = priced;
  const steps: PriceStep[] = [];
  let after = 0;
  const add = (amount: MinorUnits) => {
    after += amount;
    return { amount, after };
  };
  const goods = totals.withoutDiscount - totals.shipping;
  steps.push({ type: "goods", ...add(goods) });
  let promoted = 0;
  for (const one of judged(promotions)) {
    if ("reason" in one) {
      steps.push({ type: "refused_promotion", promotion: one, ...add(0) });
    } else {
      promoted += one.amount;
      steps.push({ type: "promotion", promotion: one, ...add(one.amount) });
    }
  }
  for (const one of judged(rules)) {
    if ("reason" in one) {
      steps.push({ type: "refused_rule_promotion", promotion: one, ...add(0) });
    } else {
      promoted += one.amount;
      steps.push({ type: "rule_promotion", promotion: one, ...add(one.amount) });
    }
  }
  const rest = [
    ["other_discounts", totals.discount - promoted],
    ["tax", totals.withTax - totals.shipping - totals.shippingDiscount - goods - totals.discount],
    ["shipping", totals.shipping],
    ["shipping_discount", totals.shippingDiscount],
  ] as const;
  for (const [type, amount] of rest) if (amount !== 0) steps.push({ type, ...add(amount) });
  return { method, steps, total: after };
}

function judged<Applied extends Judged, Refused extends Judged>({
  applied,
  refused,
}: {
  readonly applied: readonly Applied[];
  readonly refused: readonly Refused[];
}): (Applied | Refused)[] {
  return [...applied, ...refused].sort((a, b) => a.place - b.place);
}
