import Type from "typebox";
import { MAX_AMOUNT } from "../../domain/money.ts";
import { discountRelations, enteredPrice, lineDisplayPrice, taxItem } from "./cart-schemas.ts";
import { customDiscount } from "./custom-discount-schemas.ts";
import { email, money, requiredText, text, timestamps } from "./schemas.ts";

// What checkout, orders and payments are asked for and answer with.

const addressMembers = {
  city: Type.Optional(text(255)),
  line_2: Type.Optional(text(255)),
  line_3: Type.Optional(text(255)),
  company_name: Type.Optional(text(255)),
  phone_number: Type.Optional(text(100)),
  instructions: Type.Optional(text(2048)),
  region: Type.Optional(text(255)),
  county: Type.Optional(text(255)),
};

/** That one of region and county is there is checked beside this. */
export const addressBody = Type.Object({
  first_name: requiredText(),
  last_name: requiredText(),
  line_1: requiredText(),
  postcode: requiredText(100),
  country: requiredText(100),
  ...addressMembers,
});

export const partialAddressBody = Type.Object({
  first_name: Type.Optional(requiredText()),
  last_name: Type.Optional(requiredText()),
  line_1: Type.Optional(requiredText()),
  postcode: Type.Optional(requiredText(100)),
  country: Type.Optional(requiredText(100)),
  ...addressMembers,
});

const person = Type.Object({ name: requiredText(), email });
const orderNumber = Type.Union([text(255), Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })]);

export const checkoutBody = Type.Object({
  data: Type.Object({
    customer: Type.Optional(
      Type.Object({
        id: Type.Optional(requiredText()),
        name: Type.Optional(requiredText()),
        email: Type.Optional(email),
      }),
    ),
    account: Type.Optional(Type.Object({ id: requiredText(), member_id: Type.Optional(requiredText()) })),
    contact: Type.Optional(person),
    billing_address: addressBody,
    shipping_address: Type.Optional(addressBody),
    order_number: Type.Optional(orderNumber),
    external_ref: Type.Optional(text(64)),
  }),
});

export const orderUpdateBody = Type.Object({
  data: Type.Object({
    type: Type.Optional(Type.String()),
    status: Type.Optional(Type.String()),
    shipping: Type.Optional(Type.String()),
    shipping_address: Type.Optional(partialAddressBody),
    order_number: Type.Optional(orderNumber),
    external_ref: Type.Optional(text(64)),
  }),
});

export const anonymizeBody = Type.Object({
  data: Type.Object({ order_ids: Type.Array(requiredText(), { minItems: 1, maxItems: 100 }) }),
});

const addressAnswer = Type.Object({
  first_name: Type.String(),
  last_name: Type.String(),
  company_name: Type.String(),
  line_1: Type.String(),
  line_2: Type.String(),
  city: Type.String(),
  county: Type.String(),
  region: Type.String(),
  postcode: Type.String(),
  country: Type.String(),
});

export const shippingAddressAnswer = Type.Intersect([
  addressAnswer,
  Type.Object({ phone_number: Type.String(), instructions: Type.String() }),
]);

const buyer = Type.Object({ name: Type.String(), email: Type.String(), id: Type.Optional(Type.String()) });

const orderDisplayPrice = Type.Object({
  with_tax: money,
  without_tax: money,
  tax: money,
  discount: money,
  without_discount: money,
  shipping: money,
  shipping_discount: money,
  balance_owing: money,
  paid: money,
  authorized: money,
});

export const order = Type.Object({
  type: Type.Literal("order"),
  id: Type.String(),
  order_number: Type.Optional(Type.String()),
  external_ref: Type.Optional(Type.String()),
  status: Type.Enum(["incomplete", "processing", "complete", "cancelled"]),
  payment: Type.Enum(["unpaid", "partially_authorized", "authorized", "partially_paid", "paid", "refunded"]),
  shipping: Type.Enum(["unfulfilled", "fulfilled"]),
  anonymized: Type.Boolean(),
  customer: Type.Optional(buyer),
  contact: Type.Optional(buyer),
  billing_address: addressAnswer,
  shipping_address: shippingAddressAnswer,
  links: Type.Object({}),
  meta: Type.Object({
    display_price: orderDisplayPrice,
    timestamps,
    calculation_method: Type.Optional(
      Type.Union([Type.Literal("line"), Type.Literal("simple")], {
        description: "Where amounts were rounded when the order was placed. Ours.",
      }),
    ),
    late_money: Type.Optional(
      Type.Array(
        Type.Object({
          transaction_id: Type.String(),
          outcome: Type.Enum(["kept", "returned", "backordered", "held"]),
          settled: Type.Boolean(),
        }),
        {
          description:
            "Money that came after its payment was given up, and what becomes of it; settled once nothing is left to be done. Ours.",
        },
      ),
    ),
  }),
  relationships: Type.Object({
    items: Type.Object({
      data: Type.Array(Type.Object({ type: Type.Literal("item"), id: Type.String() })),
    }),
    custom_discounts: discountRelations,
    promotions: Type.Optional(
      Type.Object({ data: Type.Array(Type.Object({ type: Type.Literal("promotion"), id: Type.String() })) }),
    ),
  }),
});

export const orderItem = Type.Object({
  type: Type.Literal("order_item"),
  id: Type.String(),
  quantity: Type.Integer(),
  product_id: Type.Optional(Type.String()),
  name: Type.String(),
  sku: Type.String(),
  unit_price: enteredPrice,
  value: enteredPrice,
  shipping_group_id: Type.Optional(Type.String()),
  links: Type.Object({}),
  meta: Type.Object({ display_price: lineDisplayPrice, timestamps }),
  relationships: Type.Object({
    cart_item: Type.Object({ data: Type.Object({ type: Type.String(), id: Type.String() }) }),
    custom_discounts: discountRelations,
  }),
});

const included = Type.Object({
  items: Type.Optional(Type.Array(orderItem)),
  tax_items: Type.Optional(Type.Array(taxItem)),
  custom_discounts: Type.Optional(Type.Array(customDiscount)),
  promotions: Type.Optional(
    Type.Array(
      Type.Object({
        type: Type.Literal("promotion"),
        id: Type.String(),
        name: Type.String(),
        description: Type.String(),
        automatic: Type.Boolean(),
      }),
    ),
  ),
});

export const orderAnswer = Type.Object({ data: order, included: Type.Optional(included) });
export const placedOrderAnswer = Type.Object({ data: order, included });
export const orderItemsAnswer = Type.Object({
  data: Type.Array(orderItem),
  included: Type.Optional(included),
});

const reference = Type.Optional(text(255));

export const paymentBody = Type.Object({
  data: Type.Object({
    gateway: requiredText(),
    method: requiredText(),
    amount: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_AMOUNT * 1000 })),
    payment: Type.Optional(text(1024)),
    paymentmethod_meta: Type.Optional(Type.Object({ name: reference, custom_reference: reference })),
    options: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { maxProperties: 50 })),
  }),
});

export const captureBody = Type.Object({
  data: Type.Optional(
    Type.Object({
      custom_reference: reference,
      capture_mechanism: Type.Optional(Type.Literal("manual")),
      amount: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: MAX_AMOUNT * 1000,
          description: "A part of what is authorized, in the smallest unit; all of it when absent. Ours.",
        }),
      ),
      final: Type.Optional(
        Type.Boolean({
          description:
            "Whether what is left after this part is released. Otherwise it stays authorized, where the gateway can do that. Ours.",
        }),
      ),
    }),
  ),
});

export const refundBody = Type.Object({
  data: Type.Optional(
    Type.Object({
      amount: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_AMOUNT * 1000 })),
      options: Type.Optional(Type.Object({ note: Type.Optional(text(2048)) })),
    }),
  ),
});

const confirmOptions = Type.Optional(Type.Record(Type.String(), Type.Unknown(), { maxProperties: 50 }));
/**
 * What the shopper brought back from the gateway's page, in the gateway's own words. The vendor's SDKs send it beside an
 * empty `data`.
 */
export const confirmBody = Type.Object({
  data: Type.Optional(Type.Union([Type.Object({ options: confirmOptions }), Type.Null()])),
  options: confirmOptions,
});

export const cancelBody = Type.Object({
  data: Type.Optional(
    Type.Object({
      reason: Type.Optional(Type.Enum(["duplicate", "fraudulent", "requested_by_customer", "abandoned"])),
    }),
  ),
});

export const transaction = Type.Object({
  id: Type.String(),
  type: Type.Literal("transaction"),
  reference: Type.String(),
  name: Type.Optional(Type.String()),
  custom_reference: Type.Optional(Type.String()),
  gateway: Type.String(),
  amount: Type.Integer(),
  captured_amount: Type.Optional(
    Type.Integer({ description: "What was captured, where that is not all of the amount. Ours." }),
  ),
  refunded_amount: Type.Integer(),
  currency: Type.String(),
  transaction_type: Type.Enum(["authorize", "purchase", "capture", "refund"]),
  status: Type.Enum(["pending", "complete", "failed", "cancelled"]),
  next_actions: Type.Array(Type.Enum(["capture", "cancel", "refund", "confirm"])),
  client_parameters: Type.Optional(
    Type.Object({
      token: Type.Optional(Type.String()),
      secret: Type.Optional(Type.String()),
      redirect_url: Type.Optional(Type.String()),
    }),
  ),
  payment_intent: Type.Optional(
    Type.Object({ id: Type.String(), status: Type.String(), client_secret: Type.String() }),
  ),
  relationships: Type.Object({
    order: Type.Object({ data: Type.Object({ type: Type.Literal("order"), id: Type.String() }) }),
  }),
  meta: Type.Object({
    display_price: money,
    display_refunded_amount: Type.Object({ total: money }),
    timestamps,
    authorization: Type.Optional(
      Type.Object(
        { expires_at: Type.String(), expires_soon: Type.Boolean() },
        {
          description:
            "Until when what is authorized can be captured, where the gateway knows, and whether that is within a day. Ours.",
        },
      ),
    ),
  }),
});
