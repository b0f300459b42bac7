import Type, { type TSchema } from "typebox";

// Parts that many routes share. Answers name every member that is always there as required.

export const money = Type.Object({
  amount: Type.Integer(),
  currency: Type.String(),
  formatted: Type.String(),
});

export const timestamps = Type.Object({
  created_at: Type.String({ format: "date-time" }),
  updated_at: Type.String({ format: "date-time" }),
});

const link = Type.Union([Type.String(), Type.Null()]);

export const pageLinks = Type.Object({
  current: Type.String(),
  first: Type.String(),
  last: link,
  next: link,
  prev: link,
});

export const pageMeta = Type.Object({
  page: Type.Object({
    limit: Type.Integer(),
    offset: Type.Integer(),
    current: Type.Integer(),
    total: Type.Integer(),
  }),
  results: Type.Object({ total: Type.Integer() }),
});

/** The error body of the dialect; `status` is a number or, in newer services, text. */
export const errors = Type.Object({
  errors: Type.Array(
    Type.Object({
      title: Type.String(),
      status: Type.Union([Type.Integer(), Type.String()]),
      detail: Type.Optional(Type.String()),
      source: Type.Optional(Type.String()),
      meta: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      request_id: Type.Optional(Type.String()),
    }),
    { minItems: 1 },
  ),
});

/** `{ data: … }` */
export function one<Schema extends TSchema>(schema: Schema) {
  return Type.Object({ data: schema });
}

/** A page of a list with links and meta. */
export function page<Schema extends TSchema>(schema: Schema) {
  return Type.Object({ data: Type.Array(schema), links: pageLinks, meta: pageMeta });
}

/** What can go wrong on most routes; merge into `responses`. */
export const commonErrors: Readonly<Record<number, TSchema>> = {
  400: errors,
  401: errors,
  403: errors,
  404: errors,
  409: errors,
  413: errors,
  415: errors,
  422: errors,
  500: errors,
  503: errors,
};

/** A text that fits a column and a page; longer ones are refused. */
export const text = (maxLength = 2048) => Type.String({ maxLength });
export const requiredText = (maxLength = 255) => Type.String({ minLength: 1, maxLength });
export const email = Type.String({ format: "email", maxLength: 254 });
