import type { MinorUnits } from "../../domain/money.ts";
import type { Promotion } from "../../domain/promotions/promotion.ts";
import type { RulePromotion } from "../../domain/rule-promotions/rule-promotion.ts";
import type { Quote } from "../../operations/quote-cart.ts";

/** A promotion that has a line in a cart. */
export type ShownPromotion = {
  readonly promotion: Promotion | RulePromotion;
  readonly code: string;
  /** What it takes off the goods, <= 0. */
  readonly amount: MinorUnits;
};

/**
 * The promotions that apply, and the entered codes that do not (with amounts of 0), in the order in which they were
 * looked at: standard promotions, then rule promotions.
 */
export function shownPromotions(quote: Quote): readonly ShownPromotion[] {
  return [...shownOf(quote.promotions, quote.inPlay), ...shownOf(quote.rules, quote.rulesInPlay)];
}

export function isRule(promotion: Promotion | RulePromotion): promotion is RulePromotion {
  return "actions" in promotion;
}

/** Whether somebody typed the code; automatic promotions have one that nobody enters. */
export function isEntered({ promotionId, code }: { readonly promotionId: string; readonly code: string }) {
  return code !== `auto_${promotionId}`;
}

type Judged = { readonly promotionId: string; readonly code: string; readonly place: number };

function shownOf(
  judged: {
    readonly applied: readonly (Judged & { readonly amount: MinorUnits })[];
    readonly refused: readonly (Judged & { readonly reason: { readonly type: string } })[];
  },
  inPlay: readonly { readonly promotion: Promotion | RulePromotion }[],
): ShownPromotion[] {
  const byId = new Map(inPlay.map(({ promotion }) => [promotion.id, promotion]));
  const shown = [
    ...judged.applied,
    // A promotion that applies by another code has its line already.
    ...judged.refused
      .filter((one) => isEntered(one) && one.reason.type !== "already_applied")
      .map((one) => ({ ...one, amount: 0 })),
  ];
  return shown
    .sort((a, b) => a.place - b.place)
    .flatMap(({ promotionId, code, amount }) => {
      const promotion = byId.get(promotionId);
      return promotion ? [{ promotion, code, amount }] : [];
    });
}
