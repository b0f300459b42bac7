import type { Reply } from "../route.ts";
import { invalidData } from "./errors.ts";
import type { WireOrder } from "./render-order.ts";

type Member = keyof WireOrder;

/** What an answer is joined with unless the request says otherwise, and what it may ask for. */
type Relations = {
  readonly shown: readonly Member[];
  readonly allowed: readonly Member[];
  /** Whether `expand=returnable_items` shows what was sent and has not come back. */
  readonly withReturnable?: true;
};

const relations = [
  ...([
    "billing_address",
    "claims",
    "customer",
    "discounts",
    "fulfillments",
    "gift_card_transactions",
  ] as const),
  ...(["gift_cards", "items", "payments", "refunds", "region", "returns", "sales_channel"] as const),
  ...(["shipping_address", "shipping_methods", "swaps"] as const),
] satisfies readonly Member[];

const totals = [
  ...(["subtotal", "discount_total", "raw_discount_total", "shipping_total", "refunded_total"] as const),
  ...(["paid_total", "refundable_amount", "item_tax_total", "shipping_tax_total", "tax_total"] as const),
  ...(["gift_card_total", "gift_card_tax_total", "total"] as const),
] satisfies readonly Member[];

const storeShown = [
  ...(["customer", "discounts", "fulfillments", "items", "payments", "region"] as const),
  ...(["shipping_address", "shipping_methods"] as const),
] satisfies readonly Member[];

/** What shoppers see of orders. */
export const storeRelations: Relations = { shown: storeShown, allowed: [...storeShown, "billing_address"] };
/** What shoppers see of an order that they find by its cart, or among their own. */
export const ownRelations: Relations = {
  shown: relations.filter((name) => !["billing_address", "returns", "sales_channel"].includes(name)),
  allowed: relations,
};
/** What the merchant sees. */
export const adminRelations: Relations = { shown: relations, allowed: relations, withReturnable: true };

/** The lists of a request's `expand` and `fields`. */
export type Selection = { readonly expand?: string | undefined; readonly fields?: string | undefined };

/**
 * What a request wants to see of orders: `expand` takes the place of the relations that are shown, `fields` that of the
 * columns; entries that begin with + or - add to what is shown, or take away. The answer is the refusal when a relation
 * may not be asked for.
 */
export function orderSelector(
  { expand, fields }: Selection,
  { shown, allowed, withReturnable }: Relations,
  options: { readonly totalsWithFields: "all" | "named" },
): { readonly select: (order: WireOrder) => object } | { readonly refusal: Reply } {
  const wanted = chosen(expand, shown).map((path) => path.split(".", 1)[0] as string);
  const forbidden = wanted.filter((name) => isRelation(name) && !allowed.includes(name));
  if (forbidden.length > 0)
    return { refusal: invalidData(`Requested fields [${forbidden.join(", ")}] are not valid`) };
  const joined = new Set(wanted);
  const columns = fields === undefined ? undefined : new Set(["id", ...chosen(fields, allColumns)]);
  const all = options.totalsWithFields === "all";
  const isShown = (name: string): boolean => {
    if (isRelation(name)) return joined.has(name);
    if (columns === undefined) return true;
    return columns.has(name) || (all && isTotal(name)) || (name === "created_at" && !all);
  };
  return {
    select: (order) => ({
      ...Object.fromEntries(Object.entries(order).filter(([name]) => isShown(name))),
      ...(withReturnable && joined.has("returnable_items") && { returnable_items: returnable(order) }),
    }),
  };
}

function returnable({ items }: WireOrder) {
  return items.filter((item) => (item.returned_quantity ?? 0) < (item.shipped_quantity ?? 0));
}

/** The list, or the default with what the list adds and takes away. */
function chosen(list: string | undefined, standard: readonly string[]): readonly string[] {
  if (list === undefined) return standard;
  const names = list.split(",").filter((name) => name !== "");
  const signed = names.filter((name) => /^[+-]/.test(name));
  if (signed.length === 0) return names;
  const taken = new Set(signed.filter((name) => name.startsWith("-")).map((name) => name.slice(1)));
  const added = signed.filter((name) => name.startsWith("+")).map((name) => name.slice(1));
  return [...standard.filter((name) => !taken.has(name)), ...added];
}

const allColumns: readonly string[] = [
  ...["created_at", "updated_at", "status", "fulfillment_status", "payment_status", "display_id", "cart_id"],
  ...["customer_id", "email", "region_id", "currency_code", "tax_rate", "canceled_at", "metadata", "object"],
];

const isRelation = (name: string): name is (typeof relations)[number] =>
  relations.some((relation) => relation === name);
const isTotal = (name: string): boolean => totals.some((total) => total === name);
