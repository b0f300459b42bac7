import type { Promotion } from "./promotion.ts";

/** A code as it stands now. Codes are case-sensitive. */
export type PromotionCode = {
  readonly code: string;
  /** Uses that are left, >= 0; absent: as many as wanted. */
  readonly usesLeft?: number;
  /** Only this customer (an id, or whatever text the merchant knows them by) may use it. */
  readonly user?: string;
  /** What an order uses up: one use, or one for each discounted unit. */
  readonly consumeUnit: "per_cart" | "per_item";
};

/** Why a code cannot be used at all, whatever is in the cart. */
export type CodeRefusal =
  | { readonly type: "code_for_another_user" }
  /** No use is left. */
  | { readonly type: "code_used_up" };

/** A promotion that may apply: an automatic one with its `automaticCode`, or one whose code was entered. */
export type PromotionInPlay = { readonly promotion: Promotion; readonly code: PromotionCode };

/** The code that an automatic promotion goes by; nobody enters it. */
export function automaticCode(promotion: Pick<Promotion, "id">): PromotionCode {
  return { code: `auto_${promotion.id}`, consumeUnit: "per_cart" };
}

/** Why this shopper cannot use the code; undefined when they can. `knownAs`: ids and other names of the shopper. */
export function codeRefusal(code: PromotionCode, knownAs: readonly string[]): CodeRefusal | undefined {
  if (code.user !== undefined && !knownAs.includes(code.user)) return { type: "code_for_another_user" };
  if (code.usesLeft !== undefined && code.usesLeft < 1) return { type: "code_used_up" };
  return undefined;
}

/** Uses that an order takes from the code when the promotion discounted this many units. */
export function usesOf(code: PromotionCode, discountedUnits: number): number {
  return code.consumeUnit === "per_item" ? discountedUnits : 1;
}
