import { momentOf } from "../domain/promotions/active.ts";
import type { Promotion } from "../domain/promotions/promotion.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { NewCode, StoredPromotion } from "./ports/promotions.ts";
import type { RefusalOf } from "./refusal.ts";

/** Promotions that a store may have (Elastic Path's quota). */
export const MAX_PROMOTIONS = 1_000;

/** Codes that a promotion may have, beside the one of an automatic promotion (Elastic Path's quota). */
export const MAX_CODES = 1_000;

/** What a shop decides about a promotion. */
export type PromotionDetails = Omit<Promotion, "id" | "createdAt">;

/** Stores a new promotion. Unless it is automatic, it does nothing before it has codes. */
export async function createPromotion(
  deps: Deps,
  context: Context,
  details: PromotionDetails,
): Promise<Result<StoredPromotion, RefusalOf<"promotion_ends_first" | "promotion_limit_reached">>> {
  if (endsFirst(details)) return fail({ type: "promotion_ends_first" });
  const now = deps.now();
  const by = context.actor.label;
  const promotion: StoredPromotion = {
    ...details,
    id: deps.newId(),
    createdAt: now,
    createdBy: by,
    updatedBy: by,
    updatedAt: now,
  };
  const { promotions } = deps.storage;
  const saved = await promotions.insert(context.store.storeId, promotion, {
    codeId: deps.newId(),
    limit: MAX_PROMOTIONS,
  });
  return saved === "saved" ? ok(promotion) : fail({ type: "promotion_limit_reached", limit: MAX_PROMOTIONS });
}

export type UpdatePromotionRefusal = RefusalOf<
  "promotion_ends_first" | "promotion_not_found" | "promotion_code_taken"
>;

/**
 * Stores what `change` makes of a promotion. One that was over and gets a later end loses its codes; one that comes to
 * life must not share a code with another live one.
 */
export async function updatePromotion<Refusal>(
  deps: Deps,
  context: Context,
  promotionId: string,
  change: (details: StoredPromotion) => Result<PromotionDetails, Refusal>,
): Promise<Result<StoredPromotion, Refusal | UpdatePromotionRefusal>> {
  const now = deps.now();
  const by = { now, versionId: deps.newId(), codeId: deps.newId() };
  const changed = await deps.storage.promotions.change<Refusal | UpdatePromotionRefusal>(
    context.store.storeId,
    promotionId,
    by,
    (promotion) => {
      const details = change(promotion);
      if (!details.ok) return details;
      if (endsFirst(details.value)) return fail({ type: "promotion_ends_first" });
      const { id, createdAt, createdBy } = promotion;
      return ok({
        ...details.value,
        id,
        createdAt,
        createdBy,
        updatedBy: context.actor.label,
        updatedAt: now,
      });
    },
  );
  return changed ?? fail({ type: "promotion_not_found", promotionId });
}

/** Adds codes to a promotion: all of them, or none when one is taken or they would be too many. */
export async function addPromotionCodes(
  deps: Deps,
  context: Context,
  input: {
    readonly promotionId: string;
    readonly codes: readonly Pick<NewCode, "code" | "maxUses" | "user" | "consumeUnit">[];
  },
): Promise<
  Result<
    StoredPromotion,
    RefusalOf<"promotion_not_found" | "promotion_code_taken" | "promotion_code_limit_reached">
  >
> {
  const { promotionId, codes } = input;
  const { storeId } = context.store;
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { code } of codes) (seen.has(code) ? repeated : seen).add(code);
  const limit = MAX_CODES;
  if (seen.size > limit) return fail({ type: "promotion_code_limit_reached", limit });
  if (repeated.size > 0) return fail({ type: "promotion_code_taken", codes: [...repeated] });
  const now = deps.now();
  const created = codes.map((code) => ({
    ...code,
    id: deps.newId(),
    createdBy: context.actor.label,
    createdAt: now,
  }));
  const { promotions, promotionCodes } = deps.storage;
  const added = await promotionCodes.add(storeId, promotionId, created, { now, limit });
  if (added === "limit") return fail({ type: "promotion_code_limit_reached", limit });
  if (added === "promotion_not_found") return fail({ type: "promotion_not_found", promotionId });
  if (added !== "saved") return fail(added);
  const promotion = await promotions.load(storeId, promotionId);
  return promotion ? ok(promotion) : fail({ type: "promotion_not_found", promotionId });
}

/** Whether a promotion is over before it begins. */
export function endsFirst({ start, end }: Pick<Promotion, "start" | "end">): boolean {
  return (momentOf(end) ?? 0) <= (momentOf(start) ?? 0);
}
