import { createHash } from "node:crypto";
import { access, chmod, mkdir, readdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { EmbeddedPostgresError, errorCode } from "./embedded-postgres-error.ts";
import { reaches, type ServerUser } from "./server-user.ts";

/** Where a database lives. All paths are real ones, without symbolic links. */
export type Cluster = {
  /** What the user chose: holds the log and, as a rule, the cluster. */
  readonly dataDirectory: string;
  /** The directory that holds the cluster: the data directory, or one that the unprivileged user reaches. */
  readonly home: string;
  /** PostgreSQL's own data directory, `<home>/postgres`. */
  readonly directory: string;
};

/** What was found in a cluster's directory. `user` is who must run it, `undefined` for this process's own user. */
export type ClusterState =
  | { readonly state: "absent" }
  | { readonly state: "present"; readonly major: string; readonly user: ServerUser | undefined };

/** Lies in every cluster we made; without it we do not start a server on somebody else's data. */
export const clusterMark = "cartwright-cluster";
const locationFile = "database-location.json";
const ownerFile = "data-directory.txt";

/**
 * Creates the data directory when it is absent, for its owner alone; root's may be passed through, not read, by others.
 * @throws EmbeddedPostgresError when it cannot be made or used, or is a PostgreSQL cluster itself
 */
export async function openDataDirectory(given: string): Promise<string> {
  try {
    await mkdir(path.dirname(path.resolve(given)), { recursive: true });
    await mkdir(given, { mode: 0o700 }).then(
      () => (process.getuid?.() === 0 ? chmod(given, 0o711) : undefined),
      (error: unknown) => {
        if (errorCode(error) !== "EEXIST") throw error;
      },
    );
    const directory = await realpath(given);
    const entries = await readdir(directory);
    if (entries.includes("PG_VERSION")) {
      throw new EmbeddedPostgresError(
        `${directory} is the data directory of a PostgreSQL server, not of Cartwright. Set CARTWRIGHT_DATA_DIR to ` +
          "another directory, or DATABASE_URL to use that server.",
      );
    }
    return directory;
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw unusableDataDirectory(given, error);
  }
}

/** The refusal for a data directory that the system does not let us use. */
export function unusableDataDirectory(directory: string, error: unknown): EmbeddedPostgresError {
  const reason = error instanceof Error ? error.message : String(error);
  return new EmbeddedPostgresError(
    `The data directory ${directory} cannot be used: ${reason}. Set CARTWRIGHT_DATA_DIR to a directory that this ` +
      "user may write to.",
    { cause: error },
  );
}

/**
 * Where the database of a data directory is, or would be by default.
 * @throws EmbeddedPostgresError when it was kept elsewhere and is gone, or belongs to the data directory this is a copy of
 */
export async function locateCluster(dataDirectory: string): Promise<Cluster> {
  const home = await readLocation(dataDirectory);
  if (home === undefined) return clusterAt(dataDirectory, dataDirectory);
  const owner = await readFile(path.join(home, ownerFile), "utf8").catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw notOurs(home, error);
    throw new EmbeddedPostgresError(
      `The database of ${dataDirectory} was kept in ${home}, and is not there any more. Bring it back, or remove ` +
        `${path.join(dataDirectory, locationFile)} to start with an empty database.`,
    );
  });
  if (owner.trim() !== dataDirectory) {
    if ((await readLocation(owner.trim()).catch(() => undefined)) === home) {
      throw new EmbeddedPostgresError(
        `${dataDirectory} is a copy of ${owner.trim()}: both name ${home} as their database. Remove ` +
          `${path.join(dataDirectory, locationFile)} to give the copy an empty database of its own.`,
      );
    }
    await writeFile(path.join(home, ownerFile), dataDirectory);
  }
  return clusterAt(dataDirectory, home);
}

/**
 * Where a new cluster goes: into the data directory, unless the user who will run it does not get in there.
 * @param sharedDirectory directory for what root shares with the unprivileged user
 * @throws EmbeddedPostgresError when there is no place
 */
export async function placeNewCluster(
  dataDirectory: string,
  user: ServerUser | undefined,
  sharedDirectory: string,
): Promise<Cluster> {
  const located = await locateCluster(dataDirectory);
  if (located.home !== dataDirectory || !user || (await reaches(user, dataDirectory))) return located;

  // ".cartwright" says nothing; the folder it is in does. Short, because the socket's path has a limit.
  const telling = path.basename(dataDirectory).startsWith(".") ? path.dirname(dataDirectory) : dataDirectory;
  const name = path
    .basename(telling)
    .replace(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 20);
  const hash = createHash("sha256").update(dataDirectory).digest("hex").slice(0, 12);
  try {
    await mkdir(sharedDirectory, { recursive: true, mode: 0o755 });
    const home = await claimHome(path.join(sharedDirectory, `${name}-${hash}`), dataDirectory);
    if (!(await reaches(user, home))) throw new Error(`user ${user.uid} does not get into ${home}`);
    await writeWhole(path.join(dataDirectory, locationFile), `${JSON.stringify({ home })}\n`);
    return clusterAt(dataDirectory, home);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and user ${user.uid} gets neither into ${dataDirectory} nor into ` +
        `${sharedDirectory}: ${error instanceof Error ? error.message : error}. Set CARTWRIGHT_DATA_DIR to a ` +
        "directory outside of closed home directories, start Cartwright as an ordinary user, or set DATABASE_URL.",
      { cause: error },
    );
  }
}

/**
 * Looks at a cluster's directory without changing it.
 * @throws EmbeddedPostgresError when what is there is not a database of ours, or not ours to run
 */
export async function examineCluster(cluster: Cluster): Promise<ClusterState> {
  const { directory } = cluster;
  let entries: string[];
  try {
    entries = await readdir(directory);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { state: "absent" };
    throw notOurs(directory, error);
  }
  if (entries.length === 0) return { state: "absent" };
  if (!entries.includes("PG_VERSION") || !entries.includes(clusterMark)) {
    throw new EmbeddedPostgresError(
      `${directory} exists and is not a database that Cartwright made. Move it away, or set CARTWRIGHT_DATA_DIR to ` +
        "another directory.",
    );
  }
  await access(path.join(directory, "PG_VERSION")).catch((error: unknown) => {
    throw notOurs(directory, error);
  });
  const major = (await readFile(path.join(directory, "PG_VERSION"), "utf8")).trim();
  return { state: "present", major, user: await ownerOf(directory) };
}

/** @throws EmbeddedPostgresError when a cluster was made by another major version than the binaries at hand */
export function refuseOtherMajor(cluster: Cluster, found: string, ours: string): void {
  if (found === ours) return;
  throw new EmbeddedPostgresError(
    `The database in ${cluster.directory} was made by PostgreSQL ${found}, and this version of Cartwright brings ` +
      `PostgreSQL ${ours}, which cannot read it. Start the Cartwright that made it, copy the data with pg_dump, and ` +
      "load it into a new data directory; or set CARTWRIGHT_DATA_DIR to another directory for an empty database.",
  );
}

async function ownerOf(directory: string): Promise<ServerUser | undefined> {
  const me = process.getuid?.();
  if (me === undefined) return undefined;
  const { uid, gid } = await stat(directory);
  if (me !== 0) {
    if (uid !== me) throw notOurs(directory, new Error(`it belongs to user ${uid}, and this is user ${me}`));
    return undefined;
  }
  if (uid !== 0) return { uid, gid };
  throw new EmbeddedPostgresError(
    `The database in ${directory} belongs to root, and PostgreSQL does not run as root. Give it to another user: ` +
      `chown -R nobody ${directory}`,
  );
}

function notOurs(directory: string, error: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The database in ${directory} cannot be opened by this user: ${error instanceof Error ? error.message : error}. ` +
      "Start Cartwright as the user who made it (root, if root made it), or set CARTWRIGHT_DATA_DIR to another directory.",
    { cause: error },
  );
}

function clusterAt(dataDirectory: string, home: string): Cluster {
  return { dataDirectory, home, directory: path.join(home, "postgres") };
}

/** A directory of our own; one that holds an older database of the same data directory is left alone. */
async function claimHome(wanted: string, dataDirectory: string): Promise<string> {
  for (let number = 1; ; number++) {
    const home = number === 1 ? wanted : `${wanted}-${number}`;
    try {
      await mkdir(home);
    } catch (error) {
      if (errorCode(error) !== "EEXIST" || number === 1000) throw error;
      continue;
    }
    await chmod(home, 0o711);
    await writeFile(path.join(home, ownerFile), dataDirectory);
    return realpath(home);
  }
}

async function readLocation(dataDirectory: string): Promise<string | undefined> {
  try {
    const { home } = JSON.parse(await readFile(path.join(dataDirectory, locationFile), "utf8")) as {
      home: string;
    };
    return home;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw unusableDataDirectory(dataDirectory, error);
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { flush: true });
  await rename(`${file}.new`, file);
}
