import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fail, ok } from "../../src/domain/result.ts";
import { codeKey } from "../../src/domain/rule-promotions/rule-code.ts";
import { defaultSettings } from "../../src/operations/context.ts";
import type { ListQuery } from "../../src/operations/listing.ts";
import type { PromotionUsePort } from "../../src/operations/ports/promotions.ts";
import type {
  CodeShopper,
  NewRuleCode,
  RuleCodePort,
  RulePromotionPort,
  StoredRulePromotion,
} from "../../src/operations/ports/rule-promotions.ts";
import { type OpenDatabase, statement } from "../../src/storage/postgres/database.ts";
import { promotionUseStorage } from "../../src/storage/postgres/promotion-uses.ts";
import { ruleCodeStorage } from "../../src/storage/postgres/rule-promotion-codes.ts";
import { rulePromotionStorage } from "../../src/storage/postgres/rule-promotions.ts";
import { storeCache } from "../../src/storage/postgres/store-cache.ts";
import { storeStorage } from "../../src/storage/postgres/stores.ts";
import { NOW } from "./a-promotion.ts";
import { aRuleCode, aRulePromotion } from "./a-rule-promotion.ts";
import { openMigratedDatabase, waitUntil } from "./migrated-database.ts";

const all: ListQuery = { filter: [], sort: undefined, limit: 100, offset: 0 };
const nobody: CodeShopper = { names: [] };

let database: OpenDatabase;
let close: () => Promise<void>;
let storeId: string;
let promotions: RulePromotionPort;
let codes: RuleCodePort;
let uses: PromotionUsePort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  promotions = rulePromotionStorage(database, storeCache(), randomUUID);
  codes = ruleCodeStorage(database);
  uses = promotionUseStorage(database);
});
afterAll(() => close());
beforeEach(async () => {
  storeId = `store-${crypto.randomUUID()}`;
  await storeStorage(database, storeCache(), randomUUID).create({
    storeId,
    name: "Wrenfold",
    settings: defaultSettings,
    createdAt: NOW,
  });
});

const by = { codeId: "c", limit: 1000, now: NOW };
async function given(members: Partial<StoredRulePromotion> = {}, ...added: NewRuleCode[]) {
  const promotion = aRulePromotion(members);
  expect(await promotions.insert(storeId, promotion, { ...by, codeId: crypto.randomUUID() })).toBe("saved");
  if (added.length > 0) {
    expect(await codes.add(storeId, promotion.id, added, 1000)).toMatchObject({ type: "saved" });
  }
  return promotion;
}
const change = (id: string, members: Partial<StoredRulePromotion>) =>
  promotions.change(storeId, id, { codeId: crypto.randomUUID(), now: NOW }, (before) =>
    ok({ ...before, ...members }),
  );

describe("rule promotions", () => {
  test("are kept as they were given, listed, changed and deleted", async () => {
    const promotion = await given({ priority: 3, description: "Spring" });
    expect(await promotions.load(storeId, promotion.id)).toEqual(promotion);
    expect(await change(promotion.id, { name: "Nine off" })).toEqual(ok({ ...promotion, name: "Nine off" }));
    const listed = await promotions.list(storeId, {
      ...all,
      filter: [[{ field: "priority", operator: "eq", values: ["3"] }]],
    });
    expect([listed.total, listed.rows[0]?.name]).toEqual([1, "Nine off"]);
    expect(await promotions.load("another", promotion.id)).toBeUndefined();
    expect(await promotions.delete("another", promotion.id)).toBe(false);
    expect(await promotions.delete(storeId, promotion.id)).toBe(true);
    expect(await promotions.load(storeId, promotion.id)).toBeUndefined();
    expect(await change(promotion.id, {})).toBeUndefined();
  });

  test("are at most as many as a store may have", async () => {
    expect(await promotions.insert(storeId, aRulePromotion(), { ...by, limit: 0 })).toBe("limit");
  });

  test("have no priority that another has which is enabled and not over", async () => {
    const first = await given({ priority: 1 });
    const taken = { type: "rule_promotion_priority_taken" as const, priority: 1, promotionId: first.id };
    const second = aRulePromotion({ priority: 1 });
    expect(await promotions.insert(storeId, second, by)).toEqual(taken);
    const off = await given({ priority: 1, enabled: false });
    expect(await change(off.id, { enabled: true })).toEqual(fail(taken));
    await given({ priority: 1, end: "2026-02-01" });
    expect(await change(first.id, { name: "Same priority" })).toMatchObject({ ok: true });
    await change(first.id, { end: "2026-02-01" });
    expect(await change(off.id, { enabled: true })).toMatchObject({ ok: true });
  });

  test("of one priority that come at once are not both kept", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => promotions.insert(storeId, aRulePromotion({ priority: 5 }), by)),
    );
    expect(answers.filter((answer) => answer === "saved")).toHaveLength(1);
  });

  test("have a code of their own while they are automatic", async () => {
    const promotion = await given({ automatic: true });
    const own = async () => (await codes.list(storeId, promotion.id, all)).rows.map(({ code }) => code);
    expect(await own()).toEqual([`auto_${promotion.id}`]);
    await change(promotion.id, { automatic: false });
    expect(await own()).toEqual([]);
  });
});

describe("codes of rule promotions", () => {
  test("are kept as they were written, and found in any case", async () => {
    const limits = {
      user: "c1",
      maxUsesPerShopper: { maxUses: 2, includesGuests: true },
    };
    const promotion = await given(
      {},
      aRuleCode("Spring", { ...limits, maxUses: 5 }),
      aRuleCode("NEW", { isForNewShopper: true }),
    );
    const { rows } = await codes.list(storeId, promotion.id, all);
    expect(rows).toMatchObject([
      { code: "NEW", isForNewShopper: true },
      { code: "Spring", usesLeft: 5, maxUses: 5, ...limits },
    ]);
    const [found] = await promotions.entered(storeId, ["sPRING"], nobody, NOW);
    expect(found).toMatchObject({
      promotion: { id: promotion.id },
      code: { code: "Spring", usesLeft: 5, usedByShopper: 0, ...limits },
    });
    const named = await promotions.list(storeId, {
      ...all,
      filter: [[{ field: "code", operator: "eq", values: ["SPRING"] }]],
    });
    expect(named.rows).toHaveLength(1);
    expect(await codes.delete(storeId, promotion.id, ["SPRING", "x"])).toBe(1);
    expect(await codes.delete(storeId, "none", ["SPRING"])).toBeUndefined();
  });

  test("may be those of other promotions, but not twice in one, whatever the case", async () => {
    const first = await given({}, aRuleCode("Both"));
    const second = await given();
    expect(await codes.add(storeId, second.id, [aRuleCode("BOTH"), aRuleCode("own")], 1000)).toEqual({
      type: "saved",
      shared: ["BOTH"],
    });
    expect(await codes.add(storeId, first.id, [aRuleCode("new"), aRuleCode("bOTH")], 1000)).toEqual({
      type: "taken",
      codes: ["bOTH"],
    });
    const found = await promotions.entered(storeId, ["both"], nobody, NOW);
    expect(found.map(({ promotion }) => promotion.id).sort()).toEqual([first.id, second.id].sort());
  });

  test("are not for automatic promotions, nor for none, and not too many", async () => {
    const automatic = await given({ automatic: true });
    expect(await codes.add(storeId, automatic.id, [aRuleCode("A")], 1000)).toEqual({
      type: "promotion_automatic",
    });
    expect(await codes.add(storeId, "none", [aRuleCode("A")], 1000)).toEqual({ type: "promotion_not_found" });
    const { id } = await given();
    expect(await codes.add(storeId, id, [aRuleCode("A"), aRuleCode("B")], 1)).toEqual({ type: "limit" });
    expect(await promotions.entered(storeId, [`auto_${automatic.id}`], nobody, NOW)).toEqual([]);
  });

  test("bring what is active, and what is not only where nothing is", async () => {
    const active = await given({}, aRuleCode("A"));
    const over = await given({ end: "2026-02-01" }, aRuleCode("a"), aRuleCode("B"));
    const found = await promotions.entered(storeId, ["A", "B"], nobody, NOW);
    expect(found.map(({ promotion, code }) => [promotion.id, code.code])).toEqual([
      [active.id, "A"],
      [over.id, "B"],
    ]);
    expect(await promotions.entered("another", ["A"], nobody, NOW)).toEqual([]);
  });
});

describe("uses of rule promotions", () => {
  const wish = (
    orderId: string,
    wanted: readonly { readonly promotionId: string; readonly code: string }[],
    shoppers?: readonly string[],
  ) => ({
    orderId,
    customerEmail: "ada@example.com",
    now: NOW,
    ...(shoppers && { shoppers }),
    uses: wanted.map(({ promotionId, code }) => ({
      id: crypto.randomUUID(),
      promotionId,
      code: codeKey(code),
      times: 1,
    })),
  });
  const left = async (promotionId: string) =>
    (await codes.list(storeId, promotionId, all)).rows.map(({ usesLeft }) => usesLeft);
  const usedBy = async (names: readonly string[]) =>
    (await promotions.entered(storeId, ["A"], { names }, NOW)).map(({ code }) => code.usedByShopper);
  const byShopper = fail({ type: "code_used_up_by_shopper" as const, code: "a" });
  const perShopper = (maxUses: number) => ({ maxUsesPerShopper: { maxUses, includesGuests: true } });

  test.each([1, 10])("G1 a code for %i uses is held so often when 100 orders want it", async (maxUses) => {
    const { id } = await given({}, aRuleCode("A", { maxUses }));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        uses.hold(storeId, wish(`o${index}`, [{ promotionId: id, code: "A" }])),
      ),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(maxUses);
    expect(await left(id)).toEqual([0]);
  });

  test("one code of two promotions is two uses of an order, told as it was written", async () => {
    const first = await given({}, aRuleCode("Both", { maxUses: 2 }));
    const second = await given({}, aRuleCode("BOTH", { maxUses: 3 }));
    const both = [first, second].map(({ id }) => ({ promotionId: id, code: "both" }));
    expect(await uses.hold(storeId, wish("o1", both))).toEqual(ok("held"));
    expect(await uses.hold(storeId, wish("o1", both))).toEqual(ok("held"));
    expect([await left(first.id), await left(second.id)]).toEqual([[1], [2]]);
    const { rows } = await uses.list(storeId, { promotionId: first.id }, all);
    expect(rows.map(({ code, state }) => [code, state])).toEqual([["Both", "held"]]);
    expect(await uses.settle(storeId, "o1", NOW)).toBe(2);
    expect(await uses.settle(storeId, "o1", NOW)).toBe(0);
    expect(await uses.giveBack(storeId, "o1")).toBe(2);
    expect([await left(first.id), await left(second.id)]).toEqual([[2], [3]]);
  });

  test.each([1, 3])(
    "G1 a shopper in 20 tabs uses a code for %i each so often, others as well",
    async (most) => {
      const { id } = await given({}, aRuleCode("A", perShopper(most)));
      const wanted = [{ promotionId: id, code: "A" }];
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => uses.hold(storeId, wish(`o${index}`, wanted, ["ada"]))),
      );
      expect(answers.filter((answer) => answer.ok)).toHaveLength(most);
      expect(answers.find((answer) => !answer.ok)).toEqual(byShopper);
      expect(await uses.hold(storeId, wish("other", wanted, ["bob"]))).toEqual(ok("held"));
      expect([await usedBy(["ada"]), await usedBy(["bob"]), await usedBy(["eve"])]).toEqual([
        [most],
        [1],
        [0],
      ]);
    },
  );

  test("G1 a shopper is counted under each name: as a customer, and as a guest with the same e-mail", async () => {
    const { id } = await given({}, aRuleCode("A", perShopper(1)));
    const wanted = [{ promotionId: id, code: "A" }];
    expect(await uses.hold(storeId, wish("o1", wanted, ["customer ada", "email ada"]))).toEqual(ok("held"));
    expect(await uses.hold(storeId, wish("o2", wanted, ["email ada"]))).toEqual(byShopper);
    expect(await uses.hold(storeId, wish("o3", wanted, ["customer ada", "email eve"]))).toEqual(byShopper);
    expect(await usedBy(["nobody", "email ada"])).toEqual([1]);
    expect(await uses.hold(storeId, wish("o4", wanted))).toEqual(byShopper);
  });

  test("G2 what is given back may be used again, also by the shopper, held or final", async () => {
    const { id } = await given({}, aRuleCode("A", { ...perShopper(1), maxUses: 1 }));
    const wanted = [{ promotionId: id, code: "A" }];
    for (const order of ["o1", "o2"]) {
      expect(await uses.hold(storeId, wish(order, wanted, ["ada"]))).toEqual(ok("held"));
      expect(await uses.hold(storeId, wish("another", wanted, ["bob"]))).toMatchObject({ ok: false });
      if (order === "o2") await uses.settle(storeId, order, NOW);
      expect(await usedBy(["ada"])).toEqual([1]);
      expect(await uses.giveBack(storeId, order)).toBe(1);
      expect([await usedBy(["ada"]), await left(id)]).toEqual([[0], [1]]);
    }
  });

  test("G1 who waits for the shopper's own hold sees that it was the last", async () => {
    const { id } = await given({}, aRuleCode("A", perShopper(1)));
    const wanted = [{ promotionId: id, code: "A" }];
    let waiting: Promise<unknown> | undefined;
    await database.transaction(async (transaction) => {
      await promotionUseStorage(transaction).hold(storeId, wish("o1", wanted, ["ada"]));
      waiting = uses.hold(storeId, wish("o2", wanted, ["ada"]));
      await waitUntil(async () => (await database.run(selectWaiting, [])).length > 0);
    });
    expect(await waiting).toEqual(byShopper);
  });

  test("a code for new shoppers is held once by each, and tells who has paid before", async () => {
    const { id } = await given({}, aRuleCode("A", { isForNewShopper: true }));
    const wanted = [{ promotionId: id, code: "A" }];
    expect(await uses.hold(storeId, wish("o1", wanted, ["ada"]))).toEqual(ok("held"));
    expect(await uses.hold(storeId, wish("o2", wanted, ["ada"]))).toEqual(byShopper);
    await database.run(insertOrder, [storeId, "paid", "ada", "customer@example.com", "paid"]);
    await database.run(insertOrder, [storeId, "unpaid", "bob", "bob@example.com", "unpaid"]);
    await database.run(insertOrder, [storeId, "guest", null, "Guest@example.com", "refunded"]);
    const hasPaid = async (shopper: Omit<CodeShopper, "names">) =>
      (await promotions.entered(storeId, ["A"], { names: [], ...shopper }, NOW))[0]?.code.shopperHasPaid;
    expect(await hasPaid({ customerId: "ada" })).toBe(true);
    expect(await hasPaid({ customerId: "bob", email: "bob@example.com" })).toBe(false);
    expect(await hasPaid({ email: "gUEST@example.com" })).toBe(true);
    expect(await hasPaid({ email: "customer@example.com" })).toBe(false);
  });

  test("go with their promotion", async () => {
    const { id } = await given({}, aRuleCode("A", perShopper(1)));
    await uses.hold(storeId, wish("o1", [{ promotionId: id, code: "A" }], ["ada"]));
    await promotions.delete(storeId, id);
    expect((await uses.list(storeId, { promotionId: id }, all)).total).toBe(0);
    expect(await database.run(selectShoppers, [storeId])).toEqual([]);
  });
});

const selectWaiting = statement(
  "test_waiting",
  "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
);

const selectShoppers = statement(
  "test_shoppers",
  "select shopper from promotion_code_shopper where store_id = $1",
);

const insertOrder = statement(
  "test_insert_order",
  `insert into orders (store_id, id, version, status, payment, shipping, currency, with_tax, without_tax, customer_id,
     name, email, billing_postcode, shipping_postcode, product_ids, product_skus, doc, state, stock_state, stock_held,
     created_at, updated_at)
   values ($1, $2, 1, 'complete', $5, 'unfulfilled', 'USD', 1, 1, $3, '', $4, '', '', '{}', '{}', '{}', '{}', 'none',
     '[]', now(), now()) returning 1 as done`,
);
