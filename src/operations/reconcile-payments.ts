import type { Order } from "../domain/order/order.ts";
import type { Payment, PaymentOperation } from "../domain/order/payment.ts";
import { askGateway } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { settle } from "./pay-order.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";
import type { PendingOrder } from "./ports/orders.ts";
import { type Pace, QUESTIONS_AT_ONCE } from "./process-gateway-events.ts";
import { severalAtOnce } from "./several-at-once.ts";
import { toldEvents } from "./told-events.ts";

/** What became of operations that were never answered. */
export type ReconcileCounts = {
  /** Operations without an answer that were looked at. */
  readonly pending: number;
  readonly completed: number;
  readonly failed: number;
  /** Still without an answer. */
  readonly unknown: number;
};

/** What one pass over the payments of a gateway did. */
export type ReconcileReport = ReconcileCounts & {
  /** Where the next pass goes on, when more orders were left than this one has looked at. */
  readonly next?: PendingOrder;
};

export type ReconcileOptions = Pace & {
  /** Only operations that were claimed before this moment (RFC 3339). */
  readonly before: string;
  /** Orders that are looked at; all when absent. */
  readonly limit?: number;
  /** Goes on where an earlier pass ended: payments that wait for their shoppers must not hide those behind them. */
  readonly after?: PendingOrder;
};

/** Orders that are listed at once. */
const PAGE = 100;

/** Asks all gateways of a store beside each other what became of operations that were never answered. */
export async function reconcilePayments(
  deps: Deps,
  context: Context,
  options: Omit<ReconcileOptions, "limit" | "after">,
): Promise<ReconcileCounts> {
  const sum = { pending: 0, completed: 0, failed: 0, unknown: 0 };
  const gateways = await deps.storage.orders.pendingGateways(context.store.storeId, options.before);
  const isOver = (): boolean => options.isOver?.() ?? false;
  await severalAtOnce(gateways, gateways.length, isOver, async (gateway) => {
    const report = await reconcileGateway(deps, context, gateway, options);
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += report[key];
  });
  return sum;
}

/** Asks one gateway of a store what became of operations that were never answered, and settles them. */
export async function reconcileGateway(
  deps: Deps,
  context: Context,
  gateway: string,
  options: ReconcileOptions,
): Promise<ReconcileReport> {
  const { before, atOnce = QUESTIONS_AT_ONCE, isOver = () => false } = options;
  const { storeId } = context.store;
  const { orders, gatewaySettings } = deps.storage;
  const counts = { pending: 0, completed: 0, failed: 0, unknown: 0 };
  const settings = await gatewaySettings.all(storeId);
  const setting = settings.find(({ slug }) => slug === gateway) ?? { settings: {} };
  const look = async ({ orderId }: PendingOrder): Promise<void> => {
    const order = await orders.load(storeId, orderId);
    for (const payment of order?.payments ?? []) {
      if (payment.gateway !== gateway) continue;
      for (const operation of payment.operations) {
        if (!order || operation.status !== "pending" || operation.createdAt >= before) continue;
        counts.pending += 1;
        counts[await reconcile(deps, context, order, payment, operation, setting)] += 1;
      }
    }
  };
  let { after, limit: left = Number.POSITIVE_INFINITY } = options;
  while (!isOver() && left > 0) {
    const page = Math.min(PAGE, left);
    const found = await orders.listPending(storeId, gateway, before, page, after);
    const begun = await severalAtOnce(found, atOnce, isOver, look);
    after = found[begun - 1] ?? after;
    left -= begun;
    if (begun === found.length && found.length < page) return counts;
  }
  return { ...counts, ...(after && { next: after }) };
}

async function reconcile(
  deps: Deps,
  context: Context,
  order: Order,
  payment: Payment,
  operation: PaymentOperation,
  setting: Pick<GatewaySetting, "settings">,
): Promise<"completed" | "failed" | "unknown"> {
  const gateway = deps.gateways.get(payment.gateway);
  if (!gateway) return "unknown";
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
