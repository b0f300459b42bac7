import type { DiscountPort } from "../../operations/ports/discounts.ts";
import { type Database, statement } from "./database.ts";

/** What orders use of discounts: held while they are paid for, final afterwards. */
export function discountUseStorage(database: Database): Pick<DiscountPort, "hold" | "settle" | "giveBack"> {
  return {
    async hold(storeId, { orderId, discountIds, now }) {
      if (discountIds.length === 0) return { kind: "held" };
      const values = [storeId, orderId, discountIds, now];
      const [refused] = await database.run<{ id: string }>(holdUses, values);
      return refused ? { kind: "used_up", discountId: refused.id } : { kind: "held" };
    },
    async settle(storeId, orderId, now) {
      await database.run(settleUses, [storeId, orderId, now]);
    },
    async giveBack(storeId, orderId) {
      await database.run(giveBackUses, [storeId, orderId]);
    },
  };
}

// Discounts with a limit are locked first, in everybody's order; a lock that was waited for shows the newest counts,
// and new counts are made of those read under it. A discount that is gone has no limit: its price stands.
const holdUses = statement(
  "discount_uses_hold",
  `with wanted as materialized (
     select distinct w.id from unnest($3::text[]) as w(id)
      where not exists (select from discount_use u
             where u.store_id = $1 and u.order_id = $2 and u.discount_id = w.id)),
   locked as materialized (
     select d.id, d.usage_limit, d.used, d.held
       from discount d join wanted w on w.id = d.id
      where d.store_id = $1 and d.usage_limit is not null
      order by d.id for update of d),
   refused as materialized (
     select id from locked where used + held >= usage_limit),
   added as (
     insert into discount_use (store_id, order_id, discount_id, state, counted, used_at, updated_at)
     select $1, $2, w.id, 'held', l.id is not null, $4::timestamptz, $4::timestamptz
       from wanted w
       join discount d on d.store_id = $1 and d.id = w.id
       left join locked l on l.id = w.id
      where not exists (select from refused)
      order by w.id
     on conflict (store_id, order_id, discount_id) do nothing
     returning discount_id, counted),
   counted as (
     update discount d set used = l.used, held = l.held + 1
       from added a join locked l on l.id = a.discount_id
      where d.store_id = $1 and d.id = l.id and a.counted)
   select id from refused order by id limit 1`,
);

const lockedDiscounts = `
     select d.id, d.used, d.held
       from discount d join uses u on u.discount_id = d.id and u.counted
      where d.store_id = $1 order by d.id for update of d`;

const settleUses = statement(
  "discount_uses_settle",
  `with uses as materialized (
     select discount_id, counted from discount_use
      where store_id = $1 and order_id = $2 and state = 'held' order by discount_id for update),
   locked as materialized (${lockedDiscounts}),
   settled as (
     update discount_use u set state = 'final', updated_at = $3 from uses
      where u.store_id = $1 and u.order_id = $2 and u.discount_id = uses.discount_id and u.state = 'held'
     returning u.discount_id, u.counted),
   counted as (
     update discount d set used = l.used + 1, held = l.held - 1
       from settled s join locked l on l.id = s.discount_id
      where d.store_id = $1 and d.id = l.id and s.counted)
   select discount_id from settled`,
);

const giveBackUses = statement(
  "discount_uses_give_back",
  `with uses as materialized (
     select discount_id, counted from discount_use
      where store_id = $1 and order_id = $2 order by discount_id for update),
   locked as materialized (${lockedDiscounts}),
   gone as (
     delete from discount_use u using uses
      where u.store_id = $1 and u.order_id = $2 and u.discount_id = uses.discount_id
     returning u.discount_id, u.counted, u.state),
   counted as (
     update discount d
        set used = l.used - case g.state when 'final' then 1 else 0 end,
            held = l.held - case g.state when 'held' then 1 else 0 end
       from gone g join locked l on l.id = g.discount_id
      where d.store_id = $1 and d.id = l.id and g.counted)
   select discount_id from gone`,
);
