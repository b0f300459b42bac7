import { stockKeyOf } from "../domain/inventory/stock-location.ts";
import type { Return } from "../domain/order/fulfilment.ts";
import type { Order } from "../domain/order/order.ts";
import { refundable } from "../domain/order/payment.ts";
import {
  cancelReturn,
  type ReceiveReturn,
  type RequestReturn,
  receiveReturn,
  requestReturn,
} from "../domain/order/return-goods.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { derivedId } from "./derived-id.ts";
import { moveStock } from "./fulfil-order.ts";
import { refundOrder } from "./order-money.ts";
import type { Refusal } from "./refusal.ts";
import { changeOrder } from "./save-order.ts";

/** An order and one of its returns. */
export type OrderReturn = { readonly order: Order; readonly goods: Return };

/** Notes that a shopper sends pieces back. The same return again is a retry. */
export async function askForReturn(
  deps: Deps,
  context: Context,
  orderId: string,
  input: RequestReturn,
): Promise<Result<OrderReturn, Refusal>> {
  const { storeId } = context.store;
  const noted = await deps.storage.transaction(async (storage) => {
    const inside = { ...deps, storage };
    const changed = await changeOrder(
      inside,
      context,
      orderId,
      (order, now) => requestReturn(order, input, now),
      { stock: "leave" },
    );
    if (changed.ok) {
      const { updatedAt } = changed.value;
      const link = { id: input.id, orderId, createdAt: updatedAt, updatedAt };
      await storage.records.insert(storeId, "return_link", link);
    }
    return changed;
  });
  return withReturn(noted, input.id);
}

/**
 * Takes back what came: what is counted of it is for sale again, and what it is worth is paid back. What could not be
 * paid back is refused before anything is taken. Repeated after a crash, it goes on with the money.
 */
export async function takeReturn(
  deps: Deps,
  context: Context,
  input: ReceiveReturn,
): Promise<Result<OrderReturn, Refusal>> {
  const found = await findReturn(deps, context, input.returnId);
  if (!found.ok) return found;
  const { order, goods } = found.value;
  const amount = input.refundAmount ?? goods.refundAmount;
  const ids = new Set(order.payments.map((_, index) => derivedId(goods.id, index)));
  const paidBack = order.payments
    .flatMap(({ operations }) => operations)
    .filter(({ id, status }) => ids.has(id) && status !== "failed")
    .reduce((sum, operation) => sum + operation.amount, 0);
  const available = order.payments.reduce((sum, payment) => sum + refundable(payment), 0);
  if (amount - paidBack > available) {
    return fail({ type: "refund_exceeds_captured", amount, refundable: available });
  }
  const place = await placeFor(deps, context, order, input.locationId ?? goods.locationId, input);
  const isOwed = goods.status === "received" && paidBack < goods.refundAmount;
  const taken = isOwed
    ? ok(order)
    : await moveStock(deps, context, order.id, "restock", (current, now) =>
        receiveReturn(current, { ...input, ...place }, now),
      );
  const received = withReturn(taken, input.returnId);
  if (!received.ok) return received;
  if (received.value.goods.status !== "received" || received.value.goods.refundAmount === 0) return received;
  const refunded = await refundOrder(deps, context, order.id, {
    amount: received.value.goods.refundAmount,
    reason: "return",
    operationId: (index) => derivedId(goods.id, index),
  });
  return withReturn(refunded, input.returnId);
}

/** The stock of the location that goods come to; none where not all of them are counted there. */
async function placeFor(
  { storage }: Deps,
  { store }: Context,
  { lines }: Order,
  locationId: string | undefined,
  { items }: Pick<ReceiveReturn, "items">,
): Promise<Pick<ReceiveReturn, "place">> {
  if (locationId === undefined) return {};
  const productIds = lines.flatMap(({ id, productId, manageStock }) =>
    productId !== undefined && manageStock && items.some(({ lineId }) => lineId === id) ? [productId] : [],
  );
  const [location, rows] = await Promise.all([
    storage.records.load(store.storeId, "stock_location", locationId),
    storage.stock.loadMany(store.storeId, productIds),
  ]);
  const place = location && stockKeyOf(location);
  const areThere = productIds.every((productId) =>
    rows.some((row) => row.productId === productId && row.location === place),
  );
  return place !== undefined && areThere ? { place } : {};
}

/** Calls a return off that nothing came of. */
export async function callOffReturn(
  deps: Deps,
  context: Context,
  returnId: string,
): Promise<Result<OrderReturn, Refusal>> {
  const found = await findReturn(deps, context, returnId);
  if (!found.ok) return found;
  const changed = await changeOrder(
    deps,
    context,
    found.value.order.id,
    (order, now) => cancelReturn(order, returnId, now),
    { stock: "leave" },
  );
  return withReturn(changed, returnId);
}

/** A return with its order. */
export async function findReturn(
  { storage }: Deps,
  { store }: Context,
  returnId: string,
): Promise<Result<OrderReturn, Refusal>> {
  const link = await storage.records.load(store.storeId, "return_link", returnId);
  const order = link && (await storage.orders.load(store.storeId, link.orderId));
  return order ? withReturn(ok(order), returnId) : fail({ type: "return_not_found", returnId });
}

function withReturn(changed: Result<Order, Refusal>, returnId: string): Result<OrderReturn, Refusal> {
  if (!changed.ok) return changed;
  const goods = changed.value.returns?.find(({ id }) => id === returnId);
  return goods ? ok({ order: changed.value, goods }) : fail({ type: "return_not_found", returnId });
}
