import type { RefusedReason } from "../promotions/refused-reason.ts";
import type { RuleCodeRefusal } from "./rule-code.ts";
import type { LeafCondition } from "./rule-promotion.ts";

/** Why a rule promotion takes nothing off a cart: the first condition that failed. */
export type RefusedRule =
  /** Reasons that standard promotions have too. */
  | Extract<
      RefusedReason,
      {
        readonly type:
          | "not_enabled"
          | "not_started"
          | "ended"
          | "already_applied"
          | "cart_empty"
          | "cart_too_large"
          | "units_missing"
          | "nothing_left"
          | "no_saving";
      }
    >
  | RuleCodeRefusal
  /** Item discounts and cart discounts off some lines need the calculation method `line`. */
  | { readonly type: "method_unsupported"; readonly method: "simple"; readonly member: "item_level" }
  | {
      readonly type: "currency_not_accepted";
      readonly currency: string;
      readonly accepted: readonly string[];
    }
  /** No line is from one of its catalogs. */
  | { readonly type: "catalog_not_accepted"; readonly accepted: readonly string[] }
  /** No line is left that meets this condition and those before it. */
  | { readonly type: "condition_unmet"; readonly condition: LeafCondition }
  /** There is no shipment, or none that is meant. */
  | { readonly type: "shipping_missing" }
  /** It cannot be combined with the promotion that applies already, by its id. */
  | { readonly type: "not_stackable"; readonly with: string };
