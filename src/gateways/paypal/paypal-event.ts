import type { GatewayEvent } from "../gateway.ts";
import { readLabel } from "./paypal-label.ts";

/** Something that PayPal tells, in its webhooks and in its list of them, as far as it is looked at. */
export type ToldEvent = {
  readonly id?: string;
  readonly event_type?: string;
  readonly create_time?: string;
  readonly resource?: {
    readonly id?: string;
    readonly custom_id?: string;
    readonly invoice_id?: string;
    readonly payee?: { readonly merchant_id?: string };
    readonly purchase_units?: readonly { readonly custom_id?: string }[];
    readonly supplementary_data?: { readonly related_ids?: { readonly order_id?: string } };
    readonly links?: readonly { readonly rel?: string; readonly href?: string }[];
  };
};

/** What tells that something happened to a payment, by the beginning of its name. */
const families = ["CHECKOUT.ORDER.", "PAYMENT.AUTHORIZATION.", "PAYMENT.CAPTURE.", "PAYMENT.REFUND."];
/** Before the id of a capture, where PayPal does not name the order. */
const CAPTURE = "capture/";

/** What an event says; undefined when it is about no payment, or names none. */
export function eventOf(event: ToldEvent): GatewayEvent | undefined {
  const { id, event_type: type = "", create_time: occurredAt, resource } = event;
  const reference = referenceOf(type, resource);
  if (!id || !occurredAt || reference === undefined) return undefined;
  const label = readLabel(resource?.custom_id ?? resource?.purchase_units?.[0]?.custom_id);
  const operationId = label && operationOf(type, label, resource?.invoice_id);
  return {
    id,
    type,
    occurredAt,
    reference,
    ...(label && { orderId: label.orderId }),
    ...(operationId !== undefined && { operationId }),
  };
}

/** Takes apart what `eventOf` calls the payment. */
export function isAbout(reference: string): { readonly kind: "order" | "capture"; readonly id: string } {
  if (!reference.startsWith(CAPTURE)) return { kind: "order", id: reference };
  return { kind: "capture", id: reference.slice(CAPTURE.length) };
}

function referenceOf(type: string, resource: ToldEvent["resource"]): string | undefined {
  if (!resource || !families.some((family) => type.startsWith(family))) return undefined;
  if (type.startsWith("CHECKOUT.ORDER.")) return resource.id;
  const orderId = resource.supplementary_data?.related_ids?.order_id;
  if (orderId !== undefined) return orderId;
  // A refund links to what it is a refund of.
  const up = resource.links?.find(({ rel, href }) => rel === "up" && href?.includes("/captures/"))?.href;
  const captureId = up?.split("/").at(-1) ?? (isOfCapture(type) ? resource.id : undefined);
  return captureId === undefined ? undefined : CAPTURE + captureId;
}

function isOfCapture(type: string): boolean {
  return type.startsWith("PAYMENT.CAPTURE.") && type !== "PAYMENT.CAPTURE.REFUNDED";
}

/**
 * The operation of ours whose doing an event tells of. Only what nobody else can have made by hand: a capture made in
 * PayPal's pages inherits the order's invoice number, which is the payment's id.
 */
function operationOf(
  type: string,
  { paymentId, detail }: { readonly paymentId: string; readonly detail?: string },
  invoiceId: string | undefined,
): string | undefined {
  if (type === "PAYMENT.CAPTURE.REFUNDED") return detail;
  if (type === "PAYMENT.CAPTURE.COMPLETED" && invoiceId !== paymentId) return invoiceId;
  return undefined;
}
