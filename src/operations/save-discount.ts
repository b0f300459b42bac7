import type { Discount, DiscountCondition } from "../domain/region/discount.ts";
import {
  changeDiscount,
  checkedDiscount,
  type DiscountChange,
  type DiscountEditRefusal,
  dynamicCode,
  withCondition,
  withConditions,
} from "../domain/region/edit-discount.ts";
import { discountCode } from "../domain/region-pricing/region-discount.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** A condition without what only a stored one has. */
export type NewCondition = Pick<DiscountCondition, "type" | "operator" | "ids">;

/** A discount that a merchant makes; its regions are ids. */
export type NewDiscount = Pick<
  Discount,
  "code" | "regionIds" | "isDisabled" | "isDynamic" | "endsAtMs" | "usageLimit"
> & {
  readonly rule: {
    readonly type: Discount["rule"]["type"];
    /** Percent, or minor units of the region's currency; not looked at for free shipping. */
    readonly value: number;
    readonly allocation: "item" | "total";
    readonly description?: string;
    readonly conditions: readonly NewCondition[];
  };
  /** Now, when absent. */
  readonly startsAtMs?: number;
  readonly validDuration?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

type Refused =
  | DiscountEditRefusal
  | SalesRefusalOf<"discount_code_taken" | "discount_rule_is_parents" | "region_not_found">;
type NotFound = SalesRefusalOf<"discount_not_found">;

/** Makes a discount. */
export async function createDiscount(
  deps: Deps,
  context: Context,
  input: NewDiscount,
): Promise<Result<Discount, Refused>> {
  const unknown = await unknownRegion(deps, context, input.regionIds);
  if (unknown) return fail(unknown);
  const now = deps.now();
  const { rule, startsAtMs = Date.parse(now), validDuration, metadata, ...rest } = input;
  const { description, value, allocation, type } = rule;
  const base = { allocation, conditions: conditionsOf(deps, rule.conditions, now) };
  const checked = checkedDiscount({
    ...rest,
    id: deps.newId(),
    ruleId: deps.newId(),
    rule:
      type === "percentage"
        ? { ...base, type, percent: value }
        : type === "fixed"
          ? { ...base, type, amount: value }
          : { ...base, type },
    ...(description !== undefined && { ruleDescription: description }),
    startsAtMs,
    ...(validDuration !== undefined && { validDuration }),
    usageCount: 0,
    ...(metadata && { metadata }),
    createdAt: now,
    updatedAt: now,
  });
  return checked.ok ? inserted(deps, context, checked.value) : checked;
}

/** Makes a code from a dynamic discount. */
export async function createDynamicCode(
  deps: Deps,
  context: Context,
  input: {
    readonly discountId: string;
    readonly code: string;
    readonly usageLimit: number | null;
    readonly metadata?: Readonly<Record<string, unknown>>;
  },
): Promise<Result<Discount, Refused | NotFound>> {
  const { discountId, ...made } = input;
  const parent = await deps.storage.discounts.load(context.store.storeId, discountId);
  if (!parent) return fail({ type: "discount_not_found", discountId });
  const code = dynamicCode(parent, { id: deps.newId(), ...made }, deps.now());
  return code.ok ? inserted(deps, context, code.value) : code;
}

/** Takes a code away that was made from a discount; the answer is that discount. One that is gone is no error. */
export async function deleteDynamicCode(
  deps: Deps,
  { store }: Context,
  discountId: string,
  code: string,
): Promise<Result<Discount, NotFound>> {
  const { discounts } = deps.storage;
  const parent = await discounts.load(store.storeId, discountId);
  if (!parent) return fail({ type: "discount_not_found", discountId });
  const child = await discounts.byCode(store.storeId, discountCode(code));
  if (child?.parentId === discountId) await discounts.delete(store.storeId, child.id);
  return ok(parent);
}

/** Changes what is named of a discount; conditions are added, or get other lists. */
export async function updateDiscount(
  deps: Deps,
  context: Context,
  discountId: string,
  input: Omit<DiscountChange, "conditions"> & {
    readonly conditions?: readonly (NewCondition & { readonly id?: string })[];
  },
): Promise<Result<Discount, Refused | NotFound>> {
  const unknown = await unknownRegion(deps, context, input.regionIds ?? []);
  if (unknown) return fail(unknown);
  const now = deps.now();
  const { conditions, ...rest } = input;
  const change = { ...rest, ...(conditions && { conditions: conditionsOf(deps, conditions, now) }) };
  const { value, allocation, ruleDescription, regionIds } = input;
  const touchesRule = [value, allocation, ruleDescription, regionIds, conditions].some(
    (one) => one !== undefined,
  );
  return changed(deps, context, discountId, (discount) => changeDiscount(discount, change, now), touchesRule);
}

/** Adds a region to those of a discount, or takes it away; once more is as good as once. */
export async function changeRegionOfDiscount(
  deps: Deps,
  context: Context,
  discountId: string,
  regionId: string,
  action: "add" | "remove",
): Promise<Result<Discount, Refused | NotFound>> {
  const unknown = action === "add" ? await unknownRegion(deps, context, [regionId]) : undefined;
  if (unknown) return fail(unknown);
  const now = deps.now();
  return changed(deps, context, discountId, (discount) => {
    const others = discount.regionIds.filter((id) => id !== regionId);
    return changeDiscount(discount, { regionIds: action === "add" ? [...others, regionId] : others }, now);
  });
}

/** Adds a condition to a discount's rule; where there is one of its type and operator, the lists are put together. */
export function addCondition(
  deps: Deps,
  context: Context,
  discountId: string,
  conditions: readonly NewCondition[],
): Promise<Result<Discount, Refused | NotFound>> {
  const now = deps.now();
  const made = conditionsOf(deps, conditions, now);
  return changed(deps, context, discountId, (discount) => {
    const merged = made.reduce<readonly DiscountCondition[]>((all, one) => {
      const same = all.find(({ type, operator }) => type === one.type && operator === one.operator);
      return withCondition(all, { ...one, ids: [...new Set([...(same?.ids ?? []), ...one.ids])] });
    }, discount.rule.conditions);
    return ok(withConditions(discount, merged, now));
  });
}

/** Changes the list of one condition: `change` says what becomes of it, undefined takes the condition away. */
export function changeCondition(
  deps: Deps,
  context: Context,
  discountId: string,
  conditionId: string,
  change: (condition: DiscountCondition) => readonly string[] | undefined,
): Promise<Result<Discount, Refused | NotFound | SalesRefusalOf<"discount_condition_not_found">>> {
  const now = deps.now();
  return changed(deps, context, discountId, (discount) => {
    const { conditions } = discount.rule;
    const one = conditions.find(({ id }) => id === conditionId);
    if (!one) return fail({ type: "discount_condition_not_found", conditionId } as const);
    const ids = change(one);
    const others = ids
      ? withCondition(conditions, { ...one, ids: [...new Set(ids)], updatedAt: now })
      : conditions.filter((condition) => condition !== one);
    return ok(withConditions(discount, others, now));
  });
}

async function inserted(
  deps: Deps,
  { store }: Context,
  discount: Discount,
): Promise<Result<Discount, Refused>> {
  const saved = await deps.storage.discounts.insert(store.storeId, discount);
  return saved === "saved" ? ok(discount) : fail({ type: "discount_code_taken", code: discount.code });
}

async function changed<Refusal>(
  deps: Deps,
  { store }: Context,
  discountId: string,
  change: (discount: Discount) => Result<Discount, Refusal>,
  touchesRule = true,
): Promise<Result<Discount, Refusal | Refused | NotFound>> {
  let code = "";
  const outcome = await deps.storage.discounts.change<Refusal | Refused>(
    store.storeId,
    discountId,
    (discount) => {
      if (touchesRule && discount.parentId !== undefined) {
        return fail({ type: "discount_rule_is_parents", code: discount.code });
      }
      const next = change(discount);
      code = next.ok ? next.value.code : "";
      return next;
    },
  );
  switch (outcome.kind) {
    case "saved":
      return ok(outcome.discount);
    case "refused":
      return fail(outcome.refusal);
    case "code_taken":
      return fail({ type: "discount_code_taken", code });
    case "not_found":
      return fail({ type: "discount_not_found", discountId });
  }
}

function conditionsOf(
  deps: Pick<Deps, "newId">,
  conditions: readonly (NewCondition & { readonly id?: string })[],
  now: string,
): readonly DiscountCondition[] {
  return conditions
    .map((one) => ({ ...one, id: one.id ?? deps.newId(), createdAt: now, updatedAt: now }))
    .reduce(withCondition, []);
}

async function unknownRegion(
  deps: Deps,
  { store }: Context,
  regionIds: readonly string[],
): Promise<SalesRefusalOf<"region_not_found"> | undefined> {
  if (regionIds.length === 0) return undefined;
  const { regions } = await deps.storage.records.setup(store.storeId);
  const regionId = regionIds.find((wanted) => !regions.some(({ id }) => id === wanted));
  return regionId === undefined ? undefined : { type: "region_not_found", regionId };
}
