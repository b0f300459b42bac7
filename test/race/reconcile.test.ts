import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CLOSE_AFTER_MS, MAX_DEADLINE_MS, SEND_WITHIN_MS } from "../../src/operations/ask-gateway.ts";
import { confirmPayment } from "../../src/operations/confirm-payment.ts";
import { type PayOrder, payOrder } from "../../src/operations/pay-order.ts";
import type { PendingOrder } from "../../src/operations/ports/orders.ts";
import { reconcileGateway } from "../../src/operations/reconcile-payments.ts";
import { hold, loseAnswer, loseCall, waitForShopper } from "../fake-gateway.ts";
import { openShop, type Shop } from "./shop.ts";

// The engine's clock is in the test's hands; it starts at the machine's time, which tokens are checked against.
let clock = Date.now();
let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ passes: false, now: () => new Date(clock).toISOString() });
});
afterAll(() => shop.close());

const passSeconds = (seconds: number): void => {
  clock += seconds * 1000;
};
const reconcile = (limit = 100, after?: PendingOrder) =>
  reconcileGateway(shop.deps, shop.context, shop.gateway.slug, {
    before: new Date(clock + 1).toISOString(),
    limit,
    ...(after && { after }),
  });
const attempt = (orderId: string): PayOrder => ({
  orderId,
  paymentId: randomUUID(),
  gateway: shop.gateway.slug,
  method: "purchase",
});

test("D1 a lost answer is found out, and the order is paid once", async () => {
  const productId = await shop.newProduct(1);
  const orderId = await shop.newOrder([{ productId }]);
  shop.gateway.script(loseAnswer);
  const paid = await payOrder(shop.deps, shop.context, attempt(orderId));
  expect(paid).toMatchObject({ ok: true, value: { payment: { operations: [{ status: "pending" }] } } });
  expect(await reconcile()).toMatchObject({ pending: 1, completed: 1 });
  expect(await shop.order(orderId)).toMatchObject({ status: "complete", payment: "paid" });
  expect(shop.gateway.taken(orderId)).toBe(1000);
});

test("a call that the gateway never heard of stays open while it may be on its way", async () => {
  const productId = await shop.newProduct(1);
  const orderId = await shop.newOrder([{ productId }]);
  const held = hold();
  shop.gateway.script(held.behaviour);
  const paying = payOrder(shop.deps, shop.context, attempt(orderId));
  await held.arrived;
  expect(await reconcile()).toMatchObject({ pending: 1, failed: 0, unknown: 1 });
  held.release();
  expect(await paying).toMatchObject({ ok: true });
  expect(await shop.order(orderId)).toMatchObject({ status: "complete", payment: "paid" });
  await shop.expectConsistent();
});

test("a call that the gateway never heard of is over after a minute, and its stock is back", async () => {
  const productId = await shop.newProduct(1);
  const orderId = await shop.newOrder([{ productId }]);
  shop.gateway.script(loseCall);
  await payOrder(shop.deps, shop.context, attempt(orderId));
  expect((await shop.stockOf(productId)).allocated).toBe(1);
  passSeconds(61);
  expect(await reconcile()).toMatchObject({ failed: 1 });
  expect((await shop.stockOf(productId)).allocated).toBe(0);
  expect(await shop.order(orderId)).toMatchObject({ status: "incomplete", payment: "unpaid" });
});

test("a retry that comes late only asks what became of the payment", async () => {
  const productId = await shop.newProduct(1);
  const orderId = await shop.newOrder([{ productId }]);
  const input = attempt(orderId);
  shop.gateway.script(loseCall);
  await payOrder(shop.deps, shop.context, input);
  passSeconds(31);
  // Had it been sent again, the reconciler could have closed it meanwhile: money without an order.
  expect(await payOrder(shop.deps, shop.context, input)).toMatchObject({
    ok: true,
    value: { payment: { operations: [{ status: "pending" }] } },
  });
  passSeconds(30);
  expect(await payOrder(shop.deps, shop.context, input)).toMatchObject({
    ok: false,
    error: { type: "payment_declined", code: "never_received" },
  });
  expect(shop.gateway.taken(orderId)).toBe(0);
  expect((await shop.stockOf(productId)).allocated).toBe(0);
});

test("a retry in time is sent again under the same key", async () => {
  const productId = await shop.newProduct(1);
  const orderId = await shop.newOrder([{ productId }]);
  const input = attempt(orderId);
  shop.gateway.script(loseCall);
  await payOrder(shop.deps, shop.context, input);
  passSeconds(5);
  expect(await payOrder(shop.deps, shop.context, input)).toMatchObject({ ok: true });
  expect(shop.gateway.ledger.filter(({ key }) => key === input.paymentId)).toHaveLength(1);
  expect(await shop.order(orderId)).toMatchObject({ payment: "paid" });
});

test("payments that wait for shoppers do not keep others from being reconciled", async () => {
  const productId = await shop.newProduct(10);
  for (let count = 0; count < 3; count += 1) {
    shop.gateway.script(waitForShopper);
    await payOrder(shop.deps, shop.context, attempt(await shop.newOrder([{ productId }])));
    passSeconds(1);
  }
  const orderId = await shop.newOrder([{ productId }]);
  shop.gateway.script(loseAnswer);
  await payOrder(shop.deps, shop.context, attempt(orderId));
  const first = await reconcile(2);
  expect(first).toMatchObject({ pending: 2, unknown: 2 });
  expect(await reconcile(2, first.next)).toMatchObject({ pending: 2, unknown: 1, completed: 1 });
  expect(await shop.order(orderId)).toMatchObject({ payment: "paid" });
  for (const { key, outcome } of shop.gateway.ledger) {
    if (outcome.kind === "pending") shop.gateway.resolve(key, "declined");
  }
  expect(await reconcile()).toMatchObject({ pending: 3, failed: 3 });
  expect((await shop.stockOf(productId)).allocated).toBe(1);
});

test("what the shopper decided is noted when somebody asks", async () => {
  const productId = await shop.newProduct(2);
  for (const [decided, payment, allocated] of [
    ["approved", "paid", 1],
    ["declined", "unpaid", 1],
  ] as const) {
    const orderId = await shop.newOrder([{ productId }]);
    const input = attempt(orderId);
    shop.gateway.script(waitForShopper);
    await payOrder(shop.deps, shop.context, input);
    passSeconds(600);
    await confirmPayment(shop.deps, shop.context, orderId, input.paymentId);
    expect((await shop.order(orderId)).payment).toBe("unpaid");
    shop.gateway.resolve(input.paymentId, decided);
    await confirmPayment(shop.deps, shop.context, orderId, input.paymentId);
    expect(await shop.order(orderId)).toMatchObject({ payment });
    expect((await shop.stockOf(productId)).allocated).toBe(allocated);
  }
});

test("a gateway that cannot even say what it knows leaves everything as it is", async () => {
  const productId = await shop.newProduct(1);
  const orderId = await shop.newOrder([{ productId }]);
  shop.gateway.script(loseAnswer);
  await payOrder(shop.deps, shop.context, attempt(orderId));
  passSeconds(3600);
  shop.gateway.scriptFind(async () => {
    throw new Error("503");
  });
  expect(await reconcile()).toMatchObject({ pending: 1, unknown: 1 });
  expect(await reconcile()).toMatchObject({ completed: 1 });
});

test("nothing that may still be sent is ever closed", () => {
  expect(SEND_WITHIN_MS + MAX_DEADLINE_MS).toBeLessThan(CLOSE_AFTER_MS);
});
