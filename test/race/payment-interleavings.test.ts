import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { capturePayment, refundPayment, voidPayment } from "../../src/operations/change-payment.ts";
import type { Deps } from "../../src/operations/deps.ts";
import { type PayOrder, payOrder, settle } from "../../src/operations/pay-order.ts";
import { callOffOrder, changeOrderDetails, shipOrder } from "../../src/operations/update-order.ts";
import { decline } from "../fake-gateway.ts";
import { interleave } from "./interleave.ts";
import { openShop, type Shop } from "./shop.ts";

// Somebody else acts exactly between our load and our save, in every operation that loads an order and saves it.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

type Method = PayOrder["method"];
const attempt = (orderId: string, method: Method = "purchase", amount?: number): PayOrder => ({
  orderId,
  paymentId: randomUUID(),
  gateway: shop.gateway.slug,
  method,
  ...(amount !== undefined && { amount }),
});
const pay = (orderId: string, method?: Method, amount?: number, deps: Deps = shop.deps) =>
  payOrder(deps, shop.context, attempt(orderId, method, amount));
const refused = (type: string) => ({ ok: false, error: { type } });
const ids = (paymentId: string) => ({ paymentId, operationId: randomUUID() });
const capture = (orderId: string, paymentId: string, deps: Deps = shop.deps) =>
  capturePayment(deps, shop.context, orderId, { ...ids(paymentId), mechanism: "gateway" });
const release = (orderId: string, paymentId: string, deps: Deps = shop.deps) =>
  voidPayment(deps, shop.context, orderId, ids(paymentId));
const refund = (orderId: string, paymentId: string, amount: number, deps: Deps = shop.deps) =>
  refundPayment(deps, shop.context, orderId, { ...ids(paymentId), amount });
const cancel = (orderId: string, deps: Deps = shop.deps) => callOffOrder(deps, shop.context, orderId);
const ship = (orderId: string, deps: Deps = shop.deps) => shipOrder(deps, shop.context, orderId);
const beforeSave = (other: () => Promise<unknown>) =>
  interleave(shop.deps, "before", "orders", "save", other);

async function newOrder(stock = 5): Promise<{ orderId: string; productId: string }> {
  const productId = await shop.newProduct(stock);
  return { productId, orderId: await shop.newOrder([{ productId }]) };
}

async function paidOrder(method: Method = "purchase") {
  const order = await newOrder();
  const paid = await pay(order.orderId, method);
  if (!paid.ok) throw new Error(paid.error.type);
  return { ...order, paymentId: paid.value.payment.id };
}

const numbers = async (productId: string) => {
  const { total, allocated } = await shop.stockOf(productId);
  return { total, allocated };
};

test("F3 an order that is cancelled while a payment is being claimed is not paid and holds nothing", async () => {
  const { orderId, productId } = await newOrder();
  const deps = beforeSave(() => cancel(orderId));
  expect(await pay(orderId, "purchase", undefined, deps)).toMatchObject(refused("order_cancelled"));
  expect(shop.gateway.calls.filter((call) => call.orderId === orderId)).toEqual([]);
  expect(await numbers(productId)).toEqual({ total: 5, allocated: 0 });
});

test("A7 a payment that another one overtakes is not charged", async () => {
  const { orderId } = await newOrder();
  const deps = beforeSave(() => pay(orderId));
  expect(await pay(orderId, "purchase", undefined, deps)).toMatchObject(refused("order_already_paid"));
  expect(shop.gateway.taken(orderId)).toBe(1000);
});

test("A5 two halves that are claimed at once are both paid, and stock is allocated once", async () => {
  const { orderId, productId } = await newOrder();
  const deps = beforeSave(() => pay(orderId, "purchase", 400));
  expect(await pay(orderId, "purchase", 600, deps)).toMatchObject({ ok: true });
  expect(await shop.order(orderId)).toMatchObject({ status: "complete", payment: "paid" });
  expect(await shop.movements(productId)).toEqual({ create: 1, allocate: 1 });
  const events = await shop.deps.storage.orders.events(shop.context.store.storeId, orderId);
  expect(events.map(({ type }) => type).filter((type) => type === "order.paid")).toHaveLength(1);
});

test("C2 a half that leaves less than was asked for is refused before it is charged", async () => {
  const { orderId } = await newOrder();
  const deps = beforeSave(() => pay(orderId, "purchase", 600));
  expect(await pay(orderId, "purchase", 600, deps)).toMatchObject(refused("payment_exceeds_balance"));
  expect(shop.gateway.taken(orderId)).toBe(600);
});

test("E2 the last piece goes to whoever claims it first, and the other is told before any money moves", async () => {
  const productId = await shop.newProduct(1);
  const [first, second] = [await shop.newOrder([{ productId }]), await shop.newOrder([{ productId }])];
  const deps = beforeSave(() => pay(first));
  expect(await pay(second, "purchase", undefined, deps)).toMatchObject(refused("insufficient_stock"));
  expect(shop.gateway.taken(first)).toBe(1000);
  expect(shop.gateway.calls.filter(({ orderId }) => orderId === second)).toEqual([]);
  expect(await numbers(productId)).toEqual({ total: 1, allocated: 1 });
});

test("a settlement keeps what was changed on the order meanwhile", async () => {
  const { orderId } = await newOrder();
  const rename = () => changeOrderDetails(shop.deps, shop.context, orderId, { orderNumber: "N-1" });
  // The first save is the claim: the other one acts between the load and the save of the settlement.
  const deps = afterClaim(rename);
  expect(await pay(orderId, "purchase", undefined, deps)).toMatchObject({ ok: true });
  expect(await shop.order(orderId)).toMatchObject({ order_number: "N-1", payment: "paid" });
});

test("F3 a decline does not release what a payment claimed meanwhile needs", async () => {
  const { orderId, productId } = await newOrder();
  shop.gateway.script(decline);
  const deps = afterClaim(() => pay(orderId, "authorize", 300));
  expect(await pay(orderId, "authorize", 700, deps)).toMatchObject(refused("payment_declined"));
  expect(await numbers(productId)).toEqual({ total: 5, allocated: 1 });
  expect(await shop.order(orderId)).toMatchObject({ payment: "partially_authorized" });
});

test("F3 a decline that releases first makes the next claim allocate again", async () => {
  const { orderId, productId } = await newOrder();
  const declined = attempt(orderId, "authorize", 700);
  const deps = beforeSave(async () => {
    shop.gateway.script(decline);
    await payOrder(shop.deps, shop.context, declined);
  });
  expect(await pay(orderId, "authorize", 300, deps)).toMatchObject({ ok: true });
  expect(await numbers(productId)).toEqual({ total: 5, allocated: 1 });
  expect(await shop.movements(productId)).toMatchObject({ allocate: 2, deallocate: 1 });
});

test("A5 an answer that two note at once has its effects once", async () => {
  const { orderId } = await newOrder();
  const input = attempt(orderId);
  const approved = { kind: "approved", reference: `ref-${input.paymentId}` } as const;
  const deps = afterClaim(() =>
    settle(shop.deps, shop.context, orderId, input.paymentId, input.paymentId, approved),
  );
  expect(await payOrder(deps, shop.context, input)).toMatchObject({ ok: true });
  const events = await shop.deps.storage.orders.events(shop.context.store.storeId, orderId);
  expect(events.map(({ type }) => type)).toEqual([
    "order.placed",
    "payment.started",
    "payment.purchased",
    "order.paid",
  ]);
});

test("a capture that is overtaken by a void, a cancellation or a capture is refused", async () => {
  for (const [other, refusal] of [
    [(orderId: string, paymentId: string) => release(orderId, paymentId), "payment_not_capturable"],
    [(orderId: string) => cancel(orderId), "order_cancelled"],
    [(orderId: string, paymentId: string) => capture(orderId, paymentId), "payment_not_capturable"],
  ] as const) {
    const { orderId, paymentId } = await paidOrder("authorize");
    const deps = beforeSave(() => other(orderId, paymentId));
    expect(await capture(orderId, paymentId, deps)).toMatchObject(refused(refusal));
    expect([0, 1000]).toContain(shop.gateway.taken(orderId));
  }
});

test("a void that is overtaken by a capture is refused", async () => {
  const { orderId, paymentId, productId } = await paidOrder("authorize");
  const deps = beforeSave(() => capture(orderId, paymentId));
  expect(await release(orderId, paymentId, deps)).toMatchObject(refused("payment_not_voidable"));
  expect(await shop.order(orderId)).toMatchObject({ payment: "paid" });
  expect(await numbers(productId)).toEqual({ total: 5, allocated: 1 });
});

test("I1 a refund that is overtaken by another is measured against what is left", async () => {
  const { orderId, paymentId } = await paidOrder();
  const deps = beforeSave(() => refund(orderId, paymentId, 600));
  expect(await refund(orderId, paymentId, 600, deps)).toMatchObject(refused("refund_exceeds_captured"));
  expect(shop.gateway.taken(orderId)).toBe(400);
});

test("an order whose money went back meanwhile is not shipped", async () => {
  const { orderId, paymentId, productId } = await paidOrder();
  const deps = beforeSave(() => refund(orderId, paymentId, 1000));
  expect(await ship(orderId, deps)).toMatchObject({
    ok: false,
    error: { type: "order_unpaid", payment: "refunded" },
  });
  expect(await numbers(productId)).toEqual({ total: 5, allocated: 1 });
});

test("F4 of shipping and cancelling at once one happens, and stock follows it", async () => {
  const first = await paidOrder();
  const shipped = await ship(
    first.orderId,
    beforeSave(() => cancel(first.orderId)),
  );
  expect(shipped).toMatchObject(refused("order_cancelled"));
  expect(await numbers(first.productId)).toEqual({ total: 5, allocated: 0 });

  const second = await paidOrder();
  const cancelled = await cancel(
    second.orderId,
    beforeSave(() => ship(second.orderId)),
  );
  expect(cancelled).toMatchObject(refused("order_fulfilled"));
  expect(await numbers(second.productId)).toEqual({ total: 4, allocated: 0 });
});

test("F4 shipping or cancelling twice at once moves stock once", async () => {
  const first = await paidOrder();
  const again = await ship(
    first.orderId,
    beforeSave(() => ship(first.orderId)),
  );
  expect(again).toMatchObject(refused("order_fulfilled"));
  expect(await shop.movements(first.productId)).toEqual({ create: 1, allocate: 1, fulfil: 1 });

  const second = await paidOrder();
  await cancel(
    second.orderId,
    beforeSave(() => cancel(second.orderId)),
  );
  expect(await shop.movements(second.productId)).toEqual({ create: 1, allocate: 1, deallocate: 1 });
});

test("I7 a cancellation waits for money that is on its way in", async () => {
  const { orderId, productId } = await newOrder();
  const deps = beforeSave(() => pay(orderId, "authorize"));
  // The authorization came through whole in between: it stays, and the stock goes back.
  expect(await cancel(orderId, deps)).toMatchObject({ ok: true });
  expect(await shop.order(orderId)).toMatchObject({ status: "cancelled", payment: "authorized" });
  expect(await numbers(productId)).toEqual({ total: 5, allocated: 0 });
});

test("a change of details keeps what happened to the order meanwhile", async () => {
  const { orderId } = await paidOrder();
  const deps = beforeSave(() => cancel(orderId));
  const edited = await changeOrderDetails(deps, shop.context, orderId, { orderNumber: "N-2" });
  expect(edited).toMatchObject({ ok: true });
  expect(await shop.order(orderId)).toMatchObject({ status: "cancelled", order_number: "N-2" });
});

/** The other one acts between the load and the save of what follows a stored claim. */
function afterClaim(other: () => Promise<unknown>): Deps {
  let saves = 0;
  const { orders } = shop.deps.storage;
  const save: typeof orders.save = async (...values) => {
    saves += 1;
    if (saves === 2) await other();
    return orders.save(...values);
  };
  return { ...shop.deps, storage: { ...shop.deps.storage, orders: { ...orders, save } } };
}
