import type { Result } from "../../domain/result.ts";
import type { RuleCode, RulePromotionInPlay } from "../../domain/rule-promotions/rule-code.ts";
import type { RulePromotion } from "../../domain/rule-promotions/rule-promotion.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** A rule promotion as it is kept. `createdBy` and `updatedBy` are labels of actors. */
export type StoredRulePromotion = RulePromotion & {
  readonly createdBy: string;
  readonly updatedBy: string;
  readonly updatedAt: string;
};

/** A code as it is kept; `usesLeft` is there when `maxUses` is. */
export type StoredRuleCode = Omit<RuleCode, "usedByShopper" | "shopperHasPaid"> & {
  readonly id: string;
  /** Uses in all, at least 1; absent: as many as wanted. */
  readonly maxUses?: number;
  readonly createdBy: string;
  readonly createdAt: string;
};

export type NewRuleCode = Omit<StoredRuleCode, "usesLeft">;

/** Another promotion that is enabled and not over has this priority. */
export type PriorityTaken = {
  readonly type: "rule_promotion_priority_taken";
  readonly priority: number;
  readonly promotionId: string;
};

/** Who a cart belongs to, as far as its codes' limits for each shopper ask. */
export type CodeShopper = {
  readonly customerId?: string;
  readonly accountId?: string;
  /** Compared without regard to case. */
  readonly email?: string;
  /** The names under which the shopper's uses are counted. */
  readonly names: readonly string[];
};

export type RulePromotionPort = {
  /** Can be filtered by `code` with `eq` and `in`, which finds promotions that have one of these codes, in any case. */
  list(storeId: string, query: ListQuery): Promise<Listed<StoredRulePromotion>>;
  load(storeId: string, promotionId: string): Promise<StoredRulePromotion | undefined>;
  /** "limit": the store has `limit` of them. An automatic promotion gets its code, under `codeId`. */
  insert(
    storeId: string,
    promotion: StoredRulePromotion,
    by: { readonly codeId: string; readonly limit: number; readonly now: string },
  ): Promise<"saved" | "limit" | PriorityTaken>;
  /** Stores what `change` makes of the promotion; undefined when there is none. */
  change<Refusal>(
    storeId: string,
    promotionId: string,
    by: { readonly codeId: string; readonly now: string },
    change: (promotion: StoredRulePromotion) => Result<StoredRulePromotion, Refusal>,
  ): Promise<Result<StoredRulePromotion, Refusal | PriorityTaken> | undefined>;
  /** With its codes and the record of who used it. */
  delete(storeId: string, promotionId: string): Promise<boolean>;
  /**
   * All active promotions that have one of the codes, each with its code as it stands for the shopper. Of a code that
   * has no active one, those that are not, so that a shopper can be told why it does nothing. `codes` in any case;
   * `now` is RFC 3339.
   */
  entered(
    storeId: string,
    codes: readonly string[],
    shopper: CodeShopper,
    now: string,
  ): Promise<readonly RulePromotionInPlay[]>;
};

/** What became of codes that were to be added. `shared`: those of them that other rule promotions have too. */
export type RuleCodesAdded =
  | { readonly type: "saved"; readonly shared: readonly string[] }
  | { readonly type: "limit" | "promotion_not_found" | "promotion_automatic" }
  /** The promotion has these already. */
  | { readonly type: "taken"; readonly codes: readonly string[] };

export type RuleCodePort = {
  list(storeId: string, promotionId: string, query: ListQuery): Promise<Listed<StoredRuleCode>>;
  /** All of the codes, or none; no two of them may differ in case only. `limit` bounds the codes of the promotion. */
  add(
    storeId: string,
    promotionId: string,
    codes: readonly NewRuleCode[],
    limit: number,
  ): Promise<RuleCodesAdded>;
  /** How many of the codes were there; undefined when there is no such promotion. An automatic one's own code stays. */
  delete(storeId: string, promotionId: string, codes: readonly string[]): Promise<number | undefined>;
};
