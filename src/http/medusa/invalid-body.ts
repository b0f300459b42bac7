import type { Reply } from "../route.ts";
import type { InvalidMember } from "../validation.ts";
import { invalidData } from "./errors.ts";

/** The dialect's validation error: all that is wrong in one sentence, what should not be there first. */
export function invalidBody(members: readonly InvalidMember[]): Reply {
  const words = members.map((member) => ({
    extra: member.keyword === "additionalProperties",
    text: sentence(member),
  }));
  const sorted = [...words.filter(({ extra }) => extra), ...words.filter(({ extra }) => !extra)];
  return invalidData([...new Set(sorted.map(({ text }) => text))].join(", "));
}

/** What is wrong with one member, as validators of this API's kind say it. */
function sentence({ path, keyword, expected, value }: InvalidMember): string {
  const inList = /^(.*)\.\d+$/.exec(path)?.[1];
  const name = inList === undefined ? path : `each value in ${inList}`;
  switch (keyword) {
    case "additionalProperties":
      return `property ${path} should not exist`;
    case "required":
    case "type":
      return `${name} must be ${typeWords[String([expected].flat()[0])] ?? "given"}`;
    case "format":
      return `${name} must be ${expected === "email" ? "an email" : `a ${String(expected)}`}`;
    case "enum":
      return `${name} must be one of the following values: ${[expected].flat().join(", ")}`;
    case "minimum":
      return `${name} must not be less than ${String(expected)}`;
    case "maximum":
      return `${name} must not be greater than ${String(expected)}`;
    case "minLength":
      return value === ""
        ? `${name} should not be empty`
        : `${name} must be longer than or equal to ${String(expected)} characters`;
    case "maxLength":
      return `${name} must be shorter than or equal to ${String(expected)} characters`;
    case "minItems":
      return `${name} must contain at least ${String(expected)} elements`;
    case "maxItems":
      return `${name} must contain no more than ${String(expected)} elements`;
    default:
      return `${name} is not valid`;
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a string",
  integer: "an integer number",
  number: "a number conforming to the specified constraints",
  boolean: "a boolean value",
  object: "an object",
  array: "an array",
};
