import { describe, expect, test } from "vitest";
import { MAX_AMOUNT } from "../money.ts";
import { type TaxItem, taxOn } from "./tax.ts";

const rate = (value: number, id = "vat"): TaxItem => ({ id, rate: value });
const given = (amount: number, id = "duty"): TaxItem => ({ id, amount });

describe("tax on top of a price", () => {
  test("is rounded once for the line, or once for a unit and multiplied", () => {
    expect(taxOn(10_200, 1, false, [rate(0.23)])?.tax).toBe(2346);
    expect(taxOn(10_200, 10, false, [rate(0.23)])?.tax).toBe(2350);
  });

  test("several rates are rounded once from their exact sum, and the parts add up to it", () => {
    // Each alone would be 3 (2.5), together 5.
    expect(taxOn(50, 1, false, [rate(0.05, "state"), rate(0.05, "city")])).toEqual({
      tax: 5,
      parts: [
        { id: "state", amount: 3 },
        { id: "city", amount: 2 },
      ],
    });
  });

  test("H4 an absolute amount is taken as given beside a rate, also when nothing is left of the price", () => {
    expect(taxOn(1000, 1, false, [given(270), rate(0.1)])).toEqual({
      tax: 370,
      parts: [
        { id: "duty", amount: 270 },
        { id: "vat", amount: 100 },
      ],
    });
    expect(taxOn(0, 1, false, [given(270), rate(0.1)])?.tax).toBe(270);
    // It is for the whole line, so it is not multiplied by the pieces.
    expect(taxOn(900, 3, false, [given(10)])?.tax).toBe(10);
  });

  test("no tax items are no tax", () => {
    expect(taxOn(1000, 1, false, [])).toEqual({ tax: 0, parts: [] });
  });
});

describe("tax inside a price", () => {
  test.each([
    [1000, 0.2, 167],
    [1000, 0.3, 231],
    [1200, 0.2, 200],
    [3, 0.2, 0],
    [1000, 0, 0],
  ])("%i at %d holds %i", (price, value, tax) => {
    expect(taxOn(price, 1, true, [rate(value)])?.tax).toBe(tax);
  });

  test("the price without tax is what is rounded, so a half goes to it", () => {
    // 105 / 2 = 52.5 without tax
    expect(taxOn(105, 1, true, [rate(1)])?.tax).toBe(52);
  });

  test("is taken out of one unit and multiplied in the simple method", () => {
    // 9.99 / 1.2 = 8.325, so 8.33 without tax
    expect(taxOn(2997, 3, true, [rate(0.2)])?.tax).toBe(3 * 166);
    expect(taxOn(2997, 1, true, [rate(0.2)])?.tax).toBe(2997 - 2498);
  });

  test("an absolute amount is part of the price, and the rate is inside the rest", () => {
    expect(taxOn(1300, 1, true, [rate(0.2), given(100)])).toEqual({
      tax: 300,
      parts: [
        { id: "vat", amount: 200 },
        { id: "duty", amount: 100 },
      ],
    });
  });

  test("absolute amounts are at most the price, and share it", () => {
    expect(taxOn(90, 3, true, [given(100, "a"), given(200, "b"), rate(0.2)])).toEqual({
      tax: 90,
      parts: [
        { id: "a", amount: 30 },
        { id: "b", amount: 60 },
        { id: "vat", amount: 0 },
      ],
    });
  });
});

test("absolute amounts above the bound give no tax, and what is no amount throws", () => {
  expect(taxOn(100, 1, false, [given(MAX_AMOUNT), given(1, "more")])).toBeUndefined();
  expect(taxOn(100, 1, false, [given(1e300)])).toBeUndefined();
  expect(() => taxOn(100, 1, false, [given(-1)])).toThrow(RangeError);
  expect(() => taxOn(100, 1, false, [given(0.5)])).toThrow(RangeError);
  expect(() => taxOn(100, 1, false, [rate(20)])).toThrow(RangeError);
});
