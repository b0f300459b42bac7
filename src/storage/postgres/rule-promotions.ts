import { changedMembers } from "../../domain/changed-members.ts";
import type { EventAbout } from "../../domain/decision.ts";
import { momentOf } from "../../domain/promotions/active.ts";
import { fail } from "../../domain/result.ts";
import { codeKey, ownCode } from "../../domain/rule-promotions/rule-code.ts";
import type { Condition, Filter } from "../../operations/listing.ts";
import type {
  PriorityTaken,
  RulePromotionPort,
  StoredRulePromotion,
} from "../../operations/ports/rule-promotions.ts";
import { type Database, statement } from "./database.ts";
import {
  type EnteredRuleRow,
  enteredRuleOf,
  enteredRuleValues,
  selectEnteredRules,
} from "./entered-rules.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import type { StoreCache } from "./store-cache.ts";
import { eventValues, insertEvents, telling } from "./told.ts";

type Row = { doc: string };

/**
 * Rule promotions as documents; the columns beside them are copies, to filter by. Automatic ones are a part of what the
 * store decided, so every change made here makes `cache` forget.
 */
export function rulePromotionStorage(
  database: Database,
  cache: StoreCache,
  newId: () => string,
): RulePromotionPort {
  return {
    async list(storeId, query) {
      const { rows, total } = await listRows<Row>(database, {
        select: "doc",
        from: "rule_promotion",
        where: "store_id = $1",
        values: [storeId],
        columns: rulePromotionColumns,
        query: { ...query, filter: await withoutCodes(database, storeId, query.filter) },
      });
      return { rows: rows.map(promotionOf), total };
    },
    async load(storeId, promotionId) {
      const [row] = await database.run<Row>(selectPromotion, [storeId, promotionId]);
      return row && promotionOf(row);
    },
    insert: (storeId, promotion, by) =>
      database.transaction(async (transaction) => {
        // Whoever adds or changes a promotion holds the store, so that counts and priorities are right.
        await transaction.run(lockStore, [storeId]);
        const [row] = await transaction.run<{ promotions: number }>(countPromotions, [storeId]);
        if (Number(row?.promotions) >= by.limit) return "limit";
        const taken = await takenPriority(transaction, storeId, promotion, by.now);
        if (taken) return taken;
        await transaction.run(insertPromotion, [
          ...columnsOf(storeId, promotion),
          ...eventValues([toldOf("created", promotion.id)], promotion.createdAt, newId),
        ]);
        if (promotion.automatic) await giveCode(transaction, storeId, promotion, by.codeId);
        cache.forget(storeId);
        return "saved";
      }),
    change: (storeId, promotionId, by, change) =>
      database.transaction(async (transaction) => {
        await transaction.run(lockStore, [storeId]);
        const [row] = await transaction.run<Row>(lockPromotion, [storeId, promotionId]);
        if (!row) return undefined;
        const before = promotionOf(row);
        const changed = change(before);
        if (!changed.ok) return changed;
        const promotion = changed.value;
        const taken = await takenPriority(transaction, storeId, promotion, by.now);
        if (taken) return fail(taken);
        const fields = changedMembers(before, promotion, ["updatedAt", "updatedBy"]);
        await transaction.run(updatePromotion, [
          ...columnsOf(storeId, promotion),
          ...eventValues(
            fields.length > 0 ? [toldOf("updated", promotionId, { fields })] : [],
            promotion.updatedAt,
            newId,
          ),
        ]);
        if (promotion.automatic) await giveCode(transaction, storeId, promotion, by.codeId);
        else await transaction.run(deleteOwnCode, [storeId, promotionId, ownCode(promotion).code]);
        cache.forget(storeId);
        return changed;
      }),
    async delete(storeId, promotionId) {
      const deleted =
        (
          await database.run(deletePromotion, [
            storeId,
            promotionId,
            ...eventValues([toldOf("deleted", promotionId)], undefined, newId),
          ])
        ).length === 1;
      if (deleted) cache.forget(storeId);
      return deleted;
    },
    async entered(storeId, codes, shopper, now) {
      const values = enteredRuleValues(storeId, codes, shopper, now);
      return (await database.run<EnteredRuleRow>(selectEnteredRules, values)).map(enteredRuleOf);
    },
  };
}

function toldOf(what: string, id: string, facts?: object): EventAbout {
  return { type: `rule_promotion.${what}`, subjectId: id, payload: { id, ...facts } };
}

function promotionOf(row: Row): StoredRulePromotion {
  return JSON.parse(row.doc) as StoredRulePromotion;
}

function columnsOf(storeId: string, promotion: StoredRulePromotion): readonly unknown[] {
  return [
    storeId,
    promotion.id,
    promotion.name,
    promotion.enabled,
    promotion.automatic,
    promotion.priority ?? null,
    timestampOf(promotion.start),
    timestampOf(promotion.end),
    JSON.stringify(promotion),
    promotion.createdAt,
    promotion.updatedAt,
  ];
}

function timestampOf(text: string): string {
  const moment = momentOf(text);
  if (moment === undefined) throw new Error(`A promotion cannot start or end at ${text}`);
  return new Date(moment).toISOString();
}

/** The priority is asked for only while the promotion is enabled and not over. */
async function takenPriority(
  transaction: Database,
  storeId: string,
  promotion: StoredRulePromotion,
  now: string,
): Promise<PriorityTaken | undefined> {
  const { id, enabled, priority, end } = promotion;
  if (priority === undefined || !enabled || Date.parse(timestampOf(end)) <= Date.parse(now)) return undefined;
  const [rival] = await transaction.run<{ id: string }>(selectPriority, [storeId, id, priority, now]);
  return rival && { type: "rule_promotion_priority_taken", priority, promotionId: rival.id };
}

async function giveCode(
  transaction: Database,
  storeId: string,
  promotion: StoredRulePromotion,
  codeId: string,
): Promise<void> {
  const { code, consumeUnit } = ownCode(promotion);
  const { id, updatedBy, updatedAt } = promotion;
  await transaction.run(insertOwnCode, [storeId, id, code, codeId, consumeUnit, updatedBy, updatedAt]);
}

/** The filter with its conditions on codes turned into conditions on the promotions that have them. */
function withoutCodes(database: Database, storeId: string, filter: Filter): Promise<Filter> {
  const converted = async (condition: Condition): Promise<Condition> => {
    if (condition.field !== "code") return condition;
    const codes = condition.values.flatMap((code) => [code, codeKey(code)]);
    const rows = await database.run<{ id: string }>(selectByCode, [storeId, codes]);
    // No promotion has an empty id.
    return { field: "id", operator: "in", values: rows.length === 0 ? [""] : rows.map(({ id }) => id) };
  };
  return Promise.all(filter.map((group) => Promise.all(group.map(converted))));
}

const rulePromotionColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  name: { column: "name", type: "text" },
  enabled: { column: "enabled", type: "boolean" },
  automatic: { column: "automatic", type: "boolean" },
  priority: { column: "priority", type: "integer" },
  start: { column: "starts_at", type: "timestamp" },
  end: { column: "ends_at", type: "timestamp" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

const selectPromotion = statement(
  "rule_promotion_select",
  "select doc from rule_promotion where store_id = $1 and id = $2",
);

const lockPromotion = statement(
  "rule_promotion_lock",
  "select doc from rule_promotion where store_id = $1 and id = $2 for no key update",
);

const lockStore = statement(
  "rule_promotion_lock_store",
  "select 1 as locked from store where store_id = $1 for no key update",
);

const countPromotions = statement(
  "rule_promotion_count",
  "select count(*) as promotions from rule_promotion where store_id = $1",
);

const selectPriority = statement(
  "rule_promotion_priority",
  `select id from rule_promotion
    where store_id = $1 and id <> $2 and priority = $3 and enabled and ends_at > $4 order by id limit 1`,
);

const insertPromotion = telling(
  "rule_promotion_insert",
  `insert into rule_promotion (store_id, id, version, name, enabled, automatic, priority, starts_at, ends_at, doc,
     created_at, updated_at)
   values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning 1 as saved`,
  12,
);

const updatePromotion = telling(
  "rule_promotion_update",
  `update rule_promotion set version = version + 1, name = $3, enabled = $4, automatic = $5, priority = $6,
     starts_at = $7, ends_at = $8, doc = $9, created_at = $10, updated_at = $11
    where store_id = $1 and id = $2 returning 1 as saved`,
  12,
);

const deletePromotion = statement(
  "rule_promotion_delete",
  `with gone as (delete from rule_promotion where store_id = $1 and id = $2 returning 1 as gone),
   codes as (delete from promotion_code c using gone where c.store_id = $1 and c.promotion_id = $2 returning c.id),
   shoppers as (
     delete from promotion_code_shopper s using codes where s.store_id = $1 and s.code_id = codes.id),
   uses as (delete from promotion_use u using gone where u.store_id = $1 and u.promotion_id = $2),
   told as (${insertEvents(3, "gone")})
   select gone from gone`,
);

// Nobody enters it: it has the promotion's id in it.
const insertOwnCode = statement(
  "rule_promotion_code_insert_own",
  `insert into promotion_code (store_id, promotion_id, code, label, id, consume_unit, live, created_by, created_at)
   values ($1, $2, $3, $3, $4, $5, false, $6, $7) on conflict do nothing`,
);

const deleteOwnCode = statement(
  "rule_promotion_code_delete_own",
  "delete from promotion_code where store_id = $1 and promotion_id = $2 and code = $3",
);

const selectByCode = statement(
  "rule_promotion_ids_by_code",
  `select distinct p.id from promotion_code c join rule_promotion p on p.store_id = c.store_id and p.id = c.promotion_id
    where c.store_id = $1 and c.code = any($2::text[])`,
);
