import { setTimeout as pause } from "node:timers/promises";
import { rounded, slope } from "../figures.mjs";
import { runLoad } from "../load.mjs";
import { memoryOf } from "../process-figures.mjs";
import { progress, table } from "../report.mjs";
import { makeProducts, PLENTY } from "../shop.mjs";
import { withEngines } from "../site.mjs";

export const soak = {
  name: "r16",
  title: "memory of the engine over many orders, with a small heap, and at rest afterwards",
  isDefault: false,
  run: (options) =>
    withEngines(options, "r16", { nodeFlags: [`--max-old-space-size=${options.heapMb}`] }, async (site) => {
      const { engines, shop } = site;
      const products = await makeProducts(shop, 50, PLENTY);
      const { pid } = engines[0];
      const samples = [];
      const every = Math.max(1, Math.floor(options.orders / 200));
      const bar = progress("r16");
      const load = await runLoad({
        ...site,
        clients: 8,
        seconds: Infinity,
        limit: options.orders,
        pick: (random) => [0, 1].map(() => products[Math.floor(random() * products.length)]),
        onJourney(done) {
          if (done % every === 0) samples.push([done, memoryOf(pid)?.now]);
          bar.at(done, options.orders, `${done} orders, ${rounded(samples.at(-1)?.[1] ?? 0)} MB`);
        },
      });
      bar.end();
      // The first half fills caches and the heap up to where the garbage collector keeps it.
      const later = samples.slice(samples.length / 2);
      const mbFor10000Orders = rounded(slope(later) * 10_000, 2);
      console.log(
        table(
          samples
            .filter((_, index) => (index + 1) % Math.max(1, Math.floor(samples.length / 10)) === 0)
            .map(([orders, mb]) => ({ orders, "engine MB": rounded(mb, 1) })),
        ),
      );
      console.log(
        `\n${load.journeysPerSecond} orders a second with 8 clients and a heap of ${options.heapMb} MB; over the ` +
          `second half memory changed by ${mbFor10000Orders} MB for 10,000 orders.`,
      );
      const rest = await watchRest(pid, options.idleMinutes);
      return { orders: load.journeys, load, samples, mbFor10000Orders, rest };
    }),
};

async function watchRest(pid, minutes) {
  const rest = [];
  if (minutes === 0) return rest;
  const bar = progress("r16 at rest");
  const total = Math.ceil(minutes);
  for (let minute = 0; minute <= total; minute += 1) {
    if (minute > 0) await pause(60_000);
    rest.push([minute, memoryOf(pid)?.now]);
    bar.at(minute, total);
  }
  bar.end();
  console.log(`At rest memory changed by ${rounded(slope(rest) * 60, 2)} MB an hour over ${total} minutes.`);
  return rest;
}
