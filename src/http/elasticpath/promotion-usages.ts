import Type, { type Static } from "typebox";
import { codeKey } from "../../domain/rule-promotions/rule-code.ts";
import type { ListableFields } from "../../operations/listing.ts";
import type { CodeUse } from "../../operations/ports/promotions.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { errorReply, type WireError } from "./errors.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { loadPromotion, promotionNotFound } from "./promotions.ts";
import { loadRulePromotion } from "./rule-promotions.ts";
import { commonErrors, errors, one, page, requiredText } from "./schemas.ts";

const usageSchema = Type.Object({
  id: Type.String(),
  order_id: Type.String(),
  code_id: Type.String(),
  code: Type.String(),
  times_used: Type.Integer({ minimum: 1 }),
  used_on: Type.String({ format: "date-time" }),
  customer_id: Type.Optional(Type.String()),
  account_id: Type.Optional(Type.String()),
  customer_email: Type.String(),
  anonymized: Type.Boolean(),
  updated_by: Type.Optional(Type.String()),
  meta: Type.Object({ timestamps: Type.Object({ updated_at: Type.String({ format: "date-time" }) }) }),
});

const anonymizeBody = one(
  Type.Object({ usage_ids: Type.Array(requiredText(), { minItems: 1, maxItems: 1_000 }) }),
);

const fields: ListableFields = {
  id: { type: "text", operators: ["eq"], sortable: true },
  code: { type: "text", operators: ["eq"], sortable: true },
  used_on: { type: "timestamp", operators: ["gt", "ge", "lt", "le"], sortable: true },
  order_id: { type: "text", operators: ["eq"], sortable: true },
  customer_id: { type: "text", operators: ["eq"], sortable: true },
  account_id: { type: "text", operators: ["eq"], sortable: true },
  customer_email: { type: "text", operators: ["eq"], sortable: true },
  updated_at: { type: "timestamp", operators: ["gt", "ge", "lt", "le"], sortable: true },
};

/** Usages of standard promotions. */
export const promotionUsageRoutes = usageRoutes(
  "/v2/promotions",
  "Promotions",
  loadPromotion,
  (code) => code,
);

/** Usages of rule promotions, whose codes are known in any case. */
export const ruleUsageRoutes = usageRoutes(
  "/v2/rule-promotions",
  "Rule promotions",
  loadRulePromotion,
  codeKey,
);

type Load = (call: Call) => Promise<{ readonly id: string } | undefined>;

function usageRoutes(
  base: string,
  tag: string,
  load: Load,
  keyOf: (code: string) => string,
): readonly Route[] {
  const path = `${base}/:promotionId`;
  return [
    route({
      method: "GET",
      path: `${path}/usages`,
      access: "shop",
      tag,
      summary: "List which orders used the codes of a promotion, last changed first",
      query: LIST_PARAMETERS,
      responses: { 200: page(usageSchema), ...commonErrors },
      handle: (call) => usagesReply(call, load, "updated_at", undefined),
    }),
    route({
      method: "GET",
      path: `${path}/codes/:code/usages`,
      access: "shop",
      tag,
      summary: "List which orders used a code, oldest first",
      query: LIST_PARAMETERS,
      responses: { 200: page(usageSchema), ...commonErrors },
      handle: (call) => usagesReply(call, load, "used_on", keyOf(call.params.code as string)),
    }),
    route({
      method: "POST",
      path: `${base}/usages/anonymize`,
      access: "shop",
      tag,
      summary: "Replace the e-mail addresses of usages by asterisks",
      body: anonymizeBody,
      responses: {
        200: Type.Object({
          data: Type.Array(usageSchema),
          errors: Type.Optional(errors.properties.errors),
        }),
        ...commonErrors,
      },
      async handle(call) {
        const ids = call.body.data.usage_ids;
        const by = { now: call.deps.now(), actor: call.context.actor.label };
        const { promotionUses } = call.deps.storage;
        const uses = await promotionUses.anonymize(call.context.store.storeId, ids, by);
        const known = new Set(uses.map(({ id }) => id));
        const unknown = ids.filter((id) => !known.has(id));
        const missing: WireError = {
          status: 404,
          title: "Could not anonymize some usages",
          detail: "Some usages do not exist",
          meta: { ids: unknown },
        };
        if (uses.length === 0) return errorReply([missing]);
        const body = { data: uses.map(renderUsage), ...(unknown.length > 0 && { errors: [missing] }) };
        return { status: 200, body };
      },
    }),
  ];
}

/** A code that was deleted has its usages still. */
async function usagesReply(
  call: Call,
  load: Load,
  sortedBy: "updated_at" | "used_on",
  code: string | undefined,
): Promise<Reply> {
  const promotion = await load(call);
  if (!promotion) return promotionNotFound(call);
  const { store } = call.context;
  const of = { promotionId: promotion.id, ...(code !== undefined && { code }) };
  return listReply(
    call,
    {
      fields,
      defaultLimit: store.settings.pageLength,
      defaultSort: { field: sortedBy, descending: sortedBy === "updated_at" },
    },
    (query) => call.deps.storage.promotionUses.list(store.storeId, of, query),
    (rows) => ({ data: rows.map(renderUsage) }),
  );
}

function renderUsage(use: CodeUse): Static<typeof usageSchema> {
  return {
    id: use.id,
    order_id: use.orderId,
    code_id: use.codeId,
    code: use.code,
    times_used: use.times,
    used_on: use.usedAt,
    ...(use.customerId !== undefined && { customer_id: use.customerId }),
    ...(use.accountId !== undefined && { account_id: use.accountId }),
    customer_email: use.customerEmail,
    anonymized: use.anonymized,
    ...(use.updatedBy !== undefined && { updated_by: use.updatedBy }),
    meta: { timestamps: { updated_at: use.updatedAt } },
  };
}
