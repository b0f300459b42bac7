import type { Discount } from "../../domain/region/discount.ts";

/** Discounts of regions, as carts and orders need them. Uses are held like those of promotion codes. */
export type DiscountPort = {
  /** Those of the codes (as `discountCode` spells them) that there are; one statement, none for no codes. */
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
};
