import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdtemp, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Cluster, clusterMark, unusableDataDirectory } from "./cluster-place.ts";
import { passwordFile } from "./connection.ts";
import { EmbeddedPostgresError, errorCode } from "./embedded-postgres-error.ts";
import { lastLinesOf } from "./server-log.ts";
import { mayNotBecome, type ServerUser, serverEnvironment } from "./server-user.ts";

/**
 * Makes an empty cluster. It is made beside its place and renamed when it is whole and on disk, so one that is killed
 * leaves nothing half-made. The caller holds the start lock.
 * @param binaries the folder with `bin/initdb`
 * @throws EmbeddedPostgresError with initdb's last lines
 */
export async function createCluster(
  cluster: Cluster,
  binaries: string,
  user: ServerUser | undefined,
): Promise<void> {
  const prefix = "postgres.new-";
  let unfinished: string;
  try {
    for (const entry of await readdir(cluster.home)) {
      // Left by one that was killed: we hold the lock.
      if (entry.startsWith(prefix))
        await rm(path.join(cluster.home, entry), { recursive: true, force: true });
    }
    unfinished = await mkdtemp(path.join(cluster.home, prefix));
  } catch (error) {
    throw unusableDataDirectory(cluster.home, error);
  }
  try {
    if (user) await chown(unfinished, user.uid, user.gid);
    await runInitdb(unfinished, path.join(binaries, "bin", "initdb"), user, await authentication(cluster));
    const mark = path.join(unfinished, clusterMark);
    await writeFile(mark, "A PostgreSQL cluster that Cartwright made and runs.\n", { flush: true });
    if (user) await chown(mark, user.uid, user.gid);
    await rename(unfinished, cluster.directory);
    await flushDirectory(cluster.home);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    throw error instanceof EmbeddedPostgresError ? error : unusableDataDirectory(cluster.home, error);
  }
}

/**
 * On a socket that only its owner and root get at, who connects is known already. Windows has none that `pg` speaks,
 * so there a password protects the TCP port.
 */
async function authentication(cluster: Cluster): Promise<string[]> {
  if (process.platform !== "win32") return ["--auth-local=trust", "--auth-host=reject"];
  const file = passwordFile(cluster);
  await writeFile(file, randomBytes(24).toString("hex"), { mode: 0o600 });
  return ["--auth=scram-sha-256", `--pwfile=${file}`];
}

async function runInitdb(
  directory: string,
  initdb: string,
  user: ServerUser | undefined,
  auth: readonly string[],
): Promise<void> {
  const child = spawn(
    initdb,
    [
      `--pgdata=${directory}`,
      "--username=postgres",
      "--encoding=UTF8",
      // Sorts by code point and knows upper and lower case beyond ASCII, the same on every system.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
      ...auth,
    ],
    { ...user, cwd: "/", env: serverEnvironment(), stdio: ["ignore", "pipe", "pipe"], windowsHide: true },
  );
  const { code, output } = await outcome(child, initdb, user);
  if (code === 0) return;
  const full = /No space left on device|disk quota exceeded/i.test(output);
  throw new EmbeddedPostgresError(
    `${full ? "The disk is full: free some space and start again. " : ""}initdb could not create the database in ` +
      `${path.dirname(directory)} (exit code ${code}). Its last lines:\n${lastLinesOf(output)}`,
  );
}

function outcome(
  child: ChildProcess,
  program: string,
  user: ServerUser | undefined,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("error", (error) => reject(cannotRun(program, error, user)));
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** The refusal for a program of the package that the system does not run. */
export function cannotRun(
  program: string,
  error: unknown,
  user: ServerUser | undefined,
): EmbeddedPostgresError {
  if (errorCode(error) === "EPERM" && user) return mayNotBecome(user);
  return new EmbeddedPostgresError(
    `${program} cannot be run: ${error instanceof Error ? error.message : error}. Install the package again ` +
      "(npm ci), or set DATABASE_URL.",
    { cause: error },
  );
}

async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
