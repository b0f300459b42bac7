import type { PromotionCode } from "../../domain/promotions/promotion-code.ts";
import type { PromotionCodePort, StoredCode } from "../../operations/ports/promotions.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { writeLiveCodes } from "./live-codes.ts";
import { isLive, promotionOf } from "./promotions.ts";

type CodeRow = {
  id: string;
  code: string;
  only_user: string | null;
  consume_unit: PromotionCode["consumeUnit"];
  max_uses: number | null;
  uses_left: number | null;
  created_by: string;
  created_at: string;
};

/** The codes of promotions. How often each was used is counted beside it. */
export function promotionCodeStorage(database: Database): PromotionCodePort {
  return {
    async list(storeId, promotionId, query) {
      const { rows, total } = await listRows<CodeRow>(database, {
        select:
          "id, code, only_user, consume_unit, max_uses, max_uses - used - held as uses_left, created_by, created_at",
        from: "promotion_code",
        where: "store_id = $1 and promotion_id = $2",
        values: [storeId, promotionId],
        columns: codeColumns,
        key: "code",
        query,
      });
      return { rows: rows.map(codeOf), total };
    },
    add: (storeId, promotionId, codes, by) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.run<{ doc: string }>(lockPromotion, [storeId, promotionId]);
        if (!row) return "promotion_not_found";
        const names = codes.map(({ code }) => code);
        const [present] = await transaction.run<{ codes: number; taken: string[] }>(countCodes, [
          storeId,
          promotionId,
          names,
        ]);
        if (!present) throw new Error("Codes were not counted");
        if (present.taken.length > 0) return { type: "promotion_code_taken", codes: present.taken };
        if (present.codes + codes.length > by.limit) return "limit";
        const live = isLive(promotionOf(row), Date.parse(by.now));
        const values = [storeId, promotionId, live, ...columnsOf(codes)];
        if (!live) {
          await transaction.run(insertCodes, values);
          return "saved";
        }
        const scope = { storeId, promotionId, codes: names };
        return (await writeLiveCodes(transaction, scope, by.now, insertCodes, values)) ?? "saved";
      }),
    delete: (storeId, promotionId, codes) =>
      database.transaction(async (transaction) => {
        const rows = await transaction.run(lockPromotion, [storeId, promotionId]);
        if (rows.length === 0) return undefined;
        return (await transaction.run(deleteCodes, [storeId, promotionId, codes])).length;
      }),
  };
}

function columnsOf(codes: Parameters<PromotionCodePort["add"]>[2]): readonly unknown[] {
  return [
    codes.map(({ code }) => code),
    codes.map(({ id }) => id),
    codes.map(({ user = null }) => user),
    codes.map(({ consumeUnit }) => consumeUnit),
    codes.map(({ maxUses = null }) => maxUses),
    codes.map(({ createdBy }) => createdBy),
    codes.map(({ createdAt }) => createdAt),
  ];
}

function codeOf(row: CodeRow): StoredCode {
  return {
    id: row.id,
    code: row.code,
    ...(row.max_uses !== null && { maxUses: row.max_uses }),
    ...(row.uses_left !== null && { usesLeft: row.uses_left }),
    ...(row.only_user !== null && { user: row.only_user }),
    consumeUnit: row.consume_unit,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}

const codeColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  code: { column: "code", type: "text" },
  user: { column: "only_user", type: "text" },
  consume_unit: { column: "consume_unit", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
};

// Adding, deleting and changing the promotion wait for each other.
const lockPromotion = statement(
  "promotion_codes_lock",
  "select doc from promotion where store_id = $1 and id = $2 for no key update",
);

const countCodes = statement(
  "promotion_codes_count",
  `select count(*) filter (where code <> 'auto_' || promotion_id) as codes,
          coalesce(array_agg(code order by code) filter (where code = any($3::text[])), '{}') as taken
     from promotion_code where store_id = $1 and promotion_id = $2`,
);

// In order, so that two who add the same codes do not wait for each other.
const insertCodes = statement(
  "promotion_codes_insert",
  `insert into promotion_code (store_id, promotion_id, live, code, id, only_user, consume_unit, max_uses, created_by,
     created_at)
   select $1, $2, $3, n.* from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],
     $10::timestamptz[]) as n(code, id, only_user, consume_unit, max_uses, created_by, created_at)
    order by n.code collate "C"`,
);

const deleteCodes = statement(
  "promotion_codes_delete",
  `delete from promotion_code
    where store_id = $1 and promotion_id = $2 and code = any($3::text[]) and code <> 'auto_' || promotion_id
   returning 1 as gone`,
);
