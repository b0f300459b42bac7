import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Discount } from "../../src/domain/region/discount.ts";
import { fail, ok } from "../../src/domain/result.ts";
import type { DiscountPort } from "../../src/operations/ports/discounts.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { discountStorage } from "../../src/storage/postgres/discounts.ts";
import { aDiscount } from "./a-discount.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";

let database: OpenDatabase;
let close: () => Promise<void>;
let storeId: string;
let discounts: DiscountPort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  discounts = discountStorage(database, randomUUID);
});
afterAll(() => close());
beforeEach(() => {
  storeId = `store-${crypto.randomUUID()}`;
});

async function insert(members: Partial<Discount> = {}): Promise<Discount> {
  const discount = aDiscount(members);
  expect(await discounts.insert(storeId, discount)).toBe("saved");
  return discount;
}

let orders = 0;
/** Holds the discounts for an order, a new one when none is named. */
async function hold(discountIds: readonly string[], given?: string) {
  orders += 1;
  const orderId = given ?? `order-${orders}`;
  return { orderId, ...(await discounts.hold(storeId, { orderId, discountIds, now: NOW })) };
}

const settle = (orderId: string) => discounts.settle(storeId, orderId, NOW);
const countOf = async (id: string) => (await discounts.load(storeId, id))?.usageCount;

/** What the row counts, and what its uses add up to. */
async function counts(id: string) {
  const { rows } = await database.pool.query(
    `select d.used, d.held,
            (select count(*) from discount_use u where u.store_id = $1 and u.discount_id = $2 and u.state = 'final') as final,
            (select count(*) from discount_use u where u.store_id = $1 and u.discount_id = $2 and u.state = 'held') as holds
       from discount d where d.store_id = $1 and d.id = $2`,
    [storeId, id],
  );
  return rows[0];
}

describe("discounts", () => {
  test("a discount comes back as it was saved, by its id and by its code", async () => {
    const full = await insert({
      rule: {
        type: "fixed",
        amount: 500,
        allocation: "item",
        conditions: [
          { id: "c", type: "products", operator: "in", ids: ["p"], createdAt: NOW, updatedAt: NOW },
        ],
      },
      ruleDescription: "words",
      isDynamic: true,
      validDuration: "P1D",
      usageLimit: 3,
      endsAtMs: 5,
      metadata: { a: 1 },
    });
    expect(await discounts.load(storeId, full.id)).toEqual(full);
    expect(await discounts.byCode(storeId, full.code)).toEqual(full);
    expect(await discounts.load("another store", full.id)).toBeUndefined();
    expect(await discounts.insert(storeId, aDiscount({ code: full.code }))).toBe("code_taken");
  });

  test("entered codes are found in their order, and a code made from another has its rule and regions", async () => {
    const parent = await insert({ isDynamic: true, ruleDescription: "words", regionIds: ["a", "b"] });
    const child = await insert({ parentId: parent.id, ruleId: "none", regionIds: [], usageLimit: 1 });
    const found = await discounts.entered(storeId, [child.code, "NOPE", parent.code]);
    const { rule, ruleId, ruleDescription, regionIds } = parent;
    expect(found).toEqual([{ ...child, rule, ruleId, ruleDescription, regionIds }, parent]);
    expect(await discounts.entered(storeId, [])).toEqual([]);
  });

  test("a change is stored, refused, or met by a code that is taken", async () => {
    const one = await insert();
    const two = await insert();
    const changed = await discounts.change(storeId, one.id, (now) => ok({ ...now, isDisabled: true }));
    expect(changed).toEqual({ kind: "saved", discount: { ...one, isDisabled: true } });
    expect(await discounts.change(storeId, one.id, () => fail("no" as const))).toEqual({
      kind: "refused",
      refusal: "no",
    });
    const taken = await discounts.change(storeId, one.id, (now) => ok({ ...now, code: two.code }));
    expect(taken.kind).toBe("code_taken");
    expect((await discounts.change(storeId, "x", ok)).kind).toBe("not_found");
    expect(await discounts.load(storeId, one.id)).toEqual({ ...one, isDisabled: true });
  });

  test("lists filter, and a discount goes with the codes made from it", async () => {
    const parent = await insert({ isDynamic: true });
    const child = await insert({ parentId: parent.id });
    const other = await insert({ isDisabled: true });
    const list = async (field: string, value: string) => {
      const filter = [[{ field, operator: "eq" as const, values: [value] }]];
      const query = { filter, sort: undefined, limit: 10, offset: 0 };
      return (await discounts.list(storeId, query)).rows.map(({ id }) => id);
    };
    expect(await list("is_dynamic", "true")).toEqual([parent.id]);
    expect(await list("is_disabled", "true")).toEqual([other.id]);
    expect(await list("rule_type", "fixed")).toEqual([]);
    expect(await discounts.delete(storeId, parent.id)).toBe(true);
    expect(await discounts.delete(storeId, parent.id)).toBe(false);
    expect(await discounts.load(storeId, child.id)).toBeUndefined();
    expect(await discounts.load(storeId, other.id)).toBeDefined();
  });
});

describe("uses", () => {
  test.each([1, 2, 3, 4, 5])(
    "G3 a limit of %i lets exactly so many orders hold a use",
    async (usageLimit) => {
      const { id } = await insert({ usageLimit });
      for (let use = 1; use <= usageLimit; use += 1) expect((await hold([id])).kind).toBe("held");
      expect(await hold([id])).toMatchObject({ kind: "used_up", discountId: id });
      expect(await counts(id)).toEqual({ used: 0, held: usageLimit, final: 0, holds: usageLimit });
    },
  );

  test("G1 a hundred orders at once for 10 uses: exactly 10 hold one, in whatever order they name several", async () => {
    const { id: limited } = await insert({ usageLimit: 10 });
    const { id: wide } = await insert({ usageLimit: 1000 });
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, n) => hold(n % 2 ? [limited, wide] : [wide, limited])),
    );
    const held = outcomes.filter(({ kind }) => kind === "held");
    expect(held).toHaveLength(10);
    expect(await counts(limited)).toEqual({ used: 0, held: 10, final: 0, holds: 10 });
    // All or none: who did not get the one has not taken the other.
    expect(await counts(wide)).toEqual({ used: 0, held: 10, final: 0, holds: 10 });
    await Promise.all(held.slice(0, 6).map(({ orderId }) => settle(orderId)));
    await Promise.all(held.slice(6).map(({ orderId }) => discounts.giveBack(storeId, orderId)));
    expect(await counts(limited)).toEqual({ used: 6, held: 0, final: 6, holds: 0 });
  });

  test("G2 a use is held, becomes final, and comes back from either", async () => {
    const { id } = await insert({ usageLimit: 1 });
    const first = await hold([id]);
    expect(await countOf(id)).toBe(0);
    await discounts.giveBack(storeId, first.orderId);
    const second = await hold([id]);
    await settle(second.orderId);
    expect(await countOf(id)).toBe(1);
    expect((await hold([id])).kind).toBe("used_up");
    await discounts.giveBack(storeId, second.orderId);
    expect(await counts(id)).toEqual({ used: 0, held: 0, final: 0, holds: 0 });
  });

  test("once more is as good as once", async () => {
    const { id } = await insert({ usageLimit: 1 });
    const { orderId } = await hold([id]);
    expect((await hold([id], orderId)).kind).toBe("held");
    expect((await hold([id, id], orderId)).kind).toBe("held");
    await settle(orderId);
    await settle(orderId);
    expect((await hold([id], orderId)).kind).toBe("held");
    expect(await counts(id)).toEqual({ used: 1, held: 0, final: 1, holds: 0 });
    await discounts.giveBack(storeId, orderId);
    await discounts.giveBack(storeId, orderId);
    expect(await counts(id)).toEqual({ used: 0, held: 0, final: 0, holds: 0 });
  });

  test("without a limit uses are told and not counted, and count once there is one", async () => {
    const { id } = await insert();
    const [one, two, three] = [await hold([id]), await hold([id]), await hold([id])];
    await settle(one.orderId);
    expect(await countOf(id)).toBe(1);
    expect(await counts(id)).toEqual({ used: 0, held: 0, final: 1, holds: 2 });
    await discounts.change(storeId, id, (now) => ok({ ...now, usageLimit: 3 }));
    expect(await counts(id)).toEqual({ used: 1, held: 2, final: 1, holds: 2 });
    expect((await hold([id])).kind).toBe("used_up");
    await discounts.giveBack(storeId, three.orderId);
    await settle(two.orderId);
    expect((await hold([id])).kind).toBe("held");
    expect(await counts(id)).toEqual({ used: 2, held: 1, final: 2, holds: 1 });
    expect(await countOf(id)).toBe(2);
    await discounts.change(storeId, id, (now) => ok({ ...now, usageLimit: null }));
    const more = await hold([id]);
    await settle(more.orderId);
    expect(await countOf(id)).toBe(3);
    await discounts.giveBack(storeId, one.orderId);
    expect(await countOf(id)).toBe(2);
  });

  test("a discount that is gone stands in nobody's way", async () => {
    const { id } = await insert({ usageLimit: 1 });
    const { orderId } = await hold([id]);
    await discounts.delete(storeId, id);
    await settle(orderId);
    expect((await hold([id])).kind).toBe("held");
    await discounts.giveBack(storeId, orderId);
  });
});
