/** What we write into the `custom_id` of an order at PayPal that no order of ours has taken. */
export type PayPalSessionLabel = {
  readonly cartId: string;
  /** The id of the session. */
  readonly session: string;
  /** It is no more: nobody takes the order for a payment. */
  readonly isGivenUp: boolean;
};

/** Before it; no id of an order begins so. */
const BEGINNING = "cart";
const GIVEN_UP = "given_up";

/** With two ids as long as ours it has 86 characters, of 127 that PayPal takes. */
export function writeSessionLabel({ cartId, session, isGivenUp }: PayPalSessionLabel): string {
  return [BEGINNING, cartId, session, ...(isGivenUp ? [GIVEN_UP] : [])].join(":");
}

/** Reads a label; undefined when it is none of a session. */
export function readSessionLabel(text: unknown): PayPalSessionLabel | undefined {
  const [beginning, cartId, session, end] = typeof text === "string" ? text.split(":") : [];
  if (beginning !== BEGINNING || !cartId || !session) return undefined;
  return { cartId, session, isGivenUp: end === GIVEN_UP };
}
