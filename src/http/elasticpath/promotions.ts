import type { ListableFields } from "../../operations/listing.ts";
import type { StoredPromotion } from "../../operations/ports/promotions.ts";
import { createPromotion, updatePromotion } from "../../operations/save-promotion.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { problem, refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { parsePromotion } from "./parse-promotion.ts";
import {
  newPromotionBody,
  promotionChangesBody,
  promotionSchema,
  promotionVersionSchema,
  shownNewPromotion,
  shownPromotionChanges,
} from "./promotion-schemas.ts";
import { renderPromotion, renderSchema, renderVersion } from "./render-promotion.ts";
import { commonErrors, one, page } from "./schemas.ts";

const fields: ListableFields = {
  id: { type: "text", operators: ["eq", "in"] },
  code: { type: "text", operators: ["eq", "in"] },
  name: { type: "text", operators: ["eq", "in", "like", "ilike"], sortable: true },
  promotion_type: { type: "text", operators: ["eq", "in"], sortable: true },
  enabled: { type: "boolean", operators: ["eq"], sortable: true },
  automatic: { type: "boolean", operators: ["eq"], sortable: true },
  start: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
  end: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
  created_at: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
  updated_at: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
};

const tag = "Promotions";
const path = "/v2/promotions/:promotionId";

export const promotionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/promotions",
    access: "shop",
    tag,
    summary: "List promotions, oldest first",
    query: LIST_PARAMETERS,
    responses: { 200: page(promotionSchema), ...commonErrors },
    handle(call) {
      const { store } = call.context;
      return listReply(
        call,
        {
          fields,
          defaultLimit: store.settings.pageLength,
          defaultSort: { field: "created_at", descending: false },
        },
        (query) => call.deps.storage.promotions.list(store.storeId, query),
        (rows) => ({ data: rows.map((promotion) => renderPromotion(call, promotion)) }),
      );
    },
  }),
  route({
    method: "POST",
    path: "/v2/promotions",
    access: "shop",
    tag,
    summary: "Create a promotion",
    body: newPromotionBody,
    shownBody: shownNewPromotion,
    responses: { 201: one(promotionSchema), ...commonErrors },
    async handle(call) {
      const parsed = parsePromotion(call.body.data, undefined, undefined);
      if (!parsed.ok) return invalidBody(parsed.error.members);
      const created = await createPromotion(call.deps, call.context, parsed.value);
      return created.ok ? promotionReply(call, created.value, 201) : refused(created.error);
    },
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get a promotion",
    responses: { 200: one(promotionSchema), ...commonErrors },
    async handle(call) {
      const promotion = await loadPromotion(call);
      return promotion ? promotionReply(call, promotion, 200) : promotionNotFound(call);
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Change a promotion; what it was is kept in its history",
    body: promotionChangesBody,
    shownBody: shownPromotionChanges,
    responses: { 200: one(promotionSchema), ...commonErrors },
    async handle(call) {
      const changed = await updatePromotion(
        call.deps,
        call.context,
        call.params.promotionId as string,
        (before) => parsePromotion(call.body.data, before, renderSchema(before.kind)),
      );
      if (changed.ok) return promotionReply(call, changed.value, 200);
      const { error } = changed;
      return error.type === "promotion_invalid" ? invalidBody(error.members) : refused(error);
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a promotion with its codes, history and usages",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const { promotions } = call.deps.storage;
      const gone = await promotions.delete(call.context.store.storeId, call.params.promotionId as string);
      return gone ? { status: 204 } : promotionNotFound(call);
    },
  }),
  route({
    method: "GET",
    path: `${path}/history`,
    access: "shop",
    tag,
    summary: "List what a promotion is and was, newest first",
    query: ["page[limit]", "page[offset]"],
    responses: { 200: page(promotionVersionSchema), ...commonErrors },
    async handle(call) {
      const promotion = await loadPromotion(call);
      if (!promotion) return promotionNotFound(call);
      const { store } = call.context;
      return listReply(
        call,
        { fields: {}, defaultLimit: store.settings.pageLength },
        (query) => call.deps.storage.promotions.history(store.storeId, promotion.id, query),
        (rows) => ({ data: rows.map(renderVersion) }),
      );
    },
  }),
  ...(
    [
      ["GET", `${path}/jobs`, "List jobs of a promotion"],
      ["POST", `${path}/jobs`, "Generate or export codes in the background"],
      ["POST", `${path}/jobs/:jobId/cancel`, "Cancel a job"],
      ["GET", `${path}/jobs/:jobId/file`, "Get the file of an export"],
    ] as const
  ).map(([method, jobsPath, summary]) =>
    route({
      method,
      path: jobsPath,
      access: "shop",
      tag,
      summary: `${summary}: not offered, answers 422`,
      responses: { ...commonErrors },
      handle: async () =>
        problem(
          422,
          "Unprocessable Entity",
          "Jobs of promotions are not offered; codes are created and listed with /v2/promotions/:promotionId/codes",
        ),
    }),
  ),
];

type Where = Pick<Call, "deps" | "context" | "params">;

/** The promotion that a path names. */
export function loadPromotion({ deps, context, params }: Where): Promise<StoredPromotion | undefined> {
  return deps.storage.promotions.load(context.store.storeId, params.promotionId as string);
}

/** The answer where there is no promotion that the path names. */
export function promotionNotFound({ params }: Pick<Call, "params">): Reply {
  return refused({ type: "promotion_not_found", promotionId: params.promotionId as string });
}

function promotionReply(call: Call, promotion: StoredPromotion, status: 200 | 201): Reply {
  return { status, body: { data: renderPromotion(call, promotion) } };
}
