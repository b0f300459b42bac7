import Type from "typebox";
import type { Condition } from "../../operations/listing.ts";

const texts = ["sku", "hs_code", "mid_code", "origin_country", "material"] as const;
const measures = ["weight", "length", "height", "width"] as const;
const bounds = { lt: "lt", gt: "gt", lte: "le", gte: "ge" } as const;

const word = Type.String({ minLength: 1, maxLength: 255 });
const oneOrMore = Type.Optional(Type.Union([word, Type.Array(word, { minItems: 1, maxItems: 200 })]));
const whole = Type.String({ pattern: "^\\d{1,15}$" });
const measure = Type.Optional(
  Type.Union([
    whole,
    Type.Object(
      {
        lt: Type.Optional(whole),
        gt: Type.Optional(whole),
        lte: Type.Optional(whole),
        gte: Type.Optional(whole),
      },
      { additionalProperties: false },
    ),
  ]),
);

/** What inventory items may be filtered by that is said of their variants: texts, or lists of them; whole numbers, or bounds. */
export const itemFilters = {
  sku: oneOrMore,
  hs_code: oneOrMore,
  mid_code: oneOrMore,
  origin_country: oneOrMore,
  material: oneOrMore,
  weight: measure,
  length: measure,
  height: measure,
  width: measure,
  requires_shipping: Type.Optional(Type.Boolean()),
};

/** The filters as a query has them. */
export type ItemFilters = {
  readonly [Text in (typeof texts)[number]]?: string | readonly string[];
} & {
  readonly [Measure in (typeof measures)[number]]?:
    | string
    | { readonly [Bound in keyof typeof bounds]?: string };
} & { readonly requires_shipping?: boolean };

/** What must hold of the variants that are listed. */
export function itemConditions(query: ItemFilters): Condition[] {
  const conditions: Condition[] = [];
  for (const field of texts) {
    const wanted = query[field];
    if (wanted !== undefined) conditions.push({ field, operator: "in", values: [wanted].flat() });
  }
  for (const field of measures) {
    const wanted = query[field];
    if (typeof wanted === "string") conditions.push({ field, operator: "eq", values: [wanted] });
    else if (wanted !== undefined) {
      for (const [bound, value] of Object.entries(wanted)) {
        conditions.push({ field, operator: bounds[bound as keyof typeof bounds], values: [value] });
      }
    }
  }
  if (query.requires_shipping !== undefined) {
    const commodity = query.requires_shipping ? "physical" : "digital";
    conditions.push({ field: "commodity_type", operator: "eq", values: [commodity] });
  }
  return conditions;
}
