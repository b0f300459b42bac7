import { describe, expect, test } from "vitest";
import { waitUntil } from "../../engine.ts";
import { aProduct, coreId, stockOf } from "./a-shop.ts";
import { clientNames, medusaClient } from "./clients.ts";
import { expectNoneHeld } from "./held-connections.ts";
import { usePayPalShop } from "./paypal-shop.ts";

// PayPal's buttons of storefronts: an order at PayPal for every payment session, approved in the shopper's browser.

const paypal = usePayPalShop();
const { cart, complete, moneyOf, orderIdsOf } = paypal;
const approve = (id: string, how?: { readonly declines: boolean }) => paypal.server.books.approve(id, how);
const atPayPal = (id: string) => paypal.server.books.order(id);
const ask = (method: string, path: string, body?: object) => paypal.wire.ask(method, path, body);
const addPiece = (path: string) =>
  ask("POST", `${path}/line-items`, { variant_id: paypal.shop.variantId, quantity: 1 });
const sessionOf = async (path: string) => (await ask("GET", path)).body.cart.payment_session;
const allocated = async () => (await stockOf(paypal.wire, paypal.shop.variantId)).allocated;
const isCompleted = (path: string) => async () => (await ask("GET", path)).body.cart.completed_at !== null;
const waitsForShopper = { type: "cart", payment_status: "requires_more" };

describe.each(clientNames)("with %s", (name) => {
  test("the session's order is approved with PayPal's buttons, and completed", async () => {
    const medusa = await medusaClient(name, paypal.wire, { maxRetries: 2 });
    const items = [{ variant_id: paypal.shop.variantId, quantity: 2 }];
    const { cart: made } = await medusa.carts.create({ region_id: paypal.shop.regionId, items });
    await medusa.carts.update(made.id, { email: "ada@example.com" });
    await medusa.carts.createPaymentSessions(made.id);
    const { cart: chosen } = await medusa.carts.setPaymentSession(made.id, { provider_id: "paypal" });
    const { data } = chosen.payment_session;
    expect(data).toMatchObject({
      id: expect.stringMatching(/^\w+$/),
      intent: "AUTHORIZE",
      status: "CREATED",
      purchase_units: [{ amount: { currency_code: "EUR", value: "24.00" } }],
      links: expect.arrayContaining([expect.objectContaining({ rel: "approve" })]),
    });
    expect(await medusa.carts.complete(made.id)).toMatchObject({
      ...waitsForShopper,
      data: { payment_session: { status: "requires_more", data: { id: data.id } } },
    });
    approve(data.id);
    const done = await medusa.carts.complete(made.id);
    expect(done).toMatchObject({
      type: "order",
      data: {
        payment_status: "awaiting",
        payments: [{ provider_id: "paypal", amount: 2400, data: { id: data.id, status: "COMPLETED" } }],
      },
    });
    expect(atPayPal(data.id)).toMatchObject({
      unit: { custom_id: expect.stringMatching(new RegExp(`^${coreId(done.data.id)}:`)) },
      authorizations: [{ status: "CREATED", amount: { value: "24.00" } }],
    });
    expect(JSON.stringify(done.data)).not.toContain("shop-secret");
  });
});

describe("a session", () => {
  test("is offered where the store has PayPal set up, under one name", async () => {
    const { payment_providers: offered } = await paypal.wire.admin("GET", "/admin/store/payment-providers");
    const ids = offered.map(({ id }: { id: string }) => id);
    expect(ids.filter((id: string) => id.startsWith("paypal"))).toEqual(["paypal"]);
  });

  test("C1 asks for what the cart costs, with the same order", async () => {
    const { path, intentId } = await cart();
    await addPiece(path);
    expect(await sessionOf(path)).toMatchObject({ amount: 2400, data: { id: intentId } });
    expect(atPayPal(intentId).unit.amount).toEqual({ currency_code: "EUR", value: "24.00" });
  });

  test("C1 that was approved over another amount is given up, and the shopper is asked anew", async () => {
    const { path, intentId } = await cart();
    approve(intentId);
    await addPiece(path);
    const { data } = await sessionOf(path);
    expect(data.id).not.toBe(intentId);
    expect(() => paypal.server.books.finish(intentId, "AUTHORIZE")).toThrow("ACTION_DOES_NOT_MATCH_INTENT");
    expect((await complete(path)).body).toMatchObject(waitsForShopper);
    approve(data.id);
    expect((await complete(path)).body).toMatchObject({ type: "order", data: { total: 2400 } });
    expect(moneyOf(path)).toEqual({ authorized: 2400, captured: 0, refunded: 0 });
  });

  test("C1 that the browser authorized over another amount gives that back", async () => {
    const { path, intentId } = await cart();
    approve(intentId);
    paypal.server.books.finish(intentId, "AUTHORIZE");
    await addPiece(path);
    expect(atPayPal(intentId).authorizations).toMatchObject([{ status: "VOIDED" }]);
    expect((await sessionOf(path)).data.id).not.toBe(intentId);
  });

  test("C1 that PayPal has dropped is followed by another, without an error", async () => {
    const { path, intentId } = await cart();
    paypal.server.books.orders.delete(intentId);
    expect((await complete(path)).status).toBe(400);
    expect((await complete(path)).body).toMatchObject(waitsForShopper);
    const { data } = await sessionOf(path);
    expect(data.id).not.toBe(intentId);
    paypal.server.books.orders.delete(data.id);
    expect((await addPiece(path)).status).toBe(200);
    const { data: third } = await sessionOf(path);
    expect(third).toMatchObject({ status: "CREATED", purchase_units: [{ amount: { value: "24.00" } }] });
    approve(third.id);
    expect((await complete(path)).body.type).toBe("order");
  });

  test("that is begun anew, or given up, is closed at PayPal", async () => {
    const { path, intentId } = await cart();
    await ask("POST", `${path}/payment-sessions/paypal/refresh`);
    const { payment_sessions: sessions } = (await ask("GET", path)).body.cart;
    const fresh = sessions.find(
      ({ provider_id: provider }: { provider_id: string }) => provider === "paypal",
    );
    expect(fresh.data.id).not.toBe(intentId);
    await ask("DELETE", `${path}/payment-sessions/paypal`);
    for (const id of [intentId, fresh.data.id]) {
      approve(id);
      expect(() => paypal.server.books.finish(id, "AUTHORIZE")).toThrow("ACTION_DOES_NOT_MATCH_INTENT");
    }
  });

  test("B5 whose answer is lost is the same order when it is opened again", async () => {
    paypal.server.break("create", "lost_after", 1);
    const { path, id } = await cart();
    const ours = [...paypal.server.books.orders.values()].filter(({ unit }) =>
      unit.custom_id.includes(coreId(id)),
    );
    expect(ours.map((one) => one.id)).toEqual([(await sessionOf(path)).data.id]);
  });

  test("cannot be prepared while PayPal does not answer, and is as soon as it does", async () => {
    paypal.server.break("create", "failed_before");
    await expect(cart()).rejects.toThrow();
    paypal.server.heal();
    expect((await cart()).intentId).toMatch(/^\w+$/);
  });
});

describe("completing", () => {
  test("what the storefront's own script has authorized is the order's payment", async () => {
    const { path, intentId } = await cart();
    approve(intentId);
    paypal.server.books.finish(intentId, "AUTHORIZE");
    const done = (await complete(path)).body;
    expect(done).toMatchObject({ type: "order", data: { payment_status: "awaiting" } });
    const captured = await paypal.wire.admin("POST", `/admin/orders/${done.data.id}/capture`);
    expect(captured.order.payment_status).toBe("captured");
    expect(moneyOf(path)).toEqual({ authorized: 0, captured: 1200, refunded: 0 });
  });

  test("B8 A3 a means of payment that is declined frees the stock, and the same cart is paid with a fresh order", async () => {
    const { path, intentId } = await cart();
    const before = await allocated();
    approve(intentId, { declines: true });
    expect(await complete(path)).toMatchObject({ status: 400, body: { code: "instrument_declined" } });
    expect(await allocated()).toBe(before);
    expect((await complete(path)).body).toMatchObject(waitsForShopper);
    const { data } = await sessionOf(path);
    expect(data.id).not.toBe(intentId);
    approve(data.id);
    expect((await complete(path)).body.type).toBe("order");
    expect(await allocated()).toBe(before + 1);
    expect(await orderIdsOf(path)).toHaveLength(1);
  });

  test("C2 an order over another amount than the claim is never the payment", async () => {
    const { path, intentId } = await cart();
    atPayPal(intentId).unit.amount = { currency_code: "EUR", value: "0.01" };
    approve(intentId);
    const before = await allocated();
    expect((await complete(path)).status).toBe(400);
    expect(await allocated()).toBe(before);
    expect(moneyOf(path).authorized).toBe(0);
    expect((await complete(path)).body).toMatchObject(waitsForShopper);
    approve((await sessionOf(path)).data.id);
    expect((await complete(path)).body).toMatchObject({ type: "order", data: { total: 1200 } });
  });

  test.each(["lost_after", "failed_after", "lost_before"] as const)(
    "D1 D2 an authorization whose answer is %s happens once",
    async (fault) => {
      const { path, intentId } = await cart();
      approve(intentId);
      paypal.server.break("finish", fault);
      expect((await complete(path)).status).toBe(409);
      paypal.server.heal();
      expect((await complete(path)).body.type).toBe("order");
      expect(moneyOf(path)).toEqual({ authorized: 1200, captured: 0, refunded: 0 });
      expect(await orderIdsOf(path)).toHaveLength(1);
    },
  );

  test("A1 many completes at once make one order with one payment", async () => {
    const { path, intentId } = await cart();
    approve(intentId);
    const answers = await Promise.all(Array.from({ length: 8 }, () => complete(path)));
    expect(answers.map(({ status, body }) => `${status} ${body.type}`)).toEqual(
      answers.map(() => "200 order"),
    );
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1);
    expect(moneyOf(path)).toEqual({ authorized: 1200, captured: 0, refunded: 0 });
  });

  test("B1 what the cart is completed with is not given up by a change of the cart that comes too late", async () => {
    const { path, intentId } = await cart();
    approve(intentId);
    paypal.server.books.finish(intentId, "AUTHORIZE");
    const asked = () =>
      paypal.server.requests.filter(({ name }) => name === "POST /v2/checkout/orders").length;
    const before = asked();
    // The change has seen the cart, and waits for the order over its new amount.
    paypal.server.slow("create", 1_500);
    const change = addPiece(path);
    await waitUntil(() => asked() > before);
    expect((await complete(path)).body.type).toBe("order");
    expect((await change).status).toBeGreaterThanOrEqual(400);
    expect(moneyOf(path).authorized).toBe(1200);
  });

  test("B4 money for goods that are gone is not taken, or goes back", async () => {
    const rare = await aProduct(paypal.wire, "Rare tee", 1);
    const items = [{ variant_id: rare.variantId, quantity: 1 }];
    const [first, second] = [await cart(items), await cart(items)];
    for (const { intentId } of [first, second]) {
      approve(intentId);
      paypal.server.books.finish(intentId, "AUTHORIZE");
    }
    expect((await complete(first.path)).body.type).toBe("order");
    expect((await complete(second.path)).status).toBe(409);
    expect(moneyOf(second.path).authorized).toBe(0);
    expect(moneyOf(first.path).authorized).toBe(1200);
  });

  test("B6 no connection is held while PayPal thinks, about sessions and about their payments", async () => {
    const carts = await Promise.all(Array.from({ length: 6 }, () => cart()));
    for (const { intentId } of carts.slice(0, 3)) approve(intentId);
    paypal.server.slow("patch", 3_000);
    const all = Promise.all([
      ...carts.slice(0, 3).map(({ path }) => complete(path)),
      ...carts.slice(3).map(({ path }) => addPiece(path)),
    ]);
    await expectNoneHeld(paypal.sql, all);
    expect((await all).map(({ status }) => status)).toEqual(carts.map(() => 200));
  });

  test("what an order has is captured, refunded and released through PayPal, and its data says so", async () => {
    const paid = await cart();
    approve(paid.intentId);
    const { id } = (await complete(paid.path)).body.data;
    await paypal.wire.admin("POST", `/admin/orders/${id}/capture`);
    await paypal.wire.admin("POST", `/admin/orders/${id}/refund`, { amount: 500, reason: "return" });
    expect(moneyOf(paid.path)).toEqual({ authorized: 0, captured: 1200, refunded: 500 });
    const { order } = await paypal.wire.admin("GET", `/admin/orders/${id}`);
    expect(order.payments).toMatchObject([
      {
        captured_at: expect.any(String),
        data: {
          purchase_units: [
            {
              payments: {
                captures: [{ amount: { value: "12.00" } }],
                refunds: [{ amount: { value: "5.00" } }],
              },
            },
          ],
        },
      },
    ]);

    const other = await cart();
    approve(other.intentId);
    const again = (await complete(other.path)).body.data.id;
    await paypal.wire.admin("POST", `/admin/orders/${again}/cancel`);
    expect(moneyOf(other.path)).toEqual({ authorized: 0, captured: 0, refunded: 0 });
  });
});

describe("webhooks", () => {
  test("B2 J3 a shopper who leaves after approving has an order, once their browser had its time", async () => {
    paypal.callsShop();
    const { path, intentId } = await cart();
    approve(intentId);
    await paypal.server.idle();
    expect((await paypal.wire.engine.ask("POST", "/cartwright/reconcile")).status).toBe(200);
    expect(await isCompleted(path)()).toBe(false);
    paypal.later(60_000);
    await waitUntil(isCompleted(path), 20_000);
    await paypal.settled();
    expect(await orderIdsOf(path)).toHaveLength(1);
    expect(moneyOf(path).authorized).toBe(1200);
    expect((await complete(path)).body).toMatchObject({ type: "order" });
  });

  test("B2 A1 what the browser has authorized is completed at once, by whoever comes first", async () => {
    paypal.callsShop();
    for (let round = 1; round <= 3; round += 1) {
      const { path, intentId } = await cart();
      approve(intentId);
      paypal.server.books.finish(intentId, "AUTHORIZE");
      if (round > 1) await Promise.all([complete(path), complete(path)]);
      await waitUntil(isCompleted(path), 20_000);
      await paypal.settled();
      expect(await orderIdsOf(path)).toHaveLength(1);
      expect(moneyOf(path).authorized).toBe(1200);
    }
  });

  test("I9 what is captured and refunded in PayPal's own pages is the order's, whoever authorized it", async () => {
    paypal.callsShop();
    for (const byBrowser of [false, true]) {
      const { path, intentId } = await cart();
      approve(intentId);
      if (byBrowser) paypal.server.books.finish(intentId, "AUTHORIZE");
      const { id } = (await complete(path)).body.data;
      const status = async () => (await paypal.wire.admin("GET", `/admin/orders/${id}`)).order.payment_status;
      paypal.server.books.capture(atPayPal(intentId).authorizations[0]?.id ?? "", {});
      await waitUntil(async () => (await status()) === "captured", 20_000);
      paypal.server.books.refund(atPayPal(intentId).captures[0]?.id ?? "", {});
      await waitUntil(async () => (await status()) === "refunded", 20_000);
      await paypal.settled();
    }
  });

  test("B7 money for a cart that was paid for in another way goes back", async () => {
    paypal.callsShop();
    const { path, intentId } = await cart();
    await ask("POST", `${path}/payment-session`, { provider_id: "manual" });
    expect((await complete(path)).body.type).toBe("order");
    approve(intentId);
    paypal.server.books.finish(intentId, "AUTHORIZE");
    await waitUntil(() => atPayPal(intentId).authorizations[0]?.status === "VOIDED", 20_000);
    await paypal.settled();
    expect(await orderIdsOf(path)).toHaveLength(1);
  });

  test("B3 without a webhook, asking PayPal completes the cart of a shopper who left", async () => {
    const { path, intentId } = await cart();
    approve(intentId);
    paypal.server.books.finish(intentId, "AUTHORIZE");
    expect((await paypal.wire.engine.ask("POST", "/cartwright/reconcile")).status).toBe(200);
    expect(await isCompleted(path)()).toBe(true);
  });
});
