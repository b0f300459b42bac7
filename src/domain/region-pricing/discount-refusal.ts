import { fail, ok, type Result } from "../result.ts";
import type { CustomerCondition, RegionDiscount } from "./region-discount.ts";

/** Why a discount cannot be applied to a cart: the first of these that holds, in this order. (Medusa: apply discount.) */
export type DiscountRefusal =
  | { readonly type: "discount_used_up"; readonly code: string; readonly limit: number }
  | { readonly type: "discount_not_started"; readonly code: string; readonly startsAtMs: number }
  | { readonly type: "discount_ended"; readonly code: string; readonly endsAtMs: number }
  | { readonly type: "discount_disabled"; readonly code: string }
  /** It is for certain customers, and the cart has none. */
  | { readonly type: "discount_needs_customer"; readonly code: string }
  | { readonly type: "discount_not_for_customer"; readonly code: string }
  | { readonly type: "discount_not_in_region"; readonly code: string; readonly regionId: string };

/** The cart that a discount is to be applied to. */
export type DiscountedCart = {
  readonly regionId: string;
  /** Absent: a guest. */
  readonly customer?: { readonly groupIds: readonly string[] };
};

/** The discount, when it may be applied to the cart at `now` (milliseconds). */
export function usableDiscount(
  discount: RegionDiscount,
  cart: DiscountedCart,
  now: number,
): Result<RegionDiscount, DiscountRefusal> {
  const { code, usageLimit, startsAtMs, endsAtMs } = discount;
  if (usageLimit !== null && discount.usageCount >= usageLimit) {
    return fail({ type: "discount_used_up", code, limit: usageLimit });
  }
  if (now < startsAtMs) return fail({ type: "discount_not_started", code, startsAtMs });
  if (endsAtMs !== null && now > endsAtMs) return fail({ type: "discount_ended", code, endsAtMs });
  if (discount.isDisabled) return fail({ type: "discount_disabled", code });
  const groups = discount.rule.conditions.filter((condition) => condition.type === "customer_groups");
  if (groups.length > 0) {
    const { customer } = cart;
    if (!customer) return fail({ type: "discount_needs_customer", code });
    if (!groups.every((condition) => isMeant(condition, customer.groupIds))) {
      return fail({ type: "discount_not_for_customer", code });
    }
  }
  if (!discount.regionIds.includes(cart.regionId)) {
    return fail({ type: "discount_not_in_region", code, regionId: cart.regionId });
  }
  return ok(discount);
}

function isMeant(condition: CustomerCondition, groupIds: readonly string[]): boolean {
  return groupIds.some((id) => condition.ids.includes(id)) === (condition.operator === "in");
}

/** Why a merchant's discount is none. (Medusa: create discount.) */
export type NewDiscountRefusal =
  | { readonly type: "discount_without_region" }
  /** A fixed amount is in one currency, so it has one region. */
  | { readonly type: "fixed_discount_with_many_regions" }
  | { readonly type: "percentage_above_100"; readonly percent: number };

/** Whether the rule and the regions of a new or changed discount go together. */
export function checkDiscount<Discount extends Pick<RegionDiscount, "rule" | "regionIds">>(
  discount: Discount,
): Result<Discount, NewDiscountRefusal> {
  const { rule, regionIds } = discount;
  if (regionIds.length === 0) return fail({ type: "discount_without_region" });
  if (rule.type === "fixed" && regionIds.length > 1)
    return fail({ type: "fixed_discount_with_many_regions" });
  if (rule.type === "percentage" && rule.percent > 100) {
    return fail({ type: "percentage_above_100", percent: rule.percent });
  }
  return ok(discount);
}
