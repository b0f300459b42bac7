import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stripe } from "stripe";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AUTHORIZATION_SECONDS } from "./intents.ts";
import { type StripeSimulator, startStripeSimulator } from "./server.ts";
import type { WebhookTarget } from "./webhooks.ts";

// The official package is the judge of whether this looks like Stripe.

let simulator: StripeSimulator;
let stripe: Stripe;
beforeAll(async () => {
  simulator = await startStripeSimulator();
  stripe = clientOf(simulator);
});
afterAll(() => simulator.close());
afterEach(() => simulator.faults.clear());

function clientOf({ url }: StripeSimulator, apiKey = "sk_test_1"): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(apiKey, {
    host: hostname,
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

const card = (payment_method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) => ({
  amount: 2000,
  currency: "usd",
  confirm: true,
  payment_method,
  ...more,
});
const create = (token: string, more = {}, key?: string) =>
  stripe.paymentIntents.create(card(token, more), key === undefined ? {} : { idempotencyKey: key });
const failure = async (call: Promise<unknown>): Promise<Stripe.errors.StripeError> =>
  call.then(
    () => {
      throw new Error("The call was not refused");
    },
    (error) => error,
  );

describe("payments", () => {
  test("are charged at once, or set aside and captured in part", async () => {
    expect(await create("pm_card_visa")).toMatchObject({ status: "succeeded", amount_received: 2000 });
    const held = await create("pm_card_visa", { capture_method: "manual" });
    expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 2000, amount_received: 0 });
    const captured = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1500 });
    expect(captured).toMatchObject({ status: "succeeded", amount_received: 1500 });
    expect((await failure(stripe.paymentIntents.capture(held.id))).code).toBe(
      "payment_intent_unexpected_state",
    );
    expect((await failure(stripe.paymentIntents.cancel(held.id))).code).toBe(
      "payment_intent_unexpected_state",
    );
  });

  test("are made first and confirmed later, and their amount may change until then", async () => {
    const made = await stripe.paymentIntents.create({ amount: 1000, currency: "eur" });
    expect(made.status).toBe("requires_payment_method");
    await stripe.paymentIntents.update(made.id, { amount: 1200, metadata: { a: "b" } });
    const confirmed = await stripe.paymentIntents.confirm(made.id, { payment_method: "pm_card_visa" });
    expect(confirmed).toMatchObject({ status: "succeeded", amount: 1200, metadata: { a: "b" } });
    const late = await failure(stripe.paymentIntents.update(made.id, { amount: 1 }));
    expect(late.code).toBe("payment_intent_unexpected_state");
  });

  test.each([
    ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", ""],
    ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", ""],
  ])("by %s are declined", async (token, code, decline_code) => {
    expect(await failure(create(token))).toMatchObject({
      type: "StripeCardError",
      statusCode: 402,
      code,
      decline_code,
      payment_intent: { status: "requires_payment_method", last_payment_error: { code } },
    });
  });

  test("are refused when they make no sense", async () => {
    expect((await failure(create("pm_card_nonsense"))).code).toBe("resource_missing");
    expect((await failure(create("pm_card_visa", { amount: 1234, currency: "kwd" }))).code).toBe(
      "invalid_charge_amount",
    );
    expect((await failure(create("pm_card_visa", { amount: 0 }))).code).toBe("amount_too_small");
    expect(await failure(stripe.paymentIntents.retrieve("pi_none"))).toMatchObject({ statusCode: 404 });
    expect(await failure(clientOf(simulator, "sk_live_1").paymentIntents.list())).toMatchObject({
      type: "StripeAuthenticationError",
    });
  });

  test("expire when nobody captures them in a week, by the simulator's clock", async () => {
    const held = await create("pm_card_visa", { capture_method: "manual" });
    await simulator.advance((AUTHORIZATION_SECONDS - 60) * 1000);
    expect((await stripe.paymentIntents.retrieve(held.id)).status).toBe("requires_capture");
    await simulator.advance(61_000);
    expect(await stripe.paymentIntents.retrieve(held.id)).toMatchObject({
      status: "canceled",
      cancellation_reason: "automatic",
    });
  });

  test("are given back, in parts and never beyond", async () => {
    const { id } = await create("pm_card_visa");
    const refund = (amount: number) => stripe.refunds.create({ payment_intent: id, amount });
    expect(await refund(500)).toMatchObject({ status: "succeeded", amount: 500, payment_intent: id });
    expect((await failure(refund(1501))).code).toBe("amount_too_large");
    await refund(1500);
    expect((await failure(refund(1))).code).toBe("charge_already_refunded");
    expect((await stripe.refunds.list({ payment_intent: id })).data.map(({ amount }) => amount)).toEqual([
      1500, 500,
    ]);
  });

  test("are given back later, or not after all", async () => {
    const states = async (token: string) => {
      const { id } = await create(token);
      const refund = await stripe.refunds.create({ payment_intent: id });
      await simulator.advance(1000);
      return [refund.status, (await stripe.refunds.retrieve(refund.id)).status];
    };
    expect(await states("pm_card_pendingRefund")).toEqual(["pending", "succeeded"]);
    expect(await states("pm_card_refundFail")).toEqual(["succeeded", "failed"]);
  });

  test("wait for the shopper on a page that says what it is", async () => {
    const made = await create("pm_card_threeDSecure2Required", {
      return_url: "https://shop.example/done?a=1",
    });
    expect(made.status).toBe("requires_action");
    const page = made.next_action?.redirect_to_url?.url ?? "";
    expect(await (await fetch(page)).text()).toContain("simulator");
    const post = (secret: string) =>
      fetch(`${simulator.url}/simulator/3ds/${made.id}`, {
        method: "POST",
        body: new URLSearchParams({ secret, outcome: "pass", return: "https://shop.example/done?a=1" }),
        redirect: "manual",
      });
    expect((await post("guessed")).status).toBe(404);
    const passed = await post(made.client_secret ?? "");
    expect(passed.status).toBe(303);
    expect(passed.headers.get("location")).toContain(
      `https://shop.example/done?a=1&payment_intent=${made.id}`,
    );
    expect((await stripe.paymentIntents.retrieve(made.id)).status).toBe("succeeded");
  });

  test("are listed newest first, in pages", async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await create("pm_card_visa")).id);
    const first = await stripe.paymentIntents.list({ limit: 2 });
    expect(first).toMatchObject({ has_more: true, data: [{ id: made[0] }, { id: made[1] }] });
    const listed: string[] = [];
    for await (const { id } of stripe.paymentIntents.list({ limit: 2 })) listed.push(id);
    expect(listed.slice(0, 5)).toEqual(made);
    expect((await stripe.paymentIntents.list({ created: { lte: 1 } })).data).toEqual([]);
  });
});

describe("idempotency keys", () => {
  test("give the first answer again, also when it was a decline or a failure", async () => {
    const first = await create("pm_card_visa", {}, "k-good");
    expect((await create("pm_card_visa", {}, "k-good")).id).toBe(first.id);
    expect((await failure(create("pm_card_chargeDeclined", {}, "k-bad"))).code).toBe("card_declined");
    expect((await failure(create("pm_card_chargeDeclined", {}, "k-bad"))).code).toBe("card_declined");
    simulator.faults.add({ operation: "create", fault: "error_before", times: 1 });
    expect((await failure(create("pm_card_visa", {}, "k-500"))).statusCode).toBe(500);
    expect((await failure(create("pm_card_visa", {}, "k-500"))).statusCode).toBe(500);
  });

  test("are refused with other parameters, and while the first request is under way", async () => {
    await create("pm_card_visa", {}, "k-other");
    expect((await failure(create("pm_card_visa", { amount: 1 }, "k-other"))).type).toBe(
      "StripeIdempotencyError",
    );
    simulator.faults.add({ operation: "create", fault: "none", delayMs: 200, times: 1 });
    const both = await Promise.allSettled([
      create("pm_card_visa", {}, "k-both"),
      create("pm_card_visa", {}, "k-both"),
    ]);
    const codes = both.map((one) => (one.status === "fulfilled" ? "ok" : one.reason.code));
    expect(codes.sort()).toEqual(["idempotency_key_in_use", "ok"]);
  });

  test("remember nothing of a request that was too many, or that made no sense", async () => {
    simulator.faults.add({ operation: "create", fault: "rate_limit", times: 1 });
    expect((await failure(create("pm_card_visa", {}, "k-429"))).type).toBe("StripeRateLimitError");
    expect((await create("pm_card_visa", {}, "k-429")).status).toBe("succeeded");
    await failure(create("pm_card_visa", { currency: "" }, "k-400"));
    expect((await create("pm_card_visa", {}, "k-400")).status).toBe("succeeded");
  });
});

test("faults hold for the payments they name, so often as they say", async () => {
  simulator.faults.add({ reference: "order-7", fault: "rate_limit", times: 1 });
  expect((await create("pm_card_visa", { metadata: { cartwright_order: "order-8" } })).status).toBe(
    "succeeded",
  );
  const seven = { metadata: { cartwright_order: "order-7" } };
  expect((await failure(create("pm_card_visa", seven))).statusCode).toBe(429);
  expect((await create("pm_card_visa", seven)).status).toBe("succeeded");
});

test("chaos is the same for the same seed", async () => {
  const run = async () => {
    simulator.faults.setChaos({ seed: 7, percent: { rate_limit: 50 } });
    const outcomes: boolean[] = [];
    for (let count = 0; count < 20; count += 1) {
      outcomes.push(
        await create("pm_card_visa").then(
          () => true,
          () => false,
        ),
      );
    }
    return outcomes;
  };
  const first = await run();
  expect(new Set(first)).toEqual(new Set([true, false]));
  expect(await run()).toEqual(first);
});

test("the books shout when one attempt of a shop was charged twice", async () => {
  const other = await startStripeSimulator();
  const metadata = { cartwright_operation: "attempt-1", cartwright_order: "order-1" };
  const client = clientOf(other);
  await client.paymentIntents.create(card("pm_card_visa", { metadata }));
  expect(other.report()).toMatchObject({ references: [{ charges: 1, captured: 2000 }], doubles: [] });
  await client.paymentIntents.create(card("pm_card_visa", { metadata }));
  expect(other.report().doubles).toEqual(["attempt-1 was charged 2 times"]);
  expect(await (await fetch(`${other.url}/simulator`)).text()).toContain("attempt-1 was charged 2 times");
  await other.close();
});

test("the books are on the disk, with the keys and the clock", async () => {
  const folder = await mkdtemp(join(tmpdir(), "simulator-"));
  const file = join(folder, "books.jsonl");
  const before = await startStripeSimulator({ file });
  const made = await clientOf(before).paymentIntents.create(card("pm_card_visa"), { idempotencyKey: "k" });
  await before.advance(1000);
  await before.close();
  const after = await startStripeSimulator({ file });
  const client = clientOf(after);
  expect((await client.paymentIntents.retrieve(made.id)).status).toBe("succeeded");
  expect((await client.paymentIntents.create(card("pm_card_visa"), { idempotencyKey: "k" })).id).toBe(
    made.id,
  );
  expect(after.report().references).toMatchObject([{ charges: 1 }]);
  await after.close();
  await rm(folder, { recursive: true });
});

test("a test card's number becomes a token on the simulator's page, and no other number does", async () => {
  const post = async (number: string) =>
    (
      await fetch(`${simulator.url}/simulator/card`, {
        method: "POST",
        body: new URLSearchParams({ number }),
      })
    ).text();
  const token = /pm_sim\w+/.exec(await post("4000 0000 0000 0002"))?.[0] ?? "";
  expect(token).not.toBe("");
  expect((await failure(create(token))).code).toBe("card_declined");
  expect(await post("4000000000000010")).toContain("not the number of a test card");
});

describe("webhooks", () => {
  type Received = { readonly id: string; readonly type: string; readonly valid: boolean };
  const received: Received[] = [];
  const secret = "whsec_test";
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const [, time = "", signature = ""] =
        /^t=(\d+),v1=(\w+)$/.exec(String(request.headers["stripe-signature"])) ?? [];
      const expected = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
      const fresh = Date.now() / 1000 - Number(time) < 300;
      const { id, type } = JSON.parse(body);
      const valid = signature === expected && fresh;
      received.push({ id, type, valid });
      response.writeHead(valid ? 200 : 400).end();
    });
  });
  let url: string;
  // Its clock is the real one; that of the other was moved by a week.
  let own: StripeSimulator;
  beforeAll(async () => {
    own = await startStripeSimulator();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    await own.close();
    server.close();
  });
  const eventsWith = async (target: Partial<WebhookTarget>, payments = 1): Promise<readonly Received[]> => {
    received.length = 0;
    own.setWebhooks({ url, secret, ...target });
    for (let count = 0; count < payments; count += 1) {
      await clientOf(own).paymentIntents.create(card("pm_card_visa"));
    }
    await own.webhooksIdle();
    return [...received];
  };

  test("are signed and tell each thing that happened", async () => {
    const events = await eventsWith({});
    expect(events.map(({ type }) => type)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
    expect(events.every(({ valid }) => valid)).toBe(true);
  });

  test("are copied, overtake each other, get lost, and are signed by others", async () => {
    const copied = await eventsWith({ copies: 3, withinMs: 50 });
    expect(copied).toHaveLength(9);
    expect(new Set(copied.map(({ id }) => id)).size).toBe(3);
    expect(await eventsWith({ dropPercent: 100 })).toEqual([]);
    expect((await eventsWith({ badSignaturePercent: 100 })).some(({ valid }) => valid)).toBe(false);
    expect((await eventsWith({ oldTimestampPercent: 100 })).some(({ valid }) => valid)).toBe(false);
  });
});
