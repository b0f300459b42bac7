import type { Order, Refund } from "@paypal/paypal-server-sdk";
import type { MinorUnits } from "../../domain/money.ts";
import type { FoundOutcome, GatewayCall } from "../gateway.ts";
import { readLabel } from "./paypal-label.ts";
import {
  authorizationOf,
  capturesOf,
  hasExpired,
  isGiven,
  isTaken,
  labelOf,
  outcomeOfCapture,
  outcomeOfRefund,
  refundsOf,
  sizeOf,
} from "./paypal-order.ts";
import { declined } from "./paypal-outcome.ts";

/** What became of a capture of ours, which carries our key as its invoice number. */
export function captureFound(of: Pick<GatewayCall, "key" | "amount">, order: Order): FoundOutcome {
  const captures = capturesOf(order);
  const ours = captures.find(({ invoiceId }) => invoiceId === of.key);
  if (ours) return outcomeOfCapture(ours, ours.id ?? "");
  const authorization = authorizationOf(order);
  switch (authorization?.status) {
    case "CREATED":
    case "PARTIALLY_CAPTURED":
    case "PENDING":
      return captures.some(({ finalCapture }) => finalCapture)
        ? declined("payment_captured", "What was left of the authorization was released at the gateway")
        : { kind: "absent" };
    case "CAPTURED": {
      // Captured in PayPal's own pages is as good, if it was as much.
      const taken = captures.filter(isTaken).reduce((sum, capture) => sum + sizeOf(capture), 0);
      if (taken === of.amount) return { kind: "approved", reference: captures[0]?.id ?? "" };
      return declined("payment_captured", "Another amount of this payment was captured at the gateway");
    }
    case "VOIDED":
      return hasExpired(authorization)
        ? declined("authorization_expired", "The authorization has expired")
        : declined("authorization_released", "The authorization was released");
    default:
      return declined("payment_not_authorized", "The payment is not authorized");
  }
}

/** The refunds at PayPal that one of ours is: they carry our key in their label, or as their invoice number. */
function refundsFor({ key }: Pick<GatewayCall, "key">, order: Order): readonly Refund[] {
  return refundsOf(order).filter(
    ({ customId, invoiceId }) => readLabel(customId)?.detail === key || invoiceId === key,
  );
}

/** What of a refund of ours is done or on its way, minor units: one that is of several captures may be half done. */
export function refundedFor(of: Pick<GatewayCall, "key">, order: Order): MinorUnits {
  return refundsFor(of, order)
    .filter(isGiven)
    .reduce((sum, refund) => sum + sizeOf(refund), 0);
}

/** What became of a refund of ours; absent also while a part of it is missing (`refundedFor`). */
export function refundFound(of: Pick<GatewayCall, "key" | "amount">, order: Order): FoundOutcome {
  const ours = refundsFor(of, order);
  const given = ours.filter(isGiven);
  const [lost] = ours;
  if (given.length === 0) return lost ? outcomeOfRefund(lost) : { kind: "absent" };
  if (refundedFor(of, order) < of.amount) return { kind: "absent" };
  const waiting = given.find(({ status }) => status === "PENDING");
  return outcomeOfRefund(waiting ?? (given[0] as Refund));
}

/** Whether a payment was released: its authorization, or before that the whole order. */
export function voidFound(order: Order): FoundOutcome {
  const authorization = authorizationOf(order);
  if (authorization?.status === "VOIDED" || labelOf(order)?.detail !== undefined) {
    return { kind: "approved", reference: authorization?.id ?? order.id ?? "" };
  }
  const isOver =
    authorization?.status === "CAPTURED" || capturesOf(order).some(({ finalCapture }) => finalCapture);
  if (!isOver) return { kind: "absent" };
  return declined("payment_captured", "The money was taken already; it can be refunded");
}
