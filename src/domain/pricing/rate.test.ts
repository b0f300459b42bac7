import fc from "fast-check";
import { expect, test } from "vitest";
import { addRates, MAX_RATE, NO_RATE, parseRate, type Rate, rateOf, rateOfPercent } from "./rate.ts";

/** The decimal that a rate stands for, in units of 10^-14. */
const exact = (rate: Rate) => (BigInt(rate.numerator) * 10n ** 14n) / BigInt(rate.denominator);

/** The same from the text of the number, which is its shortest decimal. */
function exactFromText(text: string): bigint {
  const [digits = "", exponent = "0"] = text.split("e");
  const [whole = "", decimals = ""] = digits.split(".");
  return BigInt(whole + decimals) * 10n ** BigInt(14 + Number(exponent) - decimals.length);
}

test.each([0, 1, 0.2, 0.0825, 0.1075, 0.07, 0.000001, 1e-7, 0.123456789012, 9.999999999999, 10])(
  "the rate %d is its shortest decimal",
  (rate) => {
    expect(exact(rateOf(rate))).toBe(exactFromText(String(rate)));
  },
);

test("any rate of up to 12 decimals is exact", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_RATE * 10 ** 12 }), fc.nat({ max: 12 }), (digits, decimals) => {
      const numerator = Math.floor(digits / 10 ** (12 - decimals));
      const rate = numerator / 10 ** decimals;
      expect(exact(rateOf(rate))).toBe(exactFromText(String(rate)));
    }),
    { numRuns: 3000 },
  );
});

test("sums are exact, and noise of computed rates is dropped", () => {
  expect(exact(addRates(rateOf(0.1), rateOf(0.2)))).toBe(exact(rateOf(0.3)));
  expect(exact(rateOf(0.1 + 0.2))).toBe(exact(rateOf(0.3)));
  expect(exact(addRates(rateOf(0.05), rateOf(0.0997512345)))).toBe(exactFromText("0.1497512345"));
  expect(addRates(NO_RATE, rateOf(0.2))).toEqual(rateOf(0.2));
});

test.each<[number | string, string | undefined]>([
  ["0.0825", "0.0825"],
  [0.0825, "0.0825"],
  ["0", "0"],
  ["10", "10"],
  ["010.50", undefined],
  ["10.5", undefined],
  [20, undefined],
  [-0.1, undefined],
  ["-0.1", undefined],
  ["", undefined],
  [" 0.1", undefined],
  ["0x1", undefined],
  ["1e-2", undefined],
  [".5", undefined],
  ["twenty", undefined],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
])("%j is parsed to %j", (input, expected) => {
  const rate = parseRate(input);
  expect(rate && exact(rate)).toBe(expected === undefined ? undefined : exactFromText(expected));
});

test("percentages of up to 6 decimals are exact", () => {
  expect(exact(rateOfPercent(12.5))).toBe(exactFromText("0.125"));
  expect(exact(rateOfPercent(33.333333))).toBe(exactFromText("0.33333333"));
  expect(exact(rateOfPercent(0.000001))).toBe(exactFromText("0.00000001"));
  expect(exact(rateOfPercent(1000))).toBe(exactFromText("10"));
});

test("what is no rate throws", () => {
  for (const rate of [-0.01, 10.01, Number.NaN]) expect(() => rateOf(rate)).toThrow(RangeError);
  const finest = Array.from({ length: 1000 }, () => rateOf(9.999999999999));
  expect(() => finest.reduce(addRates)).toThrow(RangeError);
  for (const percent of [-1, 1001, Number.NaN]) expect(() => rateOfPercent(percent)).toThrow(RangeError);
});
