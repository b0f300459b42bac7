import { describe, expect, test } from "vitest";
import { defineField, type GivenRule, MAX_OPTIONS } from "./define-field.ts";
import type { FieldType } from "./field.ts";

function define(type: FieldType, rules: readonly GivenRule[] = [], initial: unknown = null) {
  const defined = defineField({
    id: "f",
    slug: "f",
    name: "F",
    description: "",
    type,
    required: false,
    omitNull: false,
    rules,
    default: initial,
  });
  return defined.ok ? "ok" : defined.error.map(({ path, keyword }) => `${path.join(".")} ${keyword}`);
}

test("what is defined carries its rules and its default", () => {
  const given = {
    id: "f",
    slug: "rating",
    name: "Rating",
    description: "",
    type: "integer",
    required: false,
    omitNull: true,
    rules: [{ type: "between", options: { from: 1, to: 5, more: "dropped" } }],
    default: 3,
  } as const;
  const rules = [{ type: "between", options: { from: 1, to: 5 } }];
  expect(defineField(given)).toEqual({ ok: true, value: { ...given, rules } });
});

describe("rules belong to types", () => {
  const enumOf: Record<FieldType, unknown[]> = {
    string: ["a"],
    integer: [1],
    float: [0.5],
    date: ["2020-01-01"],
    boolean: [true],
  };
  const accepted: Record<FieldType, GivenRule["type"][]> = {
    string: ["enum", "email", "slug"],
    integer: ["enum", "between"],
    float: ["enum", "between"],
    date: ["enum", "between"],
    boolean: [],
  };
  test.each(Object.keys(accepted) as FieldType[])("%s", (type) => {
    const [some] = enumOf[type];
    const options = {
      enum: enumOf[type],
      between: { from: some, to: some },
      email: undefined,
      slug: undefined,
    };
    for (const rule of ["enum", "between", "email", "slug"] as const) {
      const answer = define(type, [{ type: rule, options: options[rule] }]);
      expect(answer, rule).toEqual(accepted[type].includes(rule) ? "ok" : ["rules.0.type enum"]);
    }
  });
});

describe("options fit the rule and the type", () => {
  test("of an enum", () => {
    const of = (options?: unknown) => define("integer", [{ type: "enum", options }]);
    expect(of()).toEqual(["rules.0.options type"]);
    expect(of({ 0: 1 })).toEqual(["rules.0.options type"]);
    expect(of([])).toEqual(["rules.0.options minItems"]);
    expect(of([1, "2", 3, null])).toEqual(["rules.0.options.1 type", "rules.0.options.3 type"]);
    expect(of(Array.from({ length: MAX_OPTIONS }, (_, index) => index))).toBe("ok");
    expect(of(Array.from({ length: MAX_OPTIONS + 1 }, (_, index) => index))).toEqual([
      "rules.0.options maxItems",
    ]);
  });

  test("of a range", () => {
    const of = (options?: unknown) => define("date", [{ type: "between", options }]);
    expect(of()).toEqual(["rules.0.options type"]);
    expect(of(null)).toEqual(["rules.0.options type"]);
    expect(of([])).toEqual(["rules.0.options type"]);
    expect(of({})).toEqual(["rules.0.options.from required", "rules.0.options.to required"]);
    expect(of({ from: "2020-01-01", to: 5 })).toEqual(["rules.0.options.to type"]);
    expect(of({ from: "2020-02-01", to: "2020-01-01" })).toEqual(["rules.0.options.to minimum"]);
    expect(of({ from: "2020-01-01", to: "2020-01-01T00:00:00Z" })).toBe("ok");
  });

  test("each rule is named", () => {
    expect(define("string", [{ type: "slug" }, { type: "enum", options: [] }, { type: "between" }])).toEqual([
      "rules.1.options minItems",
      "rules.2.type enum",
    ]);
  });
});

test("a default fits the type and the rules, or there is none", () => {
  const rules: GivenRule[] = [{ type: "enum", options: ["fast", "slow"] }];
  expect(define("string", rules, "slow")).toBe("ok");
  expect(define("string", rules, null)).toBe("ok");
  expect(define("string", rules, "medium")).toEqual(["default enum"]);
  expect(define("boolean", [], "true")).toEqual(["default type"]);
  expect(define("boolean", [], false)).toBe("ok");
});
