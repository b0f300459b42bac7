import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fail, ok } from "../../src/domain/result.ts";
import { defaultSettings } from "../../src/operations/context.ts";
import type { ListQuery } from "../../src/operations/listing.ts";
import type {
  NewCode,
  PromotionCodePort,
  PromotionUsePort,
  StoredPromotion,
} from "../../src/operations/ports/promotions.ts";
import { type OpenDatabase, sqlState, statement } from "../../src/storage/postgres/database.ts";
import { promotionCodeStorage } from "../../src/storage/postgres/promotion-codes.ts";
import { promotionUseStorage } from "../../src/storage/postgres/promotion-uses.ts";
import { promotionStorage } from "../../src/storage/postgres/promotions.ts";
import { storeCache } from "../../src/storage/postgres/store-cache.ts";
import { storeStorage } from "../../src/storage/postgres/stores.ts";
import { aCode, aPromotion, NOW } from "./a-promotion.ts";
import { openMigratedDatabase, waitUntil } from "./migrated-database.ts";

const LATER = "2026-03-02T00:00:00.000Z";
const all: ListQuery = { filter: [], sort: undefined, limit: 100, offset: 0 };

let database: OpenDatabase;
let close: () => Promise<void>;
let storeId: string;
let promotion: StoredPromotion;
let codes: PromotionCodePort;
let uses: PromotionUsePort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  codes = promotionCodeStorage(database);
  uses = promotionUseStorage(database);
});
afterAll(() => close());
beforeEach(async () => {
  storeId = `store-${crypto.randomUUID()}`;
  const founder = storeStorage(database, storeCache(), randomUUID);
  await founder.create({ storeId, name: "Wrenfold", settings: defaultSettings, createdAt: NOW });
  promotion = aPromotion();
  await promotionStorage(database, storeCache(), randomUUID).insert(storeId, promotion, {
    codeId: "c",
    limit: 1000,
  });
});

async function given(...added: readonly NewCode[]) {
  expect(await codes.add(storeId, promotion.id, added, { now: NOW, limit: 1000 })).toBe("saved");
}

const wish = (orderId: string, wanted: Readonly<Record<string, number>>) => ({
  orderId,
  customerEmail: "ada@example.com",
  now: NOW,
  uses: Object.entries(wanted).map(([code, times]) => ({
    id: crypto.randomUUID(),
    promotionId: promotion.id,
    code,
    times,
  })),
});
const hold = (orderId: string, wanted: Readonly<Record<string, number>>, port = uses) =>
  port.hold(storeId, wish(orderId, wanted));

async function left(code = "A"): Promise<number | undefined> {
  const { rows } = await codes.list(storeId, promotion.id, all);
  return rows.find((row) => row.code === code)?.usesLeft;
}
const noted = async () =>
  (await uses.list(storeId, { promotionId: promotion.id }, all)).rows
    .map(({ orderId, code, times, state }) => `${orderId} ${code} ${times} ${state}`)
    .sort();
const usedUp = (code: string, required: number, there: number) =>
  fail({ type: "code_used_up" as const, code, required, left: there });

describe("a limited code", () => {
  test.each([1, 10])("G1 is held %i times when 100 orders want it at once", async (limit) => {
    await given(aCode("A", { maxUses: limit }));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => hold(`o${index}`, { A: 1 })));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(limit);
    expect(answers.filter(({ ok }) => !ok)[0]).toEqual(usedUp("A", 1, 0));
    expect(await left()).toBe(0);
    expect(await noted()).toHaveLength(limit);
  });

  test.each([1, 2, 3, 4, 5])("G3 of %i uses gives the last one, and not one more", async (limit) => {
    await given(aCode("A", { maxUses: limit }));
    for (let order = 0; order < limit; order += 1) {
      expect(await left()).toBe(limit - order);
      expect(await hold(`o${order}`, { A: 1 })).toEqual(ok("held"));
    }
    expect(await hold("late", { A: 1 })).toEqual(usedUp("A", 1, 0));
    expect(await noted()).toHaveLength(limit);
  });

  test("G1 counts units, and never beyond the limit when orders want different numbers at once", async () => {
    await given(aCode("A", { maxUses: 7, consumeUnit: "per_item" }));
    await Promise.all(Array.from({ length: 30 }, (_, index) => hold(`o${index}`, { A: (index % 3) + 1 })));
    const { rows } = await uses.list(storeId, { promotionId: promotion.id }, all);
    expect(rows.reduce((sum, use) => sum + use.times, 0)).toBe(7);
    expect(await left()).toBe(0);
    await Promise.all(rows.map((use) => uses.giveBack(storeId, use.orderId)));
    expect(await hold("large", { A: 8 })).toEqual(usedUp("A", 8, 7));
    expect(await left()).toBe(7);
  });

  test("G1 is not overdrawn where the database is written to past all this", async () => {
    await given(aCode("A", { maxUses: 1 }));
    const overdraw = statement(
      "test_overdraw",
      "update promotion_code set held = 2 where store_id = $1 returning 1 as done",
    );
    const error = await database.run(overdraw, [storeId]).catch((thrown: unknown) => thrown);
    expect(sqlState(error)).toBe("23514");
  });
});

describe("whoever waits for a code that another is writing", () => {
  /** Runs `first` in a transaction, begins `second`, and commits once that waits. */
  async function interleaved<Value>(
    first: (port: PromotionUsePort) => Promise<unknown>,
    second: () => Promise<Value>,
  ): Promise<Value> {
    let waiting: Promise<Value> | undefined;
    await database.transaction(async (transaction) => {
      await first(promotionUseStorage(transaction));
      waiting = second();
      await waitUntil(async () => (await database.run(selectWaiting, [])).length > 0);
    });
    if (!waiting) throw new Error("Nobody waited");
    return waiting;
  }

  test("G1 sees that the last use is gone", async () => {
    await given(aCode("A", { maxUses: 1 }));
    const answer = await interleaved(
      (port) => hold("o1", { A: 1 }, port),
      () => hold("o2", { A: 1 }),
    );
    expect(answer).toEqual(usedUp("A", 1, 0));
    expect(await noted()).toEqual(["o1 A 1 held"]);
  });

  test("G3 gets the last use when that comes back", async () => {
    await given(aCode("A", { maxUses: 2 }));
    await hold("o1", { A: 1 });
    await hold("o2", { A: 1 });
    await uses.settle(storeId, "o2", LATER);
    const third = await interleaved(
      (port) => port.giveBack(storeId, "o1"),
      () => hold("o3", { A: 1 }),
    );
    const fourth = await interleaved(
      (port) => port.giveBack(storeId, "o2"),
      () => hold("o4", { A: 1 }),
    );
    expect([third, fourth]).toEqual([ok("held"), ok("held")]);
    expect(await left()).toBe(0);
  });

  test("holds for the order that the other held for", async () => {
    await given(aCode("A", { maxUses: 1 }));
    const again = await interleaved(
      (port) => hold("o1", { A: 1 }, port),
      () => hold("o1", { A: 1 }),
    );
    expect(again).toEqual(ok("held"));
    expect(await noted()).toEqual(["o1 A 1 held"]);
  });

  test("G2 gives a use back that has just become final, and does not make one final that is gone", async () => {
    await given(aCode("A", { maxUses: 3 }));
    await hold("o1", { A: 2 });
    const back = await interleaved(
      (port) => port.settle(storeId, "o1", LATER),
      () => uses.giveBack(storeId, "o1"),
    );
    expect([back, await left(), await noted()]).toEqual([1, 3, []]);
    await hold("o1", { A: 2 });
    const settled = await interleaved(
      (port) => port.giveBack(storeId, "o1"),
      () => uses.settle(storeId, "o1", LATER),
    );
    expect([settled, await left(), await noted()]).toEqual([0, 3, []]);
  });

  test("does not hold a code that is gone", async () => {
    await given(aCode("A", { maxUses: 1 }));
    let waiting: Promise<unknown> | undefined;
    await database.transaction(async (transaction) => {
      await promotionCodeStorage(transaction).delete(storeId, promotion.id, ["A"]);
      waiting = hold("o1", { A: 1 });
      await waitUntil(async () => (await database.run(selectWaiting, [])).length > 0);
    });
    expect(await waiting).toEqual(fail({ type: "code_gone", code: "A", promotionId: promotion.id }));
    expect(await noted()).toEqual([]);
  });
});

const selectWaiting = statement(
  "test_waiting",
  "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
);

describe("a hold", () => {
  test("takes all codes or none", async () => {
    await given(aCode("A", { maxUses: 5 }), aCode("B", { maxUses: 1 }), aCode("C"));
    expect(await hold("o1", { C: 1, B: 1, A: 1 })).toEqual(ok("held"));
    expect(await hold("o2", { A: 2, B: 1, C: 1 })).toEqual(usedUp("B", 1, 0));
    expect(await hold("o3", { A: 1, X: 1 })).toEqual(
      fail({ type: "code_gone", code: "X", promotionId: promotion.id }),
    );
    expect([await left("A"), await left("B"), await left("C")]).toEqual([4, 0, undefined]);
    expect(await noted()).toEqual(["o1 A 1 held", "o1 B 1 held", "o1 C 1 held"]);
    expect(await hold("o4", {})).toEqual(ok("held"));
  });

  test("of several codes in every order locks no two orders in each other", async () => {
    await given(aCode("A", { maxUses: 40 }), aCode("B", { maxUses: 40 }));
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        hold(`o${index}`, index % 2 === 0 ? { A: 1, B: 1 } : { B: 1, A: 1 }),
      ),
    );
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect([await left("A"), await left("B")]).toEqual([0, 0]);
  });

  test("again changes nothing, also many times at once and at the limit", async () => {
    await given(aCode("A", { maxUses: 1 }), aCode("B"));
    const answers = await Promise.all(Array.from({ length: 10 }, () => hold("o1", { A: 1, B: 1 })));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await noted()).toEqual(["o1 A 1 held", "o1 B 1 held"]);
    expect(await left()).toBe(0);
  });

  test("that is refused leaves the transaction around it alone, and one that is undone holds nothing", async () => {
    await given(aCode("A", { maxUses: 1 }), aCode("B", { maxUses: 1 }));
    await database.transaction(async (transaction) => {
      const inside = promotionUseStorage(transaction);
      expect(await hold("o1", { A: 2 }, inside)).toEqual(usedUp("A", 2, 1));
      expect(await hold("o1", { A: 1 }, inside)).toEqual(ok("held"));
    });
    const undone = database.transaction(async (transaction) => {
      await hold("o2", { B: 1 }, promotionUseStorage(transaction));
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect([await left("A"), await left("B")]).toEqual([0, 1]);
    expect(await noted()).toEqual(["o1 A 1 held"]);
  });

  test("is of its store", async () => {
    await given(aCode("A"));
    expect(await uses.hold("another", wish("o1", { A: 1 }))).toMatchObject({ ok: false });
    await hold("o1", { A: 1 });
    expect(await uses.settle("another", "o1", NOW)).toBe(0);
    expect(await uses.giveBack("another", "o1")).toBe(0);
    expect(await noted()).toEqual(["o1 A 1 held"]);
  });
});

describe("a use that is held", () => {
  beforeEach(async () => {
    await given(aCode("A", { maxUses: 3 }), aCode("B"));
    await hold("o1", { A: 2, B: 1 });
  });

  test("G2 becomes final once", async () => {
    expect(await uses.settle(storeId, "o1", LATER)).toBe(2);
    expect(await uses.settle(storeId, "o1", LATER)).toBe(0);
    expect(await noted()).toEqual(["o1 A 2 final", "o1 B 1 final"]);
    expect(await left()).toBe(1);
    expect(await hold("o1", { A: 2, B: 1 })).toEqual(ok("held"));
    expect(await noted()).toEqual(["o1 A 2 final", "o1 B 1 final"]);
  });

  test("G2 comes back once, and can be held again", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => uses.giveBack(storeId, "o1")));
    expect(answers.sort()).toEqual([0, 0, 0, 0, 2]);
    expect(await left()).toBe(3);
    expect(await noted()).toEqual([]);
    expect(await uses.settle(storeId, "o1", LATER)).toBe(0);
    expect(await hold("o1", { A: 3 })).toEqual(ok("held"));
    expect(await left()).toBe(0);
  });

  test("G2 comes back also after it was final", async () => {
    await uses.settle(storeId, "o1", LATER);
    expect(await uses.giveBack(storeId, "o1")).toBe(2);
    expect(await uses.giveBack(storeId, "o1")).toBe(0);
    expect(await left()).toBe(3);
  });

  test("G2 ends in one way when both happen at once", async () => {
    for (let round = 0; round < 10; round += 1) {
      await Promise.all([uses.settle(storeId, "o1", LATER), uses.giveBack(storeId, "o1")]);
      expect([await noted(), await left()]).toEqual([[], 3]);
      await hold("o1", { A: 2, B: 1 });
    }
  });

  test("owes nothing to a code of the same name that was made since", async () => {
    await codes.delete(storeId, promotion.id, ["A"]);
    await given(aCode("A", { maxUses: 1 }));
    expect(await uses.settle(storeId, "o1", LATER)).toBe(2);
    expect(await uses.giveBack(storeId, "o1")).toBe(2);
    expect(await left()).toBe(1);
  });

  test("is listed with who used it, until that is made anonymous", async () => {
    const held = wish("o2", { B: 1 });
    await uses.hold(storeId, { ...held, customerId: "ada" });
    const of = { promotionId: promotion.id };
    expect((await uses.list(storeId, of, all)).total).toBe(3);
    const listed = await uses.list(storeId, { ...of, code: "B" }, all);
    const id = held.uses[0]?.id as string;
    const use = listed.rows.find((row) => row.id === id);
    expect(listed.total).toBe(2);
    expect(use).toMatchObject({ orderId: "o2", customerId: "ada", customerEmail: "ada@example.com" });
    const by = { now: LATER, actor: "client:a" };
    const changed = await uses.anonymize(storeId, [id, "nobody"], by);
    expect(changed).toEqual([
      { ...use, customerEmail: "**", anonymized: true, updatedBy: "client:a", updatedAt: LATER },
    ]);
    expect(await uses.anonymize("another", [id], by)).toEqual([]);
  });
});
