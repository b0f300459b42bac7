import type { EventPort } from "../../operations/ports/events.ts";
import { type Database, statement } from "./database.ts";
import type { SecretBox } from "./secret-box.ts";
import { eventValues, insertEvents } from "./told.ts";

/** Events as rows. */
export function eventStorage(database: Database, newId: () => string, box: SecretBox): EventPort {
  return {
    async record(storeId, subjectId, { type, payload }, now, secret) {
      const id = newId();
      const sealed = secret && box.seal(JSON.stringify(secret.members), placeOf(storeId, id));
      const values = [storeId, id, type, subjectId, JSON.stringify(payload), now];
      await database.run(insertEvent, [...values, sealed ?? null, secret?.until ?? null]);
    },
    async recordAll(storeId, events, now) {
      if (events.length > 0) await database.run(insertAll, [storeId, ...eventValues(events, now, newId)]);
    },
    async of(storeId, subjectId) {
      type Row = { id: string; type: string; payload: string; secret: string | null; created_at: string };
      const rows = await database.run<Row>(selectEvents, [storeId, subjectId]);
      return rows.map(({ id, type, payload, secret, created_at }) => ({
        type,
        payload: { ...JSON.parse(payload), ...openSecret(box, storeId, id, secret) },
        at: created_at,
      }));
    },
    async forgetSecrets(storeId, now, limit) {
      return (await database.run(clearSecrets, [storeId, now, limit])).length;
    },
  };
}

/** The secret members of an event; none when there are none any more, or they were kept with another secret. */
export function openSecret(
  box: SecretBox,
  storeId: string,
  eventId: string,
  secret: string | null,
): Readonly<Record<string, unknown>> {
  const text = secret === null ? undefined : box.open(secret, placeOf(storeId, eventId));
  return text === undefined ? {} : JSON.parse(text);
}

const placeOf = (storeId: string, eventId: string): string => `event ${storeId} ${eventId}`;

const insertEvent = statement(
  "event_insert",
  `insert into event (store_id, id, type, subject_id, payload, created_at, secret, secret_until)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

const insertAll = statement("event_insert_all", `with happened as (select) ${insertEvents(2, "happened")}`);

const selectEvents = statement(
  "event_of_subject",
  `select id, type, payload, secret, created_at from event where store_id = $1 and subject_id = $2 order by seq`,
);

const clearSecrets = statement(
  "event_clear_secrets",
  `update event set secret = null, secret_until = null
    where store_id = $1 and seq in (
      select seq from event where store_id = $1 and secret_until < $2 order by secret_until limit $3)
   returning seq`,
);
