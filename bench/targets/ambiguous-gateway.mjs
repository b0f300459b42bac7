import { countsOf, createAudit, unanswered } from "../audit.mjs";
import { cardBuyer, newNote, usualMix } from "../card-buyer.mjs";
import { HOUR_MS, MINUTE_MS, reconcile, withCards } from "../card-site.mjs";
import { randomFrom, rounded } from "../figures.mjs";
import { Connection } from "../http.mjs";
import { progress, table } from "../report.mjs";
import { makeProducts, PLENTY } from "../shop.mjs";

const BUYERS = 48;
const PRODUCTS = 10;
/** How many of a hundred requests that change something meet what, at the gateway. */
const PERCENT = { lose_before: 10, lose_after: 20, error_before: 2.5, error_after: 2.5, rate_limit: 5 };

export const ambiguousGateway = {
  name: "r6",
  title: "a gateway that loses answers, fails and is too busy: its books are ours when a minute has passed",
  isDefault: true,
  async run(options) {
    const runs = [];
    let machine;
    for (const processes of options.processes) {
      const result = await withCards(options, "r6", { processes }, async (site) => {
        runs.push({ processes, ...(await oneRun(site, options)) });
        return {};
      });
      machine ??= result.machine;
    }
    console.log(
      table(
        runs.map(({ processes, faults, broken, afterTheLoad, minute, ...counts }) => ({
          engines: processes,
          ...counts,
          "open after the load": afterTheLoad,
          "a minute later": minute.open,
          "to settle, ms": minute.ms,
          wrong: broken.length,
        })),
      ),
    );
    const broken = runs.flatMap(({ processes, broken }) =>
      broken.map((what) => `${processes} engines: ${what}`),
    );
    return { machine, runs, broken };
  },
};

async function oneRun(site, { operations: wanted, seed }) {
  const { engines, shop, simulator } = site;
  const productIds = await makeProducts(shop, PRODUCTS, PLENTY);
  simulator.faults.setChaos({ seed, percent: PERCENT });
  const note = newNote();
  const mix = { ...usualMix, refunded: 90 };
  const bar = progress("r6");
  const began = performance.now();
  await Promise.all(
    Array.from({ length: BUYERS }, async (_, index) => {
      const connection = new Connection(engines[index % engines.length].url);
      const random = randomFrom(seed * 1000 + index);
      const buy = cardBuyer({ connection, shop, simulator, productIds, random, note, mix });
      try {
        while (note.asked < wanted) {
          await buy();
          bar.at(Math.min(note.asked, wanted), wanted);
        }
      } finally {
        await connection.close();
      }
    }),
  );
  bar.end();
  const seconds = rounded((performance.now() - began) / 1000, 1);
  simulator.faults.clear();

  const audit = createAudit(site);
  await audit.run();
  const afterTheLoad = unanswered(audit.orders).length;
  const pass = await reconcile(site, { aheadMs: MINUTE_MS });
  const broken = await audit.run({ acknowledged: note.acknowledged });
  const open = unanswered(audit.orders).length;
  // Those who never came back are given up after an hour, and what came late is looked for once more.
  await reconcile(site, { aheadMs: HOUR_MS, fetch: true });
  broken.push(...(await audit.run({ acknowledged: note.acknowledged })));
  return {
    asked: note.asked,
    ...(await countsOf(site)),
    "409, asked again": note.waits,
    "given up": note.givenUp,
    seconds,
    afterTheLoad,
    minute: { open, ms: rounded(pass.ms) },
    broken,
  };
}
