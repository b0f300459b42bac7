import { deliverTo } from "../operations/deliver-events.ts";
import type { Deps } from "../operations/deps.ts";
import { noteDeliveries } from "../operations/tell-events.ts";

/** Milliseconds between two looks for new events. */
const LOOK_EVERY_MS = 1_000;
/** After that long an endpoint's turn is over, and what it was about is read again, in milliseconds. */
const TURN_MS = 30_000;
/** The first and the longest rest of an endpoint that takes nothing, in milliseconds; each one is twice the last. */
const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 60_000;

/**
 * Tells events to webhooks, each endpoint in a line of its own: one that is slow or dead keeps nobody waiting but itself.
 * @param onError what fails on our side is told here, and tried again with the next look
 */
export function startTelling(
  deps: Deps,
  onError: (error: unknown, fields: object) => void,
  isDatabaseDown: (error: unknown) => boolean,
  everyMs = LOOK_EVERY_MS,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  const lines = new Map<string, { readonly done: Promise<void>; wake(): void }>();
  const rests = new Map<string, { readonly ms: number; readonly until: number }>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  const turn = async (storeId: string, endpointId: string, more: () => Promise<void>): Promise<void> => {
    const patience = AbortSignal.timeout(TURN_MS);
    const options = { stopping: stopping.signal, isOver: () => patience.aborted, more };
    const { failing, taken } = await deliverTo(deps, storeId, endpointId, options);
    if (failing) {
      const ms = Math.min((rests.get(endpointId)?.ms ?? FIRST_REST_MS / 2) * 2, LONGEST_REST_MS);
      rests.set(endpointId, { ms, until: Date.parse(deps.now()) + ms });
    } else if (taken > 0) rests.delete(endpointId);
  };
  const begin = (storeId: string, endpointId: string): void => {
    const until = rests.get(endpointId)?.until ?? Number.NEGATIVE_INFINITY;
    const running = lines.get(endpointId);
    running?.wake();
    if (running || Date.parse(deps.now()) < until) return;
    let wake = (): void => {};
    const more = (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    const done = turn(storeId, endpointId, more)
      .catch((error: unknown) => onError(error, { storeId, endpointId }))
      .finally(() => lines.delete(endpointId));
    lines.set(endpointId, { done, wake: () => wake() });
  };
  const look = async (): Promise<void> => {
    for (const storeId of await deps.storage.webhooks.stores()) {
      if (isStopping()) return;
      try {
        await noteDeliveries(deps, storeId, isStopping);
        const due = await deps.storage.webhooks.dueEndpoints(storeId, deps.now());
        if (isStopping()) return;
        for (const endpointId of due) begin(storeId, endpointId);
      } catch (error) {
        if (isDatabaseDown(error)) return;
        onError(error, { storeId, job: "webhooks" });
      }
    }
  };
  const schedule = (): void => {
    if (isStopping()) return;
    timer = setTimeout(() => {
      looking = look()
        .catch((error: unknown) => onError(error, { job: "webhooks" }))
        .finally(schedule);
    }, everyMs);
    timer.unref();
  };
  schedule();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await looking;
      await Promise.all([...lines.values()].map(({ done }) => done));
    },
  };
}
