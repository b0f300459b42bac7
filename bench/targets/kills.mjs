import { setTimeout as pause } from "node:timers/promises";
import { countsOf, createAudit } from "../audit.mjs";
import { cardBuyer, newNote } from "../card-buyer.mjs";
import { eventsSettled, freeKeys, HOUR_MS, MINUTE_MS, reconcile, webhooksSettled } from "../card-site.mjs";
import { withCrashingEngine } from "../crash-site.mjs";
import { randomFrom, rounded, shuffled } from "../figures.mjs";
import { newGate } from "../gate.mjs";
import { Connection } from "../http.mjs";
import { killPoints } from "../kill-points.mjs";
import { progress, table } from "../report.mjs";
import { makeProducts, PLENTY } from "../shop.mjs";

const BUYERS = 20;
const PRODUCTS = 10;
/** A named point that is not passed within so many milliseconds counts as missed, and the engine is killed there. */
const POINT_WITHIN_MS = 15_000;
/** So often a named point is passed at most before it kills. */
const MOST_PASSED = 3;
/** A random moment comes within so many milliseconds after the buyers have begun. */
const MOMENT_WITHIN_MS = 1_500;
const IDLE_WITHIN_MS = 30_000;

export const kills = {
  name: "r5",
  title:
    "kill -9 of the engine at named and at random points, with 20 buyers: nothing is lost and nothing done twice",
  isDefault: true,
  async run(options) {
    const result = await withCrashingEngine(options, "r5", (site) => manyKills(site, options));
    print(result);
    return result;
  },
};

async function manyKills(site, { kills, seed }) {
  const { engine, shop, simulator, database } = site;
  const random = randomFrom(seed);
  const productIds = await makeProducts(shop, PRODUCTS, PLENTY);
  const audit = createAudit(site);
  const note = newNote();
  const gate = newGate();
  let over = false;
  const buyers = Array.from({ length: BUYERS }, async (_, index) => {
    const connection = new Connection(engine.current.url);
    const own = randomFrom(seed * 1000 + index);
    const answerable = (isNew) => gate.pass(isNew);
    const buy = cardBuyer({ connection, shop, simulator, productIds, random: own, note, answerable });
    try {
      while (!over) await buy();
    } finally {
      await connection.close();
    }
  });
  // A buyer who was answered as no buyer may be ends the run.
  let failed;
  const buying = Promise.all(buyers).catch((error) => {
    failed = error;
  });

  const rounds = [];
  const broken = [];
  const check = async (round, what) => {
    const began = performance.now();
    const { ms, ...settled } = await reconcile(site, { aheadMs: MINUTE_MS });
    Object.assign(round, { reconcileMs: rounded(ms), settled });
    const problems = await audit.run({ acknowledged: note.acknowledged.splice(0) });
    broken.push(...problems.map((problem) => `${what}: ${problem}`));
    round.auditMs = rounded(performance.now() - began - ms);
  };
  const points = plan(kills, random);
  const bar = progress("r5");
  for (const [index, point] of points.entries()) {
    const killed = dieAt(site, point, random);
    gate.set("open");
    const round = { point: point?.name ?? "random", missed: await killed };
    gate.set("closed");
    site.setWatcher(undefined);
    await engine.current.stop("SIGKILL");
    await site.gatewayQuiet();
    if (failed) throw failed;
    rounds.push(round);
    const what = `kill ${index + 1} (${round.point})`;
    await freeKeys(site);
    // In turns: the reconciler comes first, or those come back first who were not answered.
    if (index % 2 === 0) {
      await check(round, what);
      round.startMs = rounded(await site.start());
    } else {
      round.startMs = rounded(await site.start());
      gate.set("repeats");
      const end = performance.now() + IDLE_WITHIN_MS;
      while (gate.idle() < BUYERS && performance.now() < end && !failed) await pause(5);
      // What the gateway tells waits, so that nobody is at work while the books are compared.
      site.setWatcher((source, moment) => source === "webhook" && moment === "asked");
      if (!(await eventsSettled(database, 30))) broken.push(`${what}: events stay open`);
      await check(round, what);
      site.setWatcher(undefined);
    }
    bar.at(index + 1, kills, `${broken.length} wrong`);
  }
  bar.end();

  over = true;
  gate.set("open");
  await buying;
  if (failed) throw failed;
  if (!(await webhooksSettled(site))) broken.push("events of the gateway stay open");
  const end = {};
  await check(end, "a minute after the end");
  await reconcile(site, { aheadMs: HOUR_MS, fetch: true });
  broken.push(...(await audit.run()).map((problem) => `an hour after the end: ${problem}`));
  return { rounds, counts: await countsOf(site), asked: note.asked, givenUp: note.givenUp, broken };
}

/** Half of the kills at named points, all of them in turn, half at random moments (undefined), in random order. */
function plan(kills, random) {
  const points = shuffled(killPoints, random);
  return shuffled(
    Array.from({ length: kills }, (_, index) =>
      index % 2 === 0 ? points[(index / 2) % points.length] : undefined,
    ),
    random,
  );
}

/** Kills the engine at a point, or at a random moment; answers whether the point was missed. */
async function dieAt(site, point, random) {
  const { pid } = site.engine.current;
  const abort = new AbortController();
  let missed = point !== undefined;
  let passes = Math.floor(random() * MOST_PASSED);
  if (point) {
    site.setWatcher((source, moment, what) => {
      if (!point.hits(source, moment, what)) return false;
      passes -= 1;
      if (passes >= 0) return false;
      if (missed) process.kill(pid, "SIGKILL");
      missed = false;
      abort.abort();
      // Whatever else comes by in this moment is lost with the engine.
      return true;
    });
  }
  const patience = point ? POINT_WITHIN_MS : 20 + random() * MOMENT_WITHIN_MS;
  await pause(patience, undefined, { signal: abort.signal }).catch(() => undefined);
  return missed;
}

function print({ rounds, counts, asked, givenUp, broken }) {
  const kinds = ["random", "gateway", "webhook", "database"];
  const most = (group, member) => Math.max(...group.map((round) => round[member]));
  const rows = kinds.map((kind) => {
    const group = rounds.filter(({ point }) => point.startsWith(kind));
    const sum = (member) => group.reduce((total, { settled }) => total + settled[member], 0);
    return {
      "killed at": kind,
      points: new Set(group.map(({ point }) => point)).size,
      kills: group.length,
      missed: group.filter(({ missed }) => missed).length,
      unanswered: sum("pending"),
      "had happened": sum("completed"),
      "had not": sum("failed"),
      "waits for its shopper": sum("unknown"),
      "start ms, at most": most(group, "startMs"),
      "reconciled ms, at most": most(group, "reconcileMs"),
    };
  });
  console.log(table(rows.filter(({ kills }) => kills > 0)));
  console.log(
    `\n${rounds.length} kills; ${counts.orders} orders, ${asked} operations asked for, ${counts.operations} made, ` +
      `${counts.charges} charges of ${counts.captured} captured and ${counts.refunded} refunded, ` +
      `${counts.moves} stock movements; ${givenUp} requests given up by their buyers; ${broken.length} wrong.`,
  );
}
