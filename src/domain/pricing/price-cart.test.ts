import { describe, expect, test } from "vitest";
import { formatMoney } from "../currency.ts";
import { MAX_AMOUNT, MAX_TOTAL } from "../money.ts";
import type { CartDiscount } from "./discount.ts";
import { type PriceableLine, type PriceCart, type PricedCart, priceCart, unitShare } from "./price-cart.ts";

const line = (id: string, quantity: number, unitAmount: number, rate?: number): PriceableLine => ({
  id,
  quantity,
  unitAmount,
  includesTax: false,
  taxes: rate === undefined ? [] : [{ id: `${id}-vat`, rate }],
});
const inclusive = (...of: Parameters<typeof line>): PriceableLine => ({ ...line(...of), includesTax: true });
const coupon = (amount: number, more: Partial<CartDiscount> = {}): CartDiscount => ({
  amount,
  code: "COUPON",
  promotionId: "promo",
  ...more,
});

function price(input: Partial<PriceCart>): PricedCart {
  const priced = priceCart({ lines: [], method: "line", ...input });
  if (!priced.ok) throw new Error(JSON.stringify(priced.error));
  return priced.value;
}

describe("the documented example: 3 x 9.99 at 20 %, 1 x 0.03 untaxed, 10.00 off", () => {
  const lines = [line("a", 3, 999, 0.2), line("b", 1, 3)];
  const cartDiscounts = [coupon(-1000)];

  test("by line it is 24.00; the document prints 23.99 because it takes 29.97 - 9.99 for 19.97", () => {
    const { lines: priced, totals } = price({ lines, cartDiscounts });
    expect(priced[0]).toMatchObject({
      value: 2997,
      discount: -999,
      withoutTax: 1998,
      tax: 400,
      withTax: 2398,
    });
    expect(priced[1]).toMatchObject({ value: 3, discount: -1, withoutTax: 2, tax: 0, withTax: 2 });
    expect(totals).toEqual({
      withTax: 2400,
      withoutTax: 2000,
      tax: 400,
      discount: -1000,
      withoutDiscount: 3000,
      shipping: 0,
      shippingDiscount: 0,
    });
  });

  test("simple it is 26.00; the document prints 25.97 because it cuts 1.998 to 1.99 where its text says nearest", () => {
    const priced = price({ lines, cartDiscounts, method: "simple" });
    expect(priced.lines[0]).toMatchObject({ value: 2997, discount: 0, tax: 3 * 200, withTax: 3597 });
    expect(priced.lines[1]).toMatchObject({ value: 3, tax: 0, withTax: 3 });
    expect(priced.totals).toMatchObject({ withTax: 2600, withoutTax: 2000, tax: 600, discount: -1000 });
    expect(priced.cartDiscounts).toEqual([{ amount: -1000, code: "COUPON", promotionId: "promo" }]);
    expect(priced.method).toBe("simple");
  });
});

test("the documented cart with an item discount and two cart discounts: 100.00 less 40.00 is 60.00", () => {
  const own = { amount: -1000, code: "own", promotionId: "p1" };
  const priced = price({
    lines: [{ ...line("a", 1, 10_000), discounts: [own] }],
    cartDiscounts: [
      coupon(-2000, { code: "two", promotionId: "p2" }),
      coupon(-1000, { code: "three", promotionId: "p3" }),
    ],
  });
  expect(priced.totals).toMatchObject({ withTax: 6000, discount: -4000, withoutDiscount: 10_000 });
  expect(priced.lines[0]?.discounts).toEqual([
    { ...own, fromCart: false },
    { amount: -2000, code: "two", promotionId: "p2", fromCart: true },
    { amount: -1000, code: "three", promotionId: "p3", fromCart: true },
  ]);
});

describe("rounding", () => {
  test("H1 24.99 at 10.75 % and 6.44 shipping are 34.12", () => {
    const { totals } = price({
      lines: [line("a", 1, 2499, 0.1075)],
      shipping: [{ id: "s", base: 644, fees: 0, tax: 0 }],
    });
    expect(totals).toMatchObject({ withTax: 3412, withoutTax: 3143, tax: 269, shipping: 644 });
  });

  test("H2 3 x 70.00 less 5.00 at 20 % is taxed 41.00 as one line, and 41.01 as three because each is rounded", () => {
    const one = price({ lines: [line("a", 3, 7000, 0.2)], cartDiscounts: [coupon(-500)] });
    expect(one.totals).toMatchObject({ tax: 4100, withTax: 24_600, discount: -500 });

    const lines = ["a", "b", "c"].map((id) => line(id, 1, 7000, 0.2));
    const three = price({ lines, cartDiscounts: [coupon(-500)] });
    expect(three.lines.map(({ discount }) => discount)).toEqual([-167, -167, -166]);
    expect(three.lines.map(({ tax }) => tax)).toEqual([1367, 1367, 1367]);
    expect(three.totals).toMatchObject({ tax: 4101, withTax: 24_601, discount: -500 });
  });

  test("H3 10.20 x 10 at 23 % is taxed 23.46 by line and 23.50 by unit, 1000 pieces 2346.00 and 2350.00", () => {
    const tax = (quantity: number, method: PriceCart["method"]) =>
      price({ lines: [line("a", quantity, 1020, 0.23)], method }).totals.tax;
    expect(tax(10, "line")).toBe(2346);
    expect(tax(10, "simple")).toBe(2350);
    expect(tax(1000, "line")).toBe(234_600);
    expect(tax(1000, "simple")).toBe(235_000);
  });

  test("H6 yen have no fraction to round to, dinars have three digits", () => {
    const format = { format: "{price}", decimalPoint: ".", thousandSeparator: "," };
    const yen = price({ lines: [line("a", 1, 500, 0.08), line("b", 1, 106, 0.08)] }).totals;
    expect(yen).toMatchObject({ tax: 48, withTax: 654 });
    expect(formatMoney(yen.withTax, { ...format, code: "JPY", decimalPlaces: 0 })).toBe("654");
    const dinar = price({ lines: [line("a", 1, 1234, 0.05)] }).totals;
    expect(dinar).toMatchObject({ tax: 62, withTax: 1296 });
    expect(formatMoney(dinar.withTax, { ...format, code: "KWD", decimalPlaces: 3 })).toBe("1.296");
  });

  test("a unit's share of a line is rounded half away from zero, for display", () => {
    expect(unitShare(2398, 3)).toBe(799);
    expect(unitShare(5, 2)).toBe(3);
    expect(unitShare(-5, 2)).toBe(-3);
    expect(unitShare(0, 7)).toBe(0);
  });
});

describe("prices that include tax", () => {
  test("do not move; tax is what is left beside the rounded price without it", () => {
    const { lines, totals } = price({ lines: [inclusive("a", 3, 999, 0.2)] });
    expect(lines[0]).toMatchObject({ withTax: 2997, withoutTax: 2498, tax: 499 });
    expect(totals).toMatchObject({ withTax: 2997, withoutTax: 2498, tax: 499, withoutDiscount: 2997 });
  });

  test("a discount lowers them as the shopper reads it, and their tax with them", () => {
    const { lines } = price({ lines: [inclusive("a", 1, 12_000, 0.2)], cartDiscounts: [coupon(-1200)] });
    expect(lines[0]).toMatchObject({
      value: 12_000,
      discount: -1200,
      withTax: 10_800,
      withoutTax: 9000,
      tax: 1800,
    });
  });

  test("mixed with prices that do not, a cart discount takes the same part of each price as entered", () => {
    const lines = [inclusive("a", 1, 12_000, 0.2), line("b", 1, 4000, 0.2)];
    const priced = price({ lines, cartDiscounts: [coupon(-1600)] });
    expect(priced.lines.map(({ discount }) => discount)).toEqual([-1200, -400]);
    expect(priced.totals).toMatchObject({ withTax: 10_800 + 4320, tax: 1800 + 720 });
  });

  test("G4 in the simple method a discount of everything leaves neither tax nor a negative total", () => {
    const lines = [inclusive("a", 1, 1200, 0.2)];
    expect(price({ lines, method: "simple", cartDiscounts: [coupon(-1100)] }).totals).toMatchObject({
      withTax: 100,
      withoutTax: 0,
      tax: 100,
    });
    expect(price({ lines, method: "simple", cartDiscounts: [coupon(-9999)] }).totals).toMatchObject({
      withTax: 0,
      withoutTax: 0,
      tax: 0,
      discount: -1200,
    });
  });
});

describe("discounts", () => {
  const own = (amount: number) => ({ amount, code: "OWN", promotionId: "own" });

  test("G4 take what is left and no more, and say so", () => {
    const priced = price({
      lines: [{ ...line("a", 1, 1000, 0.2), discounts: [own(-700), own(-700)] }, line("b", 1, 500)],
      cartDiscounts: [coupon(-600), coupon(-1)],
    });
    expect(priced.lines[0]).toMatchObject({ discount: -1000, withTax: 0, tax: 0 });
    expect(priced.lines[0]?.discounts.map(({ amount }) => amount)).toEqual([-700, -300, 0, 0]);
    expect(priced.lines[1]).toMatchObject({ discount: -500, withTax: 0 });
    expect(priced.cartDiscounts.map(({ amount }) => amount)).toEqual([-500, 0]);
    expect(priced.totals).toMatchObject({ withTax: 0, discount: -1500 });
  });

  test("G5 apply in the order given, and each is shared by what the ones before it left", () => {
    const lines = [line("a", 1, 1000), line("b", 1, 1000)];
    const onA = coupon(-500, { lineIds: ["a"] });
    const discountsOf = (...cartDiscounts: CartDiscount[]) =>
      price({ lines, cartDiscounts }).lines.map(({ discount }) => discount);
    expect(discountsOf(onA, coupon(-300))).toEqual([-600, -200]);
    expect(discountsOf(coupon(-300), onA)).toEqual([-650, -150]);
  });

  test("a cart discount for some lines leaves the others alone and is capped by its own", () => {
    const priced = price({
      lines: [line("a", 1, 1000), line("b", 1, 300)],
      cartDiscounts: [coupon(-900, { lineIds: ["b", "gone"] }), coupon(-5, { lineIds: ["gone"] })],
    });
    expect(priced.lines.map(({ discount }) => discount)).toEqual([0, -300]);
    expect(priced.lines[0]?.discounts).toEqual([]);
    expect(priced.cartDiscounts.map(({ amount }) => amount)).toEqual([-300, 0]);
  });

  test("a line of 0 takes a share of 0", () => {
    const priced = price({ lines: [line("free", 1, 0), line("b", 1, 300)], cartDiscounts: [coupon(-100)] });
    expect(priced.lines[0]?.discounts).toEqual([
      { amount: 0, code: "COUPON", promotionId: "promo", fromCart: true },
    ]);
    expect(priced.lines[1]?.discount).toBe(-100);
  });

  test("of a line, and exclusions, are unknown to the simple method", () => {
    const priced = price({
      lines: [{ ...line("a", 1, 1000), discounts: [own(-700)] }, line("b", 1, 500)],
      cartDiscounts: [coupon(-600, { lineIds: ["b"] })],
      method: "simple",
    });
    expect(priced.lines.map(({ discount }) => discount)).toEqual([0, 0]);
    expect(priced.totals).toMatchObject({ withTax: 900, discount: -600 });
  });
});

test("G4 shipping is base, fees and tax; its discount takes the base and no more", () => {
  const { totals } = price({
    lines: [line("a", 1, 1000, 0.1)],
    shipping: [
      { id: "s", base: 500, fees: 50, tax: 55, discount: -800 },
      { id: "t", base: 300, fees: 0, tax: 30, discount: -100 },
    ],
  });
  expect(totals).toEqual({
    withTax: 1100 + 605 - 500 + 330 - 100,
    withoutTax: 1000 + 50 + 200,
    tax: 100 + 55 + 30,
    discount: 0,
    withoutDiscount: 1000 + 605 + 330,
    shipping: 605 + 330,
    shippingDiscount: -600,
  });
});

test("an empty cart is 0 everywhere", () => {
  for (const method of ["line", "simple"] as const) {
    const { lines, totals } = price({ method, cartDiscounts: [coupon(-100)] });
    expect(lines).toEqual([]);
    expect(new Set(Object.values(totals))).toEqual(new Set([0]));
  }
});

describe("amounts beyond the bounds are refused", () => {
  const refusal = (input: Partial<PriceCart>) => {
    const priced = priceCart({ lines: [], method: "line", ...input });
    return priced.ok ? undefined : priced.error;
  };

  test("a line by its value, its tax amounts or its price with tax", () => {
    const tooLarge = { type: "amount_too_large", lineId: "big", limit: MAX_AMOUNT };
    expect(refusal({ lines: [line("a", 1, 1), line("big", 1, MAX_AMOUNT + 1)] })).toEqual(tooLarge);
    expect(refusal({ lines: [line("big", 1_000_000, 1_000_000)] })).toEqual(tooLarge);
    expect(refusal({ lines: [line("big", 2, 1e300)] })).toEqual(tooLarge);
    const amounts = [{ id: "t", amount: MAX_AMOUNT + 1 }];
    expect(refusal({ lines: [{ ...line("big", 1, 1), taxes: amounts }] })).toEqual(tooLarge);
    const rates = Array.from({ length: 100 }, (_, index) => ({ id: `t${index}`, rate: 10 }));
    expect(refusal({ lines: [{ ...line("big", 1, MAX_AMOUNT), taxes: rates }] })).toEqual({
      ...tooLarge,
      limit: MAX_TOTAL,
    });
  });

  test("shipping and totals", () => {
    const shipping = [{ id: "ship", base: MAX_AMOUNT, fees: 1, tax: 0 }];
    expect(refusal({ shipping })).toEqual({
      type: "amount_too_large",
      shippingId: "ship",
      limit: MAX_AMOUNT,
    });
    const many = Array.from({ length: 1001 }, (_, index) => line(`l${index}`, 1, MAX_AMOUNT));
    const total = { type: "amount_too_large", limit: MAX_TOTAL };
    expect(refusal({ lines: many })).toEqual(total);
    const taxed = Array.from({ length: 100 }, (_, index) => line(`l${index}`, 1, MAX_AMOUNT, 10));
    expect(refusal({ lines: taxed })).toEqual(total);
    const full = many.slice(0, 1000);
    const shipped = [{ id: "s", base: 1000, fees: 0, tax: 0 }];
    expect(refusal({ lines: full })).toBeUndefined();
    expect(refusal({ lines: full, shipping: shipped })).toEqual(total);
    // What it would have cost is shown too, so it counts even when a discount takes it off.
    expect(refusal({ lines: full, shipping: shipped, cartDiscounts: [coupon(-5000)] })).toEqual(total);
    const beyondSafe = Array.from({ length: 9010 }, (_, index) => line(`l${index}`, 1, MAX_AMOUNT));
    expect(refusal({ lines: beyondSafe, cartDiscounts: [coupon(-5000)] })).toEqual(total);
  });

  test("the largest that is accepted is exact", () => {
    const lines = Array.from({ length: 90 }, (_, index) => line(`l${index}`, 1, MAX_AMOUNT, 0.0725));
    const tax = Number((BigInt(MAX_AMOUNT) * 725n + 5000n) / 10_000n);
    expect(price({ lines }).totals).toMatchObject({ tax: 90 * tax, withTax: 90 * (MAX_AMOUNT + tax) });
  });
});

test("what is no quantity, price, discount or charge throws", () => {
  const wrong: Partial<PriceCart>[] = [
    { lines: [line("a", 0, 1)] },
    { lines: [line("a", 1.5, 1)] },
    { lines: [line("a", 1, -1)] },
    { lines: [line("a", 1, 0.5)] },
    { lines: [line("a", 1, Number.NaN)] },
    { lines: [line("a", 1, 5)], cartDiscounts: [coupon(1)] },
    { lines: [line("a", 1, 5)], cartDiscounts: [coupon(-0.5)], method: "simple" },
    { lines: [{ ...line("a", 1, 5), discounts: [coupon(1)] }] },
    { shipping: [{ id: "s", base: -1, fees: 0, tax: 0 }] },
    { shipping: [{ id: "s", base: 1, fees: 0, tax: 0, discount: 1 }] },
  ];
  for (const input of wrong) expect(() => price(input)).toThrow(RangeError);
});
