import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seeded } from "../../src/simulator/faults.ts";
import type { Answer } from "../engine.ts";
import type { GatewayFault } from "./conformance.ts";
import { openPayPalShop, type PayPalShop } from "./paypal-shop.ts";

/** Orders of the run; CHAOS=1000 for the long one. */
const ORDERS = Number(process.env.CHAOS ?? 32);
const SEED = Number(process.env.CHAOS_SEED ?? 20_261_121);
const AT_ONCE = 8;
const percent: readonly (readonly [GatewayFault, number])[] = [
  ["lost_after", 30],
  ["lost_before", 15],
  ["failed_before", 5],
  ["failed_after", 5],
  ["busy", 10],
];

let clock = Date.now();
let paypal: PayPalShop;
beforeAll(async () => {
  paypal = await openPayPalShop({ engines: 2, now: () => clock });
});
afterAll(() => paypal.close());

test(`D1 B1 B3 ${ORDERS} orders by PayPal, while it loses answers and fails: its books are ours (CHAOS_SEED=${SEED})`, {
  timeout: 900_000,
}, async () => {
  const { shop, server } = paypal;
  const random = seeded(SEED);
  const productId = await shop.newProduct(ORDERS * 2);
  server.setChaos(() => {
    let roll = random() * 100;
    return percent.find(([, share]) => {
      roll -= share;
      return roll < 0;
    })?.[0];
  });

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
    const method = roll < 0.5 ? "purchase" : "authorize";
    const started = await insist((key) =>
      shop.pay(
        orderId,
        { gateway: "paypal_express_checkout", method },
        { headers: { "idempotency-key": key } },
      ),
    );
    const { id, client_parameters: page } = started?.body.data ?? {};
    if (page === undefined) return;
    // One in ten goes away, another one has no money, and some change their mind at the last moment.
    const what = (roll * 10) % 1;
    if (what > 0.1) {
      const how = what < 0.2 ? "&with=bad" : "";
      expect((await fetch(page.redirect_url + how, { redirect: "manual" })).status).toBe(200);
    }
    await Promise.all([
      insist((key) => shop.transact("confirm", orderId, id, {}, key)),
      what > 0.9 && insist((key) => shop.transact("cancel", orderId, id, {}, key)),
    ]);
    if (method === "authorize") {
      const next = roll < 0.9 ? "capture" : "cancel";
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

  server.setChaos(undefined);
  const open = "select 1 from orders where pending_since is not null";
  expect((await shop.sql(open)).length, "nothing was left open, so this tried nothing").toBeGreaterThan(0);
  // A minute settles what was lost, an hour those who never came back.
  for (const passed of [61_000, 3_600_000]) {
    clock += passed;
    await paypal.reconcile();
    await paypal.fetchEvents();
  }
  await paypal.reconcile();
  await shop.expectConsistent();
  expect(server.complaints).toEqual([]);
  const orders = await shop.sql<{ id: string; state: string; stock_state: string }>(
    "select id, state, stock_state from orders",
  );
  expect(orders).toHaveLength(ORDERS);
  const kinds = new Set<string>();
  for (const { id, state, stock_state } of orders) {
    const { payments } = JSON.parse(state) as { payments: { id: string; operations: Operation[] }[] };
    let held = 0;
    for (const payment of payments) {
      const sum = (...types: string[]): number =>
        payment.operations
          .filter(({ status, type }) => status === "complete" && types.includes(type))
          .reduce((total, { amount }) => total + amount, 0);
      expect(payment.operations.filter(({ status }) => status === "pending")).toEqual([]);
      const captured = sum("purchase", "capture");
      const authorized = Math.max(sum("authorize") - sum("capture", "void"), 0);
      const theirs = server.books.of(payment.id);
      expect({ authorized, captured, refunded: sum("refund") }, id).toEqual({
        authorized: theirs.authorized,
        captured: theirs.captured,
        refunded: theirs.refunded,
      });
      expect(theirs.charges).toBeLessThanOrEqual(1);
      for (const { type, status } of payment.operations) kinds.add(`${type} ${status}`);
      held += captured + authorized;
    }
    expect(stock_state, id).toBe(held > 0 ? "allocated" : "none");
  }
  // Everything was tried, and came to both ends.
  for (const kind of ["purchase complete", "purchase failed", "authorize complete", "capture complete"]) {
    expect(kinds).toContain(kind);
  }
  expect(kinds).toContain("refund complete");
});

type Operation = { readonly type: string; readonly status: string; readonly amount: number };
