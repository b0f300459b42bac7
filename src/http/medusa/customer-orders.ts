import type { Static } from "typebox";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { renderOrders } from "./answer-order.ts";
import { listParameters } from "./list-parameters.ts";
import { orderFilters, readOrderList } from "./order-filters.ts";
import { orderSchema } from "./order-schemas.ts";
import { readQuery } from "./query.ts";
import type { WireOrder } from "./render-order.ts";
import { error, listOf, plainText } from "./schemas.ts";
import { orderSelector, ownRelations } from "./select-order.ts";

const listQuery = listParameters(orderFilters);

/** Orders that sign-in answers show with a customer, the newest ones. */
const MAX_WITH_CUSTOMER = 100;

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
