import { beforeEach, describe, expect, test } from "vitest";
import { newReference, waitUntil } from "../../engine.ts";
import { aProduct, coreId, stockOf } from "./a-shop.ts";
import { clientNames, medusaClient } from "./clients.ts";
import { expectNoneHeld } from "./held-connections.ts";
import { useStripeShop } from "./stripe-shop.ts";

// Cards of storefronts: an intent for every payment session, confirmed in the shopper's browser.

const stripe = useStripeShop();
const { cart, enter, complete, intent } = {
  cart: stripe.cart,
  enter: stripe.enter,
  complete: stripe.complete,
  intent: stripe.intent,
};
beforeEach(() => stripe.isSilent());

const ask = (method: string, path: string, body?: object) => stripe.wire.ask(method, path, body);
const addPiece = (path: string) =>
  ask("POST", `${path}/line-items`, { variant_id: stripe.shop.variantId, quantity: 1 });
const sessionOf = async (path: string) => (await ask("GET", path)).body.cart.payment_session;
const allocated = async () => (await stockOf(stripe.wire, stripe.shop.variantId)).allocated;
const orderIdsOf = async (path: string) => {
  const cartId = coreId(path.split("/").at(-1) as string);
  const rows = await stripe.sql<{ id: string }>(`select id from orders where region_cart_id = '${cartId}'`);
  return rows.map(({ id }) => id);
};
const authorizedIntents = (cartId: string) =>
  stripe.simulator
    .intents()
    .filter(
      ({ metadata, status }) => metadata.resource_id === coreId(cartId) && status === "requires_capture",
    );

describe.each(clientNames)("with %s", (name) => {
  test("3-D Secure: the session's intent is confirmed in the browser, proved, and completed", async () => {
    const medusa = await medusaClient(name, stripe.wire, { maxRetries: 2 });
    const items = [{ variant_id: stripe.shop.variantId, quantity: 2 }];
    const { cart: made } = await medusa.carts.create({ region_id: stripe.shop.regionId, items });
    await medusa.carts.update(made.id, { email: "ada@example.com" });
    const { cart: prepared } = await medusa.carts.createPaymentSessions(made.id);
    const { data } = prepared.payment_sessions.find(
      ({ provider_id }: { provider_id: string }) => provider_id === "stripe",
    );
    expect(data).toMatchObject({
      id: expect.stringMatching(/^pi_/),
      object: "payment_intent",
      amount: 2400,
      currency: "eur",
      capture_method: "manual",
      status: "requires_payment_method",
      client_secret: expect.stringMatching(/^pi_\w+_secret_\w+$/),
      metadata: { resource_id: coreId(made.id) },
    });
    const { cart: chosen } = await medusa.carts.setPaymentSession(made.id, { provider_id: "stripe" });
    expect(chosen.payment_session.data).toMatchObject({ id: data.id, client_secret: data.client_secret });

    expect(await enter("pm_card_threeDSecure2Required", data.id)).toBe(200);
    expect(await medusa.carts.complete(made.id)).toMatchObject({
      type: "cart",
      payment_status: "requires_more",
      data: { payment_session: { status: "requires_more", data: { status: "requires_action" } } },
    });
    await stripe.simulator.authenticate(data.id, true);
    const done = await medusa.carts.complete(made.id);
    expect(done).toMatchObject({
      type: "order",
      data: {
        payment_status: "awaiting",
        payments: [
          { provider_id: "stripe", amount: 2400, data: { id: data.id, status: "requires_capture" } },
        ],
      },
    });
    expect(intent(data.id)).toMatchObject({
      status: "requires_capture",
      amount_capturable: 2400,
      metadata: { cartwright_order: coreId(done.data.id) },
    });
    expect(JSON.stringify(done.data)).not.toContain("sk_test");
  });
});

describe("a session", () => {
  test("C1 asks for what the cart costs, with the same intent", async () => {
    const { path, intentId } = await cart();
    await addPiece(path);
    expect(await sessionOf(path)).toMatchObject({ amount: 2400, data: { id: intentId, amount: 2400 } });
    expect(intent(intentId).amount).toBe(2400);
  });

  test("C1 that was confirmed over another amount goes back, and the shopper pays the new amount", async () => {
    const { path, id, intentId } = await cart();
    expect(await enter("pm_card_visa", intentId)).toBe(200);
    await addPiece(path);
    expect(intent(intentId).status).toBe("canceled");
    const { data } = await sessionOf(path);
    expect(data).toMatchObject({ amount: 2400, status: "requires_payment_method" });
    expect(data.id).not.toBe(intentId);
    expect((await complete(path)).body).toMatchObject({ type: "cart", payment_status: "pending" });
    await enter("pm_card_visa", data.id);
    expect((await complete(path)).body).toMatchObject({ type: "order", data: { total: 2400 } });
    expect(authorizedIntents(id).map(({ amount }) => amount)).toEqual([2400]);
  });

  test("that is given up is cancelled at Stripe, and a fresh one is another intent", async () => {
    const { path, intentId } = await cart();
    await ask("POST", `${path}/payment-sessions/stripe/refresh`);
    expect(intent(intentId).status).toBe("canceled");
    const { payment_sessions: sessions } = (await ask("GET", path)).body.cart;
    const fresh = sessions.find(
      ({ provider_id: provider }: { provider_id: string }) => provider === "stripe",
    );
    expect(fresh.data.id).not.toBe(intentId);
    await ask("DELETE", `${path}/payment-sessions/stripe`);
    expect(intent(fresh.data.id).status).toBe("canceled");
  });

  test("is paid with a payment method that the storefront names", async () => {
    const { path, intentId } = await cart();
    const name = (payment_method: string) =>
      ask("POST", `${path}/payment-sessions/stripe`, { data: { payment_method } });
    expect((await name("pm_card_chargeDeclined")).status).toBe(200);
    const before = await allocated();
    const refused = await complete(path);
    expect(refused).toMatchObject({ status: 400, body: { code: "generic_decline" } });
    expect(await allocated()).toBe(before);
    await name("pm_card_visa");
    expect((await complete(path)).body).toMatchObject({
      type: "order",
      data: { payment_status: "awaiting" },
    });
    expect(intent(intentId)).toMatchObject({ status: "requires_capture" });
  });

  test("cannot be prepared while Stripe does not answer, and is as soon as it does", async () => {
    stripe.simulator.faults.add({ operation: "create", fault: "error_before" });
    const path = await stripe.cart().then(
      ({ path: there }) => there,
      () => undefined,
    );
    expect(path).toBeUndefined();
    stripe.simulator.faults.clear();
    expect((await stripe.cart()).intentId).toMatch(/^pi_/);
  });
});

describe("completing", () => {
  test("B8 A3 a card that is declined frees its stock, and the same cart is completed with another", async () => {
    const { path, intentId } = await cart();
    const before = await allocated();
    expect(await enter("pm_card_chargeDeclined", intentId)).toBe(402);
    expect((await complete(path)).body).toMatchObject({ type: "cart", payment_status: "pending" });
    expect(await allocated()).toBe(before);
    expect(intent(intentId).metadata.cartwright_order).toBeUndefined();
    expect(await enter("pm_card_visa", intentId)).toBe(200);
    expect((await complete(path)).body.type).toBe("order");
    expect(await allocated()).toBe(before + 1);
    expect(await orderIdsOf(path)).toHaveLength(1);
  });

  test("C2 an intent over another amount than the claim is never the order's payment", async () => {
    const { path, intentId } = await cart();
    const changed = await fetch(`${stripe.simulator.url}/v1/payment_intents/${intentId}`, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_1", "content-type": "application/x-www-form-urlencoded" },
      body: "amount=1",
    });
    expect(changed.status).toBe(200);
    await enter("pm_card_visa", intentId);
    const before = await allocated();
    expect((await complete(path)).status).toBe(400);
    expect(await allocated()).toBe(before);
    // The next try gives it back and asks for what the cart costs.
    expect((await complete(path)).body).toMatchObject({ type: "cart", payment_status: "pending" });
    expect(intent(intentId).status).toBe("canceled");
    await enter("pm_card_visa", (await sessionOf(path)).data.id);
    expect((await complete(path)).body).toMatchObject({ type: "order", data: { total: 1200 } });
  });

  test("B4 money for goods that are gone goes back, and what is left is paid for anew", async () => {
    const rare = await aProduct(stripe.wire, "Rare tee", 1);
    const items = [{ variant_id: rare.variantId, quantity: 1 }];
    const [first, second] = [await cart(items), await cart(items)];
    await enter("pm_card_visa", first.intentId);
    await enter("pm_card_visa", second.intentId);
    expect((await complete(first.path)).body.type).toBe("order");
    expect((await complete(second.path)).status).toBe(409);
    expect(intent(second.intentId).status).toBe("canceled");
    expect(intent(first.intentId).status).toBe("requires_capture");
    expect(await stockOf(stripe.wire, rare.variantId)).toMatchObject({ allocated: 1, available: 0 });
    const line = (await ask("GET", second.path)).body.cart.items[0].id;
    await addPiece(second.path);
    await ask("DELETE", `${second.path}/line-items/${line}`);
    await ask("POST", `${second.path}/payment-sessions`);
    await enter("pm_card_visa", (await sessionOf(second.path)).data.id);
    expect((await complete(second.path)).body.type).toBe("order");
  });

  test("B4 a store that keeps money for goods that are gone keeps it with the cart until they are there again", async () => {
    const policy = (paid_but_gone: string) =>
      stripe.wire.engine.ask("PUT", "/v2/settings", { data: { paid_but_gone } });
    await policy("hold");
    const rare = await aProduct(stripe.wire, "Held tee", 1);
    const items = [{ variant_id: rare.variantId, quantity: 1 }];
    const [first, second] = [await cart(items), await cart(items)];
    await enter("pm_card_visa", first.intentId);
    await enter("pm_card_visa", second.intentId);
    expect((await complete(first.path)).body.type).toBe("order");
    expect((await complete(second.path)).status).toBe(409);
    expect(intent(second.intentId).status).toBe("requires_capture");
    const more = { data: { action: "increment", quantity: 1 } };
    const stock = `/v2/inventories/${coreId(rare.variantId)}/transactions`;
    expect((await stripe.wire.engine.ask("POST", stock, more)).status).toBe(200);
    expect((await complete(second.path)).body.type).toBe("order");
    await policy("refund");
  });

  /** A cart that was paid for when somebody else had just bought the last piece, which is there again by now. */
  const paidTooLate = async (paid_but_gone: string) => {
    await stripe.wire.engine.ask("PUT", "/v2/settings", { data: { paid_but_gone } });
    const { variantId } = await aProduct(stripe.wire, `Last tee ${newReference()}`, 1);
    const items = [{ variant_id: variantId, quantity: 1 }];
    const [first, late] = [await cart(items), await cart(items)];
    await enter("pm_card_visa", first.intentId);
    expect((await complete(first.path)).body.type).toBe("order");
    await enter("pm_card_visa", late.intentId);
    await reconciled();
    expect(intent(late.intentId).status).toBe("requires_capture");
    const decide = (decision: string) =>
      stripe.wire.engine.ask("POST", `/cartwright/carts/${coreId(late.id)}/held-payment`, { decision });
    const restock = () =>
      stripe.wire.engine.ask("POST", `/v2/inventories/${coreId(variantId)}/transactions`, {
        data: { action: "increment", quantity: 1 },
      });
    return { ...late, decide, restock };
  };
  const reconciled = async () => (await stripe.wire.engine.ask("POST", "/cartwright/reconcile")).body;
  const isCompleted = async (path: string) => (await ask("GET", path)).body.cart.completed_at !== null;

  test("B4 money that is held for a person waits for one, also when the goods are there again", async () => {
    const { id, path, intentId, decide, restock } = await paidTooLate("hold");
    expect(await reconciled()).toMatchObject({ stuck: 1 });
    expect((await decide("complete")).body).toMatchObject({ status: 409, type: "stock_short" });
    const held = async (query = "") =>
      (await stripe.wire.engine.ask("GET", `/cartwright/held-payments${query}`)).body;
    const one = { cart_id: coreId(id), provider: "stripe", amount: expect.any(Number), currency: "EUR" };
    const missing = [{ product_id: expect.any(String), wanted: 1, available: 0 }];
    expect(await held()).toMatchObject({ data: [{ ...one, missing }], total: 1 });
    expect((await held("?limit=0")).status).toBe(400);
    expect(await held("?offset=1")).toEqual({ data: [], total: 1 });
    await restock();
    expect(await held()).toMatchObject({ data: [{ ...one, missing: [] }], total: 1 });
    expect(await reconciled()).toMatchObject({ stuck: 1 });
    expect(await isCompleted(path)).toBe(false);
    const completed = await decide("complete");
    expect(completed).toMatchObject({ status: 200, body: { order_id: (await orderIdsOf(path))[0] } });
    expect(intent(intentId).metadata.cartwright_order).toBe(completed.body.order_id);
    expect((await decide("complete")).body.order_id).toBe(completed.body.order_id);
    expect(await reconciled()).toMatchObject({ stuck: 0 });
    expect(await held()).toEqual({ data: [], total: 0 });
    expect((await decide("return")).status).toBe(409);
    expect(intent(intentId).status).toBe("requires_capture");

    const other = await paidTooLate("hold");
    expect((await decide("maybe")).status).toBe(400);
    expect((await held()).total).toBe(1);
    expect((await other.decide("return")).body).toMatchObject({ order_id: null });
    expect(intent(other.intentId).status).toBe("canceled");
    expect((await other.decide("return")).body).toMatchObject({ status: 404, type: "nothing_held" });
    expect(await held()).toEqual({ data: [], total: 0 });
    await other.restock();
    expect(await reconciled()).toMatchObject({ stuck: 0 });
    expect(await isCompleted(other.path)).toBe(false);
    await stripe.wire.engine.ask("PUT", "/v2/settings", { data: { paid_but_gone: "refund" } });
  });

  test("B4 a store that backorders completes the cart by itself once the goods are there again", async () => {
    const { path, restock, decide } = await paidTooLate("backorder");
    expect(await reconciled()).toMatchObject({ stuck: 1 });
    expect((await decide("complete")).status).toBe(404);
    await restock();
    expect(await reconciled()).toMatchObject({ stuck: 0 });
    expect(await isCompleted(path)).toBe(true);
    await stripe.wire.engine.ask("PUT", "/v2/settings", { data: { paid_but_gone: "refund" } });
  });

  test("B6 no connection is held while Stripe thinks, about sessions and about their payments", async () => {
    const carts = await Promise.all(Array.from({ length: 10 }, () => cart()));
    // Only those that are completed: the worker completes what is confirmed, too, and no piece could be added then.
    await Promise.all(carts.slice(0, 5).map(({ intentId }) => enter("pm_card_visa", intentId)));
    const slow = { operation: "update", fault: "none", delayMs: 3_000, times: 10 } as const;
    stripe.simulator.faults.add(slow);
    const half = carts.slice(0, 5).map(({ path }) => complete(path));
    const others = carts.slice(5).map(({ path }) => addPiece(path));
    const all = Promise.all([...half, ...others]);
    await expectNoneHeld(stripe.sql, all);
    expect((await all).map(({ status }) => status)).toEqual(carts.map(() => 200));
  });

  test("B5 a lost answer is asked about: one order, one charge", async () => {
    const { path, id, intentId } = await cart();
    await enter("pm_card_visa", intentId);
    stripe.simulator.faults.add({ operation: "update", fault: "lose_after", times: 9, reference: intentId });
    const lost = await complete(path);
    expect(lost.status).toBe(409);
    stripe.simulator.faults.clear();
    expect((await complete(path)).body.type).toBe("order");
    expect(authorizedIntents(id)).toHaveLength(1);
    expect(await orderIdsOf(path)).toHaveLength(1);
  });

  test("B3 without a webhook, asking Stripe completes the cart of a shopper who left", async () => {
    const { path, intentId } = await cart();
    await enter("pm_card_visa", intentId);
    expect((await ask("GET", path)).body.cart.completed_at).toBeNull();
    expect((await stripe.wire.engine.ask("POST", "/cartwright/reconcile")).status).toBe(200);
    expect((await ask("GET", path)).body.cart.completed_at).not.toBeNull();
    expect(intent(intentId).metadata.cartwright_order).toBe((await orderIdsOf(path))[0]);
  });

  test("what an order has is captured, refunded and released through Stripe", async () => {
    const paid = await cart();
    await enter("pm_card_visa", paid.intentId);
    const { id } = (await complete(paid.path)).body.data;
    const captured = await stripe.wire.admin("POST", `/admin/orders/${id}/capture`);
    expect(captured.order).toMatchObject({
      payment_status: "captured",
      payments: [{ data: { id: paid.intentId, status: "succeeded", amount_received: 1200 } }],
    });
    expect(intent(paid.intentId)).toMatchObject({ status: "succeeded", amount_received: 1200 });
    await stripe.wire.admin("POST", `/admin/orders/${id}/refund`, { amount: 500, reason: "return" });
    const booked = stripe.simulator.report().references.find(({ orderId }) => orderId === coreId(id));
    expect(booked).toMatchObject({ charges: 1, captured: 1200, refunded: 500 });

    const other = await cart();
    await enter("pm_card_visa", other.intentId);
    const again = (await complete(other.path)).body.data.id;
    const { order } = await stripe.wire.admin("POST", `/admin/orders/${again}/cancel`);
    expect(order.payments).toMatchObject([{ data: { status: "canceled" } }]);
    expect(intent(other.intentId).status).toBe("canceled");
  });
});

describe("webhooks", () => {
  beforeEach(() => stripe.callsShop());

  test("B2 J3 a shopper who leaves after paying has an order, however often Stripe tells of it", async () => {
    const { path, id, intentId } = await cart();
    await enter("pm_card_visa", intentId);
    await waitUntil(async () => (await ask("GET", path)).body.cart.completed_at !== null);
    await stripe.settled();
    expect(await orderIdsOf(path)).toHaveLength(1);
    expect(authorizedIntents(id)).toHaveLength(1);
    // The browser comes back late.
    expect((await complete(path)).body).toMatchObject({
      type: "order",
      data: { payment_status: "awaiting" },
    });
  });

  test("A1 the browser and the webhook race: one order, one charge, whoever is first", async () => {
    for (let round = 1; round <= 5; round += 1) {
      const { path, id, intentId } = await cart();
      const [, ...answers] = await Promise.all([
        enter("pm_card_visa", intentId),
        ...Array.from({ length: 5 }, () => complete(path)),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      await waitUntil(async () => (await ask("GET", path)).body.cart.completed_at !== null);
      await stripe.settled();
      const orderIds = await orderIdsOf(path);
      expect(orderIds).toHaveLength(1);
      expect(authorizedIntents(id)).toHaveLength(1);
      expect(intent(intentId).metadata.cartwright_order).toBe(orderIds[0]);
    }
  });

  test("B7 money for a cart that was paid for in another way goes back", async () => {
    const { path, intentId } = await cart();
    await ask("POST", `${path}/payment-session`, { provider_id: "manual" });
    expect((await complete(path)).body.type).toBe("order");
    await enter("pm_card_visa", intentId);
    await waitUntil(() => intent(intentId).status === "canceled");
    expect(await orderIdsOf(path)).toHaveLength(1);
  });

  test("B4 money that comes first for goods that are gone goes back, without an order", async () => {
    const rare = await aProduct(stripe.wire, "Last tee", 1);
    const items = [{ variant_id: rare.variantId, quantity: 1 }];
    const [first, second] = [await cart(items), await cart(items)];
    await enter("pm_card_visa", first.intentId);
    await waitUntil(async () => (await ask("GET", first.path)).body.cart.completed_at !== null);
    await enter("pm_card_visa", second.intentId);
    await waitUntil(() => intent(second.intentId).status === "canceled");
    expect(await orderIdsOf(second.path)).toEqual([]);
  });

  test("what the shop captures in Stripe's own pages is the order's", async () => {
    const { path, intentId } = await cart();
    await enter("pm_card_visa", intentId);
    await waitUntil(async () => (await ask("GET", path)).body.cart.completed_at !== null);
    await fetch(`${stripe.simulator.url}/v1/payment_intents/${intentId}/capture`, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_1" },
    });
    await waitUntil(async () => (await complete(path)).body.data.payment_status === "captured");
    expect((await complete(path)).body.data.payments).toMatchObject([{ data: { status: "succeeded" } }]);
  });
});
