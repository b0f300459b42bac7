import { expect, test } from "vitest";
import { inactiveReason, momentOf } from "./active.ts";

const noon = Date.parse("2026-06-15T12:00:00Z");

test.each([
  ["2026-06-15", "2026-06-15T00:00:00.000Z"],
  ["2026-06-15 12:30", "2026-06-15T12:30:00.000Z"],
  ["2026-06-15T12:30Z", "2026-06-15T12:30:00.000Z"],
  ["2026-06-15T12:30+02:00", "2026-06-15T10:30:00.000Z"],
  ["2026-06-15 12:30:15", "2026-06-15T12:30:15.000Z"],
  ["2026-06-15T12:30:15Z", "2026-06-15T12:30:15.000Z"],
  ["2026-06-15T12:30:15.5-05:30", "2026-06-15T18:00:15.500Z"],
  ["2017-11-13T03:00:35.381148442Z", "2017-11-13T03:00:35.381Z"],
])("the date %s is %s", (text, moment) => {
  expect(new Date(momentOf(text)!).toISOString()).toBe(moment);
});

test.each([
  "",
  "soon",
  "2026-02-30",
  "2026-13-01",
  "2026-06-15 25:00",
  "2026-06-15 12",
  "15.06.2026",
  "2026-06-15T12:30:15+25:00",
  " 2026-06-15",
])("%j is no date", (text) => {
  expect(momentOf(text)).toBeUndefined();
});

test.each([
  ["the start is in it", true, "2026-06-15 12:00", "2026-06-16", undefined],
  ["a start a minute later is not", true, "2026-06-15 12:01", "2026-06-16", "not_started"],
  ["the end is not in it", true, "2026-06-01", "2026-06-15 12:00", "ended"],
  ["a moment before the end is", true, "2026-06-01", "2026-06-15T12:00:00.001Z", undefined],
  ["off is off", false, "2026-06-01", "2026-07-01", "not_enabled"],
  ["a start that is none never comes", true, "soon", "2026-07-01", "not_started"],
  ["an end that is none has been", true, "2026-06-01", "later", "ended"],
])("G7 active: %s", (_, enabled, start, end, reason) => {
  expect(inactiveReason({ enabled, start, end }, noon)?.type).toBe(reason);
});
