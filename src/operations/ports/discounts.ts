import type { Discount } from "../../domain/region/discount.ts";
import type { Result } from "../../domain/result.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** Discounts of regions, as carts and orders need them. Uses are held like those of promotion codes. */
export type DiscountPort = {
  /**
   * Those of the codes (as `discountCode` spells them) that there are, in the order of the codes; one statement, none for
   * no codes. Uses that are held are not counted, and of a discount without a limit none are.
   */
  entered(storeId: string, codes: readonly string[]): Promise<readonly Discount[]>;
  /**
   * Holds one use of each discount for the order, all or none, and answers the first that is used up otherwise; what the
   * order holds already stays held. To be called in the transaction that saves the order.
   */
  hold(
    storeId: string,
    input: { readonly orderId: string; readonly discountIds: readonly string[]; readonly now: string },
  ): Promise<{ readonly kind: "held" } | { readonly kind: "used_up"; readonly discountId: string }>;
  /** What the order holds becomes final. */
  settle(storeId: string, orderId: string, now: string): Promise<void>;
  /** The order's uses are free again, held or final; none is no error. */
  giveBack(storeId: string, orderId: string): Promise<void>;
  /** With all final uses counted, like whatever follows here. */
  load(storeId: string, discountId: string): Promise<Discount | undefined>;
  byCode(storeId: string, code: string): Promise<Discount | undefined>;
  /** May be filtered and sorted by `id`, `code`, `is_dynamic`, `is_disabled`, `rule_type`, `allocation`, `created_at`,
   * `updated_at` and `condition_ids`. */
  list(storeId: string, query: ListQuery): Promise<Listed<Discount>>;
  /** Its `usageCount` is not looked at. */
  insert(storeId: string, discount: Discount): Promise<"saved" | "code_taken">;
  /**
   * Stores what `change` makes of the discount as it is now; nobody else changes it, or holds a use of one with a limit,
   * meanwhile. `change` may run more than once and must do nothing else; a refusal of it stores nothing.
   */
  change<Refusal>(
    storeId: string,
    discountId: string,
    change: (discount: Discount) => Result<Discount, Refusal>,
  ): Promise<
    | { readonly kind: "saved"; readonly discount: Discount }
    | { readonly kind: "refused"; readonly refusal: Refusal }
    | { readonly kind: "code_taken" }
    | { readonly kind: "not_found" }
  >;
  /** With the codes made from it. What orders used of it stays with them. */
  delete(storeId: string, discountId: string): Promise<boolean>;
};
