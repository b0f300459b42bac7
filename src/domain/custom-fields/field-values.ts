import { fail, ok, type Result } from "../result.ts";
import { typeProblem, type ValueProblem, valueProblem } from "./check-value.ts";
import type { FieldDefinition, FieldValue, FieldValues } from "./field.ts";

/** What is wrong with the value of one field. */
export type FieldProblem = ValueProblem & { readonly slug: string; readonly value: unknown };

/**
 * The members of `given` that are custom fields; undefined when none is. Everything else in it is passed over. Null
 * takes a value away. Fields that are required must have a value: always when the resource is being made (`creating`),
 * else only if they are named.
 */
export function readFields(
  fields: readonly FieldDefinition[],
  given: object,
  options: { readonly creating: boolean },
): Result<FieldValues | undefined, readonly FieldProblem[]> {
  const values: [string, FieldValue][] = [];
  const problems: FieldProblem[] = [];
  for (const field of fields) {
    const { slug, required } = field;
    const named = Object.hasOwn(given, slug);
    if (!named && !(options.creating && required)) continue;
    const value = named ? (given as Record<string, unknown>)[slug] : null;
    const problem =
      value !== null
        ? valueProblem(field, value)
        : required
          ? ({ keyword: "required", expected: slug } as const)
          : undefined;
    if (problem) problems.push({ ...problem, slug, value });
    else values.push([slug, value as FieldValue]);
  }
  if (problems.length > 0) return fail(problems);
  return ok(values.length > 0 ? Object.fromEntries(values) : undefined);
}

/** What a new resource has in its fields: the values that are given, else the defaults; undefined for nothing. */
export function initialFields(
  fields: readonly FieldDefinition[] = [],
  given?: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const defaults = fields.filter((field) => field.default !== null && !field.required);
  if (defaults.length === 0) return given;
  return { ...Object.fromEntries(defaults.map((field) => [field.slug, field.default])), ...given };
}

/**
 * Every field with its value among `stored`, null without one. What the store no longer defines is not shown, nor what
 * was stored when the field was of another type.
 */
export function shownFields(
  fields: readonly FieldDefinition[],
  stored: Readonly<Record<string, unknown>> = {},
): FieldValues {
  return Object.fromEntries(
    fields.flatMap((field): [string, FieldValue][] => {
      const value = Object.hasOwn(stored, field.slug) ? stored[field.slug] : null;
      const shown = value === null || typeProblem(field.type, value) ? null : (value as FieldValue);
      return shown === null && field.omitNull ? [] : [[field.slug, shown]];
    }),
  );
}
