import type { Types } from "@adyen/api-library";
import type { GatewayCall } from "../gateway.ts";
import { toAdyenAmount } from "./adyen-amount.ts";
import { startReference } from "./adyen-reference.ts";

type PaymentRequest = Types.checkout.PaymentRequest;

/** Where a shopper is sent back to when the shop names no page; nobody can own that name (RFC 2606). */
const NOWHERE = "https://return.invalid/";
/** Members of a payment method that hold a card in the clear; it belongs to Adyen's own fields, encrypted. */
const inTheClear = ["number", "cvc", "expiryMonth", "expiryYear"];

/**
 * The shop's request as Adyen takes it. `payment` is the id of a stored payment method, with
 * `options.shopper_reference` and `options.recurring_processing_model`, as the Elastic Path API has it; or the payment
 * method that Adyen's Web component made in the shopper's browser, as JSON.
 * @returns undefined when there is no payment method, or none that may be passed on
 */
export function paymentRequestOf(of: GatewayCall, merchantAccount: string): PaymentRequest | undefined {
  const { paymentToken = "", options = {} } = of;
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const made = paymentToken.startsWith("{") ? readMethod(paymentToken) : undefined;
  const stored = paymentToken.startsWith("{") ? undefined : paymentToken;
  const value = toAdyenAmount(of.amount, of.currency);
  if ((!made && !stored) || value === undefined) return undefined;
  const model = text("recurring_processing_model");
  const { browser_info: browserInfo } = options;
  const request = {
    merchantAccount,
    reference: startReference(of),
    amount: { currency: of.currency.toUpperCase(), value },
    paymentMethod: made ?? { type: "scheme", storedPaymentMethodId: stored },
    returnUrl: text("return_url") ?? NOWHERE,
    channel: "Web",
    shopperInteraction: made ? "Ecommerce" : "ContAuth",
    // A purchase is captured at once, an authorization only when it is asked for, whatever the account's own setting is.
    ...(of.operation === "purchase"
      ? { captureDelayHours: 0 }
      : { additionalData: { manualCapture: "true" } }),
    ...(model !== undefined && { recurringProcessingModel: model }),
    ...named("shopperReference", text("shopper_reference")),
    ...named("shopperEmail", text("shopper_email")),
    ...named("shopperIP", text("shopper_ip")),
    ...named("origin", text("origin")),
    ...(typeof browserInfo === "object" && browserInfo !== null && { browserInfo }),
  };
  return request as unknown as PaymentRequest;
}

function readMethod(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const method = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return typeof method.type === "string" && !inTheClear.some((name) => name in method) ? method : undefined;
  } catch {
    return undefined;
  }
}

function named(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
