import { setTimeout as pause } from "node:timers/promises";
import { countsOf, createAudit, unanswered } from "../audit.mjs";
import { cardBuyer, newNote, usualMix } from "../card-buyer.mjs";
import { eventsSettled, HOUR_MS, MINUTE_MS, reconcile, WEBHOOK_SECRET, withCards } from "../card-site.mjs";
import { randomFrom, rounded } from "../figures.mjs";
import { Connection } from "../http.mjs";
import { progress, table } from "../report.mjs";
import { makeProducts, PLENTY } from "../shop.mjs";
import { startStorm } from "../webhook-storm.mjs";

const BUYERS = 16;
const PRODUCTS = 10;
const ENGINES = 2;
/** Much of what happens happens at the gateway: shoppers who do not come back, and what a merchant does in its pages. */
const mix = { ...usualMix, asked: 40, gone: 50, captured: 40, refunded: 40 };
/** What becomes of a payment in the gateway's own pages, in hundredths. */
const AT_GATEWAY = { passed: 75, captured: 60, released: 20, refunded: 50, refundedTwice: 20 };
/** How often it is looked for something to do there, in milliseconds, and how many of the latest payments it leaves alone. */
const ACT_EVERY_MS = 200;
const LEFT_TO_BUYERS = 40;
/** Events that say something new of a payment. */
const FOLLOWED = new Set([
  "payment_intent.succeeded",
  "payment_intent.amount_capturable_updated",
  "payment_intent.canceled",
  "charge.refunded",
]);

export const webhookChaos = {
  name: "r7",
  title:
    "webhooks in up to five copies, shuffled, lost, badly signed or old: the end is what the gateway's books say",
  isDefault: true,
  run: (options) => run(options, "r7", true),
};

export const noWebhooks = {
  name: "r8",
  title: "no webhook ever arrives: asking the gateway brings everything to the same end",
  isDefault: true,
  run: (options) => run(options, "r8", false),
};

async function run(options, name, calls) {
  const processes = options.processes.length > 1 ? ENGINES : options.processes[0];
  const result = await withCards(options, name, { processes }, (site) => oneRun(site, options, name, calls));
  const { counts, told, openAfterwards, seconds, askedMs, changed, broken } = result;
  console.log(
    table([
      {
        engines: processes,
        ...counts,
        seconds,
        "unanswered then": openAfterwards,
        "changed by asking": changed,
        "which took ms": rounded(askedMs),
        wrong: broken.length,
      },
    ]),
  );
  const sent = Object.entries(told.answers).map(([what, times]) => `${what} ${times} times`);
  console.log(
    `\nOf ${told.events} events ${told.lost} were lost.` +
      (sent.length > 0 ? ` Webhooks and their answers: ${sent.join(", ")}.` : ""),
  );
  return { processes, ...result };
}

async function oneRun(site, { events: wanted, seed }, name, calls) {
  const { engines, shop, simulator, database } = site;
  const random = randomFrom(seed);
  const productIds = await makeProducts(shop, PRODUCTS, PLENTY);
  const lost = calls ? {} : { lostPercent: 100 };
  const storm = await startStorm({ engines, secret: WEBHOOK_SECRET, random, ...lost });
  simulator.setWebhooks({ url: storm.url, secret: WEBHOOK_SECRET });
  // What an engine is not told it asks for from time to time; here that has to wait for its turn.
  simulator.faults.add({ operation: "list_events", fault: "error_before" });
  const note = newNote();
  const actOutside = outsideActs(simulator, randomFrom(seed + 1));
  let over = false;
  const outside = (async () => {
    for (; !over; await pause(ACT_EVERY_MS)) await actOutside(LEFT_TO_BUYERS);
  })();
  outside.catch(() => undefined);
  const bar = progress(name);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: BUYERS }, async (_, index) => {
      const connection = new Connection(engines[index % engines.length].url);
      const own = randomFrom(seed * 1000 + index);
      const buy = cardBuyer({ connection, shop, simulator, productIds, random: own, note, mix });
      try {
        while (storm.heard() < wanted) {
          await buy();
          bar.at(Math.min(storm.heard(), wanted), wanted);
        }
      } finally {
        await connection.close();
      }
    }),
  );
  over = true;
  await outside;
  await actOutside(0);
  bar.end();
  await simulator.webhooksIdle();
  const loadSeconds = rounded((performance.now() - began) / 1000, 1);

  await storm.end();
  const broken = wrongAnswers(storm);
  if (!(await eventsSettled(database))) broken.push("what webhooks told was not looked at");
  broken.push(...(await wrongEvents(database, storm)));
  simulator.faults.clear();
  const audit = createAudit(site);
  await audit.run();
  const openAfterwards = unanswered(audit.orders).length;
  const asking = await reconcile(site, { aheadMs: MINUTE_MS, fetch: true });
  broken.push(...(await audit.run({ acknowledged: note.acknowledged })));
  await reconcile(site, { aheadMs: HOUR_MS, fetch: true });
  broken.push(
    ...(await audit.run({ acknowledged: note.acknowledged })).map((what) => `an hour later: ${what}`),
  );
  return {
    counts: { events: storm.counts.events, ...(await countsOf(site)) },
    seconds: loadSeconds,
    askedMs: asking.ms,
    changed: asking.changed + asking.completed + asking.failed,
    openAfterwards,
    told: { ...storm.counts, answers: storm.answers },
    broken,
  };
}

/**
 * What shoppers do on their banks' pages, and merchants on Stripe's, past the shop. The function it answers does it once
 * for every payment, but for so many of the latest.
 */
function outsideActs(simulator, random) {
  const chance = (percent) => random() * 100 < percent;
  const act = async (path, fields = {}) => {
    const answer = await fetch(`${simulator.url}/v1/${path}`, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_bench", "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
    const text = await answer.text();
    // Somebody else was quicker: the shop, or its shopper.
    if (!answer.ok && !/unexpected_state|already_refunded|amount_too_large/.test(text)) {
      throw new Error(`${path}: ${answer.status} ${text}`);
    }
  };
  const actOn = async ({ id, status, amount_capturable: amount }) => {
    if (status === "requires_action") await simulator.authenticate(id, chance(AT_GATEWAY.passed));
    if (status === "requires_capture") {
      if (chance(AT_GATEWAY.captured)) {
        await act(`payment_intents/${id}/capture`, { amount_to_capture: String(amount) });
      } else if (chance(AT_GATEWAY.released)) await act(`payment_intents/${id}/cancel`);
    }
    if (status === "succeeded" && chance(AT_GATEWAY.refunded)) {
      const times = chance(AT_GATEWAY.refundedTwice) ? 2 : 1;
      for (let count = 0; count < times; count += 1) {
        await act("refunds", { payment_intent: id, amount: "50" });
      }
    }
  };
  let next = 0;
  return async (newest) => {
    const intents = simulator.intents();
    for (; next < intents.length - newest; next += 1) await actOn(intents[next]);
  };
}

function wrongAnswers({ answers }) {
  return Object.entries(answers)
    .filter(([what]) => what !== "good 200" && !/^(bad|old) 400$/.test(what))
    .map(([what, times]) => `a webhook was answered otherwise: ${what}, ${times} times`);
}

/** Whether everything is kept that was told in good order, and nothing else. */
async function wrongEvents(database, { told, untold }) {
  const kept = new Set((await database.run("select id from gateway_event")).map(({ id }) => id));
  const broken = [];
  const bad = [...untold].filter((id) => kept.has(id)).length;
  if (bad > 0) broken.push(`${bad} events were believed that nobody told in good order`);
  const missing = [...told].filter(([id, type]) => FOLLOWED.has(type) && !kept.has(id)).length;
  if (missing > 0) broken.push(`${missing} events were told in good order and not kept`);
  return broken;
}
