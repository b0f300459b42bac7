import { changedMembers } from "../../domain/changed-members.ts";
import type { EventAbout } from "../../domain/decision.ts";
import { inactiveReason, momentOf } from "../../domain/promotions/active.ts";
import { automaticCode } from "../../domain/promotions/promotion-code.ts";
import { fail } from "../../domain/result.ts";
import type { Condition, Filter } from "../../operations/listing.ts";
import type { PromotionPort, PromotionVersion, StoredPromotion } from "../../operations/ports/promotions.ts";
import { type Database, statement } from "./database.ts";
import { type EnteredRow, enteredOf, selectEntered } from "./entered-codes.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { writeLiveCodes } from "./live-codes.ts";
import type { StoreCache } from "./store-cache.ts";
import { eventValues, insertEvents, telling } from "./told.ts";

type Row = { doc: string };

/**
 * Promotions as documents; the columns beside them are copies, to filter by. Automatic ones are a part of what the
 * store decided, so every change made here makes `cache` forget.
 */
export function promotionStorage(database: Database, cache: StoreCache, newId: () => string): PromotionPort {
  return {
    async list(storeId, query) {
      const { rows, total } = await listRows<Row>(database, {
        select: "doc",
        from: "promotion",
        where: "store_id = $1",
        values: [storeId],
        columns: promotionColumns,
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
        // Whoever adds a promotion holds the store, so that the count is right.
        await transaction.run(lockStore, [storeId]);
        const [row] = await transaction.run<{ promotions: number }>(countPromotions, [storeId]);
        if (Number(row?.promotions) >= by.limit) return "limit";
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
        const [row] = await transaction.run<Row>(lockPromotion, [storeId, promotionId]);
        if (!row) return undefined;
        const before = promotionOf(row);
        const changed = change(before);
        if (!changed.ok) return changed;
        const promotion = changed.value;
        const now = Date.parse(by.now);
        const own = automaticCode(promotion).code;
        if (isOver(before, now) && !isOver(promotion, now)) {
          await transaction.run(deleteAllCodes, [storeId, promotionId, own]);
        }
        const live = isLive(promotion, now);
        // Also when it was live before: a code may have been taken off the books while the promotion was over.
        const codes = (await transaction.run<{ code: string }>(selectCodes, [storeId, promotionId])).map(
          ({ code }) => code,
        );
        if (live && codes.length > 0) {
          const scope = { storeId, promotionId, codes };
          const taken = await writeLiveCodes(transaction, scope, by.now, setLive, [
            storeId,
            promotionId,
            true,
          ]);
          if (taken) return fail(taken);
        } else if (codes.length > 0) {
          await transaction.run(setLive, [storeId, promotionId, false]);
        }
        const fields = changedMembers(before, promotion, ["updatedAt", "updatedBy"]);
        await transaction.run(updatePromotion, [
          ...columnsOf(storeId, promotion),
          by.versionId,
          ...eventValues(
            fields.length > 0 ? [toldOf("updated", promotionId, { fields })] : [],
            promotion.updatedAt,
            newId,
          ),
        ]);
        if (promotion.automatic && !codes.includes(own)) {
          await giveCode(transaction, storeId, promotion, by.codeId);
        }
        if (!promotion.automatic && codes.includes(own)) {
          await transaction.run(deleteCode, [storeId, promotionId, own]);
        }
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
    async history(storeId, promotionId, query) {
      type VersionRow = Row & { id: string; is_current: boolean };
      const { rows, total } = await listRows<VersionRow>(database, {
        select: "id, doc, is_current",
        from: versions,
        where: "true",
        values: [storeId, promotionId],
        columns: { version: { column: "version", type: "integer" } },
        query: { ...query, sort: query.sort ?? { field: "version", descending: true } },
      });
      return { rows: rows.map(versionOf), total };
    },
    async entered(storeId, codes, now) {
      return (await database.run<EnteredRow>(selectEntered, [storeId, codes, now])).map(enteredOf);
    },
  };
}

function toldOf(what: string, id: string, facts?: object): EventAbout {
  return { type: `promotion.${what}`, subjectId: id, payload: { id, ...facts } };
}

/** Enabled and not over: its codes are nobody else's. */
export function isLive(promotion: Pick<StoredPromotion, "enabled" | "start" | "end">, now: number): boolean {
  return promotion.enabled && !isOver(promotion, now);
}

/** The promotion that a row of `promotion` holds. */
export function promotionOf(row: { readonly doc: string }): StoredPromotion {
  return JSON.parse(row.doc) as StoredPromotion;
}

function isOver(promotion: Pick<StoredPromotion, "start" | "end">, now: number): boolean {
  return inactiveReason({ ...promotion, enabled: true }, now)?.type === "ended";
}

function versionOf(row: Row & { id: string; is_current: boolean }): PromotionVersion {
  return { versionId: row.id, isCurrent: row.is_current, promotion: promotionOf(row) };
}

function columnsOf(storeId: string, promotion: StoredPromotion): readonly unknown[] {
  return [
    storeId,
    promotion.id,
    promotion.name,
    promotion.kind.type,
    promotion.enabled,
    promotion.automatic,
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

async function giveCode(
  transaction: Database,
  storeId: string,
  promotion: StoredPromotion,
  codeId: string,
): Promise<void> {
  const { code, consumeUnit } = automaticCode(promotion);
  const { id, updatedBy, updatedAt } = promotion;
  await transaction.run(insertOwnCode, [storeId, id, code, codeId, consumeUnit, updatedBy, updatedAt]);
}

/** The filter with its conditions on codes turned into conditions on the promotions that have them. */
function withoutCodes(database: Database, storeId: string, filter: Filter): Promise<Filter> {
  const converted = async (condition: Condition): Promise<Condition> => {
    if (condition.field !== "code") return condition;
    const rows = await database.run<{ id: string }>(selectByCode, [storeId, condition.values]);
    // No promotion has an empty id.
    return { field: "id", operator: "in", values: rows.length === 0 ? [""] : rows.map(({ id }) => id) };
  };
  return Promise.all(filter.map((group) => Promise.all(group.map(converted))));
}

const promotionColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  name: { column: "name", type: "text" },
  promotion_type: { column: "type", type: "text" },
  enabled: { column: "enabled", type: "boolean" },
  automatic: { column: "automatic", type: "boolean" },
  start: { column: "starts_at", type: "timestamp" },
  end: { column: "ends_at", type: "timestamp" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

const versions = `(
  select id, version, doc, true as is_current from promotion where store_id = $1 and id = $2
  union all
  select id, version, doc, false from promotion_version where store_id = $1 and promotion_id = $2) as versions`;

const selectPromotion = statement(
  "promotion_select",
  "select doc from promotion where store_id = $1 and id = $2",
);

const lockPromotion = statement(
  "promotion_lock",
  "select doc from promotion where store_id = $1 and id = $2 for no key update",
);

const lockStore = statement(
  "promotion_lock_store",
  "select 1 as locked from store where store_id = $1 for no key update",
);

const countPromotions = statement(
  "promotion_count",
  "select count(*) as promotions from promotion where store_id = $1",
);

const insertPromotion = telling(
  "promotion_insert",
  `insert into promotion (store_id, id, version, name, type, enabled, automatic, starts_at, ends_at, doc, created_at,
     updated_at)
   values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning 1 as saved`,
  12,
);

const updatePromotion = statement(
  "promotion_update",
  `with kept as (
     insert into promotion_version (store_id, promotion_id, version, id, doc)
     select store_id, id, version, $12, doc from promotion where store_id = $1 and id = $2),
   saved as (
   update promotion set version = version + 1, name = $3, type = $4, enabled = $5, automatic = $6, starts_at = $7,
     ends_at = $8, doc = $9, created_at = $10, updated_at = $11
    where store_id = $1 and id = $2 returning 1),
   told as (${insertEvents(13, "saved")})
   select 1 as saved from saved`,
);

const deletePromotion = statement(
  "promotion_delete",
  `with gone as (delete from promotion where store_id = $1 and id = $2 returning 1 as gone),
   versions as (delete from promotion_version where store_id = $1 and promotion_id = $2),
   codes as (delete from promotion_code where store_id = $1 and promotion_id = $2),
   uses as (delete from promotion_use where store_id = $1 and promotion_id = $2),
   told as (${insertEvents(3, "gone")})
   select gone from gone`,
);

// It is never live: nobody enters it, and it has the promotion's id in it.
const insertOwnCode = statement(
  "promotion_code_insert_own",
  `insert into promotion_code (store_id, promotion_id, code, id, consume_unit, live, created_by, created_at)
   values ($1, $2, $3, $4, $5, false, $6, $7) on conflict do nothing`,
);

const selectCodes = statement(
  "promotion_codes_names",
  "select code from promotion_code where store_id = $1 and promotion_id = $2",
);

const setLive = statement(
  "promotion_codes_set_live",
  `update promotion_code set live = $3
    where store_id = $1 and promotion_id = $2 and live <> $3 and code <> 'auto_' || promotion_id`,
);

const deleteCode = statement(
  "promotion_code_delete",
  "delete from promotion_code where store_id = $1 and promotion_id = $2 and code = $3",
);

const deleteAllCodes = statement(
  "promotion_codes_delete_all",
  "delete from promotion_code where store_id = $1 and promotion_id = $2 and code <> $3",
);

const selectByCode = statement(
  "promotion_ids_by_code",
  "select distinct promotion_id as id from promotion_code where store_id = $1 and code = any($2::text[])",
);
