import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { capturePayment, refundPayment, voidPayment } from "../../src/operations/change-payment.ts";
import { payOrder } from "../../src/operations/pay-order.ts";
import type { MoveStock } from "../../src/operations/ports/stock.ts";
import { callOffOrder, shipOrder } from "../../src/operations/update-order.ts";
import { decline } from "../fake-gateway.ts";
import { openShop, type Shop } from "./shop.ts";

/** Steps of the random walk; WALK=10000 for the long run. */
const STEPS = Number(process.env.WALK ?? 600);
/** Another seed is another walk. */
const SEED = Number(process.env.WALK_SEED ?? 20_261_121);

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

const storeId = () => shop.context.store.storeId;
const moveByHand = (productId: string, action: MoveStock["action"], quantity: number) =>
  shop.deps.storage.stock.move(storeId(), {
    movementId: randomUUID(),
    productId,
    location: "",
    action,
    quantity,
    actor: "test",
    now: shop.deps.now(),
  });

type Walked = {
  orderId: string;
  paymentId: string;
  productId: string;
  quantity: number;
  state: "unpaid" | "authorized" | "paid" | "refunded" | "cancelled" | "shipped";
};

test(`F4 E10 ${STEPS} random steps move the numbers as a small model says (WALK_SEED=${SEED})`, {
  timeout: 600_000,
}, async () => {
  let state = SEED;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  // The model: two numbers and what was allocated by hand for each product, a state for each order.
  const stock = new Map<string, { total: number; allocated: number; byHand: number }>();
  for (let count = 0; count < 3; count += 1) {
    stock.set(await shop.newProduct(6), { total: 6, allocated: 0, byHand: 0 });
  }
  const orders: Walked[] = [];
  const done: Record<string, number> = {};

  const steps: Record<string, (order: Walked) => Promise<[came: boolean, expected: boolean]>> = {
    async pay(order) {
      const level = stock.get(order.productId) as { total: number; allocated: number };
      const [method, declined] = [random(2) === 0 ? "authorize" : "purchase", random(4) === 0] as const;
      const may = order.state === "unpaid" && level.total - level.allocated >= order.quantity;
      if (declined && may) shop.gateway.script(decline);
      const [orderId, paymentId] = [order.orderId, randomUUID()];
      if (may) order.paymentId = paymentId;
      const paid = await payOrder(shop.deps, shop.context, { orderId, paymentId, gateway: "fake", method });
      if (may && !declined) {
        level.allocated += order.quantity;
        order.state = method === "authorize" ? "authorized" : "paid";
      }
      return [paid.ok, may && !declined];
    },
    async capture(order) {
      const ids = { paymentId: order.paymentId, operationId: randomUUID(), mechanism: "gateway" } as const;
      const captured = await capturePayment(shop.deps, shop.context, order.orderId, ids);
      const expected = order.state === "authorized";
      if (expected) order.state = "paid";
      return [captured.ok, expected];
    },
    async release(order) {
      const ids = { paymentId: order.paymentId, operationId: randomUUID() };
      const released = await voidPayment(shop.deps, shop.context, order.orderId, ids);
      const expected = order.state === "authorized";
      if (expected) {
        giveBack(order);
        order.state = "unpaid";
      }
      return [released.ok, expected];
    },
    async refund(order) {
      const ids = { paymentId: order.paymentId, operationId: randomUUID(), amount: 1000 * order.quantity };
      const refunded = await refundPayment(shop.deps, shop.context, order.orderId, ids);
      const expected = order.state === "paid";
      if (expected) order.state = "refunded";
      return [refunded.ok, expected];
    },
    async cancel(order) {
      const cancelled = await callOffOrder(shop.deps, shop.context, order.orderId);
      const expected = order.state !== "cancelled" && order.state !== "shipped";
      if (expected) {
        if (order.state !== "unpaid") giveBack(order);
        order.state = "cancelled";
        order.paymentId = "none";
      }
      return [cancelled.ok, expected];
    },
    async ship(order) {
      const shipped = await shipOrder(shop.deps, shop.context, order.orderId);
      const expected = order.state === "paid";
      if (expected) {
        giveBack(order);
        (stock.get(order.productId) as { total: number }).total -= order.quantity;
        order.state = "shipped";
        order.paymentId = "none";
      }
      return [shipped.ok, expected];
    },
    async byHand({ productId }) {
      const actions = ["increment", "decrement", "allocate", "deallocate", "set"] as const;
      const [action, quantity] = [actions[random(5)] ?? "set", random(6)];
      const level = stock.get(productId) as { total: number; allocated: number; byHand: number };
      const next = {
        increment: { ...level, total: level.total + quantity },
        decrement: { ...level, total: level.total - quantity },
        allocate: { ...level, allocated: level.allocated + quantity, byHand: level.byHand + quantity },
        deallocate: { ...level, allocated: level.allocated - quantity, byHand: level.byHand - quantity },
        set: { ...level, total: quantity },
      }[action];
      const expected = next.byHand >= 0 && next.allocated <= next.total;
      const moved = await moveByHand(productId, action, quantity);
      if (expected) stock.set(productId, next);
      return [moved.kind === "moved", expected];
    },
  };
  function giveBack({ productId, quantity }: Walked): void {
    (stock.get(productId) as { allocated: number }).allocated -= quantity;
  }

  const names = Object.keys(steps);
  const choice = [...names, "pay", "pay", "capture", "refund", "ship"];
  for (let step = 0; step < STEPS; step += 1) {
    if (orders.length < 2 || random(6) === 0) {
      const productId = [...stock.keys()][random(stock.size)] as string;
      const quantity = 1 + random(3);
      // Enough for the checkout, which is not what is walked here.
      await moveByHand(productId, "increment", quantity);
      (stock.get(productId) as { total: number }).total += quantity;
      const level = stock.get(productId) as { total: number; allocated: number };
      if (level.total - level.allocated < quantity) continue;
      const orderId = await shop.newOrder([{ productId, quantity }]);
      orders.push({ orderId, paymentId: "none", productId, quantity, state: "unpaid" });
    }
    const order = orders[Math.max(0, orders.length - 1 - random(8))] as Walked;
    const name = choice[random(choice.length)] as string;
    const [came, expected] = await (steps[name] as (typeof steps)[string])(order);
    expect(came, `step ${step}: ${name} of an order that is ${order.state}`).toBe(expected);
    if (came) done[name] = (done[name] ?? 0) + 1;
    const { total, allocated } = await shop.stockOf(order.productId);
    expect({ total, allocated }, `step ${step}: ${name}`).toMatchObject({
      total: stock.get(order.productId)?.total,
      allocated: stock.get(order.productId)?.allocated,
    });
  }
  // Every kind of step came about, or the walk said nothing about it.
  expect(Object.keys(done).toSorted()).toEqual(names.toSorted());
});

test("E8 by hand the total is not brought below what is allocated, and the refusal says the numbers", async () => {
  const productId = await shop.newProduct(5);
  await shop.pay(await shop.newOrder([{ productId, quantity: 3 }]));
  for (const [action, quantity] of [
    ["set", 2],
    ["decrement", 3],
  ] as const) {
    expect(await moveByHand(productId, action, quantity)).toMatchObject({
      kind: "refused",
      row: { total: 5, allocated: 3 },
    });
    const data = { type: "stock-transaction", action, quantity };
    const answer = await shop.ask("POST", `/v2/inventories/${productId}/transactions`, { data });
    expect(answer.status).toBe(422);
  }
  expect(await moveByHand(productId, "set", 3)).toMatchObject({ kind: "moved" });
});

test("E8 cancelling needs no free stock, and always works", async () => {
  const productId = await shop.newProduct(3);
  const orderId = await shop.newOrder([{ productId, quantity: 3 }]);
  await shop.pay(orderId);
  expect(await shop.stockOf(productId)).toMatchObject({ total: 3, allocated: 3 });
  // What the order holds cannot be taken from it by hand, so that it is there to be given back.
  expect(await moveByHand(productId, "deallocate", 1)).toMatchObject({ kind: "refused" });
  expect(await shop.deps.storage.stock.delete(storeId(), deletion(productId))).toBe("allocated");
  const cancelled = await shop.ask("PUT", `/v2/orders/${orderId}`, {
    data: { type: "order", status: "cancelled" },
  });
  expect(cancelled.status).toBe(200);
  expect(await shop.stockOf(productId)).toMatchObject({ total: 3, allocated: 0 });
});

test("E8 what was allocated by hand is given back by hand, up to that", async () => {
  const productId = await shop.newProduct(9);
  await shop.pay(await shop.newOrder([{ productId, quantity: 2 }]));
  expect(await moveByHand(productId, "allocate", 3)).toMatchObject({ kind: "moved" });
  expect(await moveByHand(productId, "deallocate", 4)).toMatchObject({ kind: "refused" });
  const answers = await Promise.all([1, 2, 3, 4].map(() => moveByHand(productId, "deallocate", 1)));
  expect(answers.filter(({ kind }) => kind === "moved")).toHaveLength(3);
  expect(await shop.stockOf(productId)).toMatchObject({ total: 9, allocated: 2 });
});

test("E10 a movement says who, why, for which order, and the numbers before and after", async () => {
  const productId = await shop.newProduct(5);
  const orderId = await shop.newOrder([{ productId, quantity: 2 }]);
  await shop.pay(orderId);
  await shop.ask("PUT", `/v2/orders/${orderId}`, { data: { type: "order", shipping: "fulfilled" } });
  const rows = await shop.sql(
    `select action, quantity::int, order_id, actor, total_before::int, allocated_before::int, total_after::int,
            allocated_after::int
       from stock_movement where product_id = $1 order by seq`,
    [productId],
  );
  const client = expect.stringContaining("client:");
  const numbers = (before: [number, number], after: [number, number]) => ({
    total_before: before[0],
    allocated_before: before[1],
    total_after: after[0],
    allocated_after: after[1],
  });
  expect(rows).toEqual([
    { action: "create", quantity: 5, order_id: null, actor: "test", ...numbers([0, 0], [5, 0]) },
    { action: "allocate", quantity: 2, order_id: orderId, actor: client, ...numbers([5, 0], [5, 2]) },
    { action: "fulfil", quantity: 2, order_id: orderId, actor: client, ...numbers([5, 2], [3, 0]) },
  ]);
});

test("E9 being out of stock is said of the line, when adding, at checkout and when paying", async () => {
  const productId = await shop.newProduct(2);
  const fresh = (quantity: number) => ({ data: { type: "cart_item", id: productId, quantity } });
  const cart = await shop.newCart([{ productId, quantity: 2 }]);
  const other = await shop.newOrder([{ productId, quantity: 2 }]);
  const own = await shop.newOrder([{ productId, quantity: 2 }]);
  await shop.pay(other);
  const answers = [
    await shop.ask("POST", `/v2/carts/${randomUUID()}/items`, fresh(1), { as: "shopper" }),
    await shop.checkOut(cart),
    await shop.pay(own),
  ];
  for (const { status, body } of answers) {
    expect([status, body.errors[0].title, body.errors[0].meta.id]).toEqual([
      400,
      "Insufficient stock",
      productId,
    ]);
    expect(JSON.stringify(body.errors[0].detail)).not.toMatch(/\d/);
  }
});

const deletion = (productId: string) => ({
  movementId: randomUUID(),
  productId,
  actor: "test",
  now: shop.deps.now(),
});
