import Type, { type Static, type TSchema } from "typebox";
import { MAX_AMOUNT } from "../../domain/money.ts";
import type { RuleAction } from "../../domain/rule-promotions/rule-promotion.ts";
import { one, requiredText, text, timestamps } from "./schemas.ts";

// What rule promotions are asked for and answer with. The vendor's dashboard sends null for lists that are not used.

const MAX_UNITS = 1_000_000;

const orNull = <Schema extends TSchema>(schema: Schema) =>
  Type.Unsafe<Static<Schema> | null>({ ...schema, type: [(schema as { type?: unknown }).type, "null"] });

const amount = Type.Integer({ minimum: 0, maximum: MAX_AMOUNT });
const units = Type.Integer({ minimum: 1, maximum: MAX_UNITS });

/** A word, then numbers. */
const args = (word: string, numbers: readonly TSchema[]) => ({
  type: "array",
  minItems: numbers.length + 1,
  maxItems: numbers.length + 1,
  prefixItems: [{ const: word }, ...numbers],
});
const fixed = args("fixed", [amount]);
const percent = args("percent", [Type.Number({ minimum: 0, maximum: 100, description: "Up to 6 decimals" })]);
const fixedPrice = args("fixed_price", [amount]);
const fixedPriceOfUnits = args("fixed_price", [units, amount]);

// What is within is checked by the handler, with the strategy in hand.
const condition = Type.Object({ strategy: text(50) });
const maxDiscount = { max_discount: Type.Optional(orNull(amount)) };
const limitations = Type.Optional(orNull(Type.Object(maxDiscount)));

const action = <Args extends readonly unknown[]>(choices: readonly object[], more: Record<string, TSchema>) =>
  Type.Object({
    id: Type.Optional(text(255)),
    args: Type.Unsafe<Args>({ anyOf: choices }),
    condition: Type.Optional(orNull(condition)),
    ...more,
  });

/** The actions by their strategy. */
export const actionSchemas = {
  cart_discount: action([fixed, percent], { limitations }),
  item_discount: action([fixed, percent, fixedPriceOfUnits], {
    limitations: Type.Optional(
      orNull(
        Type.Object({
          ...maxDiscount,
          max_quantity: Type.Optional(orNull(units)),
          items: Type.Optional(
            orNull(
              Type.Object({
                max_items: units,
                price_strategy: Type.Optional(
                  Type.Unsafe<"cheapest" | "expensive" | null>({ enum: ["cheapest", "expensive", null] }),
                ),
                auto_add: Type.Optional(
                  Type.Literal(false, {
                    description:
                      "Items are never added by a rule promotion: a standard one gives free gifts.",
                  }),
                ),
                show_suggestions: Type.Optional(Type.Boolean()),
              }),
            ),
          ),
        }),
      ),
    ),
  }),
  items_bundle_discount: action([fixed, percent, fixedPrice], { limitations }),
  shipping_discount: action([fixed, percent, fixedPrice], {}),
};

export type ActionStrategy = keyof typeof actionSchemas;

/** The members of all actions together. Once it is checked, an action has those that are its own. */
export type WireAction = {
  readonly strategy: ActionStrategy;
  readonly args: RuleAction["args"];
  readonly condition?: unknown;
  readonly limitations?: {
    readonly max_discount?: number | null;
    readonly max_quantity?: number | null;
    readonly items?: {
      readonly max_items: number;
      readonly price_strategy?: "cheapest" | "expensive" | null;
      readonly auto_add?: boolean;
      readonly show_suggestions?: boolean;
    } | null;
  } | null;
};

const date = Type.String({
  minLength: 1,
  maxLength: 40,
  description: "YYYY-MM-DD, YYYY-MM-DD HH:MM or RFC 3339; in UTC unless it says otherwise",
});

const ruleSet = {
  catalog_ids: Type.Optional(orNull(Type.Array(requiredText(), { maxItems: 1_000 }))),
  currencies: Type.Optional(orNull(Type.Array(Type.String({ pattern: "^[A-Z]{3}$" }), { maxItems: 100 }))),
  rules: Type.Optional(orNull(condition)),
  actions: Type.Array(Type.Object({ strategy: Type.Enum(Object.keys(actionSchemas) as ActionStrategy[]) }), {
    minItems: 1,
    maxItems: 20,
  }),
};

const details = {
  type: Type.Optional(Type.Literal("rule_promotion")),
  name: requiredText(),
  description: Type.Optional(orNull(text(10_000))),
  enabled: Type.Optional(Type.Boolean()),
  automatic: Type.Optional(orNull(Type.Boolean())),
  priority: Type.Optional(
    orNull(Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000, description: "Highest first" })),
  ),
  stackable: Type.Optional(orNull(Type.Boolean())),
  override_stacking: Type.Optional(orNull(Type.Boolean())),
  start: date,
  end: date,
};

export const newRulePromotionBody = one(Type.Object({ ...details, rule_set: Type.Object(ruleSet) }));
export const rulePromotionChangesBody = one(
  Type.Partial(Type.Object({ ...details, rule_set: Type.Partial(Type.Object(ruleSet)) })),
);
export type RulePromotionChanges = Static<typeof rulePromotionChangesBody>["data"];

/** A rule promotion as it is answered. */
export const rulePromotionSchema = Type.Object({
  type: Type.Literal("rule_promotion"),
  id: Type.String(),
  store_id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  automatic: Type.Boolean(),
  priority: Type.Optional(Type.Integer()),
  stackable: Type.Boolean(),
  override_stacking: Type.Boolean(),
  rule_set: Type.Object({
    catalog_ids: Type.Array(Type.String()),
    currencies: Type.Array(Type.String()),
    rules: Type.Optional(Type.Object({ strategy: Type.String() })),
    actions: Type.Array(Type.Object({ strategy: Type.String(), args: Type.Array(Type.Unknown()) })),
  }),
  start: Type.String(),
  end: Type.String(),
  created_by: Type.String(),
  updated_by: Type.String(),
  meta: Type.Object({ timestamps }),
  links: Type.Object({ self: Type.String() }),
});
