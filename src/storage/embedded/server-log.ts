import type { FileHandle } from "node:fs/promises";
import { chown, copyFile, open, rename, stat, truncate } from "node:fs/promises";
import type { ServerUser } from "./server-user.ts";

/** Bytes after which the log starts again; the one before it stays beside it, as `postgres.log.1`. */
export const logLimitBytes = 5_000_000;

/** Opens the server's log to append to, and says from where on the lines are new. The caller closes it. */
export async function openServerLog(
  file: string,
  user: ServerUser | undefined,
): Promise<{ handle: FileHandle; from: number }> {
  if ((await sizeOf(file)) > logLimitBytes) await rename(file, `${file}.1`).catch(() => {});
  const handle = await open(file, "a", 0o600);
  // So that the cluster's owner can start it after root did.
  if (user) await chown(file, user.uid, user.gid).catch(() => {});
  return { handle, from: await sizeOf(file) };
}

/**
 * Keeps a running server's log within its limit. The server holds the file open for appending, so it is emptied in
 * place; lines written between the copy and that are lost.
 */
export async function limitServerLog(file: string): Promise<void> {
  if ((await sizeOf(file)) <= logLimitBytes) return;
  await copyFile(file, `${file}.1`);
  await truncate(file);
}

/** The last lines that were written after an offset in bytes; empty when there are none or no file. */
export async function lastLines(file: string, from = 0, count = 12): Promise<string> {
  const size = await sizeOf(file);
  const start = Math.max(from, size - 16_384);
  if (size <= start) return "";
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return lastLinesOf(buffer.toString("utf8", 0, bytesRead), count);
  } finally {
    await handle.close();
  }
}

/** The last lines of a text that say something. */
export function lastLinesOf(text: string, count = 12): string {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .join("\n");
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
