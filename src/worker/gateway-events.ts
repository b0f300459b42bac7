import type { Context } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";
import { type EventReport, fetchGatewayEvents, processGatewayEvents } from "../operations/gateway-events.ts";

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
  // What is here already is not to wait for a gateway that cannot be reached.
  const before = await processGatewayEvents(deps, context, isStopping);
  if (!fetch || (await fetchGatewayEvents(deps, context)) === 0) return before;
  const after = await processGatewayEvents(deps, context, isStopping);
  return {
    changed: before.changed + after.changed,
    known: before.known + after.known,
    foreign: before.foreign + after.foreign,
    failed: before.failed + after.failed,
  };
}
