import type { Reply } from "../route.ts";
import type { InvalidMember } from "../validation.ts";
import { invalidData } from "./errors.ts";

/** The dialect's validation error: all that is wrong in one sentence, what should not be there first. */
export function invalidBody(members: readonly InvalidMember[]): Reply {
  const choice = members.find(({ keyword, schema }) => keyword === "anyOf" && choicesOf(schema).length > 1);
  if (choice) {
    const { path, schema, value } = choice;
    const inside = members
      .filter((member) => member.path.startsWith(`${path}.`))
      .map((member) => ({ ...member, path: member.path.slice(path.length + 1) }));
    return noneOf(path, choicesOf(schema), value, inside);
  }
  // What is named in no schema has the place -1 and comes first; the others are in the schema's order.
  const sorted = [...members].sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
  return invalidData([...new Set(sorted.flatMap(sentences))].join(", "));
}

/** What a member may be that is one of an object with a name and a text: their names. */
function choicesOf(schema: unknown): readonly string[] {
  const { anyOf = [] } = (schema ?? {}) as { anyOf?: readonly { title?: string; type?: unknown }[] };
  const title = anyOf.find((one) => one.title !== undefined)?.title;
  return title === undefined
    ? []
    : [title, ...(anyOf.some(({ type }) => type === "string") ? ["String"] : [])];
}

/**
 * Of a member that is none of the things in `names`, the message is a document: it says also what is wrong `inside`,
 * were it the first of them.
 */
export function noneOf(
  path: string,
  names: readonly string[],
  value: unknown,
  inside: readonly InvalidMember[],
): Reply {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const reasons = isObject ? inside.flatMap(sentences) : ["must be an object"];
  const message = `${path} must be one of: ${names.join(",")}`;
  return invalidData(JSON.stringify({ message, details: { [names[0] as string]: [...new Set(reasons)] } }));
}

/** A list that is missing is said to be none, and its members too. */
function sentences(member: InvalidMember): string[] {
  const { path } = member;
  const { type, items } = (member.schema ?? {}) as { type?: unknown; items?: { type?: unknown } };
  if ([type].flat()[0] !== "array") return [sentence(member)];
  // Of lists of objects only the list is spoken of.
  const members = items?.type === "object" ? undefined : typeWords[String(items?.type)];
  return [...(members ? [`each value in ${path} must be ${members}`] : []), `${path} must be an array`];
}

/** What is wrong with one member, as validators of this API's kind say it. */
function sentence({ path, keyword, expected, schema, value }: InvalidMember): string {
  const inList = /^(.*)\.\d+$/.exec(path)?.[1];
  const name = inList === undefined ? path : `each value in ${inList}`;
  if (keyword === "type" && inList !== undefined && expected === "object") {
    return `each value in nested property ${inList} must be either object or array`;
  }
  switch (keyword) {
    case "additionalProperties":
      return `property ${path} should not exist`;
    case "required": {
      const { type, format } = (schema ?? {}) as { type?: unknown; format?: unknown };
      if (format === "email") return `${name} must be an email`;
      return `${name} must be ${typeWords[String([type].flat()[0])] ?? "given"}`;
    }
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
