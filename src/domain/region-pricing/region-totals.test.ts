import { describe, expect, test } from "vitest";
import {
  aCard,
  aDiscount,
  aLine,
  allOff,
  eachOff,
  freeShipping,
  percentOff,
  priced,
  rate,
  shippingOf,
} from "../../../test/region-carts.ts";
import { MAX_AMOUNT, MAX_TOTAL } from "../money.ts";
import type { RegionLine } from "./region-line.ts";
import { regionOrderTotals } from "./region-order-totals.ts";
import { priceRegionCart } from "./region-totals.ts";

const goods = [
  aLine("a", 1, 1000),
  aLine("b", 3, 333),
  aLine("c", 1, 3000, { allowsDiscounts: false }),
] as const;
const shippingMethods = [shippingOf(500)];

describe("values of the original's own tests: taxes", () => {
  const including = { includesTax: true };
  test.each([
    ["1000 at 20 %", aLine("a", 1, 1000), 1000, 200, 1200],
    ["1000 that includes 20 %", aLine("a", 1, 1000, including), 833, 167, 1000],
    ["1000 that includes 30 %", aLine("a", 1, 1000, { ...including, taxRates: [rate(30)] }), 769, 231, 1000],
    ["100 at 12 %", aLine("a", 1, 100, { taxRates: [rate(12)] }), 100, 12, 112],
    ["100 at 10 %", aLine("a", 1, 100, { taxRates: [rate(10)] }), 100, 10, 110],
    ["100 at 10 % and 25 %", aLine("a", 1, 100, { taxRates: [rate(10), rate(25)] }), 100, 35, 135],
  ])("%s", (_, line, subtotal, taxTotal, total) => {
    expect(priced({ lines: [line] }).lines[0]).toMatchObject({ subtotal, taxTotal, total });
    const { unitPrice: price, includesTax, taxRates } = line;
    const shipping = { id: "s", price, includesTax, taxRates };
    expect(priced({ shippingMethods: [shipping] }).shippingMethods[0]).toMatchObject({
      subtotal,
      taxTotal,
      total,
    });
  });

  const twelve = { taxRates: [rate(12)] };
  const line = aLine("a", 1, 100, twelve);
  test.each([
    ["and shipping 100", [line], [shippingOf(100, twelve)], 24, 224],
    ["and shipping 100 with a rate of its own", [line], [shippingOf(100, { taxRates: [rate(25)] })], 37, 237],
    [
      "at two rates for two products",
      [aLine("a", 1, 100, { taxRates: [rate(25)] }), aLine("b", 1, 50)],
      [],
      35,
      185,
    ],
  ])("100 %s", (_, lines, methods, taxTotal, total) => {
    expect(priced({ lines, shippingMethods: methods }).cart).toMatchObject({ taxTotal, total });
  });

  test("free shipping is 0, its original total 1200; where the price itself is kept as 0, so is that", () => {
    const [free] = priced({ shippingMethods: [shippingOf(1000)], discounts: [freeShipping] }).shippingMethods;
    expect(free).toMatchObject({ subtotal: 0, taxTotal: 0, total: 0, originalTotal: 1200 });
    const [zero] = priced({ shippingMethods: [shippingOf(0)], discounts: [freeShipping] }).shippingMethods;
    expect(zero).toMatchObject({ price: 0, total: 0, originalTotal: 0, originalTaxTotal: 0 });
  });

  test("H1 taxes of one line are rounded each by itself: 5 + 5 % of 10 are 1 + 1", () => {
    const [first] = priced({ lines: [aLine("a", 1, 10, { taxRates: [rate(5), rate(5)] })] }).lines;
    expect(first?.taxLines.map(({ amount }) => amount)).toEqual([1, 1]);
    expect(first?.taxTotal).toBe(2);
  });

  test("H2 tax of shipping is rounded once and split: 5 + 5 % of 10 are 1, the first has it", () => {
    const [method] = priced({
      shippingMethods: [shippingOf(10, { taxRates: [rate(5), rate(5)] })],
    }).shippingMethods;
    expect(method?.taxTotal).toBe(1);
    expect(method?.taxLines.map(({ amount }) => amount)).toEqual([1, 0]);
  });

  test("G4 shipping that includes three taxes of 100 % is 250 of 1000; the original would add up 3 x 500", () => {
    const taxRates = [rate(100), rate(100), rate(100)];
    const [method] = priced({
      shippingMethods: [shippingOf(1000, { includesTax: true, taxRates })],
    }).shippingMethods;
    expect(method).toMatchObject({ subtotal: 250, taxTotal: 750, total: 1000 });
  });
});

describe("values of the original's own tests: discounts", () => {
  test.each([
    ["200 off each of 2 x 300", [aLine("a", 2, 300)], eachOff(200), [400]],
    ["400 off 2 x 400 and 1 x 300", [aLine("a", 2, 400), aLine("b", 1, 300)], allOff(400), [291, 109]],
    ["15 % of 2 x 400", [aLine("a", 2, 400)], percentOff(15), [120]],
    ["200 off each, but 100 is all there is", [aLine("a", 1, 100)], eachOff(200), [100]],
    ["200 off each of 2 x 50", [aLine("a", 2, 50)], eachOff(200), [100]],
    ["a line that allows none", [aLine("a", 1, 100, { allowsDiscounts: false })], eachOff(20), [0]],
    ["100 off 2 x 1000", [aLine("a", 2, 1000)], allOff(100), [100]],
    ["10 % of 2 x 1000", [aLine("a", 2, 1000)], percentOff(10), [200]],
    ["200 off each of 2 x 1000", [aLine("a", 2, 1000)], eachOff(200), [400]],
    ["15 % of 2 x 1000", [aLine("a", 2, 1000)], percentOff(15), [300]],
  ])("%s", (_, lines, discount, parts) => {
    const result = priced({ lines, discounts: [discount] });
    expect(result.lines.map((line) => line.discountTotal)).toEqual(parts);
  });

  test("10 off 100 at 10 %: tax 9, total 99, original 110", () => {
    const line = aLine("a", 1, 100, { taxRates: [rate(10)] });
    expect(priced({ lines: [line], discounts: [allOff(10)] }).lines[0]).toMatchObject({
      taxTotal: 9,
      total: 99,
      originalTotal: 110,
    });
  });

  test("15 % of 2 x 120 that includes 20 % and of 2 x 100 that does not come to the same", () => {
    const lines = [aLine("a", 2, 120, { includesTax: true }), aLine("b", 2, 100)];
    for (const line of priced({ lines, discounts: [percentOff(15)] }).lines) {
      expect(line).toMatchObject({
        subtotal: 200,
        discountTotal: 30,
        taxTotal: 34,
        total: 204,
        originalTotal: 240,
      });
    }
  });
});

describe("where integers part from the original's fractions", () => {
  test("H2 100 off three equal lines is 34, 33, 33; the original shows 33 on each and 100 on the cart", () => {
    const lines = ["a", "b", "c"].map((id) => aLine(id, 1, 500));
    const { lines: parts, cart } = priced({ lines, discounts: [allOff(100)] });
    expect(parts.map((line) => line.discountTotal)).toEqual([34, 33, 33]);
    expect(cart).toMatchObject({ discountTotal: 100, itemTaxTotal: 93 + 93 + 93, total: 1679 });
  });

  test("H2 5.00 off three lines of 70.00 at 20 % is taxed 41.01, as each line is; the original has 41.01 too", () => {
    const lines = ["a", "b", "c"].map((id) => aLine(id, 1, 7000));
    const { lines: parts, cart } = priced({ lines, discounts: [allOff(500)] });
    expect(parts.map((line) => line.discountTotal)).toEqual([167, 167, 166]);
    expect(cart).toMatchObject({ discountTotal: 500, taxTotal: 4101 });
  });

  test("H2 100 off three lines of 500 at 50 % is taxed 233 + 234 + 234; the original taxes 466.67 with 233 each", () => {
    const lines = ["a", "b", "c"].map((id) => aLine(id, 1, 500, { taxRates: [rate(50)] }));
    const { lines: parts, cart } = priced({ lines, discounts: [allOff(100)] });
    expect(parts.map((line) => [line.discountTotal, line.taxTotal])).toEqual([
      [34, 233],
      [33, 234],
      [33, 234],
    ]);
    expect(cart.total).toBe(1500 - 100 + 701);
  });

  test("G4 a discount of all leaves no tax, however a piece was rounded; the original taxes the 400 that rounding left", () => {
    // 2 at 30 % is 1.54 without tax, rounded up to 2 for each of 1000 pieces: 2000 is taxed 600, the subtotal is 1400.
    const line = aLine("a", 1000, 2, { includesTax: true, taxRates: [rate(30)] });
    expect(priced({ lines: [line] }).lines[0]).toMatchObject({ subtotal: 1400, taxTotal: 600, total: 2000 });
    expect(priced({ lines: [line], discounts: [percentOff(100)] }).lines[0]).toMatchObject({
      discountTotal: 1400,
      taxTotal: 0,
      total: 0,
    });
  });

  test("G4 a discount above what is taxed makes no negative tax; the original would tax -150", () => {
    // 333 at 25 % is 266.4 without tax, rounded down to 266 for each of 1000 pieces: taxed 66500, the subtotal is 266500.
    const line = aLine("a", 1000, 333, { includesTax: true, taxRates: [rate(25)] });
    const [nearly] = priced({ lines: [line], discounts: [allOff(266_499)] }).lines;
    expect(nearly).toMatchObject({ subtotal: 266_500, discountTotal: 266_499, taxTotal: 0, total: 1 });
  });

  test("G4 tax in a price is never more than the price, at rates above 200 % either", () => {
    const line = aLine("a", 10, 2, { includesTax: true, taxRates: [rate(200), rate(90)] });
    const [first] = priced({ lines: [line] }).lines;
    expect(first).toMatchObject({ subtotal: 0, taxTotal: 20, total: 20, originalTotal: 20 });
    expect(first?.taxLines.map(({ amount }) => amount)).toEqual([14, 6]);
  });
});

test("G5 a percentage is of the subtotal, whatever came off before, and takes no more than is left", () => {
  const adjustments = [{ amount: -600, code: "", promotionId: "adjusted" }];
  const line = aLine("a", 1, 1000, { adjustments });
  const half = priced({ lines: [line], discounts: [percentOff(50)] }).lines[0];
  expect(half?.discounts.map(({ amount }) => amount)).toEqual([-600, -400]);
  const tenth = priced({ lines: [line], discounts: [percentOff(10)] }).lines[0];
  expect(tenth).toMatchObject({ discountTotal: 700, taxTotal: 60, total: 360 });
});

test("of several codes the last that was entered counts, free shipping beside it", () => {
  const discounts = [allOff(100), freeShipping, percentOff(10)];
  expect(priced({ lines: goods, shippingMethods, discounts }).cart).toMatchObject({
    discountTotal: 200,
    shippingTotal: 0,
  });
});

test("a discount for some products is shared among those alone, and nothing of it is lost", () => {
  const conditions = [{ type: "products", operator: "not_in", ids: ["a"] }] as const;
  const discount = aDiscount({ type: "fixed", amount: 700, conditions });
  expect(priced({ lines: goods, discounts: [discount] }).lines.map((line) => line.discountTotal)).toEqual([
    0, 700, 0,
  ]);
});

describe("orders, values of the original's own tests", () => {
  const at25 = { taxRates: [rate(25)] };
  const lines = [aLine("a", 1, 95_600, at25), aLine("b", 1, 79_600, at25)];
  test("a card of 160000 where gift cards are not taxable: 59000", () => {
    const { cart } = priced({ lines, giftCards: [aCard("g", 160_000, null)], areGiftCardsTaxable: false });
    expect(regionOrderTotals(cart, 0, 0)).toMatchObject({
      giftCardTotal: 160_000,
      giftCardTaxTotal: 0,
      total: 59_000,
    });
  });

  test("a card of 160000 that is taxable: its tax 40000, the order's tax 3800, total 19000", () => {
    const { cart } = priced({ lines, giftCards: [aCard("g", 160_000, 25)] });
    expect(cart.taxTotal).toBe(43_800);
    expect(regionOrderTotals(cart, 0, 0)).toMatchObject({
      giftCardTaxTotal: 40_000,
      taxTotal: 3800,
      total: 19_000,
    });
  });

  test("50000 at 19 % with a card of 30000: tax 3800, total and paid 23800, to refund what is not refunded", () => {
    const { cart } = priced({
      lines: [aLine("a", 1, 50_000, { taxRates: [rate(19)] })],
      giftCards: [aCard("g", 30_000, 19)],
    });
    expect(regionOrderTotals(cart, 23_800, 800)).toMatchObject({
      giftCardTotal: 30_000,
      giftCardTaxTotal: 5700,
      taxTotal: 3800,
      total: 23_800,
      paidTotal: 23_800,
      refundedTotal: 800,
      refundableAmount: 23_000,
    });
  });

  test("a gift card of 30000 bought at 19 %: tax 5700, total 35700", () => {
    const line = aLine("a", 1, 30_000, { allowsDiscounts: false, taxRates: [rate(19)] });
    expect(priced({ lines: [line] }).cart).toMatchObject({ itemTaxTotal: 5700, total: 35_700 });
  });

  test("two cards for all: the cart's tax is 1060, the order's 0", () => {
    const { cart } = priced({
      lines: goods,
      shippingMethods,
      discounts: [percentOff(10)],
      giftCards: [aCard("two", 900_000, 20), aCard("one", 1500, 20)],
    });
    const order = regionOrderTotals(cart, 0, 0);
    expect([cart.taxTotal, order.taxTotal, cart.total, order.total]).toEqual([1060, 0, 0, 0]);
  });
});

describe("amounts beyond what is counted with are refused", () => {
  const many = (count: number, taxRates: RegionLine["taxRates"]) =>
    Array.from({ length: count }, (_, index) => aLine(`${index}`, 1, MAX_AMOUNT, { taxRates }));
  test.each([
    [
      "a line",
      { lines: [aLine("a", 2, MAX_AMOUNT)] },
      { type: "amount_too_large", lineId: "a", limit: MAX_AMOUNT },
    ],
    [
      "shipping with its tax",
      { shippingMethods: [shippingOf(MAX_AMOUNT)] },
      { type: "amount_too_large", shippingId: "ship", limit: MAX_AMOUNT },
    ],
    [
      "shipping that could not even be taxed",
      { shippingMethods: [shippingOf(Number.MAX_SAFE_INTEGER, { taxRates: [rate(200)] })] },
      { type: "amount_too_large", shippingId: "ship", limit: MAX_AMOUNT },
    ],
    [
      "the total of lines with their tax",
      { lines: many(900, [rate(20)]) },
      { type: "amount_too_large", limit: MAX_TOTAL },
    ],
    [
      "the total of lines and shipping",
      { lines: many(1000, []), shippingMethods: [shippingOf(1000, { taxRates: [] })] },
      { type: "amount_too_large", limit: MAX_TOTAL },
    ],
  ])("%s", (_, input, error) => {
    const result = priceRegionCart({ lines: [], areGiftCardsTaxable: true, ...input });
    expect(result).toEqual({ ok: false, error });
  });

  test("what is no price, quantity, rate or balance is a bug", () => {
    expect(() => priced({ lines: [aLine("a", 0, 1)] })).toThrow(RangeError);
    expect(() => priced({ lines: [aLine("a", 1, -1)] })).toThrow(RangeError);
    expect(() => priced({ lines: [aLine("a", 1, 1, { taxRates: [rate(1001)] })] })).toThrow(RangeError);
    expect(() => priced({ shippingMethods: [shippingOf(-1)] })).toThrow(RangeError);
    expect(() => priced({ giftCards: [aCard("g", -1, null)] })).toThrow(RangeError);
  });
});
