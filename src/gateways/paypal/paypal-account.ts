import type { GatewayCall } from "../gateway.ts";
import type { PayPalAccount } from "./paypal-client.ts";

type Settings = GatewayCall["settings"];

/** Who asks PayPal, by the store's settings; undefined while it has not set the gateway up. */
export function accountOf(settings: Settings, apiBase: string | undefined): PayPalAccount | undefined {
  const clientId = textOf(settings, "client_id");
  const clientSecret = textOf(settings, "client_secret");
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { clientId, clientSecret, test: settings.test === true, ...(apiBase !== undefined && { apiBase }) };
}

/** The PayPal account of the merchant, where the credentials are those of somebody who acts for them. */
export function payeeOf(settings: Settings): string | undefined {
  return textOf(settings, "payer_id");
}

/** The webhook that PayPal signs its calls for. */
export function webhookOf(settings: Settings): string | undefined {
  return textOf(settings, "webhook_id");
}

/**
 * Says to PayPal for which merchant somebody acts who has credentials of their own: an unsigned token, which PayPal
 * believes because of the consent that the merchant gave (https://developer.paypal.com/api/rest/requests/).
 */
export function assertionOf(settings: Settings): { paypalAuthAssertion?: string } {
  const payee = payeeOf(settings);
  if (payee === undefined) return {};
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: textOf(settings, "client_id"), payer_id: payee };
  return { paypalAuthAssertion: `${part({ alg: "none" })}.${part(claims)}.` };
}

function textOf(settings: Settings, name: string): string | undefined {
  const value = settings[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
