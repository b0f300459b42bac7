/** Parts of statements that save orders. In all of them $1 is the store, $2 the order, and `saved` the order's row. */

/** Keeps by whom payments are found, with the save of their order; `state` is the parameter with its document. */
export const linkPayments = (state: string): string => `
   insert into order_payment (store_id, payment_id, order_id)
   select $1, p ->> 'id', $2 from json_array_elements(${state}::text::json -> 'payments') p
    where exists (select from saved)
   on conflict do nothing`;

/** Writes the events of a change: $9 is when, $10 to $12 are their ids, types and payloads. */
export const eventsOfSave = `
   insert into event (store_id, id, type, subject_id, payload, created_at)
   select $1, e.id, e.type, $2, e.payload, $9
     from unnest($10::text[], $11::text[], $12::text[]) as e(id, type, payload)
    where exists (select from saved)`;

/** Once given, a number stays; $13 says whether the order shows itself. */
export const displayId =
  "case when display_id is null and $13::boolean then next_display_id($1) else display_id end";

/** Writes the events of a new order: $22 is when, $23 to $25 are their ids, types and payloads. */
export const eventsOfInsert = `
     insert into event (store_id, id, type, subject_id, payload, created_at)
     select $1, e.id, e.type, $2, e.payload, $22
       from unnest($23::text[], $24::text[], $25::text[]) as e(id, type, payload)
      where exists (select from saved)`;
