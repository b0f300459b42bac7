import { afterAll, beforeAll, expect, test } from "vitest";
import { completeRegionCart } from "../../src/operations/complete-region-cart.ts";
import type { Context } from "../../src/operations/context.ts";
import { createRegionCart } from "../../src/operations/create-region-cart.ts";
import { receiveGatewayEvents } from "../../src/operations/gateway-events.ts";
import { reconcileNow } from "../../src/operations/reconcile-now.ts";
import { addToRegionCart } from "../../src/operations/region-cart-lines.ts";
import {
  createPaymentSessions,
  refreshPaymentSession,
  selectPaymentSession,
} from "../../src/operations/region-cart-payment.ts";
import { updateRegionCart } from "../../src/operations/update-region-cart.ts";
import { waitUntil } from "../engine.ts";
import { type FakeGateway, fakeGateway, loseAnswer } from "../fake-gateway.ts";
import { addRegion } from "./a-region.ts";
import { openShop, type Shop } from "./shop.ts";

// At the moment of every call to a gateway: nobody has a connection to the database, a transaction or a lock.

const seen = new Set<string>();
const held: string[] = [];
const gateway = watched(fakeGateway({ slug: "watched" }));
let shop: Shop;
let shopper: Context;
let regionId: string;

beforeAll(async () => {
  shop = await openShop({ gateway, passes: false });
  shopper = { ...shop.context, actor: { kind: "shopper", label: "test" } };
  const now = shop.deps.now();
  // A setting, so that the gateway is asked what happened, too.
  const setting = { slug: gateway.slug, enabled: true, settings: { key: "k" } };
  await shop.deps.storage.gatewaySettings.save(shop.context.store.storeId, setting, now);
  regionId = await addRegion(shop, [gateway.slug]);
});
afterAll(() => shop.close());

/** What others hold in the database just now. */
async function heldNow(): Promise<string[]> {
  const pool = shop.engines[0]?.engine.core.database.pool;
  const busy = (pool?.totalCount ?? 0) - (pool?.idleCount ?? 0);
  const open = await shop.sql<{ query: string }>(
    `select query from pg_stat_activity where datname = current_database() and xact_start is not null
       and backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  return [...(busy > 0 ? [`${busy} connections`] : []), ...open.map(({ query }) => query)];
}

/** Looks at the database before each call is answered: what a call holds is held until then, and nothing else for long. */
async function look(name: string): Promise<void> {
  seen.add(name);
  const isFree = async (): Promise<boolean> => (await heldNow()).length === 0;
  await waitUntil(isFree, 2_000).catch(async () => held.push(`${name}: ${await heldNow()}`));
}

function watched(fake: FakeGateway): FakeGateway {
  fake.onEffect((_call, type) => look(type));
  const { find } = fake;
  const state = { status: "pending", data: { id: "session" } } as const;
  const payment = { orderId: "none", paymentId: "none", authorized: 0, captured: 0, refunds: [] };
  return Object.assign(fake, {
    find: async (call: Parameters<typeof find>[0]) => {
      await look("find");
      return find(call);
    },
    sessions: {
      open: async () => {
        await look("open a session");
        return state;
      },
      update: async () => {
        await look("update a session");
        return state;
      },
      close: () => look("close a session"),
    },
    events: {
      path: fake.slug,
      read: async () => {
        await look("read a webhook");
        return [{ id: "e1", type: "t", occurredAt: new Date().toISOString(), reference: "r1" }];
      },
      async *since() {
        await look("ask what happened");
        yield [{ id: "e2", type: "t", occurredAt: new Date().toISOString(), reference: "r2" }];
      },
      look: async (reference: string) => {
        await look("look at a payment");
        return { ...payment, reference, state: "open" as const };
      },
    },
  });
}

function value<Value>(result: { ok: true; value: Value } | { ok: false; error: { type: string } }): Value {
  if (!result.ok) throw new Error(result.error.type);
  return result.value;
}

test("B6 no connection, transaction or lock is held during any call to a gateway", async () => {
  const { deps, transact } = shop;
  const productId = await shop.newProduct(50);
  const paid = async (method: string) => {
    const orderId = await shop.newOrder([{ productId }]);
    const { body } = await shop.pay(orderId, { method }, { headers: { "idempotency-key": orderId } });
    return [orderId, body.data.id] as const;
  };
  await transact("refund", ...(await paid("purchase")), { amount: 100 }, "refund");
  await transact("capture", ...(await paid("authorize")));
  await transact("cancel", ...(await paid("authorize")));
  gateway.script(loseAnswer);
  await transact("confirm", ...(await paid("authorize")));

  const cartId = deps.newId();
  const items = [{ variantId: productId, quantity: 1 }];
  value(await createRegionCart(deps, shopper, { cartId, regionId, items, context: {} }));
  value(await updateRegionCart(deps, shopper, { cartId, email: "ada@example.com" }));
  value(await createPaymentSessions(deps, shopper, cartId));
  value(await selectPaymentSession(deps, shopper, { cartId, provider: gateway.slug }));
  value(await addToRegionCart(deps, shopper, { cartId, variantId: productId, quantity: 1 }));
  value(await refreshPaymentSession(deps, shopper, { cartId, provider: gateway.slug }));
  value(await completeRegionCart(deps, shopper, cartId));

  // Past the server, which would have the worker look at it beside us.
  const request = { body: new Uint8Array(), header: () => undefined };
  const received = await receiveGatewayEvents(deps, gateway.slug, request);
  expect(received).toMatchObject({ kind: "accepted", fresh: 1 });
  await reconcileNow(deps, shop.context);

  expect(held).toEqual([]);
  expect([...seen].toSorted()).toEqual([
    ...["ask what happened", "authorize", "capture", "close a session", "find", "look at a payment"],
    ...["open a session", "purchase", "read a webhook", "refund", "update a session", "void"],
  ]);
});
