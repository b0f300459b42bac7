import { randomBytes, randomUUID } from "node:crypto";
import pg from "pg";
import { expect } from "vitest";
import type { Context } from "../../src/operations/context.ts";
import type { Deps } from "../../src/operations/deps.ts";
import { examineStore } from "../../src/operations/examine-store.ts";
import type { StockRow } from "../../src/operations/ports/stock.ts";
import { type Answer, type AskOptions, newReference, startTestEngine, type TestEngine } from "../engine.ts";
import { type FakeGateway, fakeGateway } from "../fake-gateway.ts";
import { aProduct } from "../storage/a-product.ts";

export const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
};

export const guest = { name: "Ada Byron", email: "ada@example.com" };

export type Line = { readonly productId: string; readonly quantity?: number };

/** Longer than any test. */
const NEVER_MS = 1_000_000_000;

/** An empty store behind one or two engines, with a gateway whose ledger tells what really happened. */
export type Shop = {
  /** The engines, all on one database; requests go to them in turn. */
  readonly engines: readonly TestEngine[];
  readonly gateway: FakeGateway;
  /** Of the first engine, for calling operations directly. */
  readonly deps: Deps;
  /** As the shop itself. */
  readonly context: Context;
  ask(method: string, path: string, body?: unknown, options?: AskOptions): Promise<Answer>;
  /** A product at 10.00 dollars whose pieces are counted. */
  newProduct(stock: number, amount?: number): Promise<string>;
  newCart(lines: readonly Line[]): Promise<string>;
  /** Checks a cart with these lines out. */
  newOrder(lines: readonly Line[]): Promise<string>;
  checkOut(cart: string): Promise<Answer>;
  pay(orderId: string, members?: Readonly<Record<string, unknown>>, options?: AskOptions): Promise<Answer>;
  /** `capture`, `refund`, `cancel` or `confirm` of a transaction. */
  transact(action: string, orderId: string, paymentId: string, data?: unknown, key?: string): Promise<Answer>;
  order(orderId: string): Promise<Answer["body"]>;
  stockOf(productId: string): Promise<StockRow>;
  /** The number of movements of a product, by action. */
  movements(productId: string): Promise<Readonly<Record<string, number>>>;
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Fails when numbers, movements, orders and the gateway's ledger do not fit together. */
  expectConsistent(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens a shop on the embedded PostgreSQL. With `TEST_DATABASE_SERVER_URL`, the URL of a PostgreSQL server with a role
 * that may create databases, it makes a database there instead and drops it at the end:
 * `TEST_DATABASE_SERVER_URL=postgres://postgres@localhost/postgres npx vitest run test/race`.
 */
export async function openShop(
  options: {
    readonly engines?: 1 | 2;
    readonly gateway?: FakeGateway;
    /** Gateways beside that one. */
    readonly others?: readonly FakeGateway[];
    readonly env?: Readonly<Record<string, string>>;
    readonly now?: () => string;
    /** Whether the worker makes its passes; true unless said otherwise. What gateways tell is looked at in any case. */
    readonly passes?: boolean;
    /** Milliseconds between two looks for events that webhooks are told. */
    readonly tellEveryMs?: number;
  } = {},
): Promise<Shop> {
  const { gateway = fakeGateway(), others = [] } = options;
  const external = await databaseOnServer(process.env.TEST_DATABASE_SERVER_URL);
  const start = (databaseUrl: string | undefined) =>
    startTestEngine({
      env: { CARTWRIGHT_SEED: "none", ...options.env },
      ...(databaseUrl !== undefined && { databaseUrl }),
      surroundings: {
        gateways: [gateway, ...others],
        ...(options.now && { now: options.now }),
        background: {
          ...(options.passes === false && { everyMs: NEVER_MS }),
          ...(options.tellEveryMs !== undefined && { tellEveryMs: options.tellEveryMs }),
        },
      },
    });
  const first = await start(external?.url);
  const engines = [first];
  if (options.engines === 2) engines.push(await start(first.databaseUrl));

  const { deps, database } = first.engine.core;
  const { storeId } = first.engine;
  const store = await deps.storage.stores.config(storeId);
  if (!store) throw new Error("The engine has no store");
  const context: Context = { store, actor: { kind: "shop", label: "test" } };
  for (const slug of ["manual", ...[gateway, ...others].map((one) => one.slug)]) {
    await deps.storage.gatewaySettings.save(storeId, { slug, enabled: true, settings: {} }, deps.now());
  }

  let turn = 0;
  const shop: Shop = {
    engines,
    gateway,
    deps,
    context,
    ask: (method, path, body, how) => {
      turn += 1;
      return (engines[turn % engines.length] as TestEngine).ask(method, path, body, how);
    },
    async newProduct(stock, amount = 1000) {
      const id = randomUUID();
      const product = aProduct({
        id,
        name: "Mug",
        prices: [{ currency: "USD", amount, includesTax: false }],
      });
      const first = { quantity: stock, movementId: randomUUID(), actor: "test" };
      expect(await deps.storage.products.insert(storeId, product, first)).toBe("saved");
      return id;
    },
    async newCart(lines) {
      const cart = newReference();
      const data = lines.map(({ productId, quantity = 1 }) => ({
        type: "cart_item",
        id: productId,
        quantity,
      }));
      const added = await shop.ask("POST", `/v2/carts/${cart}/items`, { data }, { as: "shopper" });
      expect(added.status, JSON.stringify(added.body)).toBe(201);
      return cart;
    },
    async newOrder(lines) {
      const placed = await shop.checkOut(await shop.newCart(lines));
      expect(placed.status, JSON.stringify(placed.body)).toBe(201);
      return placed.body.data.id;
    },
    checkOut: (cart) =>
      shop.ask(
        "POST",
        `/v2/carts/${cart}/checkout`,
        { data: { customer: guest, billing_address: address } },
        { as: "shopper" },
      ),
    pay: (orderId, members = {}, how = {}) =>
      shop.ask(
        "POST",
        `/v2/orders/${orderId}/payments`,
        { data: { gateway: gateway.slug, method: "purchase", ...members } },
        { as: "shopper", ...how },
      ),
    transact: (action, orderId, paymentId, data, key) =>
      shop.ask(
        "POST",
        `/v2/orders/${orderId}/transactions/${paymentId}/${action}`,
        data === undefined ? undefined : { data },
        key === undefined ? {} : { headers: { "idempotency-key": key } },
      ),
    order: async (orderId) => (await shop.ask("GET", `/v2/orders/${orderId}`)).body.data,
    async stockOf(productId) {
      const [row] = await deps.storage.stock.load(storeId, productId);
      if (!row) throw new Error("Nobody counts that product");
      return row;
    },
    async movements(productId) {
      const rows = await shop.sql<{ action: string; count: number }>(
        "select action, count(*)::int from stock_movement where product_id = $1 group by action",
        [productId],
      );
      return Object.fromEntries(rows.map(({ action, count }) => [action, count]));
    },
    sql: async (text, values = []) => (await database.pool.query(text, values as unknown[])).rows,
    async expectConsistent() {
      expect(await examineStore(deps, storeId)).toEqual([]);
      expect(gateway.complaints).toEqual([]);
      type Row = { id: string; status: string; state: string };
      const orders = await shop.sql<Row>("select id, status, state from orders");
      for (const { id, status, state } of orders) {
        const { payments } = JSON.parse(state) as {
          payments: { gateway: string; operations: Operation[] }[];
        };
        const operations = payments.flatMap((payment) =>
          payment.gateway === gateway.slug ? payment.operations : [],
        );
        if (operations.some((operation) => operation.status === "pending")) continue;
        const told = operations.filter(
          ({ status, mechanism }) => status === "complete" && mechanism === "gateway",
        );
        const net = (types: readonly string[]) =>
          told.filter(({ type }) => types.includes(type)).reduce((sum, { amount }) => sum + amount, 0);
        const taken = net(["purchase", "capture"]) - net(["refund"]);
        expect(taken, `taken for the ${status} order ${id}`).toBe(gateway.taken(id));
        expect(net(["authorize"]) - net(["capture", "void"]), `reserved for order ${id}`).toBe(
          gateway.reserved(id),
        );
      }
      const known = new Set(orders.map(({ id }) => id));
      expect(gateway.ledger.filter(({ orderId }) => !known.has(orderId))).toEqual([]);
    },
    async close() {
      for (const engine of engines.toReversed()) await engine.close();
      await external?.drop();
    },
  };
  return shop;
}

type Operation = { type: string; status: string; mechanism: string; amount: number };

async function databaseOnServer(
  serverUrl: string | undefined,
): Promise<{ url: string; drop(): Promise<void> } | undefined> {
  if (!serverUrl) return undefined;
  const name = `cartwright_test_${randomBytes(6).toString("hex")}`;
  const admin = async (text: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  await admin(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => admin(`drop database ${name} with (force)`) };
}

/** The answers by status, for telling a crowd's outcome in one line. */
export function byStatus(answers: readonly Pick<Answer, "status">[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
