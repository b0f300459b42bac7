import Type from "typebox";
import type { StoredGiftCard } from "../../domain/region/gift-card.ts";
import type { Result } from "../../domain/result.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import { createGiftCard, updateGiftCard } from "../../operations/save-gift-card.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { renderOrders } from "./answer-order.ts";
import { timesIn } from "./discount-bodies.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { type ListParameters, listParameters, readList, searched } from "./list-parameters.ts";
import { plainOrder } from "./plain-order.ts";
import { readQuery } from "./query.ts";
import { giftCardSchema, renderGiftCard } from "./render-gift-card.ts";
import { amount, bodyOf, deleted, error, given, listOf, metadata, one, plainText } from "./schemas.ts";

const tag = "Admin: gift cards";
const common = {
  is_disabled: given(Type.Boolean()),
  ends_at: given(Type.String({ maxLength: 64 })),
  metadata: given(metadata),
} as const;
const regionId = Type.String({ maxLength: 255 });

const createBody = bodyOf({ ...common, value: given(amount), region_id: regionId });
const updateBody = bodyOf({ ...common, balance: given(amount), region_id: given(regionId) });

const answers = { 200: one("gift_card", giftCardSchema), 400: error, 401: plainText, 404: error } as const;

const query = listParameters({ q: Type.Optional(Type.String({ maxLength: 255 })) });
const SORTABLE = ["id", "code", "created_at", "updated_at"];

const cardOf = ({ params }: Call): string => engineId("gift", params.cardId as string);

/** The cards with their regions, and the orders that they were bought with. */
async function rendered(call: Call, cards: readonly StoredGiftCard[]) {
  const { storeId } = call.context.store;
  const { orders, records } = call.deps.storage;
  const { regions } = await records.setup(storeId);
  const orderIds = [...new Set(cards.flatMap(({ orderId }) => orderId ?? []))];
  const bought = orderIds.length === 0 ? [] : await orders.loadMany(storeId, orderIds);
  const shown = await renderOrders(call, bought);
  const byId = new Map(bought.map(({ id }, place) => [id, shown[place]]));
  return cards.map((card) => {
    const order = card.orderId === undefined ? undefined : byId.get(card.orderId);
    return renderGiftCard(card, regions, order ? plainOrder(order) : null);
  });
}

async function reply(call: Call, result: Result<StoredGiftCard, SalesRefusal>): Promise<Reply> {
  if (!result.ok) return refused(result.error);
  const [card] = await rendered(call, [result.value]);
  return { status: 200, body: { gift_card: card } };
}

/** What a merchant does with gift cards. */
export const adminGiftCardRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/gift-cards",
    access: "shop",
    tag,
    summary: "List gift cards",
    query: Object.keys(query.properties),
    responses: { 200: listOf("gift_cards", giftCardSchema), 400: error, 401: plainText },
    async handle(call) {
      const read = readQuery<ListParameters & { readonly q?: string }>(call, query);
      if ("refusal" in read) return read.refusal;
      const anyOf = searched(read.query.q?.toUpperCase(), ["code"]);
      const list = readList(read.query, { sortable: SORTABLE, defaultLimit: 50, anyOf });
      if ("refusal" in list) return list.refusal;
      const { storeId } = call.context.store;
      const { rows, total } = await call.deps.storage.giftCards.list(storeId, list.query);
      const { offset, limit } = list.query;
      return { status: 200, body: { gift_cards: await rendered(call, rows), count: total, offset, limit } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/gift-cards",
    access: "shop",
    tag,
    summary: "Create a gift card",
    body: createBody,
    responses: answers,
    async handle(call) {
      const { deps, context, body } = call;
      const times = timesIn({ ends_at: body.ends_at ?? null });
      if ("refusal" in times) return times.refusal;
      const created = await createGiftCard(deps, context, {
        regionId: engineId("reg", body.region_id),
        value: body.value ?? 0,
        isDisabled: body.is_disabled ?? false,
        endsAtMs: times.endsAtMs ?? null,
        ...(body.metadata && { metadata: body.metadata }),
      });
      return reply(call, created);
    },
  }),
  route({
    method: "GET",
    path: "/admin/gift-cards/:cardId",
    access: "shop",
    tag,
    summary: "Get a gift card",
    responses: answers,
    async handle(call) {
      const cardId = cardOf(call);
      const card = await call.deps.storage.giftCards.load(call.context.store.storeId, cardId);
      return card ? reply(call, { ok: true, value: card }) : refused({ type: "gift_card_not_found", cardId });
    },
  }),
  route({
    method: "POST",
    path: "/admin/gift-cards/:cardId",
    access: "shop",
    tag,
    summary: "Update a gift card",
    body: updateBody,
    responses: answers,
    async handle(call) {
      const { deps, context, body } = call;
      const times = timesIn({ ...(body.ends_at !== undefined && { ends_at: body.ends_at }) });
      if ("refusal" in times) return times.refusal;
      const updated = await updateGiftCard(deps, context, cardOf(call), {
        ...(typeof body.balance === "number" && { balance: body.balance }),
        ...(typeof body.is_disabled === "boolean" && { isDisabled: body.is_disabled }),
        ...(times.endsAtMs !== undefined && { endsAtMs: times.endsAtMs }),
        ...(body.region_id && { regionId: engineId("reg", body.region_id) }),
        ...(body.metadata && { metadata: body.metadata }),
      });
      return reply(call, updated);
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/gift-cards/:cardId",
    access: "shop",
    tag,
    summary: "Delete a gift card; one that is gone is no error",
    responses: { 200: deleted, 401: plainText },
    async handle(call) {
      await call.deps.storage.giftCards.delete(call.context.store.storeId, cardOf(call));
      return { status: 200, body: { id: call.params.cardId, object: "gift-card", deleted: true } };
    },
  }),
];
