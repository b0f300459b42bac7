import type { MinorUnits } from "../money.ts";
import type { CalculationMethod } from "../pricing/price-cart.ts";
import type { Inactive } from "./active.ts";
import type { CodeRefusal } from "./promotion-code.ts";

/** Why a promotion takes nothing off a cart: the first condition that failed. Amounts are minor units. */
export type RefusedReason =
  | Inactive
  | CodeRefusal
  /** The same promotion came in under another code and applies already. */
  | { readonly type: "already_applied"; readonly code: string }
  /** `item_level` and `exclude` need the calculation method `line`. */
  | {
      readonly type: "method_unsupported";
      readonly method: CalculationMethod;
      readonly member: "item_level" | "exclude";
    }
  /** The named list has amounts, but none in the cart's currency. */
  | {
      readonly type: "currency_missing";
      readonly currency: string;
      readonly member: "kind" | "min_cart_value" | "max_discount_value";
    }
  | { readonly type: "cart_empty" }
  /** Beyond what the engine counts with; pricing says which line. */
  | { readonly type: "cart_too_large" }
  /** `value` is that of the goods that count, before discounts. */
  | { readonly type: "cart_value_too_low"; readonly required: MinorUnits; readonly value: MinorUnits }
  /** No line is meant; `hasExcluded`: one would be, but is excluded. */
  | { readonly type: "nothing_eligible"; readonly hasExcluded: boolean }
  /** Older item promotions have taken the units that it would need. */
  | { readonly type: "units_taken" }
  /** More units are needed out of `targets` (SKUs or product ids; absent: of one product). */
  | {
      readonly type: "units_missing";
      readonly required: number;
      readonly found: number;
      readonly targets?: readonly string[];
    }
  /** The gifts are due but not in the cart. `isAdded`: the engine is to put them in. */
  | { readonly type: "gift_missing"; readonly skus: readonly string[]; readonly isAdded: boolean }
  /** The code has fewer uses left than one set of units takes. */
  | { readonly type: "code_uses_too_few"; readonly required: number; readonly left: number }
  /** Older discounts have left nothing to take off. */
  | { readonly type: "nothing_left" }
  /** Prices would not go down, or by less than half a minor unit. */
  | { readonly type: "no_saving" };
