import { cartEventTypes } from "../../domain/cart/cart-events.ts";
import type { WebhookEndpoint } from "../../domain/webhooks/endpoint.ts";
import type {
  DeliveryAttempt,
  DeliveryEvent,
  DeliveryStatus,
  HookSecret,
  WebhookDelivery,
  WebhookPort,
} from "../../operations/ports/webhooks.ts";
import { type Database, statement } from "./database.ts";
import { openSecret } from "./events.ts";
import type { SecretBox } from "./secret-box.ts";
import type { StoreCache } from "./store-cache.ts";

/**
 * Endpoints, their secrets encrypted, and deliveries as rows. Which events of carts anybody wants is a part of what the
 * store decided, so every change of an endpoint makes `cache` forget.
 */
export function webhookStorage(database: Database, box: SecretBox, cache: StoreCache): WebhookPort {
  /** One secret as it is, or several as JSON. */
  const opened = (storeId: string, endpointId: string, sealed: string): readonly HookSecret[] => {
    const text = box.open(sealed, placeOf(storeId, endpointId));
    if (text === undefined) return [];
    return text.startsWith("[") ? (JSON.parse(text) as HookSecret[]) : [{ secret: text }];
  };
  return {
    async stores() {
      const rows = await database.run<{ store_id: string }>(selectStores, []);
      return rows.map((row) => row.store_id);
    },
    async endpoints(storeId) {
      const rows = await database.run<{ doc: string }>(selectEndpoints, [storeId]);
      return rows.map(({ doc }) => JSON.parse(doc) as WebhookEndpoint);
    },
    async endpoint(storeId, endpointId) {
      const [row] = await database.run<{ doc: string }>(selectEndpoint, [storeId, endpointId]);
      return row && (JSON.parse(row.doc) as WebhookEndpoint);
    },
    async insert(storeId, endpoint, secret) {
      const { id, createdAt } = endpoint;
      const sealed = box.seal(secret, placeOf(storeId, id));
      await database.run(insertEndpoint, [storeId, id, JSON.stringify(endpoint), sealed, createdAt]);
      cache.forget(storeId);
    },
    change: (storeId, endpointId, change) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.run<{ doc: string }>(selectEndpointForUpdate, [storeId, endpointId]);
        if (!row) return undefined;
        const changed = change(JSON.parse(row.doc));
        await transaction.run(updateEndpoint, [
          storeId,
          endpointId,
          JSON.stringify(changed),
          changed.updatedAt,
        ]);
        cache.forget(storeId);
        return changed;
      }),
    delete: (storeId, endpointId) =>
      database.transaction(async (transaction) => {
        const gone = await transaction.run(deleteEndpoint, [storeId, endpointId]);
        await transaction.run(deleteDeliveries, [storeId, endpointId]);
        cache.forget(storeId);
        return gone.length === 1;
      }),
    async secretsOf(storeId, endpointId) {
      const [row] = await database.run<{ secret: string }>(selectSecret, [storeId, endpointId]);
      return row ? opened(storeId, endpointId, row.secret) : [];
    },
    rotate: (storeId, endpointId, secret, { now, until }) =>
      database.transaction(async (transaction) => {
        const values = [storeId, endpointId];
        const [row] = await transaction.run<{ secret: string }>(selectSecretForUpdate, values);
        if (!row) return false;
        const kept = opened(storeId, endpointId, row.secret)
          .map((old) => ({ secret: old.secret, until: earlier(old.until, until) }))
          .filter((old) => old.until > now)
          .slice(0, MAX_OLD_SECRETS);
        const sealed = box.seal(JSON.stringify([{ secret }, ...kept]), placeOf(storeId, endpointId));
        await transaction.run(updateSecret, [...values, sealed]);
        return true;
      }),

    async add(storeId, deliveries, now) {
      if (deliveries.length === 0) return;
      await database.run(insertDeliveries, [
        storeId,
        deliveries.map(({ id }) => id),
        deliveries.map(({ endpointId }) => endpointId),
        deliveries.map(({ eventSeq }) => eventSeq),
        deliveries.map(({ eventId }) => eventId),
        deliveries.map(({ type }) => type),
        deliveries.map(({ subjectId }) => subjectId),
        deliveries.map(({ sequence }) => sequence),
        deliveries.map(({ createdAt }) => createdAt),
        now,
      ]);
    },
    async dueEndpoints(storeId, now) {
      const rows = await database.run<{ id: string }>(selectDueEndpoints, [storeId, now]);
      return rows.map(({ id }) => id);
    },
    async claim(storeId, endpointId, { now, leaseMs, limit, token }) {
      const until = new Date(Date.parse(now) + leaseMs).toISOString();
      const values = [storeId, endpointId, now, until, token, limit];
      const claimed = await database.run<{ id: string }>(claimDeliveries, values);
      if (claimed.length === 0) return [];
      const ids = claimed.map(({ id }) => id);
      const rows = await database.run<DeliveryRow>(selectClaimed, [storeId, endpointId, ids]);
      return rows.map((row) => deliveryOf(row, openSecret(box, storeId, row.event_id, row.event_secret)));
    },
    async settle(storeId, deliveryId, token, { status, tries, nextAt, attempts }, now) {
      const values = [storeId, deliveryId, token, status, tries, nextAt, JSON.stringify(attempts)];
      await database.run(settleDelivery, [...values, attempts[0]?.at ?? null, now]);
    },
    async release(storeId, endpointId, token) {
      await database.run(releaseDeliveries, [storeId, endpointId, token]);
    },
    async hurry(storeId, endpointId, before, now) {
      await database.run(hurryDeliveries, [storeId, endpointId, before, now]);
    },
    async deliveries(storeId, endpointId, { status, before, limit }) {
      const values = [storeId, endpointId, status ?? null, before ?? null, limit];
      const rows = await database.run<DeliveryRow>(selectDeliveries, values);
      return rows.map((row) => deliveryOf(row, {}));
    },
    async replay(storeId, endpointId, what, now) {
      const rows =
        "deliveryId" in what
          ? await database.run(replayOne, [storeId, endpointId, now, what.deliveryId])
          : await database.run(replayRange, [
              storeId,
              endpointId,
              now,
              what.since,
              what.until ?? "infinity",
              what.statuses,
            ]);
      return rows.length;
    },
    async counts(storeId) {
      type Row = { pending: number; failed: number; oldest: string | null };
      const [row] = await database.run<Row>(countDeliveries, [storeId]);
      return {
        pending: row?.pending ?? 0,
        failed: row?.failed ?? 0,
        ...(row?.oldest && { oldest: row.oldest }),
      };
    },
    async failing(storeId, before) {
      type Row = {
        doc: string;
        pending: number;
        failed: number;
        oldest: string | null;
        since: string | null;
      };
      const rows = await database.run<Row>(selectFailing, [storeId, before]);
      return rows.map(({ doc, pending, failed, oldest, since }) => ({
        endpoint: JSON.parse(doc) as WebhookEndpoint,
        pending,
        failed,
        ...(oldest !== null && { oldest }),
        ...(since !== null && { since }),
      }));
    },
    async deleteOlderThan(storeId, before, limit) {
      return (await database.run(deleteOld, [storeId, before, limit, cartEventTypes])).length;
    },
  };
}

/** Signatures of a call beside that of the newest secret. */
const MAX_OLD_SECRETS = 3;

const earlier = (one: string | undefined, other: string): string =>
  one !== undefined && one < other ? one : other;

type DeliveryRow = {
  id: string;
  endpoint_id: string;
  event_seq: number;
  event_id: string;
  type: string;
  subject_id: string;
  sequence: number;
  status: DeliveryStatus;
  since: string;
  tries: number;
  next_at: string;
  attempts: string;
  created_at: string;
  event_type: string;
  event_payload: string;
  event_secret: string | null;
};

function deliveryOf(
  row: DeliveryRow,
  secrets: Readonly<Record<string, unknown>>,
): WebhookDelivery & { readonly event: DeliveryEvent } {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventSeq: row.event_seq,
    eventId: row.event_id,
    type: row.type,
    subjectId: row.subject_id,
    sequence: row.sequence,
    status: row.status,
    since: row.since,
    tries: row.tries,
    nextAt: row.next_at,
    attempts: JSON.parse(row.attempts) as DeliveryAttempt[],
    createdAt: row.created_at,
    event: { type: row.event_type, payload: { ...JSON.parse(row.event_payload), ...secrets } },
  };
}

const placeOf = (storeId: string, endpointId: string): string => `webhook_endpoint ${storeId} ${endpointId}`;

const selectStores = statement(
  "webhook_stores",
  "select distinct store_id from webhook_endpoint order by store_id",
);

const selectEndpoints = statement(
  "webhook_endpoints",
  "select doc from webhook_endpoint where store_id = $1 order by created_at, id",
);

const selectEndpoint = statement(
  "webhook_endpoint",
  "select doc from webhook_endpoint where store_id = $1 and id = $2",
);

const selectEndpointForUpdate = statement(
  "webhook_endpoint_for_update",
  "select doc from webhook_endpoint where store_id = $1 and id = $2 for update",
);

const selectSecret = statement(
  "webhook_endpoint_secret",
  "select secret from webhook_endpoint where store_id = $1 and id = $2",
);

const selectSecretForUpdate = statement(
  "webhook_endpoint_secret_for_update",
  "select secret from webhook_endpoint where store_id = $1 and id = $2 for update",
);

const updateSecret = statement(
  "webhook_endpoint_update_secret",
  "update webhook_endpoint set secret = $3 where store_id = $1 and id = $2",
);

const insertEndpoint = statement(
  "webhook_endpoint_insert",
  `insert into webhook_endpoint (store_id, id, doc, secret, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $5)`,
);

const updateEndpoint = statement(
  "webhook_endpoint_update",
  "update webhook_endpoint set doc = $3, updated_at = $4 where store_id = $1 and id = $2",
);

const deleteEndpoint = statement(
  "webhook_endpoint_delete",
  "delete from webhook_endpoint where store_id = $1 and id = $2 returning id",
);

const deleteDeliveries = statement(
  "webhook_delivery_delete",
  "delete from webhook_delivery where store_id = $1 and endpoint_id = $2",
);

// The endpoint may have been deleted meanwhile; its row is kept from that until this is written. What comes after
// something that waits for its next try waits as long: however much there is for an endpoint that takes nothing, what is
// due is found without looking at the rest.
const insertDeliveries = statement(
  "webhook_delivery_insert",
  `insert into webhook_delivery
     (store_id, id, endpoint_id, event_seq, event_id, type, subject_id, sequence, created_at, status, since, next_at)
   select $1, d.id, d.endpoint_id, d.event_seq, d.event_id, d.type, d.subject_id, d.sequence, d.created_at, 'pending',
          $10::timestamptz, coalesce((
            select max(o.next_at) from webhook_delivery o
             where o.store_id = $1 and o.endpoint_id = d.endpoint_id and o.subject_id = d.subject_id
               and o.status = 'pending'), $10::timestamptz)
     from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[],
            $9::timestamptz[])
       as d(id, endpoint_id, event_seq, event_id, type, subject_id, sequence, created_at)
     join (select id from webhook_endpoint where store_id = $1 and id = any($3::text[]) for key share) e
       on e.id = d.endpoint_id
   on conflict (store_id, endpoint_id, event_seq) do nothing`,
);

// Of a subject, what comes after a pending one waits for it.
const isFirst = `not exists (
  select from webhook_delivery o
   where o.store_id = $1 and o.endpoint_id = d.endpoint_id and o.subject_id = d.subject_id and o.status = 'pending'
     and o.event_seq < d.event_seq)`;

// In the order of their index, so that the first one found is enough; asked whether there is any, the planner would
// compare all of them with all others.
const selectDueEndpoints = statement(
  "webhook_delivery_due_endpoints",
  `select e.id from webhook_endpoint e
    where e.store_id = $1 and (e.doc::json ->> 'enabled')::boolean and (
      select true from webhook_delivery d
       where d.store_id = $1 and d.endpoint_id = e.id and d.status = 'pending' and d.next_at <= $2
         and (d.lease_until is null or d.lease_until <= $2) and ${isFirst}
       order by d.next_at, d.event_seq limit 1)`,
);

const claimDeliveries = statement(
  "webhook_delivery_claim",
  `update webhook_delivery set token = $5, lease_until = $4
    where store_id = $1 and status = 'pending' and (lease_until is null or lease_until <= $3) and id in (
      select d.id from webhook_delivery d
       where d.store_id = $1 and d.endpoint_id = $2 and d.status = 'pending' and d.next_at <= $3
         and (d.lease_until is null or d.lease_until <= $3) and ${isFirst}
       order by d.next_at, d.event_seq limit $6
         for update skip locked)
   returning id`,
);

const shown = `d.id, d.endpoint_id, d.event_seq, d.event_id, d.type, d.subject_id, d.sequence, d.status, d.since, d.tries,
          d.next_at, d.attempts, d.created_at, v.type as event_type, v.payload as event_payload,
          v.secret as event_secret`;

const selectClaimed = statement(
  "webhook_delivery_claimed",
  `select ${shown}
     from webhook_delivery d join event v on v.store_id = $1 and v.seq = d.event_seq
    where d.store_id = $1 and d.endpoint_id = $2 and d.id = any($3::text[])
    order by d.event_seq`,
);

const settleDelivery = statement(
  "webhook_delivery_settle",
  `with settled as (
     update webhook_delivery
        set status = $4, tries = $5, next_at = $6, attempts = $7, tried_at = $8, token = null, lease_until = null
      where store_id = $1 and id = $2 and status = 'pending' and (token = $3 or $4 = 'delivered')
     returning endpoint_id, subject_id, event_seq)
   update webhook_delivery d set next_at = case when $4 = 'pending' then $6::timestamptz else $9::timestamptz end
     from settled s
    where d.store_id = $1 and d.endpoint_id = s.endpoint_id and d.subject_id = s.subject_id and d.status = 'pending'
      and d.event_seq > s.event_seq`,
);

const releaseDeliveries = statement(
  "webhook_delivery_release",
  `update webhook_delivery set token = null, lease_until = null
    where store_id = $1 and endpoint_id = $2 and status = 'pending' and token = $3`,
);

const hurryDeliveries = statement(
  "webhook_delivery_hurry",
  `update webhook_delivery set next_at = $4
    where store_id = $1 and endpoint_id = $2 and status = 'pending' and next_at > $4 and tried_at < $3`,
);

const selectDeliveries = statement(
  "webhook_delivery_select",
  `select ${shown}
     from webhook_delivery d join event v on v.store_id = $1 and v.seq = d.event_seq
    where d.store_id = $1 and d.endpoint_id = $2 and ($3::text is null or d.status = $3)
      and ($4::bigint is null or d.event_seq < $4)
    order by d.event_seq desc limit $5`,
);

const again = `set status = 'pending', since = $3, next_at = $3, tries = 0, token = null, lease_until = null`;

const replayOne = statement(
  "webhook_delivery_replay",
  `update webhook_delivery ${again} where store_id = $1 and endpoint_id = $2 and id = $4 returning id`,
);

const replayRange = statement(
  "webhook_delivery_replay_range",
  `update webhook_delivery ${again}
    where store_id = $1 and endpoint_id = $2 and created_at >= $4 and created_at < $5 and status = any($6::text[])
   returning id`,
);

// Each in a part of its own, for which there is an index.
const countsOf = (part: string): string => `
          (select count(*)::int from webhook_delivery d where d.store_id = $1 ${part} and d.status = 'pending') as pending,
          (select count(*)::int from webhook_delivery d where d.store_id = $1 ${part} and d.status = 'failed') as failed,
          (select min(d.created_at) from webhook_delivery d
            where d.store_id = $1 ${part} and d.status = 'pending') as oldest`;

const countDeliveries = statement("webhook_delivery_count", `select ${countsOf("")}`);

const selectFailing = statement(
  "webhook_endpoint_failing",
  `select * from (
     select e.doc, ${countsOf("and d.endpoint_id = e.id")},
            (select min(d.since) from webhook_delivery d
              where d.store_id = $1 and d.endpoint_id = e.id and d.status = 'pending' and d.tries > 0) as since
       from webhook_endpoint e
      where e.store_id = $1 and (e.doc::json ->> 'enabled')::boolean) f
    where f.failed > 0 or f.since < $2`,
);

// Events are kept for good as the timeline of what they are about; those of a cart only as long as there is the cart.
const deleteOld = statement(
  "webhook_delivery_delete_old",
  `with gone as (
     delete from webhook_delivery where store_id = $1 and id in (
       select id from webhook_delivery where store_id = $1 and created_at < $2 order by created_at limit $3)
     returning id, event_seq, type, subject_id, endpoint_id),
   forgotten as (
     delete from event where store_id = $1 and seq in (
       select g.event_seq from gone g
        where g.type = any($4::text[])
          and not exists (select from cart c where c.store_id = $1 and c.id = g.subject_id)))
   select id from gone`,
);
