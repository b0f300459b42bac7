import type { Deps } from "../operations/deps.ts";
import type { PendingOrder } from "../operations/ports/orders.ts";
import {
  type ReconcileOptions,
  type ReconcileReport,
  reconcilePayments,
} from "../operations/reconcile-payments.ts";
import { attendOrders } from "./attend-orders.ts";
import { followGatewayEvents, reconcilerContext } from "./gateway-events.ts";

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
/** How often gateways are asked what happened, in milliseconds, in case their calls do not reach us. */
const FETCH_EVERY_MS = 60_000;
/** How long events of gateways are kept, in milliseconds: longer than they can be told again. */
const EVENT_LIFETIME_MS = 40 * 24 * 3_600_000;
/** Orders that one pass of the reconciler looks at. */
const RECONCILE_BATCH = 100;

export type Worker = {
  /** Lets what is being done finish, and begins nothing else. */
  stop(): Promise<void>;
};

type Log = Readonly<Record<"error" | "warn" | "info", (fields: object, message: string) => void>>;

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
  let waking: Promise<void> = Promise.resolve();
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
  /** What cannot wait for the next pass: a gateway has called. */
  const wake = async (storeId: string): Promise<void> => {
    if (stopped) return;
    try {
      await followGatewayEvents(deps, storeId, { fetch: false, isStopping });
    } catch (error) {
      if (!isDatabaseDown(error)) log.error({ err: error, storeId }, "background work failed");
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
  const deafen = deps.bell.listen((storeId) => {
    waking = waking.then(() => wake(storeId));
  });
  return {
    async stop() {
      stopped = true;
      deafen();
      clearTimeout(timer);
      await running;
      await waking;
    },
  };
}

type Job = readonly [name: string, run: (storeId: string) => Promise<void>];

function jobsOf(deps: Deps, log: Log, isStopping: () => boolean): readonly Job[] {
  const { carts, gatewayEvents, keys, promotionUses } = deps.storage;
  const asked = new Map<string, number>();
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
      "gateway events",
      async (storeId) => {
        const now = Date.parse(deps.now());
        const fetch = now - (asked.get(storeId) ?? Number.NEGATIVE_INFINITY) >= FETCH_EVERY_MS;
        if (fetch) asked.set(storeId, now);
        const report = await followGatewayEvents(deps, storeId, { fetch, isStopping });
        for (const { gateway, error } of report?.failures ?? []) {
          log.error({ err: error, storeId, gateway }, "a gateway could not be asked what happened");
        }
        await inBatches(() =>
          gatewayEvents.deleteOlderThan(storeId, before(deps.now(), EVENT_LIFETIME_MS), BATCH),
        );
      },
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
    ["orders", attendOrders(deps, log)],
  ];
}

/** One pass of the reconciler over a store, over a part of it if there is much; undefined when there is no such store. */
export async function reconcileStore(
  deps: Deps,
  storeId: string,
  options: Omit<ReconcileOptions, "limit">,
): Promise<ReconcileReport | undefined> {
  const context = await reconcilerContext(deps, storeId);
  if (!context) return undefined;
  return reconcilePayments(deps, context, { ...options, limit: RECONCILE_BATCH });
}

function before(now: string, milliseconds: number): string {
  return new Date(Date.parse(now) - milliseconds).toISOString();
}
