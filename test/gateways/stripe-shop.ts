import { expect } from "vitest";
import { followEvents } from "../../src/operations/follow-gateway-events.ts";
import { reconcilePayments } from "../../src/operations/reconcile-payments.ts";
import { type StripeSimulator, startStripeSimulator } from "../../src/simulator/server.ts";
import type { WebhookTarget } from "../../src/simulator/webhooks.ts";
import { reconcilerContext } from "../../src/worker/reconciler-context.ts";
import { waitUntil } from "../engine.ts";
import { openShop, type Shop } from "../race/shop.ts";

export const WEBHOOK_SECRET = "whsec_of_the_shop";

/** A shop whose cards go to a simulator of Stripe. */
export type StripeShop = {
  readonly shop: Shop;
  readonly simulator: StripeSimulator;
  /** Places an order of one piece at 10.00 dollars, with five in stock, and pays for it. */
  payFor(token: string, method?: "authorize" | "purchase"): Promise<PaidFor>;
  /** Lets the simulator call the shop. */
  callsShop(how?: Partial<WebhookTarget>): void;
  /** Events that nobody has looked at yet. */
  openEvents(): Promise<number>;
  /** Waits until nothing is on its way and everything that came was looked at. */
  settled(): Promise<void>;
  /** Asks Stripe what happened, as the worker does from time to time. */
  fetchEvents(): Promise<void>;
  /** Runs the reconciler over everything that is unanswered. */
  reconcile(): Promise<void>;
  /** A call to the simulator's API past the shop, as from Stripe's own pages. */
  atStripe(path: string, fields?: Readonly<Record<string, string>>, key?: string): Promise<unknown>;
  close(): Promise<void>;
};

export type PaidFor = {
  readonly orderId: string;
  readonly productId: string;
  /** The transaction's id, and what Stripe calls it. */
  readonly paymentId: string;
  readonly reference: string;
  readonly status: number;
};

/**
 * @param options.now milliseconds since 1970, for the shop and for Stripe; a test that moves it moves both
 * @param options.passes whether the worker asks by itself, beside the test; it does not unless said otherwise
 */
export async function openStripeShop(
  options: { readonly engines?: 1 | 2; readonly now?: () => number; readonly passes?: boolean } = {},
): Promise<StripeShop> {
  const { engines, now, passes = false } = options;
  const simulator = await startStripeSimulator({ ...(now && { now }) });
  const shop = await openShop({
    ...(engines && { engines }),
    passes,
    ...(now && { now: () => new Date(now()).toISOString() }),
    env: { CARTWRIGHT_STRIPE_API_BASE: simulator.url },
  });
  const data = { type: "gateway", enabled: true, login: "sk_test_1", webhook_secret: WEBHOOK_SECRET };
  expect((await shop.ask("PUT", "/v2/gateways/stripe", { data })).status).toBe(200);
  const [engine] = shop.engines;
  /** With the store's settings as they are now. */
  const asEngine = async () => {
    const context = await reconcilerContext(shop.deps, shop.context.store.storeId);
    if (!context) throw new Error("The shop has no store");
    return context;
  };
  const openEvents = async (): Promise<number> => {
    const [row] = await shop.sql<{ count: number }>(
      "select count(*)::int from gateway_event where processed_at is null",
    );
    return row?.count ?? 0;
  };
  return {
    shop,
    simulator,
    async payFor(token, method = "purchase") {
      const productId = await shop.newProduct(5);
      const orderId = await shop.newOrder([{ productId }]);
      const { status, body } = await shop.pay(orderId, { gateway: "stripe", method, payment: token });
      const { id = "", reference = "" } = body.data ?? {};
      return { orderId, productId, paymentId: id, reference, status };
    },
    callsShop: (how = {}) =>
      simulator.setWebhooks({ url: `${engine?.url}/webhooks/stripe`, secret: WEBHOOK_SECRET, ...how }),
    openEvents,
    async settled() {
      await simulator.webhooksIdle();
      await waitUntil(async () => (await openEvents()) === 0, 60_000);
    },
    async fetchEvents() {
      await followEvents(shop.deps, await asEngine(), { fetch: true });
    },
    async reconcile() {
      const before = new Date(Date.parse(shop.deps.now()) + 1000).toISOString();
      await reconcilePayments(shop.deps, await asEngine(), { before });
    },
    async atStripe(path, fields = {}, key) {
      const answer = await fetch(`${simulator.url}/v1/${path}`, {
        method: "POST",
        headers: {
          authorization: "Bearer sk_test_1",
          "content-type": "application/x-www-form-urlencoded",
          ...(key !== undefined && { "idempotency-key": key }),
        },
        body: new URLSearchParams(fields).toString(),
      });
      const body = await answer.json();
      expect(answer.status, JSON.stringify(body)).toBe(200);
      return body;
    },
    async close() {
      await shop.close();
      await simulator.close();
    },
  };
}
