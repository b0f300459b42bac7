import { medianOfRounds, runLoad } from "../load.mjs";
import { table } from "../report.mjs";
import { makeProducts, PLENTY } from "../shop.mjs";
import { withEngines } from "../site.mjs";

export const hot = {
  name: "hot",
  title: "one hot product against fifty different ones",
  isDefault: true,
  run: (options) =>
    withEngines(options, "hot", { processes: options.processes[0] }, async (site) => {
      const { engines, shop, database } = site;
      const many = await makeProducts(shop, 50, PLENTY);
      // The second product of each journey is counted by nobody, so that the first alone makes the difference.
      const [uncounted] = await makeProducts(shop, 1, undefined);
      const picks = {
        "one product": () => [many[0], uncounted],
        "fifty products": (random) => [many[Math.floor(random() * many.length)], uncounted],
      };
      await runLoad({
        engines,
        shop,
        database,
        clients: 8,
        seconds: options.warmupSeconds,
        pick: picks["fifty products"],
      });
      const loads = [];
      for (const clients of options.clients.filter((count) => count > 1)) {
        const rounds = { "one product": [], "fifty products": [] };
        // In turns, so that what the machine does beside this hits both.
        for (let round = 0; round < Math.max(3, options.rounds); round += 1) {
          for (const [what, pick] of Object.entries(picks)) {
            const load = await runLoad({ engines, shop, database, clients, seconds: options.seconds, pick });
            rounds[what].push(load);
          }
        }
        for (const [what, all] of Object.entries(rounds)) {
          loads.push({ what, ...medianOfRounds(all), rounds: all.map((one) => one.journeysPerSecond) });
        }
      }
      console.log(
        table(
          loads.map((load) => ({
            what: load.what,
            clients: load.clients,
            "journeys/s": load.journeysPerSecond,
            "authorize p50 ms": load.stepMs.authorize.p50,
            "authorize p99 ms": load.stepMs.authorize.p99,
            "journey p99 ms": load.journeyMs.p99,
          })),
        ),
      );
      return { loads };
    }),
};
