import type { Context } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";

/** The engine itself, at work for a store; undefined when there is no such store. */
export async function reconcilerContext(deps: Deps, storeId: string): Promise<Context | undefined> {
  const store = await deps.storage.stores.config(storeId);
  return store && { store, actor: { kind: "engine", label: "reconciler" } };
}
