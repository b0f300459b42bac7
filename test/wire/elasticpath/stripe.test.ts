import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type StripeSimulator, startStripeSimulator } from "../../../src/simulator/server.ts";
import { rejection, type Sdk, sdkNames, useWire } from "./harness.ts";
import { type Placed, placedOrder } from "./purchases.ts";

// Cards, with the vendor's SDKs, through the official package of Stripe, to the simulator that comes with the product.

let simulator: StripeSimulator;
const env: Record<string, string> = {};
beforeAll(async () => {
  simulator = await startStripeSimulator();
  env.CARTWRIGHT_STRIPE_API_BASE = simulator.url;
});
const wire = useWire({ env });
afterAll(() => simulator.close());
afterEach(() => {
  simulator.faults.clear();
  expect(simulator.report().doubles).toEqual([]);
});

const login = "sk_test_51Cartwright4242";
beforeAll(async () => {
  for (const slug of ["stripe", "stripe_payment_intents", "elastic_path_payments_stripe"]) {
    const data = { type: "gateway", enabled: true, login };
    expect((await wire.ask("PUT", `/v2/gateways/${slug}`, { data })).status).toBe(200);
  }
});

const order = async ({ path }: Placed) => (await wire.ask("GET", path)).body.data;
const allocated = async ({ productId }: Placed) =>
  (await wire.ask("GET", `/v2/inventories/${productId}`)).body.data.allocated;
const booked = ({ id }: Placed) => simulator.report().references.filter(({ orderId }) => orderId === id);
const intentOf = (reference: string) => simulator.intents().find(({ id }) => id === reference);

describe.each(sdkNames)("%s", (name) => {
  let shop: Sdk;
  let shopper: Sdk;
  beforeAll(() => {
    shop = wire.sdk(name, "shop");
    shopper = wire.sdk(name, "shopper");
  });
  const card = (payment: string, method = "purchase", gateway = "stripe") => ({ gateway, method, payment });

  test("a card pays for an order at once", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, {
      ...card("pm_card_visa"),
      options: { receipt_email: "ada@example.com", idempotency_key: "theirs" },
    });
    expect(data).toMatchObject({
      gateway: "stripe",
      status: "complete",
      transaction_type: "purchase",
      amount: 2000,
    });
    expect(intentOf(data.reference)).toMatchObject({
      amount: 2000,
      currency: "usd",
      receipt_email: "ada@example.com",
      metadata: { cartwright_order: placed.id, cartwright_payment: data.id },
    });
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    expect(booked(placed)).toMatchObject([{ charges: 1, captured: 2000, authorized: 0 }]);
  });

  test("a token of the older kind pays too", async () => {
    const placed = await placedOrder(wire);
    expect((await shopper.Orders.Payment(placed.id, card("tok_visa"))).data.status).toBe("complete");
    const refused = await rejection(
      shopper.Orders.Payment((await placedOrder(wire)).id, card("tok_chargeDeclined")),
    );
    expect(refused.errors).toMatchObject([{ status: 400, meta: { error: "generic_decline" } }]);
  });

  test("a card is authorized, captured, and refunded in two parts", async () => {
    const placed = await placedOrder(wire);
    const authorized = await shopper.Orders.Payment(
      placed.id,
      card("pm_card_mastercard", "authorize", "stripe_payment_intents"),
    );
    const ids = { order: placed.id, transaction: authorized.data.id };
    expect(await order(placed)).toMatchObject({ status: "processing", payment: "authorized" });
    expect(booked(placed)).toMatchObject([{ authorized: 2000, captured: 0 }]);
    const captured = await shop.Transactions.Capture(ids);
    expect(captured.data).toMatchObject({ transaction_type: "capture", status: "complete" });
    expect(booked(placed)).toMatchObject([{ authorized: 0, captured: 2000 }]);
    for (const refunded_amount of [500, 1000]) {
      const { data } = await shop.Transactions.Refund(ids, { amount: 500 });
      expect(data).toMatchObject({ refunded_amount, status: "complete" });
    }
    expect(booked(placed)).toMatchObject([{ captured: 2000, refunded: 1000 }]);
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    await shop.Transactions.Refund(ids, { amount: 1000 });
    expect(await order(placed)).toMatchObject({ payment: "refunded" });
  });

  test("a card that the shopper enters on the shop's page pays, also after one that was declined", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, {
      gateway: "elastic_path_payments_stripe",
      method: "purchase",
      options: { automatic_payment_methods: { enabled: true } },
    });
    const secret = expect.stringMatching(/^pi_\w+_secret_\w+$/);
    expect(data).toMatchObject({
      status: "pending",
      transaction_type: "purchase",
      client_parameters: { token: data.reference, secret },
      payment_intent: { id: data.reference, status: "requires_payment_method", client_secret: secret },
      next_actions: ["confirm", "cancel"],
    });
    expect(await allocated(placed)).toBe(2);
    /** What Stripe's own script does in the shopper's browser. */
    const enter = (payment_method: string) =>
      fetch(`${simulator.url}/v1/payment_intents/${data.reference}/confirm`, {
        method: "POST",
        headers: { authorization: "Bearer pk_test_1", "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ payment_method }).toString(),
      });
    const confirm = async () => (await shopper.Orders.Confirm(placed.id, data.id, {})).data;
    expect((await enter("pm_card_chargeDeclined")).status).toBe(402);
    expect(await confirm()).toMatchObject({ status: "pending" });
    expect((await enter("pm_card_visa")).status).toBe(200);
    expect(await confirm()).toMatchObject({ status: "complete", next_actions: ["refund"] });
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    expect(booked(placed)).toMatchObject([{ charges: 1, captured: 2000 }]);
  });

  test("an authorization is given back, and the stock with it", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, card("pm_card_visa", "authorize"));
    expect(await allocated(placed)).toBe(2);
    const cancelled = await shop.Transactions.Cancel(
      { order: placed.id, transaction: data.id },
      { reason: "abandoned" },
    );
    expect(cancelled.data).toMatchObject({ status: "cancelled", next_actions: [] });
    expect(intentOf(data.reference)?.status).toBe("canceled");
    expect(await allocated(placed)).toBe(0);
    expect(await order(placed)).toMatchObject({ status: "incomplete", payment: "unpaid" });
  });

  test("B8 B1 a declined card releases its stock at once, and the order can be paid again", async () => {
    const placed = await placedOrder(wire);
    const declines = {
      pm_card_chargeDeclined: ["generic_decline", "The card was declined."],
      pm_card_visa_chargeDeclinedInsufficientFunds: [
        "insufficient_funds",
        "The card has insufficient funds.",
      ],
      pm_card_chargeDeclinedExpiredCard: ["expired_card", "The card has expired."],
    };
    for (const [token, [error, detail]] of Object.entries(declines)) {
      const refused = await rejection(shopper.Orders.Payment(placed.id, card(token)));
      expect(refused.errors).toMatchObject([
        { status: 400, title: "Payment gateway processing failed", detail, meta: { error } },
      ]);
      expect(await allocated(placed)).toBe(0);
    }
    expect(await order(placed)).toMatchObject({ status: "incomplete", payment: "unpaid" });
    await shopper.Orders.Payment(placed.id, card("pm_card_visa"));
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    expect(await allocated(placed)).toBe(2);
    const { data } = await shop.Transactions.All({ order: placed.id });
    expect(data.map(({ status }: { status: string }) => status)).toEqual([
      "failed",
      "failed",
      "failed",
      "complete",
    ]);
    expect(booked(placed)).toMatchObject([{ charges: 1, captured: 2000 }]);
  });

  test("3-D Secure: the shopper proves who they are, and the shop confirms", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(
      placed.id,
      card("pm_card_threeDSecure2Required", "purchase", "stripe_payment_intents"),
    );
    expect(data).toMatchObject({
      status: "pending",
      payment_details: { detailed_status: "requires_action", operation: "purchase" },
      payment_intent: { status: "requires_action", client_secret: expect.stringMatching(/^pi_.*_secret_/) },
      client_parameters: { token: data.reference, secret: data.payment_intent.client_secret },
      next_actions: ["confirm", "cancel"],
    });
    expect(await order(placed)).toMatchObject({ status: "incomplete", payment: "unpaid" });
    expect(await allocated(placed)).toBe(2);
    const early = await shopper.Orders.Confirm(placed.id, data.id, {});
    expect(early.data).toMatchObject({ status: "pending", payment_intent: { id: data.reference } });

    await simulator.authenticate(data.reference, true);
    const confirmed = await shopper.Orders.Confirm(placed.id, data.id, { options: { anything: true } });
    expect(confirmed.data).toMatchObject({ status: "complete", transaction_type: "purchase" });
    expect(confirmed.data).not.toHaveProperty("payment_intent");
    expect(confirmed.data).not.toHaveProperty("client_parameters");
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    expect(booked(placed)).toMatchObject([{ charges: 1, captured: 2000 }]);
  });

  test("3-D Secure that fails releases the stock, and nobody can mend it behind our back", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, card("pm_card_authenticationRequired"));
    await simulator.authenticate(data.reference, false);
    const failed = await rejection(shopper.Orders.Confirm(placed.id, data.id, {}));
    expect(failed.errors).toMatchObject([{ meta: { error: "payment_intent_authentication_failure" } }]);
    expect(await allocated(placed)).toBe(0);
    expect(intentOf(data.reference)?.status).toBe("canceled");
    await shopper.Orders.Payment(placed.id, card("pm_card_visa"));
    expect(booked(placed)).toMatchObject([{ charges: 1 }]);
  });

  test("a payment that waits for its shopper can be cancelled: the stock comes back, and nothing is charged", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, card("pm_card_threeDSecureRequired"));
    const ids = { order: placed.id, transaction: data.id };
    const cancelled = await shop.Transactions.Cancel(ids, { reason: "abandoned" });
    expect(cancelled.data).toMatchObject({ status: "cancelled", next_actions: [] });
    expect(await allocated(placed)).toBe(0);
    expect(await order(placed)).toMatchObject({ status: "incomplete", payment: "unpaid" });
    await expect(simulator.authenticate(data.reference, true)).rejects.toThrow("canceled");
    await shopper.Orders.Payment(placed.id, card("pm_card_visa"));
    expect(booked(placed)).toMatchObject([{ charges: 1, captured: 2000 }]);
  });
});

test("secrets are shown in part only, and are not kept in clear", async () => {
  const { body } = await wire.ask("GET", "/v2/gateways/stripe");
  expect(body.data).toMatchObject({ enabled: true, login: "****4242" });
  const { rows } = await wire.engine.engine.core.database.pool.query("select settings from gateway_setting");
  expect(JSON.stringify(rows)).not.toContain("sk_test");
  // A form sends back what it was shown.
  const again = { type: "gateway", enabled: true, login: "****4242", webhook_secret: "whsec_1", test: true };
  const saved = await wire.ask("PUT", "/v2/gateways/stripe", { data: again });
  expect(saved.body.data).toMatchObject({ login: "****4242", webhook_secret: "****", test: true });
  expect((await wire.sdk("@moltin/sdk", "shop").Gateways.Enabled("stripe", true)).data).toMatchObject({
    login: "****4242",
  });
});

test("a disabled gateway refuses, and one without a key says that the shop has not set it up", async () => {
  const placed = await placedOrder(wire);
  const pay = () =>
    wire.ask("POST", `${placed.path}/payments`, {
      data: { gateway: "stripe", method: "purchase", payment: "pm_card_visa" },
    });
  const put = (data: object) => wire.ask("PUT", "/v2/gateways/stripe", { data });
  await put({ enabled: false });
  expect(await pay()).toMatchObject({
    status: 400,
    body: { errors: [{ detail: "The gateway stripe is not enabled" }] },
  });
  await put({ enabled: true, login: "" });
  expect(await pay()).toMatchObject({
    status: 400,
    body: { errors: [{ meta: { error: "gateway_not_configured" } }] },
  });
  await put({ login: "sk_test_invalid" });
  const refused = await pay();
  expect(refused).toMatchObject({
    status: 400,
    body: { errors: [{ meta: { error: "gateway_credentials_refused" } }] },
  });
  expect(await allocated(placed)).toBe(0);
  await put({ login });
});

describe("card numbers come in nowhere", () => {
  const refusal = {
    status: 400,
    body: { errors: [{ detail: expect.stringContaining("Card numbers are not accepted here") }] },
  };

  test("not as a payment, not in what belongs to it, not as a number", async () => {
    const placed = await placedOrder(wire);
    for (const more of [
      { payment: "4242 4242 4242 4242" },
      { payment: "pm_card_visa", number: 4242424242424242 },
      { payment: "pm_card_visa", options: { description: "with 5555-5555-5555-4444" } },
    ]) {
      const data = { gateway: "stripe", method: "purchase", ...more };
      expect(await wire.ask("POST", `${placed.path}/payments`, { data })).toMatchObject(refusal);
    }
    expect(await allocated(placed)).toBe(0);
    expect(booked(placed)).toEqual([]);
  });

  test("not in a cart, nor in an address", async () => {
    const custom = {
      type: "custom_item",
      name: "378282246310005",
      sku: "s",
      quantity: 1,
      price: { amount: 1 },
    };
    expect(await wire.ask("POST", "/v2/carts/cards/items", { data: custom })).toMatchObject(refusal);
    const put = { data: { type: "cart", description: "6011111111111117" } };
    expect(await wire.ask("PUT", "/v2/carts/cards", put)).toMatchObject(refusal);
  });

  test.each([
    ["plain", "client_id=4242424242424242", "Card numbers are not accepted here"],
    ["in groups, and encoded", "scope=4242%2B4242+4242&note=4242+4242+4242+4242", "Card numbers"],
    ["as a name", "4242-4242-4242-4242=1", "Card numbers"],
    ["the second of two", "note=none&note=378282246310005", "Card numbers"],
    ["not, but a NUL", "client_id=a%00b", "NUL"],
  ])("not in a form: %s", async (_how, fields, detail) => {
    const answer = await fetch(`${wire.engine.url}/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: `grant_type=implicit&${fields}`,
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(detail);
  });

  test("while barcodes, ids and moments do", async () => {
    const custom = {
      type: "custom_item",
      name: "A pen",
      sku: "4006381333931",
      quantity: 1,
      price: { amount: 1 },
    };
    expect((await wire.ask("POST", "/v2/carts/cards/items", { data: custom })).status).toBe(201);
  });
});
