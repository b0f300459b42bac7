import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Cluster } from "./cluster-place.ts";
import type { PostmasterFile } from "./postmaster-file.ts";

/** What `pg` needs to connect. `host` is the directory of the socket, or an address. */
export type Connection = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string;
  /** Said outright, because `pg` would otherwise obey PGSSLMODE. */
  readonly ssl: false;
};

/** The database and its owner, the role that Cartwright works as. */
export const applicationName = "cartwright";

/** Where the password of a cluster that listens on TCP (Windows) is kept. */
export function passwordFile(cluster: Cluster): string {
  return path.join(cluster.home, "postgres-password");
}

/** How to reach a running server as its superuser. */
export async function superuserConnection(cluster: Cluster, server: PostmasterFile): Promise<Connection> {
  const base = { port: server.port, user: "postgres", database: "postgres", ssl: false } as const;
  if (server.socketDirectory) return { ...base, host: server.socketDirectory };
  const password = (await readFile(passwordFile(cluster), "utf8")).trim();
  return { ...base, host: server.address || "127.0.0.1", password };
}
