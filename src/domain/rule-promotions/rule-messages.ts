import type { AppliedRulePromotions } from "./applied-rule-promotions.ts";

/** The title of what is told when promotions cannot be combined. */
export const CANNOT_STACK = "Couldn't Stack Promotion";

/** What a shopper is told of a promotion, in the words of Elastic Path's cart. */
export type PromotionMessage = {
  readonly promotionId: string;
  readonly code: string;
  readonly title: string;
  readonly description: string;
};

/** A promotion that applied to the cart as it was before. */
type AppliedBefore = { readonly promotionId: string; readonly code: string };

/**
 * What a change of the cart did to its rule promotions: which apply now and did not before, which do no more, and
 * which fulfil all conditions but cannot be combined with what applies.
 */
export function ruleMessages(
  before: readonly AppliedBefore[],
  now: AppliedRulePromotions,
): readonly PromotionMessage[] {
  const messages: PromotionMessage[] = [];
  const had = new Set(before.map(({ promotionId }) => promotionId));
  const has = new Set(now.applied.map(({ promotionId }) => promotionId));
  for (const { promotionId, code } of now.applied) {
    if (had.has(promotionId)) continue;
    const description = "Promotion has been added to cart.";
    messages.push({ promotionId, code, title: "Promotion Added", description });
  }
  for (const { promotionId, code } of before) {
    if (has.has(promotionId)) continue;
    const description = "Promotion has been removed from cart.";
    messages.push({ promotionId, code, title: "Deleted Promotion", description });
  }
  for (const { promotionId, code, reason } of now.refused) {
    if (reason.type !== "not_stackable") continue;
    const description = "Non-stackable promotion can't be applied with non-stackable promotion.";
    messages.push({ promotionId, code, title: CANNOT_STACK, description });
  }
  return messages;
}
