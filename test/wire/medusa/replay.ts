import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** The recordings of the original, which are not part of this repository. */
const script = path.join(import.meta.dirname, "../../../../shared/reference/medusa/record/replay.mjs");

export const hasRecordings = existsSync(script);

/** How one recorded request was answered here: `diffs` is empty when status and body are as recorded. */
export type Replayed = { readonly name: string; readonly status: boolean; readonly diffs: readonly string[] };

/** Runs recorded scripts ("01", "02") against a live server, and compares every answer. */
export async function replay(base: string, only: readonly string[]): Promise<readonly Replayed[]> {
  const directory = await mkdtemp(path.join(tmpdir(), "replayed-"));
  const file = path.join(directory, "result.json");
  try {
    const run = promisify(execFile);
    const options = { timeout: 300_000, maxBuffer: 100_000_000 };
    await run(process.execPath, [script, "--base", base, "--only", only.join(","), "--json", file], options);
    const { rows } = JSON.parse(await readFile(file, "utf8")) as { rows: readonly Replayed[] };
    return rows;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
