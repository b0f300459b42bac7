import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type OpenDatabase, openDatabase } from "../../src/storage/postgres/database.ts";
import { startTestDatabase } from "../embedded-database.ts";

/** An empty database with all tables, for one test file. */
export async function openMigratedDatabase(
  maxConnections = 10,
): Promise<{ database: OpenDatabase; close(): Promise<void> }> {
  const server = await startTestDatabase();
  const connection = await server.createDatabase();
  const database = openDatabase({
    connection,
    maxConnections,
    // A pool that has been ended is not sure to have closed its connections when their database is dropped.
    onError() {},
  });
  const directory = path.join(import.meta.dirname, "../../migrations");
  for (const file of (await readdir(directory)).sort()) {
    await database.pool.query(await readFile(path.join(directory, file), "utf8"));
  }
  return {
    database,
    async close() {
      await database.close();
      await server.close();
    },
  };
}

/** Whether one session of the database waits for a lock of another one. */
export async function someoneWaits(database: OpenDatabase): Promise<boolean> {
  const [row] = await database.runText<{ waiting: number }>(
    "select count(*) as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    [],
  );
  return row?.waiting === 1;
}

export { waitUntil } from "../engine.ts";
