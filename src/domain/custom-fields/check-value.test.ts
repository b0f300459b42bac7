import { describe, expect, test } from "vitest";
import { valueProblem } from "./check-value.ts";
import { dateValue } from "./date-value.ts";
import { type FieldType, MAX_TEXT, type ValueRule } from "./field.ts";

const problem = (type: FieldType, value: unknown, ...rules: ValueRule[]) =>
  valueProblem({ type, rules }, value);

describe("a value has its field's type", () => {
  const fitting: [FieldType, unknown[]][] = [
    ["string", ["", "rose", "a".repeat(MAX_TEXT)]],
    ["integer", [0, -7, Number.MAX_SAFE_INTEGER]],
    ["float", [0, -0.5, 1e300]],
    ["boolean", [true, false]],
    ["date", ["2024-02-29", "2017-12-25 23:59:59", "2017-12-25T10:00:00.5+02:00", "2017-12-25T10:00:00Z"]],
  ];
  test.each(fitting)("%s", (type, values) => {
    for (const value of values) expect(problem(type, value), JSON.stringify(value)).toBeUndefined();
  });

  const refused: [FieldType, string, unknown, unknown[]][] = [
    ["string", "type", "string", [1, true, {}, ["rose"]]],
    ["string", "maxLength", MAX_TEXT, ["a".repeat(MAX_TEXT + 1)]],
    ["integer", "type", "integer", ["1", 1.5, Number.MAX_SAFE_INTEGER + 1, true]],
    ["float", "type", "number", ["1.5", Number.POSITIVE_INFINITY, Number.NaN, false]],
    ["boolean", "type", "boolean", ["true", 0, 1]],
    ["date", "type", "string", [20171225, true]],
  ];
  test.each(refused)("%s: %s %s", (type, keyword, expected, values) => {
    for (const value of values) expect(problem(type, value)).toEqual({ keyword, expected });
  });

  test.each([
    "",
    "25.12.2017",
    "2017-2-5",
    "2017-02-29",
    "2017-13-01",
    "2017-00-10",
    "2017-12-25 24:00:00",
    "2017-12-25 10:60:00",
    "2017-12-25 10:00",
    "2017-12-25T10:00:00+25:00",
    "2017-12-25Z",
    " 2017-12-25",
  ])("no date: %j", (text) => {
    expect(problem("date", text)).toEqual({ keyword: "format", expected: "date" });
  });
});

test("a date is a moment, in UTC unless it says otherwise", () => {
  expect(dateValue("1970-01-02")).toBe(86_400_000);
  expect(dateValue("1970-01-01 00:00:01")).toBe(1000);
  expect(dateValue("1970-01-01T02:00:00+02:00")).toBe(0);
  expect(dateValue("1969-12-31T22:30:00-01:30")).toBe(0);
});

describe("rules", () => {
  const options = ["fast", "slow"];
  test("enum", () => {
    expect(problem("string", "slow", { type: "enum", options })).toBeUndefined();
    expect(problem("string", "Slow", { type: "enum", options })).toEqual({
      keyword: "enum",
      expected: options,
    });
    expect(problem("float", 0.5, { type: "enum", options: [0, 0.5] })).toBeUndefined();
    expect(problem("integer", 3, { type: "enum", options: [1, 2] })).toMatchObject({ keyword: "enum" });
  });

  test("a date is one of an enum however it is written", () => {
    const rule: ValueRule = { type: "enum", options: ["2017-12-25"] };
    expect(problem("date", "2017-12-25 00:00:00", rule)).toBeUndefined();
    expect(problem("date", "2017-12-25 00:00:01", rule)).toMatchObject({ keyword: "enum" });
  });

  test("between takes its bounds in", () => {
    const rule: ValueRule = { type: "between", options: { from: 1, to: 5 } };
    expect([1, 5].map((value) => problem("integer", value, rule))).toEqual([undefined, undefined]);
    expect(problem("integer", 0, rule)).toEqual({ keyword: "minimum", expected: 1 });
    expect(problem("integer", 6, rule)).toEqual({ keyword: "maximum", expected: 5 });
    const days: ValueRule = { type: "between", options: { from: "2024-01-01", to: "2024-01-31 12:00:00" } };
    expect(problem("date", "2024-01-31", days)).toBeUndefined();
    expect(problem("date", "2024-01-31 12:00:01", days)).toMatchObject({ keyword: "maximum" });
  });

  test("email and slug", () => {
    expect(problem("string", "ada@example.com", { type: "email" })).toBeUndefined();
    expect(problem("string", "ada@", { type: "email" })).toEqual({ keyword: "format", expected: "email" });
    expect(problem("string", "red_Rose-2", { type: "slug" })).toBeUndefined();
    for (const text of ["", "red rose", "röse"]) {
      expect(problem("string", text, { type: "slug" })).toMatchObject({ keyword: "pattern" });
    }
  });

  test("all of them must hold", () => {
    const rules: ValueRule[] = [{ type: "slug" }, { type: "enum", options: ["a", "b c"] }];
    expect(problem("string", "a", ...rules)).toBeUndefined();
    expect(problem("string", "b c", ...rules)).toMatchObject({ keyword: "pattern" });
    expect(problem("string", "d", ...rules)).toMatchObject({ keyword: "enum" });
  });
});
