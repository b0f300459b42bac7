/**
 * Where buyers wait while there is nobody to ask. It lets through nothing, or only requests that are repeated, or also
 * new ones.
 */
export function newGate() {
  let level = "closed";
  let waiting = [];
  const passes = (isNew) => level === "open" || (level === "repeats" && !isNew);
  return {
    /** @param to `closed`, `repeats` or `open` */
    set(to) {
      level = to;
      const through = waiting.filter(({ isNew }) => passes(isNew));
      waiting = waiting.filter(({ isNew }) => !passes(isNew));
      for (const { go } of through) go();
    },
    /** Buyers with nothing under way. */
    idle: () => waiting.filter(({ isNew }) => isNew).length,
    /** Resolves when such a request may be sent. */
    pass(isNew) {
      if (passes(isNew)) return Promise.resolve();
      return new Promise((go) => waiting.push({ isNew, go }));
    },
  };
}
