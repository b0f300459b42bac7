import type { Client } from "pg";
import { applicationName } from "./connection.ts";
import { errorCode } from "./embedded-postgres-error.ts";

/** What PostgreSQL answers when another process made the same thing at the same moment. */
const madeByAnother = new Set(["42710", "42P04", "23505"]);

/**
 * Makes Cartwright's role and its database where they are missing. The role owns the database and nothing else: it is
 * no superuser, as it would not be one on a server of the user's own.
 * @param client connected as superuser
 * @param password of the role, where the server asks for one; hexadecimal digits
 */
export async function ensureDatabase(client: Client, password: string | undefined): Promise<void> {
  const { rows } = await client.query<{ role: boolean; database: boolean }>({
    text: `select exists (select from pg_roles where rolname = $1) as role,
                  exists (select from pg_database where datname = $1) as database`,
    values: [applicationName],
  });
  const [found] = rows;
  if (!found?.role) {
    const login = password === undefined ? "login" : `login password '${password}'`;
    await unlessMade(client, `create role ${applicationName} ${login}`);
  }
  if (!found?.database) {
    await unlessMade(client, `create database ${applicationName} owner ${applicationName}`);
  }
}

async function unlessMade(client: Client, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    if (!madeByAnother.has(errorCode(error) ?? "")) throw error;
  }
}
