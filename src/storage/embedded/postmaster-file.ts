import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { errorCode } from "./embedded-postgres-error.ts";

/** What a running server says of itself in `postmaster.pid`; the lines are those of PostgreSQL's miscadmin.h. */
export type PostmasterFile = {
  readonly pid: number;
  readonly port: number;
  /** Directory of its socket; empty when it listens on TCP only. */
  readonly socketDirectory: string;
  /** Address it listens on; empty when it listens on a socket only. */
  readonly address: string;
  /** "starting", "ready", "stopping"; empty in the first moments. */
  readonly status: string;
};

/** Reads `postmaster.pid`; `undefined` when there is none, so no server runs or it ended cleanly. */
export async function readPostmasterFile(clusterDirectory: string): Promise<PostmasterFile | undefined> {
  let text: string;
  try {
    text = await readFile(path.join(clusterDirectory, "postmaster.pid"), "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return {
    pid: Number.parseInt(lines[0] ?? "", 10) || 0,
    port: Number.parseInt(lines[3] ?? "", 10) || 0,
    socketDirectory: lines[4] ?? "",
    address: lines[5] ?? "",
    status: lines[7] ?? "",
  };
}

/**
 * Whether a process is the server of a cluster. A pid in a file proves nothing: after a crash or in a new container it
 * may be anybody's. Where it cannot be found out (Windows) the answer is no; PostgreSQL then decides for itself.
 */
export async function isServerOf(pid: number, clusterDirectory: string): Promise<boolean> {
  if (pid <= 0 || process.platform === "win32") return false;
  const command = process.platform === "linux" ? await linuxCommand(pid) : await psCommand(pid);
  if (!command.includes("postgres")) return false;
  if (`${command} `.includes(` ${clusterDirectory} `)) return true;
  // Somebody may have started it by hand under another spelling of the path; a server works in its cluster.
  return (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === clusterDirectory;
}

/** Empty for a process that is gone, and for one that has ended but was not waited for. */
async function linuxCommand(pid: number): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command.replaceAll("\0", " ");
}

async function psCommand(pid: number): Promise<string> {
  return promisify(execFile)("ps", ["-ww", "-o", "command=", "-p", String(pid)]).then(
    ({ stdout }) => stdout.trimEnd(),
    () => "",
  );
}
