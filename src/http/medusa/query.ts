import qs from "qs";
import type { TObject, TSchema } from "typebox";
import type { Call, Reply } from "../route.ts";
import { validatorOf } from "../validation.ts";
import { invalidData } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";

/** Members of one list or object in a query, and levels of them, beyond which it is taken for a mistake. */
const LIMITS = { arrayLimit: 200, parameterLimit: 1000, depth: 4 } as const;

const NUL_MESSAGE = "The NUL character (%00) is not accepted in queries";

/**
 * The query of a request as `schema` describes it: nested (`created_at[gt]=…`) and repeated (`id[0]=…`, `id[]=…`)
 * members are put together, and texts become the numbers and booleans that the schema names. The answer is the refusal
 * when something is not valid or not known.
 */
export function readQuery<Value>(
  call: Pick<Call, "rawQuery">,
  schema: TObject,
): { readonly query: Value } | { readonly refusal: Reply } {
  // No column can hold a NUL, so nothing is called or found so.
  if (call.rawQuery.includes("%00")) return { refusal: invalidData(NUL_MESSAGE) };
  const parsed = qs.parse(call.rawQuery, LIMITS) as Record<string, unknown>;
  const query: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parsed)) {
    const member = schema.properties[name] as { readonly type?: unknown } | undefined;
    // A list that nobody chose anything from asks for nothing.
    if (value === "" && member?.type === "array") continue;
    query[name] = member ? coerced(value, member) : value;
  }
  const invalid = validatorFor(schema)(query);
  return invalid.length > 0 ? { refusal: invalidBody(invalid) } : { query: query as Value };
}

const validators = new WeakMap<TObject, ReturnType<typeof validatorOf>>();

function validatorFor(schema: TObject): ReturnType<typeof validatorOf> {
  const known = validators.get(schema);
  if (known) return known;
  const validator = validatorOf({ ...schema, additionalProperties: false } as TSchema);
  validators.set(schema, validator);
  return validator;
}

/** A text of the query as its schema wants it, where it can be read so. */
function coerced(value: unknown, schema: TSchema): unknown {
  const { type } = schema as { type?: string };
  if (Array.isArray(value) || typeof value !== "string") return value;
  if (type === "array") return [value];
  if ((type === "integer" || type === "number") && /^-?\d{1,15}(\.\d+)?$/.test(value)) return Number(value);
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value;
}
