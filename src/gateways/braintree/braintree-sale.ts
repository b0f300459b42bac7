import type { BraintreeSale } from "braintree";
import type { GatewayCall } from "../gateway.ts";
import { toBraintreeAmount } from "./braintree-amount.ts";
import { braintreeOrderId } from "./braintree-reference.ts";

/**
 * What the shop's request says about a payment, as Braintree takes it: `payment` is a nonce of the shopper's browser
 * (`options.payment_method_nonce: true`), a stored payment method (`payment_method_token: true`), or else the id of a
 * customer, whose default method is charged. That is how the Elastic Path API has it. Undefined without a payment.
 */
export function saleOf(
  of: GatewayCall,
): Omit<BraintreeSale, "merchantAccountId" | "options" | "apiRequestKey"> | undefined {
  const { paymentToken: token = "", options = {} } = of;
  if (token === "") return undefined;
  const method =
    options.payment_method_nonce === true
      ? { paymentMethodNonce: token }
      : options.payment_method_token === true
        ? { paymentMethodToken: token }
        : { customerId: token };
  const customFields = textsOf(options.custom_fields);
  const { device_data: deviceData } = options;
  return {
    ...method,
    amount: toBraintreeAmount(of.amount, of.currency),
    orderId: braintreeOrderId(of),
    ...(typeof deviceData === "string" && deviceData !== "" && { deviceData }),
    ...(customFields && { customFields }),
  };
}

/** The names are the shop's own, set up at Braintree; its texts have 255 characters at most. */
function textsOf(given: unknown): Record<string, string> | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const texts = Object.entries(given)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .slice(0, 50)
    .map(([name, value]) => [name, String(value).slice(0, 255)]);
  return texts.length > 0 ? Object.fromEntries(texts) : undefined;
}
