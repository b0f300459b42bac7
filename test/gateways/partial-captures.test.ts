import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openPayPalShop, type PayPalShop } from "./paypal-shop.ts";
import { openStripeShop, type StripeShop } from "./stripe-shop.ts";

// An authorization of 10.00 that is captured in parts: with a gateway that can, and with one that captures once.

let paypal: PayPalShop;
let stripe: StripeShop;
beforeAll(async () => {
  [paypal, stripe] = await Promise.all([openPayPalShop(), openStripeShop()]);
});
afterAll(() => Promise.all([paypal.close(), stripe.close()]));
afterEach(async () => {
  paypal.server.heal();
  await paypal.shop.expectConsistent();
});

describe("a gateway that captures in parts", () => {
  const act = async (action: string, of: { orderId: string; paymentId: string }, data?: object) => {
    const { status, body } = await paypal.shop.transact(action, of.orderId, of.paymentId, data);
    return { status, data: body.data, errors: body.errors };
  };
  const books = ({ paymentId }: { paymentId: string }) => paypal.server.books.of(paymentId);

  test("I5 takes 3.00 and 3.00, and the rest of 4.00 is released; what was taken can be refunded", async () => {
    const paid = await paypal.payFor("authorize");
    expect((await act("capture", paid, { amount: 300 })).data).toMatchObject({
      transaction_type: "capture",
      status: "complete",
      amount: 1000,
      captured_amount: 300,
      next_actions: ["capture", "cancel", "refund"],
    });
    expect(await paypal.order(paid)).toBe("processing partially_paid");
    expect((await act("capture", paid, { amount: 300 })).data).toMatchObject({ captured_amount: 600 });
    expect(books(paid)).toMatchObject({ authorized: 400, captured: 600 });
    expect((await act("capture", paid, { amount: 401 })).status).toBe(422);
    expect((await act("cancel", paid)).data).toMatchObject({ status: "complete", next_actions: ["refund"] });
    expect(books(paid)).toMatchObject({ charges: 1, authorized: 0, captured: 600 });
    expect(await paypal.order(paid)).toBe("processing partially_paid");
    // What the order still owes can be paid, and its stock is still there.
    expect(await paypal.allocated(paid)).toBe(1);
    expect((await act("refund", paid, { amount: 200 })).data).toMatchObject({ refunded_amount: 200 });
    expect((await act("refund", paid, { amount: 401 })).status).toBe(422);
    expect((await act("capture", paid)).status).toBe(400);
  });

  test("takes all that is left without an amount, and the order is paid", async () => {
    const paid = await paypal.payFor("authorize");
    await act("capture", paid, { amount: 999 });
    expect(await paypal.order(paid)).toBe("processing partially_paid");
    const { data } = await act("capture", paid);
    expect(data).toMatchObject({ next_actions: ["refund"] });
    expect(data.captured_amount).toBeUndefined();
    expect(await paypal.order(paid)).toBe("complete paid");
    expect(books(paid)).toMatchObject({ authorized: 0, captured: 1000 });
  });

  test("releases the rest with a part that is said to be final", async () => {
    const paid = await paypal.payFor("authorize");
    expect((await act("capture", paid, { amount: 300, final: true })).data).toMatchObject({
      next_actions: ["refund"],
    });
    expect(books(paid)).toMatchObject({ authorized: 0, captured: 300 });
  });

  test("C2 takes no more than was authorized, however many ask at once", async () => {
    const paid = await paypal.payFor("authorize");
    const answers = await Promise.all(Array.from({ length: 8 }, () => act("capture", paid, { amount: 300 })));
    for (let left = 8; left > 0; left -= 1) await act("capture", paid, { amount: 300 });
    expect(answers.every(({ status }) => [200, 409, 422].includes(status))).toBe(true);
    expect(books(paid)).toMatchObject({ charges: 1, authorized: 100, captured: 900 });
  });

  test("D1 D3 keeps a part whose answer was lost apart from the next of the same amount", async () => {
    const paid = await paypal.payFor("authorize");
    paypal.server.break("capture", "lost_after");
    expect((await act("capture", paid, { amount: 300 })).data).toMatchObject({
      payment_details: { detailed_status: "unknown" },
    });
    // D4: nothing else until it is known.
    expect((await act("capture", paid, { amount: 300 })).status).toBe(409);
    paypal.server.heal();
    await act("confirm", paid);
    expect((await act("capture", paid, { amount: 300 })).data).toMatchObject({ captured_amount: 600 });
    expect(books(paid)).toMatchObject({ authorized: 400, captured: 600 });
  });

  test("I9 sees parts that are captured in its own pages", async () => {
    const paid = await paypal.payFor("authorize");
    const authorizationId = paypal.server.books.order(paid.reference).authorizations[0]?.id ?? "";
    const amount = { currency_code: "USD", value: "2.50" };
    paypal.server.books.capture(authorizationId, { amount, final_capture: false });
    await paypal.fetchEvents();
    expect(await paypal.transaction(paid)).toMatchObject({ captured_amount: 250 });
    expect((await act("capture", paid)).status).toBe(200);
    expect(await paypal.order(paid)).toBe("complete paid");
  });
});

test("I5 a gateway that captures once takes the part and releases the rest", async () => {
  const { shop } = stripe;
  const paid = await stripe.payFor("pm_card_visa", "authorize");
  const captured = await shop.transact("capture", paid.orderId, paid.paymentId, { amount: 300 });
  expect(captured.body.data).toMatchObject({ captured_amount: 300, next_actions: ["refund"] });
  const [booked] = stripe.simulator.report().references.filter(({ orderId }) => orderId === paid.orderId);
  expect(booked).toMatchObject({ charges: 1, captured: 300 });
  expect((await shop.transact("capture", paid.orderId, paid.paymentId)).status).toBe(400);
  const { payment } = await shop.order(paid.orderId);
  expect(payment).toBe("partially_paid");
  // The rest is owed again.
  expect((await shop.pay(paid.orderId, { gateway: "manual", method: "purchase" })).status).toBe(201);
  expect((await shop.order(paid.orderId)).payment).toBe("paid");
});
