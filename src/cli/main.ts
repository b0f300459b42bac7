import { Command } from "commander";
import { ConfigError } from "../config.ts";
import { packageVersion } from "../engine.ts";
import { EmbeddedPostgresError } from "../storage/embedded/embedded-postgres-error.ts";
import { SchemaTooNewError } from "../storage/postgres/migrate.ts";
import { doctorCommand } from "./doctor.ts";
import { keysCommand } from "./keys.ts";
import { migrateCommand } from "./migrate.ts";
import { reconcileCommand } from "./reconcile.ts";
import { seedCommand } from "./seed.ts";
import { startCommand } from "./start.ts";

/** Runs a command line; what a person can mend is said in a sentence and ends with exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("cartwright")
    .description("The checkout engine a shop owns: takes a cart to a paid, shipped order.")
    .version(await packageVersion())
    .addHelpText("after", environmentHelp);
  for (const command of [
    startCommand(),
    migrateCommand(),
    seedCommand(),
    keysCommand(),
    doctorCommand(),
    reconcileCommand(),
  ]) {
    program.addCommand(command);
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = 1;
    console.error(readable(error));
  }
}

function readable(error: unknown): string {
  if (
    error instanceof ConfigError ||
    error instanceof EmbeddedPostgresError ||
    error instanceof SchemaTooNewError
  ) {
    return error.message;
  }
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const port = (error as { port?: number }).port;
  if (code === "EADDRINUSE") {
    return `Port ${port} is in use: stop what listens there, or set PORT to another port (0 picks a free one).`;
  }
  if (code === "EADDRNOTAVAIL") return "HOST is not an address of this machine.";
  if (code === "EACCES" && port !== undefined)
    return `Port ${port} may not be used by this user: set PORT to one above 1023.`;
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "28P01" || code === "3D000") {
    return `The database cannot be used: ${error.message}. Check DATABASE_URL.`;
  }
  return error.stack ?? error.message;
}

const environmentHelp = `
Environment:
  PORT                      HTTP port, 0 picks a free one (9000)
  HOST                      address to listen on (127.0.0.1)
  DATABASE_URL              a PostgreSQL URL; without it the embedded PostgreSQL is used
  CARTWRIGHT_DATA_DIR       where the embedded database lives (.cartwright)
  CARTWRIGHT_SEED           demo or none (demo on an empty embedded database, else none)
  CARTWRIGHT_CLIENT_ID      with CARTWRIGHT_CLIENT_SECRET: the store's key pair (generated at first start)
  CARTWRIGHT_SECRET         signs tokens (generated into the data directory)
  CARTWRIGHT_POOL_SIZE      connections to the database (10)
  LOG_LEVEL                 fatal, error, warn, info, debug, trace or silent (info)`;
