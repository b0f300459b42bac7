import { afterAll, beforeAll, expect, test } from "vitest";
import { newReference, startTestEngine, type TestEngine, waitUntil } from "../engine.ts";

// The demo store as a newcomer meets it: cards work, without an account anywhere.

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ env: { CARTWRIGHT_STRIPE_API_BASE: "" } });
});
afterAll(() => engine.close());

async function placed(): Promise<string> {
  const { ask } = engine;
  const cart = `/v2/carts/${newReference()}`;
  const item = { type: "cart_item", sku: "WF-PITCHER", quantity: 1 };
  await ask("POST", `${cart}/items`, { data: item }, { as: "shopper" });
  const billing_address = {
    first_name: "Ada",
    last_name: "Byron",
    line_1: "1 Long Lane",
    postcode: "90210",
    country: "US",
    region: "CA",
  };
  const data = { customer: { name: "Ada", email: "ada@example.com" }, billing_address };
  const { status, body } = await ask("POST", `${cart}/checkout`, { data }, { as: "shopper" });
  expect(status, JSON.stringify(body)).toBe(201);
  return `/v2/orders/${body.data.id}`;
}

const pay = (order: string, payment: string, options = {}) =>
  engine.ask(
    "POST",
    `${order}/payments`,
    { data: { gateway: "stripe", method: "purchase", payment, options } },
    { as: "shopper" },
  );
const statusOf = async (order: string) => (await engine.ask("GET", order)).body.data.payment;

test("a test card pays, another one is declined, and the gateway says what it is", async () => {
  const order = await placed();
  expect((await pay(order, "pm_card_chargeDeclined")).status).toBe(400);
  expect((await pay(order, "pm_card_visa")).status).toBe(201);
  expect(await statusOf(order)).toBe("paid");
  expect((await engine.ask("GET", "/v2/gateways/stripe")).body.data).toMatchObject({
    name: "Stripe (simulator, no money moves)",
    enabled: true,
    test: true,
    login: expect.stringMatching(/^\*\*\*\*/),
  });
});

test("3-D Secure has a page, and the shop hears of it by itself", async () => {
  const order = await placed();
  const { status, body } = await pay(order, "pm_card_threeDSecure2Required", {
    return_url: "http://shop.example/done",
  });
  expect(status).toBe(201);
  const { redirect_url, secret } = body.data.client_parameters;
  expect(await (await fetch(redirect_url)).text()).toContain("simulator");
  const { origin, pathname } = new URL(redirect_url);
  const form = new URLSearchParams({ secret, outcome: "pass", return: "http://shop.example/done" });
  const done = await fetch(origin + pathname, { method: "POST", body: form, redirect: "manual" });
  expect(done.headers.get("location")).toContain("http://shop.example/done?payment_intent=pi_");
  await waitUntil(async () => (await statusOf(order)) === "paid");
});

test("a key of one's own is for Stripe itself", async () => {
  const put = (login: string) => engine.ask("PUT", "/v2/gateways/stripe", { data: { login } });
  const { body } = await put("sk_test_of_the_merchant");
  expect(body.data.name).toBe("Stripe");
  const [setting] = (await engine.engine.core.deps.storage.gatewaySettings.all(engine.engine.storeId)).filter(
    ({ slug }) => slug === "stripe",
  );
  expect(setting?.settings).not.toHaveProperty("simulated");
  await engine.ask("PUT", "/v2/gateways/stripe", { data: { enabled: false } });
});
