/** A gateway of the vendor's API. */
export type KnownGateway = {
  readonly slug: string;
  readonly name: string;
  /** What it takes beside `enabled`, by what a shop would call its credentials. */
  readonly settings: readonly string[];
};

/** Every gateway that the vendor's API names; all are there from the beginning, disabled. */
export const knownGateways: readonly KnownGateway[] = [
  { slug: "manual", name: "Manual", settings: [] },
  { slug: "stripe", name: "Stripe", settings: ["login", "webhook_secret", "test"] },
  {
    slug: "stripe_payment_intents",
    name: "Stripe Payment Intents",
    settings: ["login", "webhook_secret", "test"],
  },
  { slug: "stripe_connect", name: "Stripe Connect", settings: ["stripe_account", "test"] },
  {
    slug: "elastic_path_payments_stripe",
    name: "Elastic Path Payments powered by Stripe",
    settings: ["login", "webhook_secret", "stripe_account", "test"],
  },
  {
    slug: "braintree",
    name: "Braintree",
    settings: ["environment", "merchant_id", "merchant_account_id", "public_key", "private_key"],
  },
  {
    slug: "adyen",
    name: "Adyen",
    settings: ["merchant_account", "username", "password", "webhook_secret", "live_prefix", "test"],
  },
  { slug: "authorize_net", name: "Authorize.Net", settings: ["login", "password", "test"] },
  { slug: "cyber_source", name: "CyberSource", settings: ["login", "password", "test"] },
  { slug: "card_connect", name: "CardConnect", settings: ["merchant_id", "username", "password", "test"] },
  {
    slug: "paypal_express_checkout",
    name: "PayPal Express Checkout",
    settings: ["payer_id", "client_id", "client_secret", "webhook_id", "test"],
  },
];

/** Settings that whoever reads them could take payments or refunds with. */
const secrets: ReadonlySet<string> = new Set([
  "login",
  "password",
  "private_key",
  "webhook_secret",
  "client_secret",
]);

/** A setting as it may be read again: of a secret, the last four characters at most. */
export function maskedSetting(name: string, value: unknown): unknown {
  if (!secrets.has(name) || typeof value !== "string") return value;
  return value.length > 12 ? `****${value.slice(-4)}` : "****";
}
