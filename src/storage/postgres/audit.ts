import type { AuditPort, StockAudit } from "../../operations/ports/audit.ts";
import { type Database, statement } from "./database.ts";

/** Counts everything again from what was written down. */
export function auditStorage(database: Database): AuditPort {
  return { stock: (storeId) => database.run<StockAudit>(auditStock, [storeId]) };
}

// Movements since the row was last created count; those of a row that was deleted before are history.
const auditStock = statement(
  "audit_stock",
  `with born as (
     select product_id, location, max(seq) as seq from stock_movement
      where store_id = $1 and action = 'create' group by product_id, location),
   logged as (
     select m.product_id, m.location,
            sum(m.total_after - m.total_before) as total,
            sum(m.allocated_after - m.allocated_before) as allocated,
            sum(m.allocated_after - m.allocated_before) filter (where m.order_id is null) as by_hand
       from stock_movement m
       join born b on b.product_id = m.product_id and b.location = m.location and m.seq >= b.seq
      where m.store_id = $1 group by m.product_id, m.location),
   held as (
     select h ->> 'productId' as product_id, h ->> 'location' as location, sum((h ->> 'quantity')::bigint) as quantity
       from orders o cross join json_array_elements(o.stock_held::json) h
      where o.store_id = $1 and o.stock_state = 'allocated' group by 1, 2)
   select s.product_id as "productId", s.location, s.total, s.allocated,
          coalesce(l.total, 0)::bigint as "loggedTotal", coalesce(l.allocated, 0)::bigint as "loggedAllocated",
          coalesce(h.quantity, 0)::bigint as "heldByOrders", coalesce(l.by_hand, 0)::bigint as "allocatedByHand"
     from stock s
     left join logged l on l.product_id = s.product_id and l.location = s.location
     left join held h on h.product_id = s.product_id and h.location = s.location
    where s.store_id = $1
    order by s.product_id, s.location`,
);
