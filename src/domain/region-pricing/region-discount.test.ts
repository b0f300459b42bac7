import { describe, expect, test } from "vitest";
import { aDiscount, allOff, freeShipping, percentOff } from "../../../test/region-carts.ts";
import { meetsProductConditions, type ProductCondition } from "./discount-conditions.ts";
import { checkDiscount, usableDiscount } from "./discount-refusal.ts";
import { discountCode, discountsInForce, type RegionDiscount } from "./region-discount.ts";

const now = 1000;
const guest = { regionId: "eu" };
const customer = { regionId: "eu", customer: { groupIds: ["vip"] } };
const groups = (operator: "in" | "not_in", ...ids: string[]) =>
  ({ type: "customer_groups", operator, ids }) as const;
const tenPercent = (more: Partial<RegionDiscount>, ...conditions: ReturnType<typeof groups>[]) =>
  aDiscount({ type: "percentage", percent: 10, conditions }, more);

describe("a discount is refused, and says why", () => {
  test.each([
    ["used up", tenPercent({ usageLimit: 2, usageCount: 2 }), { type: "discount_used_up", limit: 2 }],
    ["not started", tenPercent({ startsAtMs: 1001 }), { type: "discount_not_started", startsAtMs: 1001 }],
    ["ended", tenPercent({ endsAtMs: 999 }), { type: "discount_ended", endsAtMs: 999 }],
    ["disabled", tenPercent({ isDisabled: true }), { type: "discount_disabled" }],
    ["for customers", tenPercent({}, groups("in", "vip")), { type: "discount_needs_customer" }],
    ["for customers but some", tenPercent({}, groups("not_in", "x")), { type: "discount_needs_customer" }],
    [
      "of another region",
      tenPercent({ regionIds: ["us"] }),
      { type: "discount_not_in_region", regionId: "eu" },
    ],
  ])("%s", (_, discount, error) => {
    expect(usableDiscount(discount, guest, now)).toEqual({ ok: false, error: { code: "CODE", ...error } });
  });

  test.each([
    ["other groups", [groups("in", "staff")]],
    ["all but the customer's group", [groups("not_in", "vip")]],
    ["the customer's group, and another", [groups("in", "vip"), groups("in", "staff")]],
  ])("for %s", (_, conditions) => {
    expect(usableDiscount(tenPercent({}, ...conditions), customer, now)).toEqual({
      ok: false,
      error: { type: "discount_not_for_customer", code: "CODE" },
    });
  });

  test("the first reason is given: used up, not started or ended, disabled, customer, region", () => {
    let discount = tenPercent(
      { usageLimit: 0, startsAtMs: 2000, endsAtMs: 500, isDisabled: true, regionIds: ["us"] },
      groups("in", "vip"),
    );
    const repairs: Partial<RegionDiscount>[] = [
      { usageLimit: 1 },
      { startsAtMs: 0 },
      { endsAtMs: null },
      { isDisabled: false },
      { rule: percentOff(10).rule },
      { regionIds: ["eu"] },
    ];
    const seen = repairs.map((repair) => {
      const result = usableDiscount(discount, guest, now);
      discount = { ...discount, ...repair };
      return result.ok ? "usable" : result.error.type;
    });
    expect(seen).toEqual([
      "discount_used_up",
      "discount_not_started",
      "discount_ended",
      "discount_disabled",
      "discount_needs_customer",
      "discount_not_in_region",
    ]);
    expect(usableDiscount(discount, guest, now)).toEqual({ ok: true, value: discount });
  });

  test.each([
    ["at its first and at its last moment", tenPercent({ startsAtMs: now, endsAtMs: now }), guest],
    ["with a use left", tenPercent({ usageLimit: 2, usageCount: 1 }), guest],
    ["for the customer's group", tenPercent({}, groups("in", "vip", "staff")), customer],
    ["for all but another group", tenPercent({}, groups("not_in", "staff")), customer],
  ])("it is usable %s", (_, discount, cart) => {
    expect(usableDiscount(discount, cart, now).ok).toBe(true);
  });
});

describe("a merchant's discount", () => {
  test.each([
    ["has a region", tenPercent({ regionIds: [] }), { type: "discount_without_region" }],
    [
      "has one region if it is a fixed amount",
      { ...allOff(5), regionIds: ["eu", "us"] },
      { type: "fixed_discount_with_many_regions" },
    ],
    ["is of 100 % at most", percentOff(100.5), { type: "percentage_above_100", percent: 100.5 }],
  ])("%s", (_, discount, error) => {
    expect(checkDiscount(discount)).toEqual({ ok: false, error });
  });

  test.each([percentOff(100), allOff(1000), { ...freeShipping, regionIds: ["eu", "us"] }])(
    "is fine: %j",
    (it) => {
      expect(checkDiscount(it)).toEqual({ ok: true, value: it });
    },
  );
});

describe("conditions on products", () => {
  const tee = { id: "tee", typeId: "shirt", collectionId: "summer", tagIds: ["new", "cotton"] };
  const condition = (
    type: ProductCondition["type"],
    operator: ProductCondition["operator"],
    ...ids: string[]
  ): ProductCondition => ({ type, operator, ids });
  test.each([
    ["products", "tee"],
    ["product_types", "shirt"],
    ["product_collections", "summer"],
    ["product_tags", "cotton"],
  ] as const)("%s", (type, id) => {
    expect(meetsProductConditions(tee, [condition(type, "in", "other", id)])).toBe(true);
    expect(meetsProductConditions(tee, [condition(type, "in", "other")])).toBe(false);
    expect(meetsProductConditions(tee, [condition(type, "not_in", "other", id)])).toBe(false);
    expect(meetsProductConditions(tee, [condition(type, "not_in", "other")])).toBe(true);
    for (const without of [undefined, { id: "plain" }]) {
      expect(meetsProductConditions(without, [condition(type, "in", id)])).toBe(false);
      expect(meetsProductConditions(without, [condition(type, "not_in", id)])).toBe(true);
    }
  });

  test("all must hold; those on the customer are asked elsewhere", () => {
    const isTee = condition("products", "in", "tee");
    expect(meetsProductConditions(tee, [isTee, condition("product_tags", "not_in", "new")])).toBe(false);
    expect(meetsProductConditions(tee, [isTee, groups("in", "vip")])).toBe(true);
  });
});

test("a code is the same however it was typed", () => {
  expect(discountCode("  ten ")).toBe("TEN");
});

test("of each kind the last counts", () => {
  const [first, last] = [allOff(1), percentOff(2)];
  const otherFree = { ...freeShipping, id: "other" };
  expect(discountsInForce([first, freeShipping, last, otherFree])).toEqual({
    amount: last,
    freeShipping: otherFree,
  });
  expect(discountsInForce([])).toEqual({});
});
