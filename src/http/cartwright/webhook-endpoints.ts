import { askedFor, type WebhookEndpoint } from "../../domain/webhooks/endpoint.ts";
import { hookBody } from "../../operations/deliver-events.ts";
import type { DeliveryEvent, DeliveryStatus, WebhookDelivery } from "../../operations/ports/webhooks.ts";
import {
  changeEndpoint,
  createEndpoint,
  type EndpointInput,
  replayDeliveries,
  replayDelivery,
  rotateSecret,
  testEndpoint,
  type WebhookRefusal,
} from "../../operations/webhook-endpoints.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { problemAnswer } from "./explanation.ts";
import { invalidBody, problem } from "./problems.ts";
import {
  deliveriesAnswer,
  endpointAnswer,
  endpointChange,
  endpointsAnswer,
  newEndpoint,
  newEndpointAnswer,
  replayBody,
  replayedAnswer,
  rotateBody,
  rotatedAnswer,
  typesAnswer,
} from "./webhook-schemas.ts";

const common = { access: "shop", tag: "Cartwright: webhooks" } as const;
const errors = { 400: problemAnswer, 401: problemAnswer, 403: problemAnswer };
const errorsOfOne = { ...errors, 404: problemAnswer };
const ENDPOINTS = "/cartwright/webhook-endpoints";
const ENDPOINT = `${ENDPOINTS}/:endpointId`;

const DEFAULT_OVERLAP_HOURS = 24;
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

export const webhookEndpointRoutes: readonly Route[] = [
  route({
    ...common,
    method: "GET",
    path: ENDPOINTS,
    summary: "List the endpoints that events are told to, and all types of events",
    responses: { 200: endpointsAnswer, ...errors },
    async handle({ deps, context }) {
      const endpoints = await deps.storage.webhooks.endpoints(context.store.storeId);
      return {
        status: 200,
        body: { data: endpoints.map(renderEndpoint), types: deps.hooks.types.map(({ type }) => type) },
      };
    },
  }),
  route({
    ...common,
    method: "GET",
    path: "/cartwright/event-types",
    summary:
      "List all types of events, when they are told, what their data holds, and what to ask for to be told",
    responses: { 200: typesAnswer, ...errors },
    async handle({ deps }) {
      const { types, members } = deps.hooks;
      const data = types.map(({ type, summary, members: own }) => ({
        type,
        summary,
        data: Object.fromEntries(["id", "uuid", ...own].map((name) => [name, members[name] ?? ""])),
        asked_for_by: askedFor(type),
      }));
      return { status: 200, body: { data } };
    },
  }),
  route({
    ...common,
    method: "POST",
    path: ENDPOINTS,
    summary: "Add an endpoint; the answer has the secret that its calls are signed with, this once",
    body: newEndpoint,
    responses: { 201: newEndpointAnswer, ...errors, 422: problemAnswer },
    // A kept answer would keep the secret in clear.
    idempotency: "none",
    async handle({ deps, context, body }) {
      const created = await createEndpoint(deps, context, body);
      if (!created.ok) return refused(created.error);
      const { endpoint, secret } = created.value;
      return { status: 201, body: { ...renderEndpoint(endpoint), secret } };
    },
  }),
  route({
    ...common,
    method: "GET",
    path: ENDPOINT,
    summary: "Read an endpoint",
    responses: { 200: endpointAnswer, ...errorsOfOne },
    async handle(call) {
      const { deps, context } = call;
      const endpoint = await deps.storage.webhooks.endpoint(context.store.storeId, endpointOf(call));
      if (!endpoint) return refused({ type: "endpoint_not_found", endpointId: endpointOf(call) });
      return { status: 200, body: renderEndpoint(endpoint) };
    },
  }),
  route({
    ...common,
    method: "PUT",
    path: ENDPOINT,
    summary: "Change what is named of an endpoint; while it is disabled, events wait for it",
    body: endpointChange,
    responses: { 200: endpointAnswer, ...errorsOfOne },
    async handle(call) {
      const change: EndpointInput = call.body;
      const changed = await changeEndpoint(call.deps, call.context, endpointOf(call), change);
      return changed.ok ? { status: 200, body: renderEndpoint(changed.value) } : refused(changed.error);
    },
  }),
  route({
    ...common,
    method: "DELETE",
    path: ENDPOINT,
    summary: "Delete an endpoint with its deliveries",
    responses: { 204: null, ...errorsOfOne },
    async handle(call) {
      const { deps, context } = call;
      const gone = await deps.storage.webhooks.delete(context.store.storeId, endpointOf(call));
      return gone ? { status: 204 } : refused({ type: "endpoint_not_found", endpointId: endpointOf(call) });
    },
  }),
  route({
    ...common,
    method: "POST",
    path: `${ENDPOINT}/rotate-secret`,
    summary:
      "Give an endpoint a new secret, answered this once; for some hours calls are signed with the old one too",
    body: rotateBody,
    responses: { 200: rotatedAnswer, ...errorsOfOne },
    // A kept answer would keep the secret in clear.
    idempotency: "none",
    async handle(call) {
      const hours = call.body.overlap_hours ?? DEFAULT_OVERLAP_HOURS;
      const rotated = await rotateSecret(call.deps, call.context, endpointOf(call), hours * 3600);
      if (!rotated.ok) return refused(rotated.error);
      const { secret, oldUntil } = rotated.value;
      return { status: 200, body: { secret, old_secret_until: oldUntil } };
    },
  }),
  route({
    ...common,
    method: "POST",
    path: `${ENDPOINT}/test`,
    summary: "Tell an endpoint the event webhook.test; what comes of it is among its deliveries",
    responses: { 202: null, ...errorsOfOne },
    async handle(call) {
      const noted = await testEndpoint(call.deps, call.context, endpointOf(call));
      return noted.ok ? { status: 202 } : refused(noted.error);
    },
  }),
  route({
    ...common,
    method: "POST",
    path: `${ENDPOINT}/replay`,
    summary: "Tell events of a time once more: those whose delivery failed, or all",
    body: replayBody,
    responses: { 202: replayedAnswer, ...errorsOfOne },
    async handle(call) {
      const { since, until, which = "failed" } = call.body;
      const input = { since, ...(until !== undefined && { until }), all: which === "all" };
      const replayed = await replayDeliveries(call.deps, call.context, endpointOf(call), input);
      return replayed.ok ? { status: 202, body: { deliveries: replayed.value } } : refused(replayed.error);
    },
  }),
  route({
    ...common,
    method: "GET",
    path: `${ENDPOINT}/deliveries`,
    summary: "List deliveries, newest first, with their bodies and attempts",
    query: ["status", "limit", "before"],
    responses: { 200: deliveriesAnswer, ...errorsOfOne },
    async handle(call) {
      const { deps, context } = call;
      const { storeId } = context.store;
      const page = pageOf(call.rawQuery);
      if ("wrong" in page) return page.wrong;
      const endpointId = endpointOf(call);
      if (!(await deps.storage.webhooks.endpoint(storeId, endpointId))) {
        return refused({ type: "endpoint_not_found", endpointId });
      }
      const deliveries = await deps.storage.webhooks.deliveries(storeId, endpointId, page);
      const next = deliveries.length === page.limit ? (deliveries.at(-1)?.eventSeq ?? null) : null;
      return {
        status: 200,
        body: { data: deliveries.map((delivery) => renderDelivery(call, delivery)), next },
      };
    },
  }),
  route({
    ...common,
    method: "POST",
    path: `${ENDPOINT}/deliveries/:deliveryId/replay`,
    summary: "Tell one event once more, now",
    responses: { 202: null, ...errorsOfOne },
    async handle(call) {
      const deliveryId = call.params.deliveryId as string;
      const replayed = await replayDelivery(call.deps, call.context, endpointOf(call), deliveryId);
      return replayed.ok ? { status: 202 } : refused(replayed.error);
    },
  }),
];

const endpointOf = ({ params }: Pick<Call, "params">): string => params.endpointId as string;

function renderEndpoint({ createdAt, updatedAt, ...endpoint }: WebhookEndpoint) {
  return { ...endpoint, created_at: createdAt, updated_at: updatedAt };
}

function renderDelivery(
  { deps }: Pick<Call, "deps">,
  delivery: WebhookDelivery & { readonly event: DeliveryEvent },
) {
  const { id, eventId, type, status, tries, nextAt, createdAt, attempts } = delivery;
  return {
    id,
    event_id: eventId,
    type,
    status,
    tries,
    next_try_at: status === "pending" ? nextAt : null,
    created_at: createdAt,
    body: hookBody(deps.hooks, delivery),
    attempts: attempts.map(({ durationMs, ...attempt }) => ({ ...attempt, duration_ms: durationMs })),
  };
}

type Page = { readonly status?: DeliveryStatus; readonly before?: number; readonly limit: number };

const statuses: readonly string[] = ["pending", "delivered", "failed"] satisfies DeliveryStatus[];

function pageOf(rawQuery: string): Page | { readonly wrong: Reply } {
  const query = new URLSearchParams(rawQuery);
  const status = query.get("status");
  const limit = query.get("limit") ?? String(DEFAULT_LIMIT);
  const before = query.get("before");
  const wrong = (path: string, expected: unknown) => ({
    wrong: invalidBody([{ path, keyword: "query", expected, value: query.get(path) ?? undefined }]),
  });
  if (status !== null && !statuses.includes(status)) return wrong("status", statuses);
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > MAX_LIMIT)
    return wrong("limit", MAX_LIMIT);
  if (before !== null && !/^\d{1,15}$/.test(before)) return wrong("before", "integer");
  return {
    limit: Number(limit),
    ...(status !== null && { status: status as DeliveryStatus }),
    ...(before !== null && { before: Number(before) }),
  };
}

const whyNot = {
  not_a_url: "The member url is no address",
  not_https: "The member url must begin with https:// (http:// only for localhost)",
  has_password: "The member url must not hold a user name or password: calls are signed",
} as const;

function refused(refusal: WebhookRefusal): Reply {
  switch (refusal.type) {
    case "endpoint_not_found":
      return problem(404, refusal.type, "There is no such endpoint");
    case "delivery_not_found":
      return problem(404, refusal.type, "There is no such delivery");
    case "too_many_endpoints":
      return problem(422, refusal.type, `A store has ${refusal.limit} endpoints at most`);
    case "url_refused":
      return problem(400, "invalid", whyNot[refusal.why], { errors: [{ path: "url", rule: refusal.why }] });
  }
}
