import { expect, test } from "vitest";
import { fromStripeAmount, toStripeAmount } from "./stripe-amount.ts";

test.each([
  ["USD", 1234, 1234],
  ["usd", 1234, 1234],
  ["JPY", 500, 500],
  ["KWD", 1230, 1230],
  ["HUF", 100050, 100050],
  // None of their decimals here, and two that are always zeros there.
  ["ISK", 5, 500],
  ["UGX", 5000, 500_000],
  // Two decimals here, none there.
  ["MGA", 100, 1],
])("H6 %s %i is %i at Stripe, and back", (currency, amount, counted) => {
  expect(toStripeAmount(amount, currency)).toBe(counted);
  expect(fromStripeAmount(counted, currency)).toBe(amount);
});

test.each([
  ["KWD", 1234],
  ["BHD", 5],
  ["MGA", 150],
])("H6 %s %i cannot be charged by Stripe, and is not rounded", (currency, amount) => {
  expect(toStripeAmount(amount, currency)).toBeUndefined();
});
