import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Database, sqlState, statement } from "./database.ts";

/** One change of the schema. */
export type Migration = {
  readonly version: number;
  readonly name: string;
  /** A program that does not know it must not run on it: its first line is `--! breaking`. */
  readonly breaking: boolean;
  readonly sql: string;
};

/** The migrations of this program, in order. Files are named `0001-what-it-does.sql`. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{4}-[a-z0-9-]+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(join(directory, file), "utf8");
      return {
        version: Number(file.slice(0, 4)),
        name: file.slice(5, -4),
        breaking: /^--! breaking\b/.test(sql),
        sql,
      };
    }),
  );
}

/** The database is newer than this program in a way that it cannot work with. */
export class SchemaTooNewError extends Error {}

/** The schema is not what this program needs, and nobody asked for it to be changed. */
export class SchemaOutdatedError extends Error {}

/** A migration could not be carried out, and left nothing behind. */
export class MigrationFailedError extends Error {}

/**
 * Brings the schema up to date; forward only. Several processes may do so at once: whoever writes a migration's row
 * first carries it out, the others wait for that row and go on. One that fails leaves the schema as it was.
 * @throws SchemaTooNewError, MigrationFailedError
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  onApplied: (migration: Migration) => void = () => undefined,
): Promise<void> {
  await createTable(database);
  await refuseNewer(database, migrations);
  for (const migration of migrations) {
    const applied = await database.transaction(async (transaction) => {
      const rows = await transaction.run(claimMigration, [
        migration.version,
        migration.name,
        migration.breaking,
      ]);
      if (rows.length === 0) return false;
      await carryOut(transaction, migration);
      return true;
    });
    if (applied) onApplied(migration);
  }
}

async function carryOut(transaction: Database, migration: Migration): Promise<void> {
  try {
    await transaction.runText(migration.sql, []);
  } catch (error) {
    const state = sqlState(error);
    // A lost connection is no fault of the migration, and after a deadlock all of it is tried again.
    if (state === undefined || /^(08|40|57)/.test(state)) throw error;
    throw new MigrationFailedError(
      `The migration ${titleOf(migration)} failed, and the schema stays as it was before it: ` +
        `${(error as Error).message} (SQLSTATE ${state}).`,
      { cause: error },
    );
  }
}

/**
 * Looks whether the schema is what this program needs, and changes nothing.
 * @throws SchemaTooNewError, SchemaOutdatedError
 */
export async function requireSchema(database: Database, migrations: readonly Migration[]): Promise<void> {
  const pending = await pendingMigrations(database, migrations);
  if (pending.length < migrations.length) await refuseNewer(database, migrations);
  if (pending.length === 0) return;
  throw new SchemaOutdatedError(
    pending.length === migrations.length
      ? "There is no Cartwright in this database yet. Start it once, or make its tables with: npx cartwright migrate"
      : `The database was made by an older Cartwright: ${pending.map(titleOf).join(", ")} is still to come. Bring it ` +
          "up to date with: npx cartwright migrate",
  );
}

/** Migrations that the database has not seen yet; all of them when it has seen none. */
export async function pendingMigrations(
  database: Database,
  migrations: readonly Migration[],
): Promise<Migration[]> {
  const [table] = await database.run<{ found: boolean }>(tableExists, []);
  if (!table?.found) return [...migrations];
  const rows = await database.run<{ version: number }>(selectApplied, []);
  const applied = new Set(rows.map((row) => row.version));
  return migrations.filter((migration) => !applied.has(migration.version));
}

async function refuseNewer(database: Database, migrations: readonly Migration[]): Promise<void> {
  const known = new Set(migrations.map((migration) => migration.version));
  const rows = await database.run<{ version: number; name: string; breaking: boolean }>(selectApplied, []);
  const unknown = rows.filter((row) => row.breaking && !known.has(row.version));
  if (unknown.length === 0) return;
  const names = unknown.map(titleOf).join(", ");
  throw new SchemaTooNewError(
    `The database was changed by a newer Cartwright (${names}) in a way that this version cannot work with. ` +
      "Start the newer version again, or restore a backup from before the update.",
  );
}

function titleOf({ version, name }: Pick<Migration, "version" | "name">): string {
  return `${String(version).padStart(4, "0")}-${name}`;
}

async function createTable(database: Database): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await database.run(createMigrationTable, []);
      return;
    } catch (error) {
      // "if not exists" is not safe against another process that creates it in the same moment: the table may then be
      // there, or its type, or a row of either in the catalog.
      if (!["42P07", "42710", "23505"].includes(sqlState(error) ?? "") || attempt >= 5) throw error;
    }
  }
}

const createMigrationTable = statement(
  "migration_create_table",
  `create table if not exists schema_migration (
     version integer primary key, name text not null, breaking boolean not null, applied_at timestamptz not null)`,
);

const tableExists = statement(
  "migration_table_exists",
  "select to_regclass('schema_migration') is not null as found",
);

const selectApplied = statement(
  "migration_select_applied",
  "select version, name, breaking from schema_migration order by version",
);

const claimMigration = statement(
  "migration_claim",
  `insert into schema_migration (version, name, breaking, applied_at) values ($1, $2, $3, now())
   on conflict (version) do nothing returning version`,
);
