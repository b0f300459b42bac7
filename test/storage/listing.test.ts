import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFilter } from "../../src/http/elasticpath/filter.ts";
import type {
  Condition,
  Filter,
  FilterOperator,
  ListableFields,
  ListQuery,
  Sort,
} from "../../src/operations/listing.ts";
import { type OpenDatabase, openDatabase } from "../../src/storage/postgres/database.ts";
import { type ListedColumns, listRows } from "../../src/storage/postgres/listing.ts";
import { startTestDatabase, type TestDatabase } from "../embedded-database.ts";

type Row = {
  id: string;
  name: string;
  note: string | null;
  tags: readonly string[];
  amount: bigint;
  manual: boolean;
  /** RFC 3339 in UTC, to the microsecond. */
  at: string;
};

const everyOperator: readonly FilterOperator[] = [
  "eq",
  "in",
  "like",
  "ilike",
  "contains",
  "gt",
  "ge",
  "lt",
  "le",
  "is_null",
];
const fields = {
  id: { type: "text", operators: everyOperator, sortable: true },
  name: { type: "text", operators: everyOperator, sortable: true },
  note: { type: "text", operators: everyOperator, sortable: true },
  tags: { type: "text", operators: ["eq", "in", "like", "ilike", "contains", "is_null"] },
  amount: { type: "integer", operators: ["eq", "in", "gt", "ge", "lt", "le", "is_null"], sortable: true },
  manual: { type: "boolean", operators: ["eq", "in", "is_null"], sortable: true },
  at: { type: "timestamp", operators: ["eq", "in", "gt", "ge", "lt", "le", "is_null"], sortable: true },
} satisfies ListableFields;
type Field = keyof typeof fields;

const columns: ListedColumns = {
  ...Object.fromEntries(
    Object.entries(fields).map(([field, { type }]) => [field, { column: `t.${field}`, type }]),
  ),
  tags: { column: "t.tags", type: "text[]" },
};

// Signs that mean something to LIKE, to arrays, to SQL or to the filter, and characters of two and four bytes.
const signs = ["a", "b", "B", "%", "_", "\\", "*", "'", '"', "{", ",", "}", ":", "|", "+", " ", "é", "😀"];
const texts = fc.string({ unit: fc.constantFrom(...signs), maxLength: 4 });
const amounts = fc.oneof(fc.bigInt({ min: -3n, max: 3n }), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n)));
const moments = fc.constantFrom(
  "0001-01-01T00:00:00.000000Z",
  "1969-12-31T23:59:59.999000Z",
  "2022-04-27T00:00:00.000000Z",
  "2022-04-27T00:00:00.000001Z",
  "9999-12-31T23:59:59.999999Z",
);
const rowWithoutId = fc.record({
  name: texts,
  note: fc.option(texts),
  tags: fc.array(texts, { maxLength: 3 }),
  amount: amounts,
  manual: fc.boolean(),
  at: moments,
});

let server: TestDatabase;
let database: OpenDatabase;
const rows: Row[] = fc
  .sample(rowWithoutId, { numRuns: 120, seed: 7 })
  .map((row, index) => ({ ...row, id: `id-${(index * 37) % 120}` }));

beforeAll(async () => {
  server = await startTestDatabase();
  database = openDatabase({ connection: await server.createDatabase(), maxConnections: 2, onError() {} });
  await database.pool.query(`create table t (
    store text not null, id text collate "C" not null, name text collate "C" not null, note text collate "C",
    tags text[] collate "C" not null, amount bigint not null, manual boolean not null, at timestamptz not null)`);
  for (const store of ["s1", "s2"]) {
    for (const row of rows) {
      await database.pool.query("insert into t values ($1, $2, $3, $4, $5, $6, $7, $8)", [
        store,
        row.id,
        row.name,
        row.note,
        row.tags,
        row.amount.toString(),
        row.manual,
        row.at,
      ]);
    }
  }
});
afterAll(async () => {
  await database.close();
  await server.close();
});

async function list(query: Partial<ListQuery>): Promise<{ ids: string[]; total: number }> {
  const listed = await listRows<{ id: string }>(database, {
    select: "t.id",
    from: "t",
    where: "t.store = $1 or t.store = $2",
    values: ["s1", "nowhere"],
    columns,
    key: "t.id",
    query: { filter: [], sort: undefined, limit: 100, offset: 0, ...query },
  });
  return { ids: listed.rows.map((row) => row.id), total: listed.total };
}

/** The same list by the plainest means. */
function expected({ filter = [], sort, limit = 100, offset = 0 }: Partial<ListQuery>) {
  const found = rows
    .filter((row) => filter.length === 0 || filter.some((group) => group.every((one) => holds(one, row))))
    .sort((a, b) => order(a, b, sort));
  return { ids: found.slice(offset, offset + limit).map((row) => row.id), total: found.length };
}

function holds({ field, operator, values }: Condition, row: Row): boolean {
  const held = row[field as Field];
  if (operator === "is_null") return held === null;
  if (held === null) return false;
  const members = typeof held === "object" ? held : [String(held)];
  return members.some((member) =>
    values.some((value) => {
      if (operator === "like") return pattern(value, "su").test(member);
      if (operator === "ilike") return pattern(value, "sui").test(member);
      const comparison = typeof held === "bigint" ? compare(held, BigInt(value)) : compare(member, value);
      if (operator === "gt") return comparison > 0;
      if (operator === "ge") return comparison >= 0;
      if (operator === "lt") return comparison < 0;
      if (operator === "le") return comparison <= 0;
      return comparison === 0;
    }),
  );
}

function pattern(value: string, flags: string): RegExp {
  const parts = value.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, flags);
}

function compare(a: string | bigint, b: string | bigint): number {
  if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/** As PostgreSQL: absent texts come last, or first when the order is turned round. */
function order(a: Row, b: Row, sort: Sort | undefined): number {
  const key = (row: Row) => (sort ? row[sort.field as Field] : "");
  const [left, right] = [key(a), key(b)];
  const byKey =
    left === null || right === null
      ? Number(left === null) - Number(right === null)
      : compare(
          typeof left === "bigint" ? left : String(left),
          typeof right === "bigint" ? right : String(right),
        );
  return (byKey || compare(a.id, b.id)) * (sort?.descending ? -1 : 1);
}

const valuesOf: Record<Field, fc.Arbitrary<string>> = {
  id: fc.constantFrom("id-1", "id-2", "id-*", "*9*"),
  name: texts,
  note: texts,
  tags: texts,
  amount: amounts.map(String),
  manual: fc.boolean().map(String),
  at: moments,
};
const conditions = fc
  .constantFrom(...(Object.keys(fields) as Field[]))
  .chain((field) => fc.tuple(fc.constant(field), fc.constantFrom<FilterOperator>(...fields[field].operators)))
  .chain(([field, operator]) => {
    const most = operator === "in" ? 4 : 1;
    const values =
      operator === "is_null" ? fc.constant([]) : fc.array(valuesOf[field], { minLength: 1, maxLength: most });
    return fc.record({ field: fc.constant<string>(field), operator: fc.constant(operator), values });
  });
const filters = fc.array(fc.array(conditions, { minLength: 1, maxLength: 3 }), { maxLength: 3 });
const sorts = fc.option(
  fc.record({
    field: fc.constantFrom<string>("id", "name", "note", "amount", "manual", "at"),
    descending: fc.boolean(),
  }),
  { nil: undefined },
);
const queries = fc.record({
  filter: filters,
  sort: sorts,
  limit: fc.integer({ min: 1, max: 100 }),
  offset: fc.constantFrom(0, 0, 1, 5, 119, 120, 10_000),
});

/** The filter as a client sends it, every value quoted. */
function written(filter: Filter): string {
  const quoted = (value: string) => `"${value.replace(/["\\]/g, "\\$&")}"`;
  const groups = filter.map((group) =>
    group
      .map(({ operator, field, values }) => `${operator}(${[field, ...values.map(quoted)].join(",")})`)
      .join(":"),
  );
  return encodeURIComponent(groups.join("|"));
}

describe("a list in PostgreSQL", () => {
  test("holds what the filter of a request says, in its order, with the number of all matches", async () => {
    // A list of all rows, or of none, would look right for many a wrong reason.
    let telling = 0;
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const read = readFilter(written(query.filter), fields);
        if (!read.ok) throw new Error(JSON.stringify(read.error));
        const found = await list({ ...query, filter: read.value });
        expect(found).toEqual(expected(query));
        if (found.total > 0 && found.total < rows.length) telling += 1;
      }),
      { numRuns: 600 },
    );
    expect(telling).toBeGreaterThan(100);
  });

  test("can be paged through without a gap or a repeat, also by a field that many rows share", async () => {
    for (const descending of [false, true]) {
      const sort = { field: "manual", descending };
      const seen: string[] = [];
      for (let offset = 0; offset < rows.length; offset += 7) {
        const page = await list({ sort, limit: 7, offset });
        expect(page.total).toBe(rows.length);
        seen.push(...page.ids);
      }
      expect(seen).toEqual(expected({ sort, limit: rows.length }).ids);
      expect(new Set(seen).size).toBe(rows.length);
    }
  });

  test("beyond its end is empty and still knows its total", async () => {
    expect(await list({ offset: 10_000 })).toEqual({ ids: [], total: rows.length });
    const filter: Filter = [[{ field: "id", operator: "eq", values: ["none"] }]];
    expect(await list({ filter })).toEqual({ ids: [], total: 0 });
  });

  test("takes one round trip and gives rows without columns of its own", async () => {
    const before = database.statementCount();
    const listed = await listRows(database, {
      select: "t.id, t.amount",
      from: "t",
      where: "t.store = $1",
      values: ["s1"],
      columns,
      key: "t.id",
      query: { filter: [], sort: { field: "at", descending: true }, limit: 1, offset: 0 },
    });
    expect(database.statementCount() - before).toBe(1);
    expect(Object.keys(listed.rows[0] ?? {})).toEqual(["id", "amount"]);
  });

  test("never makes PostgreSQL answer an error, whatever the filter", async () => {
    const value = fc.oneof(
      fc.constantFrom(
        "now",
        "infinity",
        "1e400",
        "null",
        "-0",
        "0000-01-01",
        "2022-02-30",
        "\\",
        "%",
        "*%",
        "a%5C",
        "%00",
      ),
      fc.constantFrom("9223372036854775807", "9223372036854775808", "-9223372036854775809", "true", "t"),
      fc.constantFrom(
        "10000-01-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "-62135596800001",
      ),
      fc.string({ unit: "binary", maxLength: 8 }).map(encodeURIComponent),
    );
    const condition = fc
      .tuple(fc.constantFrom(...everyOperator), fc.constantFrom(...Object.keys(fields)), value, fc.boolean())
      .map(([operator, field, raw, quoted]) => {
        const sent = quoted ? `"${raw.replace(/["\\]/g, "\\$&").replaceAll("%5C", "%5C%5C")}"` : raw;
        return operator === "is_null" ? `is_null(${field})` : `${operator}(${field},${sent})`;
      });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(condition, { minLength: 1, maxLength: 3 }), async (parts) => {
        const read = readFilter(parts.join("|"), fields);
        if (!read.ok) return;
        accepted += 1;
        await list({ filter: read.value });
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
