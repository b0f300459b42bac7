import { Client, DatabaseError } from "pg";
import type { Cluster } from "./cluster-place.ts";
import { type Connection, superuserConnection } from "./connection.ts";
import { errorCode } from "./embedded-postgres-error.ts";
import { isServerOf, readPostmasterFile } from "./postmaster-file.ts";

/**
 * The advisory lock that says who uses the server: everybody shares it, and only who gets it alone may stop the server.
 * It ends with its connection, so a process that is killed is not counted. Locks belong to a database: `postgres`.
 */
const presenceLock = 7_216_554_311;

/** What came of trying to join a server. */
export type Joining =
  | { readonly state: "joined"; readonly client: Client; readonly connection: Connection }
  /** No server runs; one that was killed may have left its lock file. */
  | { readonly state: "absent" }
  /** One runs that cannot be joined now; `progressing` when it says itself that it is on its way up. */
  | { readonly state: "busy"; readonly why: string; readonly progressing: boolean };

/**
 * Connects to the cluster's server and holds a share of the presence lock on that connection.
 * @returns as it is now; the caller tries again
 * @throws what PostgreSQL answers when the cluster is not as we made it
 */
export async function joinServer(cluster: Cluster): Promise<Joining> {
  const server = await readPostmasterFile(cluster.directory);
  if (!server) return { state: "absent" };
  if (!server.socketDirectory && !server.address) {
    // The file is written in steps; a server that has come this far, or died there, does not listen yet.
    if (!(await isServerOf(server.pid, cluster.directory))) return { state: "absent" };
    return { state: "busy", why: `process ${server.pid} does not listen`, progressing: false };
  }
  const connection = await superuserConnection(cluster, server);
  const client = new Client({
    ...connection,
    application_name: "cartwright presence",
    connectionTimeoutMillis: 5_000,
  });
  // Without a listener the loss of the connection would end this process.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ joined: boolean }>({
      text: "select pg_try_advisory_lock_shared($1) as joined",
      values: [presenceLock],
    });
    if (rows[0]?.joined) return { state: "joined", client, connection };
    await client.end();
    return { state: "busy", why: "it is being stopped", progressing: false };
  } catch (error) {
    client.end().catch(() => {});
    const code = errorCode(error);
    const why = error instanceof Error && error.message ? error.message : String(code ?? error);
    // 57P03: starting, stopping or recovering. 57P01, 57P02: stopped or crashed while we asked. 53300: all connections
    // are taken.
    if (code === "57P03") return { state: "busy", why, progressing: server.status !== "stopping" };
    if (code === "57P01" || code === "57P02" || code === "53300")
      return { state: "busy", why, progressing: false };
    // On TCP any other answer is perhaps that of another server, on the port ours had.
    const onSocket = server.socketDirectory !== "";
    if (onSocket && error instanceof DatabaseError) throw error;
    // Nobody listens only where the system says so. A server that is slow to answer may be one of another container,
    // whose process we cannot see; to start a second one beside it would ruin the data.
    const nobodyListens = code === "ENOENT" || code === "ECONNREFUSED" || !onSocket;
    if (nobodyListens && !(await isServerOf(server.pid, cluster.directory))) {
      return { state: "absent" };
    }
    return { state: "busy", why: `process ${server.pid} does not answer (${why})`, progressing: false };
  }
}

/** Gives up the share. @returns whether nobody else holds one, and nobody can get one while this connection lives */
export async function leaveServer(client: Client): Promise<boolean> {
  await client.query("select pg_advisory_unlock_shared($1)", [presenceLock]);
  const { rows } = await client.query<{ last: boolean }>("select pg_try_advisory_lock($1) as last", [
    presenceLock,
  ]);
  return rows[0]?.last === true;
}
