import { type DefinitionProblem, defineField, type GivenRule } from "../domain/custom-fields/define-field.ts";
import { type FieldType, MAX_FIELDS } from "../domain/custom-fields/field.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Field } from "./ports/flows.ts";
import type { RefusalOf } from "./refusal.ts";

/** What a shop decides about a field and may change later. */
export type FieldDetails = Pick<
  Field,
  "name" | "description" | "required" | "enabled" | "order" | "omitNull"
> & {
  readonly rules: readonly GivenRule[];
  readonly default: unknown;
};

/** What a field is from the beginning: values are kept under its slug, and are of its type. */
export type FieldIdentity = Pick<Field, "flowId" | "slug"> & { readonly type: FieldType };

/** The rules do not fit the type, or the default does not fit the rules. */
export type FieldInvalid = {
  readonly type: "field_invalid";
  readonly problems: readonly DefinitionProblem[];
};

/** Adds a field to a flow. Resources that are there already have no value in it. */
export async function createField(
  deps: Deps,
  context: Context,
  input: FieldIdentity & FieldDetails,
): Promise<
  Result<Field, FieldInvalid | RefusalOf<"flow_not_found" | "field_slug_taken" | "field_limit_reached">>
> {
  const now = deps.now();
  const defined = withDefinition({ ...input, id: deps.newId(), createdAt: now, updatedAt: now });
  if (!defined.ok) return defined;
  const { flowId, slug } = input;
  switch (await deps.storage.flows.insertField(context.store.storeId, defined.value, MAX_FIELDS)) {
    case "saved":
      return ok(defined.value);
    case "flow_not_found":
      return fail({ type: "flow_not_found", flow: flowId });
    case "slug_taken":
      return fail({ type: "field_slug_taken", slug });
    case "limit":
      return fail({ type: "field_limit_reached", limit: MAX_FIELDS });
  }
}

/** Changes the given members of a field. Values that are stored stay as they are, also if they break a new rule. */
export async function updateField(
  deps: Deps,
  context: Context,
  input: {
    readonly fieldId: string;
    /** Clients send these too; they cannot be others than they are. */
    readonly identity: Partial<FieldIdentity>;
    readonly changes: Partial<FieldDetails>;
  },
): Promise<Result<Field, FieldInvalid | RefusalOf<"field_not_found" | "field_member_fixed">>> {
  const { fieldId, identity, changes } = input;
  const updatedAt = deps.now();
  const changed = await deps.storage.flows.changeField(
    context.store.storeId,
    fieldId,
    (field): Result<Field, FieldInvalid | RefusalOf<"field_member_fixed">> => {
      for (const member of ["slug", "type", "flowId"] as const) {
        if (identity[member] !== undefined && identity[member] !== field[member]) {
          return fail({ type: "field_member_fixed", member });
        }
      }
      return withDefinition({ ...field, ...changes, updatedAt });
    },
  );
  return changed ?? fail({ type: "field_not_found", fieldId });
}

function withDefinition<Given extends Omit<Field, "rules" | "default"> & FieldDetails>(
  given: Given,
): Result<Field, FieldInvalid> {
  const defined = defineField(given);
  return defined.ok
    ? ok({ ...given, ...defined.value })
    : fail({ type: "field_invalid", problems: defined.error });
}
