/** How a test card behaves. */
export type CardBehaviour = {
  readonly brand: string;
  readonly last4: string;
  /** The shopper has to prove who they are before anything is charged. */
  readonly authentication?: true;
  /** The bank says no, after the authentication if there is one. */
  readonly decline?: { readonly code: string; readonly declineCode?: string; readonly message: string };
  /** A refund stays pending until the clock moves on, and then succeeds; or it succeeds first and fails later. */
  readonly refund?: "succeeds_later" | "fails_later";
};

const declined = (declineCode: string, message = "The card was declined.") => ({
  decline: { code: "card_declined", declineCode, message },
});
const visa = (last4: string, rest: Omit<CardBehaviour, "brand" | "last4"> = {}): CardBehaviour => ({
  brand: "visa",
  last4,
  ...rest,
});

/**
 * The test cards of https://docs.stripe.com/testing by the part of the token after `pm_card_` (and `tok_`), each with
 * the number that a page of the simulator takes for it. Numbers of this list belong to nobody.
 */
const cards: readonly (readonly [name: string, number: string, behaviour: CardBehaviour])[] = [
  ["visa", "4242424242424242", visa("4242")],
  ["visa_debit", "4000056655665556", visa("5556")],
  ["mastercard", "5555555555554444", { brand: "mastercard", last4: "4444" }],
  ["mastercard_debit", "5200828282828210", { brand: "mastercard", last4: "8210" }],
  ["amex", "378282246310005", { brand: "amex", last4: "0005" }],
  ["discover", "6011111111111117", { brand: "discover", last4: "1117" }],
  ["diners", "3056930009020004", { brand: "diners", last4: "0004" }],
  ["jcb", "3566002020360505", { brand: "jcb", last4: "0505" }],
  ["unionpay", "6200000000000005", { brand: "unionpay", last4: "0005" }],
  ["chargeDeclined", "4000000000000002", visa("0002", declined("generic_decline"))],
  [
    "chargeDeclinedInsufficientFunds",
    "4000000000009995",
    visa("9995", declined("insufficient_funds", "The card has insufficient funds.")),
  ],
  ["chargeDeclinedLostCard", "4000000000009987", visa("9987", declined("lost_card"))],
  ["chargeDeclinedStolenCard", "4000000000009979", visa("9979", declined("stolen_card"))],
  ["chargeDeclinedFraudulent", "4100000000000019", visa("0019", declined("fraudulent"))],
  [
    "chargeDeclinedVelocityLimitExceeded",
    "4000000000006975",
    visa("6975", declined("card_velocity_exceeded")),
  ],
  [
    "chargeDeclinedExpiredCard",
    "4000000000000069",
    visa("0069", { decline: { code: "expired_card", message: "The card has expired." } }),
  ],
  [
    "chargeDeclinedIncorrectCvc",
    "4000000000000127",
    visa("0127", { decline: { code: "incorrect_cvc", message: "The card's security code is incorrect." } }),
  ],
  [
    "chargeDeclinedProcessingError",
    "4000000000000119",
    visa("0119", { decline: { code: "processing_error", message: "An error occurred, try again later." } }),
  ],
  ["chargeCustomerFail", "4000000000000341", visa("0341", declined("generic_decline"))],
  ["threeDSecure2Required", "4000000000003220", visa("3220", { authentication: true })],
  ["threeDSecureRequired", "4000000000003063", visa("3063", { authentication: true })],
  ["threeDSecureOptional", "4000000000003055", visa("3055")],
  [
    "threeDSecureRequiredChargeDeclined",
    "4000008400001629",
    visa("1629", { authentication: true, ...declined("generic_decline") }),
  ],
  ["authenticationRequired", "4000002760003184", visa("3184", { authentication: true })],
  [
    "authenticationRequiredChargeDeclinedInsufficientFunds",
    "4000008260003178",
    visa("3178", {
      authentication: true,
      ...declined("insufficient_funds", "The card has insufficient funds."),
    }),
  ],
  ["pendingRefund", "4000000000007726", visa("7726", { refund: "succeeds_later" })],
  ["refundFail", "4000000000005126", visa("5126", { refund: "fails_later" })],
];

const byName = new Map(cards.map(([name, , behaviour]) => [name.toLowerCase(), behaviour]));
const nameByNumber = new Map(cards.map(([name, number]) => [number, name]));

/**
 * The behaviour of a token: `pm_card_chargeDeclined`, `pm_card_visa_chargeDeclined`, `tok_visa`. Undefined for a token
 * that is none.
 */
export function testCard(token: string): CardBehaviour | undefined {
  const name = /^(?:pm_card_|tok_)(.+)$/.exec(token)?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  return byName.get(name) ?? (name.startsWith("visa_") ? byName.get(name.slice("visa_".length)) : undefined);
}

/** The token that a test card's number stands for, spaces and dashes aside; undefined for any other number. */
export function tokenOfNumber(number: string): string | undefined {
  const name = nameByNumber.get(number.replaceAll(/[ -]/g, ""));
  return name && `pm_card_${name}`;
}
