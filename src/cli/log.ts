import { type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { LogLevel } from "../config.ts";

/** Logs to stderr: JSON for machines, lines for a person at a terminal. Nothing secret gets through. */
export function createLog(level: LogLevel): Logger {
  const options = {
    level,
    redact: {
      paths: ["req.headers.authorization", "*.password", "*.secret", "*.client_secret", "*.token"],
      censor: "[hidden]",
    },
  };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: false }));
  return pino(options, pretty({ destination: 2, ignore: "pid,hostname", translateTime: "HH:MM:ss" }));
}
