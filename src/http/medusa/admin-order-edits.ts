import Type, { type Static } from "typebox";
import {
  addToEdit,
  beginEdit,
  changeQuantityInEdit,
  deleteEdit,
  loadEdit,
  noteOnEdit,
  undoInEdit,
} from "../../operations/order-edits.ts";
import { requestConfirmation } from "../../operations/request-order-edit.ts";
import { cancelOrderEdit, confirmOrderEdit } from "../../operations/settle-order-edit.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { answerEdit, editDetails, editIdOf } from "./answer-order-edit.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { listParameters, readList, searched } from "./list-parameters.ts";
import { readQuery } from "./query.ts";
import { type EditDetails, orderEditSchema, renderOrderEdit } from "./render-order-edit.ts";
import { bodyOf, deleted, error, given, listOf, metadata, one, plainText, text } from "./schemas.ts";

const tag = "Admin: order edits";
const path = "/admin/order-edits/:editId";
const answers = {
  200: one("order_edit", orderEditSchema),
  400: error,
  401: plainText,
  404: error,
  409: error,
};
const deletions = { 200: deleted, 400: error, 401: plainText, 404: error };

const note = Type.String({ maxLength: 1000 });
const pieces = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const createBody = bodyOf({ order_id: text(255), internal_note: given(note) });
const noteBody = bodyOf({ internal_note: given(note) });
const itemBody = bodyOf({ variant_id: text(255), quantity: pieces, metadata: given(metadata) });
const quantityBody = bodyOf({ quantity: Type.Integer({ minimum: 0, maximum: 1_000_000 }) });
const requestBody = bodyOf({ payment_collection_description: given(note) });
const listQuery = listParameters({
  q: Type.Optional(Type.String({ maxLength: 255 })),
  order_id: Type.Optional(Type.String({ maxLength: 255 })),
});

/** How staff propose other items for an order. */
export const adminOrderEditRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/admin/order-edits",
    access: "shop",
    tag,
    summary: "Begin an edit of an order",
    body: createBody,
    responses: answers,
    async handle(call) {
      const { order_id, internal_note } = call.body;
      const input = {
        orderId: engineId("order", order_id),
        ...(internal_note && { internalNote: internal_note }),
      };
      return answerEdit(call, await beginEdit(call.deps, call.context, input));
    },
  }),
  route({
    method: "GET",
    path: "/admin/order-edits",
    access: "shop",
    tag,
    summary: "Edits of orders, newest first",
    query: Object.keys(listQuery.properties),
    responses: { 200: listOf("order_edits", orderEditSchema), 400: error, 401: plainText },
    handle: listEdits,
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "An edit",
    query: ["expand", "fields"],
    responses: answers,
    handle: async (call) => answerEdit(call, await loadEdit(call.deps, call.context, editIdOf(call))),
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Change what staff note about an edit",
    body: noteBody,
    responses: answers,
    handle: async (call) => {
      const written = call.body.internal_note ?? "";
      return answerEdit(call, await noteOnEdit(call.deps, call.context, editIdOf(call), written));
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete an edit that nobody has been shown",
    responses: deletions,
    async handle(call) {
      const gone = await deleteEdit(call.deps, call.context, editIdOf(call));
      const body = { id: call.params.editId, object: "order_edit", deleted: true };
      return gone.ok ? { status: 200, body } : refused(gone.error);
    },
  }),
  route({
    method: "POST",
    path: `${path}/items`,
    access: "shop",
    tag,
    summary: "Propose one more item",
    body: itemBody,
    responses: answers,
    async handle(call) {
      const { variant_id, quantity, metadata: written } = call.body;
      const added = await addToEdit(call.deps, call.context, {
        editId: editIdOf(call),
        variantId: engineId("variant", variant_id),
        quantity,
        ...(written && { metadata: written }),
      });
      return answerEdit(call, added);
    },
  }),
  route({
    method: "POST",
    path: `${path}/items/:itemId`,
    access: "shop",
    tag,
    summary: "Propose another quantity of an item",
    body: quantityBody,
    responses: answers,
    handle: (call) => changeQuantity(call, call.body.quantity),
  }),
  route({
    method: "DELETE",
    path: `${path}/items/:itemId`,
    access: "shop",
    tag,
    summary: "Propose an order without an item",
    responses: answers,
    handle: (call) => changeQuantity(call, 0),
  }),
  route({
    method: "DELETE",
    path: `${path}/changes/:changeId`,
    access: "shop",
    tag,
    summary: "Take a change back",
    responses: deletions,
    async handle(call) {
      const changeId = engineId("oic", call.params.changeId as string);
      const undone = await undoInEdit(call.deps, call.context, { editId: editIdOf(call), changeId });
      const body = { id: call.params.changeId, object: "item_change", deleted: true };
      return undone.ok ? { status: 200, body } : refused(undone.error);
    },
  }),
  route({
    method: "POST",
    path: `${path}/request`,
    access: "shop",
    tag,
    summary: "Show an edit to its customer, with a payment collection when it costs more",
    body: requestBody,
    bodyOptional: true,
    responses: answers,
    async handle(call) {
      const description = call.body?.payment_collection_description;
      const input = { editId: editIdOf(call), ...(description && { description }) };
      return answerEdit(call, await requestConfirmation(call.deps, call.context, input));
    },
  }),
  route({
    method: "POST",
    path: `${path}/cancel`,
    access: "shop",
    tag,
    summary: "Take an edit back; what was paid for it goes back, too",
    idempotency: "phased",
    responses: answers,
    handle: async (call) => answerEdit(call, await cancelOrderEdit(call.deps, call.context, editIdOf(call))),
  }),
  route({
    method: "POST",
    path: `${path}/confirm`,
    access: "shop",
    tag,
    summary: "Make the order what an edit says; what is not paid of it is owed",
    idempotency: "phased",
    responses: answers,
    handle: async (call) =>
      answerEdit(call, await confirmOrderEdit(call.deps, call.context, editIdOf(call), "confirm")),
  }),
];

async function changeQuantity(call: Call, quantity: number): Promise<Reply> {
  const lineId = engineId("item", call.params.itemId as string);
  const input = { editId: editIdOf(call), lineId, quantity };
  return answerEdit(call, await changeQuantityInEdit(call.deps, call.context, input));
}

async function listEdits(call: Call): Promise<Reply> {
  const read = readQuery<Static<typeof listQuery>>(call, listQuery);
  if ("refusal" in read) return read.refusal;
  const { order_id, q } = read.query;
  const listed = readList(read.query, {
    sortable: ["created_at", "updated_at"],
    defaultLimit: 20,
    conditions:
      order_id === undefined
        ? []
        : [{ field: "order_id", operator: "eq", values: [engineId("order", order_id)] }],
    anyOf: searched(q, ["internal_note"]),
  });
  if ("refusal" in listed) return listed.refusal;
  const { storeId } = call.context.store;
  const { records, orders } = call.deps.storage;
  const { rows, total } = await records.list(storeId, "order_edit", listed.query);
  const loaded = await orders.loadMany(storeId, [...new Set(rows.map(({ orderId }) => orderId))]);
  const found = rows.flatMap((edit) => {
    const order = loaded.find(({ id }) => id === edit.orderId);
    return order ? [{ edit, order }] : [];
  });
  const details = await editDetails(call, found);
  const edits = found.map(({ edit }, index) => renderOrderEdit(edit, details[index] as EditDetails));
  const { limit, offset } = listed.query;
  return { status: 200, body: { order_edits: edits, count: total, offset, limit } };
}
