import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { openDataDirectory } from "./cluster-place.ts";
import { applicationName, type Connection } from "./connection.ts";
import { ensureDatabase } from "./database.ts";
import { EmbeddedPostgresError, errorCode } from "./embedded-postgres-error.ts";
import { type Joined, joinOrStart } from "./join-or-start.ts";
import { joinServer, leaveServer } from "./presence.ts";
import { limitServerLog } from "./server-log.ts";
import { stopServer } from "./server-process.ts";
import { removeSocketDirectory } from "./socket-directory.ts";

export { EmbeddedPostgresError };

/** What the embedded database needs to know. */
export type EmbeddedPostgresOptions = {
  /**
   * Directory that holds the database (CARTWRIGHT_DATA_DIR), created when absent. On a local disk: two machines that
   * share it over a network cannot see each other's server and would ruin the data.
   */
  readonly dataDirectory: string;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /**
   * Where root keeps what the unprivileged user of the server must reach and cannot in the data directory or in
   * `node_modules`: by default `/var/lib/cartwright`. Without meaning for ordinary users.
   */
  readonly sharedDirectory?: string;
};

/** An embedded database in use. */
export type EmbeddedPostgres = {
  /** What `pg` needs to connect: the socket's directory as host; on Windows an address and a password. */
  readonly connection: Connection;
  /** Whether this call made the database, started its server, or found it running. */
  readonly how: "created" | "started" | "attached";
  /** Leaves the database; the last engine or command to leave stops it. Close your own connections first. */
  close(): Promise<void>;
};

/**
 * Opens the PostgreSQL in a data directory: creates it, starts it, or attaches to it when it runs already, whoever
 * started it. While it is open, a server that dies is started again.
 * @throws EmbeddedPostgresError when it cannot be used
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const began = performance.now();
  const dataDirectory = await openDataDirectory(options.dataDirectory);
  const logFile = path.join(dataDirectory, "postgres.log");
  const closing = new AbortController();
  const sharedDirectory = options.sharedDirectory ?? "/var/lib/cartwright";
  const request = { dataDirectory, sharedDirectory, logFile, log, signal: closing.signal };
  const opened = await joinOrStart({ ...request, mayCreate: true });
  const connection = await connectionOfApplication(opened);
  log.info(
    { dataDirectory, cluster: opened.cluster.directory, ms: Math.round(performance.now() - began) },
    `Embedded PostgreSQL ${opened.how}`,
  );

  let current: Joined = opened;
  let returning: Promise<void> | undefined;
  let closed: Promise<void> | undefined;
  const trimming = setInterval(() => limitServerLog(logFile).catch(() => {}), 600_000).unref();
  watch(opened.client);

  function watch(client: Client): void {
    let reason = "the connection ended";
    client.on("error", (error) => (reason = error.message));
    client.once("end", () => {
      if (!closing.signal.aborted) returning = comeBack(reason);
    });
  }

  /** A lost connection means a lost server, or a lost share of it; either way we must join again. */
  async function comeBack(reason: string): Promise<void> {
    log.warn({ dataDirectory, reason }, "Embedded PostgreSQL went away; joining or starting it again");
    for (let pauseMs = 100; !closing.signal.aborted; pauseMs = Math.min(pauseMs * 2, 10_000)) {
      try {
        current = await joinOrStart({ ...request, mayCreate: false });
        if (current.connection.host !== connection.host || current.connection.port !== connection.port) {
          log.warn(
            { dataDirectory },
            "Embedded PostgreSQL came back at another address; restart this process",
          );
        }
        watch(current.client);
        log.info({ dataDirectory }, `Embedded PostgreSQL ${current.how}`);
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        log.warn({ dataDirectory, err: error }, "Embedded PostgreSQL does not come back; trying again");
        await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  async function close(): Promise<void> {
    closing.abort();
    clearInterval(trimming);
    await returning;
    const result = await leave(current);
    if (result === "slow") log.warn({ dataDirectory }, "Embedded PostgreSQL is still stopping");
    else if (result === "left") log.info({ dataDirectory }, "Embedded PostgreSQL left running");
    else log.info({ dataDirectory }, "Embedded PostgreSQL stopped");
  }

  return {
    connection,
    how: opened.how,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

async function connectionOfApplication(joined: Joined): Promise<Connection> {
  try {
    await ensureDatabase(joined.client, joined.connection.password);
  } catch (error) {
    await leave(joined).catch(() => {});
    throw error;
  }
  return { ...joined.connection, user: applicationName, database: applicationName };
}

async function leave({ client, cluster, connection }: Joined): Promise<"stopped" | "left" | "slow"> {
  let mine = client;
  let last: boolean;
  try {
    last = await leaveServer(mine);
  } catch {
    // The connection is lost and our share with it. Whether others have one can be asked over a new one, if at all.
    let again = await joinServer(cluster).catch(() => undefined);
    for (let tries = 0; again?.state === "busy" && again.progressing && tries < 500; tries++) {
      await delay(10);
      again = await joinServer(cluster).catch(() => undefined);
    }
    if (again?.state !== "joined") return again?.state === "absent" ? "stopped" : "left";
    mine = again.client;
    last = await leaveServer(mine);
  }
  let crashed = false;
  // To be stopped is "admin_shutdown" to a connection. Only its first error tells; the next is just that it ended.
  mine.once("error", (error) => {
    crashed = errorCode(error) !== "57P01";
  });
  const result = last ? await stopServer(cluster, () => crashed) : "left";
  await mine.end().catch(() => {});
  if (result === "stopped") await removeSocketDirectory(cluster, connection.host);
  return result;
}
