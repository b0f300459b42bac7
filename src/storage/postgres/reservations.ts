import type { Reservation } from "../../domain/inventory/stock-location.ts";
import type { ListedReservation, ReservationPort } from "../../operations/ports/reservations.ts";
import type { Database } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";

type Row = {
  doc: string | null;
  line_id: string | null;
  product_id: string;
  order_id: string;
  place: number;
  quantity: number;
  created_at: string;
  updated_at: string;
};

/** What is held back by hand and by orders. */
export function reservationStorage(database: Database): ReservationPort {
  return {
    async list(storeId, { places, productIds, lineIds }, query) {
      const { rows, total } = await listRows<Row>(database, {
        select: `doc, ${line}, product_id, order_id, place, quantity::int as quantity, created_at, updated_at`,
        from: reservations,
        where: "true",
        values: [
          storeId,
          places.map(({ key }) => key),
          places.map(({ locationId }) => locationId),
          productIds ?? null,
          lineIds ?? null,
        ],
        columns,
        query,
      });
      return { rows: rows.map(read), total };
    },
  };
}

function read(row: Row): ListedReservation {
  if (row.doc !== null) return { kind: "by_hand", reservation: JSON.parse(row.doc) as Reservation };
  const held = {
    lineId: row.line_id ?? "",
    productId: row.product_id,
    orderId: row.order_id,
    place: row.place,
    quantity: row.quantity,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
  return { kind: "held", held };
}

const columns: ListedColumns = {
  product_id: { column: "product_id", type: "text" },
  location_id: { column: "location_id", type: "text" },
  line_id: { column: "line_id", type: "text" },
  quantity: { column: "quantity", type: "integer" },
  description: { column: "description", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
  deleted_at: { column: "(null::timestamptz)", type: "timestamp" },
};

// Whatever an order holds is a reservation of the one line that has the product, and that line is only looked up for the
// rows that are shown: documents are long. Only where it is not as plain as that are they read: of orders with several
// lines of a product or pieces for an edit, and when lines are asked for. There, of each product, the lines' open pieces
// lie one behind the other, and so do the pieces that are held: where two overlap, the line has pieces at that place.
// That is what `heldByLine` does for one order.
const reservations = `(
  with place as (
    select key, location_id, rank::int - 1 as rank
      from unnest($2::text[], $3::text[]) with ordinality as p(key, location_id, rank)),
  holding as materialized (
    select id, created_at, updated_at, stock_held,
           $5::text[] is null and position('"editHold"' in state) = 0 and position('"fulfilledAt"' in state) = 0
           and cardinality(product_ids) = (select count(distinct p) from unnest(product_ids) p) as is_plain
      from orders
     where store_id = $1 and stock_state = 'allocated' and stock_held <> '[]'
       and ($4::text[] is null or product_ids && $4)
       and ($5::text[] is null or exists (select from unnest($5) wanted where position(wanted in doc) > 0)))
  select o.id || '/' || lpad(h.rank::text, 6, '0') as id, o.id as order_id, null as doc, null as line_id,
         h.value ->> 'productId' as product_id, p.location_id, p.rank as place, null as description,
         (h.value ->> 'quantity')::bigint as quantity, o.created_at, o.updated_at
    from holding o cross join json_array_elements(o.stock_held::json) with ordinality as h(value, rank)
    join place p on p.key = h.value ->> 'location'
   where o.is_plain
  union all
  select o.id || '/' || lpad(r.line::text, 6, '0') || '/' || lpad(p.rank::text, 6, '0'), o.id, null, r.line_id,
         r.product_id, p.location_id, p.rank, null, r.quantity, o.created_at, o.updated_at
    from holding o
    join orders whole on whole.store_id = $1 and whole.id = o.id
    cross join lateral (
      select l.rank as line, l.line_id, l.product_id, h.location,
             least(l.upto, h.upto) - greatest(l.upto - l.quantity, h.upto - h.quantity) as quantity
        from (
          select *, sum(quantity) over (partition by product_id order by rank) as upto
            from (
              select v ->> 'id' as line_id, v ->> 'productId' as product_id, rank,
                     greatest(0, (v ->> 'quantity')::bigint - coalesce((
                       select sum((i ->> 'quantity')::bigint)
                         from json_array_elements(whole.state::json -> 'fulfilments') f
                        cross join json_array_elements(f -> 'items') i
                        where f ->> 'cancelledAt' is null and i ->> 'lineId' = v ->> 'id'), 0)) as quantity
                from json_array_elements(whole.doc::json -> 'lines') with ordinality as line(v, rank)
               where whole.state::json ->> 'fulfilledAt' is null) open) l
        join (
          select v ->> 'productId' as product_id, v ->> 'location' as location,
                 (v ->> 'quantity')::bigint as quantity,
                 sum((v ->> 'quantity')::bigint) over (partition by v ->> 'productId' order by rank) as upto
            from json_array_elements(o.stock_held::json) with ordinality as piece(v, rank)) h
          on h.product_id = l.product_id
             and least(l.upto, h.upto) > greatest(l.upto - l.quantity, h.upto - h.quantity)) r
    join place p on p.key = r.location
   where not o.is_plain
  union all
  select id, null, doc, doc::json ->> 'lineItemId', doc::json ->> 'productId', doc::json ->> 'locationId', 0,
         doc::json ->> 'description', (doc::json ->> 'quantity')::bigint, created_at, updated_at
    from record where store_id = $1 and kind = 'reservation') as reservation`;

// The line of the row, looked up where it was not needed before.
const line = `coalesce(line_id, (
  select l ->> 'id' from orders o cross join json_array_elements(o.doc::json -> 'lines') l
   where o.store_id = $1 and o.id = reservation.order_id and l ->> 'productId' = reservation.product_id
   limit 1)) as line_id`;
