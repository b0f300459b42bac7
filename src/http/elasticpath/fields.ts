import type { Static } from "typebox";
import type { FieldType } from "../../domain/custom-fields/field.ts";
import type { Field } from "../../operations/ports/flows.ts";
import {
  createField,
  type FieldDetails,
  type FieldInvalid,
  updateField,
} from "../../operations/save-field.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { problem, refused } from "./errors.ts";
import { fieldChangesBody, fieldSchema, newFieldBody } from "./flow-schemas.ts";
import { invalidBody } from "./invalid-body.ts";
import { shortListReply } from "./list-reply.ts";
import { reservedMembers } from "./reserved-members.ts";
import { commonErrors, one, page } from "./schemas.ts";

const tag = "Fields";
const path = "/v2/fields/:fieldId";
const paged = ["page[limit]", "page[offset]"];

export const fieldRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/fields",
    access: "token",
    tag,
    summary: "List the fields of all flows",
    query: paged,
    responses: { 200: page(fieldSchema), ...commonErrors },
    async handle(call) {
      return listReply(call, await call.deps.storage.flows.listFields(call.context.store.storeId));
    },
  }),
  route({
    method: "GET",
    path: "/v2/flows/:slug/fields",
    access: "token",
    tag,
    summary: "List the fields of a flow",
    query: paged,
    responses: { 200: page(fieldSchema), ...commonErrors },
    async handle(call) {
      const { flows } = call.deps.storage;
      const { storeId } = call.context.store;
      const slug = call.params.slug as string;
      const flow = await flows.findBySlug(storeId, slug);
      if (!flow) return refused({ type: "flow_not_found", flow: slug });
      return listReply(call, await flows.listFields(storeId, flow.id));
    },
  }),
  route({
    method: "POST",
    path: "/v2/fields",
    access: "shop",
    tag,
    summary: "Add a field to a flow",
    body: newFieldBody,
    responses: { 201: one(fieldSchema), ...commonErrors },
    handle: addField,
  }),
  route({
    method: "GET",
    path,
    access: "token",
    tag,
    summary: "Get a field",
    responses: { 200: one(fieldSchema), ...commonErrors },
    async handle(call) {
      const fieldId = call.params.fieldId as string;
      const field = await call.deps.storage.flows.loadField(call.context.store.storeId, fieldId);
      return field ? fieldReply(call, field, 200) : refused({ type: "field_not_found", fieldId });
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Change a field; its slug, type and flow stay",
    body: fieldChangesBody,
    responses: { 200: one(fieldSchema), ...commonErrors },
    async handle(call) {
      const { data } = call.body;
      if (data.field_type === "relationship") return noRelationships();
      if (data.unique) return noUniqueness();
      const flowId = data.relationships?.flow?.data.id;
      const updated = await updateField(call.deps, call.context, {
        fieldId: call.params.fieldId as string,
        identity: {
          ...(data.slug !== undefined && { slug: data.slug }),
          ...(data.field_type !== undefined && { type: data.field_type }),
          ...(flowId !== undefined && { flowId }),
        },
        changes: changesOf(data),
      });
      if (updated.ok) return fieldReply(call, updated.value, 200);
      return updated.error.type === "field_invalid" ? invalidField(updated.error) : refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a field; its values are no longer shown",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const fieldId = call.params.fieldId as string;
      const gone = await call.deps.storage.flows.deleteField(call.context.store.storeId, fieldId);
      return gone ? { status: 204 } : refused({ type: "field_not_found", fieldId });
    },
  }),
];

async function addField(call: Call<Static<typeof newFieldBody>>): Promise<Reply> {
  const { data } = call.body;
  if (data.field_type === "relationship") return noRelationships();
  if (data.unique) return noUniqueness();
  const flowId = data.relationships.flow.data.id;
  const flow = await call.deps.storage.flows.load(call.context.store.storeId, flowId);
  if (!flow) return refused({ type: "flow_not_found", flow: flowId });
  if (reservedMembers[flow.slug].has(data.slug)) {
    return problem(422, "Unprocessable Entity", `The ${flow.slug} have a member ${data.slug} already`, {
      source: "data.slug",
    });
  }
  const created = await createField(call.deps, call.context, {
    flowId,
    slug: data.slug,
    type: data.field_type as FieldType,
    description: "",
    required: false,
    default: null,
    enabled: true,
    order: null,
    omitNull: false,
    rules: [],
    ...changesOf(data),
    name: data.name,
  });
  if (created.ok) return fieldReply(call, created.value, 201);
  return created.error.type === "field_invalid" ? invalidField(created.error) : refused(created.error);
}

function changesOf(data: Static<typeof fieldChangesBody>["data"]): Partial<FieldDetails> {
  return {
    ...(data.name !== undefined && { name: data.name }),
    ...(data.description !== undefined && { description: data.description }),
    ...(data.required !== undefined && { required: data.required }),
    ...(data.default !== undefined && { default: data.default }),
    ...(data.enabled !== undefined && { enabled: data.enabled }),
    ...(data.order !== undefined && { order: data.order }),
    ...(data.omit_null !== undefined && { omitNull: data.omit_null }),
    ...(data.validation_rules !== undefined && { rules: data.validation_rules }),
  };
}

const noRelationships = (): Reply =>
  problem(422, "Unprocessable Entity", "Fields that are relationships are not offered", {
    source: "data.field_type",
  });

const noUniqueness = (): Reply =>
  problem(422, "Unprocessable Entity", "Fields whose values are unique are not offered", {
    source: "data.unique",
  });

/** The dialect's words for what is wrong with rules and default. */
function invalidField({ problems }: FieldInvalid): Reply {
  return invalidBody(
    problems.map(({ path: [member, ...rest], ...problem }) => ({
      path: ["data", member === "rules" ? "validation_rules" : member, ...rest].join("."),
      ...problem,
    })),
  );
}

function listReply(call: Call, fields: readonly Field[]): Promise<Reply> {
  return shortListReply(
    call,
    fields.map((field) => renderField(call, field)),
  );
}

function fieldReply(call: Call, field: Field, status: 200 | 201): Reply {
  return { status, body: { data: renderField(call, field) } };
}

function renderField({ baseUrl }: Pick<Call, "baseUrl">, field: Field): Static<typeof fieldSchema> {
  return {
    id: field.id,
    type: "field",
    field_type: field.type,
    slug: field.slug,
    name: field.name,
    description: field.description,
    required: field.required,
    default: field.default,
    enabled: field.enabled,
    order: field.order,
    omit_null: field.omitNull,
    validation_rules: [...field.rules],
    links: { self: `${baseUrl}/v2/fields/${field.id}` },
    relationships: { flow: { data: { id: field.flowId, type: "flow" } } },
    meta: { owner: "store", timestamps: { created_at: field.createdAt, updated_at: field.updatedAt } },
  };
}
