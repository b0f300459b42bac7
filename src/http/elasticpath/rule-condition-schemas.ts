import Type, { type TSchema } from "typebox";
import { MAX_AMOUNT, MAX_TOTAL } from "../../domain/money.ts";
import { requiredText } from "./schemas.ts";

// One condition of a rule promotion, by its strategy and without its children. The bounds on lists are the vendor's.

const MAX_UNITS = 1_000_000;

const comparison = Type.Enum(["eq", "ne", "gt", "gte", "lt", "lte"]);
const membership = Type.Enum(["in", "nin"]);
const names = Type.Array(requiredText(), { minItems: 1, maxItems: 400 });
const oneNumber = (maximum: number) =>
  Type.Array(Type.Integer({ minimum: 0, maximum }), { minItems: 1, maxItems: 1 });

/** What a value of an attribute or field may be. */
const value = { type: ["string", "boolean", "number"], maxLength: 1_000, maximum: 1e15, minimum: -1e15 };

/** Some texts, then values. */
const valuesAfter = (texts: readonly TSchema[], maxItems: number) =>
  Type.Unsafe<readonly (string | number | boolean)[]>({
    type: "array",
    minItems: texts.length + 1,
    maxItems,
    prefixItems: texts,
    items: value,
  });

const cartTotal = Type.Unsafe<{ operator: string; args: number[] }>({
  type: "object",
  required: ["operator", "args"],
  properties: {
    operator: Type.Enum(["eq", "ne", "gt", "gte", "lt", "lte", "range"]),
    args: Type.Array(Type.Integer({ minimum: 0, maximum: MAX_TOTAL }), { minItems: 1, maxItems: 2 }),
  },
  if: { properties: { operator: { const: "range" } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
  then: { properties: { args: { minItems: 2 } } },
  else: { properties: { args: { maxItems: 1 } } },
});

/** The conditions that have no conditions within, or may have. */
export const leafSchemas = {
  cart_total: cartTotal,
  cart_custom_attribute: Type.Object({
    operator: Type.Enum(["in", "nin", "eq", "ne", "gt", "gte", "lt", "lte"]),
    args: valuesAfter(
      [
        Type.String({ pattern: "^[A-Za-z0-9_-]{1,255}$" }),
        Type.Enum(["string", "boolean", "integer", "float"]),
      ],
      22,
    ),
  }),
  account_tags: Type.Object({
    operator: Type.Enum(["contains_all", "contains_any", "not_contains_any", "not_contains_all"]),
    args: Type.Array(requiredText(), { minItems: 1, maxItems: 25 }),
  }),
  shipping_type: Type.Object({ operator: Type.Literal("in"), args: names }),
  item_price: Type.Object({ operator: comparison, args: oneNumber(MAX_AMOUNT) }),
  item_quantity: Type.Object({ operator: comparison, args: oneNumber(MAX_UNITS) }),
  item_sku: Type.Object({ operator: membership, args: names }),
  item_product_id: Type.Object({ operator: membership, args: names }),
  item_category: Type.Object({ operator: membership, args: names }),
  item_identifier: Type.Object({
    operator: membership,
    args: Type.Array(
      Type.Object({
        skus: Type.Optional(Type.Array(requiredText(), { maxItems: 400 })),
        ids: Type.Optional(Type.Array(requiredText(), { maxItems: 400 })),
      }),
      { minItems: 1, maxItems: 1 },
    ),
  }),
  item_attribute: Type.Object({
    operator: membership,
    args: valuesAfter(
      [requiredText(), requiredText(), Type.Enum(["string", "boolean", "integer", "float", "date"])],
      23,
    ),
  }),
};

export type LeafStrategy = keyof typeof leafSchemas;
