import Type from "typebox";
import type { Discount } from "../../domain/region/discount.ts";
import { discountCode } from "../../domain/region-pricing/region-discount.ts";
import type { Result } from "../../domain/result.ts";
import type { Condition } from "../../operations/listing.ts";
import type { Refusal } from "../../operations/refusal.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import {
  changeRegionOfDiscount,
  createDiscount,
  createDynamicCode,
  deleteDynamicCode,
  updateDiscount,
} from "../../operations/save-discount.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import {
  conditionsIn,
  createDiscountBody,
  dynamicCodeBody,
  isAllocation,
  isRuleType,
  timesIn,
  updateDiscountBody,
  wrongRule,
} from "./discount-bodies.ts";
import { notFound, refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { type ListParameters, listParameters, readList, searched } from "./list-parameters.ts";
import { readQuery } from "./query.ts";
import { discountSchema, renderDiscount } from "./render-discount.ts";
import { deleted, error, listOf, one, plainText } from "./schemas.ts";

const tag = "Admin: discounts";
/** The answers of routes about one discount. */
export const discountAnswers = {
  200: one("discount", discountSchema),
  400: error,
  401: plainText,
  404: error,
  422: error,
} as const;

const query = listParameters({
  q: Type.Optional(Type.String({ maxLength: 255 })),
  rule: Type.Optional(
    Type.Object(
      {
        type: Type.Optional(Type.String({ maxLength: 64 })),
        allocation: Type.Optional(Type.String({ maxLength: 64 })),
      },
      { additionalProperties: false },
    ),
  ),
  is_dynamic: Type.Optional(Type.Boolean()),
  is_disabled: Type.Optional(Type.Boolean()),
});
type Query = ListParameters & {
  readonly q?: string;
  readonly rule?: { readonly type?: string; readonly allocation?: string };
  readonly is_dynamic?: boolean;
  readonly is_disabled?: boolean;
};

const SORTABLE = ["id", "code", "created_at", "updated_at"];

/** The discounts with their regions, and with those that codes were made from. */
async function rendered({ deps, context }: Call, discounts: readonly Discount[]) {
  const { storeId } = context.store;
  const parentIds = [...new Set(discounts.flatMap(({ parentId }) => parentId ?? []))];
  const { regions } = await deps.storage.records.setup(storeId);
  const filter = [[{ field: "id", operator: "in" as const, values: parentIds }]];
  const parents =
    parentIds.length === 0
      ? []
      : (
          await deps.storage.discounts.list(storeId, {
            filter,
            sort: undefined,
            limit: parentIds.length,
            offset: 0,
          })
        ).rows;
  return discounts.map((discount) =>
    renderDiscount(
      discount,
      regions,
      parents.find(({ id }) => id === discount.parentId),
    ),
  );
}

/** The discount of a result, or its refusal. */
export async function discountReply(
  call: Call,
  result: Result<Discount, Refusal | SalesRefusal>,
): Promise<Reply> {
  if (!result.ok) return refused(result.error);
  const [discount] = await rendered(call, [result.value]);
  return { status: 200, body: { discount } };
}

/** The discount that the path names. */
export const discountOf = ({ params }: Call): string => engineId("disc", params.discountId as string);

export const adminDiscountRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/discounts",
    access: "shop",
    tag,
    summary: "List discounts",
    query: Object.keys(query.properties),
    responses: { 200: listOf("discounts", discountSchema), 400: error, 401: plainText },
    async handle(call) {
      const read = readQuery<Query>(call, query);
      if ("refusal" in read) return read.refusal;
      const { q, rule, is_dynamic: isDynamic, is_disabled: isDisabled } = read.query;
      const equal = {
        rule_type: rule?.type,
        allocation: rule?.allocation,
        is_dynamic: isDynamic,
        is_disabled: isDisabled,
      };
      const conditions = Object.entries(equal).flatMap(([field, value]): Condition[] =>
        value === undefined ? [] : [{ field, operator: "eq", values: [String(value)] }],
      );
      const anyOf = searched(q, ["code"]);
      const list = readList(read.query, { sortable: SORTABLE, defaultLimit: 20, conditions, anyOf });
      if ("refusal" in list) return list.refusal;
      const { storeId } = call.context.store;
      const { rows, total } = await call.deps.storage.discounts.list(storeId, list.query);
      const { offset, limit } = list.query;
      return { status: 200, body: { discounts: await rendered(call, rows), count: total, offset, limit } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/discounts",
    access: "shop",
    tag,
    summary: "Create a discount",
    body: createDiscountBody,
    responses: discountAnswers,
    async handle(call) {
      const { deps, context, body } = call;
      const { rule } = body;
      const wrong = wrongRule({ type: rule.type ?? null, allocation: rule.allocation ?? null });
      if (wrong) return wrong;
      if (!isRuleType(rule.type) || !isAllocation(rule.allocation))
        throw new Error("a rule passed unlooked at");
      const times = timesIn(body);
      if ("refusal" in times) return times.refusal;
      const { endsAtMs = null, startsAtMs } = times;
      const created = await createDiscount(deps, context, {
        code: body.code,
        rule: {
          type: rule.type,
          value: rule.value,
          allocation: rule.allocation,
          ...(rule.description && { description: rule.description }),
          conditions: (rule.conditions ?? []).flatMap(conditionsIn),
        },
        regionIds: body.regions.map((id) => engineId("reg", id)),
        isDisabled: body.is_disabled ?? false,
        isDynamic: body.is_dynamic ?? false,
        ...(startsAtMs !== undefined && { startsAtMs }),
        endsAtMs,
        ...(body.valid_duration && { validDuration: body.valid_duration }),
        usageLimit: body.usage_limit ?? null,
        ...(body.metadata && { metadata: body.metadata }),
      });
      return discountReply(call, created);
    },
  }),
  route({
    method: "GET",
    path: "/admin/discounts/code/:code",
    access: "shop",
    tag,
    summary: "Get a discount by its code",
    responses: discountAnswers,
    async handle(call) {
      const code = discountCode(call.params.code as string);
      const found = await call.deps.storage.discounts.byCode(call.context.store.storeId, code);
      if (!found) return notFound(`Discount with code ${code} was not found`);
      return discountReply(call, { ok: true, value: found });
    },
  }),
  route({
    method: "GET",
    path: "/admin/discounts/:discountId",
    access: "shop",
    tag,
    summary: "Get a discount",
    responses: discountAnswers,
    async handle(call) {
      const discountId = discountOf(call);
      const found = await call.deps.storage.discounts.load(call.context.store.storeId, discountId);
      if (!found) return refused({ type: "discount_not_found", discountId });
      return discountReply(call, { ok: true, value: found });
    },
  }),
  route({
    method: "POST",
    path: "/admin/discounts/:discountId",
    access: "shop",
    tag,
    summary: "Update a discount",
    body: updateDiscountBody,
    responses: discountAnswers,
    async handle(call) {
      const { deps, context, body } = call;
      const { rule } = body;
      const allocation = rule?.allocation ?? undefined;
      const wrong = rule && wrongRule({ ...(allocation !== undefined && { allocation }) });
      if (wrong) return wrong;
      const times = timesIn(body);
      if ("refusal" in times) return times.refusal;
      const updated = await updateDiscount(deps, context, discountOf(call), {
        ...times,
        ...(body.code && { code: body.code }),
        ...(typeof rule?.value === "number" && { value: rule.value }),
        ...(isAllocation(allocation) && { allocation }),
        ...(rule?.description !== undefined && { ruleDescription: rule.description }),
        ...(rule?.conditions && { conditions: rule.conditions.flatMap(conditionsIn) }),
        ...(body.regions && { regionIds: body.regions.map((id) => engineId("reg", id)) }),
        ...(typeof body.is_disabled === "boolean" && { isDisabled: body.is_disabled }),
        ...(body.valid_duration !== undefined && { validDuration: body.valid_duration }),
        ...(body.usage_limit !== undefined && { usageLimit: body.usage_limit }),
        ...(body.metadata && { metadata: body.metadata }),
      });
      return discountReply(call, updated);
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/discounts/:discountId",
    access: "shop",
    tag,
    summary: "Delete a discount with the codes made from it; one that is gone is no error",
    responses: { 200: deleted, 401: plainText },
    async handle(call) {
      await call.deps.storage.discounts.delete(call.context.store.storeId, discountOf(call));
      return { status: 200, body: { id: call.params.discountId, object: "discount", deleted: true } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/discounts/:discountId/dynamic-codes",
    access: "shop",
    tag,
    summary: "Make a code from a dynamic discount",
    body: dynamicCodeBody,
    responses: discountAnswers,
    async handle(call) {
      const { code, usage_limit: usageLimit = 1, metadata } = call.body;
      const made = await createDynamicCode(call.deps, call.context, {
        discountId: discountOf(call),
        code,
        usageLimit,
        ...(metadata && { metadata }),
      });
      return discountReply(call, made);
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/discounts/:discountId/dynamic-codes/:code",
    access: "shop",
    tag,
    summary: "Take a code away that was made from a discount",
    responses: discountAnswers,
    async handle(call) {
      const { deps, context, params } = call;
      return discountReply(
        call,
        await deleteDynamicCode(deps, context, discountOf(call), params.code as string),
      );
    },
  }),
  ...(["POST", "DELETE"] as const).map((method) =>
    route({
      method,
      path: "/admin/discounts/:discountId/regions/:regionId",
      access: "shop",
      tag,
      summary: method === "POST" ? "Add a region to a discount" : "Take a region away from a discount",
      responses: discountAnswers,
      async handle(call) {
        const regionId = engineId("reg", call.params.regionId as string);
        const action = method === "POST" ? "add" : "remove";
        const { deps, context } = call;
        return discountReply(
          call,
          await changeRegionOfDiscount(deps, context, discountOf(call), regionId, action),
        );
      },
    }),
  ),
];
