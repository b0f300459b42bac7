import Type from "typebox";
import type { Condition, ListQuery } from "../../operations/listing.ts";
import type { Reply } from "../route.ts";
import { invalidData } from "./errors.ts";
import { engineId } from "./ids.ts";
import { type ListParameters, readList, searched, timeFilter } from "./list-parameters.ts";
import { stepsBehind } from "./order-statuses.ts";

const words = Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 }));
const word = Type.Optional(Type.String({ maxLength: 255 }));

/** What lists of orders may be filtered by. */
export const orderFilters = {
  q: word,
  id: word,
  status: words,
  fulfillment_status: words,
  payment_status: words,
  display_id: word,
  cart_id: word,
  email: word,
  region_id: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 100 })])),
  currency_code: word,
  sales_channel_id: words,
  tax_rate: word,
  canceled_at: Type.Optional(timeFilter),
} as const;

type OrderFilters = ListParameters & {
  readonly q?: string;
  readonly id?: string;
  readonly status?: readonly string[];
  readonly fulfillment_status?: readonly string[];
  readonly payment_status?: readonly string[];
  readonly display_id?: string;
  readonly cart_id?: string;
  readonly email?: string;
  readonly region_id?: string | readonly string[];
  readonly currency_code?: string;
  readonly sales_channel_id?: readonly string[];
  readonly tax_rate?: string;
};

/** The query as orders are listed, newest first; the refusal says which parameter is not valid. */
export function readOrderList(
  query: OrderFilters,
  of: { readonly defaultLimit: number; readonly conditions: readonly Condition[] },
): { readonly query: ListQuery } | { readonly refusal: Reply } {
  const conditions: Condition[] = [
    // What nobody has promised to pay for is not shown here.
    { field: "status", operator: "in", values: ["processing", "complete", "cancelled"] },
    ...of.conditions,
  ];
  const isOneOf = (field: string, values: readonly string[] | undefined): void => {
    if (values) conditions.push({ field, operator: "in", values });
  };
  for (const status of ["status", "fulfillment_status", "payment_status"] as const) {
    const words = query[status];
    if (!words) continue;
    const steps = stepsBehind(status, words);
    // Words that stand for nothing find nothing: no order is at such a step.
    conditions.push({ field: "progress", operator: "contains", values: steps.length > 0 ? steps : ["-"] });
  }
  isOneOf("id", query.id === undefined ? undefined : [engineId("order", query.id)]);
  isOneOf("region_cart_id", query.cart_id === undefined ? undefined : [engineId("cart", query.cart_id)]);
  isOneOf("email", query.email === undefined ? undefined : [query.email]);
  isOneOf("currency", query.currency_code === undefined ? undefined : [query.currency_code.toUpperCase()]);
  isOneOf(
    "region_id",
    query.region_id === undefined ? undefined : [query.region_id].flat().map((id) => engineId("reg", id)),
  );
  isOneOf(
    "sales_channel_id",
    query.sales_channel_id?.map((id) => engineId("sc", id)),
  );
  isOneOf("tax_rate", query.tax_rate === undefined ? undefined : [query.tax_rate]);
  if (query.canceled_at !== undefined) isOneOf("status", ["cancelled"]);
  const { q, display_id: number } = query;
  if (number !== undefined) {
    if (!/^\d{1,15}$/.test(number)) return { refusal: invalidData("display_id must be an integer number") };
    isOneOf("display_id", [number]);
  }
  return readList(query, {
    sortable: ["created_at", "updated_at", "display_id", "email"],
    defaultLimit: of.defaultLimit,
    conditions,
    anyOf: [
      ...searched(q, ["email", "name"]),
      ...(q !== undefined && /^\d{1,15}$/.test(q)
        ? [{ field: "display_id", operator: "eq", values: [q] } as const]
        : []),
    ],
  });
}
