import type { OpenDatabase } from "./database.ts";

/** PostgreSQL 14. */
const MIN_VERSION = 140_000;

/** The database of DATABASE_URL cannot be used. The message says why and what to do; show it as it is. */
export class UnusableDatabaseError extends Error {}

/**
 * Asks the server what it is.
 * @param url DATABASE_URL; nothing of its password gets into messages
 * @throws UnusableDatabaseError
 */
export async function checkServer(database: OpenDatabase, url: string): Promise<void> {
  type Row = { version: number; name: string; copy: boolean };
  const [row] = await database
    .runText<Row>(
      `select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
              pg_is_in_recovery() as copy`,
      [],
    )
    .catch((error: unknown) => {
      throw explained(error, url);
    });
  if (row && row.version < MIN_VERSION) {
    throw unusable(url, `it is PostgreSQL ${row.name}, and Cartwright needs 14 or later.`);
  }
  if (row?.copy) throw unusable(url, "it is a standby that only reads. Name the primary server.");
}

/** An error of the database that the operator can mend, in words that say how; any other one as it is. */
export function explained(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error instanceof UnusableDatabaseError) return error;
  // "localhost" is tried at two addresses, and the error that sums both up has no message of its own.
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  const code = (first as { code?: unknown }).code;
  const reason = first.message;
  const advice = adviceFor(typeof code === "string" ? code : "", reason);
  if (advice === undefined) return error;
  return unusable(url, `${reason}. ${advice}`, error);
}

function adviceFor(code: string, reason: string): string | undefined {
  const certificates = "Check sslmode and sslrootcert at the end of the URL.";
  switch (code) {
    case "ENOENT":
      // Of a socket, or of a file that the URL names.
      return reason.startsWith("connect")
        ? "Is the server running, and is the socket's folder right?"
        : certificates;
    case "ECONNREFUSED":
      return "Is the server running, and are host and port right?";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return (
        "Is the host right? Characters such as @ : / # ? in a password must be percent-encoded, " +
        "or what follows them is taken for the host."
      );
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ECONNRESET":
      return "Are host and port right, and does a firewall let this machine through?";
    case "28P01":
    case "28000":
      return "Check user and password (with characters such as @ : / # ? percent-encoded), and the server's pg_hba.conf.";
    case "3D000":
      return "Create it (createdb), or name another one at the end of the URL.";
    case "42501":
      return "Cartwright makes its own tables: let its user own the database, or grant it create on the schema public.";
    case "53300":
      return "Other programs hold all connections of the server; set CARTWRIGHT_POOL_SIZE lower, or raise max_connections.";
    case "25006":
      return "Cartwright has to write: name the primary server, and a user whose transactions are not read only.";
    case "57P03":
      return "Start again in a moment.";
    default:
  }
  if (/timeout expired|timeout exceeded/.test(reason)) {
    return "Are host and port right, and does a firewall let this machine through?";
  }
  if (/Connection terminated/.test(reason)) return "Is what listens there a PostgreSQL server?";
  if (/SASL|password must be a string/.test(reason)) return "Does the URL have the password?";
  if (/SSL|certificate|self.signed/i.test(reason) || code.startsWith("ERR_TLS")) {
    return certificates;
  }
  return undefined;
}

function unusable(url: string, why: string, cause?: unknown): UnusableDatabaseError {
  return new UnusableDatabaseError(`The database at ${named(url)} cannot be used: ${why}`, { cause });
}

/** The URL without its password, or any other that a parameter may hold. */
function named(url: string): string {
  try {
    const parsed = new URL(url);
    const socket = parsed.searchParams.get("host");
    return `${parsed.username && `${parsed.username}@`}${socket ?? parsed.host}${parsed.pathname}`;
  } catch {
    return "DATABASE_URL";
  }
}
