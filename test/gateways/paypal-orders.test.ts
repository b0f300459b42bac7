import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPayPalShop, type PayPalShop, WEBHOOK_ID } from "./paypal-shop.ts";

// What an order goes through while its shopper is at PayPal, and what happens there without us.

let clock = Date.now();
let paypal: PayPalShop;
beforeAll(async () => {
  paypal = await openPayPalShop({ now: () => clock });
});
afterAll(() => paypal.close());
afterEach(async () => {
  paypal.server.setWebhook(undefined);
  paypal.server.heal();
  expect(paypal.server.complaints).toEqual([]);
  await paypal.shop.expectConsistent();
});

const books = ({ paymentId }: { paymentId: string }) => paypal.server.books.of(paymentId);
const authorizationOf = (reference: string) =>
  paypal.server.books.order(reference).authorizations[0]?.id ?? "";
const captureOf = (reference: string) => paypal.server.books.order(reference).captures[0]?.id ?? "";
const dollars = (value: string) => ({ amount: { currency_code: "USD", value } });

describe.each([
  ["by a webhook", true],
  ["without any webhook", false],
])("what happens at PayPal is noted %s", (_name, webhooks) => {
  beforeEach(() => {
    if (webhooks) paypal.callsShop();
  });
  const noted = async () => {
    if (webhooks) return paypal.settled();
    await paypal.fetchEvents();
    await paypal.reconcile();
    expect(await paypal.openEvents()).toBe(0);
  };

  test("B2 B3 a shopper who approved and closed the page has paid", async () => {
    const started = await paypal.start();
    expect(await paypal.order(started)).toBe("incomplete unpaid");
    paypal.server.books.approve(started.reference);
    await noted();
    expect(await paypal.order(started)).toBe("complete paid");
    expect(books(started)).toMatchObject({ charges: 1, captured: 1000 });
  });

  test("B8 a shopper whose means of payment is no good has not, and the stock is back", async () => {
    const started = await paypal.start("authorize");
    paypal.server.books.approve(started.reference, { declines: true });
    await noted();
    expect(await paypal.order(started)).toBe("incomplete unpaid");
    expect(await paypal.transaction(started)).toMatchObject({ status: "failed" });
    expect(await paypal.allocated(started)).toBe(0);
  });

  test("I9 a capture, and refunds, made in PayPal's own pages are on the order", async () => {
    const paid = await paypal.payFor("authorize");
    await noted();
    paypal.server.books.capture(authorizationOf(paid.reference), {});
    await noted();
    expect(await paypal.order(paid)).toBe("complete paid");
    for (const value of ["3.00", "2.00"]) {
      paypal.server.books.refund(captureOf(paid.reference), dollars(value));
    }
    await noted();
    expect(await paypal.transaction(paid)).toMatchObject({
      transaction_type: "refund",
      refunded_amount: 500,
    });
    await paypal.shop.transact("refund", paid.orderId, paid.paymentId, { amount: 500 });
    await noted();
    expect(await paypal.order(paid)).toBe("complete refunded");
    expect(await paypal.transaction(paid)).toMatchObject({ refunded_amount: 1000 });
    expect(books(paid)).toMatchObject({ captured: 1000, refunded: 1000 });
  });

  test("I9 an authorization that was released at PayPal gives the stock back", async () => {
    const paid = await paypal.payFor("authorize");
    await noted();
    paypal.server.books.release(authorizationOf(paid.reference));
    await noted();
    expect(await paypal.transaction(paid)).toMatchObject({ status: "cancelled", next_actions: [] });
    expect(await paypal.order(paid)).toBe("incomplete unpaid");
    expect(await paypal.allocated(paid)).toBe(0);
  });

  test("I8 an authorization that nobody captured in time is over, and its capture fails loudly", async () => {
    const late = await paypal.payFor("authorize");
    const paid = await paypal.payFor("authorize");
    const { meta } = (await paypal.transaction(paid)) as { meta: { authorization: { expires_at: string } } };
    const { expires_at } = meta.authorization;
    expect(Math.round((Date.parse(expires_at) - Date.now()) / (24 * 3_600_000))).toBe(29);
    paypal.server.setWebhook(undefined);
    for (const { reference } of [late, paid]) paypal.server.books.expire(reference);
    expect(await paypal.shop.transact("capture", late.orderId, late.paymentId)).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { error: "authorization_expired" } }] },
    });
    await paypal.fetchEvents();
    for (const each of [late, paid]) {
      expect(await paypal.transaction(each)).toMatchObject({
        status: "complete",
        payment_details: { detailed_status: "expired_uncaptured_charge" },
      });
      expect(await paypal.allocated(each)).toBe(0);
    }
  });
});

test("a capture that comes after one in PayPal's own pages is done when it was as much, and refused when it was less", async () => {
  const whole = await paypal.payFor("authorize");
  paypal.server.books.capture(authorizationOf(whole.reference), {});
  expect((await paypal.shop.transact("capture", whole.orderId, whole.paymentId)).status).toBe(200);
  expect(await paypal.order(whole)).toBe("complete paid");
  expect(books(whole)).toMatchObject({ charges: 1, captured: 1000 });

  const part = await paypal.payFor("authorize");
  paypal.server.books.capture(authorizationOf(part.reference), { ...dollars("6.00"), final_capture: true });
  expect((await paypal.shop.transact("capture", part.orderId, part.paymentId)).status).toBe(400);
  await paypal.fetchEvents();
  expect(await paypal.order(part)).toBe("processing partially_paid");
  expect(books(part)).toMatchObject({ captured: 600 });
});

test("D2 a capture of what was approved whose answer was lost is found, and nothing is taken twice", async () => {
  const started = await paypal.start();
  paypal.server.books.approve(started.reference);
  paypal.server.break("finish", "lost_after");
  const lost = await paypal.shop.transact("confirm", started.orderId, started.paymentId);
  expect(lost.body.data).toMatchObject({ status: "pending" });
  paypal.server.heal();
  await paypal.reconcile();
  expect(await paypal.order(started)).toBe("complete paid");
  expect(books(started)).toMatchObject({ charges: 1, captured: 1000 });
});

test("B8 a shopper has an hour; then the attempt is over and the stock is back, whatever they approve later", async () => {
  const started = await paypal.start();
  clock += 3_500_000;
  await paypal.reconcile();
  expect(await paypal.allocated(started)).toBe(1);
  clock += 101_000;
  await paypal.reconcile();
  expect(await paypal.allocated(started)).toBe(0);
  expect(await paypal.transaction(started)).toMatchObject({ status: "failed" });
  paypal.callsShop();
  paypal.server.books.approve(started.reference);
  await paypal.settled();
  await paypal.reconcile();
  expect(await paypal.transaction(started)).toMatchObject({ status: "failed" });
  expect(books(started)).toMatchObject({ charges: 0 });
});

test("an order whose making was never answered can be paid again after a minute, and only that is charged", async () => {
  const productId = await paypal.shop.newProduct(5);
  const orderId = await paypal.shop.newOrder([{ productId }]);
  paypal.server.break("create", "lost_after");
  const lost = await paypal.pay(orderId);
  expect(lost.body.data).toMatchObject({ status: "pending", reference: "" });
  expect(lost.body.data).not.toHaveProperty("client_parameters");
  paypal.server.heal();
  expect((await paypal.pay(orderId)).status).toBe(409);
  clock += 61_000;
  await paypal.reconcile();
  const { reference, id: paymentId } = (await paypal.pay(orderId)).body.data;
  paypal.server.books.approve(reference);
  await paypal.reconcile();
  expect(await paypal.order({ orderId, productId, paymentId, reference })).toBe("complete paid");
  expect(books({ paymentId: lost.body.data.id })).toMatchObject({ charges: 0 });
});

test("B7 what a confirmation and a cancellation at the same time leave is one of both, here and at PayPal", async () => {
  for (const delayMs of [0, 20, 60]) {
    const started = await paypal.start();
    paypal.server.books.approve(started.reference);
    paypal.server.slow("finish", delayMs);
    const { orderId, paymentId } = started;
    await Promise.all([
      paypal.shop.transact("confirm", orderId, paymentId),
      paypal.shop.transact("cancel", orderId, paymentId),
    ]);
    paypal.server.heal();
    await paypal.reconcile();
    const isPaid = (await paypal.order(started)) === "complete paid";
    expect(books(started)).toMatchObject({ charges: isPaid ? 1 : 0, captured: isPaid ? 1000 : 0 });
    expect(await paypal.allocated(started)).toBe(isPaid ? 1 : 0);
  }
});

describe("J1 who calls is known by what PayPal says of every byte", () => {
  const call = (body: string, headers: Record<string, string>) =>
    fetch(`${paypal.shop.engines[0]?.url}/webhooks/paypal`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
  const kept = async (id: string) =>
    (await paypal.shop.sql("select 1 from gateway_event where id = $1", [id])).length;
  const event = (id: string) => {
    const resource = { id: "0AB", purchase_units: [{ custom_id: "somebody:else's:payment:here" }] };
    return JSON.stringify({
      id,
      create_time: new Date(clock).toISOString(),
      event_type: "CHECKOUT.ORDER.APPROVED",
      resource,
    });
  };
  const signed = (body: string, webhook = WEBHOOK_ID) => paypal.server.sign(body, webhook);

  type Made = readonly [body: string, headers: Record<string, string>];
  const calls: readonly (readonly [id: string, made: (body: string) => Made, status: number])[] = [
    ["WH-good", (body) => [body, signed(body)], 200],
    ["WH-spaces", (body) => [` ${body}\n`, signed(` ${body}\n`)], 200],
    ["WH-other-webhook", (body) => [body, signed(body, "ANOTHER1")], 400],
    ["WH-reformatted", (body) => [`${body} `, signed(body)], 400],
    ["WH-unsigned", (body) => [body, {}], 400],
    ["WH-nonsense", (body) => [body, { ...signed(body), "paypal-transmission-sig": "mine" }], 400],
    ["WH-no-json", (body) => [`${body}}`, signed(`${body}}`)], 400],
  ];
  test.each(calls)("%s", async (id, made, status) => {
    const [body, headers] = made(event(id));
    expect((await call(body, headers)).status).toBe(status);
    expect(await kept(id)).toBe(status === 200 ? 1 : 0);
  });

  test("while PayPal cannot be asked the call is not taken, so that it is made again", async () => {
    paypal.server.break("verify", "failed_before");
    const body = event("WH-later");
    const headers = signed(body);
    expect((await call(body, headers)).status).toBe(500);
    paypal.server.heal();
    expect((await call(body, headers)).status).toBe(200);
    expect((await call(body, headers)).status).toBe(200);
    expect(await kept("WH-later")).toBe(1);
  });

  test("J4 what is about other payments is taken, and comes to nothing", async () => {
    await paypal.fetchEvents();
    const outcomes = await paypal.shop.sql<{ outcome: string }>(
      "select distinct outcome from gateway_event where id in ('WH-good', 'WH-later')",
    );
    expect(outcomes).toEqual([{ outcome: "foreign" }]);
  });
});
