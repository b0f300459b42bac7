import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FilterOperator } from "../../operations/listing.ts";
import { type ParsedCondition, type ParsedFilter, parseFilter } from "./parse-filter.ts";

function groups(raw: string): ParsedFilter {
  const parsed = parseFilter(raw);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

/** The single value of the single condition, in its readings. */
function readingsOf(raw: string): readonly string[] | undefined {
  return groups(raw)[0]?.[0]?.values[0];
}

function condition(operator: FilterOperator, field: string, ...values: string[]): ParsedCondition {
  return { operator, field, values: values.map((value) => [value] as const) };
}

describe("what clients send", () => {
  test("nothing is no restriction", () => {
    expect([groups(""), groups("  "), groups("%20+")]).toEqual([[], [], []]);
  });

  test("conditions joined by a colon all have to hold", () => {
    expect(groups("eq(status,live):eq(sku,A):like(name,*x*)")).toEqual([
      [condition("eq", "status", "live"), condition("eq", "sku", "A"), condition("like", "name", "*x*")],
    ]);
  });

  test("nested fields, and several values of in", () => {
    expect(groups("in(id,a,b):eq(category.id,c)")).toEqual([
      [condition("in", "id", "a", "b"), condition("eq", "category.id", "c")],
    ]);
  });

  test("a bar is or, and the colon binds closer", () => {
    expect(groups('contains(account_ids,"x"):ilike(name,"*cart*")|eq(id,1)')).toEqual([
      [condition("contains", "account_ids", "x"), condition("ilike", "name", "*cart*")],
      [condition("eq", "id", "1")],
    ]);
  });

  test("the whole filter may be percent-encoded", () => {
    expect(groups("filter=eq(email,ron+1@swanson.com)".slice(7))[0]?.[0]?.field).toBe("email");
    expect(groups("eq%28email%2Cron%2B1%40swanson.com%29")).toEqual([
      [condition("eq", "email", "ron+1@swanson.com")],
    ]);
  });

  test("a raw plus has two readings, an encoded one has one", () => {
    expect(readingsOf("eq(email,a+b@c.co)")).toEqual(["a+b@c.co", "a b@c.co"]);
    expect(readingsOf("eq(email,'a+b')")).toEqual(["a+b", "a b"]);
    expect(readingsOf("eq(phone,+44+1)")).toEqual(["+44+1", "44 1"]);
    expect(readingsOf("eq(email,a%2Bb)")).toEqual(["a+b"]);
    expect(groups("in(email,a+b,c)")[0]?.[0]?.values).toEqual([["a+b", "a b"], ["c"]]);
  });

  test("timestamps stand bare or quoted", () => {
    expect(readingsOf("gt(created_at,2018-04-16T10:11:59.715Z)")).toEqual(["2018-04-16T10:11:59.715Z"]);
    expect(readingsOf('gt(updated_at,"2018-04-16T10:11:59.715Z")')).toEqual(["2018-04-16T10:11:59.715Z"]);
  });

  test("quotes hide every sign, a backslash the next character", () => {
    expect(readingsOf(`eq(name,'Food \\'n Stuff')`)).toEqual(["Food 'n Stuff"]);
    expect(readingsOf(`eq(name,"a,b)(':|\\\\\\n"  )`)).toEqual(["a,b)(':|\\n"]);
    expect(readingsOf(`eq(name," x ")`)).toEqual([" x "]);
    expect(readingsOf(`eq(name,"")`)).toEqual([""]);
  });

  test("bare values: the documented signs, letters of any script; leading spaces go, trailing ones stay", () => {
    const all = "aZ09 @$_*.{}|+:/-".replaceAll("+", "%2B");
    expect(readingsOf(`eq(name,  ${all} )`)).toEqual(["aZ09 @$_*.{}|+:/- "]);
    expect(readingsOf("like(name,*Zo%C3%AB+%E5%8C%97*)")).toEqual(["*Zoë+北*", "*Zoë 北*"]);
  });

  test("an empty value is an empty text: what the SDKs make of '' and []", () => {
    expect(groups("eq(external_ref,):in(id,)")).toEqual([
      [condition("eq", "external_ref", ""), condition("in", "id", "")],
    ]);
  });

  test("is_null takes no value", () => {
    expect(groups("is_null(a):is_null( b ):is_null(c,)")).toEqual([
      [condition("is_null", "a"), condition("is_null", "b"), condition("is_null", "c")],
    ]);
  });
});

describe("what is refused", () => {
  test.each([
    ["eq", { type: "filter_malformed", position: 2, expected: "'('" }],
    ["(a,b)", { type: "filter_malformed", position: 0, expected: "an operator" }],
    ["eq(a,b):", { type: "filter_malformed", position: 8, expected: "an operator" }],
    ["eq(a,b)|", { type: "filter_malformed", position: 8, expected: "an operator" }],
    ["eq(a,b)eq(a,b)", { type: "filter_malformed", position: 7 }],
    ["eq(,b)", { type: "filter_malformed", position: 3, expected: "a field" }],
    ["eq(a)", { type: "filter_malformed", position: 4, expected: "a value" }],
    ["eq(a,b", { type: "filter_malformed", position: 6, expected: "',' or ')'" }],
    ["eq(a,b,c)", { type: "filter_malformed", position: 6 }],
    ["is_null(a,b)", { type: "filter_malformed", position: 11 }],
    ['eq(a,"b)', { type: "filter_malformed", position: 8, expected: 'the closing "' }],
    ["eq(a,'b\\')", { type: "filter_malformed", position: 10, expected: "the closing '" }],
    ['eq(a,"b"c)', { type: "filter_malformed", position: 8 }],
    ["EQ(a,b)", { type: "filter_operator_unknown", position: 0, operator: "EQ" }],
    ["eq(a,b): text(a,b)", { type: "filter_operator_unknown", position: 9, operator: "text" }],
    ["constructor(a,b)", { type: "filter_operator_unknown", position: 0, operator: "constructor" }],
    ["eq(a,b(c))", { type: "filter_character_unsupported", position: 6, character: "(" }],
    ["eq(a,50%)", { type: "filter_character_unsupported", position: 7, character: "%" }],
    ["eq(a,%F0%9F%98%80)", { type: "filter_character_unsupported", position: 5, character: "😀" }],
    ["eq(a$b,c)", { type: "filter_character_unsupported", position: 4, character: "$" }],
    ['eq(a,"%00")', { type: "filter_character_unsupported", position: 6, character: "\0" }],
    ["eq(a,%ff)", { type: "filter_not_utf8" }],
  ])("%s", (raw, refusal) => {
    expect(parseFilter(raw)).toMatchObject({ ok: false, error: refusal });
  });

  test("more than ten conditions, in however many groups", () => {
    const ten = Array(10).fill("eq(a,b)");
    expect(groups(ten.join("|"))).toHaveLength(10);
    expect(parseFilter([...ten, "eq(a,b)"].join("|"))).toMatchObject({
      error: { type: "filter_too_many_conditions", max: 10 },
    });
  });

  test("more than 8 KB as sent", () => {
    const filter = (length: number) => `eq(a,${"b".repeat(length - 6)})`;
    expect(parseFilter(filter(8192)).ok).toBe(true);
    expect(parseFilter(filter(8193))).toMatchObject({ error: { type: "filter_too_long", maxBytes: 8192 } });
  });
});

describe("for any text", () => {
  // Pieces of the grammar out of order go further into the reader than random characters do.
  const piece = fc.constantFrom(
    ..."eq( in( like( is_null( a b.c , , ) ) : | ' \" \\ + %2B %20 * é %C3 % \0".split(" "),
    " ",
  );
  const soup = fc.array(fc.oneof({ weight: 9, arbitrary: piece }, fc.string({ unit: "binary" })), {
    maxLength: 60,
  });

  test("the answer is a filter or a refusal, never an exception", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          soup.map((pieces) => pieces.join("")),
          fc.string({ unit: "binary" }),
        ),
        (raw) => {
          const parsed = parseFilter(raw);
          if (!parsed.ok) {
            expect(parsed.error.type).toMatch(/^filter_/);
            return;
          }
          for (const group of parsed.value) expect(group.length).toBeGreaterThan(0);
          const values = parsed.value.flat().flatMap((condition) => condition.values.flat());
          expect(values.filter((value) => value.includes("\0"))).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("long nonsense ends: a reader that backtracks would hang here", () => {
    for (const piece of [
      "eq(",
      "'",
      '"\\',
      "(((",
      "a",
      " ",
      "+",
      ",",
      "\\",
      "eq(a,",
      'in(a,"\\",',
      ":",
      "|",
      "%",
      "é",
    ]) {
      for (const head of ["", "eq(", "eq(a,", "eq(a,'", "in(a,b,", "eq(a,b):"]) {
        const raw = (head + piece.repeat(8192)).slice(0, 8192);
        expect(parseFilter(raw)).toBeDefined();
      }
    }
  });

  const fieldName = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/);
  const text = fc.string({ unit: "binary", maxLength: 20 }).filter((value) => !value.includes("\0"));
  const single = fc.constantFrom<FilterOperator>("eq", "like", "ilike", "contains", "gt", "ge", "lt", "le");
  const anyCondition = fc.oneof(
    fc.tuple(single, fieldName, text).map(([operator, field, value]) => condition(operator, field, value)),
    fc
      .tuple(fieldName, fc.array(text, { minLength: 1, maxLength: 4 }))
      .map(([field, values]) => condition("in", field, ...values)),
    fieldName.map((field) => condition("is_null", field)),
  );
  const quoted = (value: string): string => `"${value.replace(/["\\]/g, "\\$&")}"`;
  const written = (filter: ParsedFilter): string =>
    filter
      .map((group) =>
        group
          .map(
            ({ operator, field, values }) =>
              `${operator}(${[field, ...values.map(([value]) => quoted(value))].join(",")})`,
          )
          .join(":"),
      )
      .join("|");

  test("a filter that is written with quotes and encoded reads as itself", () => {
    const filters = fc.array(fc.array(anyCondition, { minLength: 1, maxLength: 3 }), { maxLength: 3 });
    fc.assert(
      fc.property(filters, (filter) => {
        expect(groups(encodeURIComponent(written(filter)))).toEqual(filter);
      }),
    );
  });
});
