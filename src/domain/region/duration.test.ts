import { expect, test } from "vitest";
import { endOfDuration, isDuration } from "./duration.ts";

const end = (start: string, duration: string) =>
  new Date(endOfDuration(Date.parse(start), duration)).toISOString();

test.each([
  ["2026-01-31T10:00:00Z", "P1M", "2026-02-28T10:00:00.000Z"],
  ["2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00.000Z"],
  ["2026-11-21T00:00:00Z", "P1D", "2026-11-22T00:00:00.000Z"],
  ["2026-11-21T00:00:00Z", "P2W", "2026-12-05T00:00:00.000Z"],
  ["2026-11-21T00:00:00Z", "PT36H", "2026-11-22T12:00:00.000Z"],
  ["2026-11-21T00:00:00Z", "P3Y6M4DT12H30M5S", "2030-05-25T12:30:05.000Z"],
])("from %s, %s lasts until %s", (start, duration, expected) => {
  expect(end(start, duration)).toBe(expected);
});

test.each(["", "P", "PT", "P1", "1D", "P1DT", "P1H", "P-1D", "P1.5D", "P12345D", "p1d"])(
  "%j is no duration",
  (text) => {
    expect(isDuration(text)).toBe(false);
    expect(() => endOfDuration(0, text)).toThrow(RangeError);
  },
);
