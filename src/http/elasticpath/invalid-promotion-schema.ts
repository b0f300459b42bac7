import type { PromotionKind } from "../../domain/promotions/promotion.ts";
import type { InvalidMember } from "../validation.ts";
import type { WireAttribute, WireConditions, WireItemScope, WireSchema } from "./promotion-schemas.ts";

/** What is wrong with a member `schema` beyond what the JSON schema of its type says. */
export function invalidSchema(type: PromotionKind["type"], schema: WireSchema): InvalidMember[] {
  return [
    ...repeatedCurrencies(schema.currencies ?? [], "data.schema.currencies"),
    ...(isBundle(type) ? [] : invalidScope(type, schema)),
    ...invalidNumbers(type, schema),
  ];
}

function isBundle(type: PromotionKind["type"]): boolean {
  return type === "bundle_fixed_discount" || type === "bundle_gift";
}

function invalidScope(type: PromotionKind["type"], schema: WireItemScope): InvalidMember[] {
  const missing = (path: string): InvalidMember => ({
    path: `data.schema.${path}`,
    keyword: "required",
    expected: undefined,
    value: undefined,
  });
  const lacks = [
    ...attributesWithoutValue(schema.target_attributes, schema.target_conditions).map((at) =>
      missing(`target_${at}`),
    ),
    ...attributesWithoutValue(schema.exclude?.attributes, schema.exclude?.conditions).map((at) =>
      missing(`exclude.${at}`),
    ),
  ];
  if (type === "fixed_discount" || type === "percent_discount") return lacks;
  const { targets, target_nodes, target_attributes, target_conditions, target_catalogs } = schema;
  const chosen = [targets, target_nodes, target_attributes, target_conditions?.or, target_catalogs];
  // With none of these it would mean no product at all.
  if (chosen.every((list) => !list || list.length === 0)) return [...lacks, missing("targets")];
  if (schema.targets === "all" && (schema.target_nodes?.length ?? 0) > 0) {
    const path = "data.schema.target_nodes";
    return [...lacks, { path, keyword: "maxItems", expected: 0, value: schema.target_nodes }];
  }
  return lacks;
}

/** Where an attribute says no value, or an entry of a condition nothing at all. */
function attributesWithoutValue(
  attributes: readonly WireAttribute[] | null | undefined,
  conditions: WireConditions | null | undefined,
): string[] {
  const lacks = ({ value, values }: WireAttribute) => value === undefined && values === undefined;
  return [
    ...(attributes ?? []).flatMap((attribute, index) =>
      lacks(attribute) ? [`attributes.${index}.value`] : [],
    ),
    ...(conditions?.or ?? []).flatMap(({ and }, group) =>
      and.flatMap(({ attribute, node }, index) => {
        const at = `conditions.or.${group}.and.${index}.attribute`;
        if (!attribute) return node ? [] : [at];
        return lacks(attribute) ? [`${at}.values`] : [];
      }),
    ),
  ];
}

function invalidNumbers(type: PromotionKind["type"], schema: WireSchema): InvalidMember[] {
  if (type === "x_for_y" && schema.y >= schema.x) {
    return [{ path: "data.schema.y", keyword: "maximum", expected: schema.x - 1, value: schema.y }];
  }
  if (type === "item_percent_discount") return invalidPercent("data.schema.percent", schema.percent);
  if (type !== "percent_discount") return [];
  return schema.currencies.flatMap(({ percentage }, index) =>
    invalidPercent(`data.schema.currencies.${index}.percentage`, percentage),
  );
}

function invalidPercent(path: string, percent: number): InvalidMember[] {
  const kept = Math.round(percent * 1e6) / 1e6;
  return kept === percent ? [] : [{ path, keyword: "multipleOf", expected: 0.000001, value: percent }];
}

/** A list that has a currency twice would be read in two ways. */
export function repeatedCurrencies(entries: readonly { currency: string }[], path: string): InvalidMember[] {
  const currencies = entries.map(({ currency }) => currency);
  if (new Set(currencies).size === currencies.length) return [];
  return [{ path, keyword: "uniqueItems", expected: undefined, value: currencies }];
}
