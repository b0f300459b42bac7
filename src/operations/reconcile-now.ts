import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { followEvents } from "./follow-gateway-events.ts";
import { type ReconcileReport, reconcilePayments } from "./reconcile-payments.ts";

/** Orders that are looked at before the next ones are listed. */
const BATCH = 100;

/** What asking the gateways about everything came to. */
export type ReconciledNow = Omit<ReconcileReport, "next"> & {
  /** Payments that were changed at their gateway, or told about by it. */
  readonly changed: number;
  /** Gateways, or payments, that could not be looked at; to be asked about again. */
  readonly unreachable: number;
};

/** Asks the gateways of a store about everything that is unanswered, and what happened there by itself, at once. */
export async function reconcileNow(deps: Deps, context: Context): Promise<ReconciledNow> {
  const sum = { pending: 0, completed: 0, failed: 0, unknown: 0, changed: 0, unreachable: 0 };
  const events = await followEvents(deps, context, { fetch: true });
  sum.changed += events.changed;
  sum.unreachable += events.failed + events.failures.length;
  const options = { before: deps.now(), limit: BATCH };
  let part: ReconcileReport | undefined = await reconcilePayments(deps, context, options);
  while (part) {
    const { next, ...counts }: ReconcileReport = part;
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) sum[key] += counts[key];
    part = next && (await reconcilePayments(deps, context, { ...options, after: next }));
  }
  return sum;
}
