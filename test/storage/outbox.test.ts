import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventPort } from "../../src/operations/ports/events.ts";
import type { OutboxPort } from "../../src/operations/ports/outbox.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { eventStorage } from "../../src/storage/postgres/events.ts";
import { outboxStorage } from "../../src/storage/postgres/outbox.ts";
import { secretBox } from "../../src/storage/postgres/secret-box.ts";
import { openMigratedDatabase, waitUntil } from "./migrated-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const later = (milliseconds: number) => new Date(Date.parse(NOW) + milliseconds).toISOString();
const options = { now: NOW, leaseMs: 1000, limit: 100 };
const box = secretBox("a secret");

let database: OpenDatabase;
let close: () => Promise<void>;
let outbox: OutboxPort;
let events: EventPort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  outbox = outboxStorage(database, randomUUID, box);
  events = eventStorage(database, randomUUID, box);
});
afterAll(async () => {
  for (const end of ends) end();
  await close();
});

/** Ends transactions that a failed test has left open. */
const ends: (() => void)[] = [];

const happened = (storeId: string, type: string, subject = "o1", port = events) =>
  port.record(storeId, subject, { type, payload: { id: subject } }, NOW);

/** Claims until nothing comes any more, and says what came. */
async function drained(storeId: string, consumer = "c", limit = 100): Promise<string[]> {
  const types: string[] = [];
  for (;;) {
    const claim = await outbox.claim(storeId, consumer, { ...options, limit });
    if (!claim) return types;
    types.push(...claim.events.map(({ type }) => type));
    expect(await outbox.advance(storeId, consumer, claim.token, claim.events.at(-1)?.seq ?? 0)).toBe(true);
  }
}

/** Begins a transaction that notes an event, and leaves it open until it is let go. */
async function underWay(storeId: string, type: string): Promise<() => Promise<void>> {
  let end = () => {};
  const open = new Promise<void>((resolve) => {
    end = resolve;
  });
  ends.push(end);
  let written = false;
  const done = database.transaction(async (transaction) => {
    await happened(storeId, type, "o1", eventStorage(transaction, randomUUID, box));
    written = true;
    await open;
  });
  await waitUntil(() => written);
  return async () => {
    end();
    await done;
  };
}

/** Waits until nothing is under way any more that began before the consumer's aim was taken, for others neither. */
async function aimReached(storeId: string): Promise<void> {
  await waitUntil(async () => {
    const [row] = await database.runText<{ reached: boolean }>(
      `select pg_snapshot_xmin(pg_current_snapshot()) >= aim_tx as reached
         from event_consumer where store_id = $1 and consumer = 'c'`,
      [storeId],
    );
    return row?.reached === true;
  });
}

/** Others on the same server may have transactions under way, which only takes its time. */
async function eventually(storeId: string, wanted: readonly string[], limit = 100): Promise<void> {
  const types: string[] = [];
  await waitUntil(async () => {
    types.push(...(await drained(storeId, "c", limit)));
    return types.length >= wanted.length;
  });
  expect(types).toEqual(wanted);
}

test("a consumer begins now and gets everything once, in order, in batches", async () => {
  const store = "batches";
  await happened(store, "before");
  await outbox.begin(store, "c");
  expect(await drained(store)).toEqual([]);
  for (const type of ["a", "b", "c", "d", "e"]) await happened(store, type);
  await happened("another store", "x");
  await eventually(store, ["a", "b", "c", "d", "e"], 2);
  expect(await drained(store)).toEqual([]);
  // Who is not known begins now as well, and takes nothing from the other.
  expect(await drained(store, "late")).toEqual([]);
});

test("K1 an event that commits after one with a higher number is not skipped", async () => {
  const store = "disorder";
  await outbox.begin(store, "c");
  await aimReached(store);
  const first = await underWay(store, "first");
  await happened(store, "second");
  await happened(store, "third", "o2");
  expect(await drained(store)).toEqual([]);
  // What begins while the aim is not reached puts it off no further.
  const fourth = await underWay(store, "fourth");
  expect(await drained(store)).toEqual([]);
  await first();
  await eventually(store, ["first", "second", "third"]);
  await fourth();
  await eventually(store, ["fourth"]);
});

test("K1 what is rolled back holds up nothing", async () => {
  const store = "rollback";
  await outbox.begin(store, "c");
  const failing = database.transaction(async (transaction) => {
    await happened(store, "never", "o1", eventStorage(transaction, randomUUID, box));
    throw new Error("undone");
  });
  await expect(failing).rejects.toThrow("undone");
  await happened(store, "after");
  await eventually(store, ["after"]);
});

test("a transaction has its id before it draws the number of an event", async () => {
  const [column] = await database.runText<{ value: string }>(
    `select column_default as value from information_schema.columns
      where table_name = 'event' and column_name = 'seq'`,
    [],
  );
  const value = column?.value ?? "";
  expect(value.indexOf("pg_current_xact_id")).toBeGreaterThan(-1);
  expect(value.indexOf("nextval")).toBeGreaterThan(value.indexOf("pg_current_xact_id"));
});

test("events that many write at once come once each, and those of a subject in order", async () => {
  const store = "crowd";
  await outbox.begin(store, "c");
  const wanted = new Set<string>();
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let count = 1; count <= 25; count += 1) {
      wanted.add(`w${writer} ${count}`);
      await database.transaction((transaction) =>
        happened(store, `w${writer} ${count}`, `w${writer}`, eventStorage(transaction, randomUUID, box)),
      );
    }
  });
  const seen: string[] = [];
  let ended = false;
  const all = Promise.all(writers).then(() => {
    ended = true;
  });
  await waitUntil(async () => {
    for (;;) {
      const claim = await outbox.claim(store, "c", { ...options, limit: 7 });
      if (!claim) break;
      seen.push(...claim.events.map(({ type }) => type));
      // The number counts the events of a subject without gaps.
      for (const event of claim.events) expect(event.type).toBe(`${event.subjectId} ${event.sequence}`);
      await outbox.advance(store, "c", claim.token, claim.events.at(-1)?.seq ?? 0);
    }
    return ended && seen.length >= wanted.size;
  });
  await all;
  expect(seen).toHaveLength(wanted.size);
  expect(new Set(seen)).toEqual(wanted);
});

test("one works for a consumer at a time, and who is late moves nothing", async () => {
  const store = "leases";
  await outbox.begin(store, "c");
  await happened(store, "a");
  let mine = await outbox.claim(store, "c", options);
  await waitUntil(async () => {
    mine ??= await outbox.claim(store, "c", options);
    return mine !== undefined;
  });
  const [event] = mine?.events ?? [];
  expect(await outbox.claim(store, "c", options)).toBeUndefined();
  // Its time is over.
  const theirs = await outbox.claim(store, "c", { ...options, now: later(1000) });
  expect(theirs?.events).toEqual(mine?.events);
  expect(await outbox.advance(store, "c", mine?.token ?? "", event?.seq ?? 0)).toBe(false);
  await outbox.release(store, "c", mine?.token ?? "");
  expect(await outbox.claim(store, "c", options)).toBeUndefined();
  await outbox.release(store, "c", theirs?.token ?? "");
  const again = await outbox.claim(store, "c", options);
  expect(again?.events).toEqual(mine?.events);
  const both = [1, 2, 3].map(() => outbox.claim(store, "d", options));
  expect(await Promise.all(both)).toEqual([undefined, undefined, undefined]);
});

test("of several who claim at once one gets the events", async () => {
  const store = "claims";
  await outbox.begin(store, "c");
  await happened(store, "a");
  let got: (object | undefined)[] = [];
  await waitUntil(async () => {
    got = await Promise.all([1, 2, 3, 4, 5].map(() => outbox.claim(store, "c", options)));
    return got.some(Boolean);
  });
  expect(got.filter(Boolean)).toHaveLength(1);
});

test("a consumer restored from another server goes on", async () => {
  const store = "restored";
  await outbox.begin(store, "c");
  await happened(store, "a");
  await database.runText("update event_consumer set aim_tx = '999999999' where store_id = 'restored'", []);
  await eventually(store, ["a"]);
});

test("a secret member is there while it is good for something, and kept in no readable form", async () => {
  const store = "secrets";
  await outbox.begin(store, "c");
  const secret = { members: { token: "opens-the-door" }, until: later(900_000) };
  const event = { type: "customer.password_reset", payload: { id: "c1" } };
  await events.record(store, "c1", event, NOW, secret);
  const read = async (consumer: string) => {
    let payload: object | undefined;
    await waitUntil(async () => {
      const claim = await outbox.claim(store, consumer, options);
      payload = claim?.events[0]?.payload;
      if (claim) await outbox.release(store, consumer, claim.token);
      return claim !== undefined;
    });
    return payload;
  };
  expect(await read("c")).toEqual({ id: "c1", token: "opens-the-door" });
  const rows = await database.runText("select * from event where store_id = 'secrets'", []);
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain("opens-the-door");
  expect(await events.forgetSecrets(store, later(899_999), 10)).toBe(0);
  expect(await events.forgetSecrets(store, later(900_001), 10)).toBe(1);
  expect(await events.forgetSecrets(store, later(900_001), 10)).toBe(0);
  expect(await read("c")).toEqual({ id: "c1" });
  expect((await events.of(store, "c1"))[0]?.payload).toEqual({ id: "c1" });
});
