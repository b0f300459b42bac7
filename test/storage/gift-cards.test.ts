import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { StoredGiftCard } from "../../src/domain/region/gift-card.ts";
import { fail, ok } from "../../src/domain/result.ts";
import type { GiftCardPort } from "../../src/operations/ports/gift-cards.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { giftCardStorage } from "../../src/storage/postgres/gift-cards.ts";
import { aGiftCard } from "./a-discount.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";

let database: OpenDatabase;
let close: () => Promise<void>;
let storeId: string;
let cards: GiftCardPort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  cards = giftCardStorage(database);
});
afterAll(() => close());
beforeEach(() => {
  storeId = `store-${crypto.randomUUID()}`;
});

async function insert(members: Partial<StoredGiftCard> = {}): Promise<StoredGiftCard> {
  const card = aGiftCard(members);
  expect(await cards.insert(storeId, card)).toBe("saved");
  return card;
}

function debit(orderId: string, amounts: Readonly<Record<string, number>>) {
  const debits = Object.entries(amounts).map(([cardId, amount]) => ({
    transactionId: crypto.randomUUID(),
    cardId,
    amount,
    isTaxable: true,
    taxPercent: 20,
  }));
  return cards.debit(storeId, { orderId, debits, now: NOW });
}

const balanceOf = async (id: string) => (await cards.load(storeId, id))?.balance;
const noted = async (...orderIds: string[]) =>
  (await cards.transactions(storeId, orderIds)).map(({ cardId, amount }) => [cardId, amount]);

test("a card comes back as it was saved, by its id and by its code in any spelling", async () => {
  const full = await insert({
    code: "ABCD-1234",
    balance: 400,
    isDisabled: true,
    endsAtMs: Date.parse(NOW),
    taxPercent: 19,
    metadata: { a: 1 },
  });
  expect(await cards.load(storeId, full.id)).toEqual(full);
  expect(await cards.entered(storeId, [" abcd-1234 ", "NOPE"])).toEqual([full]);
  expect(await cards.entered(storeId, [])).toEqual([]);
  expect(await cards.insert(storeId, aGiftCard({ code: full.code }))).toBe("code_taken");
  expect(await cards.delete(storeId, full.id)).toBe(true);
  expect(await cards.delete(storeId, full.id)).toBe(false);
});

test("a change is stored or refused, and no balance is more than the value or less than nothing", async () => {
  const card = await insert();
  expect(await cards.change(storeId, card.id, (now) => ok({ ...now, balance: 300 }))).toEqual(
    ok({ ...card, balance: 300 }),
  );
  expect(await cards.change(storeId, card.id, () => fail("no" as const))).toEqual(fail("no"));
  expect(await cards.change(storeId, "x", ok)).toBeUndefined();
  for (const balance of [1001, -1]) {
    await expect(cards.change(storeId, card.id, (now) => ok({ ...now, balance }))).rejects.toThrow();
  }
  expect(await balanceOf(card.id)).toBe(300);
});

describe("paying", () => {
  test("all that is asked for is taken, or nothing", async () => {
    const [a, b] = [await insert(), await insert({ balance: 300 })];
    expect(await debit("one", { [a.id]: 400, [b.id]: 301 })).toEqual({ kind: "short", cardId: b.id });
    expect([await balanceOf(a.id), await balanceOf(b.id), await noted("one")]).toEqual([1000, 300, []]);
    expect((await debit("one", { [a.id]: 400, [b.id]: 300 })).kind).toBe("debited");
    expect([await balanceOf(a.id), await balanceOf(b.id)]).toEqual([600, 0]);
    expect((await noted("one")).sort()).toEqual(
      [
        [a.id, 400],
        [b.id, 300],
      ].sort(),
    );
    // A card with nothing on it counts as disabled.
    expect((await cards.load(storeId, b.id))?.isDisabled).toBe(true);
    await cards.giveBack(storeId, "one", NOW);
    await cards.giveBack(storeId, "one", NOW);
    expect([await balanceOf(a.id), await balanceOf(b.id), await noted("one")]).toEqual([1000, 300, []]);
    expect((await cards.load(storeId, b.id))?.isDisabled).toBe(false);
  });

  test("an order that pays once more with other amounts gives the first ones back", async () => {
    const [a, b] = [await insert(), await insert()];
    await debit("one", { [a.id]: 900 });
    expect((await debit("one", { [a.id]: 950, [b.id]: 10 })).kind).toBe("debited");
    expect([await balanceOf(a.id), await balanceOf(b.id)]).toEqual([50, 990]);
    expect((await debit("one", { [b.id]: 20 })).kind).toBe("debited");
    expect([await balanceOf(a.id), await balanceOf(b.id), await noted("one")]).toEqual([
      1000,
      980,
      [[b.id, 20]],
    ]);
    expect((await debit("one", { [b.id]: 1001 })).kind).toBe("short");
    expect([await balanceOf(b.id), await noted("one")]).toEqual([980, [[b.id, 20]]]);
    expect((await debit("one", {})).kind).toBe("debited");
    expect([await balanceOf(b.id), await noted("one")]).toEqual([1000, []]);
  });

  test("a card that is disabled, over or gone pays nothing", async () => {
    const disabled = await insert({ isDisabled: true });
    const over = await insert({ endsAtMs: Date.parse(NOW) - 1 });
    const last = await insert({ endsAtMs: Date.parse(NOW) });
    expect((await debit("one", { [disabled.id]: 1 })).kind).toBe("short");
    expect((await debit("one", { [over.id]: 1 })).kind).toBe("short");
    expect(await debit("one", { gone: 1 })).toEqual({ kind: "short", cardId: "gone" });
    expect((await debit("one", { [last.id]: 1 })).kind).toBe("debited");
  });

  test("G1 forty orders at once, each for a tenth of a card: exactly ten are paid, and nothing is lost", async () => {
    const [a, b] = [await insert(), await insert()];
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        debit(`order-${n}`, n % 2 ? { [a.id]: 100, [b.id]: 1 } : { [b.id]: 1, [a.id]: 100 }),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === "debited")).toHaveLength(10);
    expect([await balanceOf(a.id), await balanceOf(b.id)]).toEqual([0, 990]);
    await Promise.all(outcomes.map((_, n) => cards.giveBack(storeId, `order-${n}`, NOW)));
    expect([await balanceOf(a.id), await balanceOf(b.id)]).toEqual([1000, 1000]);
  });

  test("what is given back never makes a card worth more than it was, and a card that is gone gets nothing", async () => {
    const [a, b] = [await insert(), await insert()];
    await debit("one", { [a.id]: 400, [b.id]: 1000 });
    await cards.change(storeId, a.id, (now) => ok({ ...now, balance: 900 }));
    await cards.delete(storeId, b.id);
    await cards.giveBack(storeId, "one", NOW);
    expect(await balanceOf(a.id)).toBe(1000);
    expect(await noted("one")).toEqual([]);
  });
});

test("the cards of an order's line are issued once, however often", async () => {
  const bought = (lineId: string) => aGiftCard({ orderId: "order", lineId });
  const first = [bought("one"), bought("one"), bought("two")];
  await cards.issue(storeId, first);
  await Promise.all([
    cards.issue(storeId, [bought("one"), bought("one"), bought("two")]),
    cards.issue(storeId, [bought("one"), bought("one"), bought("two")]),
  ]);
  await cards.issue(storeId, []);
  const filter = [[{ field: "order_id", operator: "eq" as const, values: ["order"] }]];
  const { rows } = await cards.list(storeId, { filter, sort: undefined, limit: 10, offset: 0 });
  expect(rows.map(({ id }) => id).sort()).toEqual(first.map(({ id }) => id).sort());
  expect(rows.find(({ id }) => id === first[2]?.id)).toEqual(first[2]);
});
