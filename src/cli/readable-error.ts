import { ConfigError } from "../config.ts";
import { ListenError } from "../http/listener.ts";
import { EmbeddedPostgresError } from "../storage/embedded/embedded-postgres-error.ts";
import { MigrationFailedError, SchemaOutdatedError, SchemaTooNewError } from "../storage/postgres/migrate.ts";
import { UnusableDatabaseError } from "../storage/postgres/unusable-database.ts";
import { SecretFileError } from "../storage/secret-file.ts";

/** A command cannot do what it was asked for; the message says why. */
export class CommandError extends Error {}

const readable = [
  CommandError,
  ConfigError,
  EmbeddedPostgresError,
  ListenError,
  MigrationFailedError,
  SchemaOutdatedError,
  SchemaTooNewError,
  SecretFileError,
  UnusableDatabaseError,
];

/** What a person is told of an error: its message where it was written for them, all there is to know of a bug. */
export function readableError(error: unknown): string {
  if (readable.some((kind) => error instanceof kind)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
