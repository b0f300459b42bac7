import type { Context } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";
import { type EventReport, fetchGatewayEvents, processGatewayEvents } from "../operations/gateway-events.ts";

/** Batches of events that are looked at in a row. */
const BATCHES = 20;

/** The engine itself, at work for a store; undefined when there is no such store. */
export async function reconcilerContext(deps: Deps, storeId: string): Promise<Context | undefined> {
  const store = await deps.storage.stores.config(storeId);
  return store && { store, actor: { kind: "engine", label: "reconciler" } };
}

/**
 * Looks at what a store's gateways told, after asking them for what did not reach us (`fetch`).
 * @returns undefined when there is no such store
 */
export async function followGatewayEvents(
  deps: Deps,
  storeId: string,
  { fetch, isStopping }: { readonly fetch: boolean; isStopping?(): boolean },
): Promise<EventReport | undefined> {
  const context = await reconcilerContext(deps, storeId);
  if (!context) return undefined;
  const sum = { changed: 0, known: 0, foreign: 0, failed: 0 };
  const processAll = async (): Promise<void> => {
    for (let batch = 1; batch <= BATCHES && !isStopping?.(); batch += 1) {
      const { changed, known, foreign, failed } = await processGatewayEvents(deps, context, isStopping);
      sum.changed += changed;
      sum.known += known;
      sum.foreign += foreign;
      // What failed is in every batch again until it goes well.
      sum.failed = failed;
      if (changed + known + foreign === 0) return;
    }
  };
  // What is here already is not to wait for a gateway that cannot be reached.
  await processAll();
  if (fetch && (await fetchGatewayEvents(deps, context)) > 0) await processAll();
  return sum;
}
