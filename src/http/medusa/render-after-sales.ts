import type { Fulfilment, Return } from "../../domain/order/fulfilment.ts";
import type { Order } from "../../domain/order/order.ts";
import type { Payment } from "../../domain/order/payment.ts";
import type { ReturnReason } from "../../domain/region/region.ts";
import { partId, wireId } from "./ids.ts";

/** A reason for returns, without those above and below it. */
export function renderReason(reason: ReturnReason) {
  return {
    id: wireId("rr", reason.id),
    created_at: reason.createdAt,
    updated_at: reason.updatedAt,
    deleted_at: null,
    value: reason.value,
    label: reason.label,
    description: reason.description ?? null,
    parent_return_reason_id: reason.parentId === undefined ? null : wireId("rr", reason.parentId),
    metadata: reason.metadata ?? null,
  };
}

/** Pieces that were packed together, with the numbers that their parcels are followed by. */
export function renderFulfilment(orderId: string, fulfilment: Fulfilment) {
  const id = wireId("ful", fulfilment.id);
  return {
    id,
    created_at: fulfilment.createdAt,
    updated_at: fulfilment.updatedAt,
    claim_order_id: null,
    swap_id: null,
    order_id: wireId("order", orderId),
    // Whoever was not to be told stays unsaid in the original, too.
    no_notification: null,
    provider_id: fulfilment.providerId,
    location_id: fulfilment.locationId === undefined ? null : wireId("sloc", fulfilment.locationId),
    // The original leaves this empty and tells the numbers in the links.
    tracking_numbers: [],
    data: fulfilment.data,
    shipped_at: fulfilment.shippedAt ?? null,
    canceled_at: fulfilment.cancelledAt ?? null,
    metadata: fulfilment.metadata ?? {},
    idempotency_key: null,
    items: fulfilment.items.map(({ lineId, quantity }) => ({
      fulfillment_id: id,
      item_id: wireId("item", lineId),
      quantity,
    })),
    tracking_links: fulfilment.trackingNumbers.map((number, index) => ({
      id: partId("tlink", fulfilment.id, index),
      created_at: fulfilment.shippedAt ?? fulfilment.updatedAt,
      updated_at: fulfilment.shippedAt ?? fulfilment.updatedAt,
      deleted_at: null,
      url: null,
      tracking_number: number,
      fulfillment_id: id,
      idempotency_key: null,
      metadata: null,
    })),
  };
}

/** Goods that come back. With `reasons`, each item says why. */
export function renderReturn(orderId: string, goods: Return, reasons?: ReadonlyMap<string, ReturnReason>) {
  const id = wireId("ret", goods.id);
  return {
    id,
    created_at: goods.createdAt,
    updated_at: goods.updatedAt,
    status: goods.status,
    swap_id: null,
    claim_order_id: null,
    order_id: wireId("order", orderId),
    location_id: goods.locationId === undefined ? null : wireId("sloc", goods.locationId),
    shipping_data: goods.shipping ? {} : null,
    refund_amount: goods.refundAmount,
    received_at: goods.receivedAt ?? null,
    no_notification: goods.noNotification ?? null,
    metadata: goods.metadata ?? null,
    idempotency_key: goods.idempotencyKey ?? null,
    items: goods.items.map((item) => {
      const reason = item.reasonId === undefined ? undefined : reasons?.get(item.reasonId);
      return {
        return_id: id,
        item_id: wireId("item", item.lineId),
        quantity: item.received ?? item.requested,
        is_requested: true,
        requested_quantity: item.requested,
        received_quantity: item.received ?? null,
        reason_id: item.reasonId === undefined ? null : wireId("rr", item.reasonId),
        note: item.note ?? null,
        metadata: {},
        ...(reasons && { reason: reason ? renderReason(reason) : null }),
      };
    }),
  };
}

/** What was paid back of an order, the payments one after the other. */
export function renderRefunds(order: Pick<Order, "id" | "payments">) {
  return order.payments
    .flatMap(({ operations }) => operations)
    .filter(({ type, status }) => type === "refund" && status === "complete")
    .map(({ id, amount, reason, note, createdAt, settledAt }) => ({
      id: wireId("ref", id),
      created_at: createdAt,
      updated_at: settledAt ?? createdAt,
      order_id: wireId("order", order.id),
      payment_id: null,
      amount,
      note: note ?? null,
      reason: isReason(reason) ? reason : "other",
      metadata: null,
      idempotency_key: null,
    }));
}

/** Why money is paid back. */
export const refundReasons = ["discount", "return", "swap", "claim", "other"] as const;

function isReason(reason: string | undefined): reason is (typeof refundReasons)[number] {
  return refundReasons.some((known) => known === reason);
}

/** When a payment was captured and when it was given up, RFC 3339; null: it was not. */
export function paymentDates({ operations }: Payment): {
  readonly captured_at: string | null;
  readonly canceled_at: string | null;
} {
  const when = (types: readonly string[]): string | null => {
    const done = operations.find(({ type, status }) => types.includes(type) && status === "complete");
    return done ? (done.settledAt ?? done.createdAt) : null;
  };
  return { captured_at: when(["capture", "purchase"]), canceled_at: when(["void"]) };
}
