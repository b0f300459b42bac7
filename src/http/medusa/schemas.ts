import Type, { type Static, type TObject, type TProperties, type TSchema, type TUnsafe } from "typebox";

// Parts that many routes of this dialect share.

/** The schema, or null. */
export function nullable<Schema extends TSchema>(schema: Schema): TUnsafe<Static<Schema> | null> {
  const { type, enum: values } = schema as { type?: string; enum?: readonly unknown[] };
  if (type === undefined) return Type.Unsafe({ anyOf: [schema, { type: "null" }] });
  return Type.Unsafe({ ...schema, type: [type, "null"], ...(values && { enum: [...values, null] }) });
}

/** A member of a body that may be missing, or null, which means the same. */
export function given<Schema extends TSchema>(schema: Schema) {
  return Type.Optional(nullable(schema));
}

/** A body: what it does not name is refused. */
export function bodyOf<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

/** A body that refusals call by its name. */
export function named<Properties extends TProperties>(title: string, properties: Properties) {
  return Type.Object(properties, { additionalProperties: false, title });
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: "string", enum: words });
}

/** A text of a body, 1 to `maxLength` characters. */
export const text = (maxLength = 1000) => Type.String({ minLength: 1, maxLength });

/** A text of a body that may be empty, as what nobody filled in comes from a form. */
export const words = (maxLength = 1000) => Type.String({ maxLength });

/** What a thing is called in addresses; empty: made of its title, or left as it is. */
export const handleText = given(words(255));

/** A handle as it is kept, with a hyphen for white space: it is a part of addresses. */
export const joined = (handle: string) => handle.trim().replace(/\s+/g, "-");

/** An amount in a body, in minor units. */
export const amount = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 });

/** Ids in a body. */
export const ids = Type.Array(Type.String({ maxLength: 255 }), { maxItems: 1000 });

/** What a client keeps with a thing, free-form. */
export const metadata = Type.Record(Type.String(), Type.Unknown());

/** A time of an answer. */
export const dateTime = Type.String({ format: "date-time" });

/** Text of an answer that may be missing. */
export const textOrNull = nullable(Type.String());

/** When a thing was made and changed; nothing here is ever half deleted. */
export const timestamps = { created_at: dateTime, updated_at: dateTime } as const;

/** The error body. */
export const error = Type.Object({
  code: Type.Optional(Type.String()),
  type: Type.String(),
  message: Type.String(),
});

/** Plain text, such as "Unauthorized". */
export const plainText = Type.String();

/** `{ [name]: … }` */
export function one<Name extends string, Schema extends TSchema>(name: Name, schema: Schema): TObject {
  return Type.Object({ [name]: schema });
}

/** `{ [name]: […], count, offset, limit }` */
export function listOf<Name extends string, Schema extends TSchema>(name: Name, schema: Schema): TObject {
  return Type.Object({
    [name]: Type.Array(schema),
    count: Type.Integer(),
    offset: Type.Integer(),
    limit: Type.Integer(),
  });
}

/** The answer to a deletion. */
export const deleted = Type.Object({
  id: Type.String(),
  object: Type.String(),
  deleted: Type.Literal(true),
});
