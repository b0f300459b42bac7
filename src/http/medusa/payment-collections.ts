import Type from "typebox";
import { shownSession } from "../../domain/order/payment-collection.ts";
import type { Result } from "../../domain/result.ts";
import { notePaidToStaff } from "../../operations/note-paid-to-staff.ts";
import type { EditProblem } from "../../operations/order-edits.ts";
import { authorizeSessions } from "../../operations/pay-order-edit.ts";
import {
  type CollectionOfOrder,
  describeCollection,
  loadCollection,
  refreshSession,
  setSession,
  setSessions,
} from "../../operations/payment-collections.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refusedCart } from "./answer-cart.ts";
import { errorReply, refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { renderSession } from "./render-cart.ts";
import {
  collectionSchema,
  collectionSessionSchema,
  renderCollection,
  renderShownCollection,
  shownCollectionSchema,
} from "./render-payment-collection.ts";
import { bodyOf, error, given, one, plainText, text } from "./schemas.ts";

const tag = "Store: payment collections";
const path = "/store/payment-collections/:collectionId";
const staffTag = "Admin: payment collections";
const staffPath = "/admin/payment-collections/:collectionId";
const failures = { 400: error, 404: error, 409: error, 503: error };
const answers = { ...failures, 200: one("payment_collection", collectionSchema) };
const sessionAnswers = { ...failures, 200: one("payment_session", collectionSessionSchema), 422: error };

const wanted = bodyOf({
  provider_id: text(255),
  amount: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
  session_id: given(Type.String({ maxLength: 255 })),
});

/** How a customer pays what an edit of an order costs more; whoever knows the id may. */
export const paymentCollectionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "open",
    tag,
    summary: "What is due, and the sessions to pay it with",
    query: ["expand", "fields"],
    responses: { 200: one("payment_collection", shownCollectionSchema), 400: error, 404: error },
    async handle(call) {
      const found = await loadCollection(call.deps, call.context, collectionOf(call));
      if (!found.ok) return refused(found.error);
      return { status: 200, body: { payment_collection: renderShownCollection(found.value) } };
    },
  }),
  route({
    method: "GET",
    path: staffPath,
    access: "shop",
    tag: staffTag,
    summary: "What is due, and the sessions to pay it with",
    query: ["expand", "fields"],
    responses: { ...answers, 401: plainText },
    handle: async (call) =>
      answerCollection(await loadCollection(call.deps, call.context, collectionOf(call))),
  }),
  route({
    method: "POST",
    path: staffPath,
    access: "shop",
    tag: staffTag,
    summary: "Describe what is to be paid for",
    body: bodyOf({ description: given(Type.String({ maxLength: 1000 })) }),
    responses: { ...answers, 401: plainText },
    async handle(call) {
      const { description } = call.body;
      const { deps, context } = call;
      return answerCollection(
        description == null
          ? await loadCollection(deps, context, collectionOf(call))
          : await describeCollection(deps, context, collectionOf(call), description),
      );
    },
  }),
  route({
    method: "POST",
    path: `${staffPath}/authorize`,
    access: "shop",
    tag: staffTag,
    summary: "Say that staff have the money, or will get it in a way of their own",
    idempotency: "phased",
    responses: { ...answers, 401: plainText },
    handle: async (call) =>
      answerCollection(await notePaidToStaff(call.deps, call.context, collectionOf(call))),
  }),
  route({
    method: "POST",
    path: `${path}/sessions`,
    access: "open",
    tag,
    summary: "Prepare one payment session for all that is due",
    body: bodyOf({ provider_id: text(255) }),
    idempotency: "phased",
    responses: answers,
    async handle(call) {
      const input = { collectionId: collectionOf(call), provider: call.body.provider_id };
      return answerCollection(await setSession(call.deps, call.context, input));
    },
  }),
  route({
    method: "POST",
    path: `${path}/sessions/batch`,
    access: "open",
    tag,
    summary: "Share what is due out over several payment sessions",
    body: bodyOf({ sessions: Type.Array(wanted, { minItems: 1, maxItems: 20 }) }),
    idempotency: "phased",
    responses: answers,
    async handle(call) {
      const sessions = call.body.sessions.map(({ provider_id: provider, amount, session_id }) => ({
        provider,
        amount,
        ...(session_id && { sessionId: engineId("ps", session_id) }),
      }));
      return answerCollection(await setSessions(call.deps, call.context, collectionOf(call), sessions));
    },
  }),
  route({
    method: "POST",
    path: `${path}/sessions/batch/authorize`,
    access: "open",
    tag,
    summary: "Authorize several payment sessions; the collection says how far it is then",
    body: bodyOf({ session_ids: Type.Array(text(255), { minItems: 1, maxItems: 20 }) }),
    idempotency: "phased",
    responses: answers,
    async handle(call) {
      const sessionIds = call.body.session_ids.map((id) => engineId("ps", id));
      const input = { collectionId: collectionOf(call), sessionIds };
      return answerCollection(await authorizeSessions(call.deps, call.context, input));
    },
  }),
  route({
    method: "POST",
    path: `${path}/sessions/:sessionId`,
    access: "open",
    tag,
    summary: "Begin a payment session anew; it gets another id",
    idempotency: "phased",
    responses: sessionAnswers,
    async handle(call) {
      const input = { collectionId: collectionOf(call), sessionId: sessionOf(call) };
      const fresh = await refreshSession(call.deps, call.context, input);
      if (!fresh.ok) return refused(fresh.error);
      return { status: 200, body: { payment_session: renderSession(null, fresh.value.session) } };
    },
  }),
  route({
    method: "POST",
    path: `${path}/sessions/:sessionId/authorize`,
    access: "open",
    tag,
    summary: "Authorize a payment session",
    idempotency: "phased",
    responses: sessionAnswers,
    handle: authorizeOne,
  }),
];

async function authorizeOne(call: Call): Promise<Reply> {
  const sessionId = sessionOf(call);
  const collectionId = collectionOf(call);
  const input = { collectionId, sessionIds: [sessionId] };
  const tried = await authorizeSessions(call.deps, call.context, input);
  if (!tried.ok) return refusedCart(tried.error);
  const { collection, order } = tried.value;
  const session = collection.sessions.find(({ id }) => id === sessionId);
  const shown = session && shownSession(session, order);
  if (shown?.status !== "authorized") {
    // The original names the collection here.
    const message = `Failed to authorize Payment Session id "${wireId("paycol", collectionId)}"`;
    return errorReply({ status: 422, type: "payment_authorization_error", message });
  }
  return { status: 200, body: { payment_session: renderSession(null, shown) } };
}

function answerCollection(result: Result<CollectionOfOrder, EditProblem>): Reply {
  if (!result.ok) return refusedCart(result.error);
  return { status: 200, body: { payment_collection: renderCollection(result.value) } };
}

const collectionOf = ({ params }: Pick<Call, "params">) => engineId("paycol", params.collectionId as string);
const sessionOf = ({ params }: Pick<Call, "params">) => engineId("ps", params.sessionId as string);
