/**
 * What the server is started with, for a small machine. Given on the command line, so that a new version of Cartwright
 * changes them for old clusters too. `fsync`, `synchronous_commit` and `full_page_writes` are left at their defaults,
 * which is on: what was acknowledged is on disk. No value may hold a space (they pass through cmd.exe on Windows).
 */
export const serverSettings: Readonly<Record<string, string>> = {
  max_connections: "100",
  shared_buffers: "128MB",
  // One query uses one core, and none needs /dev/shm, of which containers have 64 MB.
  max_parallel_workers_per_gather: "0",
  max_parallel_maintenance_workers: "0",
  jit: "off",
  // Four idle processes less than the defaults.
  io_method: "sync",
  max_logical_replication_workers: "0",
  max_wal_size: "1GB",
  checkpoint_timeout: "15min",
  checkpoint_completion_target: "0.9",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  // A refused statement is the client's to report; with its text the log would hold customers' data.
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
};

/** Settings as arguments of `postgres`. */
export function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
