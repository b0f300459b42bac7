import { setTimeout as pause } from "node:timers/promises";
import { rounded } from "./figures.mjs";

/** How long connections sat in an open transaction with nothing to do, at most; looked at every 20 ms. */
export function watchIdle(database) {
  let over = false;
  let looks = 0;
  let longest = 0;
  const watching = (async () => {
    while (!over) {
      const [{ ms }] = await database.run(
        `select coalesce(max(extract(epoch from clock_timestamp() - state_change)) * 1000, 0)::float8 as ms
           from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
      );
      looks += 1;
      longest = Math.max(longest, ms);
      await pause(20);
    }
  })();
  return {
    async stop() {
      over = true;
      await watching;
      return { looks, longestIdleMs: rounded(longest, 1) };
    },
  };
}
