import Type from "typebox";
import type { Order } from "../../domain/order/order.ts";
import type { Result } from "../../domain/result.ts";
import { orderDetails } from "../../operations/order-details.ts";
import type { Refusal } from "../../operations/refusal.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import type { Call, Reply } from "../route.ts";
import { notAllowed, refused } from "./errors.ts";
import { readQuery } from "./query.ts";
import { renderOrder } from "./render-order.ts";
import { adminRelations, orderSelector, type Selection } from "./select-order.ts";

/** The orders as they stand now, with everything that may be asked for; their order stays. */
export async function renderOrders(
  { deps, context, baseUrl }: Pick<Call, "deps" | "context" | "baseUrl">,
  orders: readonly Order[],
  what: { readonly withCustomers?: boolean } = {},
) {
  const details = await orderDetails(deps, context, orders, what);
  return orders.map((order) => renderOrder(baseUrl, order, details));
}

/**
 * The answer to a merchant's change of an order. `deed` is how the original speaks of it when the order is canceled:
 * "A canceled order cannot …".
 */
export async function answerOrder(
  call: Call,
  changed: Result<Order, Refusal | SalesRefusal>,
  deed: string,
  selection: Selection = {},
): Promise<Reply> {
  if (!changed.ok) {
    const isCancelled = changed.error.type === "order_cancelled";
    return isCancelled ? notAllowed(`A canceled order cannot ${deed}`) : refused(changed.error);
  }
  const selector = orderSelector(selection, adminRelations, { totalsWithFields: "named" });
  if ("refusal" in selector) return selector.refusal;
  const [order] = await renderOrders(call, [changed.value]);
  return { status: 200, body: { order: order && selector.select(order) } };
}

const word = Type.Optional(Type.String({ maxLength: 1000 }));
const selectionQuery = Type.Object({ expand: word, fields: word });

/** What the query of a request for one order wants to see of it; the refusal comes before anything is changed. */
export function readSelection(call: Call): { readonly selection: Selection } | { readonly refusal: Reply } {
  const read = readQuery<Selection>(call, selectionQuery);
  if ("refusal" in read) return read;
  const selector = orderSelector(read.query, adminRelations, { totalsWithFields: "named" });
  return "refusal" in selector ? selector : { selection: read.query };
}

/** Whether this dialect shows the order: somebody has promised to pay for it, or it was nothing to pay for. */
export function isShown({ displayId, region, payments }: Order): boolean {
  if (displayId === undefined) return false;
  return region !== undefined || payments.length > 0;
}
