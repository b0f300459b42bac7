import { createHash, createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { braintreeClient } from "../../src/gateways/braintree/braintree-client.ts";
import type { GatewayCall } from "../../src/gateways/gateway.ts";
import { followEvents } from "../../src/operations/follow-gateway-events.ts";
import { waitUntil } from "../engine.ts";
import { openShop, type Shop } from "../race/shop.ts";
import { type BraintreeServer, braintreeSettings, startBraintreeServer } from "./braintree-server.ts";

// What an order goes through with Braintree: before and after settlement, and with what happens there alone.

let server: BraintreeServer;
let shop: Shop;
beforeAll(async () => {
  server = await startBraintreeServer();
  shop = await openShop({ passes: false, env: { CARTWRIGHT_BRAINTREE_API_BASE: server.url } });
  const data = { type: "gateway", enabled: true, ...braintreeSettings };
  expect((await shop.ask("PUT", "/v2/gateways/braintree", { data })).status).toBe(200);
});
afterAll(async () => {
  await shop.close();
  await server.close();
});
afterEach(async () => {
  server.heal();
  server.ledger.setSettlesAtOnce(true);
  await shop.expectConsistent();
});

const nonce = { options: { payment_method_nonce: true } };
const pay = (orderId: string, payment: string, method = "purchase") =>
  shop.pay(orderId, { gateway: "braintree", method, payment, ...nonce });
const paid = async (method = "purchase", payment = "a-nonce") => {
  const productId = await shop.newProduct(5);
  const orderId = await shop.newOrder([{ productId }]);
  const { status, body } = await pay(orderId, payment, method);
  expect(status, JSON.stringify(body)).toBe(201);
  return {
    orderId,
    productId,
    paymentId: body.data.id as string,
    reference: body.data.reference as string,
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
const allocated = async ({ productId }: Paid) => (await shop.stockOf(productId)).allocated;
const refund = ({ orderId, paymentId }: Paid, amount: number) =>
  shop.transact("refund", orderId, paymentId, { amount });
/** Asks Braintree what happened; the engine's own worker may be at it just now, so both are waited for. */
const fetched = async (fetch = true): Promise<void> => {
  await followEvents(shop.deps, shop.context, { fetch });
  await waitUntil(async () => {
    const open = await shop.sql("select 1 from gateway_event where processed_at is null");
    return open.length === 0;
  }, 60_000);
};
const booked = ({ reference }: Paid) => {
  const found = server.ledger.all.get(reference);
  if (!found) throw new Error("Braintree knows nothing of it");
  return found;
};

const callOf = (members: Pick<GatewayCall, "operation"> & Partial<GatewayCall>): GatewayCall => ({
  key: crypto.randomUUID(),
  orderId: crypto.randomUUID(),
  paymentId: crypto.randomUUID(),
  amount: 1000,
  currency: "USD",
  claimedAt: new Date().toISOString(),
  ageMs: 0,
  settings: braintreeSettings,
  paymentToken: "a_customer",
  signal: AbortSignal.timeout(15_000),
  ...members,
});
const gateway = () => shop.deps.gateways.get("braintree");

describe("a capture that has not settled", () => {
  test("is not released by voiding the payment, although Braintree would", async () => {
    server.ledger.setSettlesAtOnce(false);
    const { reference, orderId, paymentId, books } = await paid();
    const late = callOf({ operation: "void", orderId, paymentId, reference });
    expect(await gateway()?.void(late)).toMatchObject({ kind: "declined", code: "payment_captured" });
    expect(books()).toMatchObject({ captured: 1000, refunded: 0 });
  });

  test("I1 is refunded in full by releasing it, and then no more", async () => {
    server.ledger.setSettlesAtOnce(false);
    const bought = await paid();
    expect((await refund(bought, 1000)).status).toBe(200);
    expect(booked(bought).status).toBe("voided");
    expect(bought.books()).toMatchObject({ charges: 1, captured: 1000, refunded: 1000 });
    expect(await order(bought)).toBe("complete refunded");
    await fetched();
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 1000 });
    expect((await refund(bought, 1)).status).toBe(400);
  });

  test("D2 is found to be refunded when the answer of its release was lost", async () => {
    server.ledger.setSettlesAtOnce(false);
    const bought = await paid();
    server.break("void", "lost_after");
    const lost = await refund(bought, 1000);
    expect(lost.body.data).toMatchObject({ payment_details: { detailed_status: "unknown" } });
    server.heal();
    await shop.transact("confirm", bought.orderId, bought.paymentId);
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 1000 });
    expect(await order(bought)).toBe("complete refunded");
  });

  test("I1 cannot be refunded in part until it has settled, and says so", async () => {
    server.ledger.setSettlesAtOnce(false);
    const bought = await paid();
    expect(await refund(bought, 400)).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { error: "payment_not_settled" } }] },
    });
    expect(bought.books()).toMatchObject({ captured: 1000, refunded: 0 });
    server.ledger.settle(bought.reference);
    for (const refunded_amount of [400, 700]) {
      expect((await refund(bought, refunded_amount === 400 ? 400 : 300)).status).toBe(200);
      expect(await transaction(bought)).toMatchObject({ refunded_amount });
    }
    expect(bought.books()).toMatchObject({ captured: 1000, refunded: 700 });
  });
});

describe("I9 what is done in Braintree's own pages is noted", () => {
  test("a capture and two refunds", async () => {
    const bought = await paid("authorize");
    const there = booked(bought);
    server.ledger.submitForSettlement(there, 1000);
    await fetched();
    expect(await order(bought)).toBe("complete paid");
    server.ledger.refund(there, 300, "by hand");
    server.ledger.refund(there, 200, "by hand");
    await fetched();
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 500 });
    await fetched();
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 500 });
  });

  test("a capture of less, beside which another is refused", async () => {
    const bought = await paid("authorize");
    server.ledger.submitForSettlement(booked(bought), 600);
    const refused = await shop.transact("capture", bought.orderId, bought.paymentId);
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { error: "payment_captured" } }] },
    });
    await fetched();
    expect(await order(bought)).toBe("processing partially_paid");
  });

  test("a release, which gives the stock back", async () => {
    const bought = await paid("authorize");
    expect(await allocated(bought)).toBe(1);
    server.ledger.void(booked(bought));
    await fetched();
    expect(await transaction(bought)).toMatchObject({ status: "cancelled" });
    expect(await allocated(bought)).toBe(0);
  });

  test("I8 an authorization says until when it can be captured", async () => {
    const bought = await paid("authorize");
    const stored = await shop.deps.storage.orders.load(shop.context.store.storeId, bought.orderId);
    const until = new Date(booked(bought).createdAt + 7 * 24 * 3_600_000).toISOString();
    expect(stored?.payments[0]?.operations[0]?.expiresAt).toBe(until);
  });

  test("I8 an authorization that has run out, whose capture fails loudly", async () => {
    const bought = await paid("authorize");
    const late = await paid("authorize");
    for (const { reference } of [bought, late]) server.ledger.settle(reference, "authorization_expired");
    expect(await shop.transact("capture", late.orderId, late.paymentId)).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { error: "authorization_expired" } }] },
    });
    await fetched();
    expect(await transaction(bought)).toMatchObject({
      status: "complete",
      payment_details: { detailed_status: "expired_uncaptured_charge" },
    });
    expect(await allocated(bought)).toBe(0);
  });

  test("the release of a capture, as a refund", async () => {
    server.ledger.setSettlesAtOnce(false);
    const bought = await paid();
    server.ledger.void(booked(bought));
    await fetched();
    expect(await order(bought)).toBe("complete refunded");
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 1000 });
  });
});

test("I3 an order is charged in its own currency or not at all", async () => {
  server.setMerchantAccounts([["the_euros", "EUR"]]);
  const other = { ...braintreeSettings, public_key: "the_public_key ", merchant_account_id: "the_euros" };
  const call = callOf({ operation: "purchase", settings: other });
  expect(await gateway()?.purchase(call)).toMatchObject({ kind: "declined", code: "currency_not_accepted" });
  expect(await gateway()?.purchase({ ...call, currency: "EUR" })).toMatchObject({ kind: "approved" });
  expect([...server.ledger.all.values()].at(-1)).toMatchObject({ currency: "EUR", amount: 1000 });
  server.setMerchantAccounts([["the_dollars", "USD"]]);
});

test("D1 a merchant without request keys is not charged twice either", async () => {
  server.setKeysAllowed(false);
  const bought = await paid("authorize");
  expect(bought.books()).toMatchObject({ charges: 1, authorized: 1000 });
  const { orderId, paymentId } = bought;
  const call = callOf({ operation: "authorize", key: paymentId, orderId, paymentId });
  expect(await gateway()?.authorize(call)).toMatchObject({ kind: "approved", reference: bought.reference });
  expect(bought.books()).toMatchObject({ charges: 1, authorized: 1000 });
  server.setKeysAllowed(true);
});

describe("J1 who calls is known by the signature over every byte", () => {
  const account = {
    environment: "sandbox",
    merchantId: braintreeSettings.merchant_id,
    publicKey: braintreeSettings.public_key,
    privateKey: braintreeSettings.private_key,
  } as const;
  const call = (form: Record<string, string>) =>
    fetch(`${shop.engines[0]?.url}/webhooks/braintree`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
  const kept = async () =>
    (await shop.sql<{ count: number }>("select count(*)::int from gateway_event"))[0]?.count;

  test("a notification is kept once, and only its own signature will do", async () => {
    const client = await braintreeClient(account);
    const sample = client.webhookTesting.sampleNotification("transaction_settled", "abc123");
    const form = { bt_signature: sample.bt_signature, bt_payload: sample.bt_payload };
    const before = (await kept()) ?? 0;
    expect((await call(form)).status).toBe(200);
    expect((await call(form)).status).toBe(200);
    expect(await kept()).toBe(before + 1);
    const key = createHash("sha1").update("another_private_key").digest();
    const foreign = createHmac("sha1", key).update(sample.bt_payload).digest("hex");
    const otherPayload = Buffer.from("<notification/>").toString("base64");
    for (const wrong of [
      { ...form, bt_signature: `the_public_key|${foreign}` },
      { ...form, bt_signature: sample.bt_signature.replace("the_public_key", "another_key") },
      { ...form, bt_payload: otherPayload },
      { bt_payload: sample.bt_payload },
      { bt_signature: sample.bt_signature },
    ]) {
      expect((await call(wrong as Record<string, string>)).status).toBe(400);
    }
    expect(await kept()).toBe(before + 1);
  });

  test("a refund that failed after it went through is not refunded", async () => {
    const bought = await paid();
    await refund(bought, 400);
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 400 });
    const [refunded] = booked(bought).refunds;
    server.ledger.settle(refunded?.id ?? "", "processor_declined");
    const client = await braintreeClient(account);
    const sample = client.webhookTesting.sampleNotification("refund_failed", refunded?.id ?? "");
    expect((await call({ ...sample })).status).toBe(200);
    await fetched(false);
    expect(await transaction(bought)).toMatchObject({ refunded_amount: 0 });
    expect(await order(bought)).toBe("complete paid");
  });
});

test("B8 a declined nonce releases the stock, and the order can be paid again", async () => {
  const productId = await shop.newProduct(5);
  const orderId = await shop.newOrder([{ productId }]);
  expect(await pay(orderId, "a-declined-nonce")).toMatchObject({
    status: 400,
    body: { errors: [{ detail: "Insufficient Funds", meta: { error: "2001" } }] },
  });
  expect(await pay(orderId, "a-rejected-nonce")).toMatchObject({
    status: 400,
    body: { errors: [{ meta: { error: "fraud" } }] },
  });
  expect(await pay(orderId, "an-invalid-nonce")).toMatchObject({
    status: 400,
    body: { errors: [{ meta: { error: "91565" } }] },
  });
  expect((await shop.stockOf(productId)).allocated).toBe(0);
  expect((await pay(orderId, "a-nonce")).status).toBe(201);
  expect(await order({ orderId })).toBe("complete paid");
});
