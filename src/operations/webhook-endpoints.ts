import { fail, ok, type Result } from "../domain/result.ts";
import {
  addressProblem,
  MAX_ENDPOINTS,
  TEST_EVENT,
  type WebhookEndpoint,
} from "../domain/webhooks/endpoint.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { DeliveryStatus } from "./ports/webhooks.ts";
import { WEBHOOKS } from "./tell-events.ts";

/** What may be said about an endpoint. */
export type EndpointInput = Partial<Pick<WebhookEndpoint, "url" | "description" | "enabled" | "types">>;

export type WebhookRefusal =
  | { readonly type: "endpoint_not_found"; readonly endpointId: string }
  | { readonly type: "delivery_not_found"; readonly deliveryId: string }
  | {
      readonly type: "url_refused";
      readonly url: string;
      readonly why: "not_a_url" | "not_https" | "has_password";
    }
  | { readonly type: "too_many_endpoints"; readonly limit: number };

/**
 * Adds somebody whom events are told to, from now on. The secret is what the calls are signed with; it is answered here
 * and never again.
 */
export async function createEndpoint(
  deps: Deps,
  { store: { storeId } }: Context,
  input: EndpointInput & { readonly url: string },
): Promise<Result<{ readonly endpoint: WebhookEndpoint; readonly secret: string }, WebhookRefusal>> {
  const why = addressProblem(input.url, deps.hooks.plain);
  if (why) return fail({ type: "url_refused", url: input.url, why });
  const now = deps.now();
  const endpoint: WebhookEndpoint = {
    id: deps.newId(),
    url: input.url,
    description: input.description ?? "",
    enabled: input.enabled ?? true,
    types: input.types ?? ["*"],
    createdAt: now,
    updatedAt: now,
  };
  const secret = deps.hooks.newSecret();
  return deps.storage.transaction(async (storage) => {
    // Of two first ones, the second must not begin anew after the first.
    await storage.stores.lock(storeId);
    const present = await storage.webhooks.endpoints(storeId);
    if (present.length >= MAX_ENDPOINTS) return fail({ type: "too_many_endpoints", limit: MAX_ENDPOINTS });
    // While there is nobody to tell, nothing is read.
    await storage.outbox.begin(storeId, WEBHOOKS, present.length === 0 ? "anew" : undefined);
    await storage.webhooks.insert(storeId, endpoint, secret);
    return ok({ endpoint, secret });
  });
}

/** Changes what is named. When it is enabled again, what has waited is tried for as long as anything new. */
export async function changeEndpoint(
  deps: Deps,
  { store: { storeId } }: Context,
  endpointId: string,
  input: EndpointInput,
): Promise<Result<WebhookEndpoint, WebhookRefusal>> {
  const why = input.url === undefined ? undefined : addressProblem(input.url, deps.hooks.plain);
  if (why) return fail({ type: "url_refused", url: input.url ?? "", why });
  const now = deps.now();
  return deps.storage.transaction(async (storage) => {
    const before: { enabled?: boolean } = {};
    const changed = await storage.webhooks.change(storeId, endpointId, (endpoint) => {
      before.enabled = endpoint.enabled;
      return { ...endpoint, ...input, updatedAt: now };
    });
    if (!changed) return fail({ type: "endpoint_not_found", endpointId });
    if (changed.enabled && before.enabled === false) {
      const waiting = { since: "-infinity", statuses: ["pending"] } as const;
      await storage.webhooks.replay(storeId, endpointId, waiting, now);
    }
    return ok(changed);
  });
}

/**
 * Gives an endpoint a new secret, which is answered here and never again. For `overlapSeconds` calls are signed with the old
 * one too, so that whoever checks them has time to learn the new one; 0: the old one is good for nothing from now on.
 */
export async function rotateSecret(
  deps: Deps,
  { store: { storeId } }: Context,
  endpointId: string,
  overlapSeconds: number,
): Promise<Result<{ readonly secret: string; readonly oldUntil: string }, WebhookRefusal>> {
  const now = deps.now();
  const oldUntil = new Date(Date.parse(now) + overlapSeconds * 1000).toISOString();
  const secret = deps.hooks.newSecret();
  const times = { now, until: oldUntil };
  const isThere = await deps.storage.webhooks.rotate(storeId, endpointId, secret, times);
  return isThere ? ok({ secret, oldUntil }) : fail({ type: "endpoint_not_found", endpointId });
}

/** Notes an event that is told to this endpoint alone. */
export async function testEndpoint(
  deps: Deps,
  { store: { storeId } }: Context,
  endpointId: string,
): Promise<Result<void, WebhookRefusal>> {
  const endpoint = await deps.storage.webhooks.endpoint(storeId, endpointId);
  if (!endpoint) return fail({ type: "endpoint_not_found", endpointId });
  const event = { type: TEST_EVENT, payload: { endpointId } };
  await deps.storage.events.record(storeId, endpointId, event, deps.now());
  return ok(undefined);
}

/**
 * Tells events of a time once more, those whose delivery has failed or all.
 * @param since from then on, and before `until` (RFC 3339): when they happened
 * @returns how many
 */
export async function replayDeliveries(
  deps: Deps,
  { store: { storeId } }: Context,
  endpointId: string,
  input: { readonly since: string; readonly until?: string; readonly all: boolean },
): Promise<Result<number, WebhookRefusal>> {
  const endpoint = await deps.storage.webhooks.endpoint(storeId, endpointId);
  if (!endpoint) return fail({ type: "endpoint_not_found", endpointId });
  const { since, until, all } = input;
  const statuses: readonly DeliveryStatus[] = all ? ["failed", "delivered"] : ["failed"];
  const range = { since, ...(until !== undefined && { until }), statuses };
  return ok(await deps.storage.webhooks.replay(storeId, endpointId, range, deps.now()));
}

/** Tells one event once more, now; one that still waits for its next try, too. */
export async function replayDelivery(
  deps: Deps,
  { store: { storeId } }: Context,
  endpointId: string,
  deliveryId: string,
): Promise<Result<void, WebhookRefusal>> {
  const count = await deps.storage.webhooks.replay(storeId, endpointId, { deliveryId }, deps.now());
  return count === 1 ? ok(undefined) : fail({ type: "delivery_not_found", deliveryId });
}
