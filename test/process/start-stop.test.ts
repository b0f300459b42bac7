import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { expect, test } from "vitest";
import { startTestDatabase } from "../embedded-database.ts";
import { waitUntil } from "../engine.ts";
import { newDirectory } from "./program.ts";

test("an engine that was started and stopped 20 times leaves nothing open: its process ends by itself", async () => {
  const database = await startTestDatabase();
  const connection = await database.createDatabase();
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [path.join(import.meta.dirname, "start-stop.mjs"), "20"],
    {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: database.url(connection.database),
        CARTWRIGHT_DATA_DIR: await newDirectory(),
      },
    },
  );
  // What would be said about listeners that pile up, too.
  expect([stdout, stderr]).toEqual(["done\n", ""]);
  const client = new pg.Client(connection);
  await client.connect();
  // The server takes a moment to see that a client has gone, and vacuums by itself meanwhile.
  const connected = async () =>
    (
      await client.query(
        `select pid from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      )
    ).rows;
  await waitUntil(async () => (await connected()).length === 0);
  await client.end();
  await database.close();
});
