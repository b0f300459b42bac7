import pg from "pg";
import { waitUntil } from "../engine.ts";

/** Something that others in the database have to wait for. */
export type Held = {
  /** Resolves when as many statements as said wait for it. */
  waiting(count: number): Promise<void>;
  /** Lets them go on, after what was done here is kept or undone. */
  letGo(how: "commit" | "rollback"): Promise<void>;
};

/** Opens a transaction and runs a statement in it; whatever the statement locks stays locked. */
export async function hold(connection: pg.ClientConfig, statement: string): Promise<Held> {
  const client = new pg.Client(connection);
  // When a test fails, its database goes away under the connection.
  client.on("error", () => {});
  await client.connect();
  await client.query(`begin; ${statement}`);
  return {
    waiting: (count) =>
      waitUntil(async () => {
        // A transaction sees the activity of its first look, unless it says that it wants to see more.
        await client.query("select pg_stat_clear_snapshot()");
        const { rows } = await client.query(
          "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        return rows.length === count;
      }, 30_000),
    async letGo(how) {
      await client.query(how);
      await client.end();
    },
  };
}

/** Keeps programs on an empty database from making their tables. */
export const theirTables = "create table schema_migration (version integer)";
/** Keeps requests from reading and changing carts. */
export const allCarts = "lock table cart in access exclusive mode";
