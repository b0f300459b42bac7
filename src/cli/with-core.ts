import type { Command } from "commander";
import { readConfig } from "../config.ts";
import type { Core } from "../core.ts";
import { CommandError } from "./readable-error.ts";

/** A command needs few connections, also where there are few left. */
const POOL_SIZE = 2;

/**
 * Runs a command on the database of the configuration, beside a running engine or without one.
 * @param schema `migrate` for commands that prepare a database; the others refuse one that is not prepared
 */
export async function withCore<Value>(
  schema: "migrate" | "require",
  work: (core: Core) => Promise<Value>,
): Promise<Value> {
  const config = readConfig(process.env);
  // Loaded late: help and mistakes are answered without the engine, which takes a while to load.
  const { openCore } = await import("../core.ts");
  const { createLog } = await import("./log.ts");
  const log = createLog(config.logLevel === "info" ? "warn" : config.logLevel);
  for (const variable of config.unknown) log.warn({ variable }, "this variable has no effect");
  const interruption = interrupted();
  try {
    const core = await openCore({ ...config, poolSize: POOL_SIZE }, { log }, schema);
    try {
      return await Promise.race([interruption.promise, work(core)]);
    } finally {
      await core.close();
    }
  } finally {
    interruption.forget();
  }
}

/** Rejects at the first signal, so that the database is left as it should be; a second one ends the process. */
function interrupted(): { readonly promise: Promise<never>; forget(): void } {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let onSignal: (signal: NodeJS.Signals) => void = () => undefined;
  const forget = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  const promise = new Promise<never>((_resolve, reject) => {
    onSignal = (signal) => {
      forget();
      reject(new CommandError(`Stopped by ${signal}.`));
    };
  });
  // It may come while nobody waits for it yet.
  promise.catch(() => undefined);
  for (const signal of signals) process.on(signal, onSignal);
  return { promise, forget };
}

/** The ids of the stores that are there. */
export async function storeIds(core: Core): Promise<readonly string[]> {
  return core.deps.storage.stores.ids();
}

/** Prints a report: as JSON with `--json`, else as the lines that `text` makes. */
export function report<Value>(command: Command, value: Value, text: (value: Value) => string): void {
  const { json } = command.opts<{ json?: boolean }>();
  console.log(json ? JSON.stringify(value, undefined, 2) : text(value));
}
