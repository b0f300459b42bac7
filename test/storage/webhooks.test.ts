import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeliveryStatus, WebhookPort } from "../../src/operations/ports/webhooks.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { eventStorage } from "../../src/storage/postgres/events.ts";
import { secretBox } from "../../src/storage/postgres/secret-box.ts";
import { storeCache } from "../../src/storage/postgres/store-cache.ts";
import { webhookStorage } from "../../src/storage/postgres/webhooks.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const later = (milliseconds: number) => new Date(Date.parse(NOW) + milliseconds).toISOString();
const box = secretBox("a secret");

let database: OpenDatabase;
let close: () => Promise<void>;
let webhooks: WebhookPort;
let stores = 0;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  webhooks = webhookStorage(database, box, storeCache());
});
afterAll(() => close());

/** A store with an endpoint `e` that is to be told these events, each named by its subject; ids are `<place>`. */
async function storeWith(...subjects: string[]): Promise<string> {
  stores += 1;
  const store = `store-${stores}`;
  const endpoint = { id: "e", url: "https://a.example", description: "", enabled: true, types: ["*"] };
  await webhooks.insert(store, { ...endpoint, createdAt: NOW, updatedAt: NOW }, "whsec_hush");
  const events = eventStorage(database, randomUUID, box);
  for (const subject of subjects) await events.record(store, subject, { type: "a.b", payload: {} }, NOW);
  await noted(store);
  return store;
}

/** Puts all events of a store in line. */
async function noted(store: string): Promise<void> {
  const rows = await database.runText<{ seq: number; id: string; subject_id: string }>(
    "select seq, id, subject_id from event where store_id = $1 order by seq",
    [store],
  );
  const deliveries = rows.map(({ seq, id, subject_id: subjectId }, index) => ({
    id: String(index + 1),
    endpointId: "e",
    eventSeq: seq,
    eventId: id,
    type: "a.b",
    subjectId,
    sequence: 1,
    createdAt: NOW,
  }));
  await webhooks.add(store, deliveries, NOW);
}

const claim = async (store: string, token = "mine", now = NOW): Promise<string[]> => {
  const got = await webhooks.claim(store, "e", { now, leaseMs: 1000, limit: 10, token });
  return got.map(({ id }) => id);
};
const settle = (store: string, id: string, status: DeliveryStatus, token = "mine", nextAt = later(5000)) =>
  webhooks.settle(
    store,
    id,
    token,
    { status, tries: 1, nextAt, attempts: [{ at: NOW, durationMs: 1 }] },
    NOW,
  );

test("K3 of a subject one is told at a time, in order; different ones beside each other", async () => {
  const store = await storeWith("o1", "o1", "o2", "o1", "o2");
  expect(await webhooks.stores()).toContain(store);
  expect(await webhooks.dueEndpoints(store, NOW)).toEqual(["e"]);
  expect(await claim(store)).toEqual(["1", "3"]);
  expect(await claim(store)).toEqual([]);
  expect(await webhooks.dueEndpoints(store, NOW)).toEqual([]);
  await settle(store, "1", "delivered");
  expect(await claim(store)).toEqual(["2"]);
  // What comes after one that failed waits for it, and for nothing else.
  await settle(store, "2", "pending");
  await settle(store, "3", "delivered");
  expect(await claim(store)).toEqual(["5"]);
  expect(await claim(store, "mine", later(4999))).toEqual(["5"]);
  expect(await claim(store, "mine", later(5000))).toEqual(["2"]);
  // Given up, it holds up nothing any more.
  await settle(store, "2", "failed");
  expect(await claim(store)).toEqual(["4"]);
});

test("what comes after one that waits for its next try is not even looked at", async () => {
  const store = await storeWith("o1");
  await claim(store);
  await settle(store, "1", "pending");
  const events = eventStorage(database, randomUUID, box);
  await events.record(store, "o1", { type: "a.b", payload: {} }, NOW);
  await noted(store);
  const [, second] = (await webhooks.deliveries(store, "e", { limit: 9 })).toReversed();
  expect(second?.nextAt).toBe(later(5000));
  await claim(store, "mine", later(5000));
  await settle(store, "1", "delivered");
  expect(await claim(store)).toEqual(["2"]);
});

test("of two who claim at once each delivery goes to one, and who is late settles nothing but success", async () => {
  const store = await storeWith(...Array.from({ length: 8 }, (_, index) => `o${index}`));
  const options = { now: NOW, leaseMs: 1000, limit: 8 };
  const tokens = ["t1", "t2", "t3"];
  const got = await Promise.all(tokens.map((token) => webhooks.claim(store, "e", { ...options, token })));
  expect(
    got
      .flat()
      .map(({ id }) => Number(id))
      .sort(),
  ).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await claim(store, "other", later(1000))).toHaveLength(8);
  const first = async () => (await webhooks.deliveries(store, "e", { limit: 9 })).at(-1)?.status;
  await settle(store, "1", "failed", "late");
  expect(await first()).toBe("pending");
  await settle(store, "1", "delivered", "late");
  expect(await first()).toBe("delivered");
  await settle(store, "1", "failed", "other");
  expect(await first()).toBe("delivered");
  await webhooks.release(store, "e", "other");
  expect(await claim(store)).toHaveLength(7);
});

test("an event is in line once for an endpoint, and for none that is gone", async () => {
  const store = await storeWith("o1");
  await noted(store);
  expect(await webhooks.counts(store)).toEqual({ pending: 1, failed: 0, oldest: NOW });
  expect(await webhooks.delete(store, "e")).toBe(true);
  expect(await webhooks.stores()).not.toContain(store);
  await noted(store);
  expect(await webhooks.counts(store)).toEqual({ pending: 0, failed: 0 });
});

test("a secret that was encrypted by another installation is none", async () => {
  const store = await storeWith();
  expect(await webhooks.secretsOf(store, "e")).toEqual([{ secret: "whsec_hush" }]);
  const elsewhere = webhookStorage(database, secretBox("another secret"), storeCache());
  expect(await elsewhere.secretsOf(store, "e")).toEqual([]);
  expect(await elsewhere.rotate(store, "e", "whsec_new", { now: NOW, until: later(1) })).toBe(true);
  expect(await elsewhere.secretsOf(store, "e")).toEqual([{ secret: "whsec_new" }]);
});

test("an endpoint that has not taken something for long is named, and one that has lost something", async () => {
  const store = await storeWith("o1", "o2");
  expect(await webhooks.failing(store, later(1))).toEqual([]);
  await claim(store);
  await settle(store, "1", "pending");
  expect(await webhooks.failing(store, NOW)).toEqual([]);
  expect(await webhooks.failing(store, later(1))).toMatchObject([{ pending: 2, failed: 0, since: NOW }]);
  await settle(store, "2", "failed");
  await claim(store, "mine", later(5000));
  await settle(store, "1", "delivered");
  const [failing] = await webhooks.failing(store, NOW);
  expect(failing).toMatchObject({ endpoint: { id: "e" }, pending: 0, failed: 1 });
  expect(failing).not.toHaveProperty("since");
  expect(await webhooks.deleteOlderThan(store, NOW, 10)).toBe(0);
  expect(await webhooks.deleteOlderThan(store, later(1), 1)).toBe(1);
  expect(await webhooks.deleteOlderThan(store, later(1), 10)).toBe(1);
});

test("what was told of a cart is forgotten with its last delivery, when the cart is gone; other events stay", async () => {
  const store = await storeWith("gone", "there", "order");
  await database.runText(
    "update event set type = 'cart.updated' where store_id = $1 and subject_id <> 'order'",
    [store],
  );
  await database.runText(
    "update webhook_delivery set type = 'cart.updated' where store_id = $1 and subject_id <> 'order'",
    [store],
  );
  await database.runText(
    `insert into cart (store_id, id, version, name, product_ids, doc, created_at, updated_at, expires_at, expires_on)
     values ($1, 'there', 1, '', '{}', '{}', $2, $2, $2, $2::timestamptz::date)`,
    [store, NOW],
  );
  expect(await webhooks.deleteOlderThan(store, later(1), 10)).toBe(3);
  const rows = await database.runText<{ subject_id: string }>(
    "select subject_id from event where store_id = $1 order by seq",
    [store],
  );
  expect(rows.map((row) => row.subject_id)).toEqual(["there", "order"]);
});

test("a new secret stands beside the old ones for as long as each was given, and beside a few at most", async () => {
  const store = await storeWith();
  const rotate = (secret: string, now: string, until: string) =>
    webhooks.rotate(store, "e", secret, { now, until });
  expect(await rotate("b", NOW, later(1000))).toBe(true);
  expect(await rotate("c", later(10), later(5000))).toBe(true);
  expect(await webhooks.secretsOf(store, "e")).toEqual([
    { secret: "c" },
    { secret: "b", until: later(5000) },
    { secret: "whsec_hush", until: later(1000) },
  ]);
  for (const secret of ["d", "e", "f"]) await rotate(secret, later(20), later(900));
  expect((await webhooks.secretsOf(store, "e")).map(({ secret }) => secret)).toEqual(["f", "e", "d", "c"]);
  await rotate("g", later(30), later(30));
  expect(await webhooks.secretsOf(store, "e")).toEqual([{ secret: "g" }]);
  expect(await webhooks.rotate(store, "nobody", "h", { now: NOW, until: NOW })).toBe(false);
});
