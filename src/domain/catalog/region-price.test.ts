import { expect, test } from "vitest";
import type { Price } from "./product.ts";
import { priceIn } from "./product.ts";
import { regionPriceOf } from "./region-price.ts";

const price = (amount: number, more: Partial<Price> = {}): Price => ({
  currency: "EUR",
  amount,
  includesTax: false,
  ...more,
});
const amounts = (prices: readonly Price[], place: Parameters<typeof regionPriceOf>[1]) => {
  const { original, calculated } = regionPriceOf({ prices }, place);
  return [original?.amount, calculated?.amount];
};

test("a price of the region goes before that of the currency as the original price", () => {
  const prices = [price(1000), price(1200, { regionId: "north" }), price(900, { currency: "USD" })];
  expect(amounts(prices, { currency: "EUR", regionId: "north" })).toEqual([1200, 1000]);
  expect(amounts(prices, { currency: "EUR", regionId: "south" })).toEqual([1000, 1000]);
  expect(amounts(prices, { currency: "GBP", regionId: "south" })).toEqual([undefined, undefined]);
});

test("the lowest price that holds for the number of pieces is what is paid", () => {
  const prices = [
    price(1000),
    price(800, { minQuantity: 5, maxQuantity: 9 }),
    price(700, { minQuantity: 10 }),
  ];
  const paid = (quantity?: number) =>
    amounts(prices, { currency: "EUR", ...(quantity !== undefined && { quantity }) })[1];
  expect([paid(), paid(4), paid(5), paid(9), paid(10)]).toEqual([1000, 1000, 800, 800, 700]);
  expect(amounts(prices, { currency: "EUR", quantity: 10 })[0]).toBe(1000);
});

test("a price for a region or for many pieces is none of the currency's", () => {
  const prices = [price(1, { regionId: "north" }), price(2, { minQuantity: 3 }), price(3)];
  expect(priceIn({ prices }, "EUR")?.amount).toBe(3);
});
