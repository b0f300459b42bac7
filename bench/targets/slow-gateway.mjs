import { createAudit } from "../audit.mjs";
import { MINUTE_MS, reconcile, withCards } from "../card-site.mjs";
import { ascending, median, percentile, rounded } from "../figures.mjs";
import { Connection } from "../http.mjs";
import { checkoutBody, expectStatus, itemBody } from "../journey.mjs";
import { cpuSecondsOf } from "../process-figures.mjs";
import { progress, table } from "../report.mjs";
import { makeProducts, PLENTY, stockOf } from "../shop.mjs";
import { watchIdle } from "../watch-idle.mjs";

/** Buyers of each half: more of the slow ones than an engine has connections to its database. */
const FAST = 8;
const SLOW = 32;
const SLOW_MS = 10_000;
const FAST_CARD = "pm_card_visa";
const SLOW_CARD = "pm_card_mastercard";
/** At least so many rounds, each once without and once with the slow half, so that both see the same machine. */
const LEAST_ROUNDS = 3;

export const slowGateway = {
  name: "r13",
  title: "half of the buyers of a product wait ten seconds for the gateway: what the other half notices",
  isDefault: true,
  run: (options) =>
    withCards(options, "r13", { processes: options.processes[0] }, async (site) => {
      const { shop, simulator, database } = site;
      const productIds = await makeProducts(shop, 1, PLENTY);
      simulator.faults.add({
        operation: "create",
        reference: SLOW_CARD,
        fault: "none",
        delayMs: SLOW_MS,
      });
      const seconds = Math.max(options.seconds, 4);
      const rounds = Math.max(options.rounds, LEAST_ROUNDS);
      const broken = [];
      const measured = { alone: [], beside: [] };
      const bar = progress("r13");
      await payments(site, productIds[0], FAST, FAST_CARD, options.warmupSeconds);
      const idle = watchIdle(database);
      for (let round = 0; round < rounds; round += 1) {
        measured.alone.push(await payments(site, productIds[0], FAST, FAST_CARD, seconds));
        bar.at(2 * round + 1, 2 * rounds);
        const slow = payments(site, productIds[0], SLOW, SLOW_CARD, 1);
        measured.beside.push(await payments(site, productIds[0], FAST, FAST_CARD, seconds));
        await slow;
        bar.at(2 * round + 2, 2 * rounds);
      }
      bar.end();
      const { longestIdleMs } = await idle.stop();
      const [{ unknown }] = await database.run(
        "select count(*) as unknown from orders where pending_since is not null",
      );
      await reconcile(site, { aheadMs: MINUTE_MS });
      const audit = createAudit(site);
      broken.push(...(await audit.run()));
      const { allocated } = await stockOf(shop, productIds[0]);
      if (allocated !== audit.orders.size) {
        broken.push(`${allocated} pieces are allocated to ${audit.orders.size} orders that were paid for`);
      }
      const figures = Object.fromEntries(
        Object.entries(measured).map(([name, results]) => [name, summary(results)]),
      );
      const ratio = rounded(figures.beside.p95 / figures.alone.p95, 2);
      print(figures, { ratio, longestIdleMs, unknown, rounds });
      return { figures, measured, ratio, longestIdleMs, unknown, broken };
    }),
};

/** Buyers who buy one piece after the other for so many seconds; answers how long their payments took. */
async function payments({ engines, shop, database }, productId, buyers, card, seconds) {
  const times = [];
  const before = cpuSeconds({ engines, database });
  const end = performance.now() + seconds * 1000;
  const { shopperHeaders } = shop;
  const body = JSON.stringify({ data: { gateway: "stripe", method: "purchase", payment: card } });
  await Promise.all(
    Array.from({ length: buyers }, async (_, index) => {
      const connection = new Connection(engines[index % engines.length].url);
      try {
        while (performance.now() < end) {
          const cart = `/v2/carts/${crypto.randomUUID()}`;
          const added = await connection.send("POST", `${cart}/items`, shopperHeaders, itemBody(productId));
          expectStatus(added, 201, "add item");
          const placed = await connection.send("POST", `${cart}/checkout`, shopperHeaders, checkoutBody);
          const orderId = expectStatus(placed, 201, "check out").id;
          const began = performance.now();
          const paid = await connection.send("POST", `/v2/orders/${orderId}/payments`, shopperHeaders, body);
          times.push(performance.now() - began);
          expectStatus(paid, 201, "pay");
        }
      } finally {
        await connection.close();
      }
    }),
  );
  const sorted = ascending(times);
  const after = cpuSeconds({ engines, database });
  return {
    payments: times.length,
    perSecond: rounded(times.length / seconds, 1),
    p50: rounded(percentile(sorted, 0.5), 2),
    p95: rounded(percentile(sorted, 0.95), 2),
    /** Milliseconds of CPU for one purchase: engines and database. */
    cpuMs: after && before && rounded(((after - before) * 1000) / times.length, 2),
  };
}

/** What engines and database have used so far; undefined where that cannot be seen. */
function cpuSeconds({ engines, database }) {
  const parts = engines.map(({ pid }) => cpuSecondsOf(pid));
  if (database.serverPid) parts.push(cpuSecondsOf(database.serverPid, { children: true }));
  return parts.includes(undefined) ? undefined : parts.reduce((sum, part) => sum + part, 0);
}

function summary(results) {
  const of = (member) => rounded(median(results.map((result) => result[member])), 2);
  return {
    perSecond: of("perSecond"),
    p50: of("p50"),
    p95: of("p95"),
    cpuMs: of("cpuMs"),
    each: results.map(({ p95 }) => p95),
  };
}

function print({ alone, beside }, { ratio, longestIdleMs, unknown, rounds }) {
  const row = (who, { perSecond, p50, p95, cpuMs, each }) => ({
    "the fast half": who,
    "payments/s": perSecond,
    "p50 ms": p50,
    "p95 ms": p95,
    "CPU ms a purchase": cpuMs,
    "p95 of each round": each.join(", "),
  });
  console.log(
    table([
      row("alone", alone),
      row(`beside ${SLOW} buyers whose gateway takes ${SLOW_MS / 1000} s`, beside),
    ]),
  );
  console.log(
    `\nMedians of ${rounds} rounds in turns. With the slow half the 95th percentile is ${ratio} of what it is alone. ` +
      `No connection was idle in a transaction for longer than ${longestIdleMs} ms. ${unknown} of the slow payments ` +
      `had no answer at their deadline, and were settled afterwards.`,
  );
}
