import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type StripeSimulator, startStripeSimulator } from "../../../src/simulator/server.ts";
import { waitUntil } from "../../engine.ts";
import { aShop, readyCart, type Shop } from "./a-shop.ts";
import { type MedusaWire, useMedusa } from "./harness.ts";

const WEBHOOK_SECRET = "whsec_of_the_shop";

/** A shop whose cards go to a simulator of Stripe, and what its shoppers' browsers do there. */
export type StripeShop = {
  readonly wire: MedusaWire;
  readonly shop: Shop;
  readonly simulator: StripeSimulator;
  /** A cart of one piece at 12.00 euros that is to be paid with Stripe. */
  cart(items?: readonly { readonly variant_id: string; readonly quantity: number }[]): Promise<PayingCart>;
  /** Confirms an intent with a card, as Stripe's script does; answers the status of the call. */
  enter(card: string, intentId: string): Promise<number>;
  intent(id: string): ReturnType<StripeSimulator["intents"]>[number];
  complete(path: string): ReturnType<MedusaWire["ask"]>;
  /** Lets the simulator call the shop from now on; and has it call no more. */
  callsShop(): void;
  isSilent(): void;
  /** Waits until nothing is on its way and everything that came was looked at. */
  settled(): Promise<void>;
  sql<Row extends object>(text: string): Promise<Row[]>;
};

export type PayingCart = { readonly path: string; readonly id: string; readonly intentId: string };

/** Starts both for the test file. After each test no money may have moved twice. */
export function useStripeShop(
  env: Readonly<Record<string, string>> = {},
  surroundings: Parameters<typeof useMedusa>[1] = {},
): StripeShop {
  let simulator: StripeSimulator;
  let shop: Shop;
  const settings: Record<string, string> = { ...env };
  beforeAll(async () => {
    simulator = await startStripeSimulator();
    settings.CARTWRIGHT_STRIPE_API_BASE = simulator.url;
  });
  const wire = useMedusa(settings, surroundings);
  beforeAll(async () => {
    const data = { type: "gateway", enabled: true, login: "sk_test_1", webhook_secret: WEBHOOK_SECRET };
    expect((await wire.engine.ask("PUT", "/v2/gateways/stripe", { data })).status).toBe(200);
    shop = await aShop(wire, { pieces: 1_000, providers: ["stripe", "manual"] });
  });
  afterEach(() => {
    simulator.faults.clear();
    expect(simulator.report().doubles).toEqual([]);
  });
  afterAll(() => simulator.close());
  const { sql } = {
    async sql<Row extends object>(text: string): Promise<Row[]> {
      return (await wire.engine.engine.core.database.pool.query(text)).rows as Row[];
    },
  };
  return {
    wire,
    get shop() {
      return shop;
    },
    get simulator() {
      return simulator;
    },
    sql,
    async cart(items) {
      const path = await readyCart(wire, shop, { provider: "stripe", ...(items && { items }) });
      const { cart } = (await wire.ask("GET", path)).body;
      return { path, id: cart.id, intentId: cart.payment_session.data.id };
    },
    async enter(card, intentId) {
      const answer = await fetch(`${simulator.url}/v1/payment_intents/${intentId}/confirm`, {
        method: "POST",
        headers: { authorization: "Bearer pk_test_1", "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ payment_method: card }).toString(),
      });
      await answer.arrayBuffer();
      return answer.status;
    },
    intent(id) {
      const found = simulator.intents().find((intent) => intent.id === id);
      if (!found) throw new Error(`Stripe has no ${id}`);
      return found;
    },
    complete: (path) => wire.ask("POST", `${path}/complete`),
    callsShop: () =>
      simulator.setWebhooks({ url: `${wire.url}/webhooks/stripe`, secret: WEBHOOK_SECRET, copies: 3 }),
    isSilent: () => simulator.setWebhooks(undefined),
    async settled() {
      await simulator.webhooksIdle();
      await waitUntil(async () => {
        const [row] = await sql<{ count: number }>(
          "select count(*)::int from gateway_event where processed_at is null",
        );
        return row?.count === 0;
      }, 30_000);
    },
  };
}
