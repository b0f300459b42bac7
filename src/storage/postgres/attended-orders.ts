import type { OrderAttention, OrderPort } from "../../operations/ports/orders.ts";
import { type Database, statement } from "./database.ts";

/** The orders that somebody must come back to, because they wait: for a gateway, for goods, for a decision. */
type AttendedOrders = Pick<
  OrderPort,
  "pendingGateways" | "listPending" | "countPending" | "listWaiting" | "listExpiring" | "countAttention"
>;

/** Finds and counts {@link AttendedOrders}, by columns that hold what an order waits for. */
export function attendedOrders(database: Database): AttendedOrders {
  return {
    async pendingGateways(storeId, before) {
      const rows = await database.run<{ gateway: string }>(selectPendingGateways, [storeId, before]);
      return rows.map(({ gateway }) => gateway);
    },
    listPending(storeId, gateway, before, limit, after) {
      const from = after ?? { since: "-infinity", orderId: "" };
      return database.run(selectPending, [storeId, before, limit, from.since, from.orderId, gateway]);
    },
    async countPending(storeId) {
      type Row = { orders: number; since: string | null };
      const [row] = await database.run<Row>(countPending, [storeId]);
      return { orders: row?.orders ?? 0, ...(row?.since && { since: row.since }) };
    },
    listWaiting(storeId, what, limit, after) {
      const from = after ?? { since: "-infinity", orderId: "" };
      return database.run(selectWaiting, [storeId, what, limit, from.since, from.orderId]);
    },
    listExpiring(storeId, before, limit, after) {
      const from = after ?? { since: "-infinity", orderId: "" };
      return database.run(selectExpiring, [storeId, before, limit, from.since, from.orderId]);
    },
    async countAttention(storeId, soon, asked) {
      const [row] = await database.run<OrderAttention>(countAttention, [storeId, soon, asked]);
      return row ?? { backordered: 0, held: 0, expiring: 0, unanswered: 0 };
    },
  };
}

// As json, not jsonb: that refuses a whole document for one \u0000 in a text of it.
const selectPendingGateways = statement(
  "order_select_pending_gateways",
  `select distinct p ->> 'gateway' as gateway
     from orders, json_array_elements(state::json -> 'payments') p, json_array_elements(p -> 'operations') o
    where store_id = $1 and pending_since < $2 and o ->> 'status' = 'pending'`,
);

const selectPending = statement(
  "order_select_pending",
  `select id as "orderId", pending_since as since from orders
    where store_id = $1 and pending_since < $2 and (pending_since, id) > ($4::timestamptz, $5::text)
      and exists (
        select from json_array_elements(state::json -> 'payments') p, json_array_elements(p -> 'operations') o
         where p ->> 'gateway' = $6 and o ->> 'status' = 'pending')
    order by pending_since, id limit $3`,
);

const countPending = statement(
  "order_count_pending",
  `select count(*)::int as orders, min(pending_since) as since from orders
    where store_id = $1 and pending_since is not null`,
);

const selectWaiting = statement(
  "order_select_waiting",
  `select id as "orderId", created_at as since from orders
    where store_id = $1 and waits_for = $2 and (created_at, id) > ($4::timestamptz, $5::text)
    order by created_at, id limit $3`,
);

const selectExpiring = statement(
  "order_select_expiring",
  `select id as "orderId", authorized_until as since from orders
    where store_id = $1 and authorized_until < $2 and (authorized_until, id) > ($4::timestamptz, $5::text)
    order by authorized_until, id limit $3`,
);

const countAttention = statement(
  "order_count_attention",
  `select (select count(*)::int from orders where store_id = $1 and waits_for = 'backordered') as backordered,
          (select count(*)::int from orders where store_id = $1 and waits_for = 'held') as held,
          (select count(*)::int from orders where store_id = $1 and authorized_until < $2) as expiring,
          (select count(*)::int from orders
            where store_id = $1 and waits_for = 'fulfilment' and updated_at < $3) as unanswered`,
);
