import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isUnavailable, type OpenDatabase, openDatabase } from "../../src/storage/postgres/database.ts";
import { startTestDatabase, type TestDatabase } from "../embedded-database.ts";
import { waitUntil } from "../engine.ts";

let server: TestDatabase;
let database: OpenDatabase;
let connection: pg.ClientConfig;
beforeAll(async () => {
  server = await startTestDatabase();
  connection = await server.createDatabase();
  database = openDatabase({ connection, maxConnections: 2, onError() {} });
});
afterAll(async () => {
  await database.close();
  await server.close();
});

/** Ends the server's side of a connection, and resolves when it is gone. */
async function end(pid: number): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query("select pg_terminate_backend($1)", [pid]);
  await waitUntil(
    async () =>
      (await client.query("select 1 from pg_stat_activity where pid = $1", [pid])).rows.length === 0,
  );
  await client.end();
}

// An error that nobody listens to would end the process, and fails the test run.
test("a connection that is lost within a transaction, between two statements, is an outage and no crash", async () => {
  const lost = database.transaction(async (transaction) => {
    const [row] = await transaction.runText<{ pid: number }>("select pg_backend_pid() as pid", []);
    await end(row?.pid as number);
    await transaction.runText("select 1", []);
  });
  await expect(lost.catch(isUnavailable)).resolves.toBe(true);
  expect(await database.runText("select 1 as one", [])).toEqual([{ one: 1 }]);
});

test("a connection that is lost during a statement is an outage", async () => {
  const asleep = database.runText("select pg_sleep(3600)", []).catch(isUnavailable);
  await waitUntil(async () => {
    const rows = await database.runText<{ pid: number }>(
      "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
      [],
    );
    if (rows[0]) await end(rows[0].pid);
    return rows.length > 0;
  });
  expect(await asleep).toBe(true);
});

test.each([
  ["connect ECONNREFUSED", { code: "ECONNREFUSED" }],
  ["getaddrinfo EAI_AGAIN db", { code: "EAI_AGAIN" }],
  ["Connection terminated due to connection timeout", {}],
  ["timeout exceeded when trying to connect", {}],
])("%s is an outage", (message, members) => {
  expect(isUnavailable(Object.assign(new Error(message), members))).toBe(true);
});

test("what is wrong with a statement is none", async () => {
  const refused = database.runText("select 1 / 0", []).catch(isUnavailable);
  expect(await refused).toBe(false);
  expect(isUnavailable(new Error("x is undefined"))).toBe(false);
});
