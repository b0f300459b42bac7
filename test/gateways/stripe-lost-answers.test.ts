import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GatewayCall } from "../../src/gateways/gateway.ts";
import { stripeGateway } from "../../src/gateways/stripe/stripe.ts";
import { type StripeSimulator, startStripeSimulator } from "../../src/simulator/server.ts";

/** Payments of others in every second of four minutes: more on either side of a claim than a page has. */
const PER_SECOND = 2;
const claimed = Date.parse("2026-03-01T12:00:00.000Z");
let now = claimed;
let simulator: StripeSimulator;
beforeAll(async () => {
  simulator = await startStripeSimulator({ now: () => now });
  for (let second = -120; second <= 120; second += 1) {
    now = claimed + second * 1000;
    await Promise.all(Array.from({ length: PER_SECOND }, () => pay(aCall())));
  }
});
afterAll(() => simulator.close());

const gateway = stripeGateway({ slug: "stripe", name: "Stripe", apiBase: () => simulator.url });

function aCall(): GatewayCall {
  const key = randomUUID();
  return {
    operation: "purchase",
    key,
    orderId: randomUUID(),
    paymentId: key,
    amount: 2000,
    currency: "USD",
    claimedAt: new Date(claimed).toISOString(),
    ageMs: 90_000,
    settings: { login: "sk_test_1" },
    paymentToken: "pm_card_visa",
    signal: AbortSignal.timeout(60_000),
  };
}
const pay = (call: GatewayCall) => gateway.purchase(call);
/** Asks what became of a call; and how many pages and payments Stripe was asked for. */
async function find(call: GatewayCall) {
  const before = { ...simulator.requestCounts };
  const { kind } = await gateway.find(call);
  const { list = 0, retrieve = 0 } = simulator.requestCounts;
  return { kind, lists: list - (before.list ?? 0), retrieved: retrieve - (before.retrieve ?? 0) };
}

test("a payment that was made at once is found on the first page, however many others there are", async () => {
  for (const second of [-2, 0, 5]) {
    now = claimed + second * 1000;
    const call = aCall();
    await pay(call);
    expect(await find(call)).toEqual({ kind: "approved", lists: 1, retrieved: 1 });
  }
});

test("a payment that arrived late, or by another clock, is found wherever it may be", async () => {
  for (const second of [-120, -119, -61, -3, 6, 35, 64, 65, 66, 119, 120]) {
    now = claimed + second * 1000;
    const call = aCall();
    await pay(call);
    expect(await find(call), `${second} seconds after the claim`).toMatchObject({ kind: "approved" });
  }
});

test("D1 a payment is absent only when everything was looked through", async () => {
  const { kind, lists } = await find(aCall());
  expect(kind).toBe("absent");
  // One close by, the first page of either side, and at most four parts of each.
  expect(lists).toBeGreaterThan(3);
  expect(lists).toBeLessThanOrEqual(11);
  simulator.faults.add({ operation: "list", fault: "error_before", times: 1 });
  await expect(gateway.find(aCall())).rejects.toThrow();
  // The last page of all.
  for (let page = 1; page < lists; page += 1) {
    simulator.faults.add({ operation: "list", fault: "none", times: 1 });
  }
  simulator.faults.add({ operation: "list", fault: "error_before", times: 1 });
  await expect(gateway.find(aCall())).rejects.toThrow();
});
