import type { StoreConfig } from "../../operations/context.ts";

/** Milliseconds that a configuration is believed. */
const MAX_AGE_MS = 1_000;
/**
 * Milliseconds after a change of ours during which nothing is believed. The change may sit in a transaction that has
 * not committed: until it has, a reload would bring back, and keep, what was there before.
 */
const SETTLE_MS = 10_000;

/** What belongs to stores and seldom changes, held for about a second. One for an engine, whatever the number of transactions. */
export type StoreCache<Held = StoreConfig> = {
  /** What is held, or that which `load` brings; readers who arrive together share one load. */
  get(storeId: string, load: () => Promise<Held | undefined>): Promise<Held | undefined>;
  /** This process has changed the store. */
  forget(storeId: string): void;
  /** Known once it has been looked up. */
  firstStoreId: string | undefined;
};

type Entry<Held> = {
  readonly config: Promise<Held | undefined>;
  readonly loadedAt: number;
  pending: boolean;
};

/** `clock` answers milliseconds that never go back. */
export function storeCache<Held = StoreConfig>(
  clock: () => number = () => performance.now(),
): StoreCache<Held> {
  const entries = new Map<string, Entry<Held>>();
  const unsettledUntil = new Map<string, number>();

  const isUnsettled = (storeId: string): boolean => {
    const until = unsettledUntil.get(storeId);
    if (until === undefined) return false;
    if (clock() < until) return true;
    unsettledUntil.delete(storeId);
    return false;
  };

  return {
    firstStoreId: undefined,
    get(storeId, load) {
      if (isUnsettled(storeId)) return load();
      const held = entries.get(storeId);
      if (held && (held.pending || clock() - held.loadedAt < MAX_AGE_MS)) return held.config;
      const entry: Entry<Held> = { config: load(), loadedAt: clock(), pending: true };
      entries.set(storeId, entry);
      const drop = () => {
        if (entries.get(storeId) === entry) entries.delete(storeId);
      };
      entry.config.then((config) => {
        entry.pending = false;
        if (!config) drop();
      }, drop);
      return entry.config;
    },
    forget(storeId) {
      entries.delete(storeId);
      unsettledUntil.set(storeId, clock() + SETTLE_MS);
    },
  };
}
