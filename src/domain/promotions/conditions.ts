import type { CalculationMethod } from "../pricing/price-cart.ts";
import { fail, ok, type Result } from "../result.ts";
import { inactiveReason } from "./active.ts";
import { earningValue } from "./cart-discount.ts";
import { type OpenCart, ownValue } from "./open-cart.ts";
import {
  type CurrencyAmount,
  inCurrency,
  isCartKind,
  type Promotion,
  type PromotionKind,
} from "./promotion.ts";
import { codeRefusal, type PromotionInPlay } from "./promotion-code.ts";
import type { RefusedReason } from "./refused-reason.ts";
import { excludes } from "./select-lines.ts";

/** What the conditions that all kinds share are judged by. */
export type Circumstances = {
  readonly currency: string;
  readonly method: CalculationMethod;
  /** Milliseconds. */
  readonly now: number;
  /** The ids and other names by which codes may know the shopper. */
  readonly shopper: readonly string[];
  /** Undefined when it is too large to be priced. */
  readonly cart: OpenCart | undefined;
  /** Promotions that apply already, and the code that they apply by. */
  readonly codeOf: ReadonlyMap<string, string>;
};

/**
 * Whether a promotion may look for lines at all; the answer is the cart to look in. The first condition that fails is
 * told, in this order: dates, code, calculation method, currency, cart value.
 */
export function checkConditions(
  { currency, method, now, shopper, cart, codeOf }: Circumstances,
  { promotion, code }: PromotionInPlay,
): Result<OpenCart, RefusedReason> {
  const refusal = inactiveReason(promotion, now) ?? codeRefusal(code, shopper);
  if (refusal) return fail(refusal);
  const applies = codeOf.get(promotion.id);
  if (applies !== undefined) return fail({ type: "already_applied", code: applies });
  const unfit = methodRefusal(promotion.kind, method) ?? currencyRefusal(promotion, currency);
  if (unfit) return fail(unfit);
  if (!cart) return fail({ type: "cart_too_large" });
  if (cart.lines.length === 0) return fail({ type: "cart_empty" });
  const tooLow = valueRefusal(promotion, cart);
  if (tooLow) return fail(tooLow);
  // A bound of 0 lets nothing through.
  const bound = inCurrency(promotion.maxDiscountValue ?? [], currency);
  return bound?.amount === 0 ? fail({ type: "no_saving" }) : ok(cart);
}

function methodRefusal(kind: PromotionKind, method: CalculationMethod): RefusedReason | undefined {
  if (method === "line") return undefined;
  if (!isCartKind(kind)) return { type: "method_unsupported", method, member: "item_level" };
  if (excludes(kind.scope.exclude)) return { type: "method_unsupported", method, member: "exclude" };
  return undefined;
}

/**
 * Amounts are never converted. A minimum or a maximum that says nothing of the cart's currency cannot be judged, and
 * going on without it could give more away than the merchant meant.
 */
function currencyRefusal(promotion: Promotion, currency: string): RefusedReason | undefined {
  const { kind, minCartValue, maxDiscountValue } = promotion;
  const missing = (member: "kind" | "min_cart_value" | "max_discount_value"): RefusedReason => ({
    type: "currency_missing",
    currency,
    member,
  });
  if (!hasCurrency(kind, currency)) return missing("kind");
  if (minCartValue?.length && !inCurrency(minCartValue, currency)) return missing("min_cart_value");
  if (maxDiscountValue?.length && !inCurrency(maxDiscountValue, currency))
    return missing("max_discount_value");
  return undefined;
}

function hasCurrency(kind: PromotionKind, currency: string): boolean {
  if (kind.type === "percent_discount") return inCurrency(kind.percents, currency) !== undefined;
  return !("amounts" in kind) || inCurrency<CurrencyAmount>(kind.amounts, currency) !== undefined;
}

function valueRefusal({ kind, minCartValue = [] }: Promotion, cart: OpenCart): RefusedReason | undefined {
  const minimum = inCurrency(minCartValue, cart.currency);
  if (!minimum) return undefined;
  const value = isCartKind(kind) ? earningValue(cart, kind) : ownValue(cart);
  return value < minimum.amount ? { type: "cart_value_too_low", required: minimum.amount, value } : undefined;
}
