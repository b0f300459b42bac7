import type {
  RecordBase,
  RecordKind,
  RecordKinds,
  RecordPort,
  SalesSetup,
} from "../../operations/ports/records.ts";
import { recordCreated, recordDeleted, recordUpdated } from "../../operations/record-events.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { writeUnique } from "./savepoint.ts";
import type { StoreCache } from "./store-cache.ts";
import { eventValues, telling } from "./told.ts";

type Row = { doc: string };
type SetupRow = Row & { kind: RecordKind };

/**
 * Records as documents. `cache` holds the setups of stores; every change made here makes it forget. What is told of a
 * change is written with it.
 */
export function recordStorage(
  database: Database,
  cache: StoreCache<SalesSetup>,
  newId: () => string,
): RecordPort {
  return {
    setup: async (storeId) => (await cache.get(storeId, () => loadSetup(database, storeId))) ?? noSetup,
    async load<Kind extends RecordKind>(storeId: string, kind: Kind, id: string) {
      const [row] = await database.run<Row>(selectRecord, [storeId, kind, id]);
      return row && read<Kind>(row);
    },
    async loadMany<Kind extends RecordKind>(storeId: string, kind: Kind, ids: readonly string[]) {
      if (ids.length === 0) return [];
      const rows = await database.run<Row>(selectRecords, [storeId, kind, ids]);
      return rows.map((row) => read<Kind>(row));
    },
    async productGroups(storeId, ids) {
      const rows = ids.length === 0 ? [] : await database.run<SetupRow>(selectProductGroups, [storeId, ids]);
      const of = <Kind extends RecordKind>(kind: Kind): Map<string, RecordKinds[Kind]> =>
        new Map(
          rows
            .filter((row) => row.kind === kind)
            .map(read<Kind>)
            .map((record) => [record.id, record]),
        );
      return {
        collections: of("product_collection"),
        types: of("product_type"),
        tags: of("product_tag"),
        categories: of("product_category"),
      };
    },
    async named<Kind extends RecordKind>(storeId: string, kind: Kind, nameKey: string) {
      const [row] = await database.run<Row>(selectNamed, [storeId, kind, nameKey]);
      return row && read<Kind>(row);
    },
    async all<Kind extends RecordKind>(storeId: string, kind: Kind) {
      const rows = await database.run<Row>(selectAll, [storeId, kind]);
      return rows.map((row) => read<Kind>(row));
    },
    async list<Kind extends RecordKind>(
      storeId: string,
      kind: Kind,
      query: Parameters<RecordPort["list"]>[2],
    ) {
      const { rows, total } = await listRows<Row>(database, {
        select: "doc",
        from: "record",
        where: "store_id = $1 and kind = $2",
        values: [storeId, kind],
        columns: recordColumns,
        query,
      });
      return { rows: rows.map((row) => read<Kind>(row)), total };
    },
    async insert(storeId, kind, record, nameKey) {
      const rows = await database.run(insertRecord, [
        storeId,
        kind,
        record.id,
        nameKey ?? null,
        JSON.stringify(record),
        record.createdAt,
        record.updatedAt,
        ...eventValues(recordCreated(kind, record), record.createdAt, newId),
      ]);
      cache.forget(storeId);
      return rows.length === 1 ? "saved" : "name_taken";
    },
    async change<Kind extends RecordKind>(
      storeId: string,
      kind: Kind,
      id: string,
      change: (record: RecordKinds[Kind]) => RecordKinds[Kind],
      nameKeyOf?: (record: RecordKinds[Kind]) => string | undefined,
    ) {
      const changed = await database.transaction(async (transaction) => {
        const [row] = await transaction.run<Row>(selectForUpdate, [storeId, kind, id]);
        if (!row) return { kind: "not_found" as const };
        const before = read<Kind>(row);
        const record = change(before);
        const written = await writeUnique(transaction, updateRecord, [
          storeId,
          kind,
          id,
          nameKeyOf !== undefined,
          nameKeyOf?.(record) ?? null,
          JSON.stringify(record),
          record.updatedAt,
          ...eventValues(recordUpdated(kind, before, record), record.updatedAt, newId),
        ]);
        if ("violated" in written) return { kind: "name_taken" as const };
        return { kind: "saved" as const, record };
      });
      cache.forget(storeId);
      return changed;
    },
    async delete(storeId, kind, id) {
      const rows = await database.run(deleteRecord, [
        storeId,
        kind,
        id,
        ...eventValues(recordDeleted(kind, id), undefined, newId),
      ]);
      cache.forget(storeId);
      return rows.length === 1;
    },
    async nextNumber(storeId, kind) {
      const [row] = await database.run<{ number: string }>(selectNextNumber, [`${kind} ${storeId}`]);
      return Number(row?.number);
    },
  };
}

/** What records may be listed by. */
export const recordColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  name_key: { column: "name_key", type: "text" },
  title: { column: "(doc::json ->> 'title')", type: "text" },
  order_id: { column: "(doc::json ->> 'orderId')", type: "text" },
  internal_note: { column: "(doc::json ->> 'internalNote')", type: "text" },
  status: { column: "(doc::json ->> 'status')", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
  // What is deleted is gone.
  deleted_at: { column: "(null::timestamptz)", type: "timestamp" },
};

const noSetup: SalesSetup = {
  regions: [],
  taxRates: [],
  shippingProfiles: [],
  shippingOptions: [],
  salesChannels: [],
  publishableKeys: [],
  stockLocations: [],
};

async function loadSetup(database: Database, storeId: string): Promise<SalesSetup> {
  const rows = await database.run<SetupRow>(selectSetup, [storeId]);
  const of = <Kind extends RecordKind>(kind: Kind): RecordKinds[Kind][] =>
    rows.filter((row) => row.kind === kind).map((row) => read<Kind>(row));
  return {
    regions: of("region"),
    taxRates: of("tax_rate"),
    shippingProfiles: of("shipping_profile"),
    shippingOptions: of("shipping_option"),
    salesChannels: of("sales_channel"),
    publishableKeys: of("publishable_key"),
    stockLocations: of("stock_location"),
  };
}

function read<Kind extends RecordKind>({ doc }: Row): RecordKinds[Kind] {
  return JSON.parse(doc) as RecordKinds[Kind] & RecordBase;
}

const selectSetup = statement(
  "record_setup",
  `select kind, doc from record
    where store_id = $1 and kind in ('region', 'tax_rate', 'shipping_profile', 'shipping_option', 'sales_channel',
      'publishable_key', 'stock_location')
    order by created_at, id`,
);

const selectRecord = statement(
  "record_select",
  "select doc from record where store_id = $1 and kind = $2 and id = $3",
);

const selectForUpdate = statement(
  "record_select_for_update",
  "select doc from record where store_id = $1 and kind = $2 and id = $3 for no key update",
);

const selectRecords = statement(
  "record_select_many",
  `select doc from record where store_id = $1 and kind = $2 and id = any($3::text[])
    order by created_at, id`,
);

const selectProductGroups = statement(
  "record_product_groups",
  `select kind, doc from record
    where store_id = $1 and kind in ('product_collection', 'product_type', 'product_tag', 'product_category')
      and id = any($2::text[])`,
);

const selectNamed = statement(
  "record_named",
  "select doc from record where store_id = $1 and kind = $2 and name_key = $3",
);

const selectAll = statement(
  "record_all",
  "select doc from record where store_id = $1 and kind = $2 order by created_at, id",
);

const insertRecord = telling(
  "record_insert",
  `insert into record (store_id, kind, id, name_key, doc, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict do nothing returning 1 as saved`,
  8,
);

const updateRecord = telling(
  "record_update",
  `update record set name_key = case when $4::boolean then $5 else name_key end, doc = $6, updated_at = $7
    where store_id = $1 and kind = $2 and id = $3 returning 1 as saved`,
  8,
);

/** The same sequences as those of orders, one for each store and kind. */
const selectNextNumber = statement("record_next_number", "select next_display_id($1) as number");

const deleteRecord = telling(
  "record_delete",
  "delete from record where store_id = $1 and kind = $2 and id = $3 returning 1 as gone",
  4,
);
