import { fail, ok } from "../../domain/result.ts";
import type { CodeUse, HoldRefusal, HoldUses, PromotionUsePort } from "../../operations/ports/promotions.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";

type UseRow = {
  id: string;
  order_id: string;
  promotion_id: string;
  code_id: string;
  code: string;
  times: number;
  state: CodeUse["state"];
  customer_id: string | null;
  customer_email: string;
  anonymized: boolean;
  updated_by: string | null;
  used_at: string;
  updated_at: string;
};

/** What orders used of codes. A code without a limit is not counted, only noted. */
export function promotionUseStorage(database: Database): PromotionUsePort {
  return {
    async hold(storeId, hold) {
      const first = await tryHold(database, storeId, hold);
      if (!first) return ok("held");
      // The same order may have got its hold while this one waited; a new look tells.
      const second = await tryHold(database, storeId, hold);
      return second ? fail(second) : ok("held");
    },
    async settle(storeId, orderId, now) {
      return (await database.run(settleUses, [storeId, orderId, now])).length;
    },
    async giveBack(storeId, orderId) {
      return (await database.run(giveBackUses, [storeId, orderId])).length;
    },
    async list(storeId, of, query) {
      const { promotionId, code } = of;
      const { rows, total } = await listRows<UseRow>(database, {
        select: useColumns,
        from: "promotion_use",
        where: `store_id = $1 and promotion_id = $2${code === undefined ? "" : " and code = $3"}`,
        values: code === undefined ? [storeId, promotionId] : [storeId, promotionId, code],
        columns: useListColumns,
        query,
      });
      return { rows: rows.map(useOf), total };
    },
    async anonymize(storeId, useIds, by) {
      const rows = await database.run<UseRow>(anonymizeUses, [storeId, useIds, by.now, by.actor]);
      return rows.map(useOf);
    },
  };
}

async function tryHold(
  database: Database,
  storeId: string,
  hold: HoldUses,
): Promise<HoldRefusal | undefined> {
  const { orderId, customerId = null, customerEmail, now, uses } = hold;
  if (uses.length === 0) return undefined;
  type Refused = { code: string; required: number; uses_left: number | null };
  const [refused] = await database.run<Refused>(holdUses, [
    storeId,
    orderId,
    customerId,
    customerEmail,
    now,
    uses.map(({ id }) => id),
    uses.map(({ promotionId }) => promotionId),
    uses.map(({ code }) => code),
    uses.map(({ times }) => times),
  ]);
  if (!refused) return undefined;
  const { code, required, uses_left: left } = refused;
  return left === null ? { type: "code_gone", code } : { type: "code_used_up", code, required, left };
}

function useOf(row: UseRow): CodeUse {
  return {
    id: row.id,
    orderId: row.order_id,
    promotionId: row.promotion_id,
    codeId: row.code_id,
    code: row.code,
    times: row.times,
    state: row.state,
    ...(row.customer_id !== null && { customerId: row.customer_id }),
    customerEmail: row.customer_email,
    anonymized: row.anonymized,
    ...(row.updated_by !== null && { updatedBy: row.updated_by }),
    usedAt: row.used_at,
    updatedAt: row.updated_at,
  };
}

const useColumns = `id, order_id, promotion_id, code_id, code, times, state, customer_id, customer_email, anonymized,
  updated_by, used_at, updated_at`;

const useListColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  code: { column: "code", type: "text" },
  order_id: { column: "order_id", type: "text" },
  customer_id: { column: "customer_id", type: "text" },
  customer_email: { column: "customer_email", type: "text" },
  used_on: { column: "used_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

// The rows with a limit are locked first, in everybody's order; a lock that was waited for shows the newest counts.
// Whether it suffices is decided from these, for all codes at once. The rows that were new are what is counted, so a
// hold that two make for the same order at once is counted once. Answers what stands in the way, or nothing.
//
// New counts are made of those read under the lock, never of the row that is updated: PostgreSQL checks constraints on
// what the statement's snapshot makes of that row before it finds out that there is a newer one.
const holdUses = statement(
  "promotion_uses_hold",
  `with wanted as materialized (
     select w.* from unnest($6::text[], $7::text[], $8::text[], $9::bigint[]) as w(id, promotion_id, code, times)
      where not exists (select from promotion_use u where u.store_id = $1 and u.order_id = $2 and u.code = w.code)),
   known as materialized (
     select c.id as code_id, c.promotion_id, c.code, c.max_uses is not null as limited
       from promotion_code c join wanted w on w.promotion_id = c.promotion_id and w.code = c.code
      where c.store_id = $1),
   locked as materialized (
     select c.promotion_id, c.code, c.used, c.held, c.max_uses - c.used - c.held as uses_left
       from promotion_code c join wanted w on w.promotion_id = c.promotion_id and w.code = c.code
      where c.store_id = $1 and c.max_uses is not null
      order by c.promotion_id, c.code for update of c),
   refused as materialized (
     select w.code, w.times as required, l.uses_left
       from wanted w
       left join known k on k.promotion_id = w.promotion_id and k.code = w.code
       left join locked l on l.promotion_id = w.promotion_id and l.code = w.code
      where k.code is null or (k.limited and (l.uses_left is null or l.uses_left < w.times))),
   added as (
     insert into promotion_use (store_id, order_id, code, id, promotion_id, code_id, times, state, customer_id,
       customer_email, used_at, updated_at)
     select $1, $2, w.code, w.id, w.promotion_id, k.code_id, w.times, 'held', $3, $4, $5::timestamptz, $5::timestamptz
       from wanted w join known k on k.promotion_id = w.promotion_id and k.code = w.code
      where not exists (select from refused)
      order by w.code
     on conflict (store_id, order_id, code) do nothing
     returning promotion_id, code, times),
   counted as (
     update promotion_code c set used = l.used, held = l.held + a.times
       from added a join locked l on l.promotion_id = a.promotion_id and l.code = a.code
      where c.store_id = $1 and c.promotion_id = a.promotion_id and c.code = a.code)
   select code, required, uses_left from refused order by code limit 1`,
);

// A use knows its code by id too: a code that was deleted and made anew owes nothing to old uses.
const lockedCodes = (uses: string) => `
     select c.promotion_id, c.code, c.used, c.held
       from promotion_code c join ${uses} u on u.promotion_id = c.promotion_id and u.code = c.code and u.code_id = c.id
      where c.store_id = $1 and c.max_uses is not null
      order by c.promotion_id, c.code for update of c`;

const settleUses = statement(
  "promotion_uses_settle",
  `with uses as materialized (
     select code, promotion_id, code_id from promotion_use
      where store_id = $1 and order_id = $2 and state = 'held' order by code for update),
   locked as materialized (${lockedCodes("uses")}),
   settled as (
     update promotion_use u set state = 'final', updated_at = $3 from uses
      where u.store_id = $1 and u.order_id = $2 and u.code = uses.code and u.state = 'held'
     returning u.promotion_id, u.code, u.times),
   counted as (
     update promotion_code c set used = l.used + s.times, held = l.held - s.times
       from settled s join locked l on l.promotion_id = s.promotion_id and l.code = s.code
      where c.store_id = $1 and c.promotion_id = s.promotion_id and c.code = s.code)
   select code from settled`,
);

const giveBackUses = statement(
  "promotion_uses_give_back",
  `with uses as materialized (
     select code, promotion_id, code_id from promotion_use
      where store_id = $1 and order_id = $2 order by code for update),
   locked as materialized (${lockedCodes("uses")}),
   gone as (
     delete from promotion_use u using uses
      where u.store_id = $1 and u.order_id = $2 and u.code = uses.code
     returning u.promotion_id, u.code, u.times, u.state),
   counted as (
     update promotion_code c
        set used = l.used - case g.state when 'final' then g.times else 0 end,
            held = l.held - case g.state when 'held' then g.times else 0 end
       from gone g join locked l on l.promotion_id = g.promotion_id and l.code = g.code
      where c.store_id = $1 and c.promotion_id = g.promotion_id and c.code = g.code)
   select code from gone`,
);

const anonymizeUses = statement(
  "promotion_uses_anonymize",
  `update promotion_use set customer_email = '**', anonymized = true, updated_by = $4, updated_at = $3
    where store_id = $1 and id = any($2::text[])
   returning ${useColumns}`,
);
