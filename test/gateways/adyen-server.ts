import { createHmac } from "node:crypto";
import type { PaymentOperationType } from "../../src/domain/order/payment.ts";
import { type AdyenLedger, adyenLedger, newPsp, type TellsAdyen } from "./adyen-ledger.ts";
import { type StandIn, type StandInReply, type StandInRequest, startStandIn } from "./stand-in-server.ts";

/** What the stand-in accepts, as a store's settings name it. */
export const adyenSettings = {
  merchant_account: "TheShopCOM",
  password: "the_api_key",
  webhook_secret: "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056",
  test: true,
};

export type AdyenServer = StandIn & {
  readonly ledger: AdyenLedger;
  /** What was told since the last time, as the bodies of its calls. */
  takeCalls(): string[];
  /** Requests to `/payments`, as they came. */
  readonly requests: Readonly<Record<string, unknown>>[];
};

type Sent = Readonly<Record<string, unknown>> & {
  readonly amount?: { readonly value: number; readonly currency: string };
  readonly reference?: string;
};

/** What a shopper brings back from the page that they were sent to. */
export const redirectResult = { passes: "passed!", fails: "failed!" };

/**
 * A stand-in of Adyen's Checkout API, as far as the gateway uses it, with idempotency keys. Payment methods with
 * `declined` in their name are refused; with `waiting` their shopper is sent to a page, with `native` asked in place; with `bank` it
 * takes days.
 */
export async function startAdyenServer(): Promise<AdyenServer> {
  const calls: string[] = [];
  const requests: Sent[] = [];
  const ledger = adyenLedger((event) => void calls.push(notificationOf(event)));
  const underWay = new Set<string>();
  const done = new Map<string, StandInReply>();

  const start = (body: Sent): StandInReply => {
    requests.push(body);
    const method = JSON.stringify(body.paymentMethod);
    if (method.includes("invalid")) return refusal(422, "14_0424", "The payment method is not known");
    const payment = ledger.pay(
      {
        reference: String(body.reference),
        currency: body.amount?.currency ?? "",
        amount: body.amount?.value ?? 0,
        capturesAtOnce: body.captureDelayHours === 0,
      },
      method,
    );
    const { psp, state } = payment;
    if (state === "authorised") return json(200, { pspReference: psp, resultCode: "Authorised" });
    if (state === "refused") {
      const refused = { refusalReason: "Not enough balance", refusalReasonCode: "12" };
      return json(200, { pspReference: psp, resultCode: "Refused", ...refused });
    }
    if (method.includes("bank")) return json(200, { pspReference: psp, resultCode: "Received" });
    if (method.includes("native")) {
      const action = { type: "threeDS2", subtype: "challenge", token: psp, paymentData: "data" };
      return json(200, { resultCode: "ChallengeShopper", action });
    }
    // Adyen names the payment only once the shopper is back.
    const url = `https://checkout.adyen.test/redirect?payment=${psp}`;
    return json(200, {
      resultCode: "RedirectShopper",
      action: { type: "redirect", method: "GET", url, paymentMethodType: "scheme" },
    });
  };

  const details = (body: Sent): StandInReply => {
    const given = body.details as Readonly<Record<string, string>>;
    const [psp = "", passes] = (given.redirectResult ?? given.threeDSResult ?? "").split("/");
    const payment = ledger.payments.get(psp);
    if (payment?.state !== "waiting") return refusal(422, "101", "Invalid payment details");
    ledger.finish(payment, passes === redirectResult.passes);
    const answer = { pspReference: psp, merchantReference: payment.reference };
    if (ledger.payments.get(psp)?.state === "authorised") {
      return json(200, { ...answer, resultCode: "Authorised" });
    }
    return json(200, { ...answer, resultCode: "Refused", refusalReason: "3D Not Authenticated" });
  };

  const carryOut = (request: StandInRequest): StandInReply => {
    const body = JSON.parse(request.body) as Sent;
    if (body.merchantAccount !== adyenSettings.merchant_account && !request.path.endsWith("/details")) {
      return refusal(403, "901", "Invalid Merchant Account");
    }
    const path = request.path.replace(/^\/v\d+/, "");
    if (path === "/payments") return start(body);
    if (path === "/payments/details") return details(body);
    const received = (pspReference: string) => json(201, { ...body, pspReference, status: "received" });
    if (path === "/cancels") {
      const { paymentReference } = body;
      const found = [...ledger.payments.values()].find(({ reference }) => reference === paymentReference);
      return received(found ? ledger.cancel(found, String(body.reference), "TECHNICAL_CANCEL") : newPsp());
    }
    const [, psp = "", what] = /^\/payments\/(\w+)\/(\w+)$/.exec(path) ?? [];
    const payment = ledger.payments.get(psp);
    if (!payment) return refusal(422, "167", "Original pspReference required for this operation");
    const { value = 0 } = body.amount ?? {};
    const reference = body.reference ?? "";
    if (what === "captures") return received(ledger.capture(payment, value, reference));
    if (what === "refunds") return received(ledger.refund(payment, value, reference));
    return received(ledger.cancel(payment, reference));
  };

  const standIn = await startStandIn(operationOf, async (request, hold) => {
    if (request.header("x-api-key") !== adyenSettings.password) return refusal(401, "000", "Unauthorized");
    const key = request.header("idempotency-key") ?? "";
    if (key === "" || key.length > 64) return refusal(400, "702", "Invalid idempotency key");
    if (underWay.has(key)) {
      return { ...refusal(422, "704", "request in progress"), headers: { "transient-error": "true" } };
    }
    underWay.add(key);
    try {
      await hold();
      const reply = done.get(key) ?? carryOut(request);
      if (reply.status < 400) done.set(key, reply);
      return reply;
    } finally {
      underWay.delete(key);
    }
  });
  return { ...standIn, ledger, requests, takeCalls: () => calls.splice(0) };
}

/** The body of a call of Adyen's, signed as the shop's webhook is set up. */
export function notificationOf(
  event: TellsAdyen,
  secret = adyenSettings.webhook_secret,
  merchantAccountCode = adyenSettings.merchant_account,
): string {
  const { eventCode, success, psp, payment, reference, amount, currency, reason, additionalData } = event;
  const isPayment = payment === undefined || payment.psp === psp;
  const item = {
    eventCode,
    success: String(success),
    pspReference: psp,
    ...(!isPayment && { originalReference: payment.psp }),
    merchantAccountCode,
    merchantReference: reference,
    amount: { value: amount, currency },
    eventDate: new Date().toISOString(),
    ...(reason && { reason }),
  };
  // The fields and their order: https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures
  const signed = [
    item.pspReference,
    isPayment ? "" : payment.psp,
    item.merchantAccountCode,
    item.merchantReference,
    amount,
    currency,
    eventCode,
    item.success,
  ].join(":");
  const hmacSignature = createHmac("sha256", Buffer.from(secret, "hex")).update(signed).digest("base64");
  return JSON.stringify({
    live: "false",
    notificationItems: [
      { NotificationRequestItem: { ...item, additionalData: { ...additionalData, hmacSignature } } },
    ],
  });
}

function operationOf({ path, body }: StandInRequest): PaymentOperationType | undefined {
  if (path.endsWith("/captures")) return "capture";
  if (path.endsWith("/refunds")) return "refund";
  if (path.endsWith("/cancels")) return "void";
  if (path.endsWith("/details")) return undefined;
  return body.includes('"captureDelayHours":0') ? "purchase" : "authorize";
}

function refusal(status: number, errorCode: string, message: string): StandInReply {
  return json(status, { status, errorCode, message, errorType: "validation" });
}

function json(status: number, body: unknown): StandInReply {
  return { status, type: "application/json", body: JSON.stringify(body) };
}
