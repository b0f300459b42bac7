import type { Context } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";
import type { PendingOrder } from "../operations/ports/orders.ts";
import {
  type ReconcileOptions,
  type ReconcileReport,
  reconcilePayments,
} from "../operations/reconcile-payments.ts";

/** Milliseconds between two passes. */
const PASS_EVERY_MS = 5_000;
/** An operation without an answer is asked about after this long: well past every gateway's deadline. */
const RECONCILE_AFTER_MS = 60_000;
/** How long idempotency keys are kept. */
const KEY_LIFETIME_MS = 24 * 3_600_000;
/** Rows that one pass deletes at most, so that it never holds much. */
const BATCH = 500;
/** Orders that one pass of the reconciler looks at. */
const RECONCILE_BATCH = 100;

export type Worker = {
  /** Lets what is being done finish, and begins nothing else. */
  stop(): Promise<void>;
};

type Log = { error(fields: object, message: string): void; info(fields: object, message: string): void };

/** Tidies up in the background, store by store: expired carts, old keys, payments that were never answered. */
export function startWorker(deps: Deps, log: Log, isDatabaseDown: (error: unknown) => boolean): Worker {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const next = new Map<string, PendingOrder | undefined>();
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = pass().finally(schedule);
    }, PASS_EVERY_MS);
    timer.unref();
  };
  const pass = async (): Promise<void> => {
    try {
      for (const storeId of await deps.storage.stores.ids()) {
        if (stopped) return;
        const now = deps.now();
        await deps.storage.carts.deleteExpired(storeId, now, BATCH);
        await deps.storage.keys.deleteOlderThan(storeId, before(now, KEY_LIFETIME_MS), BATCH);
        const after = next.get(storeId);
        const report = await reconcileStore(deps, storeId, {
          before: before(now, RECONCILE_AFTER_MS),
          ...(after && { after }),
          isStopping: () => stopped,
        });
        next.set(storeId, report?.next);
        if (report && report.pending > 0) log.info({ storeId, ...report }, "reconciled payments");
      }
    } catch (error) {
      if (!isDatabaseDown(error)) log.error({ err: error }, "background work failed");
    }
  };
  schedule();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** One pass of the reconciler over a store, over a part of it if there is much; undefined when there is no such store. */
export async function reconcileStore(
  deps: Deps,
  storeId: string,
  options: Omit<ReconcileOptions, "limit">,
): Promise<ReconcileReport | undefined> {
  const store = await deps.storage.stores.config(storeId);
  if (!store) return undefined;
  const context: Context = { store, actor: { kind: "engine", label: "reconciler" } };
  return reconcilePayments(deps, context, { ...options, limit: RECONCILE_BATCH });
}

function before(now: string, milliseconds: number): string {
  return new Date(Date.parse(now) - milliseconds).toISOString();
}
