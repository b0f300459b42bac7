import { checkDiscount, type NewDiscountRefusal } from "../region-pricing/discount-refusal.ts";
import { discountCode } from "../region-pricing/region-discount.ts";
import { fail, type Result } from "../result.ts";
import type { Discount, DiscountCondition } from "./discount.ts";
import { endOfDuration } from "./duration.ts";

/** Why a discount is none, or cannot be changed so. */
export type DiscountEditRefusal =
  | NewDiscountRefusal
  | { readonly type: "discount_ends_first"; readonly code: string }
  | { readonly type: "discount_value_invalid" }
  /** Only from a dynamic discount can codes be made. */
  | { readonly type: "discount_not_dynamic"; readonly code: string };

/** What changes of a discount; members that are absent stay, null takes away. */
export type DiscountChange = {
  readonly code?: string;
  /** Of the type that the rule has: percent, or minor units. */
  readonly value?: number;
  readonly allocation?: "item" | "total";
  readonly ruleDescription?: string | null;
  /** Conditions that there are already get these ids instead; the others are added. */
  readonly conditions?: readonly DiscountCondition[];
  readonly regionIds?: readonly string[];
  readonly isDisabled?: boolean;
  readonly startsAtMs?: number;
  readonly endsAtMs?: number | null;
  readonly validDuration?: string | null;
  readonly usageLimit?: number | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** A discount that may be stored: its code in the one spelling, its members going together. */
export function checkedDiscount(discount: Discount): Result<Discount, DiscountEditRefusal> {
  const { rule, startsAtMs, endsAtMs } = discount;
  const value = rule.type === "percentage" ? rule.percent : rule.type === "fixed" ? rule.amount : 0;
  const isWhole = rule.type !== "fixed" || Number.isSafeInteger(value);
  if (!(value >= 0) || !isWhole) return fail({ type: "discount_value_invalid" });
  if (endsAtMs !== null && endsAtMs <= startsAtMs) {
    return fail({ type: "discount_ends_first", code: discount.code });
  }
  return checkDiscount({ ...discount, code: discountCode(discount.code) });
}

/** The discount with a change put in. */
export function changeDiscount(
  discount: Discount,
  change: DiscountChange,
  now: string,
): Result<Discount, DiscountEditRefusal> {
  const { validDuration: durationBefore, ruleDescription: descriptionBefore, ...rest } = discount;
  const duration = change.validDuration === undefined ? durationBefore : change.validDuration;
  const description = change.ruleDescription === undefined ? descriptionBefore : change.ruleDescription;
  const { allocation = discount.rule.allocation, value } = change;
  const conditions = (change.conditions ?? []).reduce(withCondition, discount.rule.conditions);
  const { rule } = discount;
  const changed: Discount["rule"] =
    rule.type === "percentage"
      ? { ...rule, allocation, conditions, percent: value ?? rule.percent }
      : rule.type === "fixed"
        ? { ...rule, allocation, conditions, amount: value ?? rule.amount }
        : { ...rule, allocation, conditions };
  return checkedDiscount({
    ...rest,
    code: change.code ?? discount.code,
    rule: changed,
    ...(typeof description === "string" && { ruleDescription: description }),
    regionIds: change.regionIds ?? discount.regionIds,
    isDisabled: change.isDisabled ?? discount.isDisabled,
    startsAtMs: change.startsAtMs ?? discount.startsAtMs,
    endsAtMs: change.endsAtMs === undefined ? discount.endsAtMs : change.endsAtMs,
    ...(typeof duration === "string" && { validDuration: duration }),
    usageLimit: change.usageLimit === undefined ? discount.usageLimit : change.usageLimit,
    ...(change.metadata && { metadata: { ...discount.metadata, ...change.metadata } }),
    updatedAt: now,
  });
}

/** A code made from a dynamic discount, valid from now on for as long as that one says. */
export function dynamicCode(
  parent: Discount,
  made: {
    readonly id: string;
    readonly code: string;
    readonly usageLimit: number | null;
    readonly metadata?: Readonly<Record<string, unknown>>;
  },
  now: string,
): Result<Discount, DiscountEditRefusal> {
  if (!parent.isDynamic || parent.parentId !== undefined) {
    return fail({ type: "discount_not_dynamic", code: parent.code });
  }
  const startsAtMs = Date.parse(now);
  const { rule, ruleId, ruleDescription, regionIds, validDuration } = parent;
  return checkedDiscount({
    id: made.id,
    code: made.code,
    parentId: parent.id,
    rule,
    ruleId,
    ...(ruleDescription !== undefined && { ruleDescription }),
    regionIds,
    isDynamic: true,
    isDisabled: false,
    startsAtMs,
    endsAtMs: validDuration === undefined ? null : endOfDuration(startsAtMs, validDuration),
    usageLimit: made.usageLimit,
    usageCount: 0,
    ...(made.metadata && { metadata: made.metadata }),
    createdAt: now,
    updatedAt: now,
  });
}

/** The discount with other conditions. */
export function withConditions(
  discount: Discount,
  conditions: readonly DiscountCondition[],
  now: string,
): Discount {
  return { ...discount, rule: { ...discount.rule, conditions }, updatedAt: now };
}

/**
 * The conditions with one more; where there is one of its type and operator, or its id, that one gets its list in place
 * of its own.
 */
export function withCondition(
  conditions: readonly DiscountCondition[],
  added: DiscountCondition,
): readonly DiscountCondition[] {
  const same = conditions.find(
    ({ id, type, operator }) => id === added.id || (type === added.type && operator === added.operator),
  );
  if (!same) return [...conditions, added];
  const { ids, updatedAt } = added;
  return conditions.map((one) => (one === same ? { ...one, ids, updatedAt } : one));
}
