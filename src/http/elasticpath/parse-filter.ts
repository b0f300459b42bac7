import { type Fail, fail, ok, type Result } from "../../domain/result.ts";
import type { FilterOperator } from "../../operations/listing.ts";
import { percentDecoded } from "./query-string.ts";

/** A filter as it was written, before it is known whether its fields and values make sense: any group, all of its conditions. */
export type ParsedFilter = readonly (readonly ParsedCondition[])[];

export type ParsedCondition = {
  readonly field: string;
  readonly operator: FilterOperator;
  readonly values: readonly ParsedValue[];
};

/**
 * How a value can be read. A `+` that was not encoded is a space by the vendor's documents, yet real clients mean a plus
 * (`eq(email,a+b@c.co)`): such a value has two readings, with plus and then with space. Any other has one.
 */
export type ParsedValue = readonly [string, ...string[]];

/** Why a text is no filter. Positions count the characters of the decoded filter from 0. */
export type FilterSyntaxRefusal =
  | { readonly type: "filter_too_long"; readonly maxBytes: number }
  | { readonly type: "filter_too_many_conditions"; readonly max: number }
  | { readonly type: "filter_not_utf8" }
  | { readonly type: "filter_malformed"; readonly position: number; readonly expected: string }
  | { readonly type: "filter_character_unsupported"; readonly position: number; readonly character: string }
  | { readonly type: "filter_operator_unknown"; readonly position: number; readonly operator: string };

// The vendor's limits.
const MAX_BYTES = 8192;
const MAX_CONDITIONS = 10;

/** How many values each operator takes. */
const valueCounts: Readonly<Record<FilterOperator, "none" | "one" | "many">> = {
  eq: "one",
  in: "many",
  like: "one",
  ilike: "one",
  contains: "one",
  gt: "one",
  ge: "one",
  lt: "one",
  le: "one",
  is_null: "none",
};

/** Stands for an unencoded `+` while a filter is read. A filter that holds a NUL of its own is refused before. */
const RAW_PLUS = "\0";

/**
 * Reads the value of a `filter` parameter that was not decoded yet: `eq(status,paid):like(name,*x*)|gt(with_tax,100)`,
 * where `:` is "and", `|` is "or", and "and" binds closer. An empty text is a filter without groups.
 *
 * A value is bare, or quoted with `'` or `"`, where `\` takes the next character as it is. A bare value consists of
 * letters, digits, spaces (leading ones are dropped) and `@ $ _ * . { } | + : / -`. The vendor's letters are those of
 * ASCII, here they are of any script. At most 8192 bytes as sent, and 10 conditions. The time is linear in the length.
 */
export function parseFilter(raw: string): Result<ParsedFilter, FilterSyntaxRefusal> {
  if (raw.length > MAX_BYTES) return fail({ type: "filter_too_long", maxBytes: MAX_BYTES });
  const pieces = raw.split("+").map(percentDecoded);
  if (pieces.includes(undefined)) return fail({ type: "filter_not_utf8" });
  const nul = pieces.join("+").indexOf("\0");
  if (nul !== -1) return fail({ type: "filter_character_unsupported", position: nul, character: "\0" });
  return readFilter(pieces.join(RAW_PLUS));
}

/** What was read, and where the rest begins. */
type Read<Value> = Result<{ readonly value: Value; readonly end: number }, FilterSyntaxRefusal>;

function readFilter(text: string): Result<ParsedFilter, FilterSyntaxRefusal> {
  if (skipSpaces(text, 0) === text.length) return ok([]);
  const groups: ParsedCondition[][] = [[]];
  let at = 0;
  for (let count = 1; ; count += 1) {
    const condition = readCondition(text, skipSpaces(text, at));
    if (!condition.ok) return condition;
    if (count > MAX_CONDITIONS) return fail({ type: "filter_too_many_conditions", max: MAX_CONDITIONS });
    groups.at(-1)?.push(condition.value.value);
    at = skipSpaces(text, condition.value.end);
    if (at === text.length) return ok(groups);
    if (text[at] === "|") groups.push([]);
    else if (text[at] !== ":") return malformed(at, "':' (and), '|' (or) or the end");
    at += 1;
  }
}

function readCondition(text: string, start: number): Read<ParsedCondition> {
  const operator = matchAt(/[A-Za-z_]*/y, text, start);
  if (operator === "") return malformed(start, "an operator");
  if (!isOperator(operator)) {
    return fail({ type: "filter_operator_unknown", position: start, operator: operator.slice(0, 50) });
  }
  const open = start + operator.length;
  if (text[open] !== "(") return malformed(open, "'('");
  const fieldStart = skipSpaces(text, open + 1);
  const field = matchAt(/[A-Za-z0-9_.-]*/y, text, fieldStart);
  if (field === "") return malformed(fieldStart, "a field");

  const values: ParsedValue[] = [];
  let at = skipSpaces(text, fieldStart + field.length);
  while (text[at] === ",") {
    if (valueCounts[operator] === "one" && values.length === 1) {
      return malformed(at, "')', since this operator takes one value; quote a value that has a comma");
    }
    const value = readValue(text, at + 1);
    if (!value.ok) return value;
    values.push(value.value.value);
    at = value.value.end;
  }
  if (text[at] !== ")") return unexpected(text, at, values.length === 0 ? "','" : "',' or ')'");
  // Clients that know conditions as pairs of field and value send `is_null(field,)`.
  if (valueCounts[operator] === "none" && values.every(([value]) => value === "")) {
    return ok({ value: { field, operator, values: [] }, end: at + 1 });
  }
  if (valueCounts[operator] === "none") return malformed(at, "no value for this operator");
  if (values.length === 0) return malformed(at, "a value");
  return ok({ value: { field, operator, values }, end: at + 1 });
}

/** An empty bare value is read as an empty text. */
function readValue(text: string, start: number): Read<ParsedValue> {
  const quote = skipSpaces(text, start);
  if (text[quote] === '"' || text[quote] === "'") return readQuoted(text, quote);
  const bare = matchAt(/[\p{L}\p{M}\p{N} @$_*.{}|+:/\0-]*/uy, text, start);
  return ok({ value: readings(bare, (reading) => reading.trimStart()), end: start + bare.length });
}

function readQuoted(text: string, start: number): Read<ParsedValue> {
  let content = "";
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === text[start]) {
      return ok({ value: readings(content, (reading) => reading), end: skipSpaces(text, at + 1) });
    }
    if (text[at] === "\\") at += 1;
    content += text[at] ?? "";
  }
  return malformed(text.length, `the closing ${text[start]}`);
}

function readings(text: string, cleaned: (reading: string) => string): ParsedValue {
  if (!text.includes(RAW_PLUS)) return [cleaned(text)];
  return [cleaned(text.replaceAll(RAW_PLUS, "+")), cleaned(text.replaceAll(RAW_PLUS, " "))];
}

function isOperator(text: string): text is FilterOperator {
  return Object.hasOwn(valueCounts, text);
}

/** Where the first character at or after `at` is that is no space; an unencoded `+` is one. */
function skipSpaces(text: string, at: number): number {
  return at + matchAt(/[ \0]*/y, text, at).length;
}

/** What a sticky pattern, which also matches nothing, finds at `at`. */
function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/** A character that has no place in a bare value is named as such, any other as a mistake of form. */
function unexpected(text: string, position: number, expected: string): Fail<FilterSyntaxRefusal> {
  const code = text.codePointAt(position);
  if (code === undefined) return malformed(position, expected);
  const character = String.fromCodePoint(code);
  if (/[\p{L}\p{N} _:|]/u.test(character)) return malformed(position, expected);
  return fail({ type: "filter_character_unsupported", position, character });
}

function malformed(position: number, expected: string): Fail<FilterSyntaxRefusal> {
  return fail({ type: "filter_malformed", position, expected });
}
