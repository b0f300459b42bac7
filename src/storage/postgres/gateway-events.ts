import type { GatewayEventPort, OpenEvents } from "../../operations/ports/gateway-events.ts";
import { type Database, statement } from "./database.ts";

/** What gateways told, each event once however often it came. */
export function gatewayEventStorage(database: Database): GatewayEventPort {
  return {
    async add(storeId, gateway, events, now) {
      if (events.length === 0) return 0;
      const rows = await database.run(insertEvents, [
        storeId,
        gateway,
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ reference }) => reference),
        events.map(({ orderId }) => orderId ?? null),
        events.map(({ operationId }) => operationId ?? null),
        events.map(({ occurredAt }) => occurredAt),
        now,
      ]);
      return rows.length;
    },
    async openGateways(storeId) {
      const rows = await database.run<{ gateway: string }>(selectOpenGateways, [storeId]);
      return rows.map(({ gateway }) => gateway);
    },
    async open(storeId, gateway, limit, after) {
      type Row = {
        reference: string;
        id: string;
        order_id: string | null;
        operation_id: string | null;
        received_at: string;
      };
      const from = after ?? { receivedAt: "-infinity", id: "" };
      const rows = await database.run<Row>(selectOpen, [storeId, gateway, limit, from.receivedAt, from.id]);
      const byPayment = new Map<string, OpenEvents>();
      for (const { reference, id, order_id, operation_id, received_at } of rows) {
        const event = {
          id,
          ...(order_id !== null && { orderId: order_id }),
          ...(operation_id !== null && { operationId: operation_id }),
        };
        const events = [...(byPayment.get(reference)?.events ?? []), event];
        byPayment.set(reference, { reference, events, newest: received_at });
      }
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return {
        payments: [...byPayment.values()],
        ...(last && { next: { receivedAt: last.received_at, id: last.id } }),
      };
    },
    async ofPayment(storeId, gateway, paymentId) {
      type Row = {
        id: string;
        type: string;
        reference: string;
        occurred_at: string;
        order_id: string | null;
        operation_id: string | null;
      };
      const rows = await database.run<Row>(selectOfPayment, [storeId, gateway, paymentId]);
      return rows.map(({ id, type, reference, occurred_at, order_id, operation_id }) => ({
        id,
        type,
        reference,
        occurredAt: occurred_at,
        ...(order_id !== null && { orderId: order_id }),
        ...(operation_id !== null && { operationId: operation_id }),
      }));
    },
    async close(storeId, gateway, ids, outcome, now) {
      await database.run(closeEvents, [storeId, gateway, ids, outcome, now]);
    },
    async noteStuck(storeId, gateway, ids) {
      await database.run(noteStuck, [storeId, gateway, ids]);
    },
    async countStuck(storeId) {
      const [row] = await database.run<{ count: number }>(countStuck, [storeId]);
      return row?.count ?? 0;
    },
    async askedUntil(storeId, gateway) {
      const [row] = await database.run<{ asked_until: string }>(selectAsked, [storeId, gateway]);
      return row?.asked_until;
    },
    async setAskedUntil(storeId, gateway, moment) {
      await database.run(upsertAsked, [storeId, gateway, moment]);
    },
    async deleteOlderThan(storeId, before, limit) {
      return (await database.run(deleteOld, [storeId, before, limit])).length;
    },
  };
}

const insertEvents = statement(
  "gateway_event_insert",
  `insert into gateway_event
     (store_id, gateway, id, type, reference, order_id, operation_id, occurred_at, received_at)
   select $1, $2, e.id, e.type, e.reference, e.order_id, e.operation_id, e.occurred_at, $9
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
       as e(id, type, reference, order_id, operation_id, occurred_at)
   on conflict do nothing
   returning id`,
);

const selectOpenGateways = statement(
  "gateway_event_select_open_gateways",
  "select distinct gateway from gateway_event where store_id = $1 and processed_at is null",
);

const selectOpen = statement(
  "gateway_event_select_open",
  `select reference, id, order_id, operation_id, received_at from gateway_event
    where store_id = $1 and gateway = $2 and processed_at is null
      and received_at >= $4::timestamptz and (received_at, id) > ($4::timestamptz, $5::text)
    order by received_at, id limit $3`,
);

// The ids of one payment's events lie between `payment:` and `payment;` in the primary key.
const selectOfPayment = statement(
  "gateway_event_select_payment",
  `select id, type, reference, occurred_at, order_id, operation_id from gateway_event
    where store_id = $1 and gateway = $2 and id > $3 || ':' and id < $3 || ';' order by received_at, id`,
);

const closeEvents = statement(
  "gateway_event_close",
  `update gateway_event set outcome = $4, processed_at = $5
    where store_id = $1 and gateway = $2 and id = any($3::text[]) and processed_at is null`,
);

const noteStuck = statement(
  "gateway_event_note_stuck",
  `update gateway_event set outcome = 'stuck'
    where store_id = $1 and gateway = $2 and id = any($3::text[]) and processed_at is null
      and outcome is distinct from 'stuck'`,
);

const countStuck = statement(
  "gateway_event_count_stuck",
  `select count(distinct (gateway, reference))::int as count from gateway_event
    where store_id = $1 and processed_at is null and outcome = 'stuck'`,
);

const selectAsked = statement(
  "gateway_question_select",
  "select asked_until from gateway_question where store_id = $1 and gateway = $2",
);

const upsertAsked = statement(
  "gateway_question_upsert",
  `insert into gateway_question (store_id, gateway, asked_until) values ($1, $2, $3)
   on conflict (store_id, gateway) do update
     set asked_until = greatest(gateway_question.asked_until, excluded.asked_until)`,
);

const deleteOld = statement(
  "gateway_event_delete_old",
  `delete from gateway_event where (store_id, gateway, id) in (
     select store_id, gateway, id from gateway_event
      where store_id = $1 and received_at < $2 order by received_at limit $3)
   returning id`,
);
