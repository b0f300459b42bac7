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
/** How long an order that nobody pays for holds its promotion codes; paying later holds them anew if they are left. */
const CODE_HOLD_MS = 3_600_000;
/** Rows that one statement deletes at most, so that it never holds much. */
const BATCH = 500;
/** Statements of one kind in a pass: what is left then waits for the next one, and the other stores do not. */
const BATCHES_PER_PASS = 20;
/** Orders that one pass of the reconciler looks at. */
const RECONCILE_BATCH = 100;

export type Worker = {
  /** Lets what is being done finish, and begins nothing else. */
  stop(): Promise<void>;
};

type Log = { error(fields: object, message: string): void; info(fields: object, message: string): void };

/**
 * Tidies up in the background, store by store: expired carts, old keys, promotion codes of orders that nobody pays for,
 * payments that were never answered. One pass at
 * a time, and what fails in it is logged and keeps nothing else from being done.
 * @param isDatabaseDown ends a pass without a word: the requests say it loud enough
 * @param everyMs pause between two passes
 */
export function startWorker(
  deps: Deps,
  log: Log,
  isDatabaseDown: (error: unknown) => boolean,
  everyMs = PASS_EVERY_MS,
): Worker {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const isStopping = (): boolean => stopped;
  const jobs = jobsOf(deps, log, isStopping);

  const pass = async (): Promise<void> => {
    for (const storeId of await deps.storage.stores.ids()) {
      for (const [job, run] of jobs) {
        if (stopped) return;
        try {
          await run(storeId);
        } catch (error) {
          if (isDatabaseDown(error)) return;
          log.error({ err: error, storeId, job }, "background work failed");
        }
      }
    }
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = pass()
        .catch((error: unknown) => {
          if (!isDatabaseDown(error)) log.error({ err: error }, "background work failed");
        })
        .finally(schedule);
    }, everyMs);
    timer.unref();
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

type Job = readonly [name: string, run: (storeId: string) => Promise<void>];

function jobsOf(deps: Deps, log: Log, isStopping: () => boolean): readonly Job[] {
  const { carts, keys, promotionUses } = deps.storage;
  const next = new Map<string, PendingOrder | undefined>();
  const inBatches = async (deleteSome: () => Promise<number>): Promise<void> => {
    for (let batch = 1; batch <= BATCHES_PER_PASS && !isStopping(); batch += 1) {
      if ((await deleteSome()) < BATCH) return;
    }
  };
  return [
    ["carts", (storeId) => inBatches(() => carts.deleteExpired(storeId, deps.now(), BATCH))],
    [
      "keys",
      (storeId) => inBatches(() => keys.deleteOlderThan(storeId, before(deps.now(), KEY_LIFETIME_MS), BATCH)),
    ],
    [
      "codes",
      (storeId) =>
        inBatches(() => promotionUses.giveBackExpired(storeId, before(deps.now(), CODE_HOLD_MS), BATCH)),
    ],
    [
      "payments",
      async (storeId) => {
        const after = next.get(storeId);
        const report = await reconcileStore(deps, storeId, {
          before: before(deps.now(), RECONCILE_AFTER_MS),
          ...(after && { after }),
          isStopping,
        });
        next.set(storeId, report?.next);
        if (report && report.pending > 0) log.info({ storeId, ...report }, "reconciled payments");
      },
    ],
  ];
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
