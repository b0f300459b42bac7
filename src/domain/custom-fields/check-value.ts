import { isEmail } from "../email.ts";
import { dateValue } from "./date-value.ts";
import { type FieldDefinition, type FieldType, MAX_TEXT, type ValueRule } from "./field.ts";

/** What is wrong with a value: the rule that it breaks, named as in JSON schema, and what that asks for. */
export type ValueProblem = {
  readonly keyword:
    | "type"
    | "format"
    | "enum"
    | "minimum"
    | "maximum"
    | "maxLength"
    | "minItems"
    | "maxItems"
    | "pattern"
    | "required";
  readonly expected: unknown;
};

/** What a slug may be written in. */
const slugForm = /^[A-Za-z0-9_-]+$/;

/** Why the field cannot have this value (null is no value); undefined when it can. */
export function valueProblem(
  field: Pick<FieldDefinition, "type" | "rules">,
  value: unknown,
): ValueProblem | undefined {
  const wrongType = typeProblem(field.type, value);
  if (wrongType) return wrongType;
  for (const rule of field.rules) {
    const broken = ruleProblem(field.type, rule, value as string | number);
    if (broken) return broken;
  }
  return undefined;
}

/** Why this is no value of that type. */
export function typeProblem(type: FieldType, value: unknown): ValueProblem | undefined {
  switch (type) {
    case "string":
      if (typeof value !== "string") return { keyword: "type", expected: "string" };
      return value.length > MAX_TEXT ? { keyword: "maxLength", expected: MAX_TEXT } : undefined;
    case "boolean":
      return typeof value === "boolean" ? undefined : { keyword: "type", expected: "boolean" };
    case "integer":
      // JSON carries larger ones too, but not exactly.
      return Number.isSafeInteger(value) ? undefined : { keyword: "type", expected: "integer" };
    case "float":
      return Number.isFinite(value) ? undefined : { keyword: "type", expected: "number" };
    case "date":
      if (typeof value !== "string") return { keyword: "type", expected: "string" };
      return dateValue(value) === undefined ? { keyword: "format", expected: "date" } : undefined;
  }
}

function ruleProblem(type: FieldType, rule: ValueRule, value: string | number): ValueProblem | undefined {
  switch (rule.type) {
    case "email":
      return isEmail(String(value)) ? undefined : { keyword: "format", expected: "email" };
    case "slug":
      return slugForm.test(String(value)) ? undefined : { keyword: "pattern", expected: slugForm.source };
    case "enum":
      return rule.options.some((option) => compared(type, option) === compared(type, value))
        ? undefined
        : { keyword: "enum", expected: rule.options };
    case "between": {
      const { from, to } = rule.options;
      if (compared(type, value) < compared(type, from)) return { keyword: "minimum", expected: from };
      return compared(type, value) > compared(type, to) ? { keyword: "maximum", expected: to } : undefined;
    }
  }
}

/** What two values of a type are compared by: dates by their moments, however they are written. */
export function compared(type: FieldType, value: string | number): string | number {
  return type === "date" ? (dateValue(String(value)) ?? value) : value;
}
