import { execFileSync } from "node:child_process";
import { closeSync, fsyncSync, openSync, unlinkSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { median, rounded } from "./figures.mjs";

/** What the figures depend on. `directory` is on the disk of the database. */
export function machineFacts(directory, postgres, embedded) {
  const [cpu] = os.cpus();
  return {
    cores: os.availableParallelism(),
    cpu: cpu?.model.trim() ?? "unknown",
    memoryGb: rounded(os.totalmem() / 1e9, 1),
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    node: process.version,
    postgres,
    database: embedded ? "embedded" : "DATABASE_URL",
    ...(embedded && { flushMs: rounded(flushMs(directory), 3) }),
    loadGenerator: "on the same machine",
    loadAverage: os.loadavg().map((load) => rounded(load, 2)),
    commit: commit(),
    startedAt: new Date().toISOString(),
  };
}

/** How long one write of 8 kB takes until it is on disk, in milliseconds: what every commit waits for. */
function flushMs(directory) {
  const file = path.join(directory, `flush-${process.pid}`);
  const page = Buffer.alloc(8192, 1);
  const descriptor = openSync(file, "w");
  try {
    return median(
      Array.from({ length: 200 }, () => {
        const start = performance.now();
        writeSync(descriptor, page, 0, page.length, 0);
        fsyncSync(descriptor);
        return performance.now() - start;
      }),
    );
  } finally {
    closeSync(descriptor);
    unlinkSync(file);
  }
}

function commit() {
  try {
    const options = { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    const cwd = import.meta.dirname;
    const head = execFileSync("git", ["rev-parse", "--short", "HEAD"], { ...options, cwd }).trim();
    const changed = execFileSync("git", ["status", "--porcelain", "--", "../src", "../migrations"], {
      ...options,
      cwd,
    });
    return changed.trim() === "" ? head : `${head} with changes`;
  } catch {
    return "unknown";
  }
}
