import { fail, ok, type Result } from "../../domain/result.ts";
import type {
  Condition,
  Filter,
  FilterOperator,
  ListableField,
  ListableFields,
  ListableType,
} from "../../operations/listing.ts";
import { listingValue } from "../../operations/listing-value.ts";
import type { WireError } from "./errors.ts";
import {
  type FilterSyntaxRefusal,
  type ParsedCondition,
  type ParsedFilter,
  type ParsedValue,
  parseFilter,
} from "./parse-filter.ts";

/** Why a well-formed filter cannot be used on a resource. `allowed` is what it can be filtered by instead. */
export type FilterMeaningRefusal =
  | { readonly type: "filter_field_unknown"; readonly field: string; readonly allowed: readonly string[] }
  | {
      readonly type: "filter_operator_unsupported";
      readonly field: string;
      readonly operator: FilterOperator;
      readonly allowed: readonly FilterOperator[];
    }
  | {
      readonly type: "filter_value_invalid";
      readonly field: string;
      readonly value: string;
      readonly expected: ListableType;
    };

export type FilterRefusal = FilterSyntaxRefusal | FilterMeaningRefusal;

/** The filter in the value of a `filter` parameter that was not decoded yet, checked against what the resource has. */
export function readFilter(raw: string, fields: ListableFields): Result<Filter, FilterRefusal> {
  const parsed = parseFilter(raw);
  return parsed.ok ? validateFilter(parsed.value, fields) : parsed;
}

/**
 * Checks fields, operators and values, and brings the values into the form of `listingValue`. Of two readings of a value
 * those are kept that fit the field's type; where both fit, either may match, except in a comparison by size, which
 * takes the documented one (a `+` is a space).
 */
export function validateFilter(
  parsed: ParsedFilter,
  fields: ListableFields,
): Result<Filter, FilterMeaningRefusal> {
  const groups: Condition[][] = [];
  for (const parsedGroup of parsed) {
    const group: Condition[] = [];
    for (const parsedCondition of parsedGroup) {
      const condition = validateCondition(parsedCondition, fields);
      if (!condition.ok) return condition;
      group.push(condition.value);
    }
    groups.push(group);
  }
  return ok(groups);
}

function validateCondition(
  { field, operator, values }: ParsedCondition,
  fields: ListableFields,
): Result<Condition, FilterMeaningRefusal> {
  const known: ListableField | undefined = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (!known) {
    const allowed = Object.keys(fields).filter((name) => fields[name]?.operators.length !== 0);
    return fail({ type: "filter_field_unknown", field: excerpt(field), allowed });
  }
  if (!known.operators.includes(operator)) {
    return fail({ type: "filter_operator_unsupported", field, operator, allowed: known.operators });
  }
  const checked = new Set<string>();
  for (const value of values) {
    const fitting = fittingReadings(value, known.type, operator);
    if (fitting.length === 0) {
      return fail({ type: "filter_value_invalid", field, value: excerpt(value[0]), expected: known.type });
    }
    for (const reading of fitting) checked.add(reading);
  }
  return ok({ field, operator, values: [...checked] });
}

function fittingReadings(value: ParsedValue, type: ListableType, operator: FilterOperator): string[] {
  const fitting = value.flatMap((reading) => listingValue(type, reading) ?? []);
  const comparesSize = operator === "gt" || operator === "ge" || operator === "lt" || operator === "le";
  return comparesSize ? fitting.slice(-1) : fitting;
}

function excerpt(text: string): string {
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}

/** The dialect's error for a filter that is refused: the documented texts, and in `meta` which part is wrong. */
export function filterError(refusal: FilterRefusal): WireError {
  const { detail = "Could not parse the supplied filter", meta } = explained(refusal);
  return { status: 400, title: "Bad Request", detail, source: "filter", meta };
}

function explained(refusal: FilterRefusal): { detail?: string; meta: Record<string, unknown> } {
  switch (refusal.type) {
    case "filter_too_long":
      return { meta: { reason: `A filter has at most ${refusal.maxBytes} bytes` } };
    case "filter_too_many_conditions":
      return { meta: { reason: `A filter has at most ${refusal.max} conditions` } };
    case "filter_not_utf8":
      return { meta: { reason: "The filter is not encoded in UTF-8" } };
    case "filter_malformed":
      return {
        meta: {
          reason: `Expected ${refusal.expected} at position ${refusal.position}`,
          position: refusal.position,
        },
      };
    case "filter_character_unsupported":
      return {
        detail: "The supplied filter contained unsupported characters",
        meta: {
          reason: `${JSON.stringify(refusal.character)} at position ${refusal.position} may only stand in a quoted value`,
          position: refusal.position,
        },
      };
    case "filter_operator_unknown":
      return {
        meta: { reason: `There is no operator ${refusal.operator}`, position: refusal.position },
      };
    case "filter_field_unknown":
      return {
        meta: { reason: `This list has no filter field ${refusal.field}`, allowed: refusal.allowed },
      };
    case "filter_operator_unsupported":
      return {
        meta: {
          reason: `The field ${refusal.field} does not support ${refusal.operator}`,
          allowed: refusal.allowed,
        },
      };
    case "filter_value_invalid":
      return {
        meta: {
          reason: `The field ${refusal.field} is ${typeNames[refusal.expected]}`,
          value: refusal.value,
        },
      };
  }
}

const typeNames: Readonly<Record<ListableType, string>> = {
  text: "a text",
  integer: "an integer of 64 bits",
  boolean: "true or false",
  timestamp: "a date (YYYY-MM-DD), an RFC 3339 timestamp or milliseconds since 1970",
};
