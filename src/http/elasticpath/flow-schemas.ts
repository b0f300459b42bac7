import Type from "typebox";
import { extensibleResources, fieldTypes } from "../../domain/custom-fields/field.ts";
import { one, requiredText, text, timestamps } from "./schemas.ts";

// What flows and fields are asked for and answer with.

const flowMembers = {
  type: Type.Optional(Type.Literal("flow")),
  name: requiredText(),
  description: Type.Optional(text(2048)),
  enabled: Type.Optional(Type.Boolean()),
};

/** That the slug is that of a resource is checked beside this. */
export const newFlowBody = one(
  Type.Object({
    ...flowMembers,
    slug: Type.String({ minLength: 1, maxLength: 255, description: extensibleResources.join(", ") }),
  }),
);

export const flowChangesBody = one(
  Type.Object({ ...flowMembers, name: Type.Optional(flowMembers.name), slug: Type.Optional(requiredText()) }),
);

const meta = Type.Object({ owner: Type.Literal("store"), timestamps });
const links = Type.Object({ self: Type.String() });

export const flowSchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("flow"),
  name: Type.String(),
  slug: Type.Enum([...extensibleResources]),
  description: Type.String(),
  enabled: Type.Boolean(),
  links,
  relationships: Type.Object({}),
  meta,
});

const rule = Type.Object({
  type: Type.Enum(["enum", "between", "email", "slug"]),
  options: Type.Optional(Type.Unknown({ description: "A list of values, or an object of from and to" })),
});

const flowReference = Type.Object({
  flow: Type.Object({ data: Type.Object({ id: requiredText() }) }),
});

const order = Type.Unsafe<number | null>({
  type: ["integer", "null"],
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
});

const settable = {
  name: requiredText(),
  description: Type.Optional(text(2048)),
  required: Type.Optional(Type.Boolean()),
  default: Type.Optional(Type.Unknown({ description: "A value of the field's type, or null" })),
  enabled: Type.Optional(Type.Boolean()),
  order: Type.Optional(order),
  omit_null: Type.Optional(Type.Boolean()),
  unique: Type.Optional(Type.Boolean()),
  validation_rules: Type.Optional(Type.Array(rule, { maxItems: 20 })),
};

const type = Type.Optional(Type.Literal("field"));
const slug = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$", maxLength: 100 });

/** Relationships are understood, and refused beside this. */
const fieldType = Type.Enum([...fieldTypes, "relationship"]);

export const newFieldBody = one(
  Type.Object({ type, ...settable, slug, field_type: fieldType, relationships: flowReference }),
);

export const fieldChangesBody = one(
  Type.Object({
    type,
    ...settable,
    name: Type.Optional(settable.name),
    slug: Type.Optional(slug),
    field_type: Type.Optional(fieldType),
    relationships: Type.Optional(Type.Partial(flowReference)),
  }),
);

export const fieldSchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("field"),
  field_type: Type.Enum([...fieldTypes]),
  slug: Type.String(),
  name: Type.String(),
  description: Type.String(),
  required: Type.Boolean(),
  default: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
  enabled: Type.Boolean(),
  order: Type.Union([Type.Integer(), Type.Null()]),
  omit_null: Type.Boolean(),
  validation_rules: Type.Array(rule),
  links,
  relationships: Type.Object({
    flow: Type.Object({ data: Type.Object({ id: Type.String(), type: Type.Literal("flow") }) }),
  }),
  meta,
});

export const attributesAnswer = Type.Object({
  data: Type.Array(
    Type.Object({
      label: Type.String(),
      value: Type.String({ description: "The slug of the field" }),
      type: Type.Enum([...fieldTypes]),
      required: Type.Boolean(),
      description: Type.Optional(Type.String()),
      options: Type.Optional(Type.Array(Type.Union([Type.String(), Type.Number()]))),
      validation_rules: Type.Array(rule),
    }),
  ),
  meta: Type.Object({ entity: Type.String(), version: Type.String() }),
});

/** The custom fields of one resource; each is a member beside these. */
export const entrySchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("entry"),
  links,
  meta,
});
