import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { waitUntil } from "../engine.ts";
import { type HookShop, openHookShop } from "./hook-shop.ts";
import { type Received, type Receiver, startReceiver } from "./receiver.ts";

const HOUR = 3_600_000;

let hooks: HookShop;
let mug: string;
const open: Receiver[] = [];

beforeAll(async () => {
  hooks = await openHookShop({ engines: 2 });
  mug = await hooks.shop.newProduct(10_000);
});
afterEach(async () => {
  // Of a test that has failed, too.
  const { body } = await hooks.shop.ask("GET", "/cartwright/webhook-endpoints");
  await remove(...body.data.map(({ id }: { id: string }) => id));
});
afterAll(async () => {
  await hooks.close();
  for (const receiver of open) await receiver.close();
});

async function aReceiver(): Promise<Receiver> {
  const receiver = await startReceiver();
  open.push(receiver);
  return receiver;
}

async function remove(...endpointIds: string[]): Promise<void> {
  for (const id of endpointIds) {
    expect((await hooks.shop.ask("DELETE", `/cartwright/webhook-endpoints/${id}`)).status).toBe(204);
  }
}

const newOrder = () => hooks.shop.newOrder([{ productId: mug }]);
const idsOf = (calls: readonly Received[]) => calls.map(({ headers }) => headers["webhook-id"]);

/** An order that is paid for: four events. */
async function paidOrder(): Promise<string> {
  const orderId = await newOrder();
  expect((await hooks.shop.pay(orderId)).status).toBe(201);
  return orderId;
}

test("a call has the form of Standard Webhooks, and their library takes its signature", async () => {
  const receiver = await aReceiver();
  const { secret } = await hooks.endpoint(receiver.url, ["order.*"]);
  const orderId = await newOrder();
  await waitUntil(() => receiver.taken.length === 1);
  const [call] = receiver.taken;
  const headers = call?.headers as Record<string, string>;
  expect(headers["content-type"]).toBe("application/json");
  expect(new Webhook(secret).verify(call?.text ?? "", headers)).toEqual(call?.body);
  expect(() => new Webhook(secret).verify(`${call?.text} `, headers)).toThrow("No matching signature");
  expect(call?.body).toEqual({
    id: headers["webhook-id"],
    type: "order.placed",
    timestamp: expect.any(String),
    subject: expect.stringMatching(/^order_/),
    sequence: 1,
    data: {
      id: call?.body.subject,
      uuid: orderId,
      cart_id: expect.any(String),
      currency: "USD",
      total: 1000,
      no_notification: null,
    },
  });
});

test("with a new secret calls have both signatures for a day, and then only the new one", async () => {
  const receiver = await aReceiver();
  const { id, secret } = await hooks.endpoint(receiver.url, ["order.*"]);
  const path = `/cartwright/webhook-endpoints/${id}/rotate-secret`;
  const { status, body } = await hooks.shop.ask("POST", path, {});
  expect([status, Date.parse(body.old_secret_until) - Date.parse(hooks.now()) > 23 * 3_600_000]).toEqual([
    200,
    true,
  ]);
  const isSignedBy = (index: number, by: string): boolean => {
    const call = receiver.taken[index];
    try {
      // The library takes calls of these five minutes only.
      const at = { ...(call?.headers as Record<string, string>) };
      const wanted = new Webhook(by).sign(
        at["webhook-id"] as string,
        new Date(Number(at["webhook-timestamp"]) * 1000),
        call?.text ?? "",
      );
      return (at["webhook-signature"] ?? "").split(" ").includes(wanted);
    } catch {
      return false;
    }
  };
  await newOrder();
  await waitUntil(() => receiver.taken.length === 1);
  const headers = receiver.taken[0]?.headers as Record<string, string>;
  for (const known of [secret, body.secret]) {
    expect(new Webhook(known).verify(receiver.taken[0]?.text ?? "", headers)).toEqual(
      receiver.taken[0]?.body,
    );
  }
  hooks.forward(25 * 3_600_000);
  await newOrder();
  await waitUntil(() => receiver.taken.length === 2);
  expect([isSignedBy(1, secret), isSignedBy(1, body.secret)]).toEqual([false, true]);
  expect((await hooks.shop.ask("POST", path, { overlap_hours: 200 })).status).toBe(400);
  expect((await hooks.shop.ask("POST", path.replace(id, "nobody"), {})).status).toBe(404);
});

test("K1 K2 lost answers and errors: every event arrives, with the same id every time and for every endpoint", async () => {
  const [first, second] = [await aReceiver(), await aReceiver()];
  let count = 0;
  // Two of three calls come to nothing, whether or not they were taken.
  const flaky = (): 200 | 500 | "drop" => (["drop", 500, 200] as const)[count++ % 3] as 200;
  first.mood = flaky;
  second.mood = flaky;
  await hooks.endpoint(first.url);
  await hooks.endpoint(second.url);
  const before = (await hooks.eventIds()).length;
  await Promise.all(Array.from({ length: 12 }, paidOrder));
  const wanted = (await hooks.eventIds()).slice(before);
  expect(wanted).toHaveLength(4 * 12);
  await waitUntil(() => {
    hooks.forward(60_000);
    return new Set(idsOf(first.taken)).size + new Set(idsOf(second.taken)).size >= 2 * wanted.length;
  }, 60_000);
  for (const { taken, calls } of [first, second]) {
    expect(new Set(idsOf(taken))).toEqual(new Set(wanted));
    expect(calls.length).toBeGreaterThan(taken.length);
    for (const { headers, body } of calls) expect(headers["webhook-id"]).toBe(body.id);
  }
  // What an endpoint gets of an event has a name of its own.
  const names = (calls: readonly Received[]) =>
    new Set(calls.map(({ headers }) => headers["cartwright-delivery"]));
  expect(names(first.calls).size).toBe(wanted.length);
  expect(new Set([...names(first.calls), ...names(second.calls)]).size).toBe(2 * wanted.length);
});

test("K3 events of an order come in order and numbered, also when some fail in between", async () => {
  const receiver = await aReceiver();
  await hooks.endpoint(receiver.url);
  const refused = new Set<string>();
  receiver.mood = ({ body }) => {
    // The first try of each fails.
    if (refused.has(body.id)) return 200;
    refused.add(body.id);
    return 503;
  };
  const orders = await Promise.all(Array.from({ length: 5 }, paidOrder));
  await waitUntil(() => {
    hooks.forward(10_000);
    return new Set(idsOf(receiver.taken)).size >= 4 * orders.length;
  }, 60_000);
  // The clock runs so fast here that somebody's time may be over while they are at it, and another one tells it again.
  const once = [
    ...new Map(receiver.taken.toReversed().map((call) => [call.body.id, call])).values(),
  ].toReversed();
  for (const orderId of orders) {
    const taken = once.filter(({ body }) => body.data.uuid === orderId);
    expect(taken.map(({ body }) => body.sequence)).toEqual([1, 2, 3, 4]);
    expect(taken.map(({ body }) => body.type)).toEqual([
      "order.placed",
      "payment.started",
      "order.payment_captured",
      "order.paid",
    ]);
  }
});

test("K3 an endpoint that never answers delays no other one", async () => {
  const [dead, fast] = [await aReceiver(), await aReceiver()];
  dead.mood = () => "hang";
  const slow = await hooks.endpoint(dead.url);
  await hooks.endpoint(fast.url);
  const orders = new Set<string>();
  for (let count = 1; count <= 10; count += 1) orders.add(await newOrder());
  await waitUntil(() => fast.taken.filter(({ body }) => orders.has(body.data.uuid)).length === 10);
  // Not one of its calls has ended meanwhile.
  expect(dead.calls.length).toBeGreaterThan(0);
  expect(await hooks.deliveries(slow.id, "status=delivered")).toEqual([]);
  expect((await hooks.deliveries(slow.id)).every(({ attempts }) => attempts.length === 0)).toBe(true);
});

test("K5 an endpoint that was down for the whole schedule gets everything later", async () => {
  const receiver = await aReceiver();
  receiver.mood = () => ({ status: 500, headers: {}, body: "out of order \u0000" });
  const { id } = await hooks.endpoint(receiver.url, ["order.placed", "order.paid"]);
  const since = hooks.now();
  const orders = [await paidOrder(), await paidOrder(), await newOrder()];
  await waitUntil(async () => {
    hooks.forward(6 * HOUR);
    return (await hooks.deliveries(id, "status=failed")).length === 5;
  }, 60_000);
  expect(receiver.taken).toEqual([]);
  const [failed] = await hooks.deliveries(id);
  expect(failed).toMatchObject({
    status: "failed",
    next_try_at: null,
    body: { type: "order.placed" },
    attempts: [{ status: 500, answer: "out of order " }, ...Array(failed.tries - 1).fill({ status: 500 })],
  });
  receiver.mood = () => 200;
  const replay = (path: string, body?: object) =>
    hooks.shop.ask("POST", `/cartwright/webhook-endpoints/${id}/${path}`, body);
  // One of them, then the rest.
  expect((await replay(`deliveries/${failed.id}/replay`)).status).toBe(202);
  await hooks.settled(id);
  expect(idsOf(receiver.taken)).toEqual([failed.event_id]);
  expect((await replay("replay", { since, until: since })).body).toEqual({ deliveries: 0 });
  expect((await replay("replay", { since })).body).toEqual({ deliveries: 4 });
  await hooks.settled(id);
  expect(receiver.taken).toHaveLength(5);
  expect(new Set(receiver.taken.map(({ body }) => body.data.uuid))).toEqual(new Set(orders));
  expect((await replay("replay", { since, which: "all" })).body).toEqual({ deliveries: 5 });
  await hooks.settled(id);
  expect(receiver.taken).toHaveLength(10);
  expect((await hooks.deliveries(id)).every(({ status }) => status === "delivered")).toBe(true);
});

test("K5 once an endpoint works again, what has waited for hours does not wait any longer", async () => {
  const receiver = await aReceiver();
  receiver.mood = () => 500;
  const { id } = await hooks.endpoint(receiver.url, ["order.placed"]);
  await newOrder();
  const ahead = async () =>
    Date.parse((await hooks.deliveries(id))[0]?.next_try_at) - Date.parse(hooks.now());
  for (let tries = 1; tries <= 8; tries += 1) {
    await waitUntil(async () => (await hooks.deliveries(id))[0]?.tries === tries);
    if (tries < 8) hooks.forward(await ahead());
  }
  receiver.mood = () => 200;
  hooks.forward(HOUR);
  expect(await ahead()).toBeGreaterThan(4 * HOUR);
  await newOrder();
  await hooks.settled(id);
  expect(receiver.taken).toHaveLength(2);
});

test("redirects are not followed", async () => {
  const [receiver, target] = [await aReceiver(), await aReceiver()];
  receiver.mood = () => ({ status: 307, headers: { location: target.url } });
  const { id } = await hooks.endpoint(receiver.url);
  await newOrder();
  await waitUntil(async () => (await hooks.deliveries(id))[0]?.attempts.length === 1);
  expect((await hooks.deliveries(id))[0]).toMatchObject({ status: "pending", attempts: [{ status: 307 }] });
  expect(target.calls).toEqual([]);
});

test("what happens while an endpoint is disabled waits for it", async () => {
  const receiver = await aReceiver();
  const { id } = await hooks.endpoint(receiver.url, ["order.placed"]);
  const enable = (enabled: boolean) =>
    hooks.shop.ask("PUT", `/cartwright/webhook-endpoints/${id}`, { enabled });
  expect((await enable(false)).body).toMatchObject({ enabled: false, types: ["order.placed"] });
  await newOrder();
  await waitUntil(async () => (await hooks.deliveries(id)).length === 1);
  hooks.forward(100 * HOUR);
  expect(receiver.calls).toEqual([]);
  receiver.mood = () => 500;
  await enable(true);
  await waitUntil(() => receiver.calls.length === 1);
  // The time of trying begins now.
  expect((await hooks.deliveries(id))[0]).toMatchObject({ status: "pending" });
  receiver.mood = () => 200;
  hooks.forward(60_000);
  await hooks.settled(id);
});

test("a test event goes to its endpoint alone", async () => {
  const [receiver, other] = [await aReceiver(), await aReceiver()];
  const { id } = await hooks.endpoint(receiver.url, ["order.placed"]);
  await hooks.endpoint(other.url);
  expect((await hooks.shop.ask("POST", `/cartwright/webhook-endpoints/${id}/test`)).status).toBe(202);
  await waitUntil(() => receiver.taken.length === 1);
  expect(receiver.taken[0]?.body).toMatchObject({ type: "webhook.test", data: { id } });
  await newOrder();
  await waitUntil(() => other.taken.length === 1);
  expect(other.taken[0]?.body.type).toBe("order.placed");
});

test("who is added first, after a time without anybody, is told nothing of that time", async () => {
  await newOrder();
  const receiver = await aReceiver();
  const { id } = await hooks.endpoint(receiver.url);
  const orderId = await newOrder();
  await hooks.settled(id);
  expect(receiver.taken.map(({ body }) => body.data.uuid)).toEqual([orderId]);
});

test("while calls hang, no connection to the database is held, and the engine stops at once", async () => {
  const receiver = await aReceiver();
  receiver.mood = () => "hang";
  const alone = await openHookShop();
  const product = await alone.shop.newProduct(100);
  const { id } = await alone.endpoint(receiver.url);
  for (let count = 1; count <= 8; count += 1) await alone.shop.newOrder([{ productId: product }]);
  await waitUntil(() => receiver.calls.length === 8);
  const [engine] = alone.shop.engines;
  const { pool } = engine?.engine.core.database ?? {};
  await waitUntil(() => pool !== undefined && pool.totalCount === pool.idleCount);
  const [row] = await alone.shop.sql<{ tries: number }>(
    "select sum(tries)::int as tries from webhook_delivery where endpoint_id = $1",
    [id],
  );
  expect(row?.tries).toBe(0);
  // Ten seconds would be the deadline of the calls.
  const stopped = alone.close().then(() => "stopped");
  expect(await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 8_000, "late"))])).toBe(
    "stopped",
  );
});
