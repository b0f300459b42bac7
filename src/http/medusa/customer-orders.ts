import type { Static } from "typebox";
import type { Condition } from "../../operations/listing.ts";
import type { Customer } from "../../operations/ports/customers.ts";
import type { OrderScope } from "../../operations/ports/orders.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { renderOrders } from "./answer-order.ts";
import { wireId } from "./ids.ts";
import { listParameters } from "./list-parameters.ts";
import { orderFilters, readOrderList } from "./order-filters.ts";
import { orderSchema } from "./order-schemas.ts";
import { plainOrder } from "./plain-order.ts";
import { readQuery } from "./query.ts";
import type { WireOrder } from "./render-order.ts";
import { error, listOf, plainText } from "./schemas.ts";
import { orderSelector, ownRelations } from "./select-order.ts";

const listQuery = listParameters(orderFilters);

/** Orders that sign-in answers show with a customer, the newest ones. */
const MAX_WITH_CUSTOMER = 100;

/** Orders that staff see with the customers of one answer, the newest ones. */
const MAX_WITH_CUSTOMERS = 1000;

/** What the original computes totals from, and shows with them whatever `fields` and `expand` say. */
const alwaysShown: readonly (keyof WireOrder)[] = [
  ...(["object", "created_at", "tax_rate", "claims", "discounts", "gift_card_transactions"] as const),
  ...(["gift_cards", "items", "payments", "refunds", "region", "shipping_methods", "swaps"] as const),
];

/** What the signed-in customer has bought. */
export const customerOrderRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/customers/me/orders",
    access: "shopper",
    tag: "Customers",
    summary: "List the orders of the signed-in customer, newest first",
    query: Object.keys(listQuery.properties),
    responses: { 200: listOf("orders", orderSchema), 400: error, 401: plainText },
    handle: listOrders,
  }),
];

async function listOrders(call: Call): Promise<Reply> {
  const read = readQuery<Static<typeof listQuery>>(call, listQuery);
  if ("refusal" in read) return read.refusal;
  const listed = readOrderList(read.query, { defaultLimit: 10, conditions: [] });
  if ("refusal" in listed) return listed.refusal;
  const selector = orderSelector(read.query, ownRelations, { totalsWithFields: "all" });
  if ("refusal" in selector) return selector.refusal;
  const { storeId } = call.context.store;
  const scope = { customerId: call.context.actor.customerId as string };
  const { rows, total } = await call.deps.storage.orders.list(storeId, scope, listed.query);
  const orders = (await renderOrders(call, rows)).map((order) => ({
    ...Object.fromEntries(alwaysShown.map((name) => [name, order[name]])),
    ...selector.select(order),
  }));
  const { limit, offset } = listed.query;
  return { status: 200, body: { orders, count: total, offset, limit } };
}

/** The newest orders of a customer, as they are shown with who signs in. */
export async function ordersOf(call: Call, customerId: string): Promise<readonly WireOrder[]> {
  const listed = readOrderList({}, { defaultLimit: MAX_WITH_CUSTOMER, conditions: [] });
  if ("refusal" in listed) throw new Error("a list without a query was refused");
  const { storeId } = call.context.store;
  const { rows } = await call.deps.storage.orders.list(storeId, { customerId }, listed.query);
  return renderOrders(call, rows);
}

/**
 * The newest orders of the customers as staff see them beside these, without what orders are joined with: what to show
 * with each. Two lists for all of them.
 */
export async function plainOrdersOf(
  call: Omit<Call, "body">,
  customers: readonly Customer[],
): Promise<(customer: Customer) => readonly Readonly<Record<string, unknown>>[]> {
  const { orders } = call.deps.storage;
  const [guests, registered] = [true, false].map((isGuest) =>
    customers.filter(({ guest = false }) => guest === isGuest),
  ) as [Customer[], Customer[]];
  const list = async (scope: OrderScope, conditions: readonly Condition[]) => {
    const listed = readOrderList({}, { defaultLimit: MAX_WITH_CUSTOMERS, conditions });
    if ("refusal" in listed) throw new Error("a list without a query was refused");
    return (await orders.list(call.context.store.storeId, scope, listed.query)).rows;
  };
  const ids = registered.map(({ id }) => id);
  const found = await Promise.all([
    guests.length === 0 ? [] : list(guestScope(guests), []),
    ids.length === 0 ? [] : list({}, [{ field: "customer_id", operator: "in", values: ids }]),
  ]);
  const shown = (await renderOrders(call, found.flat(), { withCustomers: false })).map(plainOrder);
  return ({ id }) => shown.filter((order) => order.customer_id === wireId("cus", id));
}

/** The orders of these guests. */
export function guestScope(guests: readonly Customer[]): OrderScope {
  return { guestEmails: guests.map(({ email }) => email.toLowerCase()) };
}
