import Type, { type Static } from "typebox";
import type { Result } from "../../domain/result.ts";
import {
  addToDraftOrder,
  deleteDraftOrder,
  removeFromDraftOrder,
  updateDraftOrder,
  updateLineOfDraftOrder,
} from "../../operations/change-draft-order.ts";
import { type CreateDraftOrder, createDraftOrder } from "../../operations/create-draft-order.ts";
import { type DraftOrderView, viewDraftOrder, withCart } from "../../operations/draft-orders.ts";
import type { Condition } from "../../operations/listing.ts";
import { payDraftOrder } from "../../operations/pay-draft-order.ts";
import type { CartProblem } from "../../operations/region-cart.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { keyOf, refusedCart } from "./answer-cart.ts";
import { answerOrder } from "./answer-order.ts";
import { addressOrId, cartSchema, codes, MAX_ITEMS } from "./cart-schemas.ts";
import { addressChange } from "./carts.ts";
import { engineId } from "./ids.ts";
import { type ListParameters, listParameters, readList, searched } from "./list-parameters.ts";
import { orderSchema } from "./order-schemas.ts";
import { readQuery } from "./query.ts";
import { renderDraftOrders } from "./render-draft-order.ts";
import {
  amount,
  bodyOf,
  dateTime,
  deleted,
  error,
  given,
  listOf,
  metadata,
  nullable,
  one,
  oneOf,
  plainText,
  text,
  textOrNull,
  timestamps,
} from "./schemas.ts";

const tag = "Admin: draft orders";
const path = "/admin/draft-orders/:draftId";
const id = Type.String({ maxLength: 255 });
const quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });

const lineBody = bodyOf({
  variant_id: given(id),
  unit_price: given(amount),
  title: given(text(255)),
  quantity,
  metadata: given(metadata),
});
const updateLineBody = bodyOf({
  unit_price: given(amount),
  title: given(text(255)),
  quantity: given(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  metadata: given(metadata),
});
const email = Type.String({ format: "email", maxLength: 254 });
const buyer = {
  billing_address: addressOrId,
  shipping_address: addressOrId,
  discounts: codes,
  customer_id: given(id),
  no_notification_order: given(Type.Boolean()),
} as const;
const createBody = bodyOf({
  status: given(oneOf(["open", "completed"])),
  email,
  region_id: id,
  items: given(Type.Array(lineBody, { maxItems: MAX_ITEMS })),
  shipping_methods: Type.Array(bodyOf({ option_id: id, data: given(metadata), price: given(amount) }), {
    maxItems: 20,
  }),
  metadata: given(metadata),
  ...buyer,
});
const updateBody = bodyOf({
  region_id: given(id),
  country_code: given(Type.String({ maxLength: 100 })),
  email: given(email),
  ...buyer,
});

const draftSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  status: Type.Enum(["open", "completed"]),
  display_id: Type.Integer(),
  cart_id: Type.String(),
  order_id: textOrNull,
  canceled_at: Type.Null(),
  completed_at: nullable(dateTime),
  no_notification_order: nullable(Type.Boolean()),
  idempotency_key: Type.Null(),
  metadata: Type.Null(),
  cart: nullable(cartSchema),
  order: nullable(Type.Record(Type.String(), Type.Unknown())),
});

const answers = {
  200: one("draft_order", draftSchema),
  400: error,
  401: plainText,
  404: error,
  409: error,
  503: error,
} as const;

const query = listParameters({
  q: Type.Optional(Type.String({ maxLength: 255 })),
  status: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 10 })),
});

const draftOf = ({ params }: Pick<Call, "params">): string => engineId("dorder", params.draftId as string);
const lineOf = ({ params }: Pick<Call, "params">): string => engineId("item", params.lineId as string);

async function answer(call: Call, result: Result<DraftOrderView, CartProblem>): Promise<Reply> {
  if (!result.ok) return refusedCart(result.error);
  const [draft] = await renderDraftOrders(call, [result.value]);
  return { status: 200, body: { draft_order: draft } };
}

/** Orders that staff write for somebody, until they are paid for. */
export const adminDraftOrderRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/draft-orders",
    access: "shop",
    tag,
    summary: "List draft orders",
    query: Object.keys(query.properties),
    responses: { 200: listOf("draft_orders", draftSchema), 400: error, 401: plainText },
    handle: listDrafts,
  }),
  route({
    method: "POST",
    path: "/admin/draft-orders",
    access: "shop",
    tag,
    summary: "Create a draft order",
    body: createBody,
    idempotency: "phased",
    responses: answers,
    handle: create,
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get a draft order",
    responses: answers,
    handle: async (call) => answer(call, await viewDraftOrder(call.deps, call.context, draftOf(call))),
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Update a draft order",
    body: updateBody,
    idempotency: "phased",
    responses: answers,
    handle: update,
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a draft order; one that is gone is no error",
    responses: { 200: deleted, 401: plainText },
    async handle(call) {
      await deleteDraftOrder(call.deps, call.context, draftOf(call));
      return { status: 200, body: { id: call.params.draftId, object: "draft-order", deleted: true } };
    },
  }),
  route({
    method: "POST",
    path: `${path}/line-items`,
    access: "shop",
    tag,
    summary: "Add a line to a draft order",
    body: lineBody,
    idempotency: "phased",
    responses: answers,
    async handle(call) {
      const { deps, context, attemptId } = call;
      const keyed = keyOf(call) === undefined ? {} : { attemptId };
      const line = { ...lineIn(call.body), ...keyed };
      return answer(call, await addToDraftOrder(deps, context, draftOf(call), line));
    },
  }),
  route({
    method: "POST",
    path: `${path}/line-items/:lineId`,
    access: "shop",
    tag,
    summary: "Change a line of a draft order",
    body: updateLineBody,
    idempotency: "phased",
    responses: answers,
    async handle(call) {
      const { unit_price: unitPrice, title, quantity: pieces, metadata: words } = call.body;
      const changed = await updateLineOfDraftOrder(call.deps, call.context, draftOf(call), {
        itemId: lineOf(call),
        ...(typeof unitPrice === "number" && { unitPrice }),
        ...(title && { title }),
        ...(typeof pieces === "number" && { quantity: pieces }),
        ...(words && { metadata: words }),
      });
      return answer(call, changed);
    },
  }),
  route({
    method: "DELETE",
    path: `${path}/line-items/:lineId`,
    access: "shop",
    tag,
    summary: "Take a line off a draft order; one that is not there is no error",
    idempotency: "phased",
    responses: answers,
    handle: async (call) =>
      answer(call, await removeFromDraftOrder(call.deps, call.context, draftOf(call), lineOf(call))),
  }),
  route({
    method: "POST",
    path: `${path}/pay`,
    access: "shop",
    tag,
    summary: "Say that a draft order is paid for: it becomes an order",
    idempotency: "phased",
    responses: { ...answers, 200: one("order", orderSchema) },
    async handle(call) {
      const paid = await payDraftOrder(call.deps, call.context, draftOf(call));
      return paid.ok ? answerOrder(call, paid, "be paid") : refusedCart(paid.error);
    },
  }),
];

async function listDrafts(call: Call): Promise<Reply> {
  const read = readQuery<ListParameters & { readonly q?: string; readonly status?: readonly string[] }>(
    call,
    query,
  );
  if ("refusal" in read) return read.refusal;
  const { q, status } = read.query;
  const conditions: Condition[] = status ? [{ field: "status", operator: "in", values: status }] : [];
  const list = readList(read.query, {
    sortable: ["id", "created_at", "updated_at"],
    defaultLimit: 50,
    conditions,
    anyOf: searched(q, ["title"]),
  });
  if ("refusal" in list) return list.refusal;
  const { deps, context } = call;
  const { rows, total } = await deps.storage.records.list(context.store.storeId, "draft_order", list.query);
  const looked = await Promise.all(rows.map((draft) => withCart(deps, context, draft)));
  const views = looked.map((view, place) =>
    view.ok ? view.value : { draft: rows[place] as (typeof rows)[0] },
  );
  const { offset, limit } = list.query;
  const drafts = await renderDraftOrders(call, views);
  return { status: 200, body: { draft_orders: drafts, count: total, offset, limit } };
}

async function create(call: Call<Static<typeof createBody>>): Promise<Reply> {
  const { body } = call;
  const read = await buyerIn(call, call.attemptId);
  if ("refusal" in read) return read.refusal;
  const created = await createDraftOrder(call.deps, call.context, {
    regionId: engineId("reg", body.region_id),
    buyer: { ...read.buyer, email: body.email },
    items: (body.items ?? []).map(lineIn),
    shipping: body.shipping_methods.map(({ option_id: optionId, data, price }) => ({
      optionId: engineId("so", optionId),
      data: data ?? {},
      ...(typeof price === "number" && { price }),
    })),
    ...(body.metadata && { metadata: body.metadata }),
    ...(typeof body.no_notification_order === "boolean" && { noNotification: body.no_notification_order }),
  });
  return answer(call, created);
}

async function update(call: Call<Static<typeof updateBody>>): Promise<Reply> {
  const { deps, context, body } = call;
  const viewed = await viewDraftOrder(deps, context, draftOf(call));
  if (!viewed.ok) return refusedCart(viewed.error);
  const { cart } = viewed.value.priced;
  const read = await buyerIn(call, cart.id, cart.customerId);
  if ("refusal" in read) return read.refusal;
  const updated = await updateDraftOrder(deps, context, draftOf(call), {
    ...read.buyer,
    ...(body.region_id && { regionId: engineId("reg", body.region_id) }),
    ...(body.country_code && { country: body.country_code.toLowerCase() }),
    ...(body.email && { email: body.email }),
    ...(typeof body.no_notification_order === "boolean" && { noNotification: body.no_notification_order }),
  });
  return answer(call, updated);
}

/** Who buys, where it goes, and the codes, as a body says. */
async function buyerIn(
  call: Call<Pick<Static<typeof createBody>, keyof typeof buyer>>,
  cartId: string,
  presentId?: string,
): Promise<{ readonly refusal: Reply } | { readonly buyer: CreateDraftOrder["buyer"] }> {
  const { body } = call;
  const customerId = body.customer_id ? engineId("cus", body.customer_id) : undefined;
  const bookOf = customerId ?? presentId;
  const known = { cartId, ...(bookOf !== undefined && { customerId: bookOf }) };
  const billing = await addressChange(call, body.billing_address, known);
  if (!billing.ok) return { refusal: billing.refusal };
  const shipping = await addressChange(call, body.shipping_address, known);
  if (!shipping.ok) return { refusal: shipping.refusal };
  return {
    buyer: {
      ...(customerId !== undefined && { customerId }),
      ...(billing.change !== undefined && { billingAddress: billing.change }),
      ...(shipping.change !== undefined && { shippingAddress: shipping.change }),
      ...(body.discounts && { discountCodes: body.discounts.map(({ code }) => code) }),
    },
  };
}

function lineIn({
  variant_id: variantId,
  unit_price: unitPrice,
  title,
  quantity,
  metadata,
}: Static<typeof lineBody>) {
  return {
    quantity,
    ...(variantId && { variantId: engineId("variant", variantId) }),
    ...(typeof unitPrice === "number" && { unitPrice }),
    ...(title && { title }),
    ...(metadata && { metadata }),
  };
}
