import { afterAll, beforeAll, expect, test } from "vitest";
import { AUTHORIZATION_SECONDS } from "../../src/simulator/intents.ts";
import { attendOrders } from "../../src/worker/attend-orders.ts";
import { openStripeShop, type PaidFor, type StripeShop } from "./stripe-shop.ts";

// What becomes of money that is set aside and not captured. Each test goes on a week after the one before.

const HOUR = 3_600_000;
let clock = Date.parse("2026-03-01T12:00:00.000Z");
let stripe: StripeShop;
beforeAll(async () => {
  stripe = await openStripeShop({ now: () => clock });
});
afterAll(() => stripe.close());

const order = async ({ orderId }: Pick<PaidFor, "orderId">) => {
  const { status, payment } = await stripe.shop.order(orderId);
  return `${status} ${payment}`;
};
const transaction = async ({ orderId, paymentId }: Pick<PaidFor, "orderId" | "paymentId">) =>
  (await stripe.shop.ask("GET", `/v2/orders/${orderId}/transactions/${paymentId}`)).body.data;
const allocated = async ({ productId }: Pick<PaidFor, "productId">) =>
  (await stripe.shop.stockOf(productId)).allocated;
const inDays = (days: number) => new Date(Math.floor(clock / 1000) * 1000 + days * 24 * HOUR).toISOString();
const gauge = async () => {
  const told = await (await fetch(`${stripe.shop.engines[0]?.url}/metrics`)).text();
  return /^cartwright_authorizations_expiring (\d+)$/m.exec(told)?.[1];
};
/** What the worker does each minute; answers what it wrote into the log. */
async function attend(): Promise<readonly object[]> {
  const lines: object[] = [];
  const note = (fields: object) => void lines.push(fields);
  await attendOrders(stripe.shop.deps, { warn: note, info: note })(stripe.shop.context.store.storeId);
  return lines;
}

test("I8 an authorization shows until when it holds, and warns once a day before", async () => {
  const paid = await stripe.payFor("pm_card_visa", "authorize");
  const expires_at = inDays(7);
  expect((await transaction(paid)).meta.authorization).toEqual({ expires_at, expires_soon: false });
  expect(await attend()).toEqual([]);
  expect(await gauge()).toBe("0");
  clock += 6 * 24 * HOUR + HOUR;
  expect(await attend()).toMatchObject([
    { orderId: paid.orderId, paymentId: paid.paymentId, expiresAt: expires_at },
  ]);
  expect(await attend()).toEqual([]);
  expect(await gauge()).toBe("1");
  expect((await transaction(paid)).meta.authorization).toEqual({ expires_at, expires_soon: true });
  const { deps, context } = stripe.shop;
  const events = await deps.storage.orders.events(context.store.storeId, paid.orderId);
  expect(events.filter(({ type }) => type === "payment.authorization_expiring")).toHaveLength(1);

  expect((await stripe.shop.transact("capture", paid.orderId, paid.paymentId)).status).toBe(200);
  expect(await gauge()).toBe("0");
  expect((await transaction(paid)).meta.authorization).toBeUndefined();
});

test("I8 a purchase has nothing to expire", async () => {
  const paid = await stripe.payFor("pm_card_visa");
  expect((await transaction(paid)).meta.authorization).toBeUndefined();
});

test("I8 an authorization that a lost answer or a shopper's proof brought knows it, too", async () => {
  stripe.simulator.faults.add({ operation: "create", fault: "lose_after", times: 3 });
  const lost = await stripe.payFor("pm_card_visa", "authorize");
  stripe.simulator.faults.clear();
  const asked = await stripe.payFor("pm_card_threeDSecure2Required", "authorize");
  await stripe.simulator.authenticate(asked.reference, true);
  await stripe.reconcile();
  for (const paid of [lost, asked]) {
    expect(await order(paid)).toBe("processing authorized");
    expect((await transaction(paid)).meta.authorization).toEqual({
      expires_at: inDays(7),
      expires_soon: false,
    });
    expect((await stripe.shop.transact("capture", paid.orderId, paid.paymentId)).status).toBe(200);
  }
});

test("I8 one that has expired gives the stock back without any event, the order can be paid again, and its capture fails", async () => {
  const paid = await stripe.payFor("pm_card_visa", "authorize");
  clock += AUTHORIZATION_SECONDS * 1000 + HOUR;
  // Clocks differ: as long as the gateway has not let go, neither have we.
  expect(await attend()).toEqual([]);
  expect(await order(paid)).toBe("processing authorized");
  await stripe.simulator.advance(0);
  expect(await allocated(paid)).toBe(1);
  expect(await attend()).toMatchObject([{ orders: 1 }]);
  expect(await attend()).toEqual([]);
  expect(await order(paid)).toBe("incomplete unpaid");
  expect(await allocated(paid)).toBe(0);
  expect(await gauge()).toBe("0");
  expect(await transaction(paid)).toMatchObject({
    status: "complete",
    transaction_type: "authorize",
    payment_details: { detailed_status: "expired_uncaptured_charge" },
    next_actions: ["cancel", "capture"],
  });
  const capture = await stripe.shop.transact("capture", paid.orderId, paid.paymentId);
  expect(capture).toMatchObject({
    status: 400,
    body: { errors: [{ meta: { error: "authorization_expired" } }] },
  });
  const again = await stripe.shop.pay(paid.orderId, { gateway: "stripe", payment: "pm_card_visa" });
  expect(again.status).toBe(201);
  expect(await order(paid)).toBe("complete paid");

  const cancelled = await stripe.shop.transact("cancel", paid.orderId, paid.paymentId);
  expect(cancelled).toMatchObject({ status: 200, body: { data: { status: "cancelled", next_actions: [] } } });
  expect(await order(paid)).toBe("complete paid");
  const twice = await stripe.shop.transact("cancel", paid.orderId, paid.paymentId);
  expect(twice.status).toBe(400);
  await stripe.shop.expectConsistent();
});

test("I8 what a gateway that tells nothing has let go by its own word is over", async () => {
  const { gateway, newProduct, newOrder, pay } = stripe.shop;
  const productId = await newProduct(1);
  const orderId = await newOrder([{ productId }]);
  const expiresAt = inDays(1);
  gateway.script((_call, effect) => effect({ kind: "approved", reference: "r", expiresAt }));
  const { body } = await pay(orderId, { method: "authorize" });
  const paid = { orderId, productId, paymentId: body.data.id as string };
  expect((await transaction(paid)).meta.authorization).toMatchObject({ expires_at: expiresAt });
  clock += 24 * HOUR;
  expect(await attend()).toMatchObject([{ orders: 1 }]);
  expect(await order(paid)).toBe("incomplete unpaid");
  expect(await allocated(paid)).toBe(0);
});
