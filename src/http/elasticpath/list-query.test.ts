import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listRefused, pageLinks, pageMeta, parseInclude, parseListQuery } from "./list-query.ts";

const rules = {
  fields: {
    status: { type: "text", operators: ["eq"], sortable: true },
    created_at: { type: "timestamp", operators: ["gt"], sortable: true },
    email: { type: "text", operators: ["eq"] },
  },
  defaultLimit: 25,
  defaultSort: { field: "created_at", descending: true },
} as const;

function answerTo(rawQuery: string) {
  const query = parseListQuery(rawQuery, rules);
  return query.ok ? query.value : listRefused(query.error);
}

const invalid = (source: string, title: string, detail: string, value?: unknown) => ({
  status: 400,
  body: { errors: [{ status: 400, source, title, detail, ...(value !== undefined && { meta: { value } }) }] },
});

describe("the query of a list", () => {
  test("that names nothing has the defaults", () => {
    expect(answerTo("")).toEqual({ filter: [], sort: rules.defaultSort, limit: 25, offset: 0 });
    expect(answerTo("sort=&filter=&include=items&page[total_method]=observed&x")).toEqual(answerTo(""));
  });

  test("as the SDKs send it, plain or percent-encoded", () => {
    const expected = {
      filter: [[{ field: "status", operator: "eq", values: ["paid"] }]],
      sort: { field: "created_at", descending: true },
      limit: 5,
      offset: 10,
    };
    expect(
      answerTo("include=items&sort=-created_at&page[limit]=5&page[offset]=10&filter=eq(status,paid)"),
    ).toEqual(expected);
    expect(
      answerTo("sort=%2Dcreated_at&page%5Blimit%5D=5&page%5boffset%5d=10&filter=eq%28status%2Cpaid%29"),
    ).toEqual(expected);
  });

  test("sorts upwards without a minus", () => {
    expect(answerTo("sort=status")).toMatchObject({ sort: { field: "status", descending: false } });
  });

  test("takes the last of what is sent twice", () => {
    expect(answerTo("page[limit]=5&page[limit]=6&sort=status&sort=created_at")).toMatchObject({
      limit: 6,
      sort: { field: "created_at" },
    });
  });

  test("keeps the limits, and refuses what is beyond", () => {
    expect(answerTo("page[limit]=100&page[offset]=10000")).toMatchObject({ limit: 100, offset: 10_000 });
    expect(answerTo("page[limit]=1&page[offset]=0")).toMatchObject({ limit: 1, offset: 0 });
    expect(answerTo("page[limit]=101")).toEqual(
      invalid("page[limit]", "number_lte", "Must be less than or equal to 100", 101),
    );
    expect(answerTo("page[limit]=0")).toEqual(
      invalid("page[limit]", "number_gte", "Must be greater than or equal to 1", 0),
    );
    expect(answerTo("page[offset]=-1")).toEqual(
      invalid("page[offset]", "number_gte", "Must be greater than or equal to 0", -1),
    );
    expect(answerTo("page%5Boffset%5D=10001")).toEqual(
      invalid("page[offset]", "number_lte", "Must be less than or equal to 10000", 10_001),
    );
    const huge = "9".repeat(400);
    expect(answerTo(`page[offset]=${huge}`)).toEqual(
      invalid("page[offset]", "number_lte", "Must be less than or equal to 10000", huge.slice(0, 50)),
    );
  });

  test.each(["abc", "", "1.5", "1e1", "0x5", "5;drop", "٣", "%ff", "--1"])(
    "refuses the limit %j",
    (limit) => {
      expect(answerTo(`page[limit]=${limit}`)).toEqual(
        invalid("page[limit]", "invalid_type", "Must be integer"),
      );
    },
  );

  test.each(["email", "-email", "price", "toString", "created_at,status", "--status"])(
    "refuses to sort by %s",
    (sort) => {
      expect(answerTo(`sort=${sort}`)).toEqual(
        invalid(
          "sort",
          "enum",
          `sort must be one of the following: "status", "-status", "created_at", "-created_at"`,
        ),
      );
    },
  );

  test("refuses a filter in the documented words", () => {
    expect(answerTo("filter=eq(email,a@b.c")).toMatchObject({
      status: 400,
      body: { errors: [{ title: "Bad Request", detail: "Could not parse the supplied filter" }] },
    });
  });

  test("refuses two filters, since leaving one out would show more than was asked for", () => {
    expect(answerTo("filter=eq(status,paid)&filter=eq(email,a)")).toMatchObject({
      status: 400,
      body: { errors: [{ detail: "Could not parse the supplied filter", source: "filter" }] },
    });
  });

  test("never makes the reader throw", () => {
    const piece = fc.constantFrom(
      "page[limit]=",
      "page%5Boffset%5D=",
      "filter=",
      "sort=",
      "&",
      "-",
      "7",
      "eq(status,",
      ")",
      "%",
      "+",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" }))), (pieces) => {
        const query = parseListQuery(pieces.join(""), rules);
        if (query.ok) {
          expect(query.value.limit).toBeGreaterThanOrEqual(1);
          expect(query.value.limit).toBeLessThanOrEqual(100);
        } else {
          expect(listRefused(query.error).status).toBe(400);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("include", () => {
  test("comes joined by commas or repeated, in any case, each name counting once", () => {
    expect(parseInclude("include=items,tax_items")).toEqual(["items", "tax_items"]);
    expect(parseInclude("include=items&page[limit]=5&include=Tax_Items&include=items")).toEqual([
      "items",
      "tax_items",
    ]);
    expect(parseInclude("include=items%2C%20promotions,,")).toEqual(["items", "promotions"]);
    expect(parseInclude("include=&x=items")).toEqual([]);
  });
});

describe("links and meta", () => {
  const request = { baseUrl: "https://shop.example", path: "/v2/orders", rawQuery: "" };
  const url = (offset: number, limit: number, rest = "") =>
    `https://shop.example/v2/orders?page[offset]=${offset}&page[limit]=${limit}${rest}`;

  test("of a list that fits on one page", () => {
    expect(pageLinks(request, { limit: 10, offset: 0 }, 10)).toEqual({
      current: url(0, 10),
      first: url(0, 10),
      last: null,
      next: null,
      prev: null,
    });
    expect(pageMeta({ limit: 10, offset: 0 }, 10)).toEqual({
      page: { limit: 10, offset: 0, current: 1, total: 1 },
      results: { total: 10 },
    });
  });

  test("of a list without rows", () => {
    expect(pageLinks(request, { limit: 10, offset: 0 }, 0)).toMatchObject({
      last: null,
      next: null,
      prev: null,
    });
    expect(pageMeta({ limit: 10, offset: 0 }, 0)).toEqual({
      page: { limit: 10, offset: 0, current: 1, total: 0 },
      results: { total: 0 },
    });
  });

  test("of the first, a middle and the last page", () => {
    expect(pageLinks(request, { limit: 10, offset: 0 }, 21)).toEqual({
      current: url(0, 10),
      first: url(0, 10),
      last: url(20, 10),
      next: url(10, 10),
      prev: null,
    });
    expect(pageLinks(request, { limit: 10, offset: 10 }, 21)).toMatchObject({
      next: url(20, 10),
      prev: url(0, 10),
    });
    expect(pageLinks(request, { limit: 10, offset: 20 }, 21)).toMatchObject({
      last: url(20, 10),
      next: null,
      prev: url(10, 10),
    });
    expect(pageMeta({ limit: 10, offset: 20 }, 21).page).toEqual({
      limit: 10,
      offset: 20,
      current: 3,
      total: 3,
    });
  });

  test("lead back from beyond the end, and to the beginning from within the first page", () => {
    expect(pageLinks(request, { limit: 10, offset: 500 }, 21)).toMatchObject({
      next: null,
      prev: url(20, 10),
    });
    expect(pageLinks(request, { limit: 10, offset: 500 }, 0)).toMatchObject({ last: null, prev: url(0, 10) });
    expect(pageLinks(request, { limit: 10, offset: 5 }, 21)).toMatchObject({
      next: url(15, 10),
      prev: url(0, 10),
    });
  });

  test("repeat the other parameters as they were sent", () => {
    const rawQuery =
      "include=items&page%5Blimit%5D=10&filter=eq(email,a+b@c.co)&sort=-created_at&page[offset]=0";
    const rest = "&include=items&filter=eq(email,a+b@c.co)&sort=-created_at";
    const links = pageLinks({ ...request, rawQuery }, { limit: 10, offset: 0 }, 21);
    expect(links).toMatchObject({
      current: url(0, 10, rest),
      next: url(10, 10, rest),
      last: url(20, 10, rest),
    });
  });

  test("following next reads every row once, following prev leads back to the first page", () => {
    const sizes = { limit: fc.integer({ min: 1, max: 100 }), total: fc.integer({ min: 0, max: 500 }) };
    fc.assert(
      fc.property(sizes.limit, sizes.total, (limit, total) => {
        const offsetOf = (link: string) => Number(new URL(link).searchParams.get("page[offset]"));
        let seen = 0;
        let offset = 0;
        for (;;) {
          expect(offset).toBe(seen);
          seen += Math.min(limit, total - offset);
          const { next } = pageLinks(request, { limit, offset }, total);
          if (next === null) break;
          offset = offsetOf(next);
        }
        expect(seen).toBe(total);
        const { page } = pageMeta({ limit, offset }, total);
        expect(page.current).toBe(Math.max(1, page.total));
        for (let steps = 0; offset > 0; steps += 1) {
          expect(steps).toBeLessThan(page.total);
          offset = offsetOf(pageLinks(request, { limit, offset }, total).prev ?? "");
        }
      }),
    );
  });
});
