import { type Database, type Statement, statement, violatedUnique } from "./database.ts";

/**
 * Runs a write that may run into a unique constraint, and answers the constraint's name instead of throwing when it
 * does. A transaction that is open around it goes on: only the write is undone. Costs two more statements, so it is
 * for rare writes; `insert … on conflict do nothing` needs none of this.
 */
export function writeUnique<Row extends object>(
  database: Database,
  write: Statement,
  values: readonly unknown[],
): Promise<{ rows: Row[] } | { violated: string }> {
  return database.transaction(async (transaction) => {
    await transaction.run(open, []);
    try {
      const rows = await transaction.run<Row>(write, values);
      await transaction.run(release, []);
      return { rows };
    } catch (error) {
      const violated = violatedUnique(error);
      if (violated === undefined) throw error;
      await transaction.run(undo, []);
      return { violated };
    }
  });
}

const open = statement("savepoint_open", "savepoint unique_write");
const release = statement("savepoint_release", "release savepoint unique_write");
const undo = statement("savepoint_undo", "rollback to savepoint unique_write");
