import type { Condition, Filter, Listed, ListQuery, Sort } from "../../operations/listing.ts";
import { listingValue } from "../../operations/listing-value.ts";
import type { Database } from "./database.ts";

/** What a column holds. In a list of texts (`text[]`), a condition on one value asks about the members. */
export type ListedType = "text" | "text[]" | "integer" | "boolean" | "timestamp";

/** The columns behind the fields that a list may be filtered and sorted by. `column` is SQL and goes into the text. */
export type ListedColumns = Readonly<Record<string, { readonly column: string; readonly type: ListedType }>>;

/** A list to be read. All but `values` and what is in `query` is SQL, written by us. */
export type ListingSource = {
  /** Select list; names that begin with `listing_` are taken. */
  readonly select: string;
  readonly from: string;
  /** What restricts the list before any filter, with `values` as $1, $2, … */
  readonly where: string;
  readonly values: readonly unknown[];
  readonly columns: ListedColumns;
  /** Unique within the list: orders rows that are equal otherwise. `id` when absent. */
  readonly key?: string;
  readonly query: ListQuery;
};

/** One part of a list and how many rows match in all, in one round trip. */
export async function listRows<Row extends object>(
  database: Database,
  source: ListingSource,
): Promise<Listed<Row>> {
  const { text, values } = buildListing(source);
  const found = await database.runText<Row & ListingColumns>(text, values);
  const rows = found.filter((row) => row.listing_found).map(withoutListingColumns<Row>);
  return { rows, total: Number(found[0]?.listing_total ?? 0) };
}

type ListingColumns = {
  listing_total: number;
  /** Null in the one row that carries the total of a part without rows. */
  listing_found: true | null;
  listing_sort: unknown;
  listing_key: unknown;
};

function withoutListingColumns<Row extends object>(row: Row & ListingColumns): Row {
  const { listing_total, listing_found, listing_sort, listing_key, ...rest } = row;
  return rest as unknown as Row;
}

/**
 * The statement that reads one part of a list, with its values bound. The total is counted apart from the part: it is
 * right when the part lies beyond the end, and the part can be read from an index.
 *
 * Throws when the query names a field without a column, compares it in a way that its type cannot be, or holds a value
 * that is none of its type: filters are checked where they are read.
 */
export function buildListing(source: ListingSource): { text: string; values: unknown[] } {
  const values = [...source.values];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const { filter, sort } = source.query;
  const matching = filter.length === 0 ? "true" : filterSql(filter, source.columns, bind);
  const rows = `from ${source.from} where (${source.where}) and (${matching})`;
  const key = source.key ?? "id";
  const order = sortSql(sort, source.columns);
  const text = `select part.*, counted.listing_total
  from (select count(*) as listing_total ${rows}) as counted
  left join (
    select ${source.select}, true as listing_found, ${order?.column ?? "null"} as listing_sort, ${key} as listing_key
    ${rows}
    order by ${order ? `${order.column} ${order.direction}, ` : ""}${key} ${order?.direction ?? "asc"}
    limit ${bind(count(source.query.limit))}::bigint offset ${bind(count(source.query.offset))}::bigint
  ) as part on true
  order by ${order ? `part.listing_sort ${order.direction}, ` : ""}part.listing_key ${order?.direction ?? "asc"}`;
  return { text, values };
}

type Bind = (value: unknown) => string;

const scalarTypes = {
  text: "text",
  integer: "bigint",
  boolean: "boolean",
  timestamp: "timestamptz",
} as const;
const comparisons = { gt: ">", ge: ">=", lt: "<", le: "<=" } as const;

function filterSql(filter: Filter, columns: ListedColumns, bind: Bind): string {
  const groups = filter.map((group) => {
    const conditions = group.map((condition) => conditionSql(condition, columns, bind));
    return conditions.length === 0 ? "true" : conditions.join(" and ");
  });
  return groups.map((group) => `(${group})`).join(" or ");
}

function conditionSql(condition: Condition, columns: ListedColumns, bind: Bind): string {
  const { column, type } = columnOf(condition.field, columns);
  const { operator } = condition;
  if (operator === "is_null") return `${column} is null`;
  const impossible = new Error(
    `The list field ${condition.field} of type ${type} cannot be compared by ${operator}`,
  );
  const scalar = type === "text[]" ? "text" : type;
  const sqlType = scalarTypes[scalar];
  const values = condition.values.map((value) => {
    const checked = listingValue(scalar, value);
    if (checked === undefined)
      throw new Error(`A value for the list field ${condition.field} is no ${scalar}`);
    return checked;
  });
  const [value] = values;
  if (value === undefined) throw new Error(`A condition on the list field ${condition.field} has no value`);

  switch (operator) {
    case "contains":
      // A single text is a list of one, such as the one account that a cart's `account_ids` may name.
      if (scalar !== "text") throw impossible;
      return equalSql(column, type, values, sqlType, bind);
    case "eq":
    case "in":
      return equalSql(column, type, values, sqlType, bind);
    case "like":
    case "ilike": {
      if (scalar !== "text") throw impossible;
      const patterns = `any(${bind(values.map(likePattern))}::text[])`;
      if (type === "text") return `${column} ${operator} ${patterns}`;
      return `exists (select from unnest(${column}) as member where member ${operator} ${patterns})`;
    }
    case "gt":
    case "ge":
    case "lt":
    case "le":
      if (type === "text[]" || type === "boolean" || values.length > 1) throw impossible;
      return `${column} ${comparisons[operator]} ${bind(value)}::${sqlType}`;
  }
}

function equalSql(column: string, type: ListedType, values: string[], sqlType: string, bind: Bind): string {
  if (type === "text[]") return `${column} && ${bind(values)}::text[]`;
  if (values.length === 1) return `${column} = ${bind(values[0])}::${sqlType}`;
  return `${column} = any(${bind(values)}::${sqlType}[])`;
}

/** A pattern for LIKE: `*` becomes `%`, and what LIKE itself would take for a sign stands for itself. */
function likePattern(value: string): string {
  return value.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%");
}

function sortSql(sort: Sort | undefined, columns: ListedColumns) {
  if (!sort) return undefined;
  const { column, type } = columnOf(sort.field, columns);
  if (type === "text[]") throw new Error(`A list cannot be sorted by ${sort.field}, which is a list itself`);
  return { column, direction: sort.descending ? "desc" : "asc" };
}

function columnOf(field: string, columns: ListedColumns): ListedColumns[string] {
  const found = Object.hasOwn(columns, field) ? columns[field] : undefined;
  if (!found) throw new Error(`The list field ${JSON.stringify(field)} has no column`);
  return found;
}

function count(rows: number): number {
  if (!Number.isSafeInteger(rows) || rows < 0) throw new Error(`${rows} is no number of rows`);
  return rows;
}
