import Type, { type TProperties } from "typebox";
import type { Condition, ListQuery, Sort } from "../../operations/listing.ts";
import { listingValue } from "../../operations/listing-value.ts";
import type { Reply } from "../route.ts";
import { invalidData } from "./errors.ts";

/** Rows of one page at most. */
const MAX_LIMIT = 1_000;

/** A moment, or bounds of it: `created_at[gte]=2026-01-01`. */
export const timeFilter = Type.Union([
  Type.String({ maxLength: 64 }),
  Type.Object(
    {
      lt: Type.Optional(Type.String({ maxLength: 64 })),
      gt: Type.Optional(Type.String({ maxLength: 64 })),
      lte: Type.Optional(Type.String({ maxLength: 64 })),
      gte: Type.Optional(Type.String({ maxLength: 64 })),
    },
    { additionalProperties: false },
  ),
]);

const names = Type.Optional(Type.String({ maxLength: 2048 }));

/** The query of a list: `own` filters, and what every list has. */
export function listParameters<Own extends TProperties>(own: Own) {
  return Type.Object({
    ...own,
    created_at: Type.Optional(timeFilter),
    updated_at: Type.Optional(timeFilter),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
    order: Type.Optional(Type.String({ maxLength: 64 })),
    expand: names,
    fields: names,
  });
}

/** What the query of a list says besides its own filters. */
export type ListParameters = {
  readonly created_at?: TimeFilter;
  readonly updated_at?: TimeFilter;
  /** Of lists that name it: when it was deleted, which is never. */
  readonly deleted_at?: TimeFilter;
  /** Of lists that name it. */
  readonly canceled_at?: TimeFilter;
  readonly limit?: number;
  readonly offset?: number;
  /** A field to sort by, with "-" before it the other way round. */
  readonly order?: string;
  readonly expand?: string;
  readonly fields?: string;
};

type TimeFilter = string | { readonly [Bound in "lt" | "gt" | "lte" | "gte"]?: string };

const operators = { lt: "lt", gt: "gt", lte: "le", gte: "ge" } as const;

/**
 * The query as lists are read: newest first unless it says otherwise. `sortable` fields may be sorted by; `conditions`
 * must all hold, and one of `anyOf` too, where there are any. The refusal says which parameter is not valid.
 */
export function readList(
  parameters: ListParameters,
  of: {
    readonly sortable: readonly string[];
    readonly defaultLimit: number;
    readonly conditions?: readonly Condition[];
    readonly anyOf?: readonly Condition[];
  },
): { readonly query: ListQuery } | { readonly refusal: Reply } {
  const { order, limit = of.defaultLimit, offset = 0 } = parameters;
  const field = order === undefined ? "created_at" : order.replace(/^-/, "");
  if (!of.sortable.includes(field)) {
    return { refusal: invalidData(`Order field ${field} is not valid`) };
  }
  const sort: Sort = { field, descending: order === undefined || order.startsWith("-") };
  const conditions = [...(of.conditions ?? [])];
  for (const name of ["created_at", "updated_at", "deleted_at", "canceled_at"] as const) {
    const read = timeConditions(name, parameters[name]);
    if (!read) return { refusal: invalidData(`${name} must be a time`) };
    conditions.push(...read);
  }
  const { anyOf = [] } = of;
  const filter =
    anyOf.length > 0 ? anyOf.map((one) => [...conditions, one]) : conditions.length > 0 ? [conditions] : [];
  return { query: { filter, sort, limit, offset } };
}

function timeConditions(field: string, filter: TimeFilter | undefined): readonly Condition[] | undefined {
  if (filter === undefined) return [];
  const wanted =
    typeof filter === "string"
      ? ([["eq", filter]] as const)
      : Object.entries(filter).map(
          ([bound, value]) => [operators[bound as keyof typeof operators], value] as const,
        );
  const conditions: Condition[] = [];
  for (const [operator, text] of wanted) {
    const value = listingValue("timestamp", text);
    if (value === undefined) return undefined;
    conditions.push({ field, operator, values: [value] });
  }
  return conditions;
}

/** What a query's `q` asks of some text fields: that one of them has it somewhere. */
export function searched(q: string | undefined, fields: readonly string[]): readonly Condition[] {
  const text = q?.trim();
  if (!text) return [];
  return fields.map((field) => ({ field, operator: "ilike", values: [`*${text}*`] }));
}

/** The names of a comma list, such as `expand`. */
export function namesIn(list: string | undefined): ReadonlySet<string> {
  return new Set(
    (list ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  );
}
