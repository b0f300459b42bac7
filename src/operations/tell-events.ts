import { TEST_EVENT, type WebhookEndpoint, wantsType } from "../domain/webhooks/endpoint.ts";
import type { Deps } from "./deps.ts";
import type { OutboxEvent } from "./ports/outbox.ts";
import type { NewDelivery } from "./ports/webhooks.ts";

/** What those who tell events to endpoints are called among the readers of events. */
export const WEBHOOKS = "webhooks";
/** Events that are taken at once. */
const BATCH = 200;
/** Nothing outside is called meanwhile, so this is plenty. */
const LEASE_MS = 30_000;

/**
 * Notes for every endpoint of a store which events it is to be told; nobody is called.
 * @param isOver ends it after the batch that is under way
 */
export async function noteDeliveries(deps: Deps, storeId: string, isOver: () => boolean): Promise<void> {
  const endpoints = await deps.storage.webhooks.endpoints(storeId);
  if (endpoints.length === 0) return;
  while (!isOver()) {
    const options = { now: deps.now(), leaseMs: LEASE_MS, limit: BATCH };
    const claim = await deps.storage.outbox.claim(storeId, WEBHOOKS, options);
    if (!claim) return;
    const { events, token } = claim;
    const last = events.at(-1)?.seq ?? 0;
    await deps.storage.transaction(async (storage) => {
      // Somebody else goes on from the same place: what they note is the same.
      if (!(await storage.outbox.advance(storeId, WEBHOOKS, token, last))) return;
      // Read again, so that whoever was added before an event happened gets it.
      const current = await storage.webhooks.endpoints(storeId);
      const wanted = events.flatMap((event) => deliveriesOf(deps, current, event));
      await storage.webhooks.add(storeId, wanted, deps.now());
    });
    if (events.length < BATCH) return;
  }
}

function deliveriesOf(deps: Deps, endpoints: readonly WebhookEndpoint[], event: OutboxEvent): NewDelivery[] {
  const { type } = deps.hooks.told(event, event.subjectId);
  const isWanted = ({ id, types }: WebhookEndpoint): boolean =>
    type === TEST_EVENT ? id === event.subjectId : wantsType(types, type);
  return endpoints.filter(isWanted).map(({ id }) => ({
    id: deps.newId(),
    endpointId: id,
    eventSeq: event.seq,
    eventId: event.id,
    type,
    subjectId: event.subjectId,
    sequence: event.sequence,
    createdAt: event.createdAt,
  }));
}
