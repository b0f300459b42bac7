import { nextTry } from "../domain/webhooks/retry-schedule.ts";
import type { Deps } from "./deps.ts";
import type { Hooks } from "./hooks.ts";
import type { DeliveryAttempt, DeliveryEvent, HookSecret, WebhookDelivery } from "./ports/webhooks.ts";

/** How long an endpoint may take for its answer, in milliseconds. */
export const HOOK_TIMEOUT_MS = 10_000;
/** Calls to one endpoint that are under way at the same time; of one subject there is never more than one. */
const AT_ONCE = 8;
/** After that long somebody else may try: well past the deadline of a call. */
const LEASE_MS = 60_000;
/** What an endpoint refuses while it takes other things is tried again after that long, however long its pause is. */
const REST_MS = 10 * 60_000;
/** Attempts that are kept of a delivery. */
const KEPT_ATTEMPTS = 20;

type Due = WebhookDelivery & { readonly event: DeliveryEvent };

/** What one turn of an endpoint came to. */
export type Turn = {
  /** Calls that it took. */
  readonly taken: number;
  /** It took nothing of what was tried, however much that was. */
  readonly failing: boolean;
};

/**
 * Tells an endpoint what is due, several events at the same time, until nothing is or nothing gets through. No connection
 * to the database is held while the endpoint is called.
 * @param limits `stopping` is aborted when the engine stops: calls under way are given up and count as not made.
 *   `isOver`: nothing further is begun. `more` settles when there may be more that is due
 */
export async function deliverTo(
  deps: Deps,
  storeId: string,
  endpointId: string,
  limits: {
    readonly stopping: AbortSignal;
    readonly isOver: () => boolean;
    readonly more: () => Promise<void>;
  },
): Promise<Turn> {
  const { webhooks } = deps.storage;
  const { stopping, isOver, more } = limits;
  const secrets = await webhooks.secretsOf(storeId, endpointId);
  const token = deps.newId();
  const underWay = new Set<Promise<void>>();
  let taken = 0;
  let failed = 0;
  const errors: unknown[] = [];
  const isFailing = (): boolean => taken === 0 && failed >= AT_ONCE;

  const call = async (delivery: Due, url: string): Promise<void> => {
    const attempt = await tryOnce(deps, delivery, { url, secrets, stopping });
    if (!attempt) return;
    if (isTaken(attempt)) taken += 1;
    else failed += 1;
    await webhooks.settle(storeId, delivery.id, token, outcomeOf(delivery, attempt), deps.now());
  };
  const begin = async (): Promise<number> => {
    const endpoint = await webhooks.endpoint(storeId, endpointId);
    if (!endpoint?.enabled) return 0;
    const claim = { now: deps.now(), leaseMs: LEASE_MS, limit: AT_ONCE - underWay.size, token };
    const due = await webhooks.claim(storeId, endpointId, claim);
    for (const delivery of due) {
      const done = call(delivery, endpoint.url)
        .catch((error: unknown) => void errors.push(error))
        .finally(() => underWay.delete(done));
      underWay.add(done);
    }
    return due.length;
  };
  while (errors.length === 0 && !stopping.aborted && !isOver() && !isFailing()) {
    const begun = underWay.size < AT_ONCE ? await begin() : 0;
    if (begun === 0 && underWay.size === 0) break;
    // A call that hangs keeps its place, and those of others are filled again.
    await Promise.race([...underWay, ...(underWay.size < AT_ONCE ? [more()] : [])]);
  }
  await Promise.all(underWay);
  if (stopping.aborted) await webhooks.release(storeId, endpointId, token);
  if (errors.length > 0) throw errors[0];
  if (taken > 0) {
    const now = deps.now();
    const before = new Date(Date.parse(now) - REST_MS).toISOString();
    await webhooks.hurry(storeId, endpointId, before, now);
  }
  return { taken, failing: isFailing() };
}

/** What an endpoint gets to read. */
export function hookBody(
  hooks: Pick<Hooks, "told">,
  delivery: Pick<WebhookDelivery, "eventId" | "subjectId" | "sequence" | "createdAt"> & {
    readonly event: DeliveryEvent;
  },
) {
  const { eventId: id, sequence, createdAt: timestamp } = delivery;
  const { type, subject, data } = hooks.told(delivery.event, delivery.subjectId);
  return { id, type, timestamp, subject, sequence, data };
}

/** @returns undefined when it was given up because the engine stops */
async function tryOnce(
  deps: Deps,
  delivery: Due,
  to: { readonly url: string; readonly secrets: readonly HookSecret[]; readonly stopping: AbortSignal },
): Promise<DeliveryAttempt | undefined> {
  const at = deps.now();
  const { stopping } = to;
  const secrets = to.secrets.filter(({ until }) => until === undefined || until > at);
  const elapsed = () => Math.max(0, Date.parse(deps.now()) - Date.parse(at));
  if (secrets.length === 0) {
    const error = "The endpoint's secret cannot be read with this CARTWRIGHT_SECRET: rotate it";
    return { at, durationMs: 0, error };
  }
  const deadline = AbortSignal.timeout(HOOK_TIMEOUT_MS);
  try {
    const answered = await deps.hooks.send({
      url: to.url,
      secrets: secrets.map(({ secret }) => secret),
      eventId: delivery.eventId,
      deliveryId: delivery.id,
      body: JSON.stringify(hookBody(deps.hooks, delivery)),
      now: at,
      signal: AbortSignal.any([deadline, stopping]),
    });
    return { at, durationMs: elapsed(), ...answered };
  } catch (error) {
    if (stopping.aborted) return undefined;
    const why = deadline.aborted ? `No answer within ${HOOK_TIMEOUT_MS / 1000} seconds` : reasonOf(error);
    return { at, durationMs: elapsed(), error: why };
  }
}

function outcomeOf(delivery: Due, attempt: DeliveryAttempt) {
  const tries = delivery.tries + 1;
  const attempts = [attempt, ...delivery.attempts].slice(0, KEPT_ATTEMPTS);
  if (isTaken(attempt)) {
    return { status: "delivered", tries, nextAt: delivery.nextAt, attempts } as const;
  }
  const next = nextTry(tries, delivery.since, attempt.at);
  return next === undefined
    ? ({ status: "failed", tries, nextAt: delivery.nextAt, attempts } as const)
    : ({ status: "pending", tries, nextAt: next, attempts } as const);
}

function isTaken({ status }: DeliveryAttempt): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

/** What `fetch` throws says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return text.slice(0, 300);
}
