import { execFile, spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Cluster } from "./cluster-place.ts";
import { EmbeddedPostgresError, errorCode } from "./embedded-postgres-error.ts";
import { cannotRun } from "./new-cluster.ts";
import { findPackagedBinaries } from "./packaged-binaries.ts";
import { isServerOf, type PostmasterFile, readPostmasterFile } from "./postmaster-file.ts";
import { lastLines, openServerLog } from "./server-log.ts";
import { serverSettings, settingArguments } from "./server-settings.ts";
import { type ServerUser, serverEnvironment } from "./server-user.ts";
import { socketPort } from "./socket-directory.ts";

const pollMs = 5;
/** Replaying the log after a crash takes seconds for each gigabyte; longer than this is not that. */
const recoveryLimitMs = 600_000;
/** The last checkpoint of a busy server on a slow disk takes seconds. */
const fastStopLimitMs = 30_000;
const stopLimitMs = 60_000;

/** What a server is started with. */
export type ServerStart = {
  readonly cluster: Cluster;
  /** The folder with `bin/postgres`. */
  readonly binaries: string;
  readonly user: ServerUser | undefined;
  readonly logFile: string;
  /** Where its socket goes; on Windows, without meaning. */
  readonly socketDirectory: string;
  /** A left-over `postmaster.pid` whose process is not the cluster's server any more. */
  readonly stale: PostmasterFile | undefined;
};

/**
 * Starts a server in a session of its own, so that it outlives this process and a Ctrl-C in its terminal, and waits
 * until it accepts connections. The caller holds the start lock.
 * @returns "taken" when PostgreSQL says that another server, or what is left of one, still holds the cluster
 * @throws EmbeddedPostgresError with the last lines of its log when it does not come up
 */
export async function startServer(start: ServerStart): Promise<"ready" | "taken"> {
  if (process.platform === "win32") return startOnWindows(start);
  const { cluster, user, logFile } = start;
  const program = path.join(start.binaries, "bin", "postgres");
  const { handle, from } = await openServerLog(logFile, user);
  let ended: string | undefined;
  let failure: unknown;
  const child = spawn(
    program,
    ["-D", cluster.directory, ...listening(start), ...settingArguments(serverSettings)],
    {
      ...user,
      cwd: "/",
      detached: true,
      stdio: ["ignore", handle.fd, handle.fd],
      env: {
        ...serverEnvironment(),
        // PostgreSQL does not start while the process of an old lock file lives, even where that is by now a process of
        // something else. The one named here it takes for one of its own; its other checks (shared memory) still hold.
        ...(start.stale ? { PG_GRANDPARENT_PID: String(start.stale.pid) } : {}),
      },
    },
  );
  child.once("error", (error) => (failure = error));
  child.once("exit", (code, signal) => (ended = signal ?? `exit code ${code}`));
  try {
    const began = performance.now();
    while (performance.now() - began < recoveryLimitMs) {
      if (failure) throw cannotRun(program, failure, user);
      if (ended) return await explainEnd(cluster, logFile, from, ended);
      const server = await readPostmasterFile(cluster.directory);
      if (server?.pid === child.pid && server?.status === "ready") return "ready";
      await delay(pollMs);
    }
    throw new EmbeddedPostgresError(
      `The database in ${cluster.directory} has been recovering for ${recoveryLimitMs / 60_000} minutes and goes on ` +
        `doing so; start again later. The end of ${logFile}:\n${await lastLines(logFile, from)}`,
    );
  } finally {
    child.unref();
    await handle.close();
  }
}

async function explainEnd(cluster: Cluster, logFile: string, from: number, how: string): Promise<"taken"> {
  const lines = await lastLines(logFile, from);
  if (/lock file ".*" already exists|shared memory block .* is still in use/.test(lines)) return "taken";
  const full = /No space left on device|disk quota exceeded/i.test(lines);
  throw new EmbeddedPostgresError(
    `${full ? "The disk is full: free some space and start again. " : ""}The database in ${cluster.directory} does ` +
      `not start (${how}). The end of ${logFile}:\n${lines || "(nothing)"}`,
  );
}

function listening(start: ServerStart): string[] {
  return settingArguments({
    listen_addresses: "",
    unix_socket_directories: start.socketDirectory,
    unix_socket_permissions: "0700",
    port: String(socketPort),
  });
}

/**
 * PostgreSQL refuses to run with an administrator's rights; `pg_ctl` gives them up first. Never run so far: the tests
 * have not had a Windows.
 */
async function startOnWindows(start: ServerStart): Promise<"ready" | "taken"> {
  const port = String(await freePort(start.stale?.port));
  const settings = settingArguments({ ...serverSettings, listen_addresses: "127.0.0.1", port });
  const options = ["-D", start.cluster.directory, "-l", start.logFile, "-w", "-t", "600"];
  const { handle, from } = await openServerLog(start.logFile, undefined);
  await handle.close();
  const program = path.join(start.binaries, "bin", "pg_ctl.exe");
  const child = spawn(program, ["start", ...options, "-o", settings.join(" ")], {
    stdio: "ignore",
    detached: true,
    windowsHide: true,
    env: serverEnvironment(),
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(cannotRun(program, error, undefined)));
    child.once("exit", resolve);
  });
  return code === 0 ? "ready" : explainEnd(start.cluster, start.logFile, from, `exit code ${code}`);
}

/** The wanted port when it is free: who knew the server before finds it again. */
async function freePort(wanted = 0): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once("error", (error) => (wanted ? resolve(freePort()) : reject(error)));
    probe.listen(wanted, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Stops the server of a cluster (PostgreSQL's fast shutdown: open transactions are rolled back, everything is written)
 * and waits until it is gone. One that does not go is stopped at once; what was committed is recovered at its next start.
 * @param crashed whether one of its processes has crashed meanwhile. PostgreSQL 18.4 can hang for good when it is told
 * to stop just as it restarts after that.
 * @returns "left" when its process cannot be identified, as from another container; "slow" when it takes over a minute
 */
export async function stopServer(
  cluster: Cluster,
  crashed: () => boolean,
): Promise<"stopped" | "left" | "slow"> {
  const server = await readPostmasterFile(cluster.directory);
  if (!server) return "stopped";
  if (process.platform === "win32") {
    const program = path.join(findPackagedBinaries().directory, "bin", "pg_ctl.exe");
    await promisify(execFile)(program, ["stop", "-D", cluster.directory, "-m", "fast", "-w"], {
      windowsHide: true,
    });
    return "stopped";
  }
  let signal: "SIGINT" | "SIGQUIT" | undefined;
  const began = performance.now();
  while (await isServerOf(server.pid, cluster.directory)) {
    const waitedMs = performance.now() - began;
    if (waitedMs > stopLimitMs) return "slow";
    const wanted = crashed() || waitedMs > fastStopLimitMs ? "SIGQUIT" : "SIGINT";
    if (wanted !== signal) send(server.pid, wanted);
    signal = wanted;
    await delay(pollMs);
  }
  return signal ? "stopped" : "left";
}

/** To a process that may be gone by now. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}
