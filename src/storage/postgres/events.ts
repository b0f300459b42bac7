import type { EventPort } from "../../operations/ports/events.ts";
import { type Database, statement } from "./database.ts";

/** Events as rows. */
export function eventStorage(database: Database, newId: () => string): EventPort {
  return {
    async record(storeId, subjectId, { type, payload }, now) {
      await database.run(insertEvent, [storeId, newId(), type, subjectId, JSON.stringify(payload), now]);
    },
    async of(storeId, subjectId) {
      const rows = await database.run<{ type: string; payload: string; created_at: string }>(selectEvents, [
        storeId,
        subjectId,
      ]);
      return rows.map(({ type, payload, created_at }) => ({
        type,
        payload: JSON.parse(payload),
        at: created_at,
      }));
    },
  };
}

const insertEvent = statement(
  "event_insert",
  "insert into event (store_id, id, type, subject_id, payload, created_at) values ($1, $2, $3, $4, $5, $6)",
);

const selectEvents = statement(
  "event_of_subject",
  "select type, payload, created_at from event where store_id = $1 and subject_id = $2 order by seq",
);
