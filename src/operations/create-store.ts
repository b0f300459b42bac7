import { type Context, defaultSettings, type StoreConfig } from "./context.ts";
import type { Deps } from "./deps.ts";

/**
 * The store of this installation: the first one there is, or a new one with US dollars. Several processes that start at
 * once end up with the same one.
 */
export async function firstStore(
  deps: Deps,
  name: string,
): Promise<{ readonly store: StoreConfig; readonly created: boolean }> {
  const { stores } = deps.storage;
  // A fixed id, so that of several first starts one makes the store and the others find it.
  const [present] = await stores.ids();
  const storeId = present ?? "00000000-0000-4000-8000-000000000001";
  let created = false;
  if (present === undefined) {
    created = await deps.storage.transaction(async (storage) => {
      const now = deps.now();
      const made = await storage.stores.create({ storeId, name, settings: defaultSettings, createdAt: now });
      if (!made) return false;
      await storage.stores.saveCurrency(storeId, {
        id: deps.newId(),
        code: "USD",
        format: "${price}",
        decimalPoint: ".",
        thousandSeparator: ",",
        decimalPlaces: 2,
        exchangeRate: 1,
        isDefault: true,
        enabled: true,
        createdAt: now,
        updatedAt: now,
      });
      return true;
    });
  }
  const store = await stores.config(storeId);
  if (!store) throw new Error("The store that was just made cannot be found");
  return { store, created };
}

/** For what the engine does by itself. */
export function engineContext(store: StoreConfig): Context {
  return { store, actor: { kind: "engine", label: "engine" } };
}
