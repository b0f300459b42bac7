import type { Order } from "../domain/order/order.ts";
import type { MailAbout } from "./compose-mail.ts";
import type { MailKind } from "./mail-kinds.ts";

/** An order that was never made, to show what a mail about one looks like. Its amounts are in minor units of `currency`. */
export function sampleOrder(currency: string, now: string): Order {
  const line = (id: string, name: string, description: string, quantity: number, unitAmount: number) => {
    const value = quantity * unitAmount;
    return {
      id,
      cartItemId: id,
      kind: "custom" as const,
      name,
      sku: "",
      description,
      quantity,
      includesTax: true,
      manageStock: false,
      taxes: [],
      price: {
        id,
        unitAmount,
        value,
        discount: 0,
        withoutDiscount: value,
        withoutTax: value,
        tax: 0,
        withTax: value,
        taxes: [],
        discounts: [],
      },
    };
  };
  const address = {
    first_name: "Ada",
    last_name: "Lovelace",
    line_1: "12 St James's Square",
    postcode: "SW1Y 4LE",
    city: "London",
    country: "GB",
  };
  const goods = 2 * 1250 + 4900;
  const total = goods - 400 + 500;
  return {
    id: "00000000-0000-4000-8000-000000000000",
    version: 1,
    cartId: "sample",
    displayId: 1001,
    currency,
    buyer: { name: "Ada Lovelace", email: "ada@example.com" },
    billingAddress: address,
    shippingAddress: address,
    lines: [line("1", "Coffee beans", "250 g", 2, 1250), line("2", "Hand grinder", "", 1, 4900)],
    totals: {
      withTax: total,
      withoutTax: total,
      tax: 0,
      discount: -400,
      withoutDiscount: goods + 500,
      shipping: 500,
      shippingDiscount: 0,
    },
    customAttributes: {},
    anonymized: false,
    payments: [],
    stock: { state: "none", held: [] },
    createdAt: now,
    updatedAt: now,
  };
}

/** Something that a kind of mail is about: of the order, or of nobody in particular. */
export function sampleAbout(kind: MailKind, order: Order): MailAbout {
  const person = { email: "ada@example.com", name: "Ada Lovelace", firstName: "Ada" };
  const pieces = order.lines.map(({ id, quantity }) => ({ lineId: id, quantity }));
  const amount = order.totals.withTax;
  switch (kind) {
    case "order_placed":
    case "order_cancelled":
      return { kind, order };
    case "staff_order_placed":
      return { kind, order, to: "staff@example.com" };
    case "order_edit_requested":
      return { kind, order, amount, editId: "edit-0001" };
    case "payment_received":
    case "payment_failed":
    case "order_refunded":
      return { kind, order, amount, reason: "The card was declined" };
    case "order_shipped": {
      const [fulfilment] = order.fulfilments ?? [];
      const tracking = fulfilment ? fulfilment.trackingNumbers : ["TRACK-0001"];
      return { kind, order, pieces: fulfilment?.items ?? pieces, tracking };
    }
    case "return_requested":
    case "return_received": {
      const items = pieces.slice(0, 1).map(({ lineId }) => ({ lineId, requested: 1, received: 1 }));
      return { kind, order, goods: order.returns?.[0] ?? { items, refundAmount: amount } };
    }
    case "gift_card":
      return { kind, order, cards: [{ code: "GIFT-CARD-CODE-0000", value: 5000 }] };
    case "password_reset":
    case "staff_password_reset":
      return { kind, ...person, token: "sample-token", minutes: 15 };
    case "orders_claim":
      return { kind, ...person, orders: ["#1001", "#1002"], token: "sample-token", minutes: 15 };
    case "customer_welcome":
      return { kind, ...person };
  }
}
