import Type, { type Static } from "typebox";
import type { StoredRuleCode } from "../../operations/ports/rule-promotions.ts";
import { addRuleCodes } from "../../operations/save-rule-promotion.ts";
import { type Route, route } from "../route.ts";
import { codeFields, deleteCodes, deleteCodesBody } from "./codes-of-promotions.ts";
import { problem, refused } from "./errors.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { promotionNotFound } from "./promotions.ts";
import { loadRulePromotion } from "./rule-promotions.ts";
import { commonErrors, one, page } from "./schemas.ts";

const consumeUnit = Type.Enum(["per_checkout", "per_application"]);

// Any text will do but half a character (a lone surrogate), which no database can hold.
const code = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: "^(?![aA][uU][tT][oO]_)\\P{Cs}+$",
  description: "Entered in any case. Those that begin with auto_ are the engine's",
});

const uses = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });
const perShopper = Type.Object({ max_uses: uses, includes_guests: Type.Optional(Type.Boolean()) });

const newCode = Type.Object({
  code,
  uses: Type.Optional(
    Type.Unsafe<number | null>({
      ...uses,
      type: ["integer", "null"],
      description: "Null or absent: as many as wanted",
    }),
  ),
  user: Type.Optional(Type.Unsafe<string | null>({ type: ["string", "null"], maxLength: 255 })),
  consume_unit: Type.Optional(
    Type.Unsafe<Static<typeof consumeUnit> | null>({ enum: ["per_checkout", "per_application", null] }),
  ),
  max_uses_per_shopper: Type.Optional(
    Type.Unsafe<Static<typeof perShopper> | null>({ ...perShopper, type: ["object", "null"] }),
  ),
  is_for_new_shopper: Type.Optional(Type.Boolean()),
});

const newCodesBody = one(
  Type.Object({
    type: Type.Optional(Type.Literal("promotion_codes")),
    // That they are not too many is a refusal of its own.
    codes: Type.Array(newCode, { minItems: 1 }),
  }),
);

const codeSchema = Type.Object({
  type: Type.Literal("promotion_codes"),
  id: Type.String(),
  code: Type.String(),
  uses: Type.Optional(Type.Integer({ minimum: 0, description: "Uses that are left" })),
  max_uses: Type.Optional(Type.Integer()),
  user: Type.Optional(Type.String()),
  consume_unit: consumeUnit,
  max_uses_per_shopper: Type.Optional(
    Type.Object({ max_uses: Type.Integer(), includes_guests: Type.Boolean() }),
  ),
  is_for_new_shopper: Type.Optional(Type.Boolean()),
  created_by: Type.String(),
  meta: Type.Object({ timestamps: Type.Object({ created_at: Type.String({ format: "date-time" }) }) }),
});

const addedSchema = Type.Object({
  data: Type.Array(codeSchema),
  messages: Type.Optional(
    Type.Array(
      Type.Object({
        source: Type.Object({
          type: Type.Literal("promotion_codes"),
          codes: Type.Array(Type.String()),
        }),
        title: Type.String(),
        description: Type.String(),
      }),
    ),
  ),
});

const tag = "Rule promotions";
const path = "/v2/rule-promotions/:promotionId/codes";

export const ruleCodeRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "List the codes of a rule promotion",
    query: LIST_PARAMETERS,
    responses: { 200: page(codeSchema), ...commonErrors },
    async handle(call) {
      const promotion = await loadRulePromotion(call);
      if (!promotion) return promotionNotFound(call);
      const { store } = call.context;
      return listReply(
        call,
        {
          fields: codeFields,
          defaultLimit: store.settings.pageLength,
          defaultSort: { field: "created_at", descending: false },
        },
        (query) => call.deps.storage.ruleCodes.list(store.storeId, promotion.id, query),
        (rows) => ({ data: rows.map(renderCode) }),
      );
    },
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Add codes to a rule promotion: all of them or, when it has one already, none",
    body: newCodesBody,
    responses: { 201: addedSchema, ...commonErrors },
    async handle(call) {
      const { codes } = call.body.data;
      const unfit = codes.map(contradictionOf).find((found) => found !== undefined);
      if (unfit) return problem(422, "Unprocessable Entity", unfit);
      const added = await addRuleCodes(call.deps, call.context, {
        promotionId: call.params.promotionId as string,
        codes: codes.map(codeOf),
      });
      if (!added.ok) return refused(added.error);
      const { shared } = added.value;
      const messages = [
        {
          source: { type: "promotion_codes", codes: shared },
          title: "Duplicate code names",
          description: "Other promotions have these codes too; one entry of a code brings all of them.",
        },
      ];
      const body = { data: added.value.codes.map(renderCode), ...(shared.length > 0 && { messages }) };
      return { status: 201, body };
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete codes of a rule promotion; codes that it does not have are passed over",
    body: deleteCodesBody,
    responses: { 204: null, ...commonErrors },
    handle: (call) =>
      deleteCodes(
        call,
        call.deps.storage.ruleCodes,
        call.body.data.codes.map((unwanted) => unwanted.code),
      ),
  }),
  route({
    method: "DELETE",
    path: `${path}/:code`,
    access: "shop",
    tag,
    summary: "Delete a code of a rule promotion",
    responses: { 204: null, ...commonErrors },
    handle: (call) => deleteCodes(call, call.deps.storage.ruleCodes, [call.params.code as string]),
  }),
];

/** What of a code contradicts itself, in the vendor's rules. */
function contradictionOf(sent: Static<typeof newCode>): string | undefined {
  if (sent.max_uses_per_shopper && sent.consume_unit === "per_application") {
    return "max_uses_per_shopper cannot be combined with the consume_unit per_application";
  }
  if (sent.is_for_new_shopper && (sent.uses || sent.user)) {
    return "A code for new shoppers has neither limited uses nor a user";
  }
  return undefined;
}

function codeOf(sent: Static<typeof newCode>) {
  const { uses: maxUses, user, consume_unit: unit, max_uses_per_shopper: bound } = sent;
  return {
    code: sent.code,
    ...(typeof maxUses === "number" && { maxUses }),
    ...(user && { user }),
    consumeUnit: unit ?? "per_checkout",
    ...(bound && {
      maxUsesPerShopper: { maxUses: bound.max_uses, includesGuests: bound.includes_guests ?? false },
    }),
    ...(sent.is_for_new_shopper && { isForNewShopper: true }),
  };
}

function renderCode(stored: StoredRuleCode): Static<typeof codeSchema> {
  const bound = stored.maxUsesPerShopper;
  return {
    type: "promotion_codes",
    id: stored.id,
    code: stored.code,
    ...(stored.usesLeft !== undefined && { uses: stored.usesLeft }),
    ...(stored.maxUses !== undefined && { max_uses: stored.maxUses }),
    ...(stored.user !== undefined && { user: stored.user }),
    consume_unit: stored.consumeUnit,
    ...(bound && {
      max_uses_per_shopper: { max_uses: bound.maxUses, includes_guests: bound.includesGuests },
    }),
    ...(stored.isForNewShopper && { is_for_new_shopper: true }),
    created_by: stored.createdBy,
    meta: { timestamps: { created_at: stored.createdAt } },
  };
}
