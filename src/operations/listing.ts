/** How a field is compared with the values of a condition. */
export type FilterOperator =
  | "eq"
  | "in"
  | "like"
  | "ilike"
  | "contains"
  | "gt"
  | "ge"
  | "lt"
  | "le"
  | "is_null";

/** What a field holds, as filters and sorting see it. */
export type ListableType = "text" | "integer" | "boolean" | "timestamp";

/**
 * One comparison. It holds when any of `values` matches: a reader of filters may put two readings of one value here.
 * `gt`, `ge`, `lt` and `le` have exactly one value, `is_null` has none, the others have at least one.
 *
 * Values are in the form that `listingValue` gives them. In those of `like` and `ilike`, every `*` stands for any run
 * of characters, also none. `contains` asks whether a field that holds a list has the value among its members.
 */
export type Condition = {
  readonly field: string;
  readonly operator: FilterOperator;
  readonly values: readonly string[];
};

/** Any of the groups holds, a group being all of its conditions. Without groups everything matches. */
export type Filter = readonly (readonly Condition[])[];

export type Sort = { readonly field: string; readonly descending: boolean };

/** Which rows of a list are wanted, in which order, and which part of them. */
export type ListQuery = {
  readonly filter: Filter;
  /** Absent: by id. Rows that are equal in `field` are in the order of their ids. */
  readonly sort: Sort | undefined;
  /** Rows wanted, at least 1. */
  readonly limit: number;
  /** Rows passed over before the first wanted one. */
  readonly offset: number;
};

/** One part of a list. */
export type Listed<Row> = {
  readonly rows: readonly Row[];
  /** Rows that match, of all parts. */
  readonly total: number;
};

export type ListableField = {
  readonly type: ListableType;
  readonly operators: readonly FilterOperator[];
  /** The list may be sorted by it. */
  readonly sortable?: boolean;
};

/** By which fields a resource may be filtered and sorted, by their names on the wire. */
export type ListableFields = Readonly<Record<string, ListableField>>;
