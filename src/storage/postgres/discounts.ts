import { changedMembers } from "../../domain/changed-members.ts";
import type { EventAbout } from "../../domain/decision.ts";
import type { Discount } from "../../domain/region/discount.ts";
import type { DiscountPort } from "../../operations/ports/discounts.ts";
import { type Database, statement } from "./database.ts";
import { discountUseStorage } from "./discount-uses.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { writeUnique } from "./savepoint.ts";
import { eventValues, insertEvents, telling } from "./told.ts";

type Row = {
  doc: string;
  /** Of the discount that this one is made from. */
  parent_doc: string | null;
  uses: number;
};

/** What the document holds: all that is not counted. */
type Doc = Omit<Discount, "usageCount">;

/** Discounts as documents, and what orders use of them as rows. */
export function discountStorage(database: Database, newId: () => string): DiscountPort {
  return {
    ...discountUseStorage(database),
    async entered(storeId, codes) {
      if (codes.length === 0) return [];
      return (await database.run<Row>(selectEntered, [storeId, codes])).map(fromRow);
    },
    async load(storeId, discountId) {
      const [row] = await database.run<Row>(selectDiscount, [storeId, discountId]);
      return row && fromRow(row);
    },
    async byCode(storeId, code) {
      const [row] = await database.run<Row>(selectByCode, [storeId, code]);
      return row && fromRow(row);
    },
    async list(storeId, query) {
      const { rows, total } = await listRows<Row>(database, {
        select: columns,
        from: "discount d",
        where: "store_id = $1",
        values: [storeId],
        columns: discountColumns,
        query,
      });
      return { rows: rows.map(fromRow), total };
    },
    async insert(storeId, discount) {
      const rows = await database.run(insertDiscount, [
        ...columnsOf(storeId, discount),
        discount.createdAt,
        ...eventValues([toldOf("created", discount.id)], discount.createdAt, newId),
      ]);
      return rows.length === 1 ? "saved" : "code_taken";
    },
    change: (storeId, discountId, change) =>
      database.transaction(async (transaction) => {
        const [locked] = await transaction.run<{ id: string }>(lockDiscount, [storeId, discountId]);
        const [row] = locked ? await transaction.run<Row>(selectDiscount, [storeId, discountId]) : [];
        if (!row) return { kind: "not_found" };
        const before = fromRow(row);
        const changed = change(before);
        if (!changed.ok) return { kind: "refused", refusal: changed.error };
        const discount = changed.value;
        const fields = changedMembers(before, discount, ["updatedAt", "usageCount"]);
        const told = fields.length > 0 ? [toldOf("updated", discountId, { fields })] : [];
        const written = await writeUnique(transaction, updateDiscount, [
          ...columnsOf(storeId, discount),
          ...eventValues(told, discount.updatedAt, newId),
        ]);
        if ("violated" in written) return { kind: "code_taken" };
        if (before.usageLimit === null && discount.usageLimit !== null) {
          await transaction.run(countUses, [storeId, discountId]);
        }
        return { kind: "saved", discount };
      }),
    async delete(storeId, discountId) {
      const rows = await database.run<{ id: string }>(deleteDiscount, [
        storeId,
        discountId,
        ...eventValues([toldOf("deleted", discountId)], undefined, newId),
      ]);
      return rows.some(({ id }) => id === discountId);
    },
  };
}

function toldOf(what: string, id: string, facts?: object): EventAbout {
  return { type: `discount.${what}`, subjectId: id, payload: { id, ...facts } };
}

/** What discounts may be listed by. */
export const discountColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  code: { column: "code", type: "text" },
  is_dynamic: { column: "is_dynamic", type: "boolean" },
  is_disabled: { column: "is_disabled", type: "boolean" },
  rule_type: { column: "rule_type", type: "text" },
  allocation: { column: "allocation", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
  condition_ids: {
    column: "array(select c ->> 'id' from json_array_elements(doc::json -> 'rule' -> 'conditions') c)",
    type: "text[]",
  },
};

function columnsOf(storeId: string, discount: Discount): unknown[] {
  const { usageCount: _, ...doc } = discount;
  return [
    storeId,
    discount.id,
    discount.code,
    discount.parentId ?? null,
    discount.isDynamic,
    discount.isDisabled,
    discount.rule.type,
    discount.rule.allocation,
    discount.usageLimit,
    JSON.stringify(doc satisfies Doc),
    discount.updatedAt,
  ];
}

function fromRow(row: Row): Discount {
  const doc = JSON.parse(row.doc) as Doc;
  const whole = { ...doc, usageCount: row.uses };
  if (row.parent_doc === null) return whole;
  const { rule, ruleId, ruleDescription, regionIds } = JSON.parse(row.parent_doc) as Doc;
  return { ...whole, rule, ruleId, ...(ruleDescription !== undefined && { ruleDescription }), regionIds };
}

const parentDoc = `(select p.doc from discount p where p.store_id = d.store_id and p.id = d.parent_id) as parent_doc`;
const columns = `d.doc, ${parentDoc}, d.used + (
    select count(*) from discount_use u
     where u.store_id = d.store_id and u.discount_id = d.id and not u.counted and u.state = 'final') as uses`;

const selectEntered = statement(
  "discount_entered",
  `select d.doc, ${parentDoc}, d.used as uses
     from unnest($2::text[]) with ordinality as entered(code, place)
     join discount d on d.store_id = $1 and d.code = entered.code
    order by entered.place`,
);

const selectDiscount = statement(
  "discount_select",
  `select ${columns} from discount d where d.store_id = $1 and d.id = $2`,
);

const selectByCode = statement(
  "discount_by_code",
  `select ${columns} from discount d where d.store_id = $1 and d.code = $2`,
);

const lockDiscount = statement(
  "discount_lock",
  "select id from discount where store_id = $1 and id = $2 for no key update",
);

const insertDiscount = telling(
  "discount_insert",
  `insert into discount (store_id, id, code, parent_id, is_dynamic, is_disabled, rule_type, allocation, usage_limit, doc,
     updated_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
   on conflict (store_id, code) do nothing returning 1 as saved`,
  13,
);

const updateDiscount = telling(
  "discount_update",
  `update discount set code = $3, parent_id = $4, is_dynamic = $5, is_disabled = $6, rule_type = $7, allocation = $8,
     usage_limit = $9, doc = $10, updated_at = $11
   where store_id = $1 and id = $2 returning 1 as saved`,
  12,
);

// From now on there is a limit: what was used or is held counts. An order that takes a use in this very moment is not
// seen, and is one more than the limit.
const countUses = statement(
  "discount_count_uses",
  `with uses as (
     update discount_use set counted = true where store_id = $1 and discount_id = $2 and not counted returning state)
   update discount set used = used + (select count(*) from uses where state = 'final'),
                       held = held + (select count(*) from uses where state = 'held')
    where store_id = $1 and id = $2`,
);

const deleteDiscount = statement(
  "discount_delete",
  `with gone as (delete from discount where store_id = $1 and (id = $2 or parent_id = $2) returning id),
   own as (select from gone where id = $2),
   told as (${insertEvents(3, "own")})
   select id from gone`,
);
