/**
 * Waits for an answer until the signal is aborted, whether or not whoever is asked heeds it.
 * @throws whatever `ask` throws, or an error that says that the deadline has passed
 */
export async function withinDeadline<Value>(signal: AbortSignal, ask: () => Promise<Value>): Promise<Value> {
  const late = () => new Error("no answer within the deadline");
  if (signal.aborted) throw late();
  let onAbort: (() => void) | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(late());
    signal.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([ask(), deadline]);
  } finally {
    if (onAbort) signal.removeEventListener("abort", onAbort);
  }
}
