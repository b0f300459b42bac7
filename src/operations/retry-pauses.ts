/** The pause after the first failure, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE_MS = 5_000;
/** The longest pause, in milliseconds. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/**
 * What failed, and when each may be tried again: pauses that grow with every failure. In memory only, since forgetting
 * costs no more than a question.
 */
export type RetryPauses = {
  /**
   * Whether something never failed (`fresh`), failed and may be tried again (`again`), or is to wait (`later`).
   * @param newest when the latest news of it came (RFC 3339); what has news since its failure is as good as fresh
   * @param now RFC 3339
   */
  standing(key: string, newest: string, now: string): "fresh" | "again" | "later";
  /** Notes a failure, at a moment (RFC 3339), with the news that were known. */
  failed(key: string, newest: string, now: string): void;
  /** It went well. */
  forget(key: string): void;
  /** Forgets all that is not among these. */
  keepOnly(keys: ReadonlySet<string>): void;
};

export function retryPauses(): RetryPauses {
  const failures = new Map<
    string,
    { readonly times: number; readonly newest: string; readonly until: number }
  >();
  return {
    standing(key, newest, now) {
      const failure = failures.get(key);
      if (!failure || newest > failure.newest) return "fresh";
      return Date.parse(now) >= failure.until ? "again" : "later";
    },
    failed(key, newest, now) {
      const times = (failures.get(key)?.times ?? 0) + 1;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (times - 1), LONGEST_PAUSE_MS);
      failures.set(key, { times, newest, until: Date.parse(now) + pause });
    },
    forget: (key) => void failures.delete(key),
    keepOnly(keys) {
      for (const key of failures.keys()) if (!keys.has(key)) failures.delete(key);
    },
  };
}
