/** Why the embedded PostgreSQL cannot be used. The message says what is wrong and what to do; show it as it is. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
}

/** The code of a system error ("ENOENT") or of a PostgreSQL error ("57P03"); `undefined` for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
