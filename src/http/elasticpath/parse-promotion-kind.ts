import type {
  AttributeMatch,
  CartScope,
  Condition,
  ItemScope,
  PromotionKind,
  Selection,
} from "../../domain/promotions/promotion.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import { type InvalidMember, validatorOf } from "../validation.ts";
import { invalidSchema } from "./invalid-promotion-schema.ts";
import {
  promotionSchemas,
  type WireAttribute,
  type WireConditions,
  type WireExclude,
  type WireItemScope,
  type WireSchema,
} from "./promotion-schemas.ts";

const check = {
  fixed_discount: validatorOf(promotionSchemas.fixed_discount),
  percent_discount: validatorOf(promotionSchemas.percent_discount),
  item_fixed_discount: validatorOf(promotionSchemas.item_fixed_discount),
  item_percent_discount: validatorOf(promotionSchemas.item_percent_discount),
  x_for_y: validatorOf(promotionSchemas.x_for_y),
  x_for_amount: validatorOf(promotionSchemas.x_for_amount),
  bundle_fixed_discount: validatorOf(promotionSchemas.bundle_fixed_discount),
  bundle_gift: validatorOf(promotionSchemas.bundle_gift),
};

/** What a promotion of this type does, as its member `schema` says. Answers what is wrong with it otherwise. */
export function parseKind(
  type: PromotionKind["type"],
  sent: unknown,
): Result<PromotionKind, InvalidMember[]> {
  const invalid = check[type](sent, "data.schema");
  if (invalid.length > 0) return fail(invalid);
  // Checked above; what a type does not have is not read.
  const schema = sent as WireSchema;
  const further = invalidSchema(type, schema);
  return further.length > 0 ? fail(further) : ok(kindOf(type, schema));
}

function kindOf(type: PromotionKind["type"], schema: WireSchema): PromotionKind {
  const amounts = () => schema.currencies.map(({ currency, amount }) => ({ currency, amount }));
  const requirements = () =>
    schema.requirements.map(({ targets, quantity }) => ({ targets: [...targets], quantity }));
  switch (type) {
    case "fixed_discount":
      return { type, amounts: amounts(), scope: cartScopeOf(schema) };
    case "percent_discount":
      return {
        type,
        percents: schema.currencies.map(({ currency, percentage }) => ({ currency, percent: percentage })),
        scope: cartScopeOf(schema),
      };
    case "item_fixed_discount":
      return { type, amounts: amounts(), scope: itemScopeOf(schema) };
    case "item_percent_discount":
      return { type, percent: schema.percent, scope: itemScopeOf(schema) };
    case "x_for_y":
      return { type, x: schema.x, y: schema.y, scope: itemScopeOf(schema) };
    case "x_for_amount":
      return { type, x: schema.x, amounts: amounts(), scope: itemScopeOf(schema) };
    case "bundle_fixed_discount":
      return { type, requirements: requirements(), amounts: amounts(), ...catalogsOf(schema) };
    case "bundle_gift":
      return {
        type,
        requirements: requirements(),
        gifts: [...schema.gifts],
        autoAdd: schema.auto_add_free_gift ?? false,
        ...catalogsOf(schema),
      };
  }
}

function catalogsOf({ target_catalogs: catalogs }: WireItemScope) {
  return { ...(catalogs && catalogs.length > 0 && { catalogs }) };
}

function cartScopeOf(schema: WireItemScope): CartScope {
  const exclude = schema.exclude && excludedBy(schema.exclude);
  return { ...catalogsOf(schema), ...(exclude && Object.keys(exclude).length > 0 && { exclude }) };
}

function itemScopeOf(schema: WireItemScope): ItemScope {
  const { targets } = schema;
  return {
    ...cartScopeOf(schema),
    ...(targets === "all" && { all: true }),
    ...selectionOf(
      targets === "all" ? undefined : targets,
      schema.target_nodes,
      schema.target_attributes,
      schema.target_conditions,
    ),
  };
}

function excludedBy(exclude: WireExclude): Selection {
  return selectionOf(exclude.targets, exclude.nodes, exclude.attributes, exclude.conditions);
}

function selectionOf(
  targets: readonly string[] | null | undefined,
  nodes: readonly string[] | null | undefined,
  attributes: readonly WireAttribute[] | null | undefined,
  conditions: WireConditions | null | undefined,
): Selection {
  return {
    ...(targets && targets.length > 0 && { targets }),
    ...(nodes && nodes.length > 0 && { nodes }),
    ...(attributes && attributes.length > 0 && { attributes: attributes.map(attributeOf) }),
    ...(conditions &&
      conditions.or.length > 0 && { anyOf: conditions.or.map(({ and }) => and.flatMap(conditionsOf)) }),
  };
}

function attributeOf({ template, field, type, value, values }: WireAttribute): AttributeMatch {
  return {
    template,
    field,
    ...(type !== undefined && { type }),
    values: [...(values ?? []), ...(value === undefined ? [] : [value])].map(String),
  };
}

/** One entry may hold both an attribute and a node; then both are asked for. */
function conditionsOf({ attribute, node }: WireConditions["or"][number]["and"][number]): Condition[] {
  return [
    ...(attribute ? [{ attribute: attributeOf(attribute) }] : []),
    ...(node ? [{ nodes: node.values }] : []),
  ];
}
