import type { Stripe } from "stripe";
import type { GatewayOutcome } from "../../domain/order/pay.ts";

/** A definite no that needs no call, or that Stripe gave. */
export function declined(code: string, message: string): GatewayOutcome {
  return { kind: "declined", code, message };
}

/**
 * What a payment's state says about the attempt to start it. Undefined where only the caller can decide: it was never
 * confirmed, or failed in a way that the shopper could still mend behind our back.
 */
export function outcomeOfStart(intent: Stripe.PaymentIntent): GatewayOutcome | undefined {
  switch (intent.status) {
    case "succeeded":
      return { kind: "approved", reference: intent.id };
    case "requires_capture":
      return { kind: "approved", reference: intent.id, expiresAt: expiryOf(intent) };
    case "requires_action": {
      const redirectUrl = intent.next_action?.redirect_to_url?.url;
      return {
        kind: "pending",
        reference: intent.id,
        action: {
          status: intent.status,
          ...(intent.client_secret !== null && { clientSecret: intent.client_secret }),
          ...(typeof redirectUrl === "string" && { redirectUrl }),
        },
      };
    }
    case "processing":
      return { kind: "pending", reference: intent.id };
    case "canceled":
      return failureOf(intent, "cancelled", "The payment was cancelled at the gateway");
    default: {
      if (intent.metadata[WAITS] === undefined) return undefined;
      const { client_secret: clientSecret, status } = intent;
      const action = { status, ...(clientSecret !== null && { clientSecret }) };
      return { kind: "pending", reference: intent.id, action };
    }
  }
}

/** The label of a payment whose payment method the shopper chooses; a declined one may be followed by another. */
export const WAITS = "cartwright_waits";

/** How long cards authorize for when Stripe does not tell (https://docs.stripe.com/payments/place-a-hold-on-a-payment-method). */
const AUTHORIZED_FOR_S = 7 * 24 * 3600;

/** Until when (RFC 3339) an authorized payment can be captured: what its charge says, where that came along. */
export function expiryOf({ latest_charge: charge, created }: Stripe.PaymentIntent): string {
  const known = typeof charge === "object" ? charge : undefined;
  const told = known?.payment_method_details?.card?.capture_before;
  return new Date((told ?? (known?.created ?? created) + AUTHORIZED_FOR_S) * 1000).toISOString();
}

/** Why a payment failed, by what Stripe noted last about it. */
export function failureOf(intent: Stripe.PaymentIntent, code: string, message: string): GatewayOutcome {
  const noted = intent.last_payment_error;
  if (!noted) return declined(code, message);
  return declined(noted.decline_code ?? noted.code ?? code, noted.message ?? message);
}

/**
 * What an error of Stripe's package says for certain: a declined card, or a request that was refused. Undefined when it
 * leaves open what happened: the answer is lost, Stripe failed, or the key is in use.
 */
export function outcomeOfError(error: unknown): GatewayOutcome | undefined {
  const { type, code, decline_code, message } = error as {
    type?: string;
    code?: string;
    decline_code?: string;
    message?: string;
  };
  switch (type) {
    case "StripeCardError":
      // The package fills in empty texts for what Stripe did not say.
      return declined(decline_code || code || "card_declined", message || "The card was declined");
    case "StripeInvalidRequestError":
      return declined(code || "invalid_request", message || "The gateway refused the request");
    // The text names part of the key, which is no shopper's business.
    case "StripeAuthenticationError":
    case "StripePermissionError":
      return declined("gateway_credentials_refused", "The gateway does not accept the shop's credentials");
    default:
      return undefined;
  }
}

/** Stripe refused because things are no longer in the state that the call expects: an earlier try may have moved them. */
export function isStateConflict(error: unknown): boolean {
  const { code } = error as { code?: string };
  return (
    code === "payment_intent_unexpected_state" ||
    code === "charge_already_captured" ||
    code === "charge_already_refunded"
  );
}
