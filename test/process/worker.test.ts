import { afterEach, describe, expect, test } from "vitest";
import { createBell } from "../../src/operations/bell.ts";
import type { Deps } from "../../src/operations/deps.ts";
import { isUnavailable } from "../../src/storage/postgres/database.ts";
import { startWorker, type Worker } from "../../src/worker/worker.ts";
import { newReference, startTestEngine, type TestEngine, waitUntil } from "../engine.ts";
import { fakeGateway, loseAnswer } from "../fake-gateway.ts";

type Line = { readonly fields: Readonly<Record<string, unknown>>; readonly message: string };

const workers: Worker[] = [];
const engines: TestEngine[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  for (const engine of engines.splice(0)) await engine.close();
});

/** A worker that goes on at once after every pass, and what it logs. */
function start(deps: Deps): { readonly worker: Worker; readonly lines: Line[] } {
  const lines: Line[] = [];
  const note = (fields: object, message: string): void => {
    lines.push({ fields: { ...fields }, message });
  };
  const worker = startWorker(deps, { info: note, warn: note, error: note }, isUnavailable, { everyMs: 1 });
  workers.push(worker);
  return { worker, lines };
}

describe("on a whole engine with a clock of the test", () => {
  const minutes = 60_000;
  const days = 24 * 60 * minutes;
  let now = Date.parse("2026-03-01T12:00:00.000Z");
  const gateway = fakeGateway();

  async function startShop(): Promise<TestEngine> {
    const surroundings = { now: () => new Date(now).toISOString(), gateways: [gateway] };
    const engine = await startTestEngine({ surroundings });
    engines.push(engine);
    return engine;
  }

  /** Puts something into a new cart, under a key; answers the cart and the key. */
  async function fillCart({ ask }: TestEngine): Promise<{ readonly cart: string; readonly key: string }> {
    const cart = newReference();
    const key = newReference();
    const item = { type: "cart_item", sku: "WF-PITCHER", quantity: 1 };
    const headers = { "idempotency-key": key };
    const added = await ask("POST", `/v2/carts/${cart}/items`, { data: item }, { headers });
    expect(added.status).toBe(201);
    return { cart, key };
  }

  test("expired carts and old keys go, and the others stay", async () => {
    const shop = await startShop();
    const { pool } = shop.engine.core.database;
    const present = async () => ({
      carts: (await pool.query("select id from cart")).rows.map(({ id }) => id),
      keys: (await pool.query("select key from idempotency_key")).rows.map(({ key }) => key),
    });
    const old = await fillCart(shop);
    now += 7 * days + 1;
    const young = await fillCart(shop);
    expect((await present()).carts).toContain(young.cart);
    start(shop.engine.core.deps);
    await waitUntil(async () => {
      const { carts, keys } = await present();
      return !carts.includes(old.cart) && !keys.includes(old.key);
    });
    expect(await present()).toEqual({ carts: [young.cart], keys: [young.key] });
  });

  test("a payment whose answer was lost is settled after a minute", async () => {
    const shop = await startShop();
    const { deps } = shop.engine.core;
    await deps.storage.gatewaySettings.save(
      shop.engine.storeId,
      { slug: gateway.slug, enabled: true, settings: {} },
      deps.now(),
    );
    const { cart } = await fillCart(shop);
    const customer = { name: "Ada Byron", email: "ada@example.com" };
    const address = {
      first_name: "Ada",
      last_name: "Byron",
      line_1: "1 Long Lane",
      postcode: "90210",
      country: "US",
      region: "CA",
    };
    const placed = await shop.ask("POST", `/v2/carts/${cart}/checkout`, {
      data: { customer, billing_address: address },
    });
    const order = `/v2/orders/${placed.body.data.id}`;
    gateway.script(loseAnswer);
    await shop.ask("POST", `${order}/payments`, { data: { gateway: gateway.slug, method: "purchase" } });
    const paymentOf = async () => (await shop.ask("GET", order)).body.data.payment;
    expect(await paymentOf()).not.toBe("paid");

    now += 2 * minutes;
    const { lines } = start(deps);
    await waitUntil(async () => (await paymentOf()) === "paid");
    await waitUntil(() => lines.some(({ message }) => message === "reconciled payments"));
    expect(lines.find(({ message }) => message === "reconciled payments")?.fields).toMatchObject({
      storeId: shop.engine.storeId,
      pending: 1,
      completed: 1,
    });
  });
});

describe("passes", () => {
  /** Deps of which the worker sees this much. */
  function depsOf(storage: {
    ids(): Promise<readonly string[]>;
    deleteExpired?(storeId: string): Promise<number>;
    deleteOlderThan?(storeId: string): Promise<number>;
    config?(storeId: string): Promise<undefined>;
  }): Deps {
    const { ids, deleteExpired = async () => 0, deleteOlderThan = async () => 0 } = storage;
    const config = storage.config ?? (async () => undefined);
    return {
      now: () => "2026-03-01T12:00:00.000Z",
      bell: createBell(),
      storage: {
        stores: { ids, config },
        carts: { deleteExpired },
        keys: { deleteOlderThan },
        gatewayEvents: { deleteOlderThan: async () => 0 },
      },
    } as unknown as Deps;
  }

  test("what fails for one store keeps nothing else from being done, and is logged", async () => {
    const done: string[] = [];
    const { lines } = start(
      depsOf({
        ids: async () => ["broken", "sound"],
        async deleteExpired(storeId) {
          if (storeId === "broken") throw new Error("no");
          done.push(`${storeId} carts`);
          return 0;
        },
        async deleteOlderThan(storeId) {
          done.push(`${storeId} keys`);
          return 0;
        },
      }),
    );
    await waitUntil(() => done.length >= 6);
    expect(done.slice(0, 6)).toEqual([
      "broken keys",
      "sound carts",
      "sound keys",
      "broken keys",
      "sound carts",
      "sound keys",
    ]);
    expect(lines[0]).toEqual({
      fields: { err: new Error("no"), storeId: "broken", job: "carts" },
      message: "background work failed",
    });
  });

  test("a database that is away is not reported, and the work goes on when it is back", async () => {
    let calls = 0;
    const { lines } = start(
      depsOf({
        async ids() {
          calls += 1;
          if (calls < 5) throw Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
          return [];
        },
      }),
    );
    await waitUntil(() => calls > 6);
    expect(lines).toEqual([]);
  });

  test("much that is to be deleted is deleted in a row, but not without end", async () => {
    const visited: string[] = [];
    start(
      depsOf({
        ids: async () => ["full", "other"],
        async deleteExpired(storeId) {
          visited.push(storeId);
          return storeId === "full" ? 500 : 499;
        },
      }),
    );
    await waitUntil(() => visited.length > 21);
    expect(visited.slice(0, 22)).toEqual([...Array(20).fill("full"), "other", "full"]);
  });

  test("one at a time, and none after the end", async () => {
    let running = 0;
    let most = 0;
    const visited: string[] = [];
    const reconciled: string[] = [];
    let arrive: () => void = () => undefined;
    let release: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { worker } = start(
      depsOf({
        ids: async () => ["a", "b"],
        async deleteExpired(storeId) {
          visited.push(storeId);
          running += 1;
          most = Math.max(most, running);
          if (visited.length === 5) {
            arrive();
            await released;
          }
          running -= 1;
          return 0;
        },
        async config(storeId) {
          reconciled.push(storeId);
          return undefined;
        },
      }),
    );
    await arrived;
    let stopped = false;
    const stopping = worker.stop().then(() => {
      stopped = true;
    });
    // Timers of one length come in the order in which they were set: had there been another pass, it would have begun.
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(stopped).toBe(false);
    release();
    await stopping;
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(visited).toEqual(["a", "b", "a", "b", "a"]);
    // What asks gateways is begun once in a pass.
    expect(reconciled).toEqual(["a", "b", "a", "b"]);
    expect(most).toBe(1);
  });
});
