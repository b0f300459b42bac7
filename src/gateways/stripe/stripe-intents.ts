import type { Stripe } from "stripe";

/** How much Stripe's clock may differ from ours, and how long after its claim a call may still arrive, in seconds. */
const MARGIN_S = 120;
/** Where an intent nearly always is, in seconds before and after its claim: made at once, by clocks that agree. */
const CLOSE_BEFORE_S = 2;
const CLOSE_AFTER_S = 5;
/** Intents on one page; as many as Stripe gives. */
const PAGE = 100;
/** Parts of a busy time that are looked through beside each other; there are two such times for one intent. */
const PARTS = 4;

/** Seconds since 1970, both included. */
type Span = { readonly gte: number; readonly lte: number };

/**
 * Finds the intent that carries a key among those made around the time of its claim (RFC 3339): close to it first, then
 * everything that it may be in. That it is not there is proof that it was never made: lists are complete at once, while
 * Stripe's search lags behind (https://docs.stripe.com/search#data-freshness).
 */
export async function findByKey(
  client: Stripe,
  key: string,
  claimedAt: string,
): Promise<Stripe.PaymentIntent | undefined> {
  const claimed = Math.floor(Date.parse(claimedAt) / 1000);
  const close = { gte: claimed - CLOSE_BEFORE_S, lte: claimed + CLOSE_AFTER_S };
  const found = await lookThrough(client, key, close);
  if (found) return found;
  const rest = [
    { gte: close.lte + 1, lte: claimed + MARGIN_S },
    { gte: claimed - MARGIN_S, lte: close.gte - 1 },
  ];
  return firstOf(rest.map((span) => lookThroughParts(client, key, span)));
}

/** One question when little was made in that time, and else several beside each other: all has to fit in one deadline. */
async function lookThroughParts(
  client: Stripe,
  key: string,
  span: Span,
): Promise<Stripe.PaymentIntent | undefined> {
  const { data, has_more: more } = await client.paymentIntents.list({ created: span, limit: PAGE });
  const found = data.find(carries(key));
  // Pages begin with the latest: what is left was made in the second of the last one, or before it.
  const lte = data.at(-1)?.created;
  if (found || !more || lte === undefined) return found;
  const length = Math.ceil((lte - span.gte + 1) / PARTS);
  const parts: Span[] = [];
  for (let gte = span.gte; gte <= lte; gte += length) {
    parts.push({ gte, lte: Math.min(gte + length - 1, lte) });
  }
  return firstOf(parts.map((part) => lookThrough(client, key, part)));
}

async function lookThrough(
  client: Stripe,
  key: string,
  created: Span,
): Promise<Stripe.PaymentIntent | undefined> {
  for await (const intent of client.paymentIntents.list({ created, limit: PAGE })) {
    if (carries(key)(intent)) return intent;
  }
  return undefined;
}

const carries =
  (key: string) =>
  ({ metadata }: Stripe.PaymentIntent): boolean =>
    metadata.cartwright_operation === key;

/** All have to answer: what one of them could not look at may hold the intent. */
async function firstOf<Value>(answers: readonly Promise<Value | undefined>[]): Promise<Value | undefined> {
  return (await Promise.all(answers)).find((answer) => answer !== undefined);
}
