import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { unusableDataDirectory } from "./cluster-place.ts";
import { errorCode } from "./embedded-postgres-error.ts";

const beatMs = 1_000;
const staleAfterMs = 5_000;

/**
 * Runs `work` while no other process on this data directory does: creating and starting happens once, the others then
 * find a running server. PostgreSQL's own lock is what protects the data; this one spares the losers its error, and
 * closes the gap in which two that find the file of a dead server both replace it.
 *
 * The lock is a file, since Node has no locks that end with their process. Its holder touches it every second; one that
 * is not touched for five, or whose process is gone from this host, counts as left behind.
 * @throws EmbeddedPostgresError when the directory is not writable; what `work` throws
 */
export async function withStartLock<Value>(directory: string, work: () => Promise<Value>): Promise<Value> {
  const file = path.join(directory, "starting.lock");
  const mine = `${process.pid} ${hostname()} ${randomUUID()}`;
  await take(file, mine).catch((error: unknown) => {
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
    if ((await read(file)) === mine) await rm(file, { force: true });
  }
}

async function take(file: string, mine: string): Promise<void> {
  let seen = "";
  let seenAt = 0;
  for (;;) {
    try {
      await writeFile(file, mine, { flag: "wx" });
      return;
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
    const holder = await read(file);
    const touched = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    // Compared with what was seen before and not with the clock, which the file system may not share.
    const sign = `${holder} ${touched}`;
    if (sign !== seen) {
      seen = sign;
      seenAt = performance.now();
    }
    if (holder !== undefined && (isGone(holder) || performance.now() - seenAt > staleAfterMs)) {
      await breakLock(file, holder);
    } else {
      await delay(10);
    }
  }
}

function isGone(holder: string): boolean {
  const [pid, host] = holder.split(" ");
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errorCode(error) === "ESRCH";
  }
}

/** Moves the lock aside and looks at it again: between our look and now it may have become somebody else's. */
async function breakLock(file: string, holder: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  if ((await read(aside)) !== holder) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
