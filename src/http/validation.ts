import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { TSchema } from "typebox";
import { isEmail } from "../domain/email.ts";

/** One thing that is wrong with a request. */
export type InvalidMember = {
  /** Dotted path of the member, `data.customer.email`; that of a missing member too, and of one too many. */
  readonly path: string;
  /** The JSON schema keyword that failed, `required`, `minimum`. */
  readonly keyword: string;
  /** What the keyword asked for: the limit, the format's name, the allowed values. */
  readonly expected: unknown;
  /** What the member should be, of one that is missing, of the wrong type, or none of a few things. */
  readonly schema?: TSchema;
  /** Where the outermost member stands among those that the schema names, from 0; -1 for one that it does not name. */
  readonly place?: number;
  /** What was sent. */
  readonly value: unknown;
};

const ajv = new Ajv2020({
  allErrors: true,
  strict: false,
  verbose: true,
  // What a client sends is never bent into shape: "1" is no number.
  coerceTypes: false,
  useDefaults: false,
  removeAdditional: false,
});
addFormats.default(ajv, ["date-time", "date", "uuid"]);
ajv.addFormat("email", isEmail);

const MAX_REPORTED = 20;

/** Compiles a schema once; the answer lists what is wrong with a value, nothing when it fits. */
export function validatorOf(schema: TSchema): (value: unknown, prefix?: string) => InvalidMember[] {
  let validate: ValidateFunction | undefined;
  return (value, prefix = "") => {
    validate ??= ajv.compile(schema);
    if (validate(value)) return [];
    const names = Object.keys((schema as { properties?: object }).properties ?? {});
    return (validate.errors ?? []).slice(0, MAX_REPORTED).map((error) => invalidMember(error, prefix, names));
  };
}

function invalidMember(error: ErrorObject, prefix: string, names: readonly string[]): InvalidMember {
  const path = error.instancePath.split("/").slice(1).map(unescapePointer);
  if (error.keyword === "required") path.push(String(error.params.missingProperty));
  if (error.keyword === "additionalProperties") path.push(String(error.params.additionalProperty));
  const schema = schemaOf(error);
  return {
    place: names.indexOf(path[0] ?? ""),
    ...(schema && { schema }),
    path: [...(prefix ? [prefix] : []), ...path].join("."),
    keyword: error.keyword,
    expected: expectedBy(error),
    value: error.keyword === "required" ? undefined : error.data,
  };
}

function schemaOf({ keyword, params, parentSchema }: ErrorObject): TSchema | undefined {
  if (keyword === "type" || keyword === "anyOf") return parentSchema;
  return keyword === "required" ? parentSchema?.properties?.[params.missingProperty] : undefined;
}

function expectedBy(error: ErrorObject): unknown {
  const { params } = error;
  return (
    params.limit ??
    params.format ??
    params.allowedValues ??
    params.allowedValue ??
    params.type ??
    params.pattern
  );
}

const unescapePointer = (part: string): string => part.replaceAll("~1", "/").replaceAll("~0", "~");
