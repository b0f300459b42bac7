import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { SeenPayment } from "../../src/domain/order/seen-payment.ts";
import { payOrder } from "../../src/operations/pay-order.ts";
import { processGatewayEvents } from "../../src/operations/process-gateway-events.ts";
import { reconcileGateway } from "../../src/operations/reconcile-payments.ts";
import { retryPauses } from "../../src/operations/retry-pauses.ts";
import { isUnavailable } from "../../src/storage/postgres/database.ts";
import { startWorker, type Worker } from "../../src/worker/worker.ts";
import { waitUntil } from "../engine.ts";
import { type FakeGateway, fakeGateway, loseAnswer } from "../fake-gateway.ts";
import { openShop, type Shop } from "./shop.ts";

// Gateways that tell of payments and can be asked about them; what they answer is in the tests' hands.

type Look = (reference: string) => Promise<SeenPayment | undefined>;
type Telling = FakeGateway & { look: Look; readonly looked: string[] };

function telling(slug: string): Telling {
  const gateway: Telling = Object.assign(fakeGateway({ slug, deadlineMs: 60_000 }), {
    look: async () => undefined,
    looked: [] as string[],
  });
  return Object.assign(gateway, {
    events: {
      path: slug,
      read: async () => undefined,
      async *since() {},
      look(reference: string) {
        gateway.looked.push(reference);
        return gateway.look(reference);
      },
    },
  });
}

/** Payments at the slow gateway: whoever asks about all of them first waits for longer than `SOON_MS`. */
const STUCK = 12;
const SOON_MS = 30_000;
const slow = telling("slow");
const fast = telling("fast");
let clock = Date.now();
let shop: Shop;
let worker: Worker | undefined;
let releases: (() => void)[] = [];
let isTesting = false;
beforeAll(async () => {
  const now = () => new Date(clock).toISOString();
  shop = await openShop({ gateway: slow, others: [fast], now });
});
beforeEach(() => {
  isTesting = true;
});
afterEach(async () => {
  isTesting = false;
  for (const release of releases) release();
  releases = [];
  await worker?.stop();
  worker = undefined;
});
afterAll(() => shop.close());

/** Never answers, until the test is over. */
const hang = () =>
  new Promise<never>((_resolve, reject) => {
    const release = (): void => reject(new Error("The test is over"));
    if (isTesting) releases.push(release);
    else release();
  });
/** Starts a worker beside the engine's own, and waits until both of them wait for the slow gateway. */
const startStuck = async (asked: () => number): Promise<void> => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  worker = startWorker(shop.deps, log, isUnavailable, { everyMs: 1, questionsAtOnce: 2, roundMs: 600_000 });
  await waitUntil(() => asked() > 2, SOON_MS);
};
const found = (): number => slow.calls.filter(({ type }) => type === "find").length;
/** A purchase whose answer was lost. */
async function lost(gateway: FakeGateway, productId: string) {
  const orderId = await shop.newOrder([{ productId }]);
  const paymentId = randomUUID();
  gateway.script(loseAnswer);
  const attempt = { orderId, paymentId, gateway: gateway.slug, method: "purchase" } as const;
  expect(await payOrder(shop.deps, shop.context, attempt)).toMatchObject({ ok: true });
  return { orderId, paymentId };
}
const paid = async ({ orderId }: { orderId: string }) => (await shop.order(orderId)).payment === "paid";
const tell = (gateway: FakeGateway, references: readonly string[], received: number) =>
  shop.deps.storage.gatewayEvents.add(
    shop.context.store.storeId,
    gateway.slug,
    references.map((reference) => ({
      id: `evt_${reference}_${received}`,
      type: "payment.changed",
      occurredAt: new Date(received).toISOString(),
      reference,
    })),
    new Date(received).toISOString(),
  );
const seen = ({ orderId, paymentId }: { orderId: string; paymentId: string }): SeenPayment => ({
  reference: `ref-${paymentId}`,
  orderId,
  paymentId,
  state: "captured",
  authorized: 0,
  captured: 1000,
  refunds: [],
});
const openAt = async (gateway: FakeGateway): Promise<string[]> => {
  const rows = await shop.sql<{ reference: string }>(
    "select reference from gateway_event where gateway = $1 and processed_at is null order by received_at, id",
    [gateway.slug],
  );
  return rows.map(({ reference }) => reference);
};

test("D1 payments at a gateway that answers are settled while another one, asked before, never answers", async () => {
  const productId = await shop.newProduct(STUCK + 3);
  const stuck = [];
  for (let count = 0; count < STUCK; count += 1) {
    stuck.push(await lost(slow, productId));
    clock += 1000;
  }
  clock += 120_000;
  slow.scriptFind(...Array.from({ length: 2 * STUCK }, () => hang));
  await startStuck(found);
  const quick = [await lost(fast, productId), await lost(fast, productId), await lost(fast, productId)];
  clock += 61_000;
  for (const order of quick) await waitUntil(() => paid(order), SOON_MS);
  for (const order of stuck) expect(await paid(order)).toBe(false);
  // None of its questions was answered meanwhile.
  expect(releases).toHaveLength(found());
});

test("R8 what a gateway tells is looked at while another one, which told before, never answers", async () => {
  const productId = await shop.newProduct(20);
  const order = await lost(fast, productId);
  slow.look = hang;
  fast.look = async () => seen(order);
  const stuck = Array.from({ length: STUCK }, (_, count) => `s-${100 + count}`);
  await tell(slow, stuck, clock - 1000);
  await startStuck(() => slow.looked.length);
  await tell(fast, [`ref-${order.paymentId}`], clock);
  await waitUntil(() => paid(order), SOON_MS);
  await waitUntil(async () => (await openAt(fast)).length === 0, SOON_MS);
  expect(await openAt(slow)).toEqual(stuck);
  // A call of the gateway that answers gets through too.
  const next = await lost(fast, productId);
  fast.look = async () => seen(next);
  await tell(fast, [`ref-${next.paymentId}`], clock);
  shop.deps.bell.ring(shop.context.store.storeId, "fast");
  await waitUntil(() => paid(next), SOON_MS);
});

test("R8 any number of payments that cannot be looked at keep no later one from being looked at in the same pass", async () => {
  await shop.sql("delete from gateway_event");
  const order = await lost(fast, await shop.newProduct(1));
  const broken = Array.from({ length: 250 }, (_, count) => `broken-${1000 + count}`);
  const works = `ref-${order.paymentId}`;
  fast.look = async (reference) => {
    if (reference !== works) throw new Error("500");
    return seen(order);
  };
  // As many in one and the same millisecond as no page holds, and all of them before the one that works.
  await tell(fast, broken, clock);
  await tell(fast, [works], clock + 1);
  const pauses = retryPauses();
  const { deps, context } = shop;
  // The engine's own worker may be at it too; whoever settles the payment, every one was looked at once in this pass.
  fast.looked.length = 0;
  const pass = () => processGatewayEvents(deps, context, "fast", { pauses });
  const report = await pass();
  expect(report.failed).toBe(250);
  await waitUntil(() => paid(order), SOON_MS);
  expect(await openAt(fast)).toEqual(broken);

  // They are left alone until their pause is over, but not what is told anew.
  expect(await pass()).toEqual({ changed: 0, known: 0, foreign: 0, failed: 0, later: 0, stuck: 0 });
  await tell(fast, ["broken-1100"], clock + 2);
  expect(await pass()).toMatchObject({ failed: 1 });
  clock += 5_000;
  expect(await pass()).toMatchObject({ failed: 249 });
  clock += 5_000;
  expect(await pass()).toMatchObject({ failed: 1 });
});

test("a pass that is over begins no other question, and the next one goes on from there", async () => {
  const productId = await shop.newProduct(10);
  const orders = [];
  for (let count = 0; count < 4; count += 1) {
    orders.push(await lost(fast, productId));
    clock += 1000;
  }
  const before = new Date(clock).toISOString();
  const asked: string[] = [];
  const remember = async ({ orderId }: { orderId: string }) => {
    asked.push(orderId);
    throw new Error("503");
  };
  fast.scriptFind(...Array.from({ length: 4 }, () => remember));
  const { deps, context } = shop;
  const first = await reconcileGateway(deps, context, "fast", {
    before,
    atOnce: 1,
    isOver: () => asked.length >= 2,
  });
  expect(first).toMatchObject({ pending: 2, unknown: 2, next: { orderId: orders[1]?.orderId } });
  const { next } = first;
  const second = await reconcileGateway(deps, context, "fast", {
    before,
    atOnce: 1,
    ...(next && { after: next }),
  });
  expect(second).toEqual({ pending: 2, completed: 0, failed: 0, unknown: 2 });
  expect(asked).toEqual(orders.map(({ orderId }) => orderId));
});
