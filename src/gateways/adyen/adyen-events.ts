import type { Types } from "@adyen/api-library";
import type { SeenPayment, SeenRefund } from "../../domain/order/seen-payment.ts";
import type { GatewayEvent, GatewayEvents, GatewayRequest } from "../gateway.ts";
import { hmacKeysOf } from "./adyen-client.ts";
import { loadHmacValidator } from "./adyen-package.ts";
import { startReference } from "./adyen-reference.ts";
import { type AdyenItem, type AdyenTold, eventOf, readTold } from "./adyen-told.ts";

/** Adyen's calls (standard webhooks). They are all that can be known of a payment: its API has no question for one. */
export const adyenEvents: GatewayEvents = {
  path: "adyen",
  kept: true,
  read,
  // What Adyen could not deliver it delivers later, for thirty days; there is nobody to ask.
  async *since() {},
  look: async (_reference, { told }) => paymentOf(readTold(told)),
};

/**
 * Every item is signed for itself, over what names and moves money; there is no moment in it whose age could be limited.
 * A repeated item is known by its id, and one that is no longer known tells nothing that did not happen.
 */
async function read({ body, settings }: GatewayRequest): Promise<GatewayEvent[] | undefined> {
  const items = itemsIn(body);
  const keys = hmacKeysOf(settings);
  if (items.length === 0 || keys.length === 0) return undefined;
  const Validator = loadHmacValidator();
  const hmac = new Validator();
  const isSigned = (item: AdyenItem, key: string): boolean => {
    try {
      return hmac.validateHMAC(item, key);
    } catch {
      return false;
    }
  };
  const ours = items.every(
    (item) =>
      item?.merchantAccountCode === settings.merchant_account && keys.some((key) => isSigned(item, key)),
  );
  return ours ? items.flatMap((item) => eventOf(item) ?? []) : undefined;
}

function itemsIn(body: Uint8Array): readonly AdyenItem[] {
  try {
    const call = JSON.parse(Buffer.from(body).toString("utf8")) as Partial<Types.notification.Notification>;
    return (call.notificationItems ?? []).map(({ NotificationRequestItem: item }) => item);
  } catch {
    return [];
  }
}

/** A payment, put together from everything that was told of it. */
function paymentOf(told: readonly AdyenTold[]): SeenPayment | undefined {
  const [first] = told;
  if (!first) return undefined;
  const { orderId, paymentId } = first.ids;
  const succeeded = (...codes: string[]) =>
    told.filter(({ code, success }) => success && codes.includes(code));
  const sum = (entries: readonly AdyenTold[]): number =>
    entries.reduce((total, { amount }) => total + amount, 0);
  const authorised = succeeded("AUTHORISATION");
  const failed = new Set(succeeded("CAPTURE_FAILED").map(({ psp }) => psp));
  const captures = succeeded("CAPTURE").filter(({ psp }) => !failed.has(psp));
  const [over] = succeeded("CANCELLATION", "TECHNICAL_CANCEL", "EXPIRE");
  const purchase = authorised.some(({ ids }) => ids.purchase);
  // What is released was never taken, also of a purchase.
  const captured = purchase && !over ? sum(authorised) : sum(captures);
  const state = captured > 0 ? "captured" : over ? "released" : authorised.length > 0 ? "authorized" : "open";
  return {
    reference: authorised[0]?.psp ?? first.payment,
    formerly: startReference({ orderId, paymentId, operation: purchase ? "purchase" : "authorize" }),
    orderId,
    paymentId,
    state,
    authorized: state === "authorized" ? sum(authorised) : 0,
    captured,
    ...(over && { reason: over.code === "EXPIRE" ? "expired" : "released" }),
    refunds: refundsIn(told),
  };
}

function refundsIn(told: readonly AdyenTold[]): SeenRefund[] {
  const lost = new Set(
    told
      .filter(({ code, success }) => success && (code === "REFUND_FAILED" || code === "REFUNDED_REVERSED"))
      .map(({ psp }) => psp),
  );
  return told
    .filter(({ code }) => code === "REFUND")
    .map(({ psp, amount, success, ids: { operationId } }) => ({
      reference: psp,
      ...(operationId !== undefined && { operationId }),
      amount,
      status: success && !lost.has(psp) ? "complete" : "failed",
    }));
}
