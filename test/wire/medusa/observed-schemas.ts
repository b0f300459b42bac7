import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { knownDeviation } from "./known-deviations.ts";

/** Schemas that were inferred from answers of the original. They are no part of this project and may lie beside it. */
const directory = path.join(import.meta.dirname, "../../../../shared/reference/medusa/openapi");

type Observed = { readonly operations: Readonly<Record<string, { readonly schema: object }>> };
/** By method and path with nameless parameters, and by `type` of the answer where they are of several. */
let judges: ReadonlyMap<string, ValidateFunction> | undefined;

/**
 * What is wrong with a 200 answer by what the original answered: members that it always had and this lacks, and values of
 * other types. Nothing where the schemas are not at hand, have not seen the path, or the difference is a known one.
 *
 * @param operation as documented: `GET /store/carts/{id}`
 */
export function unlikeOriginal(operation: string, body: unknown): string[] {
  judges ??= loaded();
  const key = nameless(operation);
  const type = (body as { readonly type?: unknown } | null)?.type;
  const validate = judges.get(key) ?? judges.get(`${key} ${type}`);
  if (!validate || validate(body)) return [];
  return (validate.errors ?? [])
    .map(({ instancePath, message, params }) => {
      const missing = (params as { readonly missingProperty?: string }).missingProperty;
      return missing === undefined
        ? `${instancePath || "/"} ${message}`
        : `${instancePath}/${missing} is missing`;
    })
    .filter((problem) => !knownDeviation(operation, problem))
    .map((problem) => `unlike the original: ${problem}`);
}

const nameless = (operation: string): string => operation.replace(/\{[^}]*\}/g, "{}");

function loaded(): ReadonlyMap<string, ValidateFunction> {
  if (!existsSync(directory)) return new Map();
  const read = (file: string) => JSON.parse(readFileSync(path.join(directory, file), "utf8"));
  const { operations } = read("observed.schemas.json") as Observed;
  const nullable = new Set([...nullableMembers(read("store.json")), ...nullableMembers(read("admin.json"))]);
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  return new Map(
    Object.entries(operations).flatMap(([key, { schema }]) => {
      const [method, template = "", status, type] = key.split(" ");
      if (status !== "200") return [];
      const suffix = type ? ` ${type.replace("type=", "")}` : "";
      const validate = ajv.compile(withNulls(schema, nullable));
      return [[`${method} ${nameless(template)}${suffix}`, validate] as const];
    }),
  );
}

type Json = { readonly [member: string]: unknown };

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** Names of members that the vendor's document calls nullable, in whatever schema. */
function nullableMembers(value: unknown): string[] {
  if (!isObject(value)) return [];
  const named = isObject(value.properties) ? Object.entries(value.properties) : [];
  const here = named.filter(([, schema]) => isObject(schema) && schema.nullable === true);
  return [...here.map(([name]) => name), ...Object.values(value).flatMap(nullableMembers)];
}

/** Few samples were seen: what is documented to be null may be, though it never was. */
function withNulls(schema: object, nullable: ReadonlySet<string>): object {
  const { properties, items, type, ...rest } = schema as Json;
  const members = isObject(properties) ? Object.entries(properties) : [];
  const loosened = members.map(([name, member]) => {
    const inner = isObject(member) ? (withNulls(member, nullable) as Json) : {};
    const types = inner.type === undefined ? [] : [inner.type].flat();
    const mayBeNull = nullable.has(name) && types.length > 0;
    return [name, mayBeNull ? { ...inner, type: [...new Set([...types, "null"])] } : inner];
  });
  return {
    ...rest,
    ...(type !== undefined && { type }),
    ...(isObject(properties) && { properties: Object.fromEntries(loosened) }),
    ...(isObject(items) && { items: withNulls(items, nullable) }),
  };
}
