import type { MailKind } from "../../mail/mail-kinds.ts";
import type { MailPort, MailStatus, NotedMail } from "../../operations/ports/mails.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import type { SecretBox } from "./secret-box.ts";

/** Mails as rows. */
export function mailStorage(database: Database, box: SecretBox): MailPort {
  return {
    async add(storeId, mails) {
      if (mails.length === 0) return;
      await database.run(insertMails, [
        storeId,
        mails.map(({ id }) => id),
        mails.map(({ kind }) => kind),
        mails.map(({ about }) => about),
        mails.map(({ eventId }) => eventId),
        mails.map(({ subjectId }) => subjectId),
        mails.map(({ id, payload }) => box.seal(JSON.stringify(payload), placeOf(storeId, id))),
        mails.map(({ dueAt }) => dueAt),
        mails.map(({ expiresAt }) => expiresAt),
        mails.map(({ createdAt }) => createdAt),
      ]);
    },
    due: (storeId, now, limit) => database.run(selectDue, [storeId, now, limit]),
    async claim(storeId, { id, attempts }, now, until) {
      const [row] = await database.run<Row>(claimMail, [storeId, id, attempts, now, until]);
      if (!row) return undefined;
      const text = row.payload === null ? undefined : box.open(row.payload, placeOf(storeId, id));
      const { status: _, updatedAt: _updated, canRetry: _can, ...mail } = read(row);
      return { ...mail, dueAt: until, payload: text === undefined ? {} : JSON.parse(text) };
    },
    async settle(storeId, { id, attempts }, settlement, now) {
      await database.run(settleMail, [
        storeId,
        id,
        // The claim has counted itself.
        attempts + 1,
        settlement.status,
        settlement.status === "waiting" ? settlement.dueAt : null,
        settlement.recipient ?? null,
        settlement.reason ?? null,
        now,
        settlement.status === "waiting" || (settlement.status === "failed" && settlement.canRetry),
      ]);
    },
    async retry(storeId, id, now, expiresAt) {
      return (await database.run(retryMail, [storeId, id, now, expiresAt])).length === 1;
    },
    async load(storeId, id) {
      const [row] = await database.run<Row>(selectMail, [storeId, id]);
      return row && read(row);
    },
    async list(storeId, query) {
      const { rows, total } = await listRows<Row>(database, {
        select: columns,
        from: "mail",
        where: "store_id = $1",
        values: [storeId],
        columns: mailColumns,
        query,
      });
      return { rows: rows.map(read), total };
    },
    async count(storeId) {
      type Counts = { pending: number; failed: number; oldest: string | null };
      const [row] = await database.run<Counts>(countMails, [storeId]);
      const { pending = 0, failed = 0, oldest = null } = row ?? {};
      return { pending, failed, ...(oldest !== null && { oldestPending: oldest }) };
    },
    async deleteOlderThan(storeId, before, limit) {
      return (await database.run(deleteOld, [storeId, before, limit])).length;
    },
  };
}

/** What mails may be listed by. */
export const mailColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  kind: { column: "kind", type: "text" },
  status: { column: "status", type: "text" },
  subject_id: { column: "subject_id", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

type Row = {
  id: string;
  kind: string;
  about: string;
  event_id: string;
  subject_id: string;
  payload: string | null;
  status: string;
  attempts: number;
  due_at: string | null;
  expires_at: string;
  recipient: string | null;
  reason: string | null;
  created_at: string;
  updated_at: string;
};

function read(row: Row): NotedMail {
  return {
    id: row.id,
    kind: row.kind as MailKind,
    about: row.about,
    eventId: row.event_id,
    subjectId: row.subject_id,
    status: row.status as MailStatus,
    canRetry: row.status === "failed" && row.payload !== null,
    attempts: row.attempts,
    ...(row.due_at !== null && { dueAt: row.due_at }),
    expiresAt: row.expires_at,
    ...(row.recipient !== null && { recipient: row.recipient }),
    ...(row.reason !== null && { reason: row.reason }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const placeOf = (storeId: string, id: string): string => `mail ${storeId} ${id}`;

const columns =
  "id, kind, about, event_id, subject_id, payload, status, attempts, due_at, expires_at, recipient, reason, " +
  "created_at, updated_at";

const insertMails = statement(
  "mail_insert",
  `insert into mail (store_id, id, kind, about, event_id, subject_id, payload, status, due_at, expires_at, created_at,
     updated_at)
   select $1, m.id, m.kind, m.about, m.event_id, m.subject_id, m.payload, 'waiting', m.due_at, m.expires_at,
       m.created_at, m.created_at
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
         $9::timestamptz[], $10::timestamptz[])
       as m(id, kind, about, event_id, subject_id, payload, due_at, expires_at, created_at)
   on conflict (store_id, kind, about) do nothing`,
);

const selectDue = statement(
  "mail_due",
  "select id, attempts from mail where store_id = $1 and due_at <= $2 order by due_at, id limit $3",
);

const claimMail = statement(
  "mail_claim",
  `update mail set status = 'sending', attempts = attempts + 1, due_at = $5, updated_at = $4
    where store_id = $1 and id = $2 and attempts = $3 and due_at <= $4
    returning id, kind, about, event_id, subject_id, payload, status, $3::integer as attempts, due_at, expires_at,
      recipient, reason, created_at, updated_at`,
);

const settleMail = statement(
  "mail_settle",
  `update mail set status = $4, due_at = $5, recipient = coalesce($6, recipient), reason = $7, updated_at = $8,
      payload = case when $9::boolean then payload end
    where store_id = $1 and id = $2 and attempts = $3 and status = 'sending'`,
);

const retryMail = statement(
  "mail_retry",
  `update mail set status = 'waiting', due_at = $3, expires_at = $4, updated_at = $3
    where store_id = $1 and id = $2 and status = 'failed' and payload is not null
    returning id`,
);

const selectMail = statement("mail_select", `select ${columns} from mail where store_id = $1 and id = $2`);

const countMails = statement(
  "mail_count",
  `select count(*)::int as pending, min(created_at) as oldest,
     (select count(*)::int from mail where store_id = $1 and status = 'failed') as failed
     from mail where store_id = $1 and due_at is not null`,
);

const deleteOld = statement(
  "mail_delete_old",
  `delete from mail where (store_id, id) in (
     select store_id, id from mail
      where store_id = $1 and created_at < $2 and due_at is null order by created_at limit $3)
   returning id`,
);
