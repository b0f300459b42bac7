import { askGateway } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { settle } from "./pay-order.ts";

/** What one pass did. */
export type ReconcileReport = {
  /** Operations without an answer that were looked at. */
  readonly pending: number;
  readonly completed: number;
  readonly failed: number;
  /** Still without an answer. */
  readonly unknown: number;
};

/** Asks the gateways what became of operations that were never answered, and settles them. */
export async function reconcilePayments(
  deps: Deps,
  context: Context,
  options: { readonly before: string; readonly limit: number },
): Promise<ReconcileReport> {
  const { storeId } = context.store;
  const report = { pending: 0, completed: 0, failed: 0, unknown: 0 };
  const settings = await deps.storage.gatewaySettings.all(storeId);
  for (const orderId of await deps.storage.orders.listPending(storeId, options.before, options.limit)) {
    const order = await deps.storage.orders.load(storeId, orderId);
    if (!order) continue;
    for (const payment of order.payments) {
      for (const operation of payment.operations) {
        if (operation.status !== "pending" || operation.createdAt >= options.before) continue;
        report.pending += 1;
        const gateway = deps.gateways.get(payment.gateway);
        const setting = settings.find((candidate) => candidate.slug === payment.gateway) ?? { settings: {} };
        // A first payment that the gateway never heard of is not made now: the shopper may have left long ago.
        const outcome =
          gateway &&
          (await askGateway(gateway, order, payment.id, operation, setting, { onlyFind: "and_close" }));
        if (!outcome || outcome.kind === "unknown" || outcome.kind === "pending") {
          report.unknown += 1;
          continue;
        }
        await settle(deps, context, orderId, payment.id, operation.id, outcome);
        if (outcome.kind === "approved") report.completed += 1;
        else report.failed += 1;
      }
    }
  }
  return report;
}
