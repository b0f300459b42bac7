import Type from "typebox";
import { addCondition, changeCondition } from "../../operations/save-discount.ts";
import { type Call, type Route, route } from "../route.ts";
import { discountAnswers, discountOf, discountReply } from "./admin-discounts.ts";
import {
  conditionListsBody,
  conditionsIn,
  listedIds,
  listIn,
  newConditionBody,
  resourcesBody,
} from "./discount-bodies.ts";
import { invalidData, refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { discountConditionSchema, discountSchema, renderCondition } from "./render-discount.ts";
import { error, one, plainText } from "./schemas.ts";

const tag = "Admin: discounts";
const conditionOf = ({ params }: Call): string => engineId("discon", params.conditionId as string);
const WITHOUT_LIST =
  "one of products, product_types, product_collections, product_tags, customer_groups must be given";

/** The conditions of a discount's rule, one by one. */
export const adminDiscountConditionRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/admin/discounts/:discountId/conditions",
    access: "shop",
    tag,
    summary: "Add a condition to a discount",
    body: newConditionBody,
    responses: discountAnswers,
    async handle(call) {
      const { deps, context, body } = call;
      const conditions = conditionsIn(body);
      if (conditions.length === 0) return invalidData(WITHOUT_LIST);
      return discountReply(call, await addCondition(deps, context, discountOf(call), conditions));
    },
  }),
  route({
    method: "GET",
    path: "/admin/discounts/:discountId/conditions/:conditionId",
    access: "shop",
    tag,
    summary: "Get a condition of a discount",
    responses: {
      200: one("discount_condition", discountConditionSchema),
      401: plainText,
      404: error,
    },
    async handle(call) {
      const { deps, context } = call;
      const discountId = discountOf(call);
      const conditionId = conditionOf(call);
      const discount = await deps.storage.discounts.load(context.store.storeId, discountId);
      if (!discount) return refused({ type: "discount_not_found", discountId });
      const found = discount.rule.conditions.find(({ id }) => id === conditionId);
      if (!found) return refused({ type: "discount_condition_not_found", conditionId });
      return { status: 200, body: { discount_condition: renderCondition(found, discount.ruleId) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/discounts/:discountId/conditions/:conditionId",
    access: "shop",
    tag,
    summary: "Change what a condition of a discount lists",
    body: conditionListsBody,
    responses: discountAnswers,
    async handle(call) {
      const { deps, context, body } = call;
      const listed = listIn(body);
      if (!listed) return invalidData(WITHOUT_LIST);
      return discountReply(
        call,
        await changeCondition(deps, context, discountOf(call), conditionOf(call), ({ type, ids }) =>
          // A list of another kind is not for this condition.
          body[type] ? listed : ids,
        ),
      );
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/discounts/:discountId/conditions/:conditionId",
    access: "shop",
    tag,
    summary: "Take a condition away from a discount; one that is gone is no error",
    responses: {
      200: Type.Object({
        id: Type.String(),
        object: Type.Literal("discount-condition"),
        deleted: Type.Literal(true),
        discount: discountSchema,
      }),
      400: error,
      401: plainText,
      404: error,
    },
    async handle(call) {
      const { deps, context, params } = call;
      const discountId = discountOf(call);
      const changed = await changeCondition(deps, context, discountId, conditionOf(call), () => undefined);
      if (!changed.ok && changed.error.type !== "discount_condition_not_found") return refused(changed.error);
      const discount = await deps.storage.discounts.load(context.store.storeId, discountId);
      if (!discount) return refused({ type: "discount_not_found", discountId });
      const { body } = await discountReply(call, { ok: true, value: discount });
      const gone = { id: params.conditionId, object: "discount-condition", deleted: true };
      return { status: 200, body: { ...gone, ...(body as object) } };
    },
  }),
  ...(["POST", "DELETE"] as const).map((method) =>
    route({
      method,
      path: "/admin/discounts/:discountId/conditions/:conditionId/batch",
      access: "shop",
      tag,
      summary: method === "POST" ? "Add to what a condition lists" : "Take away from what a condition lists",
      body: resourcesBody,
      responses: discountAnswers,
      async handle(call) {
        const { deps, context, body } = call;
        const wireIds = body.resources.map(({ id }) => id);
        return discountReply(
          call,
          await changeCondition(deps, context, discountOf(call), conditionOf(call), ({ type, ids }) => {
            const named = listedIds(type, wireIds);
            return method === "POST" ? [...ids, ...named] : ids.filter((id) => !named.includes(id));
          }),
        );
      },
    }),
  ),
];
