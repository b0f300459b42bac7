import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { followEvents } from "../dist/operations/follow-gateway-events.js";
import { reconcilePayments } from "../dist/operations/reconcile-payments.js";
import { startStripeSimulator } from "../dist/simulator/server.js";
import { reconcilerContext } from "../dist/worker/reconciler-context.js";
import { withEngines } from "./site.mjs";

/** What the simulator's webhooks are signed with. */
export const WEBHOOK_SECRET = "whsec_of_the_bench";

/** A call that nobody answered is over after a minute; a little more, because clocks differ. */
export const MINUTE_MS = 61_000;
/** A shopper who does not come back for an hour has given up. */
export const HOUR_MS = 3_661_000;

/** Starts a simulator of Stripe in this process, with its books on the disk of the bench. */
export function startSimulator(place) {
  return startStripeSimulator({ file: path.join(place.directory, "stripe.jsonl") });
}

/** Lets cards be taken, by the simulator. */
export function takeCards(shop) {
  const data = { type: "gateway", enabled: true, login: "sk_test_bench", webhook_secret: WEBHOOK_SECRET };
  return shop.ask("PUT", "/v2/gateways/stripe", { data });
}

/** As `withEngines`, for a shop whose cards go to a simulator of Stripe; `work` gets it as `simulator`. */
export async function withCards(options, name, how, work) {
  let simulator;
  const prepare = async (place) => {
    simulator = await startSimulator(place);
    place.env.CARTWRIGHT_STRIPE_API_BASE = simulator.url;
    // The demo store has a simulator of its own.
    place.env.CARTWRIGHT_SEED = "none";
    // The demo store has a simulator of its own.
    place.env.CARTWRIGHT_SEED = "none";
  };
  try {
    return await withEngines(options, name, { ...how, prepare }, async (site) => {
      await takeCards(site.shop);
      return work({ ...site, simulator });
    });
  } finally {
    await simulator?.close();
  }
}

/**
 * Does what the worker of an engine does about payments, now or so many milliseconds later by the clock.
 * @param options.fetch asks the gateway what happened, as every minute
 * @returns what was found unanswered and what became of it, changes at the gateway, and how long it took
 */
export async function reconcile({ database }, { aheadMs = 0, fetch = false } = {}) {
  const { deps, storeId, clock } = database;
  const began = performance.now();
  const sum = { pending: 0, completed: 0, failed: 0, unknown: 0, changed: 0 };
  clock.aheadMs = aheadMs;
  try {
    const context = await reconcilerContext(deps, storeId);
    const { changed, failures } = await followEvents(deps, context, { fetch });
    if (failures.length > 0) throw failures[0].error;
    sum.changed += changed;
    // What fails is looked at again by the next pass; an engine makes one every few seconds.
    while ((await openEvents(database)) > 0) {
      const more = await followEvents(deps, context, { fetch: false });
      sum.changed += more.changed;
      if (more.changed + more.known + more.foreign === 0) break;
    }
    const counts = await reconcilePayments(deps, context, { before: deps.now() });
    for (const key of ["pending", "completed", "failed", "unknown"]) sum[key] += counts[key];
  } finally {
    clock.aheadMs = 0;
  }
  return { ...sum, ms: performance.now() - began };
}

/** Lets a minute pass for idempotency keys whose requests never ended: the next request with one goes on. */
export function freeKeys({ database }) {
  return database.run(
    "update idempotency_key set locked_until = now() - interval '1 second' where response is null",
  );
}

/** Waits until all webhooks have arrived and an engine has looked at what they told. */
export async function webhooksSettled({ database, simulator }, seconds = 120) {
  await simulator.webhooksIdle();
  return eventsSettled(database, seconds);
}

/** Waits until the engines have looked at everything they were told. */
export async function eventsSettled(database, seconds = 120) {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(50)) {
    if ((await openEvents(database)) === 0) return true;
  }
  return false;
}

async function openEvents(database) {
  const [{ open }] = await database.run(
    "select count(*) as open from gateway_event where processed_at is null",
  );
  return open;
}
