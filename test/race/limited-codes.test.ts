import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { payOrder } from "../../src/operations/pay-order.ts";
import { waitUntil } from "../engine.ts";
import { decline, fakeGateway, hold, loseAnswer } from "../fake-gateway.ts";
import { interleave } from "./interleave.ts";
import { byStatus, openShop, type Shop } from "./shop.ts";

let shop: Shop;
let clock = 0;
beforeAll(async () => {
  shop = await openShop({
    engines: 2,
    gateway: fakeGateway({ deadlineMs: 2_000 }),
    now: () => new Date(Date.now() + clock).toISOString(),
  });
});
afterAll(() => shop.close());

let made = 0;
/** A code worth 1.00 dollar, for so many uses. */
async function newCode(uses: number, members: object = {}): Promise<{ code: string; promotionId: string }> {
  made += 1;
  const code = `LIMIT-${made}`;
  const data = {
    type: "promotion",
    name: code,
    description: code,
    enabled: true,
    automatic: false,
    promotion_type: "fixed_discount",
    schema: { currencies: [{ currency: "USD", amount: 100 }] },
    start: "2020-01-01",
    end: "2090-01-01",
    ...members,
  };
  const promotionId = (await shop.ask("POST", "/v2/promotions", { data })).body.data.id;
  const codes = { data: { type: "promotion_codes", codes: [{ code, uses }] } };
  expect((await shop.ask("POST", `/v2/promotions/${promotionId}/codes`, codes)).status).toBe(201);
  return { code, promotionId };
}

const enter = (cart: string, code: string) =>
  shop.ask("POST", `/v2/carts/${cart}/items`, { data: { type: "promotion_item", code } }, { as: "shopper" });

/** A cart with the code in it. */
async function cartWith(code: string, product: string): Promise<string> {
  const cart = await shop.newCart([{ productId: product }]);
  const entered = await enter(cart, code);
  expect(entered.status, JSON.stringify(entered.body)).toBe(201);
  return cart;
}

async function orderWith(code: string): Promise<string> {
  const placed = await shop.checkOut(await cartWith(code, await shop.newProduct(5)));
  expect(placed.status, JSON.stringify(placed.body)).toBe(201);
  return placed.body.data.id;
}

/** What the code has left by its own count, and what its uses add up to. */
async function left(code: string): Promise<{ left: number; uses: Readonly<Record<string, number>> }> {
  const [row] = await shop.sql<{ left: number }>(
    "select (max_uses - used - held)::int as left from promotion_code where code = $1",
    [code],
  );
  const uses = await shop.sql<{ state: string; times: number }>(
    "select state, sum(times)::int as times from promotion_use where code = $1 group by state",
    [code],
  );
  return {
    left: row?.left ?? Number.NaN,
    uses: Object.fromEntries(uses.map(({ state, times }) => [state, times])),
  };
}

describe("G1 a limited code", () => {
  test.each([1, 10])(
    "for %i is used exactly as often by 100 buyers at once on two engines",
    async (limit) => {
      const { code } = await newCode(limit);
      const product = await shop.newProduct(1_000);
      const carts = await Promise.all(Array.from({ length: 100 }, () => cartWith(code, product)));
      const placed = await Promise.all(carts.map((cart) => shop.checkOut(cart)));
      expect(byStatus(placed)).toEqual({ 201: limit, 422: 100 - limit });
      for (const { body } of placed.filter(({ status }) => status === 422)) {
        expect(body.errors).toMatchObject([{ title: "Promotion code refused", meta: { code } }]);
      }
      const orders = placed.filter(({ status }) => status === 201).map(({ body }) => body.data.id as string);
      const paid = await Promise.all(orders.map((id) => shop.pay(id)));
      expect(byStatus(paid)).toEqual({ 201: limit });
      expect(await left(code)).toEqual({ left: 0, uses: { final: limit } });
      expect(orders.map((id) => shop.gateway.taken(id))).toEqual(orders.map(() => 900));
      await shop.expectConsistent();
    },
  );

  test("for 1 is used once by one shopper in 20 tabs", async () => {
    const { code } = await newCode(1);
    const cart = await cartWith(code, await shop.newProduct(100));
    const placed = await Promise.all(Array.from({ length: 20 }, () => shop.checkOut(cart)));
    expect(byStatus(placed)).toEqual({ 201: 1, 422: 19 });
  });
});

describe("G2 a use", () => {
  test("is held by the checkout, and final with the payment; a refund does not give it back", async () => {
    const { code } = await newCode(2);
    const id = await orderWith(code);
    expect(await left(code)).toEqual({ left: 1, uses: { held: 1 } });
    const paid = await shop.pay(id);
    expect(await left(code)).toEqual({ left: 1, uses: { final: 1 } });
    expect((await shop.transact("refund", id, paid.body.data.id)).status).toBe(200);
    expect(await left(code)).toEqual({ left: 1, uses: { final: 1 } });
  });

  test("is final with an authorization, and comes back when that is voided", async () => {
    const { code } = await newCode(1);
    const id = await orderWith(code);
    const paid = await shop.pay(id, { method: "authorize" });
    expect(await left(code)).toEqual({ left: 0, uses: { final: 1 } });
    expect((await shop.transact("cancel", id, paid.body.data.id)).status).toBe(200);
    expect(await left(code)).toEqual({ left: 1, uses: {} });
  });

  test("comes back when the payment is declined; the next payment of the order holds it anew, or is refused", async () => {
    const { code } = await newCode(1);
    const id = await orderWith(code);
    shop.gateway.script(decline);
    expect((await shop.pay(id)).status).toBe(400);
    expect(await left(code)).toEqual({ left: 1, uses: {} });
    const other = await orderWith(code);
    const calls = shop.gateway.calls.length;
    expect(await shop.pay(id)).toMatchObject({ status: 422, body: { errors: [{ meta: { code } }] } });
    expect(shop.gateway.calls.length).toBe(calls);
    expect((await shop.order(id)).status).toBe("incomplete");
    expect(
      (await shop.ask("PUT", `/v2/orders/${other}`, { data: { type: "order", status: "cancelled" } })).status,
    ).toBe(200);
    expect(await left(code)).toEqual({ left: 1, uses: {} });
    expect((await shop.pay(id)).status).toBe(201);
    expect(await left(code)).toEqual({ left: 0, uses: { final: 1 } });
    await shop.expectConsistent();
  });

  test("stays held while nobody knows what the gateway did", async () => {
    const { code } = await newCode(1);
    const id = await orderWith(code);
    shop.gateway.script(loseAnswer);
    await shop.pay(id);
    expect(await left(code)).toMatchObject({ left: 0 });
  });

  test("comes back from an order that nobody pays for within the hour, but not from one that is just being paid", async () => {
    const [abandoned, paying] = [await newCode(1), await newCode(1)];
    await orderWith(abandoned.code);
    const busy = await orderWith(paying.code);
    const gate = hold();
    shop.gateway.script(gate.behaviour);
    const answer = shop.pay(busy);
    await gate.arrived;
    clock += 3_700_000;
    try {
      const { promotionUses } = shop.deps.storage;
      const before = new Date(Date.parse(shop.deps.now()) - 3_600_000).toISOString();
      await waitUntil(
        async () => (await promotionUses.giveBackExpired(shop.context.store.storeId, before, 100)) === 0,
      );
      expect(await left(abandoned.code)).toEqual({ left: 1, uses: {} });
      expect(await left(paying.code)).toEqual({ left: 0, uses: { held: 1 } });
    } finally {
      clock -= 3_700_000;
      gate.release();
    }
    expect((await answer).status).toBe(201);
    expect(await left(paying.code)).toEqual({ left: 0, uses: { final: 1 } });
  });

  test("that is given back right before its order is paid for is held anew, or refuses the payment", async () => {
    const { code } = await newCode(1);
    const id = await orderWith(code);
    const { storeId } = shop.context.store;
    const deps = interleave(shop.deps, "before", "orders", "save", () =>
      shop.deps.storage.promotionUses.giveBack(storeId, id),
    );
    const paid = await payOrder(deps, shop.context, {
      orderId: id,
      paymentId: randomUUID(),
      gateway: shop.gateway.slug,
      method: "purchase",
    });
    expect(paid).toMatchObject({ ok: true });
    expect(await left(code)).toEqual({ left: 0, uses: { final: 1 } });
  });

  test("of a promotion that the merchant deletes is nobody's any more, and its orders can be paid", async () => {
    const { code, promotionId } = await newCode(1);
    const id = await orderWith(code);
    expect((await shop.ask("DELETE", `/v2/promotions/${promotionId}`)).status).toBe(204);
    expect((await shop.pay(id)).status).toBe(201);
    expect(shop.gateway.taken(id)).toBe(900);
  });
});

test.each([1, 2, 3, 4, 5])(
  "G3 of %i uses the last is allowed, and one more is told when the code is entered",
  async (limit) => {
    const { code } = await newCode(limit);
    for (let use = 0; use < limit; use += 1) await orderWith(code);
    const cart = await shop.newCart([{ productId: await shop.newProduct(5) }]);
    expect(await enter(cart, code)).toMatchObject({
      status: 422,
      body: {
        errors: [{ detail: "The promotion code has been used as often as it may be", meta: { code } }],
      },
    });
  },
);

test("G3 a code that is used up meanwhile is told by the cart and before the order is made without it", async () => {
  const { code } = await newCode(1);
  const cart = await cartWith(code, await shop.newProduct(5));
  await orderWith(code);
  const items = await shop.ask("GET", `/v2/carts/${cart}/items`, undefined, { as: "shopper" });
  expect(items.body.meta.messages).toMatchObject([
    { description: "The code has been used as often as it may be." },
  ]);
  expect(items.body.meta.display_price.with_tax.amount).toBe(1000);
  expect((await shop.checkOut(cart)).status).toBe(422);
  const removed = await shop.ask("DELETE", `/v2/carts/${cart}/discounts/${code}`, undefined, {
    as: "shopper",
  });
  expect(removed.status).toBe(204);
  expect((await shop.checkOut(cart)).status).toBe(201);
});

test("G6 an order of nothing is paid for without a word to the gateway", async () => {
  const { code } = await newCode(5, {
    promotion_type: "percent_discount",
    schema: { currencies: [{ currency: "USD", percentage: 100 }] },
  });
  const id = await orderWith(code);
  const calls = shop.gateway.calls.length;
  expect((await shop.pay(id)).status).toBe(201);
  expect(await shop.order(id)).toMatchObject({ status: "complete", payment: "paid" });
  expect(shop.gateway.calls.length).toBe(calls);
});
