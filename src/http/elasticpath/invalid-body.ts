import type { Reply } from "../route.ts";
import type { InvalidMember } from "../validation.ts";
import { errorReply, type WireError } from "./errors.ts";

/** The dialect's validation errors: the title names the rule, the source the member. */
export function invalidBody(members: readonly InvalidMember[]): Reply {
  return errorReply(members.map(toWireError));
}

function toWireError(member: InvalidMember): WireError {
  const { path, expected, value } = member;
  const error = (title: string, detail: string, shown?: unknown): WireError => ({
    status: 400,
    source: path,
    title,
    detail,
    ...(shown !== undefined && { meta: { value: shown } }),
  });
  switch (member.keyword) {
    case "required":
      return error("required", `${path} is required`);
    case "type":
      return error("invalid_type", `Must be ${[expected].flat().join(" or ")}`);
    case "format":
      return error("format", `Does not match format '${expected}'`);
    case "enum":
      return error("enum", `${path} must be one of the following: ${list(expected)}`);
    case "const":
      return error("enum", `${path} must be one of the following: ${list([expected])}`);
    case "minimum":
      return error("number_gte", `Must be greater than or equal to ${expected}`, value);
    case "exclusiveMinimum":
      return error("number_gt", `Must be greater than ${expected}`, value);
    case "maximum":
      return error("number_lte", `Must be less than or equal to ${expected}`, value);
    case "minLength":
      return error("string_gte", `String length must be greater than or equal to ${expected}`);
    case "maxLength":
      return error("string_lte", `String length must be less than or equal to ${expected}`);
    case "minItems":
      return error("array_min_items", `Must have at least ${expected} items`);
    case "maxItems":
      return error("array_max_items", `Must have at most ${expected} items`);
    case "maxProperties":
      return error("object_max_properties", `Must have at most ${expected} members`);
    case "pattern":
      return error("pattern", `Does not match pattern '${expected}'`);
    default:
      return error(member.keyword, "Is not of a form that is accepted here");
  }
}

function list(values: unknown): string {
  return [values]
    .flat()
    .map((value) => JSON.stringify(value))
    .join(", ");
}
