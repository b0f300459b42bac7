import { expect } from "vitest";

/** Looks, until `all` is over, and finds no connection of this database idle in a transaction for 1.5 seconds. */
export async function expectNoneHeld(
  sql: (text: string) => Promise<readonly object[]>,
  all: Promise<unknown>,
): Promise<void> {
  const over = all.then(() => true);
  let looks = 0;
  do {
    const held = await sql(
      `select 1 from pg_stat_activity where datname = current_database() and state = 'idle in transaction'
         and state_change < clock_timestamp() - interval '1500 milliseconds'`,
    );
    expect(held).toEqual([]);
    looks += 1;
  } while (!(await Promise.race([over, new Promise((resolve) => setImmediate(() => resolve(false)))])));
  expect(looks).toBeGreaterThan(5);
}
