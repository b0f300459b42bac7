/** How long a probe waits for an answer of its own, in milliseconds; it then gets that of the last look. */
const WAIT_MS = 1_000;

/**
 * Answers probes, however many ask, with one look at a time. A look that fails means no; one that takes long means only
 * that there is much to do, and that is no reason to send everybody elsewhere.
 */
export function readiness(look: () => Promise<boolean>, waitMs = WAIT_MS): () => Promise<boolean> {
  let last = true;
  let looking: Promise<boolean> | undefined;
  return () => {
    looking ??= look()
      .catch(() => false)
      .then((answer) => {
        last = answer;
        return answer;
      })
      .finally(() => {
        looking = undefined;
      });
    return within(looking, () => last, waitMs);
  };
}

async function within(answer: Promise<boolean>, late: () => boolean, waitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(late()), waitMs);
  });
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(timer);
  }
}
