import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { supplyBackorders } from "../../src/operations/supply-orders.ts";
import { openStripeShop, type PaidFor, type StripeShop } from "./stripe-shop.ts";

// What an order goes through while Stripe answers late, twice, or not at all.

let clock = Date.now();
let stripe: StripeShop;
beforeAll(async () => {
  stripe = await openStripeShop({ now: () => clock });
});
afterAll(() => stripe.close());
afterEach(async () => {
  stripe.simulator.faults.clear();
  expect(stripe.simulator.report().doubles).toEqual([]);
  await stripe.shop.expectConsistent();
});

const order = async ({ orderId }: Pick<PaidFor, "orderId">) => {
  const { status, payment } = await stripe.shop.order(orderId);
  return `${status} ${payment}`;
};
const transactions = async ({ orderId }: PaidFor) =>
  (await stripe.shop.ask("GET", `/v2/orders/${orderId}/transactions`)).body.data;
const allocated = async ({ productId }: PaidFor) => (await stripe.shop.stockOf(productId)).allocated;
const booked = ({ orderId }: PaidFor) =>
  stripe.simulator.report().references.filter((entry) => entry.orderId === orderId);
const pay = ({ orderId }: PaidFor, payment: string, more = {}) =>
  stripe.shop.pay(orderId, { gateway: "stripe", payment, ...more });

/** A gauge of the engine, as it is told to whoever asks. */
const metric = async (name: string) => {
  const told = await (await fetch(`${stripe.shop.engines[0]?.url}/metrics`)).text();
  return new RegExp(`^${name} (\\d+)$`, "m").exec(told)?.[1];
};

describe("B8 a shopper who was asked who they are, and comes back with another card", () => {
  test("pays with that, and the first attempt comes to nothing", async () => {
    const first = await stripe.payFor("pm_card_threeDSecure2Required");
    const second = await pay(first, "pm_card_visa");
    expect(second.status).toBe(201);
    expect(await order(first)).toBe("complete paid");
    expect(await allocated(first)).toBe(1);
    expect((await transactions(first)).map(({ status }: { status: string }) => status)).toEqual([
      "cancelled",
      "complete",
    ]);
    await expect(stripe.simulator.authenticate(first.reference, true)).rejects.toThrow();
    expect(booked(first)).toMatchObject([{ charges: 1, captured: 1000 }]);
  });

  test("B7 is not charged twice when the first attempt has just gone through", async () => {
    const first = await stripe.payFor("pm_card_threeDSecure2Required");
    await stripe.simulator.authenticate(first.reference, true);
    const second = await pay(first, "pm_card_visa");
    expect(second).toMatchObject({
      status: 400,
      body: { errors: [{ detail: "The order is already paid" }] },
    });
    expect(await order(first)).toBe("complete paid");
    expect(booked(first)).toMatchObject([{ charges: 1, captured: 1000 }]);
  });

  test("waits while nobody knows what became of the first attempt", async () => {
    const first = await stripe.payFor("pm_card_threeDSecure2Required");
    stripe.simulator.faults.add({ operation: "cancel", fault: "lose_after" });
    expect((await pay(first, "pm_card_visa")).status).toBe(409);
    stripe.simulator.faults.clear();
    await stripe.reconcile();
    expect((await pay(first, "pm_card_visa")).status).toBe(201);
    expect(booked(first)).toMatchObject([{ charges: 1, captured: 1000 }]);
  });

  test("has an hour; then the attempt is over and the stock is back", async () => {
    const first = await stripe.payFor("pm_card_threeDSecure2Required");
    clock += 3_500_000;
    await stripe.reconcile();
    expect(await allocated(first)).toBe(1);
    clock += 101_000;
    await stripe.reconcile();
    expect(await allocated(first)).toBe(0);
    expect(await transactions(first)).toMatchObject([{ status: "failed" }]);
  });
});

test("C1 however often a shopper begins anew, there is one payment that could still be charged", async () => {
  const first = await stripe.payFor("pm_card_threeDSecure2Required");
  for (let again = 0; again < 4; again += 1) {
    expect((await pay(first, "pm_card_threeDSecure2Required")).status).toBe(201);
  }
  const intents = stripe.simulator
    .intents()
    .filter(({ metadata }) => metadata.cartwright_order === first.orderId);
  expect(intents.map(({ status }) => status)).toEqual([...Array(4).fill("canceled"), "requires_action"]);
  expect(intents.map(({ amount }) => amount)).toEqual(Array(5).fill(1000));
  expect(await allocated(first)).toBe(1);
  await stripe.simulator.authenticate(intents.at(-1)?.id ?? "", true);
  await stripe.reconcile();
  expect(await order(first)).toBe("complete paid");
  expect(booked(first)).toMatchObject([{ charges: 1, captured: 1000 }]);
});

test("B8 a shopper who never enters a card gives the stock back after an hour, and nothing can be charged then", async () => {
  const data = { type: "gateway", enabled: true, login: "sk_test_1" };
  await stripe.shop.ask("PUT", "/v2/gateways/elastic_path_payments_stripe", { data });
  const productId = await stripe.shop.newProduct(1);
  const orderId = await stripe.shop.newOrder([{ productId }]);
  const paid = await stripe.shop.pay(orderId, { gateway: "elastic_path_payments_stripe" });
  const { id: paymentId, reference, status } = paid.body.data;
  expect(status).toBe("pending");
  const waiting = { orderId, productId, paymentId, reference, status: paid.status };
  clock += 59 * 60_000;
  await stripe.reconcile();
  expect(await allocated(waiting)).toBe(1);
  clock += 2 * 60_000;
  await stripe.reconcile();
  expect(await allocated(waiting)).toBe(0);
  expect(await transactions(waiting)).toMatchObject([{ status: "failed" }]);
  expect(stripe.simulator.intents().find(({ id }) => id === reference)?.status).toBe("canceled");
  expect((await pay(waiting, "pm_card_visa")).status).toBe(201);
});

test("D2 a failure of Stripe while an attempt is being closed does not keep it open for good", async () => {
  const paid = await stripe.payFor("pm_card_threeDSecure2Required");
  await stripe.simulator.authenticate(paid.reference, false);
  stripe.simulator.faults.add({ operation: "cancel", fault: "error_before", times: 1 });
  await stripe.reconcile();
  expect(await transactions(paid)).toMatchObject([{ status: "pending" }]);
  await stripe.reconcile();
  expect(await transactions(paid)).toMatchObject([{ status: "failed" }]);
  expect(await allocated(paid)).toBe(0);
});

describe("D4 while nobody knows how an operation went", () => {
  const actions = ["capture", "cancel", "refund"] as const;
  test.each([
    ["capture", "capture"],
    ["refund", "refund"],
  ] as const)(
    "of kind %s, it is shown, and everything else on the payment waits",
    async (action, operation) => {
      const paid = await stripe.payFor("pm_card_visa", action === "capture" ? "authorize" : "purchase");
      stripe.simulator.faults.add({ operation, fault: "lose_after" });
      const data = action === "refund" ? { amount: 1000 } : undefined;
      const metrics = () => metric("cartwright_payments_unresolved");
      expect(await metrics()).toBe("0");
      const lost = await stripe.shop.transact(action, paid.orderId, paid.paymentId, data);
      expect(lost).toMatchObject({
        status: 200,
        body: { data: { payment_details: { detailed_status: "unknown", operation } } },
      });
      expect(await metrics()).toBe("1");
      for (const other of actions) {
        const body = other === "refund" ? { amount: 10 } : undefined;
        expect((await stripe.shop.transact(other, paid.orderId, paid.paymentId, body)).status).toBe(409);
      }
      stripe.simulator.faults.clear();
      await stripe.reconcile();
      const [transaction] = await transactions(paid);
      expect(transaction).not.toHaveProperty("payment_details");
      expect(booked(paid)).toMatchObject([
        { charges: 1, captured: 1000, refunded: action === "refund" ? 1000 : 0 },
      ]);
    },
  );

  test("a refund made at Stripe meanwhile is noted when it is known", async () => {
    const paid = await stripe.payFor("pm_card_visa");
    stripe.simulator.faults.add({ operation: "refund", fault: "lose_before" });
    await stripe.shop.transact("refund", paid.orderId, paid.paymentId, { amount: 300 });
    stripe.simulator.faults.clear();
    await stripe.atStripe("refunds", { payment_intent: paid.reference, amount: "200" });
    await stripe.fetchEvents();
    expect(await transactions(paid)).toMatchObject([{ refunded_amount: 0 }]);
    expect(await stripe.openEvents()).toBeGreaterThan(0);
    clock += 61_000;
    await stripe.fetchEvents();
    expect(await transactions(paid)).toMatchObject([{ refunded_amount: 200 }]);
  });
});

test("D2 a payment whose answer was lost is found at Stripe by its key, and is charged once", async () => {
  const first = await stripe.payFor("pm_card_chargeDeclined");
  stripe.simulator.faults.add({ operation: "create", fault: "lose_after" });
  expect((await pay(first, "pm_card_visa")).body.data).toMatchObject({ status: "pending", reference: "" });
  stripe.simulator.faults.clear();
  await stripe.reconcile();
  expect(await order(first)).toBe("complete paid");
  expect(booked(first)).toMatchObject([{ charges: 1, captured: 1000 }]);
});

describe("money that comes for an attempt which was given up", () => {
  /** A call that was on its way for more than a minute, and arrived. */
  const arriveLate = (paid: PaidFor, paymentId: string, method: "purchase" | "authorize" = "purchase") =>
    stripe.atStripe(
      "payment_intents",
      {
        amount: "1000",
        currency: "usd",
        confirm: "true",
        payment_method: "pm_card_visa",
        capture_method: method === "purchase" ? "automatic" : "manual",
        "metadata[cartwright_order]": paid.orderId,
        "metadata[cartwright_payment]": paymentId,
        "metadata[cartwright_operation]": paymentId,
      },
      paymentId,
    );
  const givenUp = async (stock = 5) => {
    const productId = await stripe.shop.newProduct(stock);
    const orderId = await stripe.shop.newOrder([{ productId }]);
    const order = { orderId, productId, paymentId: "", reference: "", status: 0 };
    stripe.simulator.faults.add({ operation: "create", fault: "lose_before" });
    const paymentId: string = (await pay(order, "pm_card_visa")).body.data.id;
    stripe.simulator.faults.clear();
    clock += 61_000;
    await stripe.reconcile();
    expect(await allocated(order)).toBe(0);
    return { ...order, paymentId };
  };
  const looked = async () => {
    await stripe.fetchEvents();
    await stripe.fetchEvents();
    expect(await stripe.openEvents()).toBe(0);
  };

  test("B1 pays for the order that still wants it", async () => {
    const late = await givenUp();
    await arriveLate(late, late.paymentId);
    await looked();
    expect(await order(late)).toBe("complete paid");
    expect(await allocated(late)).toBe(1);
    expect(await transactions(late)).toMatchObject([{ status: "complete", transaction_type: "purchase" }]);
    expect(booked(late)).toMatchObject([{ captured: 1000, refunded: 0 }]);
  });

  test("B7 is returned when the order was paid for meanwhile, and both are on the order", async () => {
    const late = await givenUp();
    expect((await pay(late, "pm_card_mastercard")).status).toBe(201);
    await arriveLate(late, late.paymentId);
    await looked();
    expect(await order(late)).toBe("complete paid");
    expect(await allocated(late)).toBe(1);
    expect(await transactions(late)).toMatchObject([
      { status: "complete", transaction_type: "refund", refunded_amount: 1000 },
      { status: "complete", transaction_type: "purchase", refunded_amount: 0 },
    ]);
    expect(
      booked(late)
        .map(({ captured, refunded }) => captured - refunded)
        .sort(),
    ).toEqual([0, 1000]);
  });

  describe("while somebody else bought the last piece", () => {
    const policy = async (paid_but_gone: string) => {
      const set = await stripe.shop.ask("PUT", "/v2/settings", { data: { paid_but_gone } });
      expect(set).toMatchObject({ status: 200, body: { data: { paid_but_gone } } });
    };
    afterEach(() => policy("refund"));
    const boughtAway = async (method: "purchase" | "authorize" = "purchase") => {
      const late = await givenUp(1);
      const other = await stripe.shop.newOrder([{ productId: late.productId }]);
      expect((await pay({ ...late, orderId: other }, "pm_card_visa")).status).toBe(201);
      await arriveLate(late, late.paymentId, method);
      await looked();
      return late;
    };
    const shown = async (late: PaidFor) => (await stripe.shop.order(late.orderId)).meta.late_money;
    const restock = ({ productId }: PaidFor) =>
      stripe.shop.ask("POST", `/v2/inventories/${productId}/transactions`, {
        data: { type: "stock-transaction", action: "increment", quantity: 1 },
      });
    const ship = ({ orderId }: PaidFor) =>
      stripe.shop.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", shipping: "fulfilled" } });
    const heldOrders = async () => metric("cartwright_orders_held");
    const supply = () => supplyBackorders(stripe.shop.deps, stripe.shop.context, 10);

    test("B4 B8 it is returned, the order shows it and can be paid for once the goods are back", async () => {
      const late = await boughtAway();
      expect(await order(late)).toBe("incomplete unpaid");
      expect(await shown(late)).toEqual([
        { transaction_id: late.paymentId, outcome: "returned", settled: true },
      ]);
      expect(await transactions(late)).toMatchObject([{ refunded_amount: 1000 }]);
      expect(booked(late)).toMatchObject([{ captured: 1000, refunded: 1000 }]);
      expect(await allocated(late)).toBe(1);
      expect((await pay(late, "pm_card_visa")).status).toBe(400);
      await restock(late);
      expect((await pay(late, "pm_card_visa")).status).toBe(201);
      expect(await order(late)).toBe("complete paid");
    });

    test.each(["refund", "void"])(
      "B4 it is released when it was only set aside, with the policy %s",
      async (name) => {
        await policy(name);
        const late = await boughtAway("authorize");
        expect(await order(late)).toBe("incomplete unpaid");
        expect(await shown(late)).toMatchObject([{ outcome: "returned", settled: true }]);
        expect(booked(late)).toMatchObject([{ authorized: 0, captured: 0 }]);
      },
    );

    test.each(["hold", "void"])("B4 what was taken waits for a person, with the policy %s", async (name) => {
      await policy(name);
      const late = await boughtAway();
      expect(await order(late)).toBe("complete paid");
      expect(await shown(late)).toMatchObject([{ outcome: "held", settled: false }]);
      expect(booked(late)).toMatchObject([{ captured: 1000, refunded: 0 }]);
      await restock(late);
      expect(await supply()).toEqual({ supplied: 0, short: 0 });
      expect(
        (await stripe.shop.transact("refund", late.orderId, late.paymentId, { amount: 1000 })).status,
      ).toBe(200);
      expect(await shown(late)).toMatchObject([{ outcome: "held", settled: true }]);
      expect(booked(late)).toMatchObject([{ captured: 1000, refunded: 1000 }]);
    });

    test("B4 a person may also ship, once the goods are there", async () => {
      await policy("hold");
      const late = await boughtAway();
      expect(await ship(late)).toMatchObject({ status: 400 });
      expect(await heldOrders()).toBe("1");
      expect((await stripe.shop.order(late.orderId)).shipping).toBe("unfulfilled");
      await restock(late);
      expect((await ship(late)).status).toBe(200);
      expect(await heldOrders()).toBe("0");
      expect(await stripe.shop.stockOf(late.productId)).toMatchObject({ total: 1, allocated: 1 });
      expect(await shown(late)).toMatchObject([{ outcome: "held", settled: true }]);
    });

    test("B4 a backorder gets the goods as soon as they are there, the oldest first", async () => {
      await policy("backorder");
      const late = await boughtAway();
      expect(await shown(late)).toMatchObject([{ outcome: "backordered", settled: false }]);
      expect(await supply()).toEqual({ supplied: 0, short: 1 });
      expect(await allocated(late)).toBe(1);
      await restock(late);
      expect(await supply()).toEqual({ supplied: 1, short: 0 });
      expect(await allocated(late)).toBe(2);
      expect(await shown(late)).toMatchObject([{ outcome: "backordered", settled: true }]);
      expect(await supply()).toEqual({ supplied: 0, short: 0 });
      const { deps, context } = stripe.shop;
      const told = await deps.storage.orders.events(context.store.storeId, late.orderId);
      const types = told.map(({ type }) => type);
      expect(types.filter((type) => type === "payment.came_late")).toHaveLength(1);
      expect(types.filter((type) => type === "order.supplied")).toHaveLength(1);
      expect((await ship(late)).status).toBe(200);
    });

    test("B1 money that the order does not owe any more goes back whatever the policy", async () => {
      await policy("hold");
      const late = await givenUp();
      await stripe.shop.ask("PUT", `/v2/orders/${late.orderId}`, {
        data: { type: "order", status: "cancelled" },
      });
      await arriveLate(late, late.paymentId);
      await looked();
      expect(await order(late)).toBe("cancelled unpaid");
      expect(await shown(late)).toMatchObject([{ outcome: "returned", settled: true }]);
      expect(booked(late)).toMatchObject([{ captured: 1000, refunded: 1000 }]);
    });
  });

  test("B1 is returned although Stripe fails first", async () => {
    const late = await givenUp();
    await pay(late, "pm_card_mastercard");
    await arriveLate(late, late.paymentId);
    stripe.simulator.faults.add({ operation: "refund", fault: "lose_before" });
    await stripe.fetchEvents();
    expect(await stripe.openEvents()).toBeGreaterThan(0);
    stripe.simulator.faults.clear();
    clock += 61_000;
    await stripe.reconcile();
    await looked();
    expect(
      booked(late)
        .map(({ captured, refunded }) => captured - refunded)
        .sort(),
    ).toEqual([0, 1000]);
  });
});

describe("a capture that comes after one in Stripe's own pages", () => {
  const capturedThere = async (amount: string) => {
    const paid = await stripe.payFor("pm_card_visa", "authorize");
    await stripe.atStripe(`payment_intents/${paid.reference}/capture`, { amount_to_capture: amount });
    return { paid, capture: await stripe.shop.transact("capture", paid.orderId, paid.paymentId) };
  };

  test("is done already when it was as much", async () => {
    const { paid, capture } = await capturedThere("1000");
    expect(capture.status).toBe(200);
    expect(await order(paid)).toBe("complete paid");
    expect(booked(paid)).toMatchObject([{ charges: 1, captured: 1000 }]);
  });

  test("I5 is refused when it was less, and what was captured there is what was paid; the rest is set free", async () => {
    const { paid, capture } = await capturedThere("600");
    expect(capture).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { error: "payment_captured" } }] },
    });
    await stripe.fetchEvents();
    expect(await order(paid)).toBe("processing partially_paid");
    expect(booked(paid)).toMatchObject([{ authorized: 0, captured: 600 }]);
    const { meta } = await stripe.shop.order(paid.orderId);
    expect(meta.display_price).toMatchObject({
      paid: { amount: 600 },
      authorized: { amount: 0 },
      balance_owing: { amount: 400 },
    });
  });
});
