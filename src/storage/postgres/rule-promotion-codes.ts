import { codeKey, type RuleCode } from "../../domain/rule-promotions/rule-code.ts";
import type { NewRuleCode, RuleCodePort, StoredRuleCode } from "../../operations/ports/rule-promotions.ts";
import { type Database, statement } from "./database.ts";
import { perShopper } from "./entered-rules.ts";
import { type ListedColumns, listRows } from "./listing.ts";

type CodeRow = {
  id: string;
  label: string;
  only_user: string | null;
  consume_unit: RuleCode["consumeUnit"];
  max_uses: number | null;
  uses_left: number | null;
  max_per_shopper: number | null;
  includes_guests: boolean | null;
  for_new_shopper: boolean;
  created_by: string;
  created_at: string;
};

/** The codes of rule promotions. How often each was used is counted beside it. */
export function ruleCodeStorage(database: Database): RuleCodePort {
  return {
    async list(storeId, promotionId, query) {
      const { rows, total } = await listRows<CodeRow>(database, {
        select: `id, label, only_user, consume_unit, max_uses, max_uses - used - held as uses_left, max_per_shopper,
          includes_guests, for_new_shopper, created_by, created_at`,
        from: "promotion_code",
        where: "store_id = $1 and promotion_id = $2",
        values: [storeId, promotionId],
        columns: codeColumns,
        key: "code",
        query,
      });
      return { rows: rows.map(codeOf), total };
    },
    add: (storeId, promotionId, codes, limit) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.run<{ automatic: boolean }>(lockPromotion, [storeId, promotionId]);
        if (!row) return { type: "promotion_not_found" };
        if (row.automatic) return { type: "promotion_automatic" };
        const keys = codes.map(({ code }) => codeKey(code));
        const [present] = await transaction.run<{ codes: number; taken: string[]; shared: string[] }>(
          countCodes,
          [storeId, promotionId, keys],
        );
        if (!present) throw new Error("Codes were not counted");
        const written = new Map(codes.map(({ code }, place) => [keys[place], code]));
        const asWritten = (found: readonly string[]) => found.map((key) => written.get(key) ?? key);
        if (present.taken.length > 0) return { type: "taken", codes: asWritten(present.taken) };
        if (present.codes + codes.length > limit) return { type: "limit" };
        await transaction.run(insertCodes, [storeId, promotionId, keys, ...columnsOf(codes)]);
        return { type: "saved", shared: asWritten(present.shared) };
      }),
    delete: (storeId, promotionId, codes) =>
      database.transaction(async (transaction) => {
        const rows = await transaction.run(lockPromotion, [storeId, promotionId]);
        if (rows.length === 0) return undefined;
        return (await transaction.run(deleteCodes, [storeId, promotionId, codes.map(codeKey)])).length;
      }),
  };
}

function columnsOf(codes: readonly NewRuleCode[]): readonly unknown[] {
  return [
    codes.map(({ code }) => code),
    codes.map(({ id }) => id),
    codes.map(({ user = null }) => user),
    codes.map(({ consumeUnit }) => consumeUnit),
    codes.map(({ maxUses = null }) => maxUses),
    codes.map(({ maxUsesPerShopper }) => maxUsesPerShopper?.maxUses ?? null),
    codes.map(({ maxUsesPerShopper }) => maxUsesPerShopper?.includesGuests ?? null),
    codes.map(({ isForNewShopper = false }) => isForNewShopper),
    codes.map(({ createdBy }) => createdBy),
    codes.map(({ createdAt }) => createdAt),
  ];
}

function codeOf(row: CodeRow): StoredRuleCode {
  return {
    id: row.id,
    code: row.label,
    ...(row.max_uses !== null && { maxUses: row.max_uses }),
    ...(row.uses_left !== null && { usesLeft: row.uses_left }),
    ...(row.only_user !== null && { user: row.only_user }),
    consumeUnit: row.consume_unit,
    ...perShopper(row.max_per_shopper, row.includes_guests),
    ...(row.for_new_shopper && { isForNewShopper: true }),
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}

const codeColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  code: { column: "label", type: "text" },
  user: { column: "only_user", type: "text" },
  consume_unit: { column: "consume_unit", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
};

// Adding, deleting and changing the promotion wait for each other.
const lockPromotion = statement(
  "rule_promotion_codes_lock",
  "select automatic from rule_promotion where store_id = $1 and id = $2 for no key update",
);

const countCodes = statement(
  "rule_promotion_codes_count",
  `select (select count(*) from promotion_code
            where store_id = $1 and promotion_id = $2 and code <> 'auto_' || promotion_id) as codes,
          coalesce((select array_agg(code order by code) from promotion_code
            where store_id = $1 and promotion_id = $2 and code = any($3::text[])), '{}') as taken,
          coalesce((select array_agg(distinct c.code) from promotion_code c
             join rule_promotion p on p.store_id = c.store_id and p.id = c.promotion_id
            where c.store_id = $1 and c.promotion_id <> $2 and c.code = any($3::text[])), '{}') as shared`,
);

const insertCodes = statement(
  "rule_promotion_codes_insert",
  `insert into promotion_code (store_id, promotion_id, live, code, label, id, only_user, consume_unit, max_uses,
     max_per_shopper, includes_guests, for_new_shopper, created_by, created_at)
   select $1, $2, false, n.* from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
     $9::bigint[], $10::boolean[], $11::boolean[], $12::text[], $13::timestamptz[])
     as n(code, label, id, only_user, consume_unit, max_uses, max_per_shopper, includes_guests, for_new_shopper,
       created_by, created_at)`,
);

const deleteCodes = statement(
  "rule_promotion_codes_delete",
  `with gone as (
     delete from promotion_code
      where store_id = $1 and promotion_id = $2 and code = any($3::text[]) and code <> 'auto_' || promotion_id
     returning id),
   shoppers as (delete from promotion_code_shopper s using gone where s.store_id = $1 and s.code_id = gone.id)
   select id from gone`,
);
