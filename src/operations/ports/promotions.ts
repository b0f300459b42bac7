import type { Promotion } from "../../domain/promotions/promotion.ts";
import type { PromotionCode, PromotionInPlay } from "../../domain/promotions/promotion-code.ts";
import type { Result } from "../../domain/result.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** A promotion as it is kept. `createdBy` and `updatedBy` are labels of actors. */
export type StoredPromotion = Promotion & {
  readonly createdBy: string;
  readonly updatedBy: string;
  readonly updatedAt: string;
};

/** What a promotion is or was. The current version has the promotion's own id, older ones have another. */
export type PromotionVersion = {
  readonly versionId: string;
  readonly isCurrent: boolean;
  readonly promotion: StoredPromotion;
};

/** A code as it is kept; `usesLeft` is there when `maxUses` is. */
export type StoredCode = PromotionCode & {
  readonly id: string;
  /** Uses in all, at least 1; absent: as many as wanted. */
  readonly maxUses?: number;
  readonly createdBy: string;
  readonly createdAt: string;
};

export type NewCode = Omit<StoredCode, "usesLeft">;

/** These codes are those of other promotions that are enabled and not over, or of this one already. */
export type CodesTaken = { readonly type: "promotion_code_taken"; readonly codes: readonly string[] };

/**
 * A code that was entered and is known, with its active promotion if it has one, else the one that comes nearest, so
 * that a shopper can be told why it does nothing.
 */
export type EnteredCode = PromotionInPlay;

export type PromotionPort = {
  /** Can be filtered by `code` with `eq` and `in`, which finds promotions that have one of these codes. */
  list(storeId: string, query: ListQuery): Promise<Listed<StoredPromotion>>;
  load(storeId: string, promotionId: string): Promise<StoredPromotion | undefined>;
  /** "limit": the store has `limit` promotions. An automatic promotion gets its code, under `codeId`. */
  insert(
    storeId: string,
    promotion: StoredPromotion,
    by: { readonly codeId: string; readonly limit: number },
  ): Promise<"saved" | "limit">;
  /**
   * Stores what `change` makes of the promotion and keeps what it was, under `versionId`; undefined when there is none.
   * One that was over and is not any more loses its codes (Elastic Path's rule: old codes do not come back to life).
   * Refused when that would bring a code to life which another live promotion has.
   */
  change<Refusal>(
    storeId: string,
    promotionId: string,
    by: { readonly now: string; readonly versionId: string; readonly codeId: string },
    change: (promotion: StoredPromotion) => Result<StoredPromotion, Refusal>,
  ): Promise<Result<StoredPromotion, Refusal | CodesTaken> | undefined>;
  /** With its codes, its history and the record of who used it. */
  delete(storeId: string, promotionId: string): Promise<boolean>;
  /** Newest first unless sorted otherwise. */
  history(storeId: string, promotionId: string, query: ListQuery): Promise<Listed<PromotionVersion>>;
  /** Those of the codes that are known, each once; compared to the letter. `now` is RFC 3339. */
  entered(storeId: string, codes: readonly string[], now: string): Promise<readonly EnteredCode[]>;
};

export type PromotionCodePort = {
  list(storeId: string, promotionId: string, query: ListQuery): Promise<Listed<StoredCode>>;
  /** All of the codes, or none; each once. `limit` bounds the codes of the promotion, its automatic one left out. */
  add(
    storeId: string,
    promotionId: string,
    codes: readonly NewCode[],
    by: { readonly now: string; readonly limit: number },
  ): Promise<"saved" | "limit" | "promotion_not_found" | CodesTaken>;
  /** How many of the codes were there; undefined when there is no such promotion. The automatic one stays. */
  delete(storeId: string, promotionId: string, codes: readonly string[]): Promise<number | undefined>;
};

/** That an order used a code. */
export type CodeUse = {
  readonly id: string;
  readonly orderId: string;
  readonly promotionId: string;
  readonly codeId: string;
  readonly code: string;
  /** At least 1. */
  readonly times: number;
  /** Held while the order is not paid for yet; a held use counts like a final one. */
  readonly state: "held" | "final";
  readonly customerId?: string;
  readonly accountId?: string;
  readonly customerEmail: string;
  readonly anonymized: boolean;
  /** Label of the actor who made it anonymous. */
  readonly updatedBy?: string;
  readonly usedAt: string;
  readonly updatedAt: string;
};

export type HoldUses = {
  readonly orderId: string;
  readonly customerId?: string;
  readonly accountId?: string;
  readonly customerEmail: string;
  /** The names under which the shopper's uses of codes with a limit for each shopper are counted; absent: none. */
  readonly shoppers?: readonly string[];
  readonly now: string;
  /**
   * One entry for a code of a promotion; `id` is that of the new use. `times` is at least 1. A rule promotion's code is
   * its `codeKey`.
   */
  readonly uses: readonly {
    readonly id: string;
    readonly promotionId: string;
    readonly code: string;
    readonly times: number;
  }[];
};

/** The first code, by name, that could not be held: it is gone, or has fewer uses left than wanted. */
export type HoldRefusal =
  | { readonly type: "code_gone"; readonly code: string; readonly promotionId: string }
  | {
      readonly type: "code_used_up";
      readonly code: string;
      readonly required: number;
      readonly left: number;
    }
  /** The shopper has used it as often as each may. */
  | { readonly type: "code_used_up_by_shopper"; readonly code: string };

export type PromotionUsePort = {
  /**
   * Holds uses for an order: all of them, or none. Never above a code's limit, however many ask at once. What the order
   * holds or has used already is left as it is, so the same hold again changes nothing.
   */
  hold(storeId: string, hold: HoldUses): Promise<Result<"held", HoldRefusal>>;
  /** Makes all uses final that the order holds. Answers how many; 0 the second time. */
  settle(storeId: string, orderId: string, now: string): Promise<number>;
  /**
   * Gives back what unpaid orders have held since before `before`, of up to `limit` orders; one that is being paid for
   * keeps its hold. Answers of how many.
   */
  giveBackExpired(storeId: string, before: string, limit: number): Promise<number>;
  /** Gives all uses of the order back, final ones too. Answers how many; 0 the second time. */
  giveBack(storeId: string, orderId: string): Promise<number>;
  /** Of a promotion, or of one of its codes. */
  list(
    storeId: string,
    of: { readonly promotionId: string; readonly code?: string },
    query: ListQuery,
  ): Promise<Listed<CodeUse>>;
  /** Replaces who used the code by asterisks. Answers the uses that are there, by id. */
  anonymize(
    storeId: string,
    useIds: readonly string[],
    by: { readonly now: string; readonly actor: string },
  ): Promise<readonly CodeUse[]>;
  /** The same for all uses of these orders. */
  anonymizeOrders(
    storeId: string,
    orderIds: readonly string[],
    by: { readonly now: string; readonly actor: string },
  ): Promise<void>;
};
