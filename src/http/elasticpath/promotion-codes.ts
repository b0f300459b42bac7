import Type, { type Static } from "typebox";
import type { StoredCode } from "../../operations/ports/promotions.ts";
import { addPromotionCodes } from "../../operations/save-promotion.ts";
import { type Route, route } from "../route.ts";
import { codeFields, deleteCodes, deleteCodesBody } from "./codes-of-promotions.ts";
import { refused } from "./errors.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { promotionSchema } from "./promotion-schemas.ts";
import { loadPromotion, promotionNotFound } from "./promotions.ts";
import { renderPromotion } from "./render-promotion.ts";
import { commonErrors, one, page } from "./schemas.ts";

const consumeUnit = Type.Enum(["per_cart", "per_item"]);

// Any text will do but half a character (a lone surrogate), which no database can hold.
const code = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: "^(?!auto_)\\P{Cs}+$",
  description: "Case-sensitive. Those that begin with auto_ are the engine's",
});

const maxUses = { minimum: 1, maximum: 1_000_000_000 };

const newCodesBody = one(
  Type.Object({
    type: Type.Optional(Type.Literal("promotion_codes")),
    // That they are not too many is a refusal of its own.
    codes: Type.Array(
      Type.Object({
        code,
        uses: Type.Optional(
          Type.Unsafe<number | null>({
            type: ["integer", "null"],
            ...maxUses,
            description: "Null or absent: as many as wanted",
          }),
        ),
        user: Type.Optional(Type.Unsafe<string | null>({ type: ["string", "null"], maxLength: 255 })),
        consume_unit: Type.Optional(
          Type.Unsafe<Static<typeof consumeUnit> | null>({ enum: ["per_cart", "per_item", null] }),
        ),
      }),
      { minItems: 1 },
    ),
  }),
);

const codeSchema = Type.Object({
  type: Type.Literal("promotion_code"),
  id: Type.String(),
  code: Type.String(),
  uses: Type.Optional(Type.Integer({ minimum: 0, description: "Uses that are left" })),
  max_uses: Type.Optional(Type.Integer()),
  user: Type.Optional(Type.String()),
  consume_unit: consumeUnit,
  created_by: Type.String(),
  meta: Type.Object({ timestamps: Type.Object({ created_at: Type.String({ format: "date-time" }) }) }),
});

const tag = "Promotions";
const path = "/v2/promotions/:promotionId/codes";

export const promotionCodeRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "List the codes of a promotion",
    query: LIST_PARAMETERS,
    responses: { 200: page(codeSchema), ...commonErrors },
    async handle(call) {
      const promotion = await loadPromotion(call);
      if (!promotion) return promotionNotFound(call);
      const { store } = call.context;
      return listReply(
        call,
        {
          fields: codeFields,
          defaultLimit: store.settings.pageLength,
          defaultSort: { field: "created_at", descending: false },
        },
        (query) => call.deps.storage.promotionCodes.list(store.storeId, promotion.id, query),
        (rows) => ({ data: rows.map(renderCode) }),
      );
    },
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Add codes to a promotion: all of them or, when one is taken, none",
    body: newCodesBody,
    responses: { 201: one(promotionSchema), ...commonErrors },
    async handle(call) {
      const added = await addPromotionCodes(call.deps, call.context, {
        promotionId: call.params.promotionId as string,
        codes: call.body.data.codes.map((wanted) => ({
          code: wanted.code,
          ...(typeof wanted.uses === "number" && { maxUses: wanted.uses }),
          ...(wanted.user && { user: wanted.user }),
          consumeUnit: wanted.consume_unit ?? "per_cart",
        })),
      });
      if (!added.ok) return refused(added.error);
      return { status: 201, body: { data: renderPromotion(call, added.value) } };
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete codes of a promotion; codes that it does not have are passed over",
    body: deleteCodesBody,
    responses: { 204: null, ...commonErrors },
    handle: (call) =>
      deleteCodes(
        call,
        call.deps.storage.promotionCodes,
        call.body.data.codes.map((unwanted) => unwanted.code),
      ),
  }),
  route({
    method: "DELETE",
    path: `${path}/:code`,
    access: "shop",
    tag,
    summary: "Delete a code of a promotion",
    responses: { 204: null, ...commonErrors },
    handle: (call) => deleteCodes(call, call.deps.storage.promotionCodes, [call.params.code as string]),
  }),
];

function renderCode(stored: StoredCode): Static<typeof codeSchema> {
  return {
    type: "promotion_code",
    id: stored.id,
    code: stored.code,
    ...(stored.usesLeft !== undefined && { uses: stored.usesLeft }),
    ...(stored.maxUses !== undefined && { max_uses: stored.maxUses }),
    ...(stored.user !== undefined && { user: stored.user }),
    consume_unit: stored.consumeUnit,
    created_by: stored.createdBy,
    meta: { timestamps: { created_at: stored.createdAt } },
  };
}
