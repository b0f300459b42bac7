import type { Deps } from "../operations/deps.ts";
import { gatewayRounds, type RoundPace, roundPace, type WorkerLog } from "./gateway-rounds.ts";
import { mailRounds } from "./mail-rounds.ts";
import { startTelling } from "./telling.ts";

/** Milliseconds between two passes. */
const PASS_EVERY_MS = 5_000;
/** How long idempotency keys are kept. */
const KEY_LIFETIME_MS = 24 * 3_600_000;
/** How long an order that nobody pays for holds its promotion codes; paying later holds them anew if they are left. */
const CODE_HOLD_MS = 3_600_000;
/** Rows that one statement deletes at most, so that it never holds much. */
const BATCH = 500;
/** Statements of one kind in a pass: what is left then waits for the next one, and the other stores do not. */
const BATCHES_PER_PASS = 20;
/** How long events of gateways and deliveries to webhooks are kept, in milliseconds: longer than they can be told again. */
const EVENT_LIFETIME_MS = 40 * 24 * 3_600_000;
/** How long what became of mails is kept, in milliseconds. */
const MAIL_LIFETIME_MS = 90 * 24 * 3_600_000;
export type Worker = {
  /** Lets what is being done finish, and begins nothing else. */
  stop(): Promise<void>;
};

/** How the worker goes about its work. */
export type WorkerPace = RoundPace & {
  /** Pause between two passes, in milliseconds. */
  readonly everyMs: number;
  /** Pause between two looks for events that are to be told to webhooks, in milliseconds. */
  readonly tellEveryMs: number;
};

/**
 * Tidies up in the background, store by store: expired carts, old keys, promotion codes of orders that nobody pays for.
 * One pass at a time, and what fails in it is logged and keeps nothing else from being done. What asks gateways is begun
 * in a pass, and goes on beside it.
 * @param isDatabaseDown ends a pass without a word: the requests say it loud enough
 */
export function startWorker(
  deps: Deps,
  log: WorkerLog,
  isDatabaseDown: (error: unknown) => boolean,
  pace: Partial<WorkerPace> = {},
): Worker {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const isStopping = (): boolean => stopped;
  const onError = (error: unknown, fields: object): void => {
    if (!isDatabaseDown(error)) log.error({ err: error, ...fields }, "background work failed");
  };
  const rounds = gatewayRounds(deps, log, isStopping, onError, { ...roundPace, ...pace });
  const mails = mailRounds(deps, log, isStopping, onError);
  const jobs: readonly Job[] = [
    ...tidyingJobs(deps, isStopping),
    ["gateways", rounds.begin],
    ["mails", async (storeId) => mails.begin(storeId)],
  ];

  const pass = async (): Promise<void> => {
    for (const storeId of await deps.storage.stores.ids()) {
      for (const [job, run] of jobs) {
        if (stopped) return;
        try {
          await run(storeId);
        } catch (error) {
          if (isDatabaseDown(error)) return;
          onError(error, { storeId, job });
        }
      }
    }
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = pass()
        .catch((error: unknown) => onError(error, {}))
        .finally(schedule);
    }, pace.everyMs ?? PASS_EVERY_MS);
    timer.unref();
  };
  schedule();
  const telling = startTelling(deps, onError, isDatabaseDown, pace.tellEveryMs);
  // What cannot wait for the next pass: a gateway has called.
  const deafen = deps.bell.listen((storeId, gateway) => {
    if (!stopped) rounds.wake(storeId, gateway);
  });
  return {
    async stop() {
      stopped = true;
      deafen();
      clearTimeout(timer);
      const told = telling.stop();
      await running;
      await Promise.all([rounds.idle(), mails.stop(), told]);
    },
  };
}

type Job = readonly [name: string, run: (storeId: string) => Promise<void>];

function tidyingJobs(deps: Deps, isStopping: () => boolean): readonly Job[] {
  const { carts, events, gatewayEvents, keys, mails, promotionUses, webhooks } = deps.storage;
  const inBatches = async (deleteSome: () => Promise<number>): Promise<void> => {
    for (let batch = 1; batch <= BATCHES_PER_PASS && !isStopping(); batch += 1) {
      if ((await deleteSome()) < BATCH) return;
    }
  };
  const ago = (milliseconds: number): string => before(deps.now(), milliseconds);
  return [
    ["carts", (storeId) => inBatches(() => carts.deleteExpired(storeId, deps.now(), BATCH))],
    ["secrets", (storeId) => inBatches(() => events.forgetSecrets(storeId, deps.now(), BATCH))],
    [
      "webhook deliveries",
      (storeId) => inBatches(() => webhooks.deleteOlderThan(storeId, ago(EVENT_LIFETIME_MS), BATCH)),
    ],
    ["keys", (storeId) => inBatches(() => keys.deleteOlderThan(storeId, ago(KEY_LIFETIME_MS), BATCH))],
    ["codes", (storeId) => inBatches(() => promotionUses.giveBackExpired(storeId, ago(CODE_HOLD_MS), BATCH))],
    [
      "gateway events",
      (storeId) => inBatches(() => gatewayEvents.deleteOlderThan(storeId, ago(EVENT_LIFETIME_MS), BATCH)),
    ],
    ["old mails", (storeId) => inBatches(() => mails.deleteOlderThan(storeId, ago(MAIL_LIFETIME_MS), BATCH))],
  ];
}

function before(now: string, milliseconds: number): string {
  return new Date(Date.parse(now) - milliseconds).toISOString();
}
