import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Gateway, GatewayCall, SessionCall } from "../../src/gateways/gateway.ts";
import { stripeGateway } from "../../src/gateways/stripe/stripe.ts";
import { type StripeSimulator, startStripeSimulator } from "../../src/simulator/server.ts";

// Payment sessions at Stripe, without a shop around them.

let simulator: StripeSimulator;
let gateway: Gateway;
beforeAll(async () => {
  simulator = await startStripeSimulator();
  gateway = stripeGateway({ slug: "stripe", name: "Stripe", apiBase: () => simulator.url });
});
afterEach(() => simulator.faults.clear());
afterAll(() => simulator.close());

let count = 0;
const settings = { login: "sk_test_1" };
const aSession = (more: Partial<SessionCall> = {}): SessionCall => {
  count += 1;
  const signal = AbortSignal.timeout(10_000);
  const ids = { key: `session-${count}`, cartId: `cart-${count}` };
  return { ...ids, amount: 1200, currency: "EUR", data: {}, settings, signal, ...more };
};
const sessions = () => {
  if (!gateway.sessions) throw new Error("It has no sessions");
  return gateway.sessions;
};
const opened = async (more: Partial<SessionCall> = {}) => {
  const call = aSession(more);
  const { data } = await sessions().open(call);
  return { call: { ...call, data }, data, id: String(data.id) };
};
const aPayment = (session: GatewayCall["session"]): GatewayCall => ({
  operation: "authorize",
  key: `payment-${count}`,
  orderId: `order-${count}`,
  paymentId: `payment-${count}`,
  amount: 1200,
  currency: "EUR",
  claimedAt: new Date().toISOString(),
  ageMs: 0,
  settings,
  ...(session && { session }),
  signal: AbortSignal.timeout(10_000),
});
const intent = (id: string) => simulator.intents().find((one) => one.id === id);
const enter = async (id: string, card = "pm_card_visa") => {
  const answer = await fetch(`${simulator.url}/v1/payment_intents/${id}/confirm`, {
    method: "POST",
    headers: { authorization: "Bearer pk_test_1", "content-type": "application/x-www-form-urlencoded" },
    body: `payment_method=${card}`,
  });
  expect(answer.status).toBe(200);
};

test.each([
  ["JPY", 500, 500],
  ["KWD", 1230, 1230],
  ["ISK", 5, 500],
])("H6 a session over %s %i asks Stripe for %i", async (currency, amount, counted) => {
  const { id } = await opened({ currency, amount });
  expect(intent(id)).toMatchObject({ amount: counted, currency: currency.toLowerCase() });
});

test("H6 an amount that Stripe cannot move exactly is not rounded", async () => {
  await expect(opened({ currency: "KWD", amount: 1234 })).rejects.toThrow("exactly");
});

test("B5 a session whose answer was lost is opened again as the same intent", async () => {
  const call = aSession();
  simulator.faults.add({ operation: "create", fault: "error_after", times: 1 });
  await expect(sessions().open(call)).rejects.toThrow();
  simulator.faults.clear();
  simulator.faults.add({ operation: "create", fault: "lose_after", times: 1 });
  const { data } = await sessions().open(aSession({ key: `${call.key}-b`, cartId: call.cartId }));
  const ofCart = simulator
    .intents()
    .filter(({ metadata }) => metadata.cartwright_session === `${call.key}-b`);
  expect(ofCart.map(({ id }) => id)).toEqual([data.id]);
});

test("a session that was given up is opened again as another intent, twice as the same", async () => {
  const { call, id } = await opened();
  await sessions().close(call);
  expect(intent(id)?.status).toBe("canceled");
  const again = { ...call, data: {} };
  const [second, third] = [await sessions().open(again), await sessions().open(again)];
  expect(second.data.id).not.toBe(id);
  expect(third.data.id).toBe(second.data.id);
});

test("B1 an intent that an order has taken is not given up any more", async () => {
  const { call, data, id } = await opened();
  await enter(id);
  expect(await gateway.authorize(aPayment(data))).toMatchObject({ kind: "approved", reference: id });
  await sessions().close(call);
  expect(intent(id)?.status).toBe("requires_capture");
  await expect(sessions().update({ ...call, amount: 5000 })).rejects.toThrow("taken");
  expect(intent(id)).toMatchObject({ status: "requires_capture", amount: 1200 });
});

test("B1 an intent that is being given up is taken by no order, and is cancelled", async () => {
  const { call, data, id } = await opened();
  await enter(id);
  // It is marked, and the call that cancels is lost.
  simulator.faults.add({ operation: "cancel", fault: "error_before" });
  await expect(sessions().close(call)).rejects.toThrow();
  simulator.faults.clear();
  expect(intent(id)?.status).toBe("requires_capture");
  expect(await gateway.authorize(aPayment(data))).toMatchObject({ kind: "declined", code: "canceled" });
  expect(intent(id)?.status).toBe("canceled");
});

test.each([
  ["less", 1199],
  ["more", 1201],
])("C2 an intent over %s than the claim is not taken", async (_what, amount) => {
  const { data, id } = await opened({ amount });
  await enter(id);
  expect(await gateway.authorize(aPayment(data))).toMatchObject({ kind: "declined", code: "error" });
  expect(intent(id)?.metadata.cartwright_order).toBeUndefined();
});

test("C2 an intent in another currency than the claim is not taken", async () => {
  const { data, id } = await opened({ currency: "USD" });
  await enter(id);
  expect(await gateway.authorize(aPayment(data))).toMatchObject({ kind: "declined", code: "error" });
});

test("B8 what was captured for no order is returned when its session is given up, once", async () => {
  const { call, id } = await opened();
  await enter(id);
  const post = { method: "POST", headers: { authorization: "Bearer sk_test_1" } };
  await fetch(`${simulator.url}/v1/payment_intents/${id}/capture`, post);
  await sessions().close(call);
  await sessions().close(call);
  const { references, doubles } = simulator.report();
  expect(references.find(({ reference }) => reference === id)).toMatchObject({
    captured: 1200,
    refunded: 1200,
  });
  expect(doubles).toEqual([]);
});

test("A7 asking what became of a payment takes what was authorized meanwhile, and begins nothing", async () => {
  const { call, data, id } = await opened();
  const named = await sessions().update({ ...call, change: { payment_method: "pm_card_visa" } });
  expect(named.data.status).toBe("requires_confirmation");
  expect(await gateway.find(aPayment(data))).toMatchObject({ kind: "declined", code: "pending" });
  expect(intent(id)?.status).toBe("requires_confirmation");
  await enter(id);
  expect(await gateway.find(aPayment(data))).toMatchObject({ kind: "approved", reference: id });
});

test("nothing of the shop is in what the browser is shown, and no card beyond its name", async () => {
  const { call, data, id } = await opened();
  await enter(id);
  const { data: later } = await sessions().update(call);
  const taken = await gateway.authorize(aPayment(data));
  const shown = JSON.stringify([data, later, taken]);
  expect(shown).toContain("requires_capture");
  expect(shown).not.toMatch(/sk_test|last4|whsec/);
});
