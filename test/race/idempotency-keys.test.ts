import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { AskOptions } from "../engine.ts";
import { newReference, waitUntil } from "../engine.ts";
import { decline, hold, loseAnswer } from "../fake-gateway.ts";
import { address, byStatus, guest, openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ engines: 2 });
});
afterAll(() => shop.close());
afterEach(() => shop.expectConsistent());

let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};
const keyed = (key: string, as: AskOptions["as"] = "shopper"): AskOptions => ({
  as,
  headers: { "idempotency-key": key },
});
const checkout = { data: { customer: guest, billing_address: address } };
const newOrder = async () => shop.newOrder([{ productId: await shop.newProduct(5) }]);
const stored = (key: string) =>
  shop.sql<{ status: number | null }>("select status from idempotency_key where key = $1", [key]);
const replayed = (answer: { headers: Headers }) => answer.headers.get("idempotency-replayed");

test("A8 without a key two checkouts are two orders; with one the repeat answers the same order", async () => {
  const cart = await shop.newCart([{ productId: await shop.newProduct(5) }]);
  const path = `/v2/carts/${cart}/checkout`;
  const plain = [await shop.checkOut(cart), await shop.checkOut(cart)];
  expect(plain[0]?.body.data.id).not.toBe(plain[1]?.body.data.id);

  const key = newKey();
  const first = await shop.ask("POST", path, checkout, keyed(key));
  const again = await shop.ask("POST", path, checkout, keyed(key));
  expect([again.status, again.body, replayed(again)]).toEqual([201, first.body, "true"]);
  expect(replayed(first)).toBeNull();
  const orders = await shop.sql("select 1 from orders where doc like '%' || $1 || '%'", [cart]);
  expect(orders).toHaveLength(3);
});

test("A9 twenty-five repeats at once place one order", async () => {
  const cart = await shop.newCart([{ productId: await shop.newProduct(5) }]);
  const key = newKey();
  const answers = await Promise.all(
    Array.from({ length: 25 }, () => shop.ask("POST", `/v2/carts/${cart}/checkout`, checkout, keyed(key))),
  );
  const placed = answers.filter(({ status }) => status === 201);
  expect(answers.filter(({ status }) => ![201, 409].includes(status))).toEqual([]);
  expect(new Set(placed.map(({ body }) => body.data.id)).size).toBe(1);
  expect(await shop.sql("select 1 from orders where doc like '%' || $1 || '%'", [cart])).toHaveLength(1);
});

test("A9 the same key on two carts, two routes or of two callers is two requests", async () => {
  const productId = await shop.newProduct(50);
  const key = newKey();
  const item = { data: { type: "cart_item", id: productId, quantity: 1 } };
  const [first, second] = [newReference(), newReference()];
  for (const cart of [first, second]) {
    const added = await shop.ask("POST", `/v2/carts/${cart}/items`, item, keyed(key));
    expect([added.status, replayed(added)]).toEqual([201, null]);
  }
  const other = await shop.ask("POST", `/v2/carts/${first}/checkout`, checkout, keyed(key));
  expect([other.status, replayed(other)]).toEqual([201, null]);
  const asShop = await shop.ask("POST", `/v2/carts/${first}/items`, item, keyed(key, "shop"));
  expect([asShop.body.data[0].quantity, replayed(asShop)]).toEqual([2, null]);
  const again = await shop.ask("POST", `/v2/carts/${first}/items`, item, keyed(key));
  expect([again.body.data[0].quantity, replayed(again)]).toEqual([1, "true"]);
});

test("A9 another body or another query under the same key is refused", async () => {
  const cart = `/v2/carts/${await shop.newCart([{ productId: await shop.newProduct(5) }])}`;
  const key = newKey();
  await shop.ask("PUT", cart, { data: { name: "One" } }, keyed(key));
  expect((await shop.ask("PUT", cart, { data: { name: "Two" } }, keyed(key))).status).toBe(422);
  expect((await shop.ask("PUT", `${cart}?include=items`, { data: { name: "One" } }, keyed(key))).status).toBe(
    422,
  );
  expect((await shop.ask("GET", cart)).body.data.name).toBe("One");
});

test("A9 a refusal replays as the refusal, though it would be none by now", async () => {
  const orderId = await newOrder();
  shop.gateway.script(decline);
  const key = newKey();
  const first = await shop.pay(orderId, {}, keyed(key));
  const again = await shop.pay(orderId, {}, keyed(key));
  expect([first.status, again.status, again.body, replayed(again)]).toEqual([400, 400, first.body, "true"]);
  expect(shop.gateway.calls.filter((call) => call.orderId === orderId)).toHaveLength(1);

  const cart = newReference();
  const empty = newKey();
  expect((await shop.ask("POST", `/v2/carts/${cart}/checkout`, checkout, keyed(empty))).status).toBe(404);
  await shop.ask("GET", `/v2/carts/${cart}`);
  expect((await shop.ask("POST", `/v2/carts/${cart}/checkout`, checkout, keyed(empty))).status).toBe(404);
});

test("an answer that says to try again is not kept", async () => {
  const orderId = await newOrder();
  const held = hold(decline);
  shop.gateway.script(held.behaviour);
  const paying = shop.pay(orderId);
  await held.arrived;
  const key = newKey();
  const early = await shop.pay(orderId, {}, keyed(key));
  expect([early.status, early.headers.get("retry-after")]).toEqual([409, "1"]);
  held.release();
  expect((await paying).status).toBe(400);
  expect((await shop.pay(orderId, {}, keyed(key))).status).toBe(201);
});

test("a repeat while the first is still at the gateway is told so", async () => {
  const orderId = await newOrder();
  const held = hold();
  shop.gateway.script(held.behaviour);
  const key = newKey();
  const paying = shop.pay(orderId, {}, keyed(key));
  await held.arrived;
  const early = await shop.pay(orderId, {}, keyed(key));
  expect([early.status, early.body.errors[0].source]).toEqual([409, "Idempotency-Key"]);
  held.release();
  const first = await paying;
  expect((await shop.pay(orderId, {}, keyed(key))).body).toEqual(first.body);
});

test("a repeat while the first is still in its transaction is told so at once", async () => {
  const cart = `/v2/carts/${await shop.newCart([{ productId: await shop.newProduct(5) }])}`;
  const key = newKey();
  const rename = () => shop.ask("PUT", cart, { data: { name: "Kitchen" } }, keyed(key));
  const blocker = await shop.engines[0]?.engine.core.database.pool.connect();
  if (!blocker) throw new Error("no connection");
  await blocker.query("begin");
  await blocker.query("select 1 from cart where id = $1 for update", [cart.split("/")[3]]);
  const first = rename();
  await waitUntil(async () => {
    const waiting = await shop.sql(
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    return waiting.length === 1;
  });
  expect((await rename()).status).toBe(409);
  await blocker.query("commit");
  blocker.release();
  expect((await first).status).toBe(200);
  expect(replayed(await rename())).toBe("true");
});

test("the key and the effect are one transaction: when the effect breaks, no key stays", async () => {
  const cart = await shop.newCart([{ productId: await shop.newProduct(5) }]);
  const key = newKey();
  const place = () => shop.ask("POST", `/v2/carts/${cart}/checkout`, checkout, keyed(key));
  await shop.sql(
    `create function break_off() returns trigger language plpgsql as 'begin raise exception ''broken off''; end'`,
  );
  await shop.sql(
    "create trigger break_off before insert on orders for each row execute function break_off()",
  );
  try {
    expect((await place()).status).toBe(500);
    expect(await stored(key)).toEqual([]);
  } finally {
    await shop.sql("drop trigger break_off on orders");
  }
  const placed = await place();
  expect([placed.status, replayed(placed)]).toEqual([201, null]);
  expect(await stored(key)).toEqual([{ status: 201 }]);
});

test("D1 a payment that breaks off after its charge is found again by the repeat", async () => {
  const orderId = await newOrder();
  const key = newKey();
  await shop.sql(
    `create function break_off_settling() returns trigger language plpgsql as
       'begin if new.payment = ''paid'' then raise exception ''broken off''; end if; return new; end'`,
  );
  await shop.sql(
    "create trigger break_off before update on orders for each row execute function break_off_settling()",
  );
  try {
    expect((await shop.pay(orderId, {}, keyed(key))).status).toBe(500);
  } finally {
    await shop.sql("drop trigger break_off on orders");
  }
  expect(shop.gateway.taken(orderId)).toBe(1000);
  const again = await shop.pay(orderId, {}, keyed(key));
  expect([again.status, again.body.data.status]).toEqual([201, "complete"]);
  expect(shop.gateway.taken(orderId)).toBe(1000);
  expect(await shop.order(orderId)).toMatchObject({ payment: "paid" });
});

test("emptying the table of keys in mid-run charges, captures and refunds nothing twice", async () => {
  const orderId = await newOrder();
  const held = hold();
  shop.gateway.script(held.behaviour);
  const part = { amount: 400, method: "authorize" };
  const first = newKey();
  const paying = shop.pay(orderId, part, keyed(first));
  await held.arrived;
  await shop.sql("delete from idempotency_key");
  const meanwhile = shop.pay(orderId, part, keyed(first));
  held.release();
  const paid = [await paying, await meanwhile];
  expect(byStatus(paid)).toEqual({ 201: 2 });
  const paymentId = paid[0]?.body.data.id as string;
  expect(paid[1]?.body.data.id).toBe(paymentId);

  const second = (await shop.pay(orderId, { amount: 600 }, keyed(newKey()))).body.data.id;
  const [capturing, refunding] = [newKey(), newKey()];
  for (let times = 0; times < 3; times += 1) {
    await shop.sql("delete from idempotency_key");
    expect((await shop.pay(orderId, part, keyed(first))).body.data.id).toBe(paymentId);
    expect((await shop.transact("capture", orderId, paymentId, {}, capturing)).status).toBe(200);
    expect((await shop.transact("refund", orderId, second, { amount: 100 }, refunding)).status).toBe(200);
  }
  expect(shop.gateway.ledger.filter((entry) => entry.orderId === orderId).map(({ type }) => type)).toEqual([
    "authorize",
    "purchase",
    "capture",
    "refund",
  ]);
  expect(shop.gateway.taken(orderId)).toBe(900);
});

test("D3 the same amount twice on purpose is two refunds; one refund five times over is one", async () => {
  const orderId = await newOrder();
  const paymentId = (await shop.pay(orderId)).body.data.id;
  const wanted = [newKey(), newKey()];
  for (const key of wanted) await shop.transact("refund", orderId, paymentId, { amount: 50 }, key);
  expect(shop.gateway.taken(orderId)).toBe(900);
  for (let times = 0; times < 5; times += 1) {
    const again = await shop.transact("refund", orderId, paymentId, { amount: 50 }, wanted[0]);
    expect([again.status, replayed(again)]).toEqual([200, "true"]);
  }
  for (let times = 0; times < 2; times += 1)
    await shop.transact("refund", orderId, paymentId, { amount: 50 });
  expect(shop.gateway.taken(orderId)).toBe(800);
  const refundKeys = shop.gateway.ledger.filter(
    ({ type, orderId: of }) => type === "refund" && of === orderId,
  );
  expect(new Set(refundKeys.map(({ key }) => key)).size).toBe(4);
});

test("D1 five tries of a refund whose answers are lost refund once", async () => {
  const orderId = await newOrder();
  const paymentId = (await shop.pay(orderId)).body.data.id;
  const key = newKey();
  shop.gateway.script(loseAnswer);
  for (let times = 0; times < 5; times += 1) {
    expect((await shop.transact("refund", orderId, paymentId, { amount: 500 }, key)).status).toBe(200);
  }
  await shop.transact("confirm", orderId, paymentId);
  expect(shop.gateway.taken(orderId)).toBe(500);
});

test("A9 keys that cannot be kept are refused, and no key is no key", async () => {
  const cart = `/v2/carts/${newReference()}`;
  for (const key of ["with blank", "x".repeat(256)]) {
    expect((await shop.ask("PUT", cart, { data: {} }, keyed(key))).status).toBe(400);
  }
  expect((await shop.ask("PUT", cart, { data: {} }, keyed("x".repeat(255)))).status).toBe(200);
});
