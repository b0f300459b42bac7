import type { OrderApplicationContext, OrderRequest } from "@paypal/paypal-server-sdk";
import type { GatewayCall } from "../gateway.ts";
import { writeLabel } from "./paypal-label.ts";

/** Longest texts that PayPal takes, in characters. */
const MAX_DESCRIPTION = 127;
const MAX_DESCRIPTOR = 22;

/**
 * The order that a payment is at PayPal. The shop's request may say how PayPal's page looks and where it sends the
 * shopper afterwards: `application_context` with PayPal's own names, `description`, `soft_descriptor`; options that we
 * do not know are not passed on.
 * @param value the amount as PayPal writes it
 * @param payee the merchant's PayPal account, when it is not the one that asks
 */
export function orderRequest(of: GatewayCall, value: string, payee: string | undefined): OrderRequest {
  const description = text(of.options?.description, MAX_DESCRIPTION);
  const softDescriptor = text(of.options?.soft_descriptor, MAX_DESCRIPTOR);
  return {
    // The package's enums are these words, but come with the whole package.
    intent: (of.operation === "purchase" ? "CAPTURE" : "AUTHORIZE") as OrderRequest["intent"],
    purchaseUnits: [
      {
        amount: { currencyCode: of.currency.toUpperCase(), value },
        customId: writeLabel(of),
        // PayPal takes money for an invoice only once: a second attempt for the order needs another.
        invoiceId: of.key,
        ...(payee !== undefined && { payee: { merchantId: payee } }),
        ...(description !== undefined && { description }),
        ...(softDescriptor !== undefined && { softDescriptor }),
      },
    ],
    // Said in the newer way, with the payment source, an order is in a state in which PayPal lets nobody change it, and
    // it could not be closed; and the page has fewer forms.
    applicationContext: contextOf(of.options),
  };
}

function contextOf(options: GatewayCall["options"]): OrderApplicationContext {
  const given = { ...options, ...(options?.application_context as Record<string, unknown> | undefined) };
  const brandName = text(given.brand_name, MAX_DESCRIPTION);
  const locale = text(given.locale, 10);
  const landingPage = word(given.landing_page);
  const returnUrl = text(given.return_url, 2048);
  const cancelUrl = text(given.cancel_url, 2048) ?? returnUrl;
  return {
    ...(brandName !== undefined && { brandName }),
    ...(locale !== undefined && { locale }),
    ...(landingPage !== undefined && { landingPage }),
    ...(returnUrl !== undefined && { returnUrl }),
    ...(cancelUrl !== undefined && { cancelUrl }),
    // The shop knows the address already, and all that is left to do after the approval is to confirm it.
    shippingPreference: word(given.shipping_preference) ?? "NO_SHIPPING",
    userAction: word(given.user_action) ?? "PAY_NOW",
  } as OrderApplicationContext;
}

function text(value: unknown, maxLength: number): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, maxLength) : undefined;
}

/** One of PayPal's own words, `NO_SHIPPING`. */
function word(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Z_]{1,24}$/.test(value) ? value : undefined;
}
