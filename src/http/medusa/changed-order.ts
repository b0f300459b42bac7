import type { Order } from "../../domain/order/order.ts";
import { fail, type Result } from "../../domain/result.ts";
import type { Refusal } from "../../operations/refusal.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import type { Call, Reply } from "../route.ts";
import { answerOrder, isShown, readSelection } from "./answer-order.ts";
import { notFound } from "./errors.ts";
import { engineId } from "./ids.ts";
import { orderSchema } from "./order-schemas.ts";
import { error, one, plainText } from "./schemas.ts";

/** Where an order is, for staff. */
export const orderPath = "/admin/orders/:orderId";

/** The answers of routes about one order. */
export const orderAnswers = {
  200: one("order", orderSchema),
  400: error,
  401: plainText,
  404: error,
  409: error,
};

/**
 * Changes the order that the path names and answers with it. `deed` is how the original speaks of that when the order is
 * canceled; `refusalOf` may refuse before anything is changed.
 */
export async function changedOrder(
  call: Call,
  deed: string,
  change: (order: Order) => Promise<Result<Order, Refusal | SalesRefusal>>,
  refusalOf: (order: Order) => Reply | undefined = () => undefined,
): Promise<Reply> {
  const read = readSelection(call);
  if ("refusal" in read) return read.refusal;
  const found = await shownOrder(call);
  if (!found.ok) return orderMissing(call);
  const refusal = refusalOf(found.value);
  if (refusal) return refusal;
  return answerOrder(call, await change(found.value), deed, read.selection);
}

/** The order that the path names, if this dialect shows it. */
export async function shownOrder({ deps, context, params }: Call): Promise<Result<Order, Refusal>> {
  const orderId = engineId("order", params.orderId as string);
  const order = await deps.storage.orders.load(context.store.storeId, orderId);
  return order && isShown(order) ? { ok: true, value: order } : fail({ type: "order_not_found", orderId });
}

/** That there is none. */
export function orderMissing({ params }: Call): Reply {
  return notFound(`Order with id: ${params.orderId} was not found`);
}
