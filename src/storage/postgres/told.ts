import type { EventAbout } from "../../domain/decision.ts";
import { type Statement, statement } from "./database.ts";

/**
 * Rows of events in the order in which they are given, as a part of a statement: it writes them when `changed`, another
 * part of it, has a row. Their five values, see `eventValues`, begin with parameter `$first`.
 */
export function insertEvents(first: number, changed: string): string {
  const [at, ids, types, subjects, payloads] = [0, 1, 2, 3, 4].map((place) => `$${first + place}`);
  return `insert into event (store_id, id, type, subject_id, payload, created_at)
     select $1, e.id, e.type, e.subject_id, e.payload, coalesce(${at}::timestamptz, now())
       from unnest(${ids}::text[], ${types}::text[], ${subjects}::text[], ${payloads}::text[])
         with ordinality as e(id, type, subject_id, payload, place)
      where exists (select from ${changed})
      order by e.place`;
}

/**
 * A statement that makes a change and, when it has made it, writes the events of it.
 * @param change SQL whose first parameter is the store, and which returns a row when it has changed something
 * @param first the number of the first of the events' parameters
 */
export function telling(name: string, change: string, first: number): Statement {
  return statement(
    name,
    `with changed as (${change}), told as (${insertEvents(first, "changed")}) select * from changed`,
  );
}

/** What `insertEvents` is run with. Without `at` they happen when the transaction began. */
export function eventValues(
  events: readonly EventAbout[],
  at: string | undefined,
  newId: () => string,
): unknown[] {
  return [
    at ?? null,
    events.map(() => newId()),
    events.map(({ type }) => type),
    events.map(({ subjectId }) => subjectId),
    events.map(({ payload }) => JSON.stringify(payload)),
  ];
}
