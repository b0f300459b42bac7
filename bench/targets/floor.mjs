import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { rounded } from "../figures.mjs";
import { runFloorJourneys } from "../floor-shop.mjs";
import { Connection } from "../http.mjs";
import { checkoutBody } from "../journey.mjs";
import { cpuSecondsOf } from "../process-figures.mjs";
import { table } from "../report.mjs";
import { withEngines } from "../site.mjs";

const CLIENTS = 16;

export const floor = {
  name: "floor",
  title: "what this machine does without the engine: the database alone, and HTTP alone",
  isDefault: true,
  run: (options) =>
    withEngines(options, "floor", {}, async ({ database }) => {
      const { serverPid, connection } = database;
      const cpuSeconds = () =>
        serverPid === undefined ? Number.NaN : cpuSecondsOf(serverPid, { children: true });
      const load = { clients: CLIENTS, cpuSeconds };
      await runFloorJourneys(connection, { ...load, seconds: Math.min(options.warmupSeconds, 4) });
      const alone = await runFloorJourneys(connection, { ...load, seconds: options.seconds });
      const { journeys, elapsed, used } = alone;
      const http = await plainHttp(options);
      const floors = {
        databaseJourneysPerSecond: rounded(journeys / elapsed, 1),
        ...(used > 0 && { databaseCpuMsPerJourney: rounded((used * 1000) / journeys, 2) }),
        httpRequestsPerCpuSecond: rounded(http),
      };
      console.log(
        table([
          {
            "database alone, journeys/s": floors.databaseJourneysPerSecond,
            "database CPU ms": floors.databaseCpuMsPerJourney,
            "HTTP alone, requests a second of CPU": floors.httpRequestsPerCpuSecond,
          },
        ]),
      );
      return floors;
    }),
};

/** Requests that a server which does nothing answers with a second of CPU. */
async function plainHttp({ warmupSeconds, seconds }) {
  const child = fork(fileURLToPath(new URL("../floor-http.mjs", import.meta.url)));
  const [{ url }] = await once(child, "message");
  const ask = async (forSeconds) => {
    let requests = 0;
    const end = performance.now() + forSeconds * 1000;
    const headers = ["content-type", "application/json"];
    const client = async () => {
      const connection = new Connection(url);
      while (performance.now() < end) {
        const answer = await connection.send("POST", "/", headers, checkoutBody);
        if (answer.status !== 200) throw new Error(`HTTP alone was answered ${answer.status}`);
        requests += 1;
      }
      await connection.close();
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return requests;
  };
  try {
    await ask(Math.min(warmupSeconds, 4));
    const before = cpuSecondsOf(child.pid);
    const requests = await ask(Math.min(seconds, 5));
    return requests / (cpuSecondsOf(child.pid) - before);
  } finally {
    child.disconnect();
  }
}
