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
const displayId =
  "case when display_id is null and $13::boolean then next_display_id($1) else display_id end";

/** Writes the events of a new order: $22 is when, $23 to $25 are their ids, types and payloads. */
export const eventsOfInsert = `
     insert into event (store_id, id, type, subject_id, payload, created_at)
     select $1, e.id, e.type, $2, e.payload, $22
       from unnest($23::text[], $24::text[], $25::text[]) as e(id, type, payload)
      where exists (select from saved)`;

/** What every save writes of an order; $3 is the version that it was read in, $14 what its stock is afterwards. */
export const savedColumns = `version = version + 1, status = $4, payment = $5, shipping = $6, state = $7,
       pending_since = $8, updated_at = $9, display_id = ${displayId}, stock_state = $14`;

/** What every insert writes of an order, in the order of its parameters. */
export const insertedColumns = `store_id, id, version, status, payment, shipping, currency, with_tax, without_tax, customer_id,
       account_id, account_member_id, name, email, order_number, external_ref, billing_postcode, shipping_postcode,
       product_ids, product_skus, doc, state, stock_state, stock_held, created_at, updated_at, region_cart_id,
       display_id, progress, region_id, sales_channel_id`;
