import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { openDatabase } from "../database.mjs";
import { median, rounded } from "../figures.mjs";
import { Connection } from "../http.mjs";
import { machineFacts } from "../machine.mjs";
import { memoryOf } from "../process-figures.mjs";
import { table } from "../report.mjs";
import { launchServer, newPlace, startServer } from "../server.mjs";
import { openShop } from "../shop.mjs";

export const start = {
  name: "r17",
  title: "cold and second start, four engines at once, a start that was killed, requests during SIGTERM",
  isDefault: true,
  async run(options) {
    const place = await newPlace(options, "r17");
    try {
      const embedded = place.databaseUrl === undefined;
      const first = await startServer(place);
      const database = await openDatabase(place);
      const machine = machineFacts(place.directory, database.version, database.embedded);
      await database.close();
      await first.stop();

      const cold = embedded ? await times(options, place, "cold", { empty: true }) : [];
      const second = await times(options, place, "second", {});
      const fourAtOnce = embedded ? await startFour(options, place) : undefined;
      const killed = embedded ? await killAndStart(options, place) : undefined;
      const stop = await stopUnderLoad(place);
      print({ cold, second, fourAtOnce, killed, stop });
      return { machine, cold, second, fourAtOnce, killed, stop };
    } finally {
      await place.remove();
    }
  },
};

/** Starts one after the other; with `empty` each on a data directory of its own that is not there yet. */
async function times(options, place, name, { empty = false }) {
  const starts = [];
  for (let turn = 0; turn < options.starts; turn += 1) {
    const env = empty ? { CARTWRIGHT_DATA_DIR: `${place.directory}/${name}-${turn}` } : {};
    const server = await startServer(place, { name, env });
    starts.push({ readyMs: rounded(server.readyMs), memoryMb: rounded(memoryOf(server.pid)?.now ?? 0, 1) });
    await server.stop();
  }
  return starts;
}

async function startFour(options, place) {
  const rounds = [];
  for (let turn = 0; turn < options.starts; turn += 1) {
    const env = { CARTWRIGHT_DATA_DIR: `${place.directory}/four-${turn}` };
    const names = [1, 2, 3, 4].map((number) => `four-${turn}-${number}`);
    const servers = await Promise.all(names.map((name) => startServer(place, { name, env })));
    await Promise.all(servers.map((server) => server.stop()));
    const logs = await Promise.all(servers.map(({ logFile }) => readFile(logFile, "utf8")));
    rounds.push({
      readyMs: rounded(Math.max(...servers.map(({ readyMs }) => readyMs))),
      migrations: logs.map((log) => log.split("schema migrated").length - 1).reduce((a, b) => a + b),
      migratedBy: logs.filter((log) => log.includes("schema migrated")).length,
    });
  }
  return rounds;
}

/** Kills first starts at moments spread over them, and starts again on what they left. */
async function killAndStart(options, place) {
  const rounds = [];
  for (let turn = 0; turn < options.starts * 2; turn += 1) {
    const afterMs = 150 + (turn * 1200) / (options.starts * 2);
    const env = { CARTWRIGHT_DATA_DIR: `${place.directory}/killed-${turn}` };
    const victim = await launchServer(place, { name: "killed", env });
    await pause(afterMs);
    await victim.stop("SIGKILL");
    const server = await startServer(place, { name: "after-kill", env });
    rounds.push({ killedAfterMs: rounded(afterMs), readyMs: rounded(server.readyMs) });
    await server.stop();
  }
  return rounds;
}

/** Eight clients ask without a pause while the engine is told to end; each leaves when it is told to. */
async function stopUnderLoad(place) {
  const server = await startServer(place, { name: "stopping" });
  const shop = await openShop(server.url);
  const count = { answered: 0, dropped: 0, otherStatus: 0 };
  const problems = new Set();
  const clients = Array.from({ length: 8 }, async () => {
    const connection = new Connection(server.url);
    const cart = `/v2/carts/${crypto.randomUUID()}`;
    for (;;) {
      try {
        const answer = await connection.send("GET", cart, shop.shopperHeaders);
        count.answered += 1;
        if (answer.status !== 200) count.otherStatus += 1;
        if (answer.closes) break;
      } catch (error) {
        count.dropped += 1;
        problems.add(error.code ?? error.message);
        break;
      }
    }
    await connection.close();
  });
  await pause(1000);
  const began = performance.now();
  const exit = await server.stop();
  const stoppedMs = rounded(performance.now() - began);
  await Promise.all(clients);
  await shop.close();
  return { ...count, problems: [...problems], exit, stoppedMs };
}

function print({ cold, second, fourAtOnce, killed, stop }) {
  const ms = (starts) => median(starts.map(({ readyMs }) => readyMs));
  const all = (starts) => starts.map(({ readyMs }) => readyMs).join(", ");
  const rows = [];
  const row = (what, starts) => rows.push({ what, "ready ms": ms(starts), "each ms": all(starts) });
  if (cold.length > 0) row("cold start, empty data directory", cold);
  row("second start", second);
  if (fourAtOnce) row("four engines at once, the last of them", fourAtOnce);
  if (killed) row("after a first start that was killed", killed);
  console.log(table(rows));
  const memory = [...cold, ...second].map(({ memoryMb }) => memoryMb);
  console.log(`\nAn engine that has just started has ${median(memory)} MB.`);
  if (fourAtOnce) {
    const by = [...new Set(fourAtOnce.map(({ migratedBy }) => migratedBy))].join(", ");
    console.log(`Of four that start at once, ${by} brought the schema up to date.`);
  }
  console.log(
    `SIGTERM under load: ${stop.answered} requests were answered (${stop.otherStatus} of them not with 200), ` +
      `${stop.dropped} dropped${stop.problems.length > 0 ? ` (${stop.problems.join(", ")})` : ""}; ` +
      `ended with ${stop.exit} after ${stop.stoppedMs} ms.`,
  );
}
