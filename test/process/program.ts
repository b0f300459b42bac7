import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createNetServer } from "node:net";
import path from "node:path";
import { inject, onTestFinished } from "vitest";
import { waitUntil } from "../engine.ts";

const root = path.resolve(import.meta.dirname, "../..");
/** The program as it is installed, on what the build made. */
export const program = path.join(root, "bin/cartwright.js");

export type Environment = Readonly<Record<string, string | undefined>>;

/** A process that runs the program. */
export type Run = {
  readonly process: ChildProcess;
  /** What it wrote so far. */
  stdout(): string;
  stderr(): string;
  /** The lines of its log. */
  log(): readonly LogLine[];
  /** Resolves when it has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
};

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string; readonly level: number };

/** Takes what is to be done when a process is not needed any more. */
type WhenOver = (stop: () => Promise<void>) => void;

/**
 * Starts the program with nothing in its environment but what is given. What is left of it after the test is killed, or when `whenOver`
 * says so.
 */
export function runProgram(
  args: readonly string[],
  env: Environment = {},
  options: { readonly uid?: number; readonly gid?: number; readonly cwd?: string } = {},
  whenOver: WhenOver = (stop) => onTestFinished(stop),
): Run {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: inject("testRunDirectory"),
    ...options,
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const run: Run = {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    log: () =>
      stderr
        .split("\n")
        .filter((line) => line.startsWith("{") && line.endsWith("}"))
        .map((line) => JSON.parse(line) as LogLine),
    ended: new Promise((resolve) => {
      child.once("close", (code, signal) => {
        resolve(code ?? (signal as NodeJS.Signals));
      });
    }),
  };
  whenOver(async () => {
    child.kill("SIGKILL");
    await run.ended;
  });
  return run;
}

/** Runs a command to its end. */
export async function runCommand(
  args: readonly string[],
  env: Environment = {},
  options: { readonly uid?: number; readonly gid?: number; readonly cwd?: string } = {},
): Promise<{ readonly code: number | NodeJS.Signals; readonly stdout: string; readonly stderr: string }> {
  const run = runProgram(args, env, options);
  const code = await run.ended;
  return { code, stdout: run.stdout(), stderr: run.stderr() };
}

/** What `cartwright start --json` prints. */
export type Started = Run & {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
};

/** Starts an engine and waits until it says that it is there. It ends as one of {@link runProgram} does. */
export async function startProgram(env: Environment, whenOver?: WhenOver): Promise<Started> {
  const run = runProgram(["start", "--json"], { PORT: "0", ...env }, {}, whenOver);
  return started(run);
}

/** Waits until an engine that is starting says that it is there. */
export async function started(run: Run): Promise<Started> {
  let ended = false;
  void run.ended.then(() => {
    ended = true;
  });
  await waitUntil(() => ended || run.stdout().includes("\n}"), 50_000);
  if (ended) throw new Error(`It did not start:\n${run.stderr()}`);
  const { url, client_id, client_secret } = JSON.parse(run.stdout());
  return { ...run, url, clientId: client_id, clientSecret: client_secret };
}

/** A directory of its own, which goes with the test run. */
export async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(inject("testRunDirectory"), "process-"));
  // Root's database runs as another user, who must get through.
  await chmod(directory, 0o711);
  return directory;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createNetServer();
  const port = await new Promise<number>((resolve) => {
    probe.listen(0, "127.0.0.1", () => resolve((probe.address() as AddressInfo).port));
  });
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A port that somebody else listens on, who answers everything with 418. */
export async function takenPort(): Promise<{ readonly port: number; free(): Promise<void> }> {
  const server = createServer((_request, response) => response.writeHead(418).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async free() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
