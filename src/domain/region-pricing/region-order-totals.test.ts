import { expect, test } from "vitest";
import { aLine, percentOff, priced, rate } from "../../../test/region-carts.ts";
import { refundableOfLine, regionOrderTotals } from "./region-order-totals.ts";
import { taxRatesOf } from "./region-tax.ts";

test("H2 what is refundable of 3 x 333 that includes 25 % is 999; the original says 998", () => {
  const line = aLine("b", 3, 333, { includesTax: true, taxRates: [rate(25)] });
  const [bought] = priced({ lines: [line] }).lines;
  expect(bought && [0, 1, 2, 3].map((returned) => refundableOfLine(bought, returned))).toEqual([
    999, 666, 333, 0,
  ]);
});

test("H2 what is refundable of 3 x 333 at 20 % less 100 is 1079; the original says 1080", () => {
  const [bought] = priced({ lines: [aLine("b", 3, 333)], discounts: [percentOff(10)] }).lines;
  expect(bought && refundableOfLine(bought, 0)).toBe(1079);
});

test("H2 pieces that come back one by one are paid back in full", () => {
  const [bought] = priced({ lines: [aLine("b", 3, 333)] }).lines;
  expect(bought?.total).toBe(1199);
  expect(bought && [0, 1, 2, 3].map((returned) => refundableOfLine(bought, returned))).toEqual([
    1199, 799, 400, 0,
  ]);
});

test("what is refunded beyond what was paid leaves nothing refundable", () => {
  const { cart } = priced({ lines: [aLine("a", 1, 100)] });
  expect(regionOrderTotals(cart, 120, 130)).toMatchObject({ refundableAmount: 0 });
});

test("the taxes of something are all that are attached to it, else the region's own", () => {
  expect(taxRatesOf([rate(10), rate(25)], 20).map(({ percent }) => percent)).toEqual([10, 25]);
  expect(taxRatesOf([], 20)).toEqual([{ percent: 20, name: "default", code: "default" }]);
});
