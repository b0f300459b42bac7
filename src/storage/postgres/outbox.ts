import { tokenEvents } from "../../domain/webhooks/endpoint.ts";
import type { OutboxPort } from "../../operations/ports/outbox.ts";
import { type Database, statement } from "./database.ts";
import { openSecret } from "./events.ts";
import type { SecretBox } from "./secret-box.ts";

/** Events for those who tell them to others, and how far each of those is. */
export function outboxStorage(database: Database, newId: () => string, box: SecretBox): OutboxPort {
  const begin: OutboxPort["begin"] = async (storeId, consumer, anew) => {
    await database.run(anew ? restartConsumer : insertConsumer, [storeId, consumer]);
  };
  const release = async (storeId: string, consumer: string, token: string): Promise<void> => {
    await database.run(releaseConsumer, [storeId, consumer, token]);
  };
  return {
    begin,
    release,
    async claim(storeId, consumer, { now, leaseMs, limit }) {
      const [found] = await database.run<{ is_due: boolean }>(selectDue, [storeId, consumer, now]);
      if (!found) await begin(storeId, consumer);
      if (!found?.is_due) return undefined;
      const token = newId();
      const until = new Date(Date.parse(now) + leaseMs).toISOString();
      type Place = { seq: number; safe_seq: number; aim_seq: number; aim_tx: string };
      const [place] = await database.run<Place>(leaseConsumer, [storeId, consumer, now, token, until]);
      if (!place) return undefined;
      const { seq, safe_seq, aim_seq, aim_tx } = place;
      const values = [storeId, seq, safe_seq, aim_seq, aim_tx, limit, tokenEvents];
      const rows = await database.run<EventRow>(selectEvents, values);
      if (rows.length === 0) {
        await release(storeId, consumer, token);
        return undefined;
      }
      const events = rows.map(({ subject_id, created_at, secret, payload, ...row }) => ({
        ...row,
        subjectId: subject_id,
        createdAt: created_at,
        payload: { ...JSON.parse(payload), ...openSecret(box, storeId, row.id, secret) },
      }));
      return { events, token };
    },
    async advance(storeId, consumer, token, toSeq) {
      return (await database.run(advanceConsumer, [storeId, consumer, token, toSeq])).length > 0;
    },
  };
}

type EventRow = {
  seq: number;
  id: string;
  type: string;
  subject_id: string;
  sequence: number;
  payload: string;
  secret: string | null;
  created_at: string;
};

const newest = "coalesce((select seq from event where store_id = $1 order by seq desc limit 1), 0)";

const beginning = `
   insert into event_consumer (store_id, consumer, seq, safe_seq, aim_seq, aim_tx)
   select $1, $2, n.seq, n.seq, n.seq, pg_current_xact_id() from (select ${newest} as seq) n`;

const insertConsumer = statement("outbox_begin", `${beginning} on conflict do nothing`);

const restartConsumer = statement(
  "outbox_restart",
  `${beginning}
   on conflict (store_id, consumer) do update
     set seq = excluded.seq, safe_seq = excluded.safe_seq, aim_seq = excluded.aim_seq, aim_tx = excluded.aim_tx,
         token = null, lease_until = null`,
);

// Most of the time nothing has happened, and then nothing is written.
const selectDue = statement(
  "outbox_due",
  `select ${newest} > seq and (lease_until is null or lease_until <= $3) as is_due
     from event_consumer where store_id = $1 and consumer = $2`,
);

// When all transactions before aim_tx are over, whatever was drawn up to aim_seq is there, and the next aim is taken:
// the newest event that anybody sees, and this transaction, whose id is above those of all that have drawn a number
// until now. An aim is kept until it is reached, so that many short transactions never put it off for good. One above
// our own id is of another server, from which this database was restored: nothing of then is under way here.
const isReached = "(pg_snapshot_xmin(pg_current_snapshot()) >= aim_tx or aim_tx > pg_current_xact_id())";

const leaseConsumer = statement(
  "outbox_lease",
  `update event_consumer
      set token = $4, lease_until = $5,
          safe_seq = case when ${isReached} then aim_seq else safe_seq end,
          aim_seq = case when ${isReached} then ${newest} else aim_seq end,
          aim_tx = case when ${isReached} then pg_current_xact_id() else aim_tx end
    where store_id = $1 and consumer = $2 and (lease_until is null or lease_until <= $3)
   returning seq, safe_seq, aim_seq, aim_tx::text`,
);

const selectEvents = statement(
  "outbox_select",
  `select e.seq, e.id, e.type, e.subject_id, e.payload, e.secret, e.created_at,
          (select count(*) from event o
            where o.store_id = $1 and o.subject_id = e.subject_id and o.seq <= e.seq and o.type <> all($7::text[])) as sequence
     from event e
    where e.store_id = $1 and e.seq > $2
      and e.seq <= case when pg_snapshot_xmin(pg_current_snapshot()) >= $5::xid8 then $4::bigint else $3::bigint end
    order by e.seq limit $6`,
);

const advanceConsumer = statement(
  "outbox_advance",
  `update event_consumer set seq = $4, token = null, lease_until = null
    where store_id = $1 and consumer = $2 and token = $3 and seq <= $4
   returning seq`,
);

const releaseConsumer = statement(
  "outbox_release",
  `update event_consumer set token = null, lease_until = null
    where store_id = $1 and consumer = $2 and token = $3`,
);
