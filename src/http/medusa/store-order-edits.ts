import Type from "typebox";
import { loadEdit } from "../../operations/order-edits.ts";
import { confirmOrderEdit, declineOrderEdit } from "../../operations/settle-order-edit.ts";
import { type Route, route } from "../route.ts";
import { answerStoreEdit, editIdOf } from "./answer-order-edit.ts";
import { storeOrderEditSchema } from "./render-order-edit.ts";
import { bodyOf, error, given, one } from "./schemas.ts";

const tag = "Store: order edits";
const path = "/store/order-edits/:editId";
const answers = { 200: one("order_edit", storeOrderEditSchema), 400: error, 404: error, 409: error };

/** What a customer does with an edit of an order; whoever knows its id may. */
export const storeOrderEditRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "open",
    tag,
    summary: "An edit of an order",
    responses: answers,
    handle: async (call) => answerStoreEdit(call, await loadEdit(call.deps, call.context, editIdOf(call))),
  }),
  route({
    method: "POST",
    path: `${path}/decline`,
    access: "open",
    tag,
    summary: "Decline an edit; what was paid for it goes back",
    body: bodyOf({ declined_reason: given(Type.String({ maxLength: 1000 })) }),
    bodyOptional: true,
    idempotency: "phased",
    responses: answers,
    async handle(call) {
      const reason = call.body?.declined_reason;
      const input = { editId: editIdOf(call), ...(reason && { reason }) };
      return answerStoreEdit(call, await declineOrderEdit(call.deps, call.context, input));
    },
  }),
  route({
    method: "POST",
    path: `${path}/complete`,
    access: "open",
    tag,
    summary: "Accept an edit that is paid for, or costs nothing more",
    idempotency: "phased",
    responses: answers,
    handle: async (call) =>
      answerStoreEdit(call, await confirmOrderEdit(call.deps, call.context, editIdOf(call), "complete")),
  }),
];
