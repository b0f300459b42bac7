const form =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?:(Z)|([+-])([01]\d|2[0-3]):([0-5]\d))?)?$/;

/**
 * The moment that a date stands for, in milliseconds, or undefined when it is none. A date is `YYYY-MM-DD`, with or
 * without a time after a blank (the vendor's form) or a `T` (RFC 3339). Without a zone it is in UTC.
 */
export function dateValue(text: string): number | undefined {
  const [, day, time = "00:00:00", , sign, hours, minutes] = form.exec(text) ?? [];
  if (day === undefined) return undefined;
  const moment = Date.parse(`${day}T${time}Z`);
  // 30 February and 24:00 are read as times of the day after.
  if (Number.isNaN(moment) || !new Date(moment).toISOString().startsWith(day)) return undefined;
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === "-" ? moment + offset : moment - offset;
}
