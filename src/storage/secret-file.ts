import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** The secret cannot be kept or read. The message says why and what to do; show it as it is. */
export class SecretFileError extends Error {}

/**
 * The secret in the data directory, made at the first start; of several first starts one makes it.
 * @throws SecretFileError
 */
export async function secretIn(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, "secret");
  try {
    await mkdir(dataDirectory, { recursive: true });
    await writeFile(file, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(file, error);
  }
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      throw unusable(file, error);
    });
    if (text.trim().length >= 32) return text.trim();
    // Another process has created the file and is just writing it.
    await pause(10);
  }
  throw new SecretFileError(
    `${file} holds less than the 32 characters of a secret. Remove it to have a new one made; everybody then has to ` +
      "sign in again.",
  );
}

function unusable(file: string, error: unknown): SecretFileError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SecretFileError(
    `The secret that signs tokens cannot be kept in ${file}: ${reason}. Set CARTWRIGHT_SECRET to 32 characters or ` +
      "more, or CARTWRIGHT_DATA_DIR to a directory that this user may write to.",
    { cause: error },
  );
}
