import { median, rounded } from "../figures.mjs";
import { elasticPathJourney } from "../journey.mjs";
import { medianOfRounds, runLoad } from "../load.mjs";
import { memoryOf } from "../process-figures.mjs";
import { resetStatements } from "../profile.mjs";
import { table } from "../report.mjs";
import { statementCount } from "../server.mjs";
import { makeProducts, PLENTY } from "../shop.mjs";
import { withEngines } from "../site.mjs";
import { openStore, storeJourney } from "../store-journey.mjs";

export const journeys = {
  name: "journeys",
  title: "whole journeys a second, times and SQL statements of each step, memory of the engine",
  isDefault: true,
  run: (options) =>
    measure(options, "journeys", elasticPathJourney, (shop) => makeProducts(shop, 50, PLENTY)),
};

export const storeJourneys = {
  name: "store-journeys",
  title: "the same for purchases over the Medusa Store API",
  isDefault: true,
  run: (options) =>
    measure(options, "store-journeys", storeJourney, async (shop) => {
      shop.store = await openStore(shop.connection, 50);
      return shop.store.variants;
    }),
};

/** Loads with so many clients each, one after the other, of one kind of journey; `prepare` answers what is bought. */
function measure(options, name, kind, prepare) {
  return withEngines(options, name, { processes: options.processes[0] }, async (site) => {
    const { engines, shop, database } = site;
    const idleMb = memoryOf(engines[0].pid)?.now;
    const products = await prepare(shop);
    const pick = (random) => {
      const first = Math.floor(random() * products.length);
      return [products[first], products[(first + 1) % products.length]];
    };
    const load = { engines, shop, database, pick, kind };
    await runLoad({ ...load, clients: 8, seconds: options.warmupSeconds });
    await resetStatements(database);
    const loads = [];
    for (const clients of options.clients) {
      const rounds = [];
      for (let round = 0; round < options.rounds; round += 1) {
        rounds.push(await runLoad({ ...load, clients, seconds: options.seconds }));
      }
      loads.push({ ...medianOfRounds(rounds), rounds: rounds.map((one) => one.journeysPerSecond) });
    }
    const statements = await statementsOfSteps(shop, pick, false, kind);
    print(kind.steps, loads, statements, idleMb);
    return { loads, statements, idleMemoryMb: idleMb && rounded(idleMb, 1) };
  });
}

/** SQL statements of each step, begin and commit included: the medians of a few journeys of one client. */
export async function statementsOfSteps(shop, pick, keyed = false, kind = elasticPathJourney) {
  const { steps } = kind;
  const counts = steps.map(() => []);
  for (let turn = 0; turn < 9; turn += 1) {
    let before = await statementCount(shop.connection);
    const counting = {
      async send(...request) {
        const answer = await shop.connection.send(...request);
        const now = await statementCount(shop.connection);
        counting.last = now - before;
        before = now;
        return answer;
      },
    };
    await kind.run(
      counting,
      shop,
      pick(() => turn / 9),
      (step) => counts[step].push(counting.last),
      keyed,
    );
  }
  const each = Object.fromEntries(steps.map((step, index) => [step, median(counts[index])]));
  return { ...each, journey: Object.values(each).reduce((sum, count) => sum + count, 0) };
}

function print(steps, loads, statements, idleMb) {
  console.log(
    table(
      loads.map((load) => ({
        clients: load.clients,
        "journeys/s": load.journeysPerSecond,
        "requests/s": load.requestsPerSecond,
        "journey p50 ms": load.journeyMs.p50,
        "p99 ms": load.journeyMs.p99,
        "step p99 ms": load.anyStepMs.p99,
        "engine cores": load.cores.engine,
        "database cores": load.cores.database,
        "load cores": load.cores.loadGenerator,
        "engine CPU ms": load.cpuMsPerJourney.engine,
        "database CPU ms": load.cpuMsPerJourney.database,
        "load CPU ms": load.cpuMsPerJourney.loadGenerator,
        "engine MB": load.engineMemoryMb[0]?.now,
        "peak MB": load.engineMemoryMb[0]?.peak,
      })),
    ),
  );
  console.log(
    `\n${table(
      [...steps, "journey"].map((step) => ({
        step,
        "SQL statements": statements[step],
        ...Object.fromEntries(
          loads.flatMap((load) => {
            const times = load.stepMs[step] ?? load.journeyMs;
            return [
              [`p50 at ${load.clients}`, times.p50],
              [`p99 at ${load.clients}`, times.p99],
            ];
          }),
        ),
      })),
    )}`,
  );
  console.log("\nCPU is milliseconds for a whole journey; cores are used by all processes of each together.");
  if (idleMb !== undefined) console.log(`The engine rests at ${rounded(idleMb, 1)} MB after its start.`);
}
