import { randomBytes } from "node:crypto";
import path from "node:path";
import { Client } from "pg";
import { inject } from "vitest";
import type { Connection } from "../src/storage/embedded/connection.ts";
import { openEmbeddedPostgres } from "../src/storage/embedded/embedded-postgres.ts";

/** A PostgreSQL server for tests, shared by all test files of a run. */
export type TestDatabase = {
  /** What `pg` needs to connect to one of its databases, as the role that owns it. */
  connectionFor(databaseName: string): Connection;
  /** The same as a URL, for DATABASE_URL. */
  url(databaseName: string): string;
  /**
   * Makes an empty database of its own for a test; takes about 20 ms.
   * @param template name of a database to copy instead, which nobody may be connected to (a migrated one, say)
   */
  createDatabase(template?: string): Promise<Connection>;
  /** Drops the databases that were made here and leaves the server. */
  close(): Promise<void>;
};

/**
 * Opens the server of this test run: the embedded PostgreSQL, except that it does not wait for the disk. Call it in
 * `beforeAll` and close it in `afterAll`; `test/global-setup.ts` cleans up what is not closed.
 */
export async function startTestDatabase(): Promise<TestDatabase> {
  const silent = { info() {}, warn() {} };
  const run = inject("testRunDirectory");
  const server = await openEmbeddedPostgres({
    dataDirectory: path.join(run, "shared"),
    sharedDirectory: path.join(run, "shared-by-root"),
    log: silent,
  });
  const admin = new Client({ ...server.connection, user: "postgres", database: "postgres" });
  await admin.connect();
  if (server.how === "created") {
    for (const setting of ["fsync", "synchronous_commit", "full_page_writes"]) {
      await admin.query(`alter system set ${setting} = off`);
    }
    await admin.query("select pg_reload_conf()");
  }
  const made: string[] = [];
  const connectionFor = (databaseName: string) => ({ ...server.connection, database: databaseName });

  return {
    connectionFor,
    url(databaseName) {
      const { user, password, host, port } = server.connection;
      const login = password ? `${user}:${password}` : user;
      // The host in the query stands for the one before it, in `pg` as in libpq, and may be a socket's directory.
      return `postgresql://${login}@localhost:${port}/${databaseName}?host=${encodeURIComponent(host)}`;
    },
    async createDatabase(template = "template0") {
      const name = `test_${randomBytes(6).toString("hex")}`;
      await admin.query(`create database ${name} template ${template} owner ${server.connection.user}`);
      made.push(name);
      return connectionFor(name);
    },
    async close() {
      for (const name of made) await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
      await server.close();
    },
  };
}
