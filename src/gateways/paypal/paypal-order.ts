import type {
  AuthorizationWithAdditionalData,
  Order,
  OrdersCapture,
  PurchaseUnit,
  Refund,
} from "@paypal/paypal-server-sdk";
import type { MinorUnits } from "../../domain/money.ts";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import { fromPayPalAmount } from "./paypal-amount.ts";
import { type PayPalLabel, readLabel } from "./paypal-label.ts";
import { declined } from "./paypal-outcome.ts";

// An order at PayPal is one payment here: it has one purchase unit, and everything that was done about it.

export function labelOf(order: Order): PayPalLabel | undefined {
  return readLabel(unitOf(order)?.customId);
}

/** The authorization, of an order that was approved to be authorized. */
export function authorizationOf(order: Order): AuthorizationWithAdditionalData | undefined {
  return unitOf(order)?.payments?.authorizations?.at(-1);
}

export function capturesOf(order: Order): readonly OrdersCapture[] {
  return unitOf(order)?.payments?.captures ?? [];
}

export function refundsOf(order: Order): readonly Refund[] {
  return unitOf(order)?.payments?.refunds ?? [];
}

/** Minor units; of no amount nothing. */
export function sizeOf(part: { readonly amount?: { value: string; currencyCode: string } }): MinorUnits {
  return part.amount ? fromPayPalAmount(part.amount.value, part.amount.currencyCode) : 0;
}

/** Whether money came by it, of which some may have been given back. */
export function isTaken({ status }: OrdersCapture): boolean {
  return status === "COMPLETED" || status === "PARTIALLY_REFUNDED" || status === "REFUNDED";
}

/** A part of a refund. A refund at PayPal is always of one capture. */
export type RefundPart = { readonly captureId: string; readonly amount: MinorUnits };

/**
 * What to give back of which capture, minor units: of one where that has so much left, else of one after the other.
 * Undefined when all of them together have less left.
 */
export function refundParts(order: Order, amount: MinorUnits): readonly RefundPart[] | undefined {
  const captures = capturesOf(order).filter(isTaken);
  const left = captures.map((capture) => {
    const given = refundsOf(order)
      .filter(isGiven)
      .filter((refund) => captures.length === 1 || captureIdOf(refund) === capture.id)
      .reduce((sum, refund) => sum + sizeOf(refund), 0);
    return { captureId: capture.id ?? "", amount: sizeOf(capture) - given };
  });
  const whole = left.find((part) => part.amount >= amount);
  if (whole) return [{ ...whole, amount }];
  const parts: RefundPart[] = [];
  let missing = amount;
  for (const part of left) {
    const taken = Math.min(part.amount, missing);
    if (taken <= 0) continue;
    parts.push({ ...part, amount: taken });
    missing -= taken;
  }
  return missing === 0 ? parts : undefined;
}

/** Whether money went back by it, or is on its way. */
export function isGiven({ status }: Pick<Refund, "status">): boolean {
  return status === "COMPLETED" || status === "PENDING";
}

/** The capture that a refund is of, by the last part of its link upwards. */
export function captureIdOf({ links }: Pick<Refund, "links">): string | undefined {
  return links
    ?.find(({ rel }) => rel === "up")
    ?.href.split("/")
    .at(-1);
}

/** Released without being captured, because nobody captured it in time. */
export function hasExpired({ status, expirationTime, updateTime }: AuthorizationWithAdditionalData): boolean {
  if (status !== "VOIDED" || expirationTime === undefined || updateTime === undefined) return false;
  return Date.parse(updateTime) >= Date.parse(expirationTime);
}

/** Until when an authorization can be captured, where PayPal says so. */
export function expiryOf(authorization: AuthorizationWithAdditionalData | undefined): {
  readonly expiresAt?: string;
} {
  const at = Date.parse(authorization?.expirationTime ?? "");
  return Number.isNaN(at) ? {} : { expiresAt: new Date(at).toISOString() };
}

/** The shopper is still to approve it, on PayPal's own page. */
export function waitingFor(order: Order): GatewayOutcome {
  const link = order.links?.find(({ rel }) => rel === "payer-action" || rel === "approve");
  const action = { status: order.status ?? "CREATED", ...(link && { redirectUrl: link.href }) };
  return { kind: "pending", reference: order.id ?? "", action };
}

/** An order that we closed before money moved, and why: the same words whenever it is asked about. */
export function closedFor(code: string): GatewayOutcome & { kind: "declined" } {
  return declined(code, closings[code] ?? "PayPal declined the payment");
}

const closings: Readonly<Record<string, string>> = {
  abandoned: "The shopper did not approve the payment",
  cancelled: "The payment was cancelled before the shopper approved it",
  instrument_declined: "The shopper's means of payment was declined",
};

/** What an order says about the attempt to start its payment; undefined while nothing was authorized or taken. */
export function outcomeOfStart(order: Order, operation: string): GatewayOutcome | undefined {
  const closed = labelOf(order)?.detail;
  if (closed !== undefined) return closedFor(closed);
  if (order.status === "VOIDED") return closedFor("cancelled");
  const reference = order.id ?? "";
  if (operation === "purchase") {
    const capture = capturesOf(order)[0];
    return capture && outcomeOfCapture(capture, reference);
  }
  switch (authorizationOf(order)?.status) {
    case undefined:
      return undefined;
    case "CREATED":
    case "CAPTURED":
    case "PARTIALLY_CAPTURED":
      return { kind: "approved", reference, ...expiryOf(authorizationOf(order)) };
    case "DENIED":
      return declined("authorization_denied", "PayPal denied the authorization");
    case "VOIDED":
      return declined("authorization_released", "The authorization was released");
    default:
      return { kind: "pending", reference };
  }
}

/** @param reference what PayPal calls what is to be known of: the order for a purchase, else the capture */
export function outcomeOfCapture(capture: OrdersCapture, reference: string): GatewayOutcome {
  if (isTaken(capture)) return { kind: "approved", reference };
  if (capture.status === "DECLINED" || capture.status === "FAILED") {
    return declined("capture_declined", "PayPal declined to take the money");
  }
  return { kind: "pending", reference };
}

export function outcomeOfRefund({ id, status }: Refund): GatewayOutcome {
  const reference = id ?? "";
  if (status === "COMPLETED") return { kind: "approved", reference };
  if (status === "PENDING") return { kind: "pending", reference };
  return declined("refund_failed", "The refund did not go through");
}

/** An order that should say what became of it, and does not. */
export function unknownState({ id, status }: Order): GatewayOutcome {
  return { kind: "unknown", reason: `the order ${id} is ${status}` };
}

/** What is bought, and everything that was done about it. */
export function unitOf(order: Order): PurchaseUnit | undefined {
  return order.purchaseUnits?.[0];
}
