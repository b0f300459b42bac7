import type { MailKind } from "../mail/mail-kinds.ts";
import type { NewMail } from "./ports/mails.ts";
import type { OutboxEvent } from "./ports/outbox.ts";

/** Events that were written longer ago when they are read are told nobody: mail was switched off then. In milliseconds. */
const TOLD_WITHIN_MS = 24 * 3_600_000;
/** How long a mail is tried, in milliseconds. */
const LIFETIME_MS = 3 * 24 * 3_600_000;
/** How long tokens of passwords and claims are good for, in milliseconds; they are nobody's use afterwards. */
export const TOKEN_LIFETIME_MS = 900_000;
/** How long a shopper has to pay in another way before being told that a payment failed, in milliseconds. */
const SECOND_CHANCE_MS = 900_000;

type Told = {
  readonly kind: MailKind;
  /** Of what there is one mail of the kind. */
  readonly about: string;
  readonly afterMs?: number;
  readonly lifetimeMs?: number;
};

/** The mail that an event may lead to; whether it does is decided when it is sent, by how things are then. */
export function mailOfEvent(event: OutboxEvent, now: string): Omit<NewMail, "id"> | undefined {
  const told = toldOf(event);
  const at = Date.parse(event.createdAt);
  if (!told || Date.parse(now) - at > TOLD_WITHIN_MS) return undefined;
  const { kind, about, afterMs = 0, lifetimeMs = LIFETIME_MS } = told;
  return {
    kind,
    about,
    eventId: event.id,
    subjectId: event.subjectId,
    payload: event.payload,
    dueAt: new Date(at + afterMs).toISOString(),
    expiresAt: new Date(at + lifetimeMs).toISOString(),
    createdAt: event.createdAt,
  };
}

function toldOf({ type, id, subjectId, payload }: OutboxEvent): Told | undefined {
  const operation = String(payload.operationId ?? id);
  switch (type) {
    // Whichever of them comes first: an order is confirmed when there is money for it, and once.
    case "order.authorized":
    case "order.paid":
      return { kind: "order_placed", about: subjectId };
    case "payment.captured":
      return { kind: "payment_received", about: operation };
    case "payment.authorize_failed":
    case "payment.purchase_failed":
      return { kind: "payment_failed", about: subjectId, afterMs: SECOND_CHANCE_MS };
    case "order.shipment_created":
      return { kind: "order_shipped", about: String(payload.fulfilmentId ?? id) };
    case "order.fulfilled":
      return { kind: "order_shipped", about: subjectId };
    case "order.cancelled":
      return { kind: "order_cancelled", about: subjectId };
    case "payment.refunded":
      return { kind: "order_refunded", about: operation };
    case "order-edit.requested":
      return { kind: "order_edit_requested", about: subjectId };
    case "order.return_requested":
      return { kind: "return_requested", about: String(payload.returnId ?? id) };
    case "order.items_returned":
      return { kind: "return_received", about: String(payload.returnId ?? id) };
    case "customer.password_reset":
      return { kind: "password_reset", about: id, lifetimeMs: TOKEN_LIFETIME_MS };
    case "user.password_reset":
      return { kind: "staff_password_reset", about: id, lifetimeMs: TOKEN_LIFETIME_MS };
    case "order-update-token.created":
      return { kind: "orders_claim", about: id, lifetimeMs: TOKEN_LIFETIME_MS };
    case "customer.created":
      return { kind: "customer_welcome", about: subjectId };
    default:
      return undefined;
  }
}
