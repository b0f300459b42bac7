import Type from "typebox";
import { MAX_AMOUNT } from "../../domain/money.ts";
import { amount } from "./cart-schemas.ts";
import { addressBody, orderItem, shippingAddressAnswer } from "./order-schemas.ts";
import { money, text } from "./schemas.ts";

// What shipping groups of carts and orders are asked for and answer with.

const moment = Type.String({ format: "date-time" });

/** How a group is sent. Types differ between the vendor's clients and its documents, so none is refused. */
const details = {
  type: Type.Optional(Type.String()),
  shipping_type: Type.Optional(text(50)),
  tracking_reference: Type.Optional(text(50)),
  address: Type.Optional(addressBody),
  delivery_estimate: Type.Optional(Type.Object({ start: Type.Optional(moment), end: Type.Optional(moment) })),
};

/** Parts that are absent are 0; a total must be their sum. */
const shippingPrice = Type.Object({
  base: Type.Optional(amount),
  tax: Type.Optional(amount),
  fees: Type.Optional(amount),
  total: Type.Optional(amount),
  discount: Type.Optional(Type.Integer({ minimum: -MAX_AMOUNT, maximum: 0 })),
});

export const cartGroupBody = Type.Object({
  data: Type.Object({
    ...details,
    shipping_price: Type.Optional(shippingPrice),
    includes_tax: Type.Optional(Type.Boolean()),
  }),
});

/** The price of an order's group was decided at checkout. */
export const orderGroupBody = Type.Object({ data: Type.Object(details) });

const relation = (type: string) =>
  Type.Optional(Type.Object({ data: Type.Object({ type: Type.Literal(type), id: Type.String() }) }));

const group = Type.Object({
  type: Type.Literal("shipping_group"),
  id: Type.String(),
  relation: Type.Union([Type.Literal("cart"), Type.Literal("order")]),
  cart_id: Type.String(),
  order_id: Type.Optional(Type.String()),
  shipping_type: Type.Optional(Type.String()),
  tracking_reference: Type.Optional(Type.String()),
  address: Type.Optional(shippingAddressAnswer),
  delivery_estimate: Type.Optional(Type.Object({ start: Type.Optional(moment), end: Type.Optional(moment) })),
  created_at: moment,
  updated_at: moment,
  relationships: Type.Object({ cart: relation("cart"), order: relation("order") }),
  meta: Type.Object({
    shipping_display_price: Type.Object({
      total: money,
      base: money,
      tax: money,
      fees: money,
      discount: Type.Optional(money),
    }),
  }),
});

export const groupAnswer = Type.Object({ data: group });
export const groupsAnswer = Type.Object({ data: Type.Array(group) });
export const groupWithItemsAnswer = Type.Object({
  data: group,
  included: Type.Optional(Type.Object({ items: Type.Array(orderItem) })),
});
