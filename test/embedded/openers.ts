import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Client } from "pg";
import { inject } from "vitest";
import type { Connection } from "../../src/storage/embedded/connection.ts";
import {
  type EmbeddedPostgresOptions,
  openEmbeddedPostgres,
} from "../../src/storage/embedded/embedded-postgres.ts";
import {
  findPackagedBinaries,
  packageFor,
  thisSystem,
} from "../../src/storage/embedded/packaged-binaries.ts";
import { isServerOf, readPostmasterFile } from "../../src/storage/embedded/postmaster-file.ts";

export const isRoot = process.getuid?.() === 0;
/** An ordinary user of every Linux and macOS, for tests that root runs. */
export const nobody = { uid: 65_534, gid: 65_534 };
const silent = { info() {}, warn() {} };

const root = path.resolve(import.meta.dirname, "../..");

/** Opens a database in this process, and keeps within the test run what root would put into `/var/lib`. */
export function openHere(dataDirectory: string, log: EmbeddedPostgresOptions["log"] = silent) {
  return openEmbeddedPostgres({ dataDirectory, log, sharedDirectory: sharedByTests() });
}

function sharedByTests(): string {
  return path.join(inject("testRunDirectory"), "shared-by-root");
}

/** A directory of its own for a test, in that of the test run. */
export async function testDirectory(owner?: { uid: number; gid: number }): Promise<string> {
  const directory = await mkdtemp(path.join(inject("testRunDirectory"), "embedded-"));
  await chmod(directory, 0o711);
  if (owner) await chown(directory, owner.uid, owner.gid);
  return directory;
}

/**
 * Compiles the embedded database and puts it into a directory with the packages it needs, so that a process of another
 * user, or from another place, can run it.
 */
export async function installProgram(directory: string): Promise<void> {
  const config = path.join(directory, "tsconfig.json");
  const main = path.join(root, "src/storage/embedded/embedded-postgres.ts");
  const compilerOptions = {
    noEmit: false,
    rootDir: path.dirname(main),
    outDir: path.join(directory, "dist"),
  };
  await writeFile(
    config,
    JSON.stringify({
      extends: path.join(root, "tsconfig.json"),
      compilerOptions: { ...compilerOptions, typeRoots: [path.join(root, "node_modules/@types")] },
      include: [],
      files: [main],
    }),
  );
  await promisify(execFile)(process.execPath, [
    path.join(root, "node_modules/typescript/bin/tsc"),
    "-p",
    config,
  ]);
  await writeFile(path.join(directory, "package.json"), '{ "type": "module" }');
  await cp(path.join(import.meta.dirname, "opener.mjs"), path.join(directory, "opener.mjs"));
  for (const name of [...(await withDependencies("pg")), packageFor(thisSystem())]) {
    const from = path.join(root, "node_modules", name);
    await cp(from, path.join(directory, "node_modules", name), { recursive: true, verbatimSymlinks: true });
  }
}

/** The binaries within an installed program. */
export function binariesOf(program: string): string {
  return path.join(program, "node_modules", packageFor(thisSystem()), "native");
}

/** The links that the package's own script makes, which not every install runs. */
export async function listedLinks(): Promise<string[]> {
  const text = await readFile(path.join(findPackagedBinaries().directory, "pg-symlinks.json"), "utf8");
  return (JSON.parse(text) as { target: string }[]).map(({ target }) => path.relative("native", target));
}

async function withDependencies(name: string, found = new Set<string>()): Promise<Set<string>> {
  if (found.has(name)) return found;
  found.add(name);
  const file = path.join(root, "node_modules", name, "package.json");
  const { dependencies = {} } = JSON.parse(await readFile(file, "utf8")) as {
    dependencies?: Record<string, string>;
  };
  for (const dependency of Object.keys(dependencies)) await withDependencies(dependency, found);
  return found;
}

export type OpenCommand = { dataDirectory: string; sharedDirectory?: string };
export type Answer = {
  how?: "created" | "started" | "attached";
  connection?: Connection;
  logged?: { message: string }[];
  closed?: true;
  refused?: string;
  message?: string;
};

/** A process that runs an installed program. */
export type Opener = {
  readonly process: ChildProcess;
  open(command: OpenCommand): Promise<Answer>;
  close(): Promise<Answer>;
  /** Ends its input, upon which it exits without closing anything; resolves when it is gone. */
  end(): Promise<void>;
};

/** Starts a process in a process group of its own, as a terminal does. */
export async function startOpener(program: string, user?: { uid: number; gid: number }): Promise<Opener> {
  const child = spawn(
    process.execPath,
    [path.join(program, "opener.mjs"), path.join(program, "dist/embedded-postgres.js")],
    { ...user, cwd: "/", env: temporaryFilesInRun(), detached: true, stdio: ["pipe", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value } = await lines.next();
    if (value === undefined) throw new Error("The opener ended without an answer");
    return JSON.parse(value);
  };
  const gone = once(child, "exit");
  await next();
  const tell = async (command: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    return next();
  };
  return {
    process: child,
    open: (command) => tell({ open: { sharedDirectory: sharedByTests(), ...command } }),
    close: () => tell({ close: true }),
    async end() {
      child.stdin.end();
      await gone;
    },
  };
}

/** An environment whose temporary files, such as sockets, are removed with the test run. */
export function temporaryFilesInRun(): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: inject("testRunDirectory") };
}

/** Runs one statement on a connection of its own. */
export async function query(connection: Connection, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(connection);
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

export function asSuperuser(connection: Connection): Connection {
  return { ...connection, user: "postgres", database: "postgres" };
}

/** The process id of the server of a cluster; 0 when none runs. */
export async function serverPid(clusterDirectory: string): Promise<number> {
  const server = await readPostmasterFile(clusterDirectory);
  return server && (await isServerOf(server.pid, clusterDirectory)) ? server.pid : 0;
}

/** Waits until a condition holds; the test's own timeout ends it otherwise. */
export async function waitUntil(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
