import { fail, ok, type Result } from "../../domain/result.ts";
import type { ListableFields, ListQuery, Sort } from "../../operations/listing.ts";
import type { Reply } from "../route.ts";
import type { InvalidMember } from "../validation.ts";
import { errorReply } from "./errors.ts";
import { type FilterRefusal, filterError, readFilter } from "./filter.ts";
import { invalidBody } from "./invalid-body.ts";
import { queryParameters, queryValues, rawQueryWithout } from "./query-string.ts";

/** What a list accepts. */
export type ListRules = {
  readonly fields: ListableFields;
  /** Rows of a page when the request names no number: the store's page length. */
  readonly defaultLimit: number;
  /** 100 when absent, the vendor's. */
  readonly maxLimit?: number;
  /** 10,000 when absent, the vendor's. */
  readonly maxOffset?: number;
  /** By id when absent. */
  readonly defaultSort?: Sort;
};

export type ListQueryRefusal =
  | FilterRefusal
  | { readonly type: "filter_repeated" }
  | { readonly type: "parameter_invalid"; readonly parameter: InvalidMember };

/**
 * The part of a list that an undecoded query string asks for: `page[limit]`, `page[offset]` (both count records),
 * `sort`, `filter`. Everything else, `page[total_method]` too, is ignored. Of a parameter that is sent twice the last
 * one counts, except that two filters are refused: leaving one out would show more than was asked for.
 *
 * A limit above the maximum is refused and not cut down, as the vendor's OpenAPI document gives it a maximum; a client
 * that took a cut page for the whole list would lose rows without noticing.
 *
 * For lists only. On a single resource a filter must not be looked at: SDK clients repeat that of an earlier list.
 */
export function parseListQuery(rawQuery: string, rules: ListRules): Result<ListQuery, ListQueryRefusal> {
  const limit = wholeNumber(rawQuery, "page[limit]", rules.defaultLimit, 1, rules.maxLimit ?? 100);
  if (!limit.ok) return limit;
  const offset = wholeNumber(rawQuery, "page[offset]", 0, 0, rules.maxOffset ?? 10_000);
  if (!offset.ok) return offset;
  const sort = parseSort(rawQuery, rules);
  if (!sort.ok) return sort;
  const filters = queryParameters(rawQuery).filter(({ name }) => name === "filter");
  if (filters.length > 1) return fail({ type: "filter_repeated" });
  const filter = readFilter(filters[0]?.rawValue ?? "", rules.fields);
  if (!filter.ok) return filter;
  return ok({ filter: filter.value, sort: sort.value, limit: limit.value, offset: offset.value });
}

/** The answer to a list query that is refused. */
export function listRefused(refusal: ListQueryRefusal): Reply {
  if (refusal.type === "parameter_invalid") return invalidBody([refusal.parameter]);
  if (refusal.type !== "filter_repeated") return errorReply([filterError(refusal)]);
  const reason = "There is more than one filter parameter; join conditions with ':' (and) or '|' (or)";
  const detail = "Could not parse the supplied filter";
  return errorReply([{ status: 400, title: "Bad Request", detail, source: "filter", meta: { reason } }]);
}

function wholeNumber(
  rawQuery: string,
  path: string,
  absent: number,
  minimum: number,
  maximum: number,
): Result<number, ListQueryRefusal> {
  const text = queryValues(rawQuery, path).at(-1)?.trim();
  if (text === undefined) return ok(absent);
  const refuse = (keyword: string, expected: unknown, value: unknown) =>
    fail({ type: "parameter_invalid", parameter: { path, keyword, expected, value } } as const);
  if (!/^-?\d+$/.test(text)) return refuse("type", "integer", text.slice(0, 50));
  const value = Number(text);
  // A number that JSON cannot carry exactly is shown as it was sent.
  const shown = Number.isSafeInteger(value) ? value : text.slice(0, 50);
  if (value < minimum) return refuse("minimum", minimum, shown);
  if (value > maximum) return refuse("maximum", maximum, shown);
  return ok(value);
}

function parseSort(rawQuery: string, rules: ListRules): Result<Sort | undefined, ListQueryRefusal> {
  // The vendor's first SDK puts the field in parentheses.
  const text = queryValues(rawQuery, "sort")
    .at(-1)
    ?.trim()
    .replace(/^\((.*)\)$/, "$1");
  if (!text) return ok(rules.defaultSort);
  const descending = text.startsWith("-");
  const field = descending ? text.slice(1) : text;
  if (rules.fields[field]?.sortable) return ok({ field, descending });
  const sortable = Object.keys(rules.fields).filter((name) => rules.fields[name]?.sortable);
  const expected = sortable.flatMap((name) => [name, `-${name}`]);
  return fail({
    type: "parameter_invalid",
    parameter: { path: "sort", keyword: "enum", expected, value: text.slice(0, 50) },
  });
}

/**
 * The related resources that a request wants with its answer: lower-case names, each once. They come joined by commas or
 * in several parameters; real clients do both. Whoever reads them ignores the names that it does not know.
 */
export function parseInclude(rawQuery: string): string[] {
  const names = queryValues(rawQuery, "include").flatMap((value) => value.toLowerCase().split(","));
  return [...new Set(names.map((name) => name.trim()))].filter((name) => name !== "");
}

export type PageLinks = {
  readonly current: string;
  readonly first: string;
  readonly last: string | null;
  readonly next: string | null;
  readonly prev: string | null;
};

/**
 * The links of one page of a list. All other parameters of the request, such as `filter`, `sort` and `include`, are
 * repeated as they were sent. `last` is null when there is one page. `next` may name an offset beyond the maximum: that
 * request is refused aloud, whereas a null would pass for the end of the list.
 *
 * @param request `baseUrl` without a trailing slash, `path` and `rawQuery` undecoded
 */
export function pageLinks(
  request: { readonly baseUrl: string; readonly path: string; readonly rawQuery: string },
  query: Pick<ListQuery, "limit" | "offset">,
  total: number,
): PageLinks {
  const { limit, offset } = query;
  const lastOffset = Math.max(0, pageCount(limit, total) - 1) * limit;
  const kept = rawQueryWithout(request.rawQuery, ["page[offset]", "page[limit]"]);
  const at = (start: number): string =>
    `${request.baseUrl}${request.path}?page[offset]=${start}&page[limit]=${limit}${kept && `&${kept}`}`;
  return {
    current: at(offset),
    first: at(0),
    last: lastOffset > 0 ? at(lastOffset) : null,
    next: offset + limit < total ? at(offset + limit) : null,
    prev: offset > 0 ? at(Math.max(0, Math.min(offset - limit, lastOffset))) : null,
  };
}

export type PageMeta = {
  readonly page: {
    readonly limit: number;
    readonly offset: number;
    /** Number of this page, from 1. */
    readonly current: number;
    /** Pages there are; 0 when nothing matches. */
    readonly total: number;
  };
  /** Records that match, on all pages. */
  readonly results: { readonly total: number };
};

/** The `meta` of one page of a list. */
export function pageMeta({ limit, offset }: Pick<ListQuery, "limit" | "offset">, total: number): PageMeta {
  const page = { limit, offset, current: Math.floor(offset / limit) + 1, total: pageCount(limit, total) };
  return { page, results: { total } };
}

function pageCount(limit: number, total: number): number {
  return Math.ceil(total / limit);
}
