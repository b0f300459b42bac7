import { expect, test } from "vitest";
import { fromBraintreeAmount, toBraintreeAmount } from "./braintree-amount.ts";

test.each([
  ["USD", 2000, "20.00"],
  ["USD", 5, "0.05"],
  ["usd", 1_234_567, "12345.67"],
  ["JPY", 500, "500"],
  ["KWD", 1234, "1.234"],
  ["KWD", 7, "0.007"],
])("H6 %s %i is %s at Braintree, and back", (currency, amount, text) => {
  expect(toBraintreeAmount(amount, currency)).toBe(text);
  expect(fromBraintreeAmount(text, currency)).toBe(amount);
});

test("H6 what Braintree writes with more or fewer zeros is the same amount", () => {
  expect(fromBraintreeAmount("20", "USD")).toBe(2000);
  expect(fromBraintreeAmount("20.5", "USD")).toBe(2050);
  expect(fromBraintreeAmount("500.00", "JPY")).toBe(500);
});

test.each([
  ["20.005", "USD"],
  ["500.5", "JPY"],
  ["-1.00", "USD"],
  ["", "USD"],
  ["NaN", "USD"],
])("H6 %s %s is not rounded to an amount", (text, currency) => {
  expect(() => fromBraintreeAmount(text, currency)).toThrow("is no amount");
});
