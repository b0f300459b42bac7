import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { changeReference } from "../../src/gateways/adyen/adyen-reference.ts";
import { followEvents } from "../../src/operations/follow-gateway-events.ts";
import { reconcilePayments } from "../../src/operations/reconcile-payments.ts";
import { waitUntil } from "../engine.ts";
import { openShop, type Shop } from "../race/shop.ts";
import type { BookedPayment } from "./adyen-ledger.ts";
import {
  type AdyenServer,
  adyenSettings,
  notificationOf,
  redirectResult,
  startAdyenServer,
} from "./adyen-server.ts";

// What an order goes through with Adyen, which tells later how most things ended, and cannot be asked.

let clock = Date.now();
let server: AdyenServer;
let shop: Shop;
beforeAll(async () => {
  server = await startAdyenServer();
  shop = await openShop({
    passes: false,
    now: () => new Date(clock).toISOString(),
    env: { CARTWRIGHT_ADYEN_API_BASE: server.url },
  });
  const data = { type: "gateway", enabled: true, ...adyenSettings };
  expect((await shop.ask("PUT", "/v2/gateways/adyen", { data })).status).toBe(200);
});
afterAll(async () => {
  await shop.close();
  await server.close();
});
afterEach(async () => {
  server.heal();
  await told();
  await shop.expectConsistent();
});

const call = (body: string) =>
  fetch(`${shop.engines[0]?.url}/webhooks/adyen`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
/** Lets Adyen's calls come, and waits until they were looked at. */
const told = async (): Promise<void> => {
  for (const body of server.takeCalls()) expect((await call(body)).status).toBe(200);
  await followEvents(shop.deps, shop.context, { fetch: false });
};
const allLookedAt = () =>
  waitUntil(async () => {
    const open = await shop.sql("select 1 from gateway_event where processed_at is null");
    return open.length === 0;
  }, 60_000);
const reconcile = async (): Promise<void> => {
  await reconcilePayments(shop.deps, shop.context, {
    before: new Date(clock + 1000).toISOString(),
  });
};
const newOrder = async () => {
  const productId = await shop.newProduct(5);
  return { productId, orderId: await shop.newOrder([{ productId }]) };
};
const pay = ({ orderId }: { orderId: string }, payment: string, method = "purchase", options = {}) =>
  shop.pay(orderId, { gateway: "adyen", method, payment, options });
const paid = async (payment = "a_stored_card", method = "purchase") => {
  const made = await newOrder();
  const { status, body } = await pay(made, payment, method);
  expect(status, JSON.stringify(body)).toBe(201);
  return {
    ...made,
    data: body.data,
    paymentId: body.data.id as string,
    books: () => server.ledger.books(body.data.id),
  };
};
type Paid = Awaited<ReturnType<typeof paid>>;
const order = async ({ orderId }: Pick<Paid, "orderId">) => {
  const { status, payment } = await shop.order(orderId);
  return `${status} ${payment}`;
};
const transaction = async ({ orderId, paymentId }: Paid) =>
  (await shop.ask("GET", `/v2/orders/${orderId}/transactions/${paymentId}`)).body.data;
const allocated = async ({ productId }: Pick<Paid, "productId">) => (await shop.stockOf(productId)).allocated;
const act = ({ orderId, paymentId }: Paid, action: string, data?: unknown) =>
  shop.transact(action, orderId, paymentId, data);
const booked = ({ paymentId }: Pick<Paid, "paymentId">): BookedPayment => {
  const found = [...server.ledger.payments.values()].find(({ reference }) => reference.includes(paymentId));
  if (!found) throw new Error("Adyen knows nothing of it");
  return found;
};

describe("a change that Adyen has only received", () => {
  test("D4 is open until Adyen tells, and nothing else is done meanwhile", async () => {
    const bought = await paid("a_stored_card", "authorize");
    expect(await order(bought)).toBe("processing authorized");
    const capture = await act(bought, "capture");
    expect(capture).toMatchObject({
      status: 200,
      body: { data: { status: "complete", payment_details: { operation: "capture" } } },
    });
    expect(await order(bought)).toBe("processing authorized");
    expect((await act(bought, "cancel")).status).toBe(409);
    await told();
    expect(await order(bought)).toBe("complete paid");
    for (const refunded_amount of [400, 700]) {
      expect((await act(bought, "refund", { amount: refunded_amount === 400 ? 400 : 300 })).status).toBe(200);
      await told();
      expect(await transaction(bought)).toMatchObject({ refunded_amount });
    }
    expect(bought.books()).toEqual({ charges: 1, authorized: 0, captured: 1000, refunded: 700 });
  });

  test("is not done when Adyen tells so", async () => {
    const bought = await paid("a_stored_card", "authorize");
    const there = booked(bought);
    there.state = "refused";
    await act(bought, "capture");
    await told();
    const { failure_details } = await transaction(bought);
    expect(failure_details).toMatchObject({ code: "insufficient_balance_on_payment" });
    expect(await order(bought)).toBe("processing authorized");
    there.state = "authorised";
  });

  test("D2 is repeated under its key when the call was lost, and is done once", async () => {
    const bought = await paid("a_stored_card", "authorize");
    await told();
    for (const [action, fault, data] of [
      ["capture", "lost_after", undefined],
      ["refund", "lost_before", { amount: 250 }],
    ] as const) {
      server.break(action, fault);
      await act(bought, action, data);
      server.takeCalls();
      server.heal();
      clock += 61_000;
      await reconcile();
      // What was told meanwhile never arrived: only the second answer says what Adyen calls it.
      const again = await transaction(bought);
      expect(again.payment_details).toMatchObject({ operation: action });
      const { captured, refunded } = bought.books();
      expect([captured, refunded]).toEqual(action === "capture" ? [1000, 0] : [1000, 250]);
      const operation = (
        await shop.deps.storage.orders.load(shop.context.store.storeId, bought.orderId)
      )?.payments
        .flatMap(({ operations }) => operations)
        .find(({ type }) => type === action);
      server.ledger.told(booked(bought), action === "capture" ? "CAPTURE" : "REFUND", {
        success: true,
        psp: operation?.reference ?? "",
        amount: operation?.amount ?? 0,
      });
      await told();
    }
    expect(await order(bought)).toBe("complete paid");
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 250 });
  });
});

describe("a shopper who is sent to a page", () => {
  const waiting = () => paid("a_waiting_card");
  const back = (bought: Paid, result: string) =>
    act(bought, "confirm", { options: { redirect_result: `${booked(bought).psp}/${result}` } });

  test("B2 pays by what they bring back, before Adyen tells", async () => {
    const bought = await waiting();
    expect(bought.data).toMatchObject({
      status: "pending",
      client_parameters: { redirect_url: expect.stringContaining("https://checkout.adyen.test/redirect") },
      payment_details: { detailed_status: "RedirectShopper" },
    });
    expect(await order(bought)).toBe("incomplete unpaid");
    const confirmed = await back(bought, redirectResult.passes);
    expect(confirmed).toMatchObject({ status: 200, body: { data: { status: "complete" } } });
    expect(confirmed.body.data.reference).toBe(booked(bought).psp);
    expect(await order(bought)).toBe("complete paid");
    await told();
    expect(await order(bought)).toBe("complete paid");
    expect(bought.books()).toMatchObject({ charges: 1, captured: 1000 });
  });

  test("B2 and never comes back has paid when Adyen tells so", async () => {
    const bought = await waiting();
    server.ledger.finish(booked(bought), true);
    await told();
    expect(await order(bought)).toBe("complete paid");
    expect((await transaction(bought)).reference).toBe(booked(bought).psp);
  });

  test("B8 and fails has not paid; the stock is back, and another card pays", async () => {
    const bought = await waiting();
    expect(await back(bought, redirectResult.fails)).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { error: "3d_not_authenticated" } }] },
    });
    expect(await allocated(bought)).toBe(0);
    expect((await pay(bought, "a_stored_card")).status).toBe(201);
    expect(await order(bought)).toBe("complete paid");
  });

  test("and brings nothing of use waits as before", async () => {
    const bought = await waiting();
    for (const options of [{}, { redirect_result: "nonsense" }, { details: { threeDSResult: "no/no" } }]) {
      const answer = await act(bought, "confirm", { options });
      expect(answer).toMatchObject({ status: 200, body: { data: { status: "pending" } } });
      expect(answer.body.data.client_parameters.redirect_url).toContain("https://");
    }
    expect((await back(bought, redirectResult.passes)).status).toBe(200);
    expect(await order(bought)).toBe("complete paid");
  });

  test("B8 and comes back with another card pays with that, once", async () => {
    const bought = await waiting();
    expect((await pay(bought, "a_stored_card")).status).toBe(201);
    expect(await order(bought)).toBe("complete paid");
    expect(booked(bought).state).toBe("cancelled");
    await told();
    const all = (await shop.ask("GET", `/v2/orders/${bought.orderId}/transactions`)).body.data;
    expect(all.map(({ status }: { status: string }) => status)).toEqual(["cancelled", "complete"]);
  });

  test("has an hour; then the attempt is over and the stock is back", async () => {
    const bought = await waiting();
    clock += 3_500_000;
    await reconcile();
    expect(await allocated(bought)).toBe(1);
    clock += 101_000;
    await reconcile();
    expect(await allocated(bought)).toBe(0);
    expect(booked(bought).state).toBe("cancelled");
    await told();
    expect(await transaction(bought)).toMatchObject({ status: "failed" });
  });

  test("B1 whose money comes after that pays for the order, or gets it back", async () => {
    const late = await waiting();
    const other = await waiting();
    clock += 3_601_000;
    await reconcile();
    expect(await transaction(late)).toMatchObject({ status: "failed" });
    await pay(other, "a_stored_card");
    for (const bought of [late, other]) {
      const there = booked(bought);
      there.state = "waiting";
      server.takeCalls();
      server.ledger.finish(there, true);
      // The cancellation came too late, and Adyen says nothing of it.
      await told();
      await told();
    }
    expect(await order(late)).toBe("complete paid");
    expect(await order(other)).toBe("complete paid");
    expect(late.books()).toMatchObject({ charges: 1, captured: 1000, refunded: 0 });
    expect(booked(other)).toMatchObject({ captured: 1000, refunded: 1000 });
  });

  test("is asked in the shop's own page where the method has it so", async () => {
    const bought = await paid("a_waiting_native_card");
    const { secret } = bought.data.client_parameters;
    expect(JSON.parse(secret)).toMatchObject({ type: "threeDS2", subtype: "challenge" });
    const details = { threeDSResult: `${booked(bought).psp}/${redirectResult.passes}` };
    expect((await act(bought, "confirm", { options: { details } })).body.data.status).toBe("complete");
  });
});

test("B2 a bank that takes days is waited for, and keeps the stock", async () => {
  const bought = await paid("a_bank_account");
  expect(bought.data).toMatchObject({ status: "pending" });
  clock += 3 * 24 * 3_600_000;
  await reconcile();
  expect(booked(bought).state).toBe("waiting");
  expect(await allocated(bought)).toBe(1);
  server.ledger.finish(booked(bought), true);
  await told();
  expect(await order(bought)).toBe("complete paid");
});

describe("a payment whose answer was lost", () => {
  test("B3 is known when Adyen tells", async () => {
    const made = await newOrder();
    server.break("purchase", "lost_after");
    const lost = await pay(made, "a_stored_card");
    expect(lost).toMatchObject({ status: 201, body: { data: { status: "pending", reference: "" } } });
    server.heal();
    await told();
    expect(await order(made)).toBe("complete paid");
    expect(server.ledger.books(lost.body.data.id)).toMatchObject({ charges: 1, captured: 1000 });
  });

  test("B1 is cancelled when nothing was told for a minute, and stays open until that is told", async () => {
    const made = await newOrder();
    server.break("authorize", "lost_after");
    const lost = await pay(made, "a_stored_card", "authorize");
    server.heal();
    server.takeCalls();
    clock += 61_000;
    await reconcile();
    expect(await allocated(made)).toBe(1);
    expect(booked({ paymentId: lost.body.data.id }).state).toBe("cancelled");
    await told();
    expect(await allocated(made)).toBe(0);
    expect(await order(made)).toBe("incomplete unpaid");
  });

  test("never arrived: the order is free again after an hour", async () => {
    const made = await newOrder();
    server.break("purchase", "lost_before");
    await pay(made, "a_stored_card");
    server.heal();
    clock += 61_000;
    await reconcile();
    expect(await allocated(made)).toBe(1);
    clock += 3_600_000;
    await reconcile();
    expect(await allocated(made)).toBe(0);
    expect((await pay(made, "a_stored_card")).status).toBe(201);
  });
});

describe("I9 what is done in Adyen's own pages is noted", () => {
  test("a capture, and refunds, one of which fails later", async () => {
    const bought = await paid("a_stored_card", "authorize");
    const there = booked(bought);
    server.ledger.capture(there, 1000, there.reference);
    await told();
    expect(await order(bought)).toBe("complete paid");
    const psp = server.ledger.refund(there, 300, there.reference);
    server.ledger.refund(there, 200, there.reference);
    await told();
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 500 });
    server.ledger.told(there, "REFUND_FAILED", { success: true, psp, amount: 300 });
    await told();
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 200 });
  });

  test("a release, or that time ran out, which gives the stock back", async () => {
    const bought = await paid("a_stored_card", "authorize");
    server.ledger.cancel(booked(bought), booked(bought).reference);
    const expired = await paid("a_stored_card", "authorize");
    booked(expired).state = "cancelled";
    server.ledger.told(booked(expired), "EXPIRE", { success: true });
    await told();
    for (const each of [bought, expired]) {
      expect(await allocated(each)).toBe(0);
    }
    expect(await transaction(bought)).toMatchObject({ status: "cancelled" });
    expect(await transaction(expired)).toMatchObject({
      payment_details: { detailed_status: "expired_uncaptured_charge" },
    });
  });

  test("a reversal of a purchase, as a refund", async () => {
    const bought = await paid();
    const there = booked(bought);
    there.refunded = 1000;
    server.ledger.told(there, "CANCEL_OR_REFUND", {
      success: true,
      psp: "ABCDEF0123456789",
      additionalData: { "modification.action": "refund" },
    });
    await told();
    expect(await order(bought)).toBe("complete refunded");
  });
});

test("I9 J3 a refund of ours that fails after it went through is not refunded, and copies of what was told change nothing", async () => {
  const bought = await paid();
  await act(bought, "refund", { amount: 400 });
  const calls = server.takeCalls();
  for (const body of [...calls, ...calls].reverse()) expect((await call(body)).status).toBe(200);
  await allLookedAt();
  expect(await transaction(bought)).toMatchObject({ refunded_amount: 400 });
  const stored = await shop.deps.storage.orders.load(shop.context.store.storeId, bought.orderId);
  const { id: key = "", reference: psp = "" } = stored?.payments[0]?.operations.at(-1) ?? {};
  const reference = changeReference({ ...bought, key });
  server.ledger.told(booked(bought), "REFUND_FAILED", { success: true, psp, reference, amount: 400 });
  await told();
  expect(await transaction(bought)).toMatchObject({ refunded_amount: 0 });
});

describe("J1 who calls is known by the signature over what moves money", () => {
  const event = {
    eventCode: "AUTHORISATION",
    success: true,
    psp: "QWERTZUIOP123456",
    reference: `${crypto.randomUUID()}.${crypto.randomUUID()}.p`,
    amount: 1000,
    currency: "USD",
  };
  const kept = async () =>
    (await shop.sql("select 1 from gateway_event where reference = $1", [event.psp])).length;
  const otherKey = "A".repeat(64);

  test.each([
    ["another key", notificationOf(event, otherKey)],
    ["another amount", notificationOf(event).replace("1000", "1")],
    ["another result", notificationOf({ ...event, success: false }).replace('"false","psp', '"true","psp')],
    ["another payment", notificationOf(event).replace("QWERTZ", "QWERTY")],
    ["another shop", notificationOf(event, undefined, "AnotherCOM")],
    ["no signature", notificationOf(event).replace("hmacSignature", "signature")],
    ["no items", '{"live":"false","notificationItems":[]}'],
    ["no JSON", "notificationItems"],
  ])("%s will not do", async (_name, body) => {
    expect((await call(body)).status).toBe(400);
    expect(await kept()).toBe(0);
  });

  test("a key that is none signs nothing, and two hold while one replaces the other", async () => {
    const put = (webhook_secret: string) =>
      shop.ask("PUT", "/v2/gateways/adyen", { data: { webhook_secret } });
    await put("not-hexadecimal");
    expect((await call(notificationOf(event, ""))).status).toBe(400);
    const made = await newOrder();
    expect(await pay(made, "a_stored_card")).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { error: "gateway_not_configured" } }] },
    });
    await put(`${adyenSettings.webhook_secret},${otherKey}`);
    expect((await call(notificationOf(event))).status).toBe(200);
    expect((await call(notificationOf(event, otherKey))).status).toBe(200);
    expect(await kept()).toBe(1);
    await put(adyenSettings.webhook_secret);
    expect((await call(notificationOf(event, otherKey))).status).toBe(400);
  });

  test("J4 what is about other payments, or no payment, is taken and comes to nothing", async () => {
    for (const other of [
      { ...event, reference: "somebody-elses-order", psp: "SOMEBODYELSES123" },
      { ...event, eventCode: "REPORT_AVAILABLE", psp: "REPORT1234567890" },
    ]) {
      expect((await call(notificationOf(other))).status).toBe(200);
    }
    await allLookedAt();
    expect(await shop.sql("select 1 from gateway_event where reference like 'SOMEBODY%'")).toEqual([]);
  });
});

describe("what is sent to Adyen", () => {
  const last = () => server.requests.at(-1);
  test("H6 I3 says the amount in Adyen's units, and captures only a purchase at once", async () => {
    await paid();
    expect(last()).toMatchObject({
      amount: { value: 1000, currency: "USD" },
      captureDelayHours: 0,
      paymentMethod: { type: "scheme", storedPaymentMethodId: "a_stored_card" },
      shopperInteraction: "ContAuth",
    });
    await paid("a_stored_card", "authorize");
    expect(last()).toMatchObject({ additionalData: { manualCapture: "true" } });
    expect(last()).not.toHaveProperty("captureDelayHours");
  });

  test("a payment method of Adyen's component is passed on, one with a card in the clear is not", async () => {
    const made = await newOrder();
    const encrypted = {
      type: "scheme",
      encryptedCardNumber: "adyenjs_1",
      encryptedSecurityCode: "adyenjs_2",
    };
    const options = { return_url: "https://shop.test/back", shopper_reference: "ada-17" };
    expect((await pay(made, JSON.stringify(encrypted), "purchase", options)).status).toBe(201);
    expect(last()).toMatchObject({
      paymentMethod: encrypted,
      returnUrl: "https://shop.test/back",
      shopperReference: "ada-17",
      shopperInteraction: "Ecommerce",
    });
    const sent = server.requests.length;
    const clear = JSON.stringify({ type: "scheme", number: "4111", cvc: "737" });
    expect((await pay(await newOrder(), clear)).status).toBe(400);
    expect(server.requests.length).toBe(sent);
  });
});
