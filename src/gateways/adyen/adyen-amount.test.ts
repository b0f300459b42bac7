import { expect, test } from "vitest";
import { fromAdyenAmount, toAdyenAmount } from "./adyen-amount.ts";

test.each([
  ["USD", 1234, 1234],
  ["eur", 5, 5],
  ["JPY", 500, 500],
  ["KWD", 1234, 1234],
  ["HUF", 100_050, 100_050],
  // None of their decimals here, two there.
  ["CLP", 500, 50_000],
  ["ISK", 5, 500],
  // Two decimals here, none there.
  ["CVE", 12_300, 123],
  ["IDR", 1_500_000, 15_000],
])("H6 %s %i is %i at Adyen, and back", (currency, amount, counted) => {
  expect(toAdyenAmount(amount, currency)).toBe(counted);
  expect(fromAdyenAmount(counted, currency)).toBe(amount);
});

test.each([
  ["CVE", 12_345],
  ["IDR", 1_500_050],
])("H6 %s %i cannot be charged by Adyen, and is not rounded", (currency, amount) => {
  expect(toAdyenAmount(amount, currency)).toBeUndefined();
});
