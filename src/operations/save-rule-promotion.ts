import { fail, ok, type Result } from "../domain/result.ts";
import { codeKey } from "../domain/rule-promotions/rule-code.ts";
import type { RulePromotion } from "../domain/rule-promotions/rule-promotion.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { NewRuleCode, StoredRuleCode, StoredRulePromotion } from "./ports/rule-promotions.ts";
import type { RefusalOf } from "./refusal.ts";
import { endsFirst, MAX_CODES, MAX_PROMOTIONS } from "./save-promotion.ts";

/** What a shop decides about a rule promotion. */
export type RulePromotionDetails = Omit<RulePromotion, "id" | "createdAt">;

/** Stores a new rule promotion. Unless it is automatic, it does nothing before it has codes. */
export async function createRulePromotion(
  deps: Deps,
  context: Context,
  details: RulePromotionDetails,
): Promise<
  Result<
    StoredRulePromotion,
    RefusalOf<"promotion_ends_first" | "promotion_limit_reached" | "rule_promotion_priority_taken">
  >
> {
  if (endsFirst(details)) return fail({ type: "promotion_ends_first" });
  const now = deps.now();
  const label = context.actor.label;
  const promotion: StoredRulePromotion = {
    ...details,
    id: deps.newId(),
    createdAt: now,
    createdBy: label,
    updatedBy: label,
    updatedAt: now,
  };
  const limit = MAX_PROMOTIONS;
  const by = { codeId: deps.newId(), limit, now };
  const saved = await deps.storage.rulePromotions.insert(context.store.storeId, promotion, by);
  if (saved === "saved") return ok(promotion);
  return fail(saved === "limit" ? { type: "promotion_limit_reached", limit } : saved);
}

/** Stores what `change` makes of a rule promotion. Its codes stay. */
export async function updateRulePromotion<Refusal>(
  deps: Deps,
  context: Context,
  promotionId: string,
  change: (details: StoredRulePromotion) => Result<RulePromotionDetails, Refusal>,
): Promise<
  Result<
    StoredRulePromotion,
    Refusal | RefusalOf<"promotion_ends_first" | "promotion_not_found" | "rule_promotion_priority_taken">
  >
> {
  const now = deps.now();
  const changed = await deps.storage.rulePromotions.change<Refusal | RefusalOf<"promotion_ends_first">>(
    context.store.storeId,
    promotionId,
    { now, codeId: deps.newId() },
    (promotion) => {
      const details = change(promotion);
      if (!details.ok) return details;
      if (endsFirst(details.value)) return fail({ type: "promotion_ends_first" });
      const { id, createdAt, createdBy } = promotion;
      const updatedBy = context.actor.label;
      return ok({ ...details.value, id, createdAt, createdBy, updatedBy, updatedAt: now });
    },
  );
  return changed ?? fail({ type: "promotion_not_found", promotionId });
}

/** Codes that were added; `shared` are those that other rule promotions have too. */
export type AddedRuleCodes = {
  readonly codes: readonly StoredRuleCode[];
  readonly shared: readonly string[];
};

/** Adds codes to a rule promotion: all of them, or none when it has one already or they would be too many. */
export async function addRuleCodes(
  deps: Deps,
  context: Context,
  input: {
    readonly promotionId: string;
    readonly codes: readonly Omit<NewRuleCode, "id" | "createdBy" | "createdAt">[];
  },
): Promise<
  Result<
    AddedRuleCodes,
    RefusalOf<
      | "promotion_not_found"
      | "rule_promotion_automatic"
      | "rule_promotion_code_taken"
      | "promotion_code_limit_reached"
    >
  >
> {
  const { promotionId, codes } = input;
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { code } of codes) {
    const key = codeKey(code);
    if (seen.has(key)) repeated.add(code);
    seen.add(key);
  }
  const limit = MAX_CODES;
  if (seen.size > limit) return fail({ type: "promotion_code_limit_reached", limit });
  if (repeated.size > 0) return fail({ type: "rule_promotion_code_taken", codes: [...repeated] });
  const createdAt = deps.now();
  const createdBy = context.actor.label;
  const created = codes.map((code) => ({ ...code, id: deps.newId(), createdBy, createdAt }));
  const added = await deps.storage.ruleCodes.add(context.store.storeId, promotionId, created, limit);
  switch (added.type) {
    case "saved":
      return ok({
        codes: created.map((code) => ({
          ...code,
          ...(code.maxUses !== undefined && { usesLeft: code.maxUses }),
        })),
        shared: added.shared,
      });
    case "limit":
      return fail({ type: "promotion_code_limit_reached", limit });
    case "promotion_not_found":
      return fail({ type: "promotion_not_found", promotionId });
    case "promotion_automatic":
      return fail({ type: "rule_promotion_automatic" });
    case "taken":
      return fail({ type: "rule_promotion_code_taken", codes: added.codes });
  }
}
