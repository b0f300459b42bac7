import Type, { type Static, type TSchema } from "typebox";
import { MAX_AMOUNT } from "../../domain/money.ts";
import { one, requiredText, text, timestamps } from "./schemas.ts";

// What promotions are asked for and answer with. The vendor's dashboard sends null for lists that are not used.

/** The eight types of standard promotions. */
export const promotionTypes = [
  "fixed_discount",
  "percent_discount",
  "item_fixed_discount",
  "item_percent_discount",
  "x_for_y",
  "x_for_amount",
  "bundle_fixed_discount",
  "bundle_gift",
] as const;

/** Members of one list of a promotion; its document is read whenever a cart is priced. */
const MAX_MEMBERS = 1_000;
const MAX_UNITS = 1_000_000;

const orNull = <Schema extends TSchema>(schema: Schema) =>
  Type.Unsafe<Static<Schema> | null>({ ...schema, type: [(schema as { type?: unknown }).type, "null"] });

const currency = Type.String({ pattern: "^[A-Z]{3}$" });
const amounts = Type.Array(
  Type.Object({ currency, amount: Type.Integer({ minimum: 0, maximum: MAX_AMOUNT }) }),
  { minItems: 1, maxItems: 100 },
);
const percent = Type.Number({ minimum: 0, maximum: 100, description: "Up to 6 decimals" });
const percents = Type.Array(Type.Object({ currency, percentage: percent }), { minItems: 1, maxItems: 100 });

const names = Type.Array(requiredText(), { maxItems: MAX_MEMBERS });
const someNames = Type.Array(requiredText(), { minItems: 1, maxItems: MAX_MEMBERS });

const attributeValue = Type.Unsafe<string | number | boolean>({
  type: ["string", "number", "boolean"],
  maxLength: 1_000,
});
// The vendor writes one `value` in some places and a list of `values` in others; both are taken in all.
const attribute = Type.Object({
  template: requiredText(),
  field: requiredText(),
  type: Type.Optional(text(50)),
  value: Type.Optional(attributeValue),
  values: Type.Optional(Type.Array(attributeValue, { minItems: 1, maxItems: 100 })),
});
const attributes = Type.Array(attribute, { maxItems: 100 });
const condition = Type.Object({
  attribute: Type.Optional(attribute),
  node: Type.Optional(Type.Object({ values: someNames })),
});
const conditions = Type.Object({
  or: Type.Array(Type.Object({ and: Type.Array(condition, { minItems: 1, maxItems: 100 }) }), {
    maxItems: 100,
  }),
});

const exclude = Type.Object({
  targets: Type.Optional(orNull(names)),
  nodes: Type.Optional(orNull(names)),
  attributes: Type.Optional(orNull(attributes)),
  conditions: Type.Optional(orNull(conditions)),
});
const cartScope = {
  target_catalogs: Type.Optional(orNull(names)),
  exclude: Type.Optional(orNull(exclude)),
};
const itemScope = {
  ...cartScope,
  targets: Type.Optional(
    Type.Unsafe<readonly string[] | "all" | null>({
      type: ["array", "string", "null"],
      items: requiredText(),
      maxItems: MAX_MEMBERS,
      pattern: "^all$",
      description: "SKUs and product ids, or all",
    }),
  ),
  target_nodes: Type.Optional(orNull(names)),
  target_attributes: Type.Optional(orNull(attributes)),
  target_conditions: Type.Optional(orNull(conditions)),
};
const units = Type.Integer({ minimum: 1, maximum: MAX_UNITS });
const requirements = Type.Array(Type.Object({ targets: someNames, quantity: units }), {
  minItems: 1,
  maxItems: 100,
});
const bundle = { requirements, target_catalogs: cartScope.target_catalogs };

/** The member `schema` of each type of promotion. */
export const promotionSchemas = {
  fixed_discount: Type.Object({ currencies: amounts, ...cartScope }),
  percent_discount: Type.Object({ currencies: percents, ...cartScope }),
  item_fixed_discount: Type.Object({ currencies: amounts, ...itemScope }),
  item_percent_discount: Type.Object({ percent, ...itemScope }),
  x_for_y: Type.Object({ x: units, y: Type.Integer({ minimum: 0, maximum: MAX_UNITS }), ...itemScope }),
  x_for_amount: Type.Object({ x: units, currencies: amounts, ...itemScope }),
  bundle_fixed_discount: Type.Object({ currencies: amounts, ...bundle }),
  bundle_gift: Type.Object({
    gifts: Type.Array(requiredText(), { minItems: 1, maxItems: 100, description: "SKUs" }),
    auto_add_free_gift: Type.Optional(orNull(Type.Boolean())),
    ...bundle,
  }),
};

export type WireConditions = Static<typeof conditions>;
export type WireAttribute = Static<typeof attribute>;
export type WireExclude = Static<typeof exclude>;
export type WireItemScope = {
  readonly [Member in keyof typeof itemScope]?: Static<(typeof itemScope)[Member]>;
};

/** The members of all types of schema together. Once it is checked, a type has those that are its own. */
export type WireSchema = WireItemScope & {
  readonly currencies: readonly { currency: string; amount: number; percentage: number }[];
  readonly percent: number;
  readonly x: number;
  readonly y: number;
  readonly requirements: readonly { targets: string[]; quantity: number }[];
  readonly gifts: readonly string[];
  readonly auto_add_free_gift?: boolean | null;
};

const date = Type.String({
  minLength: 1,
  maxLength: 40,
  description: "YYYY-MM-DD, YYYY-MM-DD HH:MM or RFC 3339; in UTC unless it says otherwise",
});
// Some clients send an empty list for no amount.
const someAmounts = orNull(Type.Array(amounts.items, { maxItems: 100 }));

const details = {
  type: Type.Optional(Type.Literal("promotion")),
  name: requiredText(),
  description: Type.Optional(text(10_000)),
  enabled: Type.Optional(Type.Boolean()),
  automatic: Type.Optional(orNull(Type.Boolean())),
  promotion_type: Type.Enum([...promotionTypes]),
  min_cart_value: Type.Optional(someAmounts),
  max_discount_value: Type.Optional(someAmounts),
  max_applications_per_cart: Type.Optional(orNull(Type.Integer({ minimum: 0, maximum: MAX_UNITS }))),
  start: date,
  end: date,
};

// What `schema` must be depends on the type and is checked by the handler.
const anySchema = Type.Object({});
const shownSchema = Type.Union(Object.values(promotionSchemas));

const newDetails = Type.Object({ ...details, schema: anySchema });
export const newPromotionBody = one(newDetails);
export const shownNewPromotion = one(Type.Object({ ...details, schema: shownSchema }));
export const promotionChangesBody = one(Type.Partial(newDetails));
export const shownPromotionChanges = one(Type.Partial(Type.Object({ ...details, schema: shownSchema })));

export type PromotionChanges = Static<typeof promotionChangesBody>["data"];

const answered = {
  type: Type.Literal("promotion"),
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  automatic: Type.Boolean(),
  promotion_type: details.promotion_type,
  schema: shownSchema,
  min_cart_value: Type.Optional(amounts),
  max_discount_value: Type.Optional(amounts),
  max_applications_per_cart: Type.Optional(Type.Integer()),
  start: Type.String(),
  end: Type.String(),
  created_by: Type.String(),
  updated_by: Type.String(),
  meta: Type.Object({ timestamps }),
};

export const promotionSchema = Type.Object({ ...answered, links: Type.Object({ self: Type.String() }) });

/** A promotion as it is or was; `current` is true for the one that it is. */
export const promotionVersionSchema = Type.Object({
  ...answered,
  parent_id: Type.String(),
  current: Type.Boolean(),
});
