import type { Static } from "typebox";
import { type ExtensibleResource, extensibleResources } from "../../domain/custom-fields/field.ts";
import type { Flow } from "../../operations/ports/flows.ts";
import { createFlow, updateFlow } from "../../operations/save-flow.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { problem, refused } from "./errors.ts";
import { flowChangesBody, flowSchema, newFlowBody } from "./flow-schemas.ts";
import { shortListReply } from "./list-reply.ts";
import { commonErrors, one, page } from "./schemas.ts";

const tag = "Flows";
const path = "/v2/flows/:flowId";

export const flowRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/flows",
    access: "token",
    tag,
    summary: "List the flows: the resources that have custom fields",
    query: ["page[limit]", "page[offset]"],
    responses: { 200: page(flowSchema), ...commonErrors },
    async handle(call) {
      const flows = await call.deps.storage.flows.list(call.context.store.storeId);
      return shortListReply(
        call,
        flows.map((flow) => renderFlow(call, flow)),
      );
    },
  }),
  route({
    method: "POST",
    path: "/v2/flows",
    access: "shop",
    tag,
    summary: "Let a resource have custom fields",
    body: newFlowBody,
    responses: { 201: one(flowSchema), ...commonErrors },
    async handle(call) {
      const { name, slug, description = "", enabled = true } = call.body.data;
      if (!isExtensible(slug)) {
        return problem(
          422,
          "Unprocessable Entity",
          `Custom fields are offered for ${extensibleResources.join(", ")}; ` +
            "flows with entries of their own are not",
          { source: "data.slug" },
        );
      }
      const created = await createFlow(call.deps, call.context, { name, slug, description, enabled });
      return created.ok ? flowReply(call, created.value, 201) : refused(created.error);
    },
  }),
  route({
    method: "GET",
    path,
    access: "token",
    tag,
    summary: "Get a flow",
    responses: { 200: one(flowSchema), ...commonErrors },
    async handle(call) {
      const flowId = call.params.flowId as string;
      const flow = await call.deps.storage.flows.load(call.context.store.storeId, flowId);
      return flow ? flowReply(call, flow, 200) : refused({ type: "flow_not_found", flow: flowId });
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Change a flow",
    body: flowChangesBody,
    responses: { 200: one(flowSchema), ...commonErrors },
    async handle(call) {
      const { slug } = call.body.data;
      const updated = await updateFlow(call.deps, call.context, {
        flowId: call.params.flowId as string,
        ...(slug !== undefined && { slug }),
        changes: changesOf(call.body.data),
      });
      return updated.ok ? flowReply(call, updated.value, 200) : refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a flow with its fields; their values are no longer shown",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const flowId = call.params.flowId as string;
      const gone = await call.deps.storage.flows.delete(call.context.store.storeId, flowId);
      return gone ? { status: 204 } : refused({ type: "flow_not_found", flow: flowId });
    },
  }),
];

/** Whether a flow of this slug adds fields to a resource. */
export function isExtensible(slug: string): slug is ExtensibleResource {
  return extensibleResources.some((resource) => resource === slug);
}

function changesOf({ name, description, enabled }: Static<typeof flowChangesBody>["data"]) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
  };
}

function flowReply(call: Call, flow: Flow, status: 200 | 201): Reply {
  return { status, body: { data: renderFlow(call, flow) } };
}

function renderFlow({ baseUrl }: Pick<Call, "baseUrl">, flow: Flow): Static<typeof flowSchema> {
  return {
    id: flow.id,
    type: "flow",
    name: flow.name,
    slug: flow.slug,
    description: flow.description,
    enabled: flow.enabled,
    links: { self: `${baseUrl}/v2/flows/${flow.id}` },
    relationships: {},
    meta: { owner: "store", timestamps: { created_at: flow.createdAt, updated_at: flow.updatedAt } },
  };
}
