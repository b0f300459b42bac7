import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { EmbeddedPostgresError, errorCode } from "./embedded-postgres-error.ts";

const run = promisify(execFile);

/** Who the server runs as, where that is not the user of this process. PostgreSQL refuses to run as root. */
export type ServerUser = { readonly uid: number; readonly gid: number };

const preferredNames = ["postgres", "_postgres", "nobody"];

/**
 * An unprivileged user from the text of an `/etc/passwd`: `postgres`, else `nobody`, else the first that is not root.
 * It has to be one of the file, because `initdb` looks its own name up.
 */
export function unprivilegedUser(passwd: string): ServerUser | undefined {
  const users = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name, , uid, gid]) => ({ name: name ?? "", uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => Number.isInteger(uid) && uid >= 1 && Number.isInteger(gid) && gid >= 0);
  const named = preferredNames.map((name) => users.find((user) => user.name === name)).find(Boolean);
  const user = named ?? users[0];
  return user && { uid: user.uid, gid: user.gid };
}

/**
 * Who a new cluster belongs to: `undefined` (this process's own user), unless the process is root's.
 * @throws EmbeddedPostgresError for root on a system without any other user
 */
export async function userForNewCluster(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const user = unprivilegedUser(await readFile("/etc/passwd", "utf8").catch(() => ""));
  if (user) return user;
  throw new EmbeddedPostgresError(
    "PostgreSQL does not run as root, and /etc/passwd names no other user to run it as. " +
      "Add one (useradd postgres), start Cartwright as another user, or set DATABASE_URL.",
  );
}

/**
 * Whether a user gets into a directory, found by trying it as that user; false when it cannot be tried (no shell).
 * @throws EmbeddedPostgresError when this process may not become the user
 */
export async function reaches(user: ServerUser, directory: string): Promise<boolean> {
  return runsAs(user, "/bin/sh", ["-c", 'test -x "$1"', "sh", directory]);
}

/**
 * Whether a program runs as a user and ends well.
 * @throws EmbeddedPostgresError when this process may not become the user
 */
export async function runsAs(user: ServerUser, program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, args, { uid: user.uid, gid: user.gid, cwd: "/", env: serverEnvironment() });
    return true;
  } catch (error) {
    if (errorCode(error) === "EPERM") throw mayNotBecome(user);
    return false;
  }
}

/** The refusal for a root without the right to change its user, as in a container with its capabilities dropped. */
export function mayNotBecome(user: ServerUser): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and this process may not become user ${user.uid} (no CAP_SETUID). ` +
      "Start Cartwright as an ordinary user (docker run --user, for example), or set DATABASE_URL.",
  );
}

/** The environment of PostgreSQL's programs: nothing of ours, so that no PG… variable changes what they do. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  if (process.platform === "win32") return { ...process.env, LC_ALL: "C", TZ: "UTC" };
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}
