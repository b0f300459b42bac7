import { type Database, type Statement, violatedUnique } from "./database.ts";

/**
 * Runs a write that may run into a unique constraint, and answers the constraint's name instead of throwing when it
 * does. A transaction that is open around it goes on: only the write is undone. Costs two more statements, so it is
 * for rare writes; `insert … on conflict do nothing` needs none of this.
 */
export async function writeUnique<Row extends object>(
  database: Database,
  write: Statement,
  values: readonly unknown[],
): Promise<{ rows: Row[] } | { violated: string }> {
  try {
    return { rows: await database.transaction((transaction) => transaction.run<Row>(write, values)) };
  } catch (error) {
    const violated = violatedUnique(error);
    if (violated === undefined) throw error;
    return { violated };
  }
}
