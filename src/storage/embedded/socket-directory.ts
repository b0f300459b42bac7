import { createHash, randomUUID } from "node:crypto";
import { chown, lstat, mkdir, rmdir } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Cluster } from "./cluster-place.ts";
import { EmbeddedPostgresError, errorCode } from "./embedded-postgres-error.ts";
import { reaches, type ServerUser } from "./server-user.ts";

/** The port in the socket's name. Nothing listens on it. */
export const socketPort = 5432;

/** Systems take 107 bytes (Linux) or 103 (macOS and the BSDs) as the path of a socket. */
const pathLimitBytes = 103;

/**
 * The directory for the server's socket: the cluster itself, which its owner alone gets into; where its path is too
 * long or its file system has no sockets (some mounted folders of containers), one in a temporary directory.
 * @throws EmbeddedPostgresError when there is no place
 */
export async function prepareSocketDirectory(
  cluster: Cluster,
  user: ServerUser | undefined,
  sharedDirectory: string,
): Promise<string> {
  if (process.platform === "win32") return cluster.directory;
  if (fits(cluster.directory) && (await holdsSockets(cluster.directory))) return cluster.directory;
  const name = `cartwright-${createHash("sha256").update(cluster.directory).digest("hex").slice(0, 16)}`;
  const failures: string[] = [];
  for (const place of new Set([tmpdir(), "/tmp", ...(user ? [sharedDirectory] : [])])) {
    const directory = path.join(place, name);
    const failure = await closedDirectory(directory, user).catch(String);
    if (failure === undefined) return directory;
    failures.push(failure);
  }
  throw new EmbeddedPostgresError(
    `There is no place for the database's socket: the path of ${cluster.directory} is too long for one or its file ` +
      `system has none, and ${failures.join("; ")}. Set CARTWRIGHT_DATA_DIR to a short path on a local disk.`,
  );
}

/** Removes a socket directory that was made for a cluster, once its server is gone. */
export async function removeSocketDirectory(cluster: Cluster, directory: string): Promise<void> {
  if (directory !== "" && directory !== cluster.directory) await rmdir(directory).catch(() => {});
}

function fits(directory: string): boolean {
  return Buffer.byteLength(path.join(directory, `.s.PGSQL.${socketPort}`)) <= pathLimitBytes;
}

/** Makes a directory for the server's user alone, or says why it cannot be used: others may have made one before us. */
async function closedDirectory(directory: string, user: ServerUser | undefined): Promise<string | undefined> {
  if (!fits(directory)) return `${directory} is too long`;
  try {
    await mkdir(directory, { mode: 0o700 });
    if (user) await chown(directory, user.uid, user.gid);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
  const found = await lstat(directory);
  const owner = user?.uid ?? process.getuid?.();
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0) {
    return `${directory} belongs to somebody else`;
  }
  if (user && !(await reaches(user, directory))) return `user ${user.uid} does not get into ${directory}`;
  return (await holdsSockets(directory)) ? undefined : `${directory} holds no sockets`;
}

function holdsSockets(directory: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(path.join(directory, `.s.${randomUUID().slice(0, 8)}`), () =>
      probe.close(() => resolve(true)),
    );
  });
}
