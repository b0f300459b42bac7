import TypeBox from "typebox";
import { expect, test } from "vitest";
import { Type as ours } from "./schema.ts";

/** Schemas as routes write them, by builders of whoever it is. */
function written(Type: typeof ours) {
  const name = Type.String({ minLength: 1, maxLength: 255 });
  const address = Type.Object({ line: name, county: Type.Optional(name) }, { additionalProperties: false });
  const mayBeMissing = Type.Optional(address);
  return {
    plain: [
      Type.String(),
      Type.Integer(),
      Type.Number({ minimum: 0 }),
      Type.Boolean(),
      Type.Null(),
      Type.Unknown(),
    ],
    literals: [Type.Literal("card"), Type.Literal(1), Type.Literal(true)],
    enum: Type.Enum(["paid", "unpaid"], { description: "Whether money came" }),
    list: Type.Array(address, { maxItems: 10 }),
    union: Type.Union([name, Type.Null()]),
    intersect: Type.Intersect([address, Type.Object({ id: name })]),
    record: Type.Record(name, Type.Unknown(), { maxProperties: 50 }),
    unsafe: Type.Unsafe<string | null>({ type: ["string", "null"], maxLength: 3 }),
    nothingRequired: Type.Object({ county: Type.Optional(name) }),
    nothing: Type.Object({}),
    required: Type.Object({ address, mayBeMissing, copied: { ...mayBeMissing } as typeof address }),
    // Marked as optional, a schema is another one: the first stays required.
    both: Type.Object({ name, other: Type.Optional(name) }),
    partial: Type.Partial(address),
    partialOptions: Type.Partial(address, { minProperties: 1 }),
    interface: Type.Interface([address], { included: Type.Optional(Type.Object({ id: name })), id: name }),
    unsafeOptional: Type.Object({
      a: Type.Unsafe<string>(Type.Optional(name)),
      b: Type.Optional(Type.Unsafe(name)),
    }),
  };
}

test("schemas are those that TypeBox makes, down to the order of their members", () => {
  const theirs = written(TypeBox);
  for (const [kind, schema] of Object.entries(written(ours))) {
    expect(JSON.stringify(schema), kind).toBe(JSON.stringify(theirs[kind as keyof typeof theirs]));
  }
});
