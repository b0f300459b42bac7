import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenDatabase, openDatabase } from "../../src/storage/postgres/database.ts";
import {
  type Migration,
  MigrationFailedError,
  migrate,
  readMigrations,
  requireSchema,
  SchemaOutdatedError,
  SchemaTooNewError,
} from "../../src/storage/postgres/migrate.ts";
import { startTestDatabase, type TestDatabase } from "../embedded-database.ts";
import { waitUntil } from "../engine.ts";

let server: TestDatabase;
let ours: readonly Migration[];
let opened: OpenDatabase[] = [];
beforeAll(async () => {
  server = await startTestDatabase();
  ours = await readMigrations(path.join(import.meta.dirname, "../../migrations"));
});
afterAll(async () => {
  await closeAll();
  await server.close();
});

async function closeAll(): Promise<void> {
  await Promise.all(opened.map((database) => database.close()));
  opened = [];
}

/** So many processes' connections to one new database. */
async function newDatabases(count: number): Promise<OpenDatabase[]> {
  const connection = await server.createDatabase();
  const databases = Array.from({ length: count }, () =>
    openDatabase({ connection, maxConnections: 2, onError() {} }),
  );
  opened.push(...databases);
  return databases;
}

async function newDatabase(): Promise<OpenDatabase> {
  return (await newDatabases(1))[0] as OpenDatabase;
}

function migration(version: number, sql: string, breaking = false): Migration {
  return { version, name: `step-${version}`, breaking, sql };
}

async function tables(database: OpenDatabase): Promise<readonly string[]> {
  const rows = await database.runText<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
    [],
  );
  return rows.map(({ name }) => name);
}

const first = migration(1, "create table one (id integer); insert into one values (1)");
const second = migration(2, "create table two (id integer); insert into two values (1)");

test("the migrations are numbered without a gap, and the tables of all rows begin their key with the store", async () => {
  expect(ours.map(({ version }) => version)).toEqual(ours.map((_, index) => index + 1));
  const database = await newDatabase();
  await migrate(database, ours);
  const keys = await database.runText<{ name: string; first: string }>(
    `select c.relname as name, a.attname as first
       from pg_index i join pg_class c on c.oid = i.indrelid
       join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where i.indisunique and c.relnamespace = 'public'::regnamespace`,
    [],
  );
  expect(keys.length).toBeGreaterThan(15);
  expect(keys.filter(({ name, first }) => first !== "store_id" && name !== "schema_migration")).toEqual([]);
});

test("N2 four processes at once on an empty database, 20 times: each migration is carried out once", async () => {
  for (let round = 0; round < 20; round += 1) {
    const databases = await newDatabases(4);
    const applied: number[] = [];
    await Promise.all(
      databases.map((database) =>
        migrate(database, [first, second], ({ version }) => void applied.push(version)),
      ),
    );
    expect(applied.sort()).toEqual([1, 2]);
    expect(await tables(databases[0]!)).toEqual(["one", "schema_migration", "two"]);
    await closeAll();
  }
});

describe("a migration that does not come to its end", () => {
  const broken = migration(2, "create table two (id integer); create table three (id nonsense)");

  test("N2 leaves what was there when it fails, says why, and can be mended", async () => {
    const database = await newDatabase();
    const attempt = migrate(database, [first, broken]);
    await expect(attempt).rejects.toBeInstanceOf(MigrationFailedError);
    await expect(attempt).rejects.toThrow(/0002-step-2 failed, and the schema stays as it was.*"nonsense"/);
    expect(await tables(database)).toEqual(["one", "schema_migration"]);
    await expect(requireSchema(database, [first, second])).rejects.toThrow("0002-step-2 is still to come");
    await migrate(database, [first, second]);
    expect(await tables(database)).toEqual(["one", "schema_migration", "two"]);
  });

  test("N2 leaves what was there when its process is killed, and the next one carries it out", async () => {
    const connection = await server.createDatabase();
    const url = server.url(connection.database);
    const child = spawn(process.execPath, [path.join(import.meta.dirname, "slow-migration.mjs"), url], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const client = new pg.Client(connection);
    await client.connect();
    const sleepers = async () =>
      (await client.query("select pid from pg_stat_activity where wait_event = 'PgSleep'")).rows;
    await waitUntil(async () => (await sleepers()).length === 1, 30_000);
    child.kill("SIGKILL");
    await once(child, "exit");
    // A server notices at the next statement that its client has gone, and this one sleeps for an hour.
    for (const { pid } of await sleepers()) await client.query("select pg_terminate_backend($1)", [pid]);
    await client.end();

    const database = openDatabase({ connection, maxConnections: 2, onError() {} });
    opened.push(database);
    await migrate(database, [first, second]);
    expect(await tables(database)).toEqual(["one", "schema_migration", "two"]);
    expect(await database.runText("select id from two", [])).toEqual([{ id: 1 }]);
  });

  test("holds the others up until it has failed, and one of them goes on", async () => {
    const [a, b] = (await newDatabases(2)) as [OpenDatabase, OpenDatabase];
    const results = await Promise.allSettled([migrate(a, [first, broken]), migrate(b, [first, second])]);
    expect(results[1].status).toBe("fulfilled");
    expect(await tables(b)).toEqual(["one", "schema_migration", "two"]);
  });
});

describe("an older program", () => {
  test("N2 refuses a schema that a newer one has changed in a way it cannot work with", async () => {
    const database = await newDatabase();
    await migrate(database, [first, migration(2, "drop table one", true)]);
    const attempt = migrate(database, [first]);
    await expect(attempt).rejects.toBeInstanceOf(SchemaTooNewError);
    await expect(attempt).rejects.toThrow(/newer Cartwright \(0002-step-2\).*Start the newer version again/);
    await expect(requireSchema(database, [first])).rejects.toBeInstanceOf(SchemaTooNewError);
  });

  test("N2 works on a newer schema that has only more in it", async () => {
    const database = await newDatabase();
    await migrate(database, [first, second]);
    await migrate(database, [first]);
    await requireSchema(database, [first]);
  });

  test("a newer one says what an older schema lacks, and changes nothing by looking", async () => {
    const database = await newDatabase();
    await expect(requireSchema(database, [first])).rejects.toBeInstanceOf(SchemaOutdatedError);
    expect(await tables(database)).toEqual([]);
    await migrate(database, [first]);
    await expect(requireSchema(database, [first, second])).rejects.toThrow("npx cartwright migrate");
  });
});
