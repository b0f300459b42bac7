import { randomUUID } from "node:crypto";
import {
  chmod,
  constants,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { EmbeddedPostgresError, errorCode } from "./embedded-postgres-error.ts";
import type { PackagedBinaries } from "./packaged-binaries.ts";
import { runsAs, type ServerUser } from "./server-user.ts";

/** Where to find what the package brings, and where a copy may go. */
export type BinariesRequest = {
  readonly packaged: PackagedBinaries;
  /** Who will run them; `undefined` is this process's own user. */
  readonly user: ServerUser | undefined;
  readonly dataDirectory: string;
  /** Directory for what root shares with the unprivileged user. */
  readonly sharedDirectory: string;
};

/**
 * A folder with `bin`, `lib` and `share` that works for the user who runs the server: the package's own, else a copy.
 *
 * Two things can be wrong with the package's. npm packages hold no symbolic links, a script of the package makes them
 * after the install, and installs often run without scripts. And root's `node_modules` may lie where nobody else gets.
 * @throws EmbeddedPostgresError when the binaries work in no place
 */
export async function usableBinaries(request: BinariesRequest): Promise<string> {
  const { packaged, user } = request;
  const complete = await linkLibraries(packaged.directory).catch(() => false);
  if (complete && (!user || (await works(packaged.directory, user)))) return packaged.directory;

  const places = user
    ? [request.sharedDirectory, path.join(tmpdir(), "cartwright-binaries"), "/tmp/cartwright-binaries"]
    : [path.join(request.dataDirectory, "binaries")];
  const failures: string[] = [];
  for (const place of places) {
    try {
      const copy = await copyInto(place, packaged);
      if (!user || (await works(copy, user))) return copy;
      failures.push(`${copy} does not run as user ${user.uid}`);
    } catch (error) {
      if (error instanceof EmbeddedPostgresError) throw error;
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL cannot be used where it is installed (${packaged.directory}), and no copy of it works: ` +
      `${failures.join("; ")}. Install Cartwright where user ${user?.uid ?? "root"} can read it, or set DATABASE_URL.`,
  );
}

function works(directory: string, user: ServerUser): Promise<boolean> {
  return runsAs(user, path.join(directory, "bin", "postgres"), ["--version"]);
}

/** Makes the symbolic links that the package lists, where they are missing. Throws when the folder is not writable. */
async function linkLibraries(directory: string): Promise<true> {
  for (const link of await listedLinks(directory)) {
    const at = path.join(directory, link.at);
    try {
      await lstat(at);
    } catch {
      await symlink(path.relative(path.dirname(link.at), link.to), at).catch((error: unknown) => {
        if (errorCode(error) !== "EEXIST") throw error;
      });
    }
  }
  return true;
}

/** `pg-symlinks.json` of the package: "source" is the file and "target" the link, both below `native/`. */
async function listedLinks(directory: string): Promise<{ at: string; to: string }[]> {
  const text = await readFile(path.join(directory, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = JSON.parse(text) as { source: string; target: string }[];
  return links.map(({ source, target }) => ({
    at: path.relative("native", target),
    to: path.relative("native", source),
  }));
}

/** The copy appears under its name when it is whole: two that copy at once, or one that is killed, do no harm. */
async function copyInto(place: string, packaged: PackagedBinaries): Promise<string> {
  await mkdir(place, { recursive: true, mode: 0o755 });
  await refuseForeign(place);
  const copy = path.join(place, `postgresql-${packaged.version}`);
  if (!(await exists(copy))) {
    const unfinished = `${copy}.new-${randomUUID()}`;
    try {
      await copyTree(packaged.directory, unfinished);
      await linkLibraries(unfinished);
      await rename(unfinished, copy).catch((error: unknown) => {
        if (!["EEXIST", "ENOTEMPTY"].includes(errorCode(error) ?? "")) throw error;
      });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  await refuseForeign(copy);
  return copy;
}

/** What another user could have written must not be run, least of all from a folder in /tmp. */
async function refuseForeign(directory: string): Promise<void> {
  if (!process.getuid) return;
  const found = await lstat(directory);
  if (found.isDirectory() && found.uid === process.getuid() && (found.mode & 0o022) === 0) return;
  throw new Error(`${directory} belongs to somebody else or is writable for others`);
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  // Set apart from mkdir, because the umask may take away what the server's user needs.
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory() && entry.name !== "pkgconfig") await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (entry.isFile() && !entry.name.endsWith(".a")) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      const executable = ((await lstat(source)).mode & 0o100) !== 0;
      await chmod(target, executable ? 0o755 : 0o644);
    }
  }
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
