import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** A directory for this test run. When the run is over, however it ends, its databases are stopped and it is removed. */
    testRunDirectory: string;
  }
}

let cleaner: ChildProcess | undefined;

/** Makes the directory of the test run, and starts the process that cleans up after it. */
export function setup(project: TestProject): void {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), "cartwright-test-")));
  // Root's tests run servers as other users, who must get through.
  chmodSync(directory, 0o711);
  cleaner = spawn(process.execPath, [path.join(import.meta.dirname, "test-run-cleaner.mjs"), directory], {
    stdio: ["pipe", "inherit", "inherit"],
    detached: true,
  });
  project.provide("testRunDirectory", directory);
}

/** Waits until the directory and its servers are gone. */
export async function teardown(): Promise<void> {
  if (!cleaner) return;
  const gone = once(cleaner, "exit");
  cleaner.stdin?.end();
  const [code] = await gone;
  if (code !== 0) throw new Error(`The test run was not cleaned up (exit code ${code})`);
}
