import { describe, expect, test } from "vitest";
import type { Condition, ListQuery } from "../../operations/listing.ts";
import { buildListing, type ListedColumns } from "./listing.ts";

const columns: ListedColumns = {
  name: { column: "o.name", type: "text" },
  product_id: { column: "o.product_ids", type: "text[]" },
  with_tax: { column: "o.with_tax", type: "integer" },
  manual: { column: "o.manual", type: "boolean" },
  created_at: { column: "o.created_at", type: "timestamp" },
};

function build(query: Partial<ListQuery>) {
  return buildListing({
    select: "o.doc",
    from: "orders o",
    where: "o.store_id = $1",
    values: ["s1"],
    columns,
    key: "o.id",
    query: { filter: [], sort: undefined, limit: 25, offset: 50, ...query },
  });
}

/** What the conditions become, and the values that are bound for them. */
function filtered(...conditions: [field: string, operator: Condition["operator"], ...values: string[]][]) {
  const group = conditions.map(([field, operator, ...values]) => ({ field, operator, values }));
  const { text, values } = build({ filter: [group] });
  const [, sql] =
    /as listing_total from orders o where \(o\.store_id = \$1\) and \(\((.*)\)\)\)/.exec(text) ?? [];
  return [sql, ...values.slice(1, -2)];
}

const squeezed = (text: string): string => text.replace(/\s+/g, " ");

describe("the statement", () => {
  test("counts apart from the part, and orders by key", () => {
    const { text, values } = build({});
    expect(squeezed(text)).toBe(
      "select part.*, counted.listing_total " +
        "from (select count(*) as listing_total from orders o where (o.store_id = $1) and (true)) as counted " +
        "left join ( select o.doc, true as listing_found, null as listing_sort, o.id as listing_key " +
        "from orders o where (o.store_id = $1) and (true) order by o.id asc " +
        "limit $2::bigint offset $3::bigint ) as part on true order by part.listing_key asc",
    );
    expect(values).toEqual(["s1", 25, 50]);
  });

  test("sorts by a field and then by key, both the same way", () => {
    const { text } = build({ sort: { field: "created_at", descending: true } });
    expect(text).toContain("order by o.created_at desc, o.id desc");
    expect(text).toContain("order by part.listing_sort desc, part.listing_key desc");
    expect(build({ sort: { field: "name", descending: false } }).text).toContain(
      "order by o.name asc, o.id asc",
    );
  });

  test("binds the values of a filter once and uses them in both places", () => {
    const { text, values } = build({
      filter: [
        [
          { field: "name", operator: "eq", values: ["a"] },
          { field: "with_tax", operator: "gt", values: ["5"] },
        ],
        [{ field: "name", operator: "is_null", values: [] }],
      ],
    });
    const where =
      "where (o.store_id = $1) and ((o.name = $2::text and o.with_tax > $3::bigint) or (o.name is null))";
    expect(text.split(where)).toHaveLength(3);
    expect(values).toEqual(["s1", "a", "5", 25, 50]);
  });
});

describe("conditions", () => {
  test("compare each type as itself", () => {
    expect(filtered(["name", "eq", "a"])).toEqual(["o.name = $2::text", "a"]);
    expect(filtered(["name", "ge", "a"])).toEqual(["o.name >= $2::text", "a"]);
    expect(filtered(["with_tax", "lt", "-7"])).toEqual(["o.with_tax < $2::bigint", "-7"]);
    expect(filtered(["manual", "eq", "true"])).toEqual(["o.manual = $2::boolean", "true"]);
    expect(filtered(["created_at", "le", "2022-04-27"])).toEqual([
      "o.created_at <= $2::timestamptz",
      "2022-04-27T00:00:00.000000Z",
    ]);
    expect(filtered(["name", "is_null"])).toEqual(["o.name is null"]);
  });

  test("take any of several values", () => {
    expect(filtered(["name", "in", "a", "b"])).toEqual(["o.name = any($2::text[])", ["a", "b"]]);
    expect(filtered(["name", "eq", "a+b", "a b"])).toEqual(["o.name = any($2::text[])", ["a+b", "a b"]]);
    expect(filtered(["with_tax", "in", "1", "2"])).toEqual(["o.with_tax = any($2::bigint[])", ["1", "2"]]);
  });

  test("ask lists about their members", () => {
    expect(filtered(["product_id", "eq", "p"])).toEqual(["o.product_ids && $2::text[]", ["p"]]);
    expect(filtered(["product_id", "contains", "p"])).toEqual(["o.product_ids && $2::text[]", ["p"]]);
    expect(filtered(["name", "contains", "p"])).toEqual(["o.name = $2::text", "p"]);
    expect(filtered(["product_id", "like", "p*"])).toEqual([
      "exists (select from unnest(o.product_ids) as member where member like any($2::text[]))",
      ["p%"],
    ]);
  });

  test("like knows the star alone, every other sign stands for itself", () => {
    expect(filtered(["name", "like", "*50%_\\*"])).toEqual([
      "o.name like any($2::text[])",
      ["%50\\%\\_\\\\%"],
    ]);
    expect(filtered(["name", "ilike", "a+b", "a b"])).toEqual([
      "o.name ilike any($2::text[])",
      ["a+b", "a b"],
    ]);
  });

  test("never put a value or a field into the text", () => {
    const evil = "'; drop table orders; --$1";
    const { text } = build({
      filter: [
        [
          { field: "name", operator: "eq", values: [evil] },
          { field: "name", operator: "in", values: [evil, "x"] },
          { field: "product_id", operator: "like", values: [evil] },
        ],
      ],
    });
    expect(text).not.toContain("drop");
  });
});

describe("what was not checked before is a bug and thrown", () => {
  test.each([
    ["a field without a column", { filter: [[{ field: "price", operator: "eq", values: ["1"] }]] }],
    ["a field of every object", { filter: [[{ field: "toString", operator: "eq", values: ["1"] }]] }],
    [
      "absence of a field of every object",
      { filter: [[{ field: "toString", operator: "is_null", values: [] }]] },
    ],
    ["sorting by a field of every object", { sort: { field: "constructor", descending: false } }],
    [
      "an integer beyond 64 bits",
      { filter: [[{ field: "with_tax", operator: "eq", values: ["9223372036854775808"] }]] },
    ],
    ["a day that is none", { filter: [[{ field: "created_at", operator: "gt", values: ["2022-02-30"] }]] }],
    ["a NUL in a text", { filter: [[{ field: "name", operator: "eq", values: ["a\0"] }]] }],
    ["a NUL in a list", { filter: [[{ field: "product_id", operator: "contains", values: ["a\0"] }]] }],
    ["a number as boolean", { filter: [[{ field: "manual", operator: "eq", values: ["1"] }]] }],
    ["one wrong value of two", { filter: [[{ field: "with_tax", operator: "in", values: ["1", "x"] }]] }],
    ["no value", { filter: [[{ field: "name", operator: "in", values: [] }]] }],
    ["two values to compare by size", { filter: [[{ field: "name", operator: "gt", values: ["a", "b"] }]] }],
    ["like on a number", { filter: [[{ field: "with_tax", operator: "like", values: ["1"] }]] }],
    ["contains on a number", { filter: [[{ field: "with_tax", operator: "contains", values: ["1"] }]] }],
    ["size of a list", { filter: [[{ field: "product_id", operator: "gt", values: ["a"] }]] }],
    ["size of a boolean", { filter: [[{ field: "manual", operator: "gt", values: ["true"] }]] }],
    ["sorting by an unknown field", { sort: { field: "name; drop", descending: false } }],
    ["sorting by a list", { sort: { field: "product_id", descending: false } }],
    ["a broken limit", { limit: 1.5 }],
    ["a negative offset", { offset: -1 }],
  ] satisfies [string, Partial<ListQuery>][])("%s", (_, query) => {
    expect(() => build(query)).toThrow();
  });
});
