import type { MinorUnits } from "../money.ts";
import type { CartDiscount, LineDiscount } from "../pricing/discount.ts";
import type { Gift } from "./gift-discount.ts";
import type { RefusedReason } from "./refused-reason.ts";

/** A promotion that was looked at. */
export type Judged = {
  readonly promotionId: string;
  readonly code: string;
  readonly name: string;
  /** When it was looked at among all, from 0: the order of application. */
  readonly place: number;
};

/** A promotion that takes something off. */
export type AppliedPromotion = Judged & {
  readonly level: "item" | "cart";
  /** What it takes off in all, <= 0. 0 only for a gift that costs nothing anyway. */
  readonly amount: MinorUnits;
  /** What it was reckoned from: the price of the units in it, or what was left of the lines it may touch. */
  readonly base: MinorUnits;
  /** Units that it was applied to; 0 for a cart promotion, which knows no units. */
  readonly discountedUnits: number;
  /** Uses that the order takes from the code. */
  readonly uses: number;
};

/** A promotion that takes nothing off, and the first condition that failed. */
export type RefusedPromotion = Judged & { readonly reason: RefusedReason };

/** What promotions do to a cart. All discounts together are what `applied` says. */
export type AppliedPromotions = {
  /** By id of the line, for its `discounts` in pricing: those of one line never exceed its value together. */
  readonly lineDiscounts: ReadonlyMap<string, readonly LineDiscount[]>;
  /** For `cartDiscounts` in pricing, which can take each in full. */
  readonly cartDiscounts: readonly CartDiscount[];
  readonly applied: readonly AppliedPromotion[];
  readonly refused: readonly RefusedPromotion[];
  readonly gifts: readonly Gift[];
};
