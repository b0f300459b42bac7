import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "./database.mjs";
import { rounded } from "./figures.mjs";
import { table } from "./report.mjs";
import { startServer } from "./server.mjs";

/**
 * Makes the embedded server count its statements, which it must be started anew for.
 * @returns the engines and the look at the database after that; undefined with a DATABASE_URL, whose server is not ours
 */
export async function countStatements({ place, database, engines, nodeFlags }) {
  if (!database.superuser) return undefined;
  await asSuperuser(database, "alter system set shared_preload_libraries = 'pg_stat_statements'");
  // The server knows this setting only once the library is there; until then it takes any name with a dot.
  await asSuperuser(database, "alter system set pg_stat_statements.track_planning = on").catch(
    () => undefined,
  );
  await database.close();
  await Promise.all(engines.map((engine) => engine.stop()));
  const restarted = [];
  for (const index of engines.keys()) {
    restarted.push(await startServer(place, { name: `engine-${index + 1}`, nodeFlags }));
  }
  const reopened = await openDatabase(place);
  await asSuperuser(reopened, "create extension if not exists pg_stat_statements");
  return { engines: restarted, database: { ...reopened, countsStatements: true } };
}

/** Begins to count statements from nothing. */
export async function resetStatements(database) {
  if (database.countsStatements) await asSuperuser(database, "select pg_stat_statements_reset()");
}

/** The statements that cost most since the last reset; empty where nobody counts them. */
export async function costliestStatements(database, limit = 25) {
  if (!database.countsStatements) return [];
  return asSuperuser(
    database,
    `select calls, round(total_exec_time::numeric, 1)::float8 as "total ms",
       round((mean_exec_time * 1000)::numeric, 1)::float8 as "mean us",
       plans, round((total_plan_time::numeric), 1)::float8 as "plan ms", shared_blks_hit + shared_blks_read as blocks,
       wal_bytes::float8 as "wal bytes", left(regexp_replace(query, '\\s+', ' ', 'g'), 90) as statement
     from pg_stat_statements where query not like '%pg_stat%' order by total_exec_time desc limit ${limit}`,
  );
}

async function asSuperuser(database, text) {
  const { openDatabase: connect } = await import("../dist/storage/postgres/database.js");
  const { host, port, password, ssl, database: name } = database.superuser;
  const connection = { host, port, password, ssl, database: name, user: "postgres" };
  const opened = connect({ connection, maxConnections: 1, onError() {} });
  try {
    return await opened.runText(text, []);
  } finally {
    await opened.close();
  }
}

/** Prints where the time went; ends the engines, because node writes its profile when it ends. */
export async function reportProfile({ name, place, database, engines }) {
  const statements = await costliestStatements(database);
  await Promise.all(engines.map((engine) => engine.stop()));
  const kept = fileURLToPath(new URL("results", import.meta.url));
  await mkdir(kept, { recursive: true });
  const files = (await readdir(place.directory)).filter((file) => file.endsWith(".cpuprofile"));
  // An engine that was started twice has left two; the last of them saw the load.
  for (const file of files.sort().slice(-engines.length)) {
    const source = path.join(place.directory, file);
    const target = path.join(kept, `${name}-${file}`);
    await copyFile(source, target);
    console.log(`\nCPU profile ${target}\n${table(selfTimes(JSON.parse(await readFile(source, "utf8"))))}`);
  }
  if (statements.length > 0) console.log(`\nStatements\n${table(statements)}`);
}

/** Functions by the time they took themselves, without those they called. */
export function selfTimes({ nodes, samples, timeDeltas }, limit = 45) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const times = new Map();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    if (functionName === "(idle)") continue;
    const file = url.split("/").slice(-2).join("/");
    const key = `${functionName || "(anonymous)"} ${file}${file ? `:${lineNumber + 1}` : ""}`;
    times.set(key, (times.get(key) ?? 0) + timeDeltas[index]);
    total += timeDeltas[index];
  }
  return [...times]
    .sort((a, b) => b[1] - a[1])
    .slice(0, limit)
    .map(([where, micros]) => ({
      "self ms": rounded(micros / 1000),
      "%": rounded((100 * micros) / total, 1),
      where,
    }));
}
