import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callOffWithMoney, captureOrder, refundOrder } from "../../src/operations/order-money.ts";
import { approve, decline, loseAnswer } from "../fake-gateway.ts";
import { openShop, type Shop } from "./shop.ts";

// What is done with the money of an order as a whole, over all of its payments.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

/** An order of 10.00 that was paid for in these parts. */
async function paidInParts(parts: readonly number[], method = "purchase") {
  const productId = await shop.newProduct(1);
  const orderId = await shop.newOrder([{ productId }]);
  for (const amount of parts) expect((await shop.pay(orderId, { amount, method })).status).toBe(201);
  return { orderId, productId };
}
const refund = (orderId: string, amount: number, name = "refund") =>
  refundOrder(shop.deps, shop.context, orderId, {
    ...{ amount, reason: "other", operationId: (index) => `${orderId}-${name}-${index}` },
  });
const refundsOf = (orderId: string) =>
  shop.gateway.ledger.filter((entry) => entry.orderId === orderId && entry.type === "refund");

describe("a refund of an order", () => {
  test("I2 is split over its payments, each part against its own", async () => {
    const { orderId } = await paidInParts([300, 700]);
    expect(await refund(orderId, 800)).toMatchObject({ ok: true });
    const payments = (await shop.deps.storage.orders.load(shop.context.store.storeId, orderId))?.payments;
    expect(refundsOf(orderId).map(({ paymentId, amount }) => [paymentId, amount])).toEqual([
      [payments?.[0]?.id, 300],
      [payments?.[1]?.id, 500],
    ]);
  });

  test("I2 I1 is refused whole when the payments do not have so much left, and the rest can be refunded", async () => {
    const { orderId } = await paidInParts([300, 700]);
    await refund(orderId, 800, "first");
    expect(await refund(orderId, 201, "second")).toMatchObject({
      ok: false,
      error: { type: "refund_exceeds_captured", refundable: 200 },
    });
    expect(await refund(orderId, 200, "third")).toMatchObject({ ok: true });
    expect(shop.gateway.taken(orderId)).toBe(0);
  });

  test("I2 D1 repeated after a lost answer, it pays each part back once", async () => {
    const { orderId } = await paidInParts([300, 700]);
    shop.gateway.script(loseAnswer);
    await refund(orderId, 800);
    for (const _ of [1, 2]) expect(await refund(orderId, 800)).toMatchObject({ ok: true });
    expect(refundsOf(orderId).map(({ amount }) => amount)).toEqual([300, 500]);
  });
});

test("I5 a capture takes every authorization that is left, and no other payment", async () => {
  const { orderId } = await paidInParts([300], "authorize");
  expect((await shop.pay(orderId, { amount: 700 })).status).toBe(201);
  for (const _ of [1, 2])
    expect(await captureOrder(shop.deps, shop.context, orderId)).toMatchObject({ ok: true });
  expect([shop.gateway.taken(orderId), shop.gateway.reserved(orderId)]).toEqual([1000, 0]);
  expect((await shop.order(orderId)).payment).toBe("paid");
});

describe("I7 an order that is called off with its money", () => {
  test.each([
    ["unpaid", [], "purchase"],
    ["partially authorized", [400], "authorize"],
    ["authorized in parts", [400, 600], "authorize"],
    ["partially paid", [400], "purchase"],
    ["paid in parts", [400, 600], "purchase"],
  ] as const)(
    "and was %s: nothing is taken, nothing set aside, nothing allocated",
    async (_name, parts, method) => {
      const { orderId, productId } = await paidInParts(parts, method);
      expect(await callOffWithMoney(shop.deps, shop.context, orderId)).toMatchObject({ ok: true });
      expect(await callOffWithMoney(shop.deps, shop.context, orderId)).toMatchObject({ ok: true });
      expect((await shop.order(orderId)).status).toBe("cancelled");
      expect([shop.gateway.taken(orderId), shop.gateway.reserved(orderId)]).toEqual([0, 0]);
      expect(await shop.stockOf(productId)).toMatchObject({ total: 1, allocated: 0 });
    },
  );

  test("goes on where it stopped, when a part could not be paid back at first; a refund of its own is a hindrance", async () => {
    const { orderId } = await paidInParts([400, 600]);
    shop.gateway.script(approve, decline);
    expect(await callOffWithMoney(shop.deps, shop.context, orderId)).toMatchObject({ ok: false });
    expect(shop.gateway.taken(orderId)).toBe(600);
    expect(await callOffWithMoney(shop.deps, shop.context, orderId)).toMatchObject({ ok: true });
    expect(shop.gateway.taken(orderId)).toBe(0);

    const other = await paidInParts([1000]);
    await refund(other.orderId, 100);
    expect(await callOffWithMoney(shop.deps, shop.context, other.orderId)).toMatchObject({
      ok: false,
      error: { type: "order_has_refunds" },
    });
  });

  test.each(["authorize", "purchase"])(
    "is not, while the gateway keeps the money of its %s",
    async (method) => {
      const { orderId, productId } = await paidInParts([1000], method);
      shop.gateway.script(decline);
      expect(await callOffWithMoney(shop.deps, shop.context, orderId)).toMatchObject({ ok: false });
      expect((await shop.order(orderId)).status).not.toBe("cancelled");
      expect((await shop.stockOf(productId)).allocated).toBe(1);
      expect(await callOffWithMoney(shop.deps, shop.context, orderId)).toMatchObject({ ok: true });
    },
  );
});
