const DURATION =
  /^P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,4})S)?)?$/;

/** A length of time as ISO 8601 writes it, whole parts of up to four digits each: `P3Y6M4DT12H30M5S`. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/**
 * When a duration ends that begins at `startMs`, both in milliseconds. Years, months, weeks and days are those of the
 * calendar in UTC; from a 31st, a month later is the last day of that month. Throws a RangeError for what is none.
 */
export function endOfDuration(startMs: number, duration: string): number {
  const parts = DURATION.exec(duration);
  if (!parts) throw new RangeError(`${duration} is no duration`);
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const end = new Date(startMs);
  const day = end.getUTCDate();
  end.setUTCDate(1);
  end.setUTCMonth(end.getUTCMonth() + 12 * years + months);
  const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(day, lastDay) + 7 * weeks + days);
  return end.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
