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
  account_id: string | null;
  customer_email: string;
  anonymized: boolean;
  updated_by: string | null;
  used_at: string;
  updated_at: string;
};

/**
 * What orders used of codes, of standard and of rule promotions alike. A code without a limit is not counted, only
 * noted.
 */
export function promotionUseStorage(database: Database): PromotionUsePort {
  return {
    async hold(storeId, hold) {
      const first = await tryHold(database, storeId, hold);
      if (!first) return ok("held");
      // What is counted for each shopper is a row, and a row that is not there cannot be waited for.
      if (first.type === "code_used_up_by_shopper")
        await database.run(insertShoppers, shopperRows(storeId, hold));
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
    giveBackExpired: (storeId, before, limit) =>
      database.transaction(async (transaction) => {
        const orders = await transaction.run<{ id: string }>(lockExpired, [storeId, before, limit]);
        for (const { id } of orders) await transaction.run(giveBackUses, [storeId, id]);
        return orders.length;
      }),
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
    async anonymizeOrders(storeId, orderIds, by) {
      await database.run(anonymizeUsesOfOrders, [storeId, orderIds, by.now, by.actor]);
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
  const { orderId, customerId = null, accountId = null, customerEmail, shoppers = [], now, uses } = hold;
  if (uses.length === 0) return undefined;
  type Refused = {
    code: string;
    promotion_id: string;
    required: number;
    uses_left: number | null;
    by_shopper: boolean;
  };
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
    accountId,
    shoppers,
  ]);
  if (!refused) return undefined;
  const { code, promotion_id: promotionId, required, uses_left: left } = refused;
  if (refused.by_shopper) return { type: "code_used_up_by_shopper", code };
  return left === null
    ? { type: "code_gone", code, promotionId }
    : { type: "code_used_up", code, required, left };
}

function shopperRows(storeId: string, { uses, shoppers = [] }: HoldUses): readonly unknown[] {
  return [storeId, uses.map(({ promotionId }) => promotionId), uses.map(({ code }) => code), shoppers];
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
    ...(row.account_id !== null && { accountId: row.account_id }),
    customerEmail: row.customer_email,
    anonymized: row.anonymized,
    ...(row.updated_by !== null && { updatedBy: row.updated_by }),
    usedAt: row.used_at,
    updatedAt: row.updated_at,
  };
}

const useColumns = `id, order_id, promotion_id, code_id, coalesce(label, code) as code, times, state, customer_id,
  account_id, customer_email, anonymized, updated_by, used_at, updated_at`;

const useListColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  code: { column: "coalesce(label, code)", type: "text" },
  order_id: { column: "order_id", type: "text" },
  customer_id: { column: "customer_id", type: "text" },
  account_id: { column: "account_id", type: "text" },
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
//
// A limit for each shopper is counted in rows of its own, locked after those of the codes (to count these first makes
// it so). A shopper who has no row yet is refused, and gets one for the next try.
const holdUses = statement(
  "promotion_uses_hold",
  `with wanted as materialized (
     select w.* from unnest($6::text[], $7::text[], $8::text[], $9::bigint[]) as w(id, promotion_id, code, times)
      where not exists (select from promotion_use u
             where u.store_id = $1 and u.order_id = $2 and u.promotion_id = w.promotion_id and u.code = w.code)),
   known as materialized (
     select c.id as code_id, c.promotion_id, c.code, c.label, c.max_uses is not null as limited,
            case when c.for_new_shopper then 1 else c.max_per_shopper end as max_per_shopper
       from promotion_code c join wanted w on w.promotion_id = c.promotion_id and w.code = c.code
      where c.store_id = $1),
   locked as materialized (
     select c.promotion_id, c.code, c.used, c.held, c.max_uses - c.used - c.held as uses_left
       from promotion_code c join wanted w on w.promotion_id = c.promotion_id and w.code = c.code
      where c.store_id = $1 and c.max_uses is not null
      order by c.promotion_id, c.code for update of c),
   shoppers as materialized (
     select s.code_id, s.shopper, s.uses
       from promotion_code_shopper s join known k on k.code_id = s.code_id
      where s.store_id = $1 and k.max_per_shopper is not null and s.shopper = any($11::text[])
        and (select count(*) from locked) >= 0
      order by s.code_id, s.shopper for update of s),
   refused as materialized (
     select w.promotion_id, w.code, w.times as required, l.uses_left,
            k.code is not null and (not k.limited or l.uses_left >= w.times) as by_shopper
       from wanted w
       left join known k on k.promotion_id = w.promotion_id and k.code = w.code
       left join locked l on l.promotion_id = w.promotion_id and l.code = w.code
      where k.code is null or (k.limited and (l.uses_left is null or l.uses_left < w.times))
         or (k.max_per_shopper is not null and (
              select count(*) = 0 or count(*) < cardinality($11::text[]) or max(s.uses) + w.times > k.max_per_shopper
                from shoppers s where s.code_id = k.code_id))),
   added as (
     insert into promotion_use (store_id, order_id, code, id, promotion_id, code_id, label, times, state, customer_id,
       account_id, customer_email, shoppers, used_at, updated_at)
     select $1, $2, w.code, w.id, w.promotion_id, k.code_id, k.label, w.times, 'held', $3, $10, $4,
            case when k.max_per_shopper is null then '{}' else $11::text[] end, $5::timestamptz, $5::timestamptz
       from wanted w join known k on k.promotion_id = w.promotion_id and k.code = w.code
      where not exists (select from refused)
      order by w.promotion_id, w.code
     on conflict (store_id, order_id, promotion_id, code) do nothing
     returning promotion_id, code, code_id, shoppers, times),
   counted as (
     update promotion_code c set used = l.used, held = l.held + a.times
       from added a join locked l on l.promotion_id = a.promotion_id and l.code = a.code
      where c.store_id = $1 and c.promotion_id = a.promotion_id and c.code = a.code),
   counted_by_shopper as (
     update promotion_code_shopper s set uses = l.uses + a.times
       from added a join shoppers l on l.code_id = a.code_id and l.shopper = any(a.shoppers)
      where s.store_id = $1 and s.code_id = l.code_id and s.shopper = l.shopper)
   select promotion_id, code, required, uses_left, by_shopper from refused order by code, promotion_id limit 1`,
);

const insertShoppers = statement(
  "promotion_uses_insert_shoppers",
  `insert into promotion_code_shopper (store_id, code_id, shopper, uses)
   select $1, c.id, s.shopper, 0
     from unnest($2::text[], $3::text[]) as w(promotion_id, code)
     join promotion_code c on c.store_id = $1 and c.promotion_id = w.promotion_id and c.code = w.code
    cross join unnest($4::text[]) as s(shopper)
    where c.max_per_shopper is not null or c.for_new_shopper
    order by c.id, s.shopper
   on conflict do nothing`,
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
      where store_id = $1 and order_id = $2 and state = 'held' order by promotion_id, code for update),
   locked as materialized (${lockedCodes("uses")}),
   settled as (
     update promotion_use u set state = 'final', updated_at = $3 from uses
      where u.store_id = $1 and u.order_id = $2 and u.promotion_id = uses.promotion_id and u.code = uses.code
        and u.state = 'held'
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
     select code, promotion_id, code_id, shoppers from promotion_use
      where store_id = $1 and order_id = $2 order by promotion_id, code for update),
   locked as materialized (${lockedCodes("uses")}),
   shoppers as materialized (
     select s.code_id, s.shopper, s.uses
       from promotion_code_shopper s join uses u on u.code_id = s.code_id and s.shopper = any(u.shoppers)
      where s.store_id = $1 and (select count(*) from locked) >= 0
      order by s.code_id, s.shopper for update of s),
   gone as (
     delete from promotion_use u using uses
      where u.store_id = $1 and u.order_id = $2 and u.promotion_id = uses.promotion_id and u.code = uses.code
     returning u.promotion_id, u.code, u.code_id, u.shoppers, u.times, u.state),
   counted as (
     update promotion_code c
        set used = l.used - case g.state when 'final' then g.times else 0 end,
            held = l.held - case g.state when 'held' then g.times else 0 end
       from gone g join locked l on l.promotion_id = g.promotion_id and l.code = g.code
      where c.store_id = $1 and c.promotion_id = g.promotion_id and c.code = g.code),
   counted_by_shopper as (
     update promotion_code_shopper s set uses = l.uses - g.times
       from gone g join shoppers l on l.code_id = g.code_id and l.shopper = any(g.shoppers)
      where s.store_id = $1 and s.code_id = l.code_id and s.shopper = l.shopper)
   select code from gone`,
);

// The order is locked as its saves lock it: whoever pays for it now holds its codes anew after us, or is waited for.
const lockExpired = statement(
  "promotion_uses_lock_expired",
  `select o.id from orders o
    where o.store_id = $1 and o.pending_since is null
      and o.id in (select u.order_id from promotion_use u
                    where u.store_id = $1 and u.state = 'held' and u.used_at < $2 order by u.used_at limit $3)
    order by o.id for update skip locked`,
);

const anonymizeUsesOfOrders = statement(
  "promotion_uses_anonymize_orders",
  `update promotion_use set customer_email = '**', anonymized = true, updated_by = $4, updated_at = $3
    where store_id = $1 and order_id = any($2::text[])`,
);

const anonymizeUses = statement(
  "promotion_uses_anonymize",
  `update promotion_use set customer_email = '**', anonymized = true, updated_by = $4, updated_at = $3
    where store_id = $1 and id = any($2::text[])
   returning ${useColumns}`,
);
