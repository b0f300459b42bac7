import type { Context } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";
import { type FollowReport, followEvents } from "../operations/follow-gateway-events.ts";

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
  how: { readonly fetch: boolean; isStopping?(): boolean },
): Promise<FollowReport | undefined> {
  const context = await reconcilerContext(deps, storeId);
  return context && followEvents(deps, context, how);
}
