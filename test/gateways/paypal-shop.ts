import { expect } from "vitest";
import { followEvents } from "../../src/operations/follow-gateway-events.ts";
import { reconcilePayments } from "../../src/operations/reconcile-payments.ts";
import { waitUntil } from "../engine.ts";
import { openShop, type Shop } from "../race/shop.ts";
import { type PayPalServer, startPayPalServer } from "./paypal-server.ts";

export const WEBHOOK_ID = "7AB12345CD678901E";
const slug = "paypal_express_checkout";

/** A shop whose shoppers pay at a stand-in of PayPal. */
export type PayPalShop = {
  readonly shop: Shop;
  readonly server: PayPalServer;
  /** Places an order of one piece at 10.00 dollars, with five in stock, and starts to pay for it. */
  start(method?: "authorize" | "purchase"): Promise<Started>;
  /** The same, approved and confirmed. */
  payFor(method?: "authorize" | "purchase"): Promise<Started>;
  pay(orderId: string): ReturnType<Shop["pay"]>;
  /** Lets PayPal call the shop. */
  callsShop(): void;
  openEvents(): Promise<number>;
  /** Waits until nothing is on its way and everything that came was looked at. */
  settled(): Promise<void>;
  /** Asks PayPal what happened, as the worker does from time to time. */
  fetchEvents(): Promise<void>;
  /** Runs the reconciler over everything that is unanswered. */
  reconcile(): Promise<void>;
  /** The order's status and payment, in a row. */
  order(of: Started): Promise<string>;
  transaction(of: Started): Promise<Record<string, unknown>>;
  allocated(of: Started): Promise<number>;
  close(): Promise<void>;
};

export type Started = {
  readonly orderId: string;
  readonly productId: string;
  readonly paymentId: string;
  /** The order at PayPal. */
  readonly reference: string;
};

/**
 * @param options.now milliseconds since 1970, for the shop
 * @param options.passes whether the worker asks by itself, beside the test; it does not unless said otherwise
 */
export async function openPayPalShop(
  options: { readonly engines?: 1 | 2; readonly now?: () => number; readonly passes?: boolean } = {},
): Promise<PayPalShop> {
  const { engines, now, passes = false } = options;
  const server = await startPayPalServer();
  const shop = await openShop({
    ...(engines && { engines }),
    passes,
    ...(now && { now: () => new Date(now()).toISOString() }),
    env: { CARTWRIGHT_PAYPAL_API_BASE: server.url },
  });
  const data = { type: "gateway", enabled: true, ...server.credentials, webhook_id: WEBHOOK_ID };
  expect((await shop.ask("PUT", `/v2/gateways/${slug}`, { data })).status).toBe(200);
  const paypal: PayPalShop = {
    shop,
    server,
    pay: (orderId) => shop.pay(orderId, { gateway: slug }),
    async start(method = "purchase") {
      const productId = await shop.newProduct(5);
      const orderId = await shop.newOrder([{ productId }]);
      const { status, body } = await shop.pay(orderId, { gateway: slug, method });
      expect(status, JSON.stringify(body)).toBe(201);
      return { orderId, productId, paymentId: body.data.id, reference: body.data.reference };
    },
    async payFor(method = "purchase") {
      const started = await paypal.start(method);
      server.books.approve(started.reference);
      const { status, body } = await shop.transact("confirm", started.orderId, started.paymentId);
      expect(status, JSON.stringify(body)).toBe(200);
      return started;
    },
    callsShop: () => server.setWebhook({ url: `${shop.engines[0]?.url}/webhooks/paypal`, id: WEBHOOK_ID }),
    async openEvents() {
      const [row] = await shop.sql<{ count: number }>(
        "select count(*)::int from gateway_event where processed_at is null",
      );
      return row?.count ?? 0;
    },
    async settled() {
      await server.idle();
      await waitUntil(async () => (await paypal.openEvents()) === 0, 60_000);
    },
    async fetchEvents() {
      await followEvents(shop.deps, shop.context, { fetch: true });
    },
    async reconcile() {
      const before = new Date(Date.parse(shop.deps.now()) + 1000).toISOString();
      await reconcilePayments(shop.deps, shop.context, { before });
    },
    async order({ orderId }) {
      const { status, payment } = await shop.order(orderId);
      return `${status} ${payment}`;
    },
    transaction: async ({ orderId, paymentId }) =>
      (await shop.ask("GET", `/v2/orders/${orderId}/transactions/${paymentId}`)).body.data,
    allocated: async ({ productId }) => (await shop.stockOf(productId)).allocated,
    async close() {
      await shop.close();
      await server.close();
    },
  };
  return paypal;
}
