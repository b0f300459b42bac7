import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { waitUntil } from "../../engine.ts";
import { type PayPalServer, startPayPalServer } from "../../gateways/paypal-server.ts";
import { aShop, coreId, readyCart, type Shop } from "./a-shop.ts";
import { type MedusaWire, useMedusa } from "./harness.ts";
import type { PayingCart } from "./stripe-shop.ts";

const WEBHOOK_ID = "7AB12345CD678901E";

/** A shop whose shoppers pay at a stand-in of PayPal. */
export type PayPalWireShop = {
  readonly wire: MedusaWire;
  readonly shop: Shop;
  readonly server: PayPalServer;
  /** A cart of one piece at 12.00 euros that is to be paid with PayPal; `intentId` is PayPal's order. */
  cart(items?: readonly { readonly variant_id: string; readonly quantity: number }[]): Promise<PayingCart>;
  complete(path: string): ReturnType<MedusaWire["ask"]>;
  /** Lets PayPal call the shop from now on. */
  callsShop(): void;
  /** Waits until nothing is on its way and everything that came was looked at. */
  settled(): Promise<void>;
  /** Moves the shop's clock. */
  later(milliseconds: number): void;
  /** What PayPal holds and took of all that was ever prepared for a cart, in hundredths. */
  moneyOf(path: string): {
    readonly authorized: number;
    readonly captured: number;
    readonly refunded: number;
  };
  orderIdsOf(path: string): Promise<string[]>;
  sql<Row extends object>(text: string): Promise<Row[]>;
};

export function usePayPalShop(): PayPalWireShop {
  let server: PayPalServer;
  let shop: Shop;
  let ahead = 0;
  const settings: Record<string, string> = {};
  beforeAll(async () => {
    server = await startPayPalServer();
    settings.CARTWRIGHT_PAYPAL_API_BASE = server.url;
  });
  const wire = useMedusa(settings, {
    now: () => new Date(Date.now() + ahead).toISOString(),
    background: { everyMs: 200 },
  });
  beforeAll(async () => {
    const data = { type: "gateway", enabled: true, ...server.credentials, webhook_id: WEBHOOK_ID };
    const path = "/v2/gateways/paypal_express_checkout";
    expect((await wire.engine.ask("PUT", path, { data })).status).toBe(200);
    shop = await aShop(wire, { pieces: 1_000, providers: ["paypal", "manual"] });
  });
  beforeEach(() => server.setWebhook(undefined));
  afterEach(() => {
    server.heal();
    expect(server.complaints).toEqual([]);
  });
  afterAll(() => server.close());
  const sql = async <Row extends object>(text: string): Promise<Row[]> =>
    (await wire.engine.engine.core.database.pool.query(text)).rows as Row[];
  const cents = (parts: readonly { readonly amount: { readonly value: string } }[]): number =>
    parts.reduce((sum, { amount }) => sum + Math.round(Number(amount.value) * 100), 0);
  return {
    wire,
    get shop() {
      return shop;
    },
    get server() {
      return server;
    },
    sql,
    async cart(items) {
      const path = await readyCart(wire, shop, { provider: "paypal", ...(items && { items }) });
      const { cart } = (await wire.ask("GET", path)).body;
      return { path, id: cart.id, intentId: cart.payment_session.data.id };
    },
    complete: (path) => wire.ask("POST", `${path}/complete`),
    callsShop: () => server.setWebhook({ url: `${wire.url}/paypal/hooks`, id: WEBHOOK_ID }),
    async settled() {
      await server.idle();
      await waitUntil(async () => {
        const [row] = await sql<{ count: number }>(
          "select count(*)::int from gateway_event where processed_at is null",
        );
        return row?.count === 0;
      }, 30_000);
    },
    later: (milliseconds) => {
      ahead += milliseconds;
    },
    moneyOf(path) {
      const cartId = coreId(path.split("/").at(-1) as string);
      // An order that was taken carries the cart's label no more, but was made with it.
      const ours = [...server.books.orders.values()].filter(({ body }) =>
        body.purchase_units[0]?.custom_id.startsWith(`cart:${cartId}:`),
      );
      const held = ours.flatMap(({ authorizations }) =>
        authorizations.filter(({ status }) => status === "CREATED"),
      );
      return {
        authorized: cents(held),
        captured: cents(ours.flatMap(({ captures }) => captures)),
        refunded: cents(ours.flatMap(({ refunds }) => refunds)),
      };
    },
    async orderIdsOf(path) {
      const cartId = coreId(path.split("/").at(-1) as string);
      const rows = await sql<{ id: string }>(`select id from orders where region_cart_id = '${cartId}'`);
      return rows.map(({ id }) => id);
    },
  };
}
