import Type from "typebox";
import type { ReturnReason } from "../../domain/region/region.ts";
import {
  createReturnReason,
  deleteReturnReason,
  updateReturnReason,
} from "../../operations/save-return-reason.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { renderReason } from "./render-after-sales.ts";
import {
  bodyOf,
  deleted,
  error,
  given,
  metadata,
  nullable,
  one,
  plainText,
  text,
  textOrNull,
  timestamps,
  words,
} from "./schemas.ts";

const tag = "Returns: reasons";

const plainReasonSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  value: Type.String(),
  label: Type.String(),
  description: textOrNull,
  metadata: nullable(metadata),
  parent_return_reason_id: textOrNull,
});

export const returnReasonSchema = Type.Object({
  ...plainReasonSchema.properties,
  parent_return_reason: nullable(plainReasonSchema),
  return_reason_children: Type.Array(plainReasonSchema),
});

const answers = {
  200: one("return_reason", returnReasonSchema),
  400: error,
  401: plainText,
  404: error,
  422: error,
};

/** Why goods come back: for shoppers to choose from, and for merchants to decide. */
export const returnReasonRoutes: readonly Route[] = [
  ...(["store", "admin"] as const).flatMap((side) => {
    const access = side === "store" ? "open" : "shop";
    return [
      route({
        method: "GET",
        path: `/${side}/return-reasons`,
        access,
        tag,
        summary: "List return reasons",
        responses: { 200: Type.Object({ return_reasons: Type.Array(returnReasonSchema) }), 401: plainText },
        handle: async (call) => {
          const all = await reasonsOf(call);
          // Those below another one are shown within it.
          const top = all.filter(({ parentId }) => parentId === undefined);
          return { status: 200, body: { return_reasons: top.map((reason) => render(reason, all)) } };
        },
      }),
      route({
        method: "GET",
        path: `/${side}/return-reasons/:id`,
        access,
        tag,
        summary: "Retrieve a return reason",
        responses: { 200: one("return_reason", returnReasonSchema), 401: plainText, 404: error },
        handle: (call) => shown(call, engineId("rr", call.params.id as string)),
      }),
    ];
  }),
  route({
    method: "POST",
    path: "/admin/return-reasons",
    access: "shop",
    tag,
    summary: "Create a return reason",
    body: bodyOf({
      label: text(255),
      value: text(255),
      parent_return_reason_id: given(text(255)),
      description: given(words()),
      metadata: given(metadata),
    }),
    responses: answers,
    handle: async (call) => {
      const { deps, context, body } = call;
      const created = await createReturnReason(deps, context, {
        label: body.label,
        value: body.value,
        ...(body.parent_return_reason_id != null && {
          parentId: engineId("rr", body.parent_return_reason_id),
        }),
        ...(body.description != null && { description: body.description }),
        ...(body.metadata != null && { metadata: body.metadata }),
      });
      return created.ok ? shown(call, created.value.id) : refused(created.error);
    },
  }),
  route({
    method: "POST",
    path: "/admin/return-reasons/:id",
    access: "shop",
    tag,
    summary: "Change a return reason",
    body: bodyOf({
      label: given(text(255)),
      value: given(text(255)),
      description: given(words()),
      metadata: given(metadata),
    }),
    responses: answers,
    handle: async (call) => {
      const { deps, context, body } = call;
      const reasonId = engineId("rr", call.params.id as string);
      const updated = await updateReturnReason(deps, context, reasonId, {
        ...(body.label != null && { label: body.label }),
        ...(body.value != null && { value: body.value }),
        ...(body.description != null && { description: body.description }),
        ...(body.metadata != null && { metadata: body.metadata }),
      });
      return updated.ok ? shown(call, reasonId) : refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/return-reasons/:id",
    access: "shop",
    tag,
    summary: "Delete a return reason and those below it",
    responses: { 200: deleted, 401: plainText },
    handle: async ({ deps, context, params }) => {
      const id = params.id as string;
      await deleteReturnReason(deps, context, engineId("rr", id));
      return { status: 200, body: { id, object: "return_reason", deleted: true } };
    },
  }),
];

function reasonsOf({ deps, context }: Omit<Call, "body">): Promise<readonly ReturnReason[]> {
  return deps.storage.records.all(context.store.storeId, "return_reason");
}

async function shown(call: Omit<Call, "body">, reasonId: string): Promise<Reply> {
  const all = await reasonsOf(call);
  const reason = all.find(({ id }) => id === reasonId);
  if (!reason) return refused({ type: "return_reason_not_found", reasonId });
  return { status: 200, body: { return_reason: render(reason, all) } };
}

/** A reason, with the one above it and those below. */
function render(reason: ReturnReason, all: readonly ReturnReason[]) {
  const parent = all.find(({ id }) => id === reason.parentId);
  return {
    ...renderReason(reason),
    parent_return_reason: parent ? renderReason(parent) : null,
    return_reason_children: all.filter(({ parentId }) => parentId === reason.id).map(renderReason),
  };
}
