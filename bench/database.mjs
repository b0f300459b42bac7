import { readFileSync } from "node:fs";

/**
 * A look at the engine's database, opened as the engine's own commands open it. Nothing is measured through it; it is
 * asked what only the database knows. `run(text, values)` answers rows. What is done through its `deps` happens at the
 * machine's time and `clock.aheadMs` later.
 */
export async function openDatabase(place) {
  const { readConfig } = await import("../dist/config.js");
  const { openCore } = await import("../dist/core.js");
  const quiet = { info() {}, warn() {}, error() {} };
  const config = readConfig({ ...process.env, ...place.env, CARTWRIGHT_POOL_SIZE: "2" });
  const clock = { aheadMs: 0 };
  const now = () => new Date(Date.now() + clock.aheadMs).toISOString();
  const core = await openCore(config, { log: quiet, now });
  const { database, deps } = core;
  const run = (text, values = []) => database.runText(text, values);
  const [storeId] = await deps.storage.stores.ids();
  const [{ version, pid }] = await run("select version() as version, pg_backend_pid() as pid");
  return {
    run,
    deps,
    storeId,
    clock,
    embedded: core.embedded,
    /** How to connect as the engine does. */
    connection: database.pool.options,
    /** Of PostgreSQL, `PostgreSQL 18.4`. */
    version: version.split(" ").slice(0, 2).join(" "),
    /** The process that all processes of the server are children of; undefined when it is not on this machine. */
    serverPid: core.embedded ? parentOf(pid) : undefined,
    /** How to connect as the superuser of the embedded database. */
    superuser: core.embedded ? { ...database.pool.options, user: "postgres" } : undefined,
    close: () => core.close(),
  };
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
