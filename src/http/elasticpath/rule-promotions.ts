import type { ListableFields } from "../../operations/listing.ts";
import type { StoredRulePromotion } from "../../operations/ports/rule-promotions.ts";
import { createRulePromotion, updateRulePromotion } from "../../operations/save-rule-promotion.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { problem, refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { parseRulePromotion } from "./parse-rule-promotion.ts";
import { promotionNotFound } from "./promotions.ts";
import { renderRulePromotion } from "./render-rule-promotion.ts";
import { newRulePromotionBody, rulePromotionChangesBody, rulePromotionSchema } from "./rule-schemas.ts";
import { commonErrors, one, page } from "./schemas.ts";

const fields: ListableFields = {
  id: { type: "text", operators: ["eq", "in"] },
  code: { type: "text", operators: ["eq", "in"] },
  name: { type: "text", operators: ["eq", "in", "like", "ilike"], sortable: true },
  enabled: { type: "boolean", operators: ["eq"], sortable: true },
  automatic: { type: "boolean", operators: ["eq"], sortable: true },
  priority: { type: "integer", operators: ["eq", "in", "gt", "ge", "lt", "le"], sortable: true },
  start: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
  end: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
  created_at: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
  updated_at: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
};

const tag = "Rule promotions";
const path = "/v2/rule-promotions/:promotionId";

export const rulePromotionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/rule-promotions",
    access: "shop",
    tag,
    summary: "List rule promotions, oldest first",
    query: LIST_PARAMETERS,
    responses: { 200: page(rulePromotionSchema), ...commonErrors },
    handle(call) {
      const { store } = call.context;
      return listReply(
        call,
        {
          fields,
          defaultLimit: store.settings.pageLength,
          defaultSort: { field: "created_at", descending: false },
        },
        (query) => call.deps.storage.rulePromotions.list(store.storeId, query),
        (rows) => ({ data: rows.map((promotion) => renderRulePromotion(call, promotion)) }),
      );
    },
  }),
  route({
    method: "POST",
    path: "/v2/rule-promotions",
    access: "shop",
    tag,
    summary: "Create a rule promotion",
    body: newRulePromotionBody,
    responses: { 201: one(rulePromotionSchema), ...commonErrors },
    async handle(call) {
      const parsed = parseRulePromotion(call.body.data, undefined);
      if (!parsed.ok) return invalidBody(parsed.error.members);
      const created = await createRulePromotion(call.deps, call.context, parsed.value);
      return created.ok ? promotionReply(call, created.value, 201) : refused(created.error);
    },
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get a rule promotion",
    responses: { 200: one(rulePromotionSchema), ...commonErrors },
    async handle(call) {
      const promotion = await loadRulePromotion(call);
      return promotion ? promotionReply(call, promotion, 200) : promotionNotFound(call);
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Change a rule promotion; members that are not sent stay, within rule_set too",
    body: rulePromotionChangesBody,
    responses: { 200: one(rulePromotionSchema), ...commonErrors },
    async handle(call) {
      const { promotionId = "" } = call.params;
      const changed = await updateRulePromotion(call.deps, call.context, promotionId, (before) =>
        parseRulePromotion(call.body.data, before),
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
    summary: "Delete a rule promotion with its codes and usages",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const { rulePromotions } = call.deps.storage;
      const { promotionId = "" } = call.params;
      const gone = await rulePromotions.delete(call.context.store.storeId, promotionId);
      return gone ? { status: 204 } : promotionNotFound(call);
    },
  }),
  ...(
    [
      ["GET", `${path}/jobs`, "List jobs of a rule promotion"],
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
          "Jobs of promotions are not offered; codes are created and listed with /v2/rule-promotions/:promotionId/codes",
        ),
    }),
  ),
];

type Where = Pick<Call, "deps" | "context" | "params">;

/** The rule promotion that a path names. */
export function loadRulePromotion({
  deps,
  context,
  params,
}: Where): Promise<StoredRulePromotion | undefined> {
  return deps.storage.rulePromotions.load(context.store.storeId, params.promotionId as string);
}

function promotionReply(call: Call, promotion: StoredRulePromotion, status: 200 | 201): Reply {
  return { status, body: { data: renderRulePromotion(call, promotion) } };
}
