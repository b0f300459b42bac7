import Type, { type Static } from "typebox";
import type { Discount, DiscountCondition } from "../../domain/region/discount.ts";
import type { Region } from "../../domain/region/region.ts";
import { wireId } from "./ids.ts";
import { discountColumns } from "./joined-columns.ts";
import { plainRegionSchema, renderPlainRegion } from "./render-region.ts";
import { dateTime, metadata, nullable, textOrNull, timestamps } from "./schemas.ts";

const row = {
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  code: Type.String(),
  is_dynamic: Type.Boolean(),
  rule_id: Type.String(),
  is_disabled: Type.Boolean(),
  parent_discount_id: textOrNull,
  starts_at: dateTime,
  ends_at: nullable(dateTime),
  valid_duration: textOrNull,
  usage_limit: nullable(Type.Integer()),
  usage_count: Type.Integer(),
  metadata: nullable(metadata),
} as const;

const rule = {
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  description: textOrNull,
  type: Type.String(),
  value: Type.Number(),
  allocation: Type.String(),
  metadata: Type.Null(),
} as const;

/** A condition; what it lists is not shown with it. */
export const discountConditionSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  type: Type.String(),
  operator: Type.String(),
  discount_rule_id: Type.String(),
  metadata: Type.Null(),
});

/** A discount as the staff sees it. */
export const discountSchema = Type.Object({
  ...row,
  parent_discount: nullable(Type.Object(row)),
  regions: Type.Array(plainRegionSchema),
  rule: Type.Object({ ...rule, conditions: Type.Array(discountConditionSchema) }),
});

/** A discount with all that it consists of; `parent` is the one that a code was made from. */
export function renderDiscount(
  discount: Discount,
  regions: readonly Region[],
  parent: Discount | undefined,
): Static<typeof discountSchema> {
  const { rule: shownRule, ...columns } = discountColumns(discount);
  const conditions = discount.rule.conditions.map((one) => renderCondition(one, discount.ruleId));
  return {
    ...columns,
    parent_discount: parent ? withoutRule(parent) : null,
    regions: regions.filter(({ id }) => discount.regionIds.includes(id)).map(renderPlainRegion),
    rule: { ...shownRule, conditions },
  };
}

function withoutRule(discount: Discount) {
  const { rule: _, ...columns } = discountColumns(discount);
  return columns;
}

/** A condition of the rule of that id. */
export function renderCondition(
  condition: DiscountCondition,
  ruleId: string,
): Static<typeof discountConditionSchema> {
  return {
    id: wireId("discon", condition.id),
    created_at: condition.createdAt,
    updated_at: condition.updatedAt,
    deleted_at: null,
    type: condition.type,
    operator: condition.operator,
    discount_rule_id: wireId("dru", ruleId),
    metadata: null,
  };
}
