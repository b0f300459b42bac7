import { createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { followEvents } from "../../src/operations/follow-gateway-events.ts";
import { receiveGatewayEvents } from "../../src/operations/gateway-events.ts";
import { AUTHORIZATION_SECONDS } from "../../src/simulator/intents.ts";
import { openStripeShop, type PaidFor, type StripeShop, WEBHOOK_SECRET } from "./stripe-shop.ts";

let stripe: StripeShop;
beforeAll(async () => {
  stripe = await openStripeShop({ passes: true });
});
afterAll(() => stripe.close());
afterEach(async () => {
  stripe.simulator.setWebhooks(undefined);
  expect(stripe.simulator.report().doubles).toEqual([]);
});

const order = async ({ orderId }: PaidFor) => {
  const { status, payment } = await stripe.shop.order(orderId);
  return `${status} ${payment}`;
};
const transaction = async ({ orderId, paymentId }: PaidFor) =>
  (await stripe.shop.ask("GET", `/v2/orders/${orderId}/transactions/${paymentId}`)).body.data;
const allocated = async ({ productId }: PaidFor) => (await stripe.shop.stockOf(productId)).allocated;

describe.each([
  ["by a webhook", true],
  ["without any webhook", false],
])("what happens at Stripe is noted %s", (_name, webhooks) => {
  beforeEach(() => {
    if (webhooks) stripe.callsShop();
  });
  const noted = async () => {
    if (webhooks) return stripe.settled();
    await stripe.fetchEvents();
    await stripe.reconcile();
    await stripe.settled();
  };

  test("B2 B3 a shopper who proved who they are and closed the page has paid", async () => {
    const paid = await stripe.payFor("pm_card_threeDSecure2Required");
    expect(await order(paid)).toBe("incomplete unpaid");
    await stripe.simulator.authenticate(paid.reference, true);
    await noted();
    expect(await order(paid)).toBe("complete paid");
  });

  test("B8 a shopper who failed to prove it has not, and the stock is back", async () => {
    const paid = await stripe.payFor("pm_card_threeDSecure2Required");
    await stripe.simulator.authenticate(paid.reference, false);
    await noted();
    expect(await order(paid)).toBe("incomplete unpaid");
    expect(await transaction(paid)).toMatchObject({ status: "failed" });
    expect(await allocated(paid)).toBe(0);
  });

  test("I9 a capture, and refunds, made in Stripe's own pages are on the order", async () => {
    const paid = await stripe.payFor("pm_card_visa", "authorize");
    await stripe.atStripe(`payment_intents/${paid.reference}/capture`);
    await noted();
    expect(await order(paid)).toBe("complete paid");
    expect(await transaction(paid)).toMatchObject({ transaction_type: "capture", status: "complete" });
    await stripe.atStripe("refunds", { payment_intent: paid.reference, amount: "300" });
    await stripe.atStripe("refunds", { payment_intent: paid.reference, amount: "200" });
    await noted();
    expect(await transaction(paid)).toMatchObject({ transaction_type: "refund", refunded_amount: 500 });
    const more = await stripe.shop.transact("refund", paid.orderId, paid.paymentId, { amount: 600 });
    expect(more.status).toBe(422);
    await stripe.shop.transact("refund", paid.orderId, paid.paymentId, { amount: 500 });
    await noted();
    expect(await order(paid)).toBe("complete refunded");
    expect(await transaction(paid)).toMatchObject({ refunded_amount: 1000 });
  });

  test("I9 a refund that was noted by hand is not counted again", async () => {
    const paid = await stripe.payFor("pm_card_visa");
    await stripe.shop.transact("refund", paid.orderId, paid.paymentId);
    await stripe.atStripe("refunds", { payment_intent: paid.reference });
    await noted();
    expect(await transaction(paid)).toMatchObject({ refunded_amount: 1000, refund_mechanism: "manual" });
    expect(await order(paid)).toBe("complete refunded");
  });

  test("I9 an authorization that was released at Stripe gives the stock back", async () => {
    const paid = await stripe.payFor("pm_card_visa", "authorize");
    await stripe.atStripe(`payment_intents/${paid.reference}/cancel`);
    await noted();
    expect(await transaction(paid)).toMatchObject({ status: "cancelled", next_actions: [] });
    expect(await order(paid)).toBe("incomplete unpaid");
    expect(await allocated(paid)).toBe(0);
  });

  test("I8 an authorization that nobody captured in time is over, and its capture fails loudly", async () => {
    const late = await stripe.payFor("pm_card_visa", "authorize");
    const paid = await stripe.payFor("pm_card_visa", "authorize");
    stripe.simulator.setWebhooks(undefined);
    await stripe.simulator.advance(AUTHORIZATION_SECONDS * 1000);
    const capture = await stripe.shop.transact("capture", late.orderId, late.paymentId);
    expect(capture).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { error: "authorization_expired" } }] },
    });
    await stripe.fetchEvents();
    await stripe.settled();
    for (const each of [late, paid]) {
      expect(await transaction(each)).toMatchObject({
        status: "complete",
        next_actions: ["cancel", "capture"],
        payment_details: { detailed_status: "expired_uncaptured_charge" },
      });
      expect(await order(each)).toBe("incomplete unpaid");
      expect(await allocated(each)).toBe(0);
    }
  });

  test("a refund that fails after it went through is not refunded", async () => {
    const paid = await stripe.payFor("pm_card_refundFail");
    await stripe.shop.transact("refund", paid.orderId, paid.paymentId, { amount: 400 });
    expect(await transaction(paid)).toMatchObject({ refunded_amount: 400 });
    await stripe.simulator.advance(1000);
    await noted();
    expect(await transaction(paid)).toMatchObject({ refunded_amount: 0 });
    expect(await order(paid)).toBe("complete paid");
  });

  test("a refund that takes its time is noted when it has gone through", async () => {
    const paid = await stripe.payFor("pm_card_pendingRefund");
    await stripe.shop.transact("refund", paid.orderId, paid.paymentId, { amount: 400 });
    expect(await transaction(paid)).toMatchObject({ refunded_amount: 0, reference: paid.reference });
    await stripe.simulator.advance(1000);
    await noted();
    expect(await transaction(paid)).toMatchObject({ refunded_amount: 400, reference: paid.reference });
  });
});

describe("J1 who calls is known by the signature over every byte", () => {
  const now = () => Math.floor(Date.now() / 1000);
  const event = (id: string) =>
    JSON.stringify({
      id,
      object: "event",
      type: "payment_intent.succeeded",
      created: now(),
      data: { object: { object: "payment_intent", id: `pi_${id}`, metadata: {} } },
    });
  const sign = (body: string, secret: string, time: number) =>
    `t=${time},v1=${createHmac("sha256", secret).update(`${time}.${body}`).digest("hex")}`;
  const call = (body: string, signature: string | undefined, path = "/webhooks/stripe") =>
    fetch(`${stripe.shop.engines[0]?.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(signature && { "stripe-signature": signature }) },
      body,
    });
  const kept = async (id: string) =>
    (await stripe.shop.sql("select 1 from gateway_event where id = $1", [id])).length;

  test.each([
    ["evt_good", (body: string) => [body, sign(body, WEBHOOK_SECRET, now())], 200],
    ["evt_spaces", (body: string) => [` ${body}\n`, sign(` ${body}\n`, WEBHOOK_SECRET, now())], 200],
    ["evt_other_secret", (body: string) => [body, sign(body, "whsec_other", now())], 400],
    ["evt_old", (body: string) => [body, sign(body, WEBHOOK_SECRET, now() - 301)], 400],
    ["evt_reformatted", (body: string) => [`${body} `, sign(body, WEBHOOK_SECRET, now())], 400],
    ["evt_unsigned", (body: string) => [body, undefined], 400],
    ["evt_nonsense", (body: string) => [body, "t=now,v1=mine"], 400],
  ] as const)("%s", async (id, made, status) => {
    const [body, signature] = made(event(id));
    expect((await call(body as string, signature)).status).toBe(status);
    expect(await kept(id)).toBe(status === 200 ? 1 : 0);
  });

  test("two secrets hold while one replaces the other", async () => {
    const put = (webhook_secret: string) =>
      stripe.shop.ask("PUT", "/v2/gateways/stripe", { data: { webhook_secret } });
    await put(`${WEBHOOK_SECRET},whsec_new`);
    for (const [id, secret] of [
      ["evt_rotated_1", WEBHOOK_SECRET],
      ["evt_rotated_2", "whsec_new"],
    ] as const) {
      const body = event(id);
      expect((await call(body, sign(body, secret, now()))).status).toBe(200);
    }
    await put(WEBHOOK_SECRET);
    const body = event("evt_rotated_3");
    expect((await call(body, sign(body, "whsec_new", now()))).status).toBe(400);
  });

  test("other addresses, other gateways, bodies that are too big", async () => {
    const body = event("evt_hooks");
    expect((await call(body, sign(body, WEBHOOK_SECRET, now()), "/stripe/hooks")).status).toBe(200);
    expect((await call(body, sign(body, WEBHOOK_SECRET, now()), "/webhooks/none")).status).toBe(404);
    expect((await call("x".repeat(1_100_000), undefined)).status).toBe(413);
  });

  test("J4 what is about other payments is taken, and comes to nothing", async () => {
    const foreign = (await stripe.atStripe("payment_intents", {
      amount: "500",
      currency: "usd",
      confirm: "true",
      payment_method: "pm_card_visa",
    })) as { id: string };
    stripe.callsShop();
    await stripe.atStripe("refunds", { payment_intent: foreign.id });
    await stripe.settled();
    const outcomes = await stripe.shop.sql<{ outcome: string }>(
      "select distinct outcome from gateway_event where reference = $1",
      [foreign.id],
    );
    expect(outcomes).toEqual([{ outcome: "foreign" }]);
  });
});

test("J5 what a gateway tells is dealt with by nobody's session: the signature says whose it is", async () => {
  const paid = await stripe.payFor("pm_card_threeDSecure2Required");
  await stripe.simulator.authenticate(paid.reference, true);
  const object = { object: "payment_intent", id: paid.reference, metadata: {} };
  const event = {
    id: "evt_bare",
    object: "event",
    type: "payment_intent.succeeded",
    created: 1,
    data: { object },
  };
  const body = JSON.stringify(event);
  const now = Math.floor(Date.now() / 1000);
  const v1 = createHmac("sha256", WEBHOOK_SECRET).update(`${now}.${body}`).digest("hex");
  const { deps, context } = stripe.shop;
  const asked: string[] = [];
  const received = await receiveGatewayEvents(deps, "stripe", {
    body: Buffer.from(body),
    header(name) {
      asked.push(name);
      return name === "stripe-signature" ? `t=${now},v1=${v1}` : undefined;
    },
  });
  const { storeId } = context.store;
  expect(received).toEqual({ kind: "accepted", storeId, gateway: "stripe", fresh: 1 });
  expect(new Set(asked)).toEqual(new Set(["stripe-signature"]));
  await followEvents(deps, context, { fetch: false });
  expect(await order(paid)).toBe("complete paid");
});

test("J2 what was told is kept before anything is done, and is done after a failure", async () => {
  const paid = await stripe.payFor("pm_card_threeDSecure2Required");
  stripe.simulator.faults.add({ operation: "retrieve", fault: "error_before" });
  stripe.callsShop();
  await stripe.simulator.authenticate(paid.reference, true);
  await stripe.simulator.webhooksIdle();
  expect(await stripe.openEvents()).toBeGreaterThan(0);
  expect(await order(paid)).toBe("incomplete unpaid");
  stripe.simulator.faults.clear();
  await stripe.settled();
  expect(await order(paid)).toBe("complete paid");
});

test("J3 any number of copies in any order come to the same, and calls that nobody signed to nothing", async () => {
  stripe.callsShop({
    copies: 4,
    withinMs: 300,
    dropPercent: 10,
    badSignaturePercent: 5,
    oldTimestampPercent: 5,
  });
  const expected = new Map<PaidFor, string>();
  for (let count = 0; count < 6; count += 1) {
    const waiting = await stripe.payFor("pm_card_threeDSecure2Required");
    await stripe.simulator.authenticate(waiting.reference, count % 2 === 0);
    expected.set(waiting, count % 2 === 0 ? "complete paid 1000 0" : "incomplete unpaid 0 0");
    const held = await stripe.payFor("pm_card_visa", "authorize");
    await stripe.atStripe(`payment_intents/${held.reference}/${count % 2 === 0 ? "capture" : "cancel"}`);
    expected.set(held, count % 2 === 0 ? "complete paid 1000 0" : "incomplete unpaid 0 0");
    const refunded = await stripe.payFor("pm_card_visa");
    await stripe.atStripe("refunds", { payment_intent: refunded.reference, amount: "250" });
    await stripe.shop.transact("refund", refunded.orderId, refunded.paymentId, { amount: 250 });
    expected.set(refunded, "complete paid 1000 500");
  }
  await stripe.settled();
  // What was dropped altogether is asked for.
  await stripe.fetchEvents();
  await stripe.reconcile();
  await stripe.settled();
  for (const [paid, state] of expected) {
    const { meta, status, payment } = await stripe.shop.order(paid.orderId);
    const { refunded_amount } = await transaction(paid);
    expect(`${status} ${payment} ${meta.display_price.paid.amount} ${refunded_amount}`).toBe(state);
  }
  const { badSignatures } = { badSignatures: stripe.simulator.webhookCounts.refused };
  expect(badSignatures).toBeGreaterThan(0);
});
