const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses after the first, second, ... failure, in milliseconds; after the last one, always that. */
const pauses = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
];

/** How long something is tried, in milliseconds: about three days, over a weekend. */
export const TRIED_FOR_MS = 72 * HOUR;

/**
 * When something is tried again that has failed.
 * @param tries how often it was, >= 1
 * @param since when it was to be told at first, or was asked for again; all moments are RFC 3339
 * @returns undefined when it was tried for long enough
 */
export function nextTry(tries: number, since: string, now: string): string | undefined {
  const pause = pauses[Math.min(tries, pauses.length) - 1] ?? 24 * HOUR;
  const next = Date.parse(now) + pause;
  return next > Date.parse(since) + TRIED_FOR_MS ? undefined : new Date(next).toISOString();
}
