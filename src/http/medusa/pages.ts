import Type from "typebox";
import type { Call, Reply } from "../route.ts";
import { readQuery } from "./query.ts";

const moment = Type.Optional(
  Type.Object(
    { lt: Type.String(), gt: Type.String(), lte: Type.String(), gte: Type.String() },
    { required: [], additionalProperties: false },
  ),
);

/** What every list may be asked for. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  order: Type.Optional(Type.String({ maxLength: 100 })),
  expand: Type.Optional(Type.String({ maxLength: 1000 })),
  fields: Type.Optional(Type.String({ maxLength: 1000 })),
  q: Type.Optional(Type.String({ maxLength: 255 })),
  created_at: moment,
  updated_at: moment,
  deleted_at: moment,
} as const;

/** Names of what every list that has moments may be asked for. */
export const pageParameters: readonly string[] = Object.keys(pageQuery);

/** A thing as this API shows it. */
type WireRow = Readonly<Record<string, unknown>>;

export type PageSource<Row extends WireRow> = {
  /** Name of the list in the answer. */
  readonly name: string;
  /** Newest last; the page shows them newest first unless it is asked for an order. */
  readonly rows: readonly Row[];
  /** Members whose texts `q` looks into. */
  readonly searched?: readonly (keyof Row & string)[];
  /** Members that the query may name to get only rows that have that value, or one of those. */
  readonly filters?: readonly (keyof Row & string)[];
  /** What else the query may name, which whoever calls has looked at. */
  readonly known?: readonly string[];
  /** Members that are moments, besides when a row was made, changed and deleted. */
  readonly moments?: readonly (keyof Row & string)[];
  /** Rows of a page when the query names no number. */
  readonly limit: number;
};

/**
 * One page of a list that is in memory, as whatever merchants set up is: filtered, sorted and cut as the query says.
 * `{ [name]: rows, count, offset, limit }`, or a refusal of the query.
 */
export function pageReply<Row extends WireRow>(call: Call, source: PageSource<Row>): Reply {
  const { filters = [], moments = [], known = [] } = source;
  const schema = Type.Object({
    ...pageQuery,
    ...Object.fromEntries([...filters, ...known].map((name) => [name, Type.Optional(Type.Unknown())])),
    ...Object.fromEntries(moments.map((name) => [name, moment])),
  });
  const read = readQuery<PageQuery>(call, schema);
  if ("refusal" in read) return read.refusal;
  const { query } = read;
  const { limit = source.limit, offset = 0 } = query;
  const found = sorted(
    source.rows.filter(
      (row) =>
        filters.every((name) => hasValue(row[name], query[name])) &&
        isSearched(row, source.searched ?? [], query.q) &&
        isWithin(row.created_at, query.created_at) &&
        isWithin(row.updated_at, query.updated_at) &&
        isWithin(row.deleted_at, query.deleted_at) &&
        moments.every((name) => isWithin(row[name], query[name] as Moments | undefined)),
    ),
    query.order,
  );
  const page = found.slice(offset, offset + limit);
  return { status: 200, body: { [source.name]: page, count: found.length, offset, limit } };
}

type Moments = { readonly lt?: string; readonly gt?: string; readonly lte?: string; readonly gte?: string };
type PageQuery = {
  readonly limit?: number;
  readonly offset?: number;
  readonly order?: string;
  readonly q?: string;
  readonly created_at?: Moments;
  readonly updated_at?: Moments;
  readonly deleted_at?: Moments;
} & Readonly<Record<string, unknown>>;

function hasValue(value: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  return (Array.isArray(wanted) ? wanted : [wanted]).some((one) => String(one) === String(value));
}

function isSearched(row: WireRow, members: readonly string[], q = ""): boolean {
  if (q === "" || members.length === 0) return true;
  const text = q.toLowerCase();
  return members.some((member) =>
    String(row[member] ?? "")
      .toLowerCase()
      .includes(text),
  );
}

/** What is missing is within no bounds. */
function isWithin(value: unknown, { lt, gt, lte, gte }: Moments = {}): boolean {
  const at = Date.parse(String(value));
  return (
    (lt === undefined || at < Date.parse(lt)) &&
    (gt === undefined || at > Date.parse(gt)) &&
    (lte === undefined || at <= Date.parse(lte)) &&
    (gte === undefined || at >= Date.parse(gte))
  );
}

function sorted<Row extends WireRow>(rows: readonly Row[], order: string | undefined): Row[] {
  if (order === undefined || order === "") return [...rows].reverse();
  const descending = order.startsWith("-");
  const member = descending ? order.slice(1) : order;
  const ascending = [...rows].sort((a, b) => compare(a[member], b[member]));
  return descending ? ascending.reverse() : ascending;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [String(a ?? ""), String(b ?? "")];
  return left < right ? -1 : left > right ? 1 : 0;
}
