import type { DraftOrderView } from "../../operations/draft-orders.ts";
import type { Call } from "../route.ts";
import { wireCartWithCustomer } from "./answer-cart.ts";
import { renderOrders } from "./answer-order.ts";
import { wireId } from "./ids.ts";
import { plainOrder } from "./plain-order.ts";

/** Draft orders with their carts, and the orders that they have become. One whose cart cannot be shown has none. */
export async function renderDraftOrders(
  call: Call,
  views: readonly (Pick<DraftOrderView, "draft"> & Partial<DraftOrderView>)[],
) {
  const ids = views.flatMap(({ draft }) => draft.orderId ?? []);
  const { storage } = call.deps;
  const orders = ids.length === 0 ? [] : await storage.orders.loadMany(call.context.store.storeId, ids);
  const shown = await renderOrders(call, orders);
  const carts = await Promise.all(views.map(({ priced }) => priced && wireCartWithCustomer(call, priced)));
  return views.map(({ draft }, place) => {
    const orderId = draft.orderId === undefined ? null : wireId("order", draft.orderId);
    const order = shown.find(({ id }) => id === orderId);
    return {
      id: wireId("dorder", draft.id),
      created_at: draft.createdAt,
      updated_at: draft.updatedAt,
      status: draft.status,
      display_id: draft.displayId,
      cart_id: wireId("cart", draft.cartId),
      order_id: orderId,
      canceled_at: null,
      completed_at: draft.completedAt ?? null,
      no_notification_order: draft.noNotification ?? null,
      idempotency_key: null,
      metadata: null,
      cart: carts[place] ?? null,
      order: order ? plainOrder(order) : null,
    };
  });
}
