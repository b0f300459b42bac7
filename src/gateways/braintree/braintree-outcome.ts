import type { BraintreeResult, BraintreeStatus, BraintreeTransaction } from "braintree";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import type { FoundOutcome, GatewayCall } from "../gateway.ts";
import { toBraintreeAmount } from "./braintree-amount.ts";
import { BraintreeBusy, typeOf } from "./braintree-client.ts";
import { releaseReference } from "./braintree-reference.ts";

/** The codes of refusals that need more than to be passed on (the package's `ValidationErrorCodes.Transaction`). */
const code = {
  cannotBeVoided: "91504",
  cannotRefundUnlessSettled: "91506",
  cannotSubmitForSettlement: "91507",
  alreadyRefunded: "91512",
  keyNotAllowed: "915231",
  keyOfAnotherRequest: "915232",
  keyInFlight: "915233",
  keyOfFailedRequest: "915234",
  keyServerError: "915235",
} as const;

/** A definite no that needs no call, or that Braintree gave. */
export function declined(code: string, message: string): GatewayOutcome {
  return { kind: "declined", code, message };
}

/** Submitted to be settled or further: Braintree has taken the money, as far as a shop is concerned. */
export function isCaptured(status: BraintreeStatus): boolean {
  return (
    status === "submitted_for_settlement" ||
    status === "settling" ||
    status === "settled" ||
    status === "settlement_confirmed"
  );
}

/** It was captured, and was released again before the bank moved anything: the whole of it was given back. */
export function wasReleasedAfterCapture({ status, statusHistory = [] }: BraintreeTransaction): boolean {
  return status === "voided" && statusHistory.some((entry) => isCaptured(entry.status));
}

/**
 * What a refusal says about the request itself, where there is more to do about it than to pass it on: `moved_on` asks
 * the payment's state, `no_keys` repeats without a key, `unsettled` releases in place of refunding.
 * @throws BraintreeBusy when the same request is just being carried out
 */
export function conflictOf(result: BraintreeResult): "moved_on" | "no_keys" | "unsettled" | undefined {
  if (result.success) return undefined;
  const codes = (result.errors?.deepErrors() ?? []).map((error) => error.code);
  const has = (...wanted: string[]): boolean => codes.some((each) => wanted.includes(each));
  if (has(code.keyInFlight, code.keyServerError)) throw new BraintreeBusy("the same request is under way");
  if (has(code.keyNotAllowed)) return "no_keys";
  if (has(code.cannotRefundUnlessSettled)) return "unsettled";
  const moved = [code.cannotBeVoided, code.cannotSubmitForSettlement, code.alreadyRefunded];
  if (has(...moved, code.keyOfAnotherRequest, code.keyOfFailedRequest)) return "moved_on";
  return undefined;
}

/** Why Braintree said no: the bank's reason, its own, or what is wrong with the request. */
export function refusalOf({ transaction, errors, message }: BraintreeResult): GatewayOutcome {
  if (transaction) return failureOf(transaction);
  const [first] = errors?.deepErrors() ?? [];
  return declined(first?.code ?? "invalid_request", message || "The gateway refused the request");
}

function failureOf(transaction: BraintreeTransaction): GatewayOutcome {
  const { status, processorResponseCode, processorResponseText, gatewayRejectionReason } = transaction;
  if (status === "gateway_rejected") {
    const reason = gatewayRejectionReason || "gateway_rejected";
    return declined(reason, `The gateway's own checks refused the payment: ${reason.replaceAll("_", " ")}`);
  }
  return declined(processorResponseCode || status, processorResponseText || "The payment was declined");
}

/** What an error of the package says for certain. Undefined when it leaves open what happened. */
export function outcomeOfError(error: unknown): GatewayOutcome | undefined {
  switch (typeOf(error)) {
    case "authenticationError":
    case "authorizationError":
      return declined("gateway_credentials_refused", "The gateway does not accept the shop's credentials");
    case "notFoundError":
      return declined("payment_not_found", "The gateway does not know the payment");
    case "invalidKeysError":
      return declined("invalid_request", "The gateway's package refused the request");
    default:
      return undefined;
  }
}

/** How the attempt to start a payment ended. */
export function outcomeOfStart(transaction: BraintreeTransaction): GatewayOutcome {
  const { id, status } = transaction;
  if (status === "authorized") return { kind: "approved", reference: id, ...expiryOf(transaction) };
  if (isCaptured(status)) return { kind: "approved", reference: id };
  switch (status) {
    // The bank of a PayPal account or of a debit takes its time.
    case "settlement_pending":
      return { kind: "pending", reference: id };
    case "authorizing":
      return unknownState(transaction);
    case "voided":
      return declined("cancelled", "The payment was cancelled at the gateway");
    case "authorization_expired":
      return declined("authorization_expired", "The authorization has expired");
    default:
      return failureOf(transaction);
  }
}

/** Until when an authorization can be captured, where Braintree says so. */
export function expiryOf({ authorizationExpiresAt }: BraintreeTransaction): { expiresAt?: string } {
  const at = Date.parse(authorizationExpiresAt ?? "");
  return Number.isNaN(at) ? {} : { expiresAt: new Date(at).toISOString() };
}

export function captureFound(of: GatewayCall, transaction: BraintreeTransaction): FoundOutcome {
  const { id, status, amount, currencyIsoCode } = transaction;
  if (isCaptured(status) || status === "settlement_pending") {
    // Captured in Braintree's own pages is as good, if it was as much.
    const asMuch = sameAmount(of, amount) && currencyIsoCode === of.currency.toUpperCase();
    if (!asMuch)
      return declined("payment_captured", "Another amount of this payment was captured at the gateway");
    return { kind: status === "settlement_pending" ? "pending" : "approved", reference: id };
  }
  switch (status) {
    case "authorized":
      return { kind: "absent" };
    case "authorizing":
      return unknownState(transaction);
    case "authorization_expired":
      return declined("authorization_expired", "The authorization has expired");
    case "voided":
      return declined("authorization_released", "The authorization was released");
    case "settlement_declined":
      return failureOf(transaction);
    default:
      return declined("payment_not_authorized", "The payment is not authorized");
  }
}

export function voidFound(transaction: BraintreeTransaction): FoundOutcome {
  const { id, status } = transaction;
  if (status === "voided" || status === "authorization_expired") return { kind: "approved", reference: id };
  if (isCaptured(status) || status === "settlement_pending") {
    return declined("payment_captured", "The money was taken already; it can be refunded");
  }
  if (status === "authorized") return { kind: "absent" };
  return status === "authorizing" ? unknownState(transaction) : failureOf(transaction);
}

/** A refund is a transaction of its own. */
export function outcomeOfRefund(refund: BraintreeTransaction): GatewayOutcome {
  switch (refund.status) {
    case "authorizing":
    case "settlement_pending":
      return { kind: "pending", reference: refund.id };
    case "voided":
      return declined("refund_cancelled", "The refund was cancelled at the gateway");
    case "failed":
    case "processor_declined":
    case "gateway_rejected":
    case "settlement_declined":
      return failureOf(refund);
    default:
      return { kind: "approved", reference: refund.id };
  }
}

/** What the release of a capture says about a refund: all of it is refunded, or nothing can be any more. */
export function refundByRelease(of: GatewayCall, transaction: BraintreeTransaction): FoundOutcome {
  if (wasReleasedAfterCapture(transaction) && sameAmount(of, transaction.amount)) {
    return { kind: "approved", reference: releaseReference(transaction.id) };
  }
  if (transaction.status === "voided")
    return declined("payment_released", "The payment was released at the gateway");
  return { kind: "absent" };
}

export function sameAmount(of: GatewayCall, amount: string): boolean {
  return Number(amount) === Number(toBraintreeAmount(of.amount, of.currency));
}

function unknownState({ id, status }: BraintreeTransaction): GatewayOutcome {
  return { kind: "unknown", reason: `the payment ${id} is ${status}` };
}
