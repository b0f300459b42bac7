import Type from "typebox";
import { MAX_QUANTITY } from "../../domain/cart/cart.ts";
import { MAX_AMOUNT } from "../../domain/money.ts";
import { MAX_RATE } from "../../domain/pricing/rate.ts";
import { customDiscount } from "./custom-discount-schemas.ts";
import { email, money, requiredText, text, timestamps } from "./schemas.ts";

// What carts are asked for and answer with.

export const quantity = Type.Integer({ minimum: 1, maximum: MAX_QUANTITY });
export const amount = Type.Integer({ minimum: 0, maximum: MAX_AMOUNT });

/** What a shopper may write on a line. */
export const customInputs = Type.Record(Type.String({ maxLength: 255 }), Type.Unknown(), {
  maxProperties: 50,
});

const taxMembers = {
  type: Type.Optional(Type.String()),
  name: Type.Optional(text(255)),
  jurisdiction: Type.Optional(text(255)),
  code: Type.Optional(text(255)),
};

const rate = Type.Number({ minimum: 0, maximum: MAX_RATE });

/** A tax to put on a line; that it has a rate or an amount, and not both, is checked beside this. */
export const taxBody = Type.Object({
  ...taxMembers,
  rate: Type.Optional(Type.Union([rate, Type.Null()])),
  amount: Type.Optional(Type.Union([amount, Type.Null()])),
});

export const taxItem = Type.Object({
  id: Type.String(),
  type: Type.Literal("tax_item"),
  name: Type.Optional(Type.String()),
  jurisdiction: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  rate: Type.Optional(Type.Number()),
  amount: Type.Optional(Type.Integer()),
});

export const cartItemBody = Type.Object({
  type: Type.Literal("cart_item"),
  id: Type.Optional(requiredText()),
  sku: Type.Optional(requiredText()),
  quantity,
  custom_inputs: Type.Optional(customInputs),
  location: Type.Optional(requiredText()),
  shipping_group_id: Type.Optional(requiredText()),
  tax: Type.Optional(Type.Array(taxBody, { maxItems: 100 })),
});

export const customItemBody = Type.Object({
  type: Type.Literal("custom_item"),
  name: requiredText(),
  quantity,
  price: Type.Object({ amount, includes_tax: Type.Optional(Type.Boolean()) }),
  sku: Type.Optional(text(255)),
  description: Type.Optional(text(10_000)),
  custom_inputs: Type.Optional(customInputs),
  shipping_group_id: Type.Optional(requiredText()),
  tax: Type.Optional(Type.Array(taxBody, { maxItems: 100 })),
});

export const promotionItemBody = Type.Object({ type: Type.Literal("promotion_item"), code: requiredText() });
export const mergeBody = Type.Object({ type: Type.Literal("cart_items"), cart_id: requiredText() });
export const reorderBody = Type.Object({ type: Type.Literal("order_items"), order_id: requiredText() });

/** What one entry of the items route may be, by its `type`. */
export const itemBodies = {
  cart_item: cartItemBody,
  custom_item: customItemBody,
  promotion_item: promotionItemBody,
  cart_items: mergeBody,
  order_items: reorderBody,
} as const;

export const itemChangeBody = Type.Object({
  type: Type.Optional(Type.String()),
  id: Type.Optional(Type.String()),
  quantity: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_QUANTITY })),
  custom_inputs: Type.Optional(customInputs),
  location: Type.Optional(requiredText()),
  /** "" or null: none any more. */
  shipping_group_id: Type.Optional(Type.Union([text(255), Type.Null()])),
  name: Type.Optional(requiredText()),
  sku: Type.Optional(text(255)),
  description: Type.Optional(text(10_000)),
  price: Type.Optional(
    Type.Object({ amount: Type.Optional(amount), includes_tax: Type.Optional(Type.Boolean()) }),
  ),
});

const attribute = Type.Union([
  Type.Object({ type: Type.Literal("string"), value: text(2048) }),
  Type.Object({
    type: Type.Literal("integer"),
    value: Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  }),
  Type.Object({ type: Type.Literal("boolean"), value: Type.Boolean() }),
  Type.Object({ type: Type.Literal("float"), value: Type.Number() }),
]);

export const cartBody = Type.Object({
  data: Type.Object({
    id: Type.Optional(Type.String()),
    name: Type.Optional(requiredText()),
    description: Type.Optional(text(10_000)),
    contact: Type.Optional(Type.Object({ email: Type.Optional(Type.Union([email, Type.Literal("")])) })),
    custom_attributes: Type.Optional(
      Type.Record(Type.String({ maxLength: 255 }), attribute, { maxProperties: 100 }),
    ),
    discount_settings: Type.Optional(
      Type.Object({
        custom_discounts_enabled: Type.Optional(Type.Boolean()),
        use_rule_promotions: Type.Optional(Type.Boolean()),
      }),
    ),
    inventory_settings: Type.Optional(Type.Object({ defer_inventory_check: Type.Optional(Type.Boolean()) })),
    item_settings: Type.Optional(Type.Object({ separate_items_by_location: Type.Optional(Type.Boolean()) })),
    snapshot_date: Type.Optional(Type.String({ format: "date-time" })),
  }),
});

const unitAndValue = Type.Object({ unit: money, value: money });

/** `meta.display_price` of a line. */
export const lineDisplayPrice = Type.Object({
  with_tax: unitAndValue,
  without_tax: unitAndValue,
  tax: unitAndValue,
  discount: unitAndValue,
  without_discount: unitAndValue,
});

/** `meta.display_price` of a cart. */
export const cartDisplayPrice = Type.Object({
  with_tax: money,
  without_tax: money,
  tax: money,
  discount: money,
  without_discount: money,
  shipping: money,
  shipping_discount: money,
});

export const enteredPrice = Type.Object({
  amount: Type.Integer(),
  currency: Type.String(),
  includes_tax: Type.Boolean(),
});

/** `relationships.custom_discounts`, absent where there are none. */
export const discountRelations = Type.Optional(
  Type.Object({
    data: Type.Array(Type.Object({ type: Type.Literal("custom_discount"), id: Type.String() })),
  }),
);

const cartTimestamps = Type.Object({
  created_at: Type.String({ format: "date-time" }),
  updated_at: Type.String({ format: "date-time" }),
  expires_at: Type.String({ format: "date-time" }),
});

export const cartItem = Type.Object({
  id: Type.String(),
  type: Type.Union([Type.Literal("cart_item"), Type.Literal("custom_item"), Type.Literal("promotion_item")]),
  product_id: Type.Optional(Type.String()),
  promotion_id: Type.Optional(Type.String()),
  promotion_source: Type.Optional(Type.Literal("rule-promotion")),
  name: Type.String(),
  description: Type.String(),
  sku: Type.String(),
  slug: Type.String(),
  image: Type.Object({ mime_type: Type.String(), file_name: Type.String(), href: Type.String() }),
  quantity: Type.Integer({ minimum: 1 }),
  manage_stock: Type.Boolean(),
  unit_price: enteredPrice,
  value: enteredPrice,
  shipping_group_id: Type.Optional(Type.String()),
  relationships: Type.Optional(Type.Object({ custom_discounts: discountRelations })),
  links: Type.Object({ product: Type.Optional(Type.String()) }),
  meta: Type.Object({ display_price: lineDisplayPrice, timestamps }),
});

/** What a shopper could do to get a promotion. */
const promotionSuggestions = Type.Optional(
  Type.Array(
    Type.Object({
      promotion_id: Type.String(),
      code: Type.String(),
      info: Type.String(),
      message: Type.String(),
      bundle: Type.Optional(
        Type.Array(
          Type.Object({
            targets: Type.Optional(Type.Array(Type.String())),
            quantity: Type.Integer(),
            auto_add_free_gift: Type.Optional(Type.Boolean()),
          }),
        ),
      ),
    }),
  ),
);

const messages = Type.Optional(
  Type.Array(
    Type.Object({
      source: Type.Object({ type: Type.String(), id: Type.String(), code: Type.Optional(Type.String()) }),
      title: Type.String(),
      description: Type.String(),
    }),
  ),
);

/** A promotion behind a line, in short. */
export const shownPromotion = Type.Object({
  type: Type.Literal("promotion"),
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  automatic: Type.Boolean(),
  promotion_type: Type.String(),
  start: Type.String(),
  end: Type.String(),
});

const owners = Type.Object({
  data: Type.Optional(Type.Array(Type.Object({ type: Type.String(), id: Type.String() }))),
});

export const cart = Type.Object({
  id: Type.String(),
  type: Type.Literal("cart"),
  name: Type.String(),
  description: Type.String(),
  discount_settings: Type.Object({
    custom_discounts_enabled: Type.Boolean(),
    use_rule_promotions: Type.Boolean(),
  }),
  links: Type.Object({ self: Type.String() }),
  meta: Type.Object({
    display_price: cartDisplayPrice,
    timestamps: cartTimestamps,
    promotion_suggestions: promotionSuggestions,
  }),
  relationships: Type.Object({
    items: Type.Object({
      data: Type.Union([Type.Array(Type.Object({ type: Type.String(), id: Type.String() })), Type.Null()]),
    }),
    customers: owners,
    accounts: owners,
    custom_discounts: discountRelations,
    promotions: Type.Optional(owners),
  }),
});

const included = Type.Optional(
  Type.Object({
    items: Type.Optional(Type.Array(cartItem)),
    tax_items: Type.Optional(Type.Array(taxItem)),
    custom_discounts: Type.Optional(Type.Array(customDiscount)),
    promotions: Type.Optional(Type.Array(shownPromotion)),
  }),
);

export const cartAnswer = Type.Object({ data: cart, included });

/** All items of a cart with its totals; `errors` names what of a bulk request was refused. */
export const itemsAnswer = Type.Object({
  data: Type.Array(cartItem),
  included,
  errors: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
  meta: Type.Object({
    display_price: cartDisplayPrice,
    timestamps: cartTimestamps,
    messages,
    promotion_suggestions: promotionSuggestions,
  }),
});
