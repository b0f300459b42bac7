import { describe, expect, test } from "vitest";
import { fail } from "../result.ts";
import type { Discount, DiscountCondition } from "./discount.ts";
import { changeDiscount, checkedDiscount, dynamicCode, withCondition } from "./edit-discount.ts";

const NOW = "2026-11-21T00:00:00.000Z";
const nowMs = Date.parse(NOW);

function aDiscount(members: Partial<Discount> = {}): Discount {
  return {
    id: "d",
    code: "TEN",
    rule: { type: "percentage", percent: 10, allocation: "total", conditions: [] },
    ruleId: "r",
    regionIds: ["eu"],
    isDisabled: false,
    isDynamic: false,
    startsAtMs: nowMs,
    endsAtMs: null,
    usageLimit: null,
    usageCount: 0,
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    ...members,
  };
}
const fixed = (amount: number) => ({ type: "fixed", amount, allocation: "total", conditions: [] }) as const;
const condition = (members: Partial<DiscountCondition> = {}): DiscountCondition => ({
  id: "c",
  type: "products",
  operator: "in",
  ids: ["p"],
  createdAt: NOW,
  updatedAt: NOW,
  ...(members as object),
});

describe("a discount", () => {
  test("has its code in one spelling", () => {
    expect(checkedDiscount(aDiscount({ code: " ten " }))).toMatchObject({ ok: true, value: { code: "TEN" } });
  });

  test.each([
    [{ regionIds: [] }, "discount_without_region"],
    [{ rule: fixed(5), regionIds: ["eu", "us"] }, "fixed_discount_with_many_regions"],
    [{ rule: { ...aDiscount().rule, type: "percentage" as const, percent: 120 } }, "percentage_above_100"],
    [{ rule: fixed(-1) }, "discount_value_invalid"],
    [{ rule: fixed(1.5) }, "discount_value_invalid"],
    [{ rule: fixed(Number.NaN) }, "discount_value_invalid"],
    [{ endsAtMs: nowMs }, "discount_ends_first"],
  ])("that is none is refused: %j", (members, type) => {
    expect(checkedDiscount(aDiscount(members))).toMatchObject({ ok: false, error: { type } });
  });

  test("changes in what is named, and keeps the type of its rule", () => {
    const before = aDiscount({ validDuration: "P1D", ruleDescription: "words", metadata: { a: 1 } });
    expect(changeDiscount(before, {}, NOW)).toEqual({ ok: true, value: { ...before, updatedAt: NOW } });
    const changed = changeDiscount(
      before,
      { value: 20, validDuration: null, usageLimit: 3, metadata: { b: 2 }, regionIds: ["us", "eu"] },
      NOW,
    );
    const { validDuration: _, ...rest } = before;
    expect(changed).toEqual({
      ok: true,
      value: {
        ...rest,
        rule: { ...before.rule, percent: 20 },
        usageLimit: 3,
        metadata: { a: 1, b: 2 },
        regionIds: ["us", "eu"],
        updatedAt: NOW,
      },
    });
    const more = changeDiscount(aDiscount({ rule: fixed(5) }), { regionIds: ["a", "b"] }, NOW);
    expect(more).toEqual(fail({ type: "fixed_discount_with_many_regions" }));
  });
});

describe("a code made from a discount", () => {
  const made = { id: "child", code: "once", usageLimit: 1 };

  test("has its rule and regions, and lasts as long as it says", () => {
    const parent = aDiscount({ isDynamic: true, validDuration: "P1D", usageLimit: 100 });
    expect(dynamicCode(parent, made, NOW)).toMatchObject({
      ok: true,
      value: {
        id: "child",
        code: "ONCE",
        parentId: "d",
        ruleId: "r",
        rule: parent.rule,
        regionIds: ["eu"],
        startsAtMs: nowMs,
        endsAtMs: nowMs + 86_400_000,
        usageLimit: 1,
      },
    });
    const forever = dynamicCode(aDiscount({ isDynamic: true }), made, NOW);
    expect(forever).toMatchObject({ ok: true, value: { endsAtMs: null } });
  });

  test("is made from a dynamic discount only, and not from another code", () => {
    const refusal = fail({ type: "discount_not_dynamic", code: "TEN" });
    expect(dynamicCode(aDiscount(), made, NOW)).toEqual(refusal);
    expect(dynamicCode(aDiscount({ isDynamic: true, parentId: "x" }), made, NOW)).toEqual(refusal);
  });
});

test("there is one condition of a type and operator", () => {
  const [one, other] = [condition(), condition({ id: "d", operator: "not_in" })];
  const both = [one, other].reduce(withCondition, []);
  expect(both).toEqual([one, other]);
  expect(withCondition(both, condition({ id: "e", ids: ["q"] }))).toEqual([{ ...one, ids: ["q"] }, other]);
  expect(withCondition(both, condition({ id: "d", ids: ["q"] }))).toEqual([{ ...one, ids: ["q"] }, other]);
});
