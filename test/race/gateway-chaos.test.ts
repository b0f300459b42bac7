import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reconcilePayments } from "../../src/operations/reconcile-payments.ts";
import {
  approve,
  type Behaviour,
  decline,
  fakeGateway,
  hangAfterEffect,
  loseAnswer,
  loseCall,
} from "../fake-gateway.ts";
import { openShop, type Shop } from "./shop.ts";

/** Orders of the run; CHAOS=1000 for the long one. */
const ORDERS = Number(process.env.CHAOS ?? 80);
const SEED = Number(process.env.CHAOS_SEED ?? 20_261_121);

let clock = Date.now();
let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    passes: false,
    engines: 2,
    gateway: fakeGateway({ deadlineMs: 100 }),
    now: () => new Date(clock).toISOString(),
  });
});
afterAll(() => shop.close());

test(`D1 B1 ${ORDERS} orders through a gateway that loses every third answer: each thing is done once (CHAOS_SEED=${SEED})`, {
  timeout: 600_000,
}, async () => {
  let state = SEED;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  shop.gateway.otherwise((call, effect) => {
    const roll = random();
    const behaviour: Behaviour =
      roll < 0.2
        ? loseAnswer
        : roll < 0.3
          ? loseCall
          : roll < 0.33
            ? hangAfterEffect
            : roll < 0.4
              ? decline
              : approve;
    return behaviour(call, effect);
  });
  const productId = await shop.newProduct(ORDERS * 2);
  let conflicts = 0;

  /** As a careful client: the same key until there is a definite answer, a new one after a definite failure. */
  async function insist(send: (key: string) => Promise<{ status: number; body?: unknown }>): Promise<void> {
    let key = randomUUID();
    for (let tries = 0; tries < 6; tries += 1) {
      const { status, body } = await send(key);
      expect(status, JSON.stringify(body)).toBeLessThan(500);
      if (status < 300) return;
      if (status === 409) conflicts += 1;
      else key = randomUUID();
    }
  }

  await Promise.all(
    Array.from({ length: ORDERS }, async () => {
      const orderId = await shop.newOrder([{ productId }]);
      await insist((key) =>
        shop.pay(orderId, { method: "authorize" }, { headers: { "idempotency-key": key } }),
      );
      const transactions = await shop.ask("GET", `/v2/orders/${orderId}/transactions`);
      for (const { id, status } of transactions.body.data) {
        if (status === "pending" && random() < 0.5) await shop.transact("confirm", orderId, id);
        await insist((key) => shop.transact("capture", orderId, id, {}, key));
        for (const amount of [100, 100, 300]) {
          await insist((key) => shop.transact("refund", orderId, id, { amount }, key));
        }
      }
    }),
  );
  // Whatever is still open is found out by asking, at the latest when it can no longer be on its way.
  for (let pass = 0; pass < 3; pass += 1) {
    clock += 61_000;
    const before = new Date(clock + 1).toISOString();
    await reconcilePayments(shop.deps, shop.context, { before });
  }
  const open = await shop.sql("select 1 from orders where pending_since is not null");
  expect(open).toEqual([]);
  await shop.expectConsistent();

  // Each approved entry of the ledger is one complete operation of one order, of the same amount, and the other way round.
  type Row = { id: string; state: string };
  const orders = await shop.sql<Row>("select id, state from orders");
  const operations = orders.flatMap(({ state: text }) =>
    JSON.parse(text).payments.flatMap((payment: { operations: Operation[] }) => payment.operations),
  );
  const complete = operations
    .filter(({ status }) => status === "complete")
    .map(({ id, amount }) => `${id} ${amount}`);
  const approved = shop.gateway.ledger.filter(({ outcome }) => outcome.kind === "approved");
  expect(complete.toSorted()).toEqual(approved.map(({ key, amount }) => `${key} ${amount}`).toSorted());
  expect(complete.length).toBeGreaterThan(ORDERS);
  expect(conflicts).toBeGreaterThan(0);
});

type Operation = { id: string; status: string; amount: number };
