import type { DomainEvent } from "../../domain/decision.ts";
import { TEST_EVENT } from "../../domain/webhooks/endpoint.ts";
import type { ToldEvent } from "../../operations/hooks.ts";
import { countedProduct } from "../../operations/inventory-events.ts";
import { type IdPrefix, wireId } from "./ids.ts";
import { toldField } from "./told-fields.ts";

/**
 * Events under the names that they have in Medusa, where it has them, and else under their own. Each fact has one; a
 * purchase is a capture that was never authorized before.
 */
const names: Readonly<Record<string, string>> = {
  "order.cancelled": "order.canceled",
  "order.fulfilment_created": "order.fulfillment_created",
  "order.fulfilment_canceled": "order.fulfillment_canceled",
  "payment.captured": "order.payment_captured",
  "payment.purchased": "order.payment_captured",
  "payment.capture_failed": "order.payment_capture_failed",
  "payment.refunded": "order.refund_created",
  "payment.refund_failed": "order.refund_failed",
};

/** Members that are ids, with what those begin with and what they are called. */
const ids: Readonly<Record<string, readonly [name: string, prefix: IdPrefix]>> = {
  cartId: ["cart_id", "cart"],
  customerId: ["customer_id", "cus"],
  editId: ["order_edit_id", "oe"],
  fulfilmentId: ["fulfillment_id", "ful"],
  giftCardId: ["gift_card_id", "gift"],
  locationId: ["location_id", "sloc"],
  orderId: ["order_id", "order"],
  paymentId: ["payment_id", "pay"],
  productId: ["product_id", "prod"],
  returnId: ["return_id", "ret"],
};

const subjects: readonly (readonly [family: string, prefix: IdPrefix])[] = [
  ["order.", "order"],
  ["payment.", "order"],
  ["customer.", "cus"],
  ["order-update-token.", "cus"],
  ["user.", "usr"],
  ["gift_card.", "gift"],
  ["product.", "prod"],
  ["product-variant.", "variant"],
  ["product-collection.", "pcol"],
  ["product-category.", "pcat"],
  ["region.", "reg"],
  ["discount.", "disc"],
  ["sales_channel.", "sc"],
  ["publishable_api_key.", "pk"],
  ["order-edit.", "oe"],
  ["order-edit-item-change.", "oic"],
  ["payment-collection.", "paycol"],
  ["draft_order.", "dorder"],
  ["inventory-item.", "iitem"],
  ["inventory-level.", "iitem"],
  ["reservation-item.", "resitem"],
  ["stock-location.", "sloc"],
  ["cart.", "cart"],
];

/**
 * An event in Medusa's words: `id` is that of what it happened to, as the Medusa API spells it, and `uuid` the same id as
 * the Elastic Path API does. Amounts are in minor units.
 */
export function toldEvent({ type, payload }: DomainEvent, subjectId: string): ToldEvent {
  const { noNotification = null, ...facts } = payload;
  if (type === TEST_EVENT) return { type, subject: subjectId, data: { id: subjectId } };
  const prefix = subjects.find(([family]) => type.startsWith(family))?.[1];
  const uuid = countedProduct(subjectId);
  const subject = prefix ? wireId(prefix, uuid) : uuid;
  const told = names[type] ?? type;
  const members = Object.entries(facts).flatMap(([key, value]) => memberOf(told, key, value));
  const own = { id: subject, ...(subject !== uuid && { uuid }) };
  return {
    type: told,
    subject,
    // Null: nobody has said whether the shopper is to be told.
    data: {
      ...own,
      ...Object.fromEntries(members),
      ...(prefix === "order" && { no_notification: noNotification }),
    },
  };
}

function memberOf(type: string, key: string, value: unknown): readonly (readonly [string, unknown])[] {
  // These are the subject itself.
  if (key === "id" || (key === "orderId" && isOfOrder(type))) return [];
  if (key === "operationId") {
    return type.startsWith("order.refund_") ? [["refund_id", spelt("ref", value)]] : [];
  }
  // What Medusa calls the reason of a failure.
  if (key === "message" && type.endsWith("_failed")) return [["error", value]];
  const id = ids[key];
  if (id) return [[id[0], spelt(id[1], value)]];
  if (key === "fields" && Array.isArray(value)) {
    const names = value.map((field) => toldField(type, field));
    return [[key, [...new Set(names)].sort()]];
  }
  if (key === "productIds" && Array.isArray(value)) {
    return [["product_ids", value.map((product) => spelt("prod", product))]];
  }
  if (key === "new_customer_id") return [[key, spelt("cus", value)]];
  if (key === "orders" && Array.isArray(value)) return [[key, value.map((order) => spelt("order", order))]];
  return [[key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]];
}

function isOfOrder(type: string): boolean {
  return type.startsWith("order.") || type.startsWith("payment.");
}

function spelt(prefix: IdPrefix, value: unknown): unknown {
  return typeof value === "string" ? wireId(prefix, value) : value;
}
