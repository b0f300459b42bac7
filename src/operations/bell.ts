/** Wakes whoever works in the background: something has come in for a store. Not hearing it only costs time. */
export type Bell = {
  ring(storeId: string): void;
  /** @returns a function that stops listening */
  listen(hear: (storeId: string) => void): () => void;
};

export function createBell(): Bell {
  const listeners = new Set<(storeId: string) => void>();
  return {
    ring(storeId) {
      for (const hear of listeners) hear(storeId);
    },
    listen(hear) {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
  };
}
