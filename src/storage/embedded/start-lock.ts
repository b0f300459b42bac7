import { randomUUID } from "node:crypto";
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { unusableDataDirectory } from "./cluster-place.ts";
import { errorCode } from "./embedded-postgres-error.ts";

const beatMs = 1_000;

/**
 * Runs `work` while no other process on this data directory does: creating and starting happens once, the others then
 * find a running server. PostgreSQL's own lock is what protects the data; this one spares the losers its error, and
 * closes the gap in which two that find the file of a dead server both replace it.
 *
 * The lock is a file, since Node has no locks that end with their process. Its holder touches it every second; one that
 * is not touched for `staleAfterMs` of the `clock`, or whose process is gone from this host, counts as left behind.
 * @throws EmbeddedPostgresError when the directory is not writable; what `work` throws
 */
export async function withStartLock<Value>(
  directory: string,
  work: () => Promise<Value>,
  staleAfterMs = 5_000,
  clock: () => number = () => performance.now(),
): Promise<Value> {
  const file = path.join(directory, "starting.lock");
  const mine = `${process.pid} ${hostname()} ${randomUUID()}`;
  await take(file, mine, staleAfterMs, clock).catch((error: unknown) => {
    throw unusableDataDirectory(directory, error);
  });
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if ((await readFile(file, "utf8").catch(() => "")) === mine) await rm(file, { force: true });
  }
}

async function take(file: string, mine: string, staleAfterMs: number, clock: () => number): Promise<void> {
  let seen: string | undefined;
  let seenAt = 0;
  for (;;) {
    try {
      await writeFile(file, mine, { flag: "wx" });
      return;
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
    const state = await look(file);
    if (state !== seen) {
      seen = state;
      seenAt = clock();
    }
    const untouched = clock() - seenAt > staleAfterMs;
    if (state !== undefined && (untouched || isGone(state))) await breakLock(file, state, untouched);
    else await delay(10);
  }
}

/** Who holds a lock, and when it was touched last; compared with an earlier look and never with a clock. */
async function look(file: string): Promise<string | undefined> {
  try {
    const { mtimeMs, ino } = await stat(file);
    return `${await readFile(file, "utf8")} ${ino} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}

function isGone(state: string): boolean {
  const [pid, host] = state.split(" ");
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errorCode(error) === "ESRCH";
  }
}

/**
 * Removes a lock if it still is what was judged. Only one process at a time may do this: another could otherwise have
 * removed it and a third taken it, between our look and our removal.
 */
async function breakLock(file: string, state: string, untouched: boolean): Promise<void> {
  const breaking = `${file}.breaking`;
  try {
    await writeFile(breaking, "", { flag: "wx" });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    // Its maker needs no time at all, so after seconds it is of one that was killed.
    if (untouched) await rm(breaking, { force: true });
    await delay(10);
    return;
  }
  try {
    if ((await look(file)) === state) await rm(file, { force: true });
  } finally {
    await rm(breaking, { force: true });
  }
}
