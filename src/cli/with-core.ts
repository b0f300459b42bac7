import type { Command } from "commander";
import { readConfig } from "../config.ts";
import { type Core, openCore } from "../engine.ts";
import { createLog } from "./log.ts";

/** Runs a command on the database of the configuration, beside a running engine or without one. */
export async function withCore<Value>(work: (core: Core) => Promise<Value>): Promise<Value> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel === "info" ? "warn" : config.logLevel);
  const core = await openCore({ ...config, poolSize: 2 }, { log });
  try {
    return await work(core);
  } finally {
    await core.close();
  }
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
