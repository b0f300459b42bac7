import Type from "typebox";
import { MAX_AMOUNT } from "../../domain/money.ts";
import { money, requiredText, text } from "./schemas.ts";

// What custom discounts are asked for and answer with.

/** Less than nothing: a discount takes off. */
const amount = Type.Integer({ minimum: -MAX_AMOUNT, maximum: -1 });

const members = {
  external_id: requiredText(),
  discount_engine: requiredText(),
  description: text(),
  discount_code: requiredText(),
};

const currency = Type.Optional(text(3));
const item = Type.Optional(Type.Object({ data: Type.Object({ id: requiredText() }) }));

/** One entry as it is checked: an amount that came as an object is a number by then, its currency beside it. */
export const customDiscountEntry = Type.Object({
  ...members,
  amount,
  currency,
  relationships: Type.Optional(Type.Object({ item })),
});

/** A change as it is checked; members that are absent stay. */
export const customDiscountChange = Type.Partial(Type.Object({ ...members, amount, currency }));

const amountAsSent = Type.Union([amount, Type.Object({ amount, currency })]);
const shownEntry = Type.Object({
  type: Type.Optional(Type.Literal("custom_discount")),
  ...members,
  amount: amountAsSent,
});
const shownBulkEntry = Type.Object({
  ...shownEntry.properties,
  relationships: Type.Optional(Type.Object({ item })),
});

const options = Type.Optional(Type.Object({ add_all_or_nothing: Type.Optional(Type.Boolean()) }));

/** Bodies as far as they are checked before their entries are. */
export const looseBody = Type.Object({ data: Type.Unknown(), options });

export const shownItemDiscounts = Type.Object({
  data: Type.Union([shownEntry, Type.Array(shownEntry)]),
  options,
});
export const shownCartDiscounts = Type.Object({
  data: Type.Union([shownBulkEntry, Type.Array(shownBulkEntry)]),
  options,
});
export const shownDiscountChange = Type.Object({
  data: Type.Partial(Type.Object({ ...shownEntry.properties })),
});

export const customDiscount = Type.Object({
  id: Type.String(),
  type: Type.Literal("custom_discount"),
  external_id: Type.String(),
  discount_engine: Type.String(),
  amount: money,
  description: Type.String(),
  discount_code: Type.String(),
  relationships: Type.Optional(
    Type.Object({
      item: Type.Object({
        data: Type.Object({
          type: Type.Union([Type.Literal("cart_item"), Type.Literal("custom_item")]),
          id: Type.String(),
        }),
      }),
    }),
  ),
});
