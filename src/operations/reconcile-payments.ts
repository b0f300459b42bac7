import type { Order } from "../domain/order/order.ts";
import type { Payment, PaymentOperation } from "../domain/order/payment.ts";
import { askGateway } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { settle } from "./pay-order.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";
import type { PendingOrder } from "./ports/orders.ts";
import { toldEvents } from "./told-events.ts";

/** What one pass did. */
export type ReconcileReport = {
  /** Operations without an answer that were looked at. */
  readonly pending: number;
  readonly completed: number;
  readonly failed: number;
  /** Still without an answer. */
  readonly unknown: number;
  /** Where the next pass goes on, when more orders were left than one pass looks at. */
  readonly next?: PendingOrder;
};

export type ReconcileOptions = {
  /** Only operations that were claimed before this moment (RFC 3339). */
  readonly before: string;
  /** Orders that are looked at. */
  readonly limit: number;
  /** Goes on where an earlier pass ended: payments that wait for their shoppers must not hide those behind them. */
  readonly after?: PendingOrder;
  /** Ends the pass early. */
  isStopping?(): boolean;
};

/** Asks the gateways what became of operations that were never answered, and settles them. */
export async function reconcilePayments(
  deps: Deps,
  context: Context,
  { before, limit, after, isStopping }: ReconcileOptions,
): Promise<ReconcileReport> {
  const { storeId } = context.store;
  const counts = { pending: 0, completed: 0, failed: 0, unknown: 0 };
  const settings = await deps.storage.gatewaySettings.all(storeId);
  const found = await deps.storage.orders.listPending(storeId, before, limit, after);
  for (const { orderId } of found) {
    if (isStopping?.()) return counts;
    const order = await deps.storage.orders.load(storeId, orderId);
    for (const payment of order?.payments ?? []) {
      for (const operation of payment.operations) {
        if (!order || operation.status !== "pending" || operation.createdAt >= before) continue;
        counts.pending += 1;
        counts[await reconcile(deps, context, order, payment, operation, settings)] += 1;
      }
    }
  }
  const last = found.at(-1);
  return last && found.length === limit ? { ...counts, next: last } : counts;
}

async function reconcile(
  deps: Deps,
  context: Context,
  order: Order,
  payment: Payment,
  operation: PaymentOperation,
  settings: readonly GatewaySetting[],
): Promise<"completed" | "failed" | "unknown"> {
  const gateway = deps.gateways.get(payment.gateway);
  if (!gateway) return "unknown";
  const setting = settings.find(({ slug }) => slug === payment.gateway) ?? { settings: {} };
  // What the gateway never heard of is not made now: the shopper may have left long ago.
  const now = deps.now();
  const told = await toldEvents(deps, context, gateway, payment.id);
  const outcome = await askGateway(gateway, order, payment.id, operation, setting, {
    how: "inquire",
    now,
    told,
  });
  const settled = await settle(deps, context, order.id, payment.id, operation.id, outcome);
  if (!settled.ok || outcome.kind === "unknown" || outcome.kind === "pending") return "unknown";
  return outcome.kind === "approved" ? "completed" : "failed";
}
