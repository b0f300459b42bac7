import { describe, expect, test } from "vitest";
import type { ListableFields } from "../../operations/listing.ts";
import { filterError, readFilter } from "./filter.ts";

const fields: ListableFields = {
  name: { type: "text", operators: ["eq", "in", "like", "ilike", "gt"] },
  manual: { type: "boolean", operators: ["eq"] },
  with_tax: { type: "integer", operators: ["eq", "in", "gt", "ge", "lt", "le"] },
  created_at: { type: "timestamp", operators: ["eq", "gt", "lt"] },
  external_ref: { type: "text", operators: ["eq", "is_null"] },
  sorted_only: { type: "text", operators: [], sortable: true },
};

function refusalOf(raw: string) {
  const read = readFilter(raw, fields);
  if (read.ok) throw new Error(`${raw} was accepted`);
  return read.error;
}

describe("a filter that makes sense", () => {
  test("has its values in the form that can be compared", () => {
    const raw =
      "eq(manual,true):gt(with_tax,007)|gt(created_at,2022-04-27):lt(created_at,640912546584):is_null(external_ref)";
    expect(readFilter(raw, fields)).toEqual({
      ok: true,
      value: [
        [
          { field: "manual", operator: "eq", values: ["true"] },
          { field: "with_tax", operator: "gt", values: ["7"] },
        ],
        [
          { field: "created_at", operator: "gt", values: ["2022-04-27T00:00:00.000000Z"] },
          { field: "created_at", operator: "lt", values: ["1990-04-23T23:15:46.584000Z"] },
          { field: "external_ref", operator: "is_null", values: [] },
        ],
      ],
    });
  });

  test.each([
    ["eq(name,a+b)", ["a+b", "a b"]],
    ["in(name,a+b,c,a%2Bb,c)", ["a+b", "a b", "c"]],
    ["like(name,*a+b*)", ["*a+b*", "*a b*"]],
    ["eq(name,a%2Bb)", ["a+b"]],
    // By size there is no "either": the documented reading holds.
    ["gt(name,a+b)", ["a b"]],
    ["gt(created_at,2018-04-16T10:11:59+01:00)", ["2018-04-16T09:11:59.000000Z"]],
    ["eq(with_tax,+5)", ["5"]],
  ])("a raw plus in %s reads as %j", (raw, values) => {
    expect(readFilter(raw, fields)).toMatchObject({ value: [[{ values }]] });
  });

  test("nothing is no restriction", () => {
    expect(readFilter("", fields)).toEqual({ ok: true, value: [] });
  });
});

describe("a filter that makes no sense is refused", () => {
  test("unknown fields, those of every object too", () => {
    const allowed = ["name", "manual", "with_tax", "created_at", "external_ref"];
    for (const field of ["nme", "sorted_only.x", "toString", "__proto__"]) {
      expect(refusalOf(`eq(name,a)|eq(${field},a)`)).toEqual({
        type: "filter_field_unknown",
        field,
        allowed,
      });
    }
  });

  test("operators that the field does not have", () => {
    expect(refusalOf("like(external_ref,a*)")).toEqual({
      type: "filter_operator_unsupported",
      field: "external_ref",
      operator: "like",
      allowed: ["eq", "is_null"],
    });
    expect(refusalOf("eq(sorted_only,a)")).toMatchObject({ type: "filter_operator_unsupported" });
  });

  test.each([
    ["eq(manual,yes)", "manual", "yes"],
    ["gt(with_tax,1.5)", "with_tax", "1.5"],
    ["gt(with_tax,9223372036854775808)", "with_tax", "9223372036854775808"],
    ["in(with_tax,1,)", "with_tax", ""],
    ["in(with_tax,1,+x)", "with_tax", "+x"],
    ["gt(created_at,2022-02-30)", "created_at", "2022-02-30"],
    [`eq(manual,${"y".repeat(60)})`, "manual", `${"y".repeat(50)}…`],
  ])("values of another type: %s", (raw, field, value) => {
    expect(refusalOf(raw)).toMatchObject({ type: "filter_value_invalid", field, value });
  });
});

describe("the error on the wire", () => {
  const documented = {
    status: 400,
    title: "Bad Request",
    detail: "Could not parse the supplied filter",
    source: "filter",
  };

  test.each([
    ["eq(name", { reason: "Expected ',' at position 7", position: 7 }],
    ["foo(name,a)", { reason: "There is no operator foo", position: 0 }],
    [
      "eq(size,1)",
      {
        reason: "This list has no filter field size",
        allowed: ["name", "manual", "with_tax", "created_at", "external_ref"],
      },
    ],
    [
      "lt(name,1)",
      { reason: "The field name does not support lt", allowed: ["eq", "in", "like", "ilike", "gt"] },
    ],
    ["eq(with_tax,x)", { reason: "The field with_tax is an integer of 64 bits", value: "x" }],
    ["eq(name,%ff)", { reason: "The filter is not encoded in UTF-8" }],
    ["a".repeat(8193), { reason: "A filter has at most 8192 bytes" }],
    [Array(11).fill("eq(name,a)").join(":"), { reason: "A filter has at most 10 conditions" }],
  ])("%.30s", (raw, meta) => {
    expect(filterError(refusalOf(raw))).toEqual({ ...documented, meta });
  });

  test("has its own words for characters", () => {
    expect(filterError(refusalOf("eq(name,50%)"))).toEqual({
      ...documented,
      detail: "The supplied filter contained unsupported characters",
      meta: { reason: `"%" at position 10 may only stand in a quoted value`, position: 10 },
    });
  });
});
