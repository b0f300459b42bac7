import type { Types } from "@adyen/api-library";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import type { ShopperAction } from "../../domain/order/payment.ts";
import type { GatewayCall } from "../gateway.ts";
import { AdyenError } from "./adyen-client.ts";
import { startReference } from "./adyen-reference.ts";
import type { AdyenTold } from "./adyen-told.ts";

type PaymentAnswer = Types.checkout.PaymentResponse | Types.checkout.PaymentDetailsResponse;

/** A definite no that needs no call, or that Adyen gave. */
export function declined(code: string, message: string): GatewayOutcome {
  return { kind: "declined", code, message };
}

/** What Adyen answers at once about a payment (https://docs.adyen.com/online-payments/payment-result-codes). */
export function outcomeOfAnswer(of: GatewayCall, answer: PaymentAnswer): GatewayOutcome {
  const { pspReference, refusalReason } = answer;
  const resultCode = String(answer.resultCode);
  const waits = { kind: "pending", reference: startReference(of) } as const;
  switch (resultCode) {
    case "Authorised":
      return pspReference
        ? { kind: "approved", reference: pspReference }
        : { kind: "unknown", reason: "Adyen named no payment" };
    case "RedirectShopper":
    case "IdentifyShopper":
    case "ChallengeShopper":
    case "PresentToShopper":
      return { ...waits, action: actionOf(resultCode, answer) };
    // The bank takes its time; Adyen tells later.
    case "Pending":
    case "Received":
      return waits;
    case "Refused":
    case "Cancelled":
    case "Error":
      return refused(refusalReason ?? resultCode);
    default:
      return { kind: "unknown", reason: `Adyen answers ${resultCode}` };
  }
}

/** A page to go to, or what Adyen's Web component does in the shop's own page: it takes the secret as JSON. */
function actionOf(status: string, answer: PaymentAnswer): ShopperAction {
  const action = "action" in answer ? (answer.action as { url?: unknown; method?: unknown }) : undefined;
  const { url, method } = action ?? {};
  if (typeof url === "string" && method === "GET") return { status, redirectUrl: url };
  return { status, ...(action && { clientSecret: JSON.stringify(action) }) };
}

/** What an error says for certain. Undefined when it leaves open what happened. */
export function outcomeOfError(error: unknown): GatewayOutcome | undefined {
  if (!(error instanceof AdyenError) || error.passing) return undefined;
  if (error.status === 401 || error.status === 403) {
    return declined("gateway_credentials_refused", "The gateway does not accept the shop's credentials");
  }
  return declined(error.code ?? "invalid_request", error.message);
}

/** How an attempt to start a payment ended, by what was told; undefined while nothing was. */
export function startTold(told: readonly AdyenTold[]): GatewayOutcome | undefined {
  const authorised = told.find(({ code, success }) => code === "AUTHORISATION" && success);
  const over = released(told);
  if (over) return over;
  if (authorised) return { kind: "approved", reference: authorised.psp };
  const refusal = told.find(({ code, success }) => code === "AUTHORISATION" && !success);
  if (refusal) return refused(refusal.reason ?? "Refused");
  const closed = told.some(({ code, success }) => code === "OFFER_CLOSED" && success);
  return closed ? declined("abandoned", "The shopper did not finish the payment") : undefined;
}

/** How a capture, refund or release ended, by what was told of it; undefined while nothing was. */
export function changeTold(of: GatewayCall, told: readonly AdyenTold[]): GatewayOutcome | undefined {
  const { key, operation, waiting } = of;
  const ours = told.filter(
    ({ ids, psp }) => ids.operationId === key || (psp !== "" && psp === waiting?.reference),
  );
  const failed = ours.find(({ code, success }) => !success || failures.has(code));
  if (failed) return refused(failed.reason ?? `The gateway could not ${operation} the payment`);
  const [done] = ours;
  if (done) return { kind: "approved", reference: done.psp };
  if (operation === "refund") return undefined;
  const over = released(told);
  if (!over) return undefined;
  return operation === "void" ? { kind: "approved", reference: of.reference ?? "" } : over;
}

const failures: ReadonlySet<string> = new Set(["CAPTURE_FAILED", "REFUND_FAILED", "REFUNDED_REVERSED"]);
const releases: ReadonlySet<string> = new Set(["CANCELLATION", "TECHNICAL_CANCEL", "EXPIRE"]);

/** That what was set aside was given back, and why. */
function released(told: readonly AdyenTold[]): GatewayOutcome | undefined {
  const over = told.find(({ code, success }) => releases.has(code) && success);
  if (!over) return undefined;
  return over.code === "EXPIRE"
    ? declined("authorization_expired", "The authorization has expired")
    : declined("authorization_released", "The authorization was released");
}

/** Adyen's answers and its calls have the same short reason, and only the answers a number: so the reason is the code. */
function refused(reason: string): GatewayOutcome {
  const code = reason.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  return declined(code.slice(0, 64).replaceAll(/^_|_$/g, "") || "declined", reason);
}
