import { fail, ok, type Result } from "../result.ts";
import { compared, typeProblem, type ValueProblem, valueProblem } from "./check-value.ts";
import type { FieldDefinition, FieldType, FieldValue, ValueRule } from "./field.ts";

/** A rule as somebody wrote it. */
export type GivenRule = { readonly type: ValueRule["type"]; readonly options?: unknown };

/** What is wrong with a definition, and where: `["default"]`, `["rules", 0, "options", "from"]`. */
export type DefinitionProblem = ValueProblem & {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
};

/** Values that one enum may list. */
export const MAX_OPTIONS = 250;

const kindsOf: Record<FieldType, readonly ValueRule["type"][]> = {
  string: ["enum", "email", "slug"],
  integer: ["between", "enum"],
  float: ["between", "enum"],
  date: ["between", "enum"],
  boolean: [],
};

/** The definition with its rules read; rules must fit the type, and a default must fit both. */
export function defineField(
  given: Omit<FieldDefinition, "rules" | "default"> & {
    readonly rules: readonly GivenRule[];
    readonly default: unknown;
  },
): Result<FieldDefinition, readonly DefinitionProblem[]> {
  const read = given.rules.map((rule, index) => readRule(given.type, rule, ["rules", index]));
  const wrong = read.flatMap((rule) => (rule.ok ? [] : rule.error));
  if (wrong.length > 0) return fail(wrong);
  const rules = read.flatMap((rule) => (rule.ok ? [rule.value] : []));
  const problem =
    given.default === null ? undefined : valueProblem({ type: given.type, rules }, given.default);
  if (problem) return fail([{ ...problem, path: ["default"], value: given.default }]);
  return ok({ ...given, rules, default: given.default as FieldValue });
}

type Path = DefinitionProblem["path"];

function readRule(
  type: FieldType,
  rule: GivenRule,
  path: Path,
): Result<ValueRule, readonly DefinitionProblem[]> {
  if (!kindsOf[type].includes(rule.type)) {
    return fail([{ keyword: "enum", expected: kindsOf[type], path: [...path, "type"], value: rule.type }]);
  }
  const at = [...path, "options"];
  switch (rule.type) {
    case "email":
    case "slug":
      return ok({ type: rule.type });
    case "enum":
      return readOptions(type, rule.options, at);
    case "between":
      return readRange(type, rule.options, at);
  }
}

function readOptions(
  type: FieldType,
  options: unknown,
  path: Path,
): Result<ValueRule, readonly DefinitionProblem[]> {
  const refuse = (keyword: ValueProblem["keyword"], expected: unknown) =>
    fail([{ keyword, expected, path, value: undefined }]);
  if (!Array.isArray(options)) return refuse("type", "array");
  if (options.length === 0) return refuse("minItems", 1);
  if (options.length > MAX_OPTIONS) return refuse("maxItems", MAX_OPTIONS);
  const wrong = options.flatMap((option: unknown, index) => {
    const problem = typeProblem(type, option);
    return problem ? [{ ...problem, path: [...path, index], value: option }] : [];
  });
  return wrong.length > 0 ? fail(wrong) : ok({ type: "enum", options });
}

function readRange(
  type: FieldType,
  options: unknown,
  path: Path,
): Result<ValueRule, readonly DefinitionProblem[]> {
  if (options === null || typeof options !== "object" || Array.isArray(options)) {
    return fail([{ keyword: "type", expected: "object", path, value: options }]);
  }
  const { from, to } = options as { from?: unknown; to?: unknown };
  const wrong = Object.entries({ from, to }).flatMap(([name, bound]): DefinitionProblem[] => {
    const problem: ValueProblem | undefined =
      bound === undefined ? { keyword: "required", expected: name } : typeProblem(type, bound);
    return problem ? [{ ...problem, path: [...path, name], value: bound }] : [];
  });
  if (wrong.length > 0) return fail(wrong);
  const range = { from: from as string | number, to: to as string | number };
  if (compared(type, range.to) < compared(type, range.from)) {
    return fail([{ keyword: "minimum", expected: range.from, path: [...path, "to"], value: range.to }]);
  }
  return ok({ type: "between", options: range });
}
