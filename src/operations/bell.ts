/** Hears that a gateway of a store has told something. */
export type BellListener = (storeId: string, gateway: string) => void;

/** Wakes whoever works in the background: something has come in. Not hearing it only costs time. */
export type Bell = {
  ring: BellListener;
  /** @returns a function that stops listening */
  listen(hear: BellListener): () => void;
};

export function createBell(): Bell {
  const listeners = new Set<BellListener>();
  return {
    ring(storeId, gateway) {
      for (const hear of listeners) hear(storeId, gateway);
    },
    listen(hear) {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
  };
}
