import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { waitUntil } from "../engine.ts";
import {
  approve,
  type Behaviour,
  decline,
  fakeGateway,
  hang,
  hangAfterEffect,
  hold,
  loseAnswer,
  waitForShopper,
} from "../fake-gateway.ts";
import { byStatus, openShop, type Shop } from "./shop.ts";

// What may happen to an order while the gateway is still thinking about a call.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ gateway: fakeGateway({ deadlineMs: 5_000 }) });
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

async function newOrder(stock = 5) {
  const productId = await shop.newProduct(stock);
  return { productId, orderId: await shop.newOrder([{ productId }]) };
}

async function authorizedOrder() {
  const order = await newOrder();
  const { body } = await shop.pay(order.orderId, { method: "authorize" });
  return { ...order, paymentId: body.data.id as string };
}

const cancel = (orderId: string) =>
  shop.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", status: "cancelled" } });
const allocated = async (productId: string) => (await shop.stockOf(productId)).allocated;

test("A6 a second payment while the first is under way is told so at once, and the first one counts", async () => {
  const { orderId } = await newOrder();
  const first = hold();
  shop.gateway.script(first.behaviour);
  const paying = shop.pay(orderId);
  await first.arrived;
  const second = await shop.pay(orderId);
  expect(second.status).toBe(409);
  expect(second.headers.get("retry-after")).toBe("1");
  expect((await shop.pay(orderId, { amount: 300 })).status).toBe(409);
  expect((await shop.pay(orderId, { amount: 1001 })).status).toBe(422);
  first.release();
  expect((await paying).status).toBe(201);
  expect(await shop.order(orderId)).toMatchObject({ status: "complete", payment: "paid" });
  expect(shop.gateway.taken(orderId)).toBe(1000);
});

test("A7 a failure that comes late does not undo a success", async () => {
  const { orderId, productId } = await newOrder();
  const late = hold(() => ({ kind: "declined", code: "duplicate_key", message: "Seen before" }));
  const effectThenHold: Behaviour = async (call, effect) => {
    effect();
    return late.behaviour(call, effect);
  };
  shop.gateway.script(effectThenHold);
  const paying = shop.pay(orderId, {}, { headers: { "idempotency-key": "late" } });
  const { paymentId } = await late.arrived;
  expect((await shop.transact("confirm", orderId, paymentId)).body.data.status).toBe("complete");
  late.release();
  const { status, body } = await paying;
  expect([status, body.data.status]).toEqual([201, "complete"]);
  expect(await shop.order(orderId)).toMatchObject({ status: "complete", payment: "paid" });
  expect(await allocated(productId)).toBe(1);
  const events = await shop.deps.storage.orders.events(shop.context.store.storeId, orderId);
  expect(events.map(({ type }) => type)).not.toContain("payment.purchase_failed");
});

test("I7 an order cannot be cancelled while money is on its way in, and can as soon as it is there", async () => {
  const { orderId, productId } = await newOrder();
  const held = hold();
  shop.gateway.script(held.behaviour);
  const paying = shop.pay(orderId, { method: "authorize" });
  await held.arrived;
  expect((await cancel(orderId)).status).toBe(409);
  held.release();
  expect((await paying).status).toBe(201);
  expect((await cancel(orderId)).status).toBe(200);
  expect(await shop.order(orderId)).toMatchObject({ status: "cancelled", payment: "authorized" });
  expect(await allocated(productId)).toBe(0);
});

test("while a capture is under way nothing else is done with the payment", async () => {
  const { orderId, paymentId } = await authorizedOrder();
  const held = hold();
  shop.gateway.script(held.behaviour);
  const capturing = shop.transact("capture", orderId, paymentId);
  await held.arrived;
  const others = [
    await shop.transact("capture", orderId, paymentId),
    await shop.transact("cancel", orderId, paymentId),
    await shop.transact("refund", orderId, paymentId, { amount: 100 }),
    await cancel(orderId),
  ];
  expect(byStatus(others)).toEqual({ 409: 4 });
  held.release();
  expect((await capturing).status).toBe(200);
  expect(shop.gateway.taken(orderId)).toBe(1000);
});

test("I7 a cancellation need not wait for a void, and the stock is given back once", async () => {
  const { orderId, paymentId, productId } = await authorizedOrder();
  const held = hold();
  shop.gateway.script(held.behaviour);
  const voiding = shop.transact("cancel", orderId, paymentId);
  await held.arrived;
  expect((await shop.transact("capture", orderId, paymentId)).status).toBe(409);
  expect((await cancel(orderId)).status).toBe(200);
  held.release();
  expect((await voiding).status).toBe(200);
  expect(await shop.order(orderId)).toMatchObject({ status: "cancelled", payment: "unpaid" });
  expect(await shop.movements(productId)).toEqual({ create: 1, allocate: 1, deallocate: 1 });
});

test("I1 refunds under way count as given back", async () => {
  const { orderId } = await newOrder();
  const paymentId = (await shop.pay(orderId)).body.data.id;
  const held = hold(decline);
  shop.gateway.script(held.behaviour, approve);
  const first = shop.transact("refund", orderId, paymentId, { amount: 600 });
  await held.arrived;
  expect((await shop.transact("refund", orderId, paymentId, { amount: 500 })).status).toBe(409);
  expect((await shop.transact("refund", orderId, paymentId, { amount: 400 })).status).toBe(200);
  expect((await shop.transact("refund", orderId, paymentId, { amount: 1001 })).status).toBe(422);
  held.release();
  expect((await first).status).toBe(400);
  expect((await shop.transact("refund", orderId, paymentId, { amount: 600 })).status).toBe(200);
  expect(shop.gateway.taken(orderId)).toBe(0);
});

test("B8 after three declines the order is still payable, and is paid once", async () => {
  const { orderId, productId } = await newOrder(1);
  shop.gateway.script(decline, decline, decline);
  for (const method of ["purchase", "authorize", "purchase"]) {
    expect((await shop.pay(orderId, { method })).status).toBe(400);
    expect(await allocated(productId)).toBe(0);
  }
  expect((await shop.pay(orderId)).status).toBe(201);
  expect(shop.gateway.taken(orderId)).toBe(1000);
  expect(await shop.movements(productId)).toEqual({ create: 1, allocate: 4, deallocate: 3 });
});

test("a payment that waits for its shopper holds the stock until it is decided", async () => {
  const { orderId, productId } = await newOrder(1);
  shop.gateway.script(waitForShopper);
  const pending = (await shop.pay(orderId)).body.data;
  expect(pending).toMatchObject({ status: "pending", next_actions: ["confirm"] });
  expect(await allocated(productId)).toBe(1);
  shop.gateway.resolve(pending.id, "declined");
  expect((await shop.transact("confirm", orderId, pending.id)).status).toBe(400);
  expect(await allocated(productId)).toBe(0);
  expect((await shop.pay(orderId)).status).toBe(201);
});

test.each([
  ["lost", loseAnswer],
  ["late beyond the deadline", hangAfterEffect],
])("D1 a capture and a refund whose answers are %s are made once", async (_how, behaviour) => {
  const quick = await openShop({ gateway: fakeGateway({ deadlineMs: 50 }) });
  try {
    const orderId = await quick.newOrder([{ productId: await quick.newProduct(1) }]);
    const paymentId = (await quick.pay(orderId, { method: "authorize" })).body.data.id;
    for (const [action, data] of [
      ["capture", {}],
      ["refund", { amount: 400 }],
    ] as const) {
      quick.gateway.script(behaviour);
      const unanswered = await quick.transact(action, orderId, paymentId, data);
      expect(unanswered.body.data).toMatchObject({ payment_details: { operation: action } });
      const confirmed = await quick.transact("confirm", orderId, paymentId);
      expect(confirmed.body.data).toMatchObject({ transaction_type: action, status: "complete" });
    }
    expect(quick.gateway.ledger.map(({ type }) => type)).toEqual(["authorize", "capture", "refund"]);
    expect(quick.gateway.taken(orderId)).toBe(600);
    await quick.expectConsistent();
  } finally {
    await quick.close();
  }
});

test("a gateway that never answers is given up at its deadline, and the payment stays open", async () => {
  const quick = await openShop({ gateway: fakeGateway({ deadlineMs: 50 }) });
  try {
    const productId = await quick.newProduct(1);
    const orderId = await quick.newOrder([{ productId }]);
    quick.gateway.script(hang);
    expect((await quick.pay(orderId)).body.data).toMatchObject({ status: "pending" });
    expect((await quick.stockOf(productId)).allocated).toBe(1);
    // Not even what became of it is known: the payment stays open, nobody hangs with the gateway.
    quick.gateway.scriptFind(() => new Promise(() => undefined));
    const paymentId = quick.gateway.calls[0]?.paymentId as string;
    expect((await quick.transact("confirm", orderId, paymentId)).body.data.status).toBe("pending");
  } finally {
    await quick.close();
  }
});

test("B6 nobody waits for somebody else's gateway: neither buyers of the same product nor the database", async () => {
  const productId = await shop.newProduct(130);
  const slow = Array.from({ length: 20 }, () => hold());
  const slowOrders = await Promise.all(slow.map(() => shop.newOrder([{ productId }])));
  shop.gateway.script(...slow.map(({ behaviour }) => behaviour));
  // More of them than the engine has connections.
  const paying = slowOrders.map((orderId, index) =>
    shop.pay(orderId, {}, index % 2 === 0 ? { headers: { "idempotency-key": `slow-${index}` } } : {}),
  );
  await Promise.all(slow.map(({ arrived }) => arrived));
  const orders = await Promise.all(Array.from({ length: 100 }, () => shop.newOrder([{ productId }])));
  expect(byStatus(await Promise.all(orders.map((id) => shop.pay(id))))).toEqual({ 201: 100 });

  const busy = () =>
    shop.sql(
      `select state, query from pg_stat_activity
        where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`,
    );
  await waitUntil(async () => (await busy()).length === 0);
  const locks = await shop.sql(
    `select relation::regclass::text from pg_locks where relation in ('stock'::regclass, 'orders'::regclass, 'cart'::regclass)
        and pid <> pg_backend_pid()`,
  );
  expect(locks).toEqual([]);
  for (const { release } of slow) release();
  expect(byStatus(await Promise.all(paying))).toEqual({ 201: 20 });
  expect(await allocated(productId)).toBe(120);
});
