import Type from "typebox";
import { amount, dateTime, metadata, nullable, textOrNull, timestamps } from "./schemas.ts";

// What orders look like in answers.

const json = Type.Record(Type.String(), Type.Unknown());
const text = Type.String();
const whole = Type.Integer();
/** Objects with at least these members. */
export const rows = (members: Record<string, ReturnType<typeof Type.Unsafe>> | object) =>
  Type.Array(Type.Object(members as never));

const taxLine = { id: text, ...timestamps, rate: Type.Number(), name: text, code: textOrNull };

/** What a line comes to. */
export const lineTotals = {
  subtotal: whole,
  discount_total: whole,
  total: whole,
  original_total: whole,
  original_tax_total: whole,
  tax_total: whole,
};

/** A line of an order. */
export const lineItem = {
  id: text,
  ...timestamps,
  cart_id: textOrNull,
  order_id: textOrNull,
  title: text,
  description: textOrNull,
  thumbnail: textOrNull,
  is_return: Type.Boolean(),
  is_giftcard: Type.Boolean(),
  should_merge: Type.Boolean(),
  allow_discounts: Type.Boolean(),
  has_shipping: nullable(Type.Boolean()),
  unit_price: whole,
  variant_id: textOrNull,
  quantity: whole,
  fulfilled_quantity: nullable(whole),
  returned_quantity: nullable(whole),
  shipped_quantity: nullable(whole),
  metadata: nullable(metadata),
  adjustments: rows({ id: text, item_id: text, discount_id: textOrNull, amount: whole, description: text }),
  tax_lines: rows({ ...taxLine, item_id: text }),
  variant: nullable(json),
  refundable: whole,
  ...lineTotals,
};

/** Pieces that were packed together. */
export const fulfilmentSchema = Type.Object({
  id: text,
  ...timestamps,
  order_id: text,
  provider_id: text,
  location_id: textOrNull,
  tracking_numbers: Type.Array(text),
  data: json,
  shipped_at: nullable(dateTime),
  canceled_at: nullable(dateTime),
  metadata: nullable(metadata),
  items: rows({ fulfillment_id: text, item_id: text, quantity: whole }),
  tracking_links: rows({ id: text, tracking_number: text, url: textOrNull, fulfillment_id: text }),
});

/** Goods that come back. */
export const returnSchema = Type.Object({
  id: text,
  ...timestamps,
  status: Type.Enum(["requested", "received", "requires_action", "canceled"]),
  order_id: text,
  refund_amount: whole,
  received_at: nullable(dateTime),
  location_id: textOrNull,
  shipping_data: nullable(json),
  idempotency_key: textOrNull,
  metadata: nullable(metadata),
  items: rows({
    return_id: text,
    item_id: text,
    quantity: whole,
    is_requested: Type.Boolean(),
    requested_quantity: whole,
    received_quantity: nullable(whole),
    reason_id: textOrNull,
    note: textOrNull,
  }),
});

/** A payment of an order. */
export const paymentSchema = Type.Object({
  id: text,
  ...timestamps,
  cart_id: textOrNull,
  order_id: textOrNull,
  amount,
  currency_code: text,
  amount_refunded: whole,
  provider_id: text,
  data: json,
  captured_at: nullable(dateTime),
  canceled_at: nullable(dateTime),
});

const members = {
  object: Type.Literal("order"),
  ...timestamps,
  status: Type.Enum(["pending", "completed", "archived", "canceled", "requires_action"]),
  fulfillment_status: text,
  payment_status: text,
  display_id: nullable(whole),
  cart_id: textOrNull,
  customer_id: textOrNull,
  email: text,
  region_id: textOrNull,
  currency_code: text,
  tax_rate: Type.Null(),
  draft_order_id: textOrNull,
  canceled_at: nullable(dateTime),
  metadata: nullable(metadata),
  sales_channel_id: textOrNull,
  billing_address: nullable(json),
  customer: Type.Optional(nullable(json)),
  discounts: Type.Array(json),
  fulfillments: Type.Array(fulfilmentSchema),
  gift_cards: Type.Array(json),
  gift_card_transactions: Type.Array(json),
  items: rows(lineItem),
  payments: Type.Array(paymentSchema),
  refunds: rows({ id: text, order_id: text, amount, note: textOrNull, reason: text }),
  region: nullable(json),
  returns: Type.Array(returnSchema),
  returnable_items: rows(lineItem),
  sales_channel: nullable(json),
  shipping_address: nullable(json),
  shipping_methods: rows({
    id: text,
    shipping_option_id: textOrNull,
    price: whole,
    data: json,
    tax_lines: rows({ ...taxLine, shipping_method_id: text }),
    shipping_option: nullable(json),
    total: whole,
    subtotal: whole,
    tax_total: whole,
    original_total: whole,
    original_tax_total: whole,
  }),
  claims: Type.Array(json),
  swaps: Type.Array(json),
  subtotal: whole,
  discount_total: whole,
  shipping_total: whole,
  refunded_total: whole,
  paid_total: whole,
  refundable_amount: whole,
  item_tax_total: whole,
  shipping_tax_total: whole,
  tax_total: whole,
  gift_card_total: whole,
  gift_card_tax_total: whole,
  total: whole,
};

/** An order, of which a request may want less: all but the id may be missing. */
export const orderSchema = Type.Object({
  id: text,
  ...Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, Type.Optional(schema)])),
});
