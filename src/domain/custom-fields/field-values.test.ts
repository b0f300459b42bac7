import { describe, expect, test } from "vitest";
import type { FieldDefinition } from "./field.ts";
import { initialFields, readFields, shownFields } from "./field-values.ts";

function aField(slug: string, members: Partial<FieldDefinition> = {}): FieldDefinition {
  return {
    id: `id-${slug}`,
    slug,
    name: slug,
    description: "",
    type: "string",
    required: false,
    default: null,
    rules: [],
    omitNull: false,
    ...members,
  };
}

const creating = { creating: true };
const changing = { creating: false };

describe("reading", () => {
  const fields = [aField("note"), aField("rating", { type: "integer" })];

  test("takes the members that are fields and passes over the others", () => {
    const given = { note: "hi", rating: 3, other: "x", quantity: 0.5 };
    expect(readFields(fields, given, creating)).toEqual({ ok: true, value: { note: "hi", rating: 3 } });
    expect(readFields(fields, { other: "x" }, creating)).toEqual({ ok: true, value: undefined });
    expect(readFields([], given, creating)).toEqual({ ok: true, value: undefined });
  });

  test("takes null for taking the value away", () => {
    expect(readFields(fields, { note: null }, changing)).toEqual({ ok: true, value: { note: null } });
  });

  test("names every value that does not fit", () => {
    expect(readFields(fields, { note: 1, rating: "2" }, changing)).toEqual({
      ok: false,
      error: [
        { slug: "note", keyword: "type", expected: "string", value: 1 },
        { slug: "rating", keyword: "type", expected: "integer", value: "2" },
      ],
    });
  });

  test("demands what is required when the resource is made, and keeps it from being taken away", () => {
    const required = [aField("note", { required: true, default: "hello" })];
    const missing = {
      ok: false,
      error: [{ slug: "note", keyword: "required", expected: "note", value: null }],
    };
    expect(readFields(required, {}, creating)).toEqual(missing);
    expect(readFields(required, { note: null }, creating)).toEqual(missing);
    expect(readFields(required, { note: null }, changing)).toEqual(missing);
    expect(readFields(required, {}, changing)).toEqual({ ok: true, value: undefined });
    expect(readFields(required, { note: "" }, creating)).toEqual({ ok: true, value: { note: "" } });
  });

  test("does not take what every object has for something that was sent", () => {
    const odd = [aField("constructor", { required: true }), aField("toString")];
    expect(readFields(odd, {}, changing)).toEqual({ ok: true, value: undefined });
    expect(readFields(odd, {}, creating)).toMatchObject({ ok: false, error: [{ slug: "constructor" }] });
    expect(shownFields(odd, {})).toEqual({ constructor: null, toString: null });
  });
});

test("a new resource has the defaults of fields that are not required, where nothing is given", () => {
  const fields = [
    aField("a", { default: "first" }),
    aField("b", { default: false, type: "boolean" }),
    aField("c", { default: "unused", required: true }),
    aField("d"),
  ];
  expect(initialFields(fields)).toEqual({ a: "first", b: false });
  expect(initialFields(fields, { a: null, d: "given" })).toEqual({ a: null, b: false, d: "given" });
  expect(initialFields([aField("d")])).toBeUndefined();
  expect(initialFields(undefined, { d: "given" })).toEqual({ d: "given" });
});

describe("showing", () => {
  test("has every field in its order, null where it has no value", () => {
    const shown = shownFields([aField("b"), aField("a"), aField("c", { omitNull: true })], { a: "x" });
    expect(Object.entries(shown)).toEqual([
      ["b", null],
      ["a", "x"],
    ]);
    expect(shownFields([aField("c", { omitNull: true })], { c: "" })).toEqual({ c: "" });
    expect(shownFields([aField("a")], undefined)).toEqual({ a: null });
  });

  test("leaves out what is no longer defined, and what is of a type that the field had before", () => {
    expect(shownFields([aField("a")], { a: 7, gone: "x" })).toEqual({ a: null });
  });

  test("keeps values that a later rule would refuse", () => {
    const ruled = aField("a", { rules: [{ type: "enum", options: ["new"] }] });
    expect(shownFields([ruled], { a: "old" })).toEqual({ a: "old" });
  });
});
