import type { CodeRefusal } from "../promotions/promotion-code.ts";
import type { RulePromotion } from "./rule-promotion.ts";

/** A code as it stands now for one shopper. It is written as the merchant wrote it, and entered in any case. */
export type RuleCode = {
  readonly code: string;
  /** Uses that are left, >= 0; absent: as many as wanted. */
  readonly usesLeft?: number;
  /** Only this customer (an id, or whatever text the merchant knows them by) may use it. */
  readonly user?: string;
  /** What an order uses up: one use, or one for each time that the promotion applies. */
  readonly consumeUnit: "per_checkout" | "per_application";
  readonly maxUsesPerShopper?: {
    /** At least 1. */
    readonly maxUses: number;
    /** Guests may use it, counted by the e-mail of their cart; else it is for registered shoppers only. */
    readonly includesGuests: boolean;
  };
  /** Uses of the shopper whose cart it is; read for codes that ask for the shopper only. Absent: none. */
  readonly usedByShopper?: number;
  /** Only for who has never paid for an order here, and once. */
  readonly isForNewShopper?: boolean;
  /** The shopper has paid for an order before; read with `isForNewShopper` only. */
  readonly shopperHasPaid?: boolean;
};

/** A rule promotion that may apply: an automatic one with its `ownCode`, or one whose code was entered. */
export type RulePromotionInPlay = { readonly promotion: RulePromotion; readonly code: RuleCode };

/** Who the cart belongs to, as far as codes ask. */
export type RuleShopper = {
  /** The ids and other names by which codes may know the shopper. */
  readonly knownAs: readonly string[];
  /** `unknown`: a guest whose cart has no e-mail yet. */
  readonly identity: "registered" | "guest" | "unknown";
};

/** Why a shopper cannot use the code, whatever is in the cart. */
export type RuleCodeRefusal =
  | CodeRefusal
  /** Whether the shopper may use it is known once the cart has an e-mail or a customer. */
  | { readonly type: "shopper_unknown" }
  | { readonly type: "code_for_registered_shoppers" }
  | { readonly type: "code_used_up_by_shopper"; readonly maxUses: number }
  | { readonly type: "code_for_new_shoppers" };

/** The code that an automatic promotion goes by; nobody enters it. */
export function ownCode(promotion: Pick<RulePromotion, "id">): RuleCode {
  return { code: `auto_${promotion.id}`, consumeUnit: "per_checkout" };
}

/** Why this shopper cannot use the code; undefined when they can. */
export function ruleCodeRefusal(code: RuleCode, shopper: RuleShopper): RuleCodeRefusal | undefined {
  if (code.user !== undefined && !shopper.knownAs.includes(code.user)) {
    return { type: "code_for_another_user" };
  }
  if (code.usesLeft !== undefined && code.usesLeft < 1) return { type: "code_used_up" };
  const { maxUsesPerShopper: bound, usedByShopper = 0 } = code;
  if (bound) {
    if (shopper.identity !== "registered" && !bound.includesGuests) {
      return { type: "code_for_registered_shoppers" };
    }
    if (shopper.identity === "unknown") return { type: "shopper_unknown" };
    if (usedByShopper >= bound.maxUses) return { type: "code_used_up_by_shopper", maxUses: bound.maxUses };
  }
  if (!code.isForNewShopper) return undefined;
  if (shopper.identity === "unknown") return { type: "shopper_unknown" };
  if (code.shopperHasPaid) return { type: "code_for_new_shoppers" };
  return usedByShopper > 0 ? { type: "code_used_up_by_shopper", maxUses: 1 } : undefined;
}

/** What two ways of writing the same code have in common. */
export function codeKey(code: string): string {
  return code.normalize("NFC").toLowerCase();
}
