/** A stored answer: what a repeat of the request gets. */
export type StoredAnswer = {
  readonly status: number;
  readonly body: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};

export type BeginKey =
  /** Nobody used the key yet; it is taken now. `attemptId` is the same for every try with this key. */
  | { readonly kind: "fresh"; readonly attemptId: string }
  | { readonly kind: "answered"; readonly answer: StoredAnswer }
  /** The key was used for another request. */
  | { readonly kind: "mismatch" }
  /** A request with this key is running. */
  | { readonly kind: "running" };

export type BeginKeyInput = {
  /** Who asks for what: caller, method, path and resource. */
  readonly scope: string;
  readonly key: string;
  readonly requestHash: string;
  readonly attemptId: string;
  readonly now: string;
  /** Until when a running request is believed to be alive. */
  readonly lockedUntil: string;
};

/** Idempotency keys. The replay is a convenience: that an effect happens once rests on the effect's own rows. */
export type KeyPort = {
  /** Takes a key at once and visibly to all; for a request that calls somebody outside. */
  begin(storeId: string, input: BeginKeyInput): Promise<BeginKey>;
  /** Takes a key that is kept only if the open transaction is; never waits for another transaction. */
  beginInTransaction(storeId: string, input: BeginKeyInput): Promise<BeginKey>;
  finish(storeId: string, scope: string, key: string, answer: StoredAnswer): Promise<void>;
  /** Forgets a key whose request had no effect, so that it may be tried again. */
  release(storeId: string, scope: string, key: string): Promise<void>;
  /** Gives up a key whose request broke off: the next try with it goes on with the same attempt. */
  expire(storeId: string, scope: string, key: string): Promise<void>;
  deleteOlderThan(storeId: string, before: string, limit: number): Promise<number>;
};
