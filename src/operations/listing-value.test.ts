import fc from "fast-check";
import { expect, test } from "vitest";
import { listingValue } from "./listing-value.ts";

test.each([
  ["2022-04-27", "2022-04-27T00:00:00.000000Z"],
  ["2018-04-16T10:11:59.715Z", "2018-04-16T10:11:59.715000Z"],
  ["2018-04-16t10:11:59z", "2018-04-16T10:11:59.000000Z"],
  ["2018-04-16T10:11:59.123456789+02:30", "2018-04-16T07:41:59.123456Z"],
  ["2018-04-16T23:30:00-01:00", "2018-04-17T00:30:00.000000Z"],
  ["640912546584", "1990-04-23T23:15:46.584000Z"],
  ["-1", "1969-12-31T23:59:59.999000Z"],
  ["0", "1970-01-01T00:00:00.000000Z"],
  ["2024-02-29", "2024-02-29T00:00:00.000000Z"],
  ["0001-01-01", "0001-01-01T00:00:00.000000Z"],
  ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
])("the timestamp %s is %s", (text, expected) => {
  expect(listingValue("timestamp", text)).toBe(expected);
});

test.each([
  "",
  "yesterday",
  "now",
  "infinity",
  "2023-02-29",
  "2021-04-31T00:00:00Z",
  "2021-13-01",
  "2021-01-01T24:00:00Z",
  "2021-01-01T23:60:00Z",
  "2021-01-01T00:00:00",
  "2021-01-01T00:00:00+24:00",
  "2021-01-01 00:00:00Z",
  "0000-01-01",
  "0001-01-01T00:00:00+01:00",
  "9999-12-31T23:59:59-01:00",
  "999999999999999",
  "9999999999999999",
  "1.5",
  "2021-01-01\n",
])("%j is no timestamp", (text) => {
  expect(listingValue("timestamp", text)).toBeUndefined();
});

test("every moment in milliseconds reads the same as its RFC 3339 form", () => {
  const range = {
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(fc.date(range), (date) => {
      const expected = date.toISOString().replace("Z", "000Z");
      expect(listingValue("timestamp", String(date.getTime()))).toBe(expected);
      expect(listingValue("timestamp", date.toISOString())).toBe(expected);
    }),
  );
});

test.each([
  ["0", "0"],
  ["-0", "0"],
  ["007", "7"],
  ["9223372036854775807", "9223372036854775807"],
  ["-9223372036854775808", "-9223372036854775808"],
  ["9223372036854775808", undefined],
  ["-9223372036854775809", undefined],
  ["1e3", undefined],
  ["1.0", undefined],
  ["+1", undefined],
  ["0x10", undefined],
  ["", undefined],
  [" 1", undefined],
  ["1\n", undefined],
  ["٣", undefined],
])("the integer %j is %s", (text, expected) => {
  expect(listingValue("integer", text)).toBe(expected);
});

test("booleans are true and false, text is anything without NUL", () => {
  expect(["true", "false", "True", "1", ""].map((text) => listingValue("boolean", text))).toEqual([
    "true",
    "false",
    undefined,
    undefined,
    undefined,
  ]);
  expect(["", "a'b\\%", "a\0b"].map((text) => listingValue("text", text))).toEqual(["", "a'b\\%", undefined]);
});

test("what was read reads as itself", () => {
  const types = fc.constantFrom(
    "text" as const,
    "integer" as const,
    "boolean" as const,
    "timestamp" as const,
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.bigInt().map(String),
    fc.stringMatching(
      /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2}))?$/,
    ),
  );
  fc.assert(
    fc.property(types, texts, (type, text) => {
      const value = listingValue(type, text);
      // An integer of milliseconds becomes RFC 3339, which stays what it is.
      expect(value === undefined ? undefined : listingValue(type, value)).toBe(value);
    }),
  );
});
