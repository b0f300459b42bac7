import type { ExtensibleResource, FieldDefinition, FieldValues } from "../../domain/custom-fields/field.ts";
import { type FieldProblem, readFields, shownFields } from "../../domain/custom-fields/field-values.ts";
import type { StoreConfig } from "../../operations/context.ts";
import type { Call } from "../route.ts";
import type { InvalidMember } from "../validation.ts";

type Caller = Pick<Call, "context">;

/** What is wrong with the custom fields of a body that makes or changes a resource; `path` is where its members are. */
export function invalidCustomFields(
  { context }: Caller,
  resource: ExtensibleResource,
  data: object,
  options: { readonly creating: boolean; readonly path?: string },
): InvalidMember[] {
  const read = readFields(fieldsOf(context.store, resource), data, options);
  const { path = "data" } = options;
  return read.ok ? [] : read.error.map(({ slug, ...problem }) => ({ path: `${path}.${slug}`, ...problem }));
}

/**
 * Of what a request sends, the members that the store has defined as custom fields of that resource. That they are
 * valid is asked before, with `invalidCustomFields`.
 */
export function customFieldsOf(
  { context }: Caller,
  resource: ExtensibleResource,
  data: object,
): FieldValues | undefined {
  const read = readFields(fieldsOf(context.store, resource), data, { creating: false });
  if (!read.ok) throw new Error(`Custom fields were not checked: ${read.error.map(nameOf).join(", ")}`);
  return read.value;
}

/**
 * The custom fields of a resource as its members. A line of an order shows those that it had in the cart too; where
 * both have a field of one slug, that of order lines counts.
 */
export function shownCustomFields(
  store: StoreConfig,
  resource: ExtensibleResource,
  values: Readonly<Record<string, unknown>> | undefined,
): FieldValues {
  const fields = fieldsOf(store, resource);
  if (resource !== "order_items") return shownFields(fields, values);
  return { ...shownFields(fieldsOf(store, "cart_items"), values), ...shownFields(fields, values) };
}

function fieldsOf(store: StoreConfig, resource: ExtensibleResource): readonly FieldDefinition[] {
  return store.customFields[resource] ?? [];
}

const nameOf = ({ slug }: FieldProblem): string => slug;
