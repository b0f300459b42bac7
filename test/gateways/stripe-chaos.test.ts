import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seeded } from "../../src/simulator/faults.ts";
import type { Answer } from "../engine.ts";
import { openStripeShop, type StripeShop } from "./stripe-shop.ts";

/** Orders of the run; CHAOS=1000 for the long one. */
const ORDERS = Number(process.env.CHAOS ?? 48);
const SEED = Number(process.env.CHAOS_SEED ?? 20_261_121);
const AT_ONCE = 8;

let clock = Date.now();
let stripe: StripeShop;
beforeAll(async () => {
  stripe = await openStripeShop({ engines: 2, now: () => clock });
});
afterAll(() => stripe.close());

test(`D1 B1 B3 ${ORDERS} orders of cards, while Stripe loses answers and fails: its books are ours (CHAOS_SEED=${SEED})`, {
  timeout: 900_000,
}, async () => {
  const { shop, simulator } = stripe;
  const random = seeded(SEED);
  simulator.faults.setChaos({
    seed: SEED,
    percent: { lose_after: 30, lose_before: 15, error_before: 5, error_after: 5, rate_limit: 10 },
  });
  const productId = await shop.newProduct(ORDERS * 2);

  /** As a careful client: the same key until there is a definite answer. */
  const insist = async (send: (key: string) => Promise<Answer>): Promise<Answer | undefined> => {
    const key = randomUUID();
    for (let tries = 0; tries < 3; tries += 1) {
      const answer = await send(key);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
      if (answer.status !== 409) return answer;
    }
    return undefined;
  };
  const buy = async (roll: number): Promise<void> => {
    const orderId = await shop.newOrder([{ productId }]);
    const payment =
      roll < 0.1 ? "pm_card_chargeDeclined" : roll < 0.25 ? "pm_card_threeDSecure2Required" : "pm_card_visa";
    const method = roll < 0.6 ? "purchase" : "authorize";
    const paid = await insist((key) =>
      shop.pay(orderId, { gateway: "stripe", method, payment }, { headers: { "idempotency-key": key } }),
    );
    const { id, status, reference } = paid?.body.data ?? {};
    if (status === "pending" && reference !== "") {
      await simulator.authenticate(reference, roll < 0.2);
      await insist((key) => shop.transact("confirm", orderId, id, {}, key));
    }
    if (id === undefined) return;
    if (method === "authorize") {
      const next = roll < 0.8 ? "capture" : "cancel";
      await insist((key) => shop.transact(next, orderId, id, {}, key));
    }
    await insist((key) => shop.transact("refund", orderId, id, { amount: 100 }, key));
  };
  const rolls = Array.from({ length: ORDERS }, random);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let roll = rolls.pop(); roll !== undefined; roll = rolls.pop()) await buy(roll);
    }),
  );

  simulator.faults.clear();
  const open = "select 1 from orders where pending_since is not null";
  expect((await shop.sql(open)).length, "nothing was left open, so this tried nothing").toBeGreaterThan(0);
  // A minute settles what was lost, an hour those who never learned that they were asked who they are.
  for (const passed of [61_000, 3_600_000]) {
    clock += passed;
    await stripe.reconcile();
  }
  await stripe.fetchEvents();
  await shop.expectConsistent();
  expect(simulator.report().doubles).toEqual([]);
  const books = new Map<string, { authorized: number; captured: number; refunded: number }>();
  for (const { orderId = "", authorized, captured, refunded } of simulator.report().references) {
    const before = books.get(orderId) ?? { authorized: 0, captured: 0, refunded: 0 };
    books.set(orderId, {
      authorized: before.authorized + authorized,
      captured: before.captured + captured,
      refunded: before.refunded + refunded,
    });
  }
  const orders = await shop.sql<{ id: string; state: string; stock_state: string }>(
    "select id, state, stock_state from orders",
  );
  expect(orders).toHaveLength(ORDERS);
  let unresolved = 0;
  for (const { id, state, stock_state } of orders) {
    const { payments } = JSON.parse(state) as { payments: { operations: Operation[] }[] };
    const operations = payments.flatMap((payment) => payment.operations);
    unresolved += operations.filter(({ status }) => status === "pending").length;
    const sum = (...types: string[]): number =>
      operations
        .filter(({ status, type }) => status === "complete" && types.includes(type))
        .reduce((total, { amount }) => total + amount, 0);
    const captured = sum("purchase", "capture");
    const authorized = sum("authorize") - sum("capture", "void");
    const ours = { authorized, captured, refunded: sum("refund") };
    expect(ours, id).toEqual(books.get(id) ?? { authorized: 0, captured: 0, refunded: 0 });
    expect(stock_state, id).toBe(captured + authorized > 0 ? "allocated" : "none");
  }
  expect(unresolved).toBe(0);
});

type Operation = { readonly type: string; readonly status: string; readonly amount: number };
