import type TypeBox from "typebox";

/** JSON schemas of bodies and answers, by TypeBox's names and with its types; `Static` of TypeBox tells what they describe. */
type Builders = Pick<
  typeof TypeBox,
  | "Array"
  | "Boolean"
  | "Enum"
  | "Integer"
  | "Interface"
  | "Intersect"
  | "Literal"
  | "Null"
  | "Number"
  | "Object"
  | "Optional"
  | "Partial"
  | "Record"
  | "String"
  | "Union"
  | "Unknown"
  | "Unsafe"
>;

type Schema = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Schema>>;
type ObjectSchema = Schema & { readonly properties: Properties };

/** Members that may be missing. Who copies a schema member by member copies one that is required, as with TypeBox. */
const optional = new WeakSet<Schema>();

function optionalOf(schema: Schema): Schema {
  const copy = { ...schema };
  optional.add(copy);
  return copy;
}

function objectOf(properties: Properties, options: Schema = {}): Schema {
  const required = Object.keys(properties).filter((name) => !optional.has(properties[name] as Schema));
  return { type: "object", ...(required.length > 0 && { required }), properties, ...options };
}

const partialOf = ({ properties }: ObjectSchema, options: Schema = {}): Schema =>
  objectOf(
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, optionalOf(schema)])),
    options,
  );

/** The members of objects and more of one's own. */
const interfaceOf = (
  parents: readonly ObjectSchema[],
  properties: Properties,
  options: Schema = {},
): Schema => objectOf(Object.assign({}, ...parents.map((parent) => parent.properties), properties), options);

/**
 * What TypeBox makes of these, made here: its hundreds of modules, of which all are loaded for any, took 3 MB of heap and
 * a tenth of a second of every start. A test holds the two together.
 */
export const Type = {
  Array: (items: Schema, options?: Schema) => ({ type: "array", items, ...options }),
  Boolean: (options?: Schema) => ({ type: "boolean", ...options }),
  Enum: (values: readonly unknown[], options?: Schema) => ({ enum: values, ...options }),
  Integer: (options?: Schema) => ({ type: "integer", ...options }),
  Interface: interfaceOf,
  Intersect: (schemas: readonly Schema[], options?: Schema) => ({ allOf: schemas, ...options }),
  Literal: (value: unknown, options?: Schema) => ({ type: typeof value, const: value, ...options }),
  Null: (options?: Schema) => ({ type: "null", ...options }),
  Number: (options?: Schema) => ({ type: "number", ...options }),
  Object: objectOf,
  Optional: optionalOf,
  Partial: partialOf,
  Record: (_names: Schema, values: Schema, options?: Schema) => ({
    type: "object",
    patternProperties: { "^.*$": values },
    ...options,
  }),
  String: (options?: Schema) => ({ type: "string", ...options }),
  Union: (schemas: readonly Schema[], options?: Schema) => ({ anyOf: schemas, ...options }),
  Unknown: (options?: Schema) => ({ ...options }),
  Unsafe: (schema: Schema) => schema,
} as unknown as Builders;
