import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fail, ok } from "../../src/domain/result.ts";
import { defaultSettings } from "../../src/operations/context.ts";
import type { ListQuery } from "../../src/operations/listing.ts";
import type {
  NewCode,
  PromotionCodePort,
  PromotionPort,
  StoredPromotion,
} from "../../src/operations/ports/promotions.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { promotionCodeStorage } from "../../src/storage/postgres/promotion-codes.ts";
import { promotionStorage } from "../../src/storage/postgres/promotions.ts";
import { storeCache } from "../../src/storage/postgres/store-cache.ts";
import { storeStorage } from "../../src/storage/postgres/stores.ts";
import { aCode, aPromotion, NOW } from "./a-promotion.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const all: ListQuery = { filter: [], sort: undefined, limit: 100, offset: 0 };

let database: OpenDatabase;
let close: () => Promise<void>;
let storeId: string;
let promotions: PromotionPort;
let codes: PromotionCodePort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  promotions = promotionStorage(database, storeCache(), randomUUID);
  codes = promotionCodeStorage(database);
});
afterAll(() => close());
beforeEach(async () => {
  storeId = `store-${crypto.randomUUID()}`;
  const founder = storeStorage(database, storeCache(), randomUUID);
  await founder.create({ storeId, name: "Wrenfold", settings: defaultSettings, createdAt: NOW });
});

async function given(members: Partial<StoredPromotion> = {}, names: readonly string[] = []) {
  const promotion = aPromotion(members);
  const by = { codeId: crypto.randomUUID(), limit: 1000 };
  expect(await promotions.insert(storeId, promotion, by)).toBe("saved");
  if (names.length > 0)
    expect(
      await add(
        promotion,
        names.map((name) => aCode(name)),
      ),
    ).toBe("saved");
  return promotion;
}

const add = (promotion: StoredPromotion, added: readonly NewCode[], limit = 1000) =>
  codes.add(storeId, promotion.id, added, { now: NOW, limit });
const change = (promotion: StoredPromotion, members: Partial<StoredPromotion>) =>
  promotions.change<never>(
    storeId,
    promotion.id,
    { now: NOW, versionId: crypto.randomUUID(), codeId: crypto.randomUUID() },
    (before) => ok({ ...before, ...members }),
  );
const names = async ({ id }: StoredPromotion) =>
  (await codes.list(storeId, id, all)).rows.map(({ code }) => code);
const taken = (...of: string[]) => ({ type: "promotion_code_taken", codes: of });

describe("promotions", () => {
  test("come back as they were stored, and only in their store", async () => {
    const promotion = await given({
      minCartValue: [{ currency: "USD", amount: 500 }],
      maxApplicationsPerCart: 2,
      start: "2026-01-01 10:30",
    });
    expect(await promotions.load(storeId, promotion.id)).toEqual(promotion);
    expect((await promotions.list(storeId, all)).rows).toEqual([promotion]);
    expect(await promotions.load("another", promotion.id)).toBeUndefined();
    expect(await promotions.delete("another", promotion.id)).toBe(false);
  });

  test("are as many as the limit, however many are added at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => promotions.insert(storeId, aPromotion(), { codeId: "c", limit: 5 })),
    );
    expect(answers.filter((answer) => answer === "saved")).toHaveLength(5);
    expect((await promotions.list(storeId, all)).total).toBe(5);
  });

  test("are found by their codes, to the letter", async () => {
    const a = await given({}, ["SAVE", "MORE"]);
    const b = await given({}, ["save"]);
    const by = async (...values: string[]) => {
      const filter = [[{ field: "code", operator: "in" as const, values }]];
      return (await promotions.list(storeId, { ...all, filter })).rows.map(({ id }) => id);
    };
    expect(await by("SAVE")).toEqual([a.id]);
    expect((await by("MORE", "save")).sort()).toEqual([a.id, b.id].sort());
    expect(await by("none")).toEqual([]);
  });

  test("keep what they were when they change, and nothing when the change is refused", async () => {
    const promotion = await given();
    await change(promotion, { name: "Second" });
    await change(promotion, { name: "Third" });
    const by = { now: NOW, versionId: "v", codeId: "c" };
    expect(await promotions.change(storeId, promotion.id, by, () => fail("no"))).toEqual(fail("no"));
    expect(await promotions.change(storeId, "nobody", by, (same) => ok(same))).toBeUndefined();
    const history = await promotions.history(storeId, promotion.id, all);
    expect(history.rows.map((row) => [row.promotion.name, row.isCurrent])).toEqual([
      ["Third", true],
      ["Second", false],
      ["Ten off", false],
    ]);
    expect(history.rows.map((row) => row.versionId === promotion.id)).toEqual([true, false, false]);
    expect((await promotions.history("another", promotion.id, all)).total).toBe(0);
  });

  test("go with all that is theirs", async () => {
    const promotion = await given({}, ["A"]);
    await change(promotion, { name: "Second" });
    expect(await promotions.delete(storeId, promotion.id)).toBe(true);
    expect(await promotions.delete(storeId, promotion.id)).toBe(false);
    expect(await names(promotion)).toEqual([]);
    expect((await promotions.history(storeId, promotion.id, all)).total).toBe(0);
  });

  test("have a code of their own while they are automatic", async () => {
    const promotion = await given({ automatic: true }, ["MINE"]);
    const own = `auto_${promotion.id}`;
    expect(await names(promotion)).toEqual(["MINE", own]);
    expect(await codes.delete(storeId, promotion.id, [own])).toBe(0);
    await change(promotion, { automatic: false });
    expect(await names(promotion)).toEqual(["MINE"]);
    await change(promotion, { automatic: true });
    expect(await names(promotion)).toEqual(["MINE", own]);
  });
});

describe("codes", () => {
  test("come back as they were stored", async () => {
    const promotion = await given();
    const limited = aCode("A", { maxUses: 3, user: "customer", consumeUnit: "per_item" });
    const open = aCode("B");
    expect(await add(promotion, [limited, open])).toBe("saved");
    const listed = await codes.list(storeId, promotion.id, all);
    expect(listed).toEqual({ rows: [{ ...limited, usesLeft: 3 }, open], total: 2 });
    expect((await codes.list("another", promotion.id, all)).total).toBe(0);
    expect(await codes.add(storeId, "nobody", [open], { now: NOW, limit: 1 })).toBe("promotion_not_found");
    expect(await codes.delete(storeId, "nobody", ["A"])).toBeUndefined();
    expect(await codes.delete(storeId, promotion.id, ["A", "C"])).toBe(1);
    expect(await names(promotion)).toEqual(["B"]);
  });

  test("are as many as the limit, beside that of an automatic promotion", async () => {
    const promotion = await given({ automatic: true });
    const answers = await Promise.all(
      ["A", "B", "C", "D"].map((name) => add(promotion, [aCode(name), aCode(`${name}2`)], 4)),
    );
    expect(answers.filter((answer) => answer === "saved")).toHaveLength(2);
    expect(answers.filter((answer) => answer === "limit")).toHaveLength(2);
    expect(await names(promotion)).toHaveLength(5);
  });

  test("are each in one live promotion only, all or none, also within a transaction", async () => {
    const a = await given({}, ["X", "Y"]);
    const b = await given();
    await database.transaction(async (transaction) => {
      const inside = promotionCodeStorage(transaction);
      const adding = [aCode("W"), aCode("X"), aCode("Y")];
      expect(await inside.add(storeId, b.id, adding, { now: NOW, limit: 9 })).toEqual(taken("X", "Y"));
      expect(await inside.add(storeId, b.id, [aCode("x")], { now: NOW, limit: 9 })).toBe("saved");
    });
    expect(await names(b)).toEqual(["x"]);
    expect(await add(a, [aCode("X")])).toEqual(taken("X"));
  });

  test("are given to one of many promotions that ask at once", async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => given()));
    const answers = await Promise.all(made.map((promotion) => add(promotion, [aCode("Z"), aCode("A")])));
    expect(answers.filter((answer) => answer === "saved")).toHaveLength(1);
    expect(answers.filter((answer) => typeof answer === "object")).toHaveLength(9);
  });

  test("may be those of promotions that are disabled or over", async () => {
    const off = await given({ enabled: false }, ["X"]);
    const over = await given({ end: "2026-02-28" }, ["X"]);
    const live = await given({}, ["X"]);
    expect(await change(off, { enabled: true })).toEqual(fail(taken("X")));
    expect((await promotions.load(storeId, off.id))?.enabled).toBe(false);
    expect(await change(over, { end: "2026-12-31" })).toMatchObject({ ok: true });
    expect(await names(over)).toEqual([]);
    await change(live, { enabled: false });
    expect(await change(off, { enabled: true })).toMatchObject({ ok: true });
    expect(await change(live, { enabled: true })).toEqual(fail(taken("X")));
  });

  test("of a promotion that has ended since are free, and do not come back", async () => {
    const before = await given({ end: "2026-03-10" }, ["X"]);
    const after = await given();
    expect(await add(after, [aCode("X")])).toEqual(taken("X"));
    const later = { now: "2026-03-11T00:00:00.000Z", limit: 1000 };
    expect(await codes.add(storeId, after.id, [aCode("X")], later)).toBe("saved");
    const by = { now: later.now, versionId: "v", codeId: "c" };
    const longer = await promotions.change<never>(storeId, before.id, by, (old) =>
      ok({ ...old, end: "2026-12-31" }),
    );
    expect(longer).toMatchObject({ ok: true });
    expect([await names(before), await names(after)]).toEqual([[], ["X"]]);
  });
});

describe("what may concern a cart", () => {
  test("is what is automatic and enabled, and what the codes belong to", async () => {
    const young = await given({ automatic: true, createdAt: "2026-02-02T00:00:00.000Z" });
    const old = await given({ automatic: true, createdAt: "2026-02-01T00:00:00.000Z" });
    await given({ automatic: true, enabled: false });
    const coded = await given();
    await add(coded, [aCode("A", { maxUses: 2, user: "u", consumeUnit: "per_item" }), aCode("B")]);
    const off = await given({ enabled: false }, ["B", "C"]);
    const config = await storeStorage(database, storeCache(), randomUUID).config(storeId);
    expect(config?.automaticPromotions).toEqual([old, young]);
    const asked = ["A", "B", "C", "a", `auto_${old.id}`];
    expect(await promotions.entered(storeId, asked, NOW)).toEqual([
      { promotion: coded, code: { code: "A", usesLeft: 2, user: "u", consumeUnit: "per_item" } },
      { promotion: coded, code: { code: "B", consumeUnit: "per_cart" } },
      { promotion: off, code: { code: "C", consumeUnit: "per_cart" } },
    ]);
    expect(await promotions.entered("another", asked, NOW)).toEqual([]);
  });
});
