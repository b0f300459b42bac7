import { expect, test } from "vitest";
import { fromPayPalAmount, toPayPalAmount } from "./paypal-amount.ts";

test.each([
  ["USD", 1234, "12.34"],
  ["usd", 5, "0.05"],
  ["EUR", 100, "1.00"],
  ["JPY", 500, "500"],
  // Two decimals here, none there.
  ["HUF", 100_000, "1000"],
  ["TWD", 4500, "45"],
  ["USD", 999_999_999_999, "9999999999.99"],
])("H6 %s %i is %s at PayPal, and back", (currency, amount, written) => {
  expect(toPayPalAmount(amount, currency)).toBe(written);
  expect(fromPayPalAmount(written, currency)).toBe(amount);
});

test.each([
  ["HUF", 100_050],
  ["TWD", 1],
  ["USD", 0],
])("H6 %s %i cannot be moved by PayPal, and is not rounded", (currency, amount) => {
  expect(toPayPalAmount(amount, currency)).toBeUndefined();
});

test.each([
  ["USD", "10", 1000],
  ["USD", "10.5", 1050],
  ["HUF", "1000.00", 100_000],
  ["JPY", "500.00", 500],
  ["USD", undefined, 0],
])("%s %s, as PayPal may write it too, is %i", (currency, written, amount) => {
  expect(fromPayPalAmount(written, currency)).toBe(amount);
});
