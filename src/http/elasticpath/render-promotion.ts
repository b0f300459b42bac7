import type {
  AttributeMatch,
  CartScope,
  Condition,
  ItemScope,
  PromotionKind,
  Selection,
} from "../../domain/promotions/promotion.ts";
import type { PromotionVersion, StoredPromotion } from "../../operations/ports/promotions.ts";
import type { Call } from "../route.ts";

/** A promotion in the vendor's members. */
export function renderPromotion({ baseUrl }: Pick<Call, "baseUrl">, promotion: StoredPromotion) {
  return {
    ...members(promotion),
    id: promotion.id,
    links: { self: `${baseUrl}/v2/promotions/${promotion.id}` },
  };
}

/** One entry of a promotion's history. */
export function renderVersion({ versionId, isCurrent, promotion }: PromotionVersion) {
  return { ...members(promotion), id: versionId, parent_id: promotion.id, current: isCurrent };
}

function members(promotion: StoredPromotion) {
  const { minCartValue, maxDiscountValue, maxApplicationsPerCart } = promotion;
  return {
    type: "promotion",
    name: promotion.name,
    description: promotion.description,
    enabled: promotion.enabled,
    automatic: promotion.automatic,
    promotion_type: promotion.kind.type,
    schema: renderSchema(promotion.kind),
    ...(minCartValue && { min_cart_value: minCartValue }),
    ...(maxDiscountValue && { max_discount_value: maxDiscountValue }),
    ...(maxApplicationsPerCart !== undefined && { max_applications_per_cart: maxApplicationsPerCart }),
    start: promotion.start,
    end: promotion.end,
    created_by: promotion.createdBy,
    updated_by: promotion.updatedBy,
    meta: { timestamps: { created_at: promotion.createdAt, updated_at: promotion.updatedAt } },
  };
}

/** The member `schema`. What is read back from it is the same kind. */
export function renderSchema(kind: PromotionKind): Readonly<Record<string, unknown>> {
  switch (kind.type) {
    case "fixed_discount":
      return { currencies: kind.amounts, ...renderCartScope(kind.scope) };
    case "percent_discount":
      return {
        currencies: kind.percents.map(({ currency, percent }) => ({ currency, percentage: percent })),
        ...renderCartScope(kind.scope),
      };
    case "item_fixed_discount":
      return { currencies: kind.amounts, ...renderItemScope(kind.scope) };
    case "item_percent_discount":
      return { percent: kind.percent, ...renderItemScope(kind.scope) };
    case "x_for_y":
      return { x: kind.x, y: kind.y, ...renderItemScope(kind.scope) };
    case "x_for_amount":
      return { x: kind.x, currencies: kind.amounts, ...renderItemScope(kind.scope) };
    case "bundle_fixed_discount":
      return {
        requirements: kind.requirements,
        currencies: kind.amounts,
        ...(kind.catalogs && { target_catalogs: kind.catalogs }),
      };
    case "bundle_gift":
      return {
        requirements: kind.requirements,
        gifts: kind.gifts,
        auto_add_free_gift: kind.autoAdd,
        ...(kind.catalogs && { target_catalogs: kind.catalogs }),
      };
  }
}

function renderCartScope({ catalogs, exclude }: CartScope) {
  return {
    ...(catalogs && { target_catalogs: catalogs }),
    ...(exclude && { exclude: renderSelection(exclude, "") }),
  };
}

function renderItemScope(scope: ItemScope) {
  return {
    ...renderCartScope(scope),
    ...renderSelection(scope, "target_"),
    ...(scope.all && { targets: "all" }),
  };
}

function renderSelection(selection: Selection, prefix: "" | "target_") {
  const { targets, nodes, attributes, anyOf } = selection;
  return {
    ...(targets && { targets }),
    ...(nodes && { [`${prefix}nodes`]: nodes }),
    ...(attributes && {
      [`${prefix}attributes`]: attributes.map(({ values, ...match }) => {
        const rendered = values.map((value) => renderValue(match.type, value));
        return { ...match, ...(rendered.length === 1 ? { value: rendered[0] } : { values: rendered }) };
      }),
    }),
    ...(anyOf && {
      [`${prefix}conditions`]: { or: anyOf.map((group) => ({ and: group.map(renderCondition) })) },
    }),
  };
}

function renderCondition(condition: Condition) {
  if ("nodes" in condition) return { node: { values: condition.nodes } };
  const { values, ...match } = condition.attribute;
  return { attribute: { ...match, values: values.map((value) => renderValue(match.type, value)) } };
}

/** Values are kept as texts; the vendor's clients want numbers and booleans where the field has such. */
function renderValue(type: AttributeMatch["type"], value: string): string | number | boolean {
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  const number = Number(value);
  return (type === "integer" || type === "float") && String(number) === value ? number : value;
}
