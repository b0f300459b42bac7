import type { Types } from "@adyen/api-library";
import type { MinorUnits } from "../../domain/money.ts";
import type { GatewayEvent } from "../gateway.ts";
import { fromAdyenAmount } from "./adyen-amount.ts";
import { type AdyenIds, idsOf } from "./adyen-reference.ts";

/** One item of a call of Adyen's (a standard webhook). */
export type AdyenItem = Types.notification.NotificationRequestItem;

/** What one event says, read back from how it was kept. */
export type AdyenTold = {
  /** Adyen's word, `CAPTURE`. */
  readonly code: string;
  readonly success: boolean;
  readonly amount: MinorUnits;
  /** What Adyen calls the payment, or the change of it that this is about. */
  readonly psp: string;
  /** What Adyen calls the payment. */
  readonly payment: string;
  readonly reason?: string;
  readonly ids: AdyenIds;
};

/** What tells that something happened to a payment. Disputes and reports are the merchant's business at Adyen. */
const codes: ReadonlySet<string> = new Set([
  "AUTHORISATION",
  "CANCELLATION",
  "TECHNICAL_CANCEL",
  "CANCEL_OR_REFUND",
  "EXPIRE",
  "OFFER_CLOSED",
  "CAPTURE",
  "CAPTURE_FAILED",
  "REFUND",
  "REFUND_FAILED",
  "REFUNDED_REVERSED",
]);

/** Failures come for what had gone through before, so they are not what that operation asked for. */
const failures: ReadonlySet<string> = new Set(["CAPTURE_FAILED", "REFUND_FAILED", "REFUNDED_REVERSED"]);

/** An item as an event to keep; undefined when it is about no payment of ours, or says nothing about one. */
export function eventOf(item: AdyenItem): GatewayEvent | undefined {
  const { pspReference, originalReference, merchantReference, eventCode, eventDate, reason } = item;
  const ids = idsOf(merchantReference);
  const code = String(eventCode);
  if (!ids || !codes.has(code)) return undefined;
  const success = String(item.success) === "true";
  const { value = 0, currency = "" } = item.amount;
  const action = actionOf(item);
  const at = Date.parse(eventDate);
  const detail = new URLSearchParams({
    success: String(success),
    value: String(value),
    currency,
    psp: pspReference,
    reference: merchantReference,
    ...(reason && { reason: reason.slice(0, 255) }),
    ...(action && { action }),
  });
  const operationId = ids.operationId ?? (code === "AUTHORISATION" ? ids.paymentId : undefined);
  return {
    id: `${ids.paymentId}:${code}:${pspReference}:${success}`,
    type: `${code}?${detail}`,
    occurredAt: new Date(Number.isNaN(at) ? 0 : at).toISOString(),
    reference: originalReference || pspReference,
    orderId: ids.orderId,
    ...(operationId !== undefined && success && !failures.has(code) && { operationId }),
  };
}

/** Reads kept events; those that are not Adyen's are left out. */
export function readTold(events: readonly GatewayEvent[] = []): readonly AdyenTold[] {
  return events.flatMap(({ type, reference: payment }) => {
    const [code = "", query = ""] = type.split("?", 2);
    const detail = new URLSearchParams(query);
    const ids = idsOf(detail.get("reference") ?? "");
    if (!ids || !codes.has(code)) return [];
    const reason = detail.get("reason");
    return [
      {
        code: code === "CANCEL_OR_REFUND" ? (detail.get("action") ?? code) : code,
        success: detail.get("success") === "true",
        amount: fromAdyenAmount(Number(detail.get("value")), detail.get("currency") ?? ""),
        psp: detail.get("psp") ?? "",
        payment,
        ...(reason !== null && { reason }),
        ids,
      },
    ];
  });
}

/** A reversal in Adyen's own pages releases or refunds, whichever is still possible. */
function actionOf({ additionalData }: AdyenItem): string | undefined {
  const action = (additionalData as Readonly<Record<string, unknown>> | undefined)?.["modification.action"];
  return action === "cancel" ? "CANCELLATION" : action === "refund" ? "REFUND" : undefined;
}
