import { WARN_BEFORE_MS } from "../domain/order/authorization.ts";
import { UNANSWERED_TOLD_AFTER_MS } from "../domain/order/fulfilment.ts";
import type { Deps } from "../operations/deps.ts";
import { askedOnce } from "./asked-once.ts";
import type { Metrics } from "./metrics.ts";

/** What nobody knows yet of payments, and what wants a person: a number that stays up wants a look. */
export function measurePayments(metrics: Metrics, { storage, now }: Deps): void {
  const stores = async <Value>(ask: (storeId: string) => Promise<Value>): Promise<Value[]> =>
    Promise.all((await storage.stores.ids()).map(ask));
  const pending = askedOnce(() => stores((storeId) => storage.orders.countPending(storeId)));
  const attention = askedOnce(() => {
    const soon = new Date(Date.parse(now()) + WARN_BEFORE_MS).toISOString();
    const asked = new Date(Date.parse(now()) - UNANSWERED_TOLD_AFTER_MS).toISOString();
    return stores((storeId) => storage.orders.countAttention(storeId, soon, asked));
  });
  metrics.gauge(
    "cartwright_payments_unresolved",
    "Orders with a payment that is not answered yet",
    async () => (await pending()).reduce((sum, { orders }) => sum + orders, 0),
  );
  metrics.gauge(
    "cartwright_payments_unresolved_seconds",
    "Age of the oldest payment that is not answered yet",
    async () => {
      const oldest = (await pending())
        .map(({ since }) => since ?? "")
        .filter(Boolean)
        .sort()[0];
      return oldest === undefined ? 0 : (Date.parse(now()) - Date.parse(oldest)) / 1000;
    },
  );
  metrics.gauge(
    "cartwright_carts_paid_stuck",
    "Carts that are paid for and cannot be completed",
    async () => {
      const counts = await stores((storeId) => storage.gatewayEvents.countStuck(storeId));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  );
  metrics.gauge(
    "cartwright_orders_backordered",
    "Orders that were paid for late and wait for their goods",
    async () => (await attention()).reduce((sum, { backordered }) => sum + backordered, 0),
  );
  metrics.gauge(
    "cartwright_orders_held",
    "Orders that were paid for late, lack their goods and wait for a person",
    async () => (await attention()).reduce((sum, { held }) => sum + held, 0),
  );
  metrics.gauge(
    "cartwright_authorizations_expiring",
    "Orders with an authorization that expires within a day and was not captured",
    async () => (await attention()).reduce((sum, { expiring }) => sum + expiring, 0),
  );
  metrics.gauge(
    "cartwright_fulfilments_unanswered",
    "Orders with a fulfilment that its provider has not answered for five minutes",
    async () => (await attention()).reduce((sum, { unanswered }) => sum + unanswered, 0),
  );
}
