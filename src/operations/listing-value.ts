import type { ListableType } from "./listing.ts";

/**
 * A filter's value in the one form that can be compared, or undefined when it is none of `type`:
 *
 * - text: as it is, without NUL, which PostgreSQL cannot hold
 * - integer: decimal, within 64 bits
 * - boolean: `true` or `false`
 * - timestamp: RFC 3339 in UTC, to the microsecond, in the years 1 to 9999. Read from RFC 3339, from `YYYY-MM-DD`
 *   (its first moment in UTC), or from milliseconds since 1970
 */
export function listingValue(type: ListableType, text: string): string | undefined {
  switch (type) {
    case "text":
      return text.includes("\0") ? undefined : text;
    case "integer":
      return integer(text);
    case "boolean":
      return text === "true" || text === "false" ? text : undefined;
    case "timestamp":
      return timestamp(text);
  }
}

const MAX_INT8 = 2n ** 63n - 1n;

function integer(text: string): string | undefined {
  if (!/^-?\d{1,19}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > MAX_INT8 || value < -MAX_INT8 - 1n ? undefined : value.toString();
}

const DAY = /^(\d{4}-\d\d-\d\d)$/;
const MOMENT = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const EPOCH_MILLISECONDS = /^-?\d{1,15}$/;

function timestamp(text: string): string | undefined {
  if (EPOCH_MILLISECONDS.test(text)) {
    const milliseconds = Number(text);
    const fraction = String(((milliseconds % 1000) + 1000) % 1000).padStart(3, "0");
    return moment(Math.floor(milliseconds / 1000), fraction);
  }
  const [, date, time = "00:00:00", fraction = "", sign, hours = "0", minutes = "0"] =
    MOMENT.exec(text) ?? DAY.exec(text) ?? [];
  if (date === undefined) return undefined;
  const local = `${date}T${time}`;
  const milliseconds = Date.parse(`${local}Z`);
  // Date rolls the 30th of February over into March; such a day is no day.
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(local)) return undefined;
  const offsetSeconds = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === "-" ? -1 : 1);
  return moment(milliseconds / 1000 - offsetSeconds, fraction);
}

function moment(epochSeconds: number, fraction: string): string | undefined {
  const date = new Date(epochSeconds * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  return `${date.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, "0")}Z`;
}
