import { dateValue } from "../custom-fields/date-value.ts";
import type { Promotion } from "./promotion.ts";

/** Why a promotion is not active. `start` and `end` are as the merchant wrote them. */
export type Inactive =
  | { readonly type: "not_enabled" }
  | { readonly type: "not_started"; readonly start: string }
  | { readonly type: "ended"; readonly end: string };

const withoutSeconds = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})?$/;

/**
 * The moment of a promotion's start or end in milliseconds, undefined when it is none: `YYYY-MM-DD` (midnight),
 * `YYYY-MM-DD HH:MM` or RFC 3339. What names no zone is in UTC.
 */
export function momentOf(text: string): number | undefined {
  return dateValue(text.length < 23 ? text.replace(withoutSeconds, "$1:00$2") : text);
}

/**
 * Why the promotion is not active at `now` (milliseconds); undefined when it is: enabled and start <= now < end.
 * A date that cannot be read is a moment that never comes.
 */
export function inactiveReason(
  promotion: Pick<Promotion, "enabled" | "start" | "end">,
  now: number,
): Inactive | undefined {
  if (!promotion.enabled) return { type: "not_enabled" };
  const { start, end } = momentsOf(promotion);
  if (start === undefined || now < start) return { type: "not_started", start: promotion.start };
  if (end === undefined || now >= end) return { type: "ended", end: promotion.end };
  return undefined;
}

type Moments = { readonly start: number | undefined; readonly end: number | undefined };

// The promotions of a store are looked at with every cart, and their dates are read once for all of them.
const moments = new WeakMap<Pick<Promotion, "start" | "end">, Moments>();

function momentsOf(promotion: Pick<Promotion, "start" | "end">): Moments {
  const known = moments.get(promotion);
  if (known) return known;
  const read = { start: momentOf(promotion.start), end: momentOf(promotion.end) };
  moments.set(promotion, read);
  return read;
}
