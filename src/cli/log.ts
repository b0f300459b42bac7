import { type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { LogLevel } from "../config.ts";

/** Logs to stderr: JSON for machines, lines for a person at a terminal. Nothing secret gets through. */
export function createLog(level: LogLevel): Logger {
  const options = {
    level,
    serializers: { err: loggedError },
    redact: {
      paths: ["req.headers.authorization", "*.password", "*.secret", "*.client_secret", "*.token"],
      censor: "[hidden]",
    },
  };
  // Written at once, so that nothing is missing, and all is in order, when the process ends or is killed.
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  const lines = { destination: 2, sync: true, ignore: "pid,hostname", translateTime: "HH:MM:ss" };
  return pino(options, pretty(lines));
}

/** What is logged of an error. */
type LoggedError = {
  readonly type: string;
  readonly message: string;
  /** Of the system ("ECONNREFUSED") or of PostgreSQL ("23505"). */
  readonly code?: string;
  readonly constraint?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
};

/**
 * An error without its other members: those that the database driver adds hold rows, and rows hold people's names and
 * the hashes of their passwords.
 */
export function loggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutCards(String(error)) };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type: error.constructor.name,
    message: withoutCards(error.message),
    ...(typeof code === "string" && { code }),
    ...(typeof constraint === "string" && { constraint }),
    ...(error.stack !== undefined && { stack: withoutCards(error.stack) }),
    ...(error.cause !== undefined && { cause: loggedError(error.cause) }),
  };
}

/** Hides what may be the number of a payment card: 12 to 19 digits, in groups or not. */
function withoutCards(text: string): string {
  return text.replace(/(?<![\d.-])\d(?:[ -]?\d){11,18}(?!\d)/g, "[number hidden]");
}
