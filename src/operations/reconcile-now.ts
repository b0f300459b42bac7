import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { followEvents } from "./follow-gateway-events.ts";
import { type ReconcileCounts, reconcilePayments } from "./reconcile-payments.ts";

/** What asking the gateways about everything came to. */
export type ReconciledNow = ReconcileCounts & {
  /** Payments that were changed at their gateway, or told about by it. */
  readonly changed: number;
  /** Gateways, or payments, that could not be looked at; to be asked about again. */
  readonly unreachable: number;
  /** Carts that are paid for and cannot be completed: their shoppers, or somebody for them, have to see why. */
  readonly stuck: number;
};

/** Asks the gateways of a store about everything that is unanswered, and what happened there by itself, at once. */
export async function reconcileNow(deps: Deps, context: Context): Promise<ReconciledNow> {
  const { changed, failed, failures, stuck } = await followEvents(deps, context, { fetch: true });
  const counts = await reconcilePayments(deps, context, { before: deps.now() });
  return { ...counts, changed, unreachable: failed + failures.length, stuck };
}
