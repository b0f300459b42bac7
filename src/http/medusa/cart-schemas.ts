import Type, { type TObject } from "typebox";
import { countrySchema } from "./countries.ts";
import { address, customerRow } from "./customer-schemas.ts";
import { plainRegionSchema, providerSchema } from "./render-region.ts";
import { salesChannelSchema } from "./render-sales-channel.ts";
import { plainShippingOptionSchema, shippingProfileSchema } from "./render-shipping-option.ts";
import {
  bodyOf,
  dateTime,
  error,
  given,
  metadata,
  named,
  nullable,
  textOrNull,
  timestamps,
} from "./schemas.ts";

// Carts, as bodies and as answers.

const id = Type.String({ maxLength: 255 });
const quantity = Type.Integer({ maximum: 1_000_000_000 });
/** Things of one request at most. */
export const MAX_ITEMS = 200;

export const createCartBody = bodyOf({
  region_id: given(id),
  country_code: given(Type.String({ maxLength: 100 })),
  items: given(Type.Array(bodyOf({ variant_id: id, quantity }), { maxItems: MAX_ITEMS })),
  sales_channel_id: given(id),
  context: given(metadata),
});

const line = given(Type.String({ maxLength: 255 }));
/** An address of which any part may be written, or the id of one that is known. */
export const addressOrId = given(
  Type.Union([
    Type.String({ maxLength: 255 }),
    named("AddressPayload", {
      first_name: line,
      last_name: line,
      phone: line,
      company: line,
      address_1: line,
      address_2: line,
      city: line,
      country_code: line,
      province: line,
      postal_code: line,
      metadata: given(metadata),
    }),
  ]),
);

export const codes = given(Type.Array(bodyOf({ code: Type.String({ maxLength: 255 }) }), { maxItems: 20 }));

export const updateCartBody = bodyOf({
  region_id: given(id),
  country_code: given(Type.String({ maxLength: 100 })),
  email: given(Type.String({ format: "email", maxLength: 254 })),
  sales_channel_id: given(id),
  billing_address: addressOrId,
  shipping_address: addressOrId,
  gift_cards: codes,
  discounts: codes,
  customer_id: given(id),
  context: given(metadata),
});

export const addLineBody = bodyOf({ variant_id: id, quantity, metadata: given(metadata) });
export const updateLineBody = bodyOf({
  quantity: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  metadata: given(metadata),
});
export const shippingMethodBody = bodyOf({ option_id: id, data: given(metadata) });
export const providerBody = bodyOf({ provider_id: Type.String({ maxLength: 100 }) });
export const sessionDataBody = bodyOf({ data: metadata });

const taxLine = (owner: string): TObject =>
  Type.Object({ rate: Type.Number(), name: Type.String(), code: Type.String(), [owner]: Type.String() });

const totals = {
  subtotal: Type.Integer(),
  discount_total: Type.Integer(),
  item_tax_total: Type.Integer(),
  shipping_total: Type.Integer(),
  shipping_tax_total: Type.Integer(),
  tax_total: Type.Integer(),
  gift_card_total: Type.Integer(),
  gift_card_tax_total: Type.Integer(),
  total: Type.Integer(),
};

export const lineItemSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  cart_id: Type.String(),
  order_id: textOrNull,
  title: Type.String(),
  description: textOrNull,
  thumbnail: textOrNull,
  is_return: Type.Boolean(),
  is_giftcard: Type.Boolean(),
  should_merge: Type.Boolean(),
  allow_discounts: Type.Boolean(),
  has_shipping: Type.Boolean(),
  unit_price: Type.Integer(),
  variant_id: textOrNull,
  quantity: Type.Integer(),
  includes_tax: Type.Boolean(),
  metadata,
  adjustments: Type.Array(
    Type.Object({
      id: Type.String(),
      item_id: Type.String(),
      description: Type.String(),
      discount_id: Type.String(),
      amount: Type.Integer(),
      metadata: Type.Null(),
    }),
  ),
  tax_lines: Type.Array(taxLine("item_id")),
  variant: nullable(Type.Object({ id: Type.String(), title: Type.String(), product_id: Type.String() })),
  subtotal: Type.Integer(),
  discount_total: Type.Integer(),
  total: Type.Integer(),
  original_total: Type.Integer(),
  original_tax_total: Type.Integer(),
  tax_total: Type.Integer(),
});

const sessionSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  cart_id: Type.String(),
  provider_id: Type.String(),
  is_selected: nullable(Type.Boolean()),
  is_initiated: Type.Boolean(),
  status: Type.String(),
  data: metadata,
  idempotency_key: Type.Null(),
  amount: Type.Integer(),
  payment_authorized_at: nullable(dateTime),
});

const methodSchema = Type.Object({
  id: Type.String(),
  shipping_option_id: Type.String(),
  order_id: textOrNull,
  cart_id: Type.String(),
  price: Type.Integer(),
  data: metadata,
  includes_tax: Type.Boolean(),
  shipping_option: nullable(plainShippingOptionSchema),
  tax_lines: Type.Array(taxLine("shipping_method_id")),
  original_total: Type.Integer(),
  total: Type.Integer(),
  subtotal: Type.Integer(),
  original_tax_total: Type.Integer(),
  tax_total: Type.Integer(),
});

const coded = Type.Object({ id: Type.String(), code: Type.String() });

const always = {
  object: Type.Literal("cart"),
  id: Type.String(),
  discounts: Type.Array(coded),
  gift_cards: Type.Array(coded),
  items: Type.Array(lineItemSchema),
  region: Type.Object({
    ...plainRegionSchema.properties,
    countries: Type.Optional(Type.Array(countrySchema)),
    payment_providers: Type.Optional(Type.Array(providerSchema)),
    tax_rates: Type.Array(Type.Object({ id: Type.String(), code: textOrNull })),
  }),
  shipping_address: nullable(address),
  shipping_methods: Type.Array(methodSchema),
  ...totals,
};

const usual = {
  ...timestamps,
  deleted_at: Type.Null(),
  email: textOrNull,
  billing_address_id: textOrNull,
  shipping_address_id: textOrNull,
  region_id: Type.String(),
  customer_id: textOrNull,
  payment_id: textOrNull,
  type: Type.String(),
  completed_at: nullable(dateTime),
  payment_authorized_at: nullable(dateTime),
  idempotency_key: Type.Null(),
  context: metadata,
  metadata: nullable(metadata),
  sales_channel_id: textOrNull,
  billing_address: nullable(address),
  payment: nullable(Type.Object({ id: Type.String() })),
  payment_sessions: Type.Array(sessionSchema),
  payment_session: Type.Optional(sessionSchema),
  sales_channel: nullable(salesChannelSchema),
  customer: Type.Optional(nullable(customerRow)),
};

export const cartSchema = Type.Object({ ...always, ...usual });
/** A cart of which a request wants a part. */
export const partOfCartSchema = Type.Object({ ...always, ...Type.Partial(Type.Object(usual)).properties });

export const cartAnswers = {
  200: Type.Object({ cart: cartSchema }),
  400: error,
  401: error,
  404: error,
  409: error,
  503: error,
} as const;

export const offeredOptionSchema = Type.Object({
  ...plainShippingOptionSchema.properties,
  profile: nullable(shippingProfileSchema),
  requirements: Type.Array(Type.Object({ id: Type.String(), type: Type.String(), amount: Type.Integer() })),
  price_incl_tax: Type.Integer(),
  tax_rates: Type.Array(Type.Object({ rate: Type.Number(), name: Type.String(), code: Type.String() })),
  tax_amount: Type.Integer(),
});
