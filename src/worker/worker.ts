import type { Context } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";
import { type ReconcileReport, reconcilePayments } from "../operations/reconcile-payments.ts";

/** Milliseconds between two passes. */
const PASS_EVERY_MS = 5_000;
/** An operation without an answer is asked about after this long: well past every gateway's deadline. */
const RECONCILE_AFTER_MS = 60_000;
/** How long idempotency keys are kept. */
const KEY_LIFETIME_MS = 24 * 3_600_000;
/** Rows that one pass deletes at most, so that it never holds much. */
const BATCH = 500;

export type Worker = {
  /** Lets a pass that is running finish, and begins no other. */
  stop(): Promise<void>;
};

type Log = { error(fields: object, message: string): void; info(fields: object, message: string): void };

/** Tidies up in the background, store by store: expired carts, old keys, payments that were never answered. */
export function startWorker(deps: Deps, log: Log, isDatabaseDown: (error: unknown) => boolean): Worker {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
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
        if (!stopped) await tidyStore(deps, storeId, log);
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

async function tidyStore(deps: Deps, storeId: string, log: Log): Promise<void> {
  const now = deps.now();
  await deps.storage.carts.deleteExpired(storeId, now, BATCH);
  await deps.storage.keys.deleteOlderThan(storeId, before(now, KEY_LIFETIME_MS), BATCH);
  const report = await reconcileStore(deps, storeId, before(now, RECONCILE_AFTER_MS));
  if (report && report.pending > 0) log.info({ storeId, ...report }, "reconciled payments");
}

/** One pass of the reconciler over a store; undefined when there is no such store. */
export async function reconcileStore(
  deps: Deps,
  storeId: string,
  pendingBefore: string,
): Promise<ReconcileReport | undefined> {
  const store = await deps.storage.stores.config(storeId);
  if (!store) return undefined;
  const context: Context = { store, actor: { kind: "engine", label: "reconciler" } };
  return reconcilePayments(deps, context, { before: pendingBefore, limit: 100 });
}

function before(now: string, milliseconds: number): string {
  return new Date(Date.parse(now) - milliseconds).toISOString();
}
