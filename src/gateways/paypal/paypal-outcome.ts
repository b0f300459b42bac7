import type { LinkDescription } from "@paypal/paypal-server-sdk";
import type { GatewayOutcome } from "../../domain/order/pay.ts";

/** A definite no that needs no call, or that PayPal gave. */
export function declined(code: string, message: string): GatewayOutcome & { kind: "declined" } {
  return { kind: "declined", code, message };
}

/** PayPal does not know the shop, or not as one who may do this; nothing was done. */
export const credentialsRefused = declined(
  "gateway_credentials_refused",
  "The gateway does not accept the shop's credentials",
);

/** What PayPal says in an answer that is no success. */
type Problem = {
  readonly name?: string;
  readonly message?: string;
  readonly details?: readonly { readonly issue?: string; readonly description?: string }[];
  readonly links?: LinkDescription[];
};

/** An answer of PayPal that is no success; of its own, without what was asked. */
export class PayPalError extends Error {
  /** The HTTP status. */
  readonly statusCode: number;
  /** The body, when it was PayPal's. */
  readonly result: Problem | undefined;

  constructor(statusCode: number, result: Problem | undefined) {
    super(`PayPal answered ${statusCode} ${result?.details?.[0]?.issue ?? result?.name ?? ""}`.trim());
    this.name = "PayPalError";
    this.statusCode = statusCode;
    this.result = result;
  }
}

/** As the package throws it, or as `PayPalError`. */
type Answered = Partial<Pick<PayPalError, "statusCode" | "result">>;

/** What PayPal found wrong, by its own name (`INSTRUMENT_DECLINED`). */
export function issueOf(error: unknown): string | undefined {
  const { result } = error as Answered;
  return result?.details?.[0]?.issue ?? result?.name;
}

/** Nothing by that id is there. */
export function isNotFound(error: unknown): boolean {
  return (error as Answered).statusCode === 404;
}

/** The token is not good any more, or never was. */
export function isTokenRefused(error: unknown): boolean {
  return (error as Answered).statusCode === 401;
}

const inProgress: ReadonlySet<string | undefined> = new Set([
  "PREVIOUS_REQUEST_IN_PROGRESS",
  "DUPLICATE_REQUEST_ID",
]);

/** Whether the same call may go well in a moment: no answer came, or PayPal was busy, with this call or in general. */
export function isBusy(error: unknown): boolean {
  const { statusCode } = error as Answered;
  if (statusCode === undefined) return error instanceof TypeError;
  return statusCode === 409 || statusCode === 429 || inProgress.has(issueOf(error));
}

/**
 * What an error of PayPal's package says for certain: a request that was refused. Undefined when it leaves open what
 * happened: the answer is lost, PayPal failed, or is busy with the same call.
 */
export function outcomeOfError(error: unknown): (GatewayOutcome & { kind: "declined" }) | undefined {
  const { statusCode, result } = error as Answered;
  if (statusCode === 401 || statusCode === 403) return credentialsRefused;
  const isRefusal = statusCode === 400 || statusCode === 404 || statusCode === 422;
  const issue = issueOf(error);
  // Without PayPal's own words it was somebody between us who answered.
  if (!isRefusal || issue === undefined || isBusy(error)) return undefined;
  const message = result?.details?.[0]?.description ?? result?.message;
  return declined(issue.toLowerCase(), message ?? "The gateway refused the request");
}

const movedOn: ReadonlySet<string | undefined> = new Set([
  "ACTION_DOES_NOT_MATCH_INTENT",
  "AUTHORIZATION_ALREADY_CAPTURED",
  "AUTHORIZATION_VOIDED",
  "CANNOT_BE_VOIDED",
  "CAPTURE_FULLY_REFUNDED",
  "DUPLICATE_INVOICE_ID",
  "ORDER_ALREADY_AUTHORIZED",
  "ORDER_ALREADY_CAPTURED",
  "ORDER_ALREADY_COMPLETED",
  "ORDER_COMPLETED_OR_VOIDED",
  "PREVIOUSLY_CAPTURED",
  "PREVIOUSLY_VOIDED",
]);

/** PayPal refused because things are no longer in the state that the call expects: an earlier try may have moved them. */
export function isStateConflict(error: unknown): boolean {
  return movedOn.has(issueOf(error));
}

/** PayPal wants the shopper first, once or once more. */
export function wantsShopper(error: unknown): boolean {
  const issue = issueOf(error);
  return issue === "ORDER_NOT_APPROVED" || issue === "PAYER_ACTION_REQUIRED";
}

/** Where PayPal wants the shopper, when it says so. */
export function linksOf(error: unknown): LinkDescription[] | undefined {
  return (error as Answered).result?.links;
}
