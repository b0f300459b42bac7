import { describe, expect, test } from "vitest";
import { aCard, aLine, priced } from "../../../test/region-carts.ts";
import { boughtGiftCardValues, coverByGiftCards, giftCardTaxPercent, usableGiftCard } from "./gift-cards.ts";

describe("a gift card is refused", () => {
  const card = { ...aCard("g", 500, 20), isDisabled: false, regionId: "eu", endsAtMs: 100 };
  test.each([
    ["disabled, before all else", { isDisabled: true, regionId: "us" }, { type: "gift_card_disabled" }],
    ["after its end", { endsAtMs: 99 }, { type: "gift_card_ended", endsAtMs: 99 }],
    ["in another region", { regionId: "us" }, { type: "gift_card_not_in_region", regionId: "eu" }],
  ])("%s", (_, change, error) => {
    const refused = { ok: false, error: { cardId: "g", ...error } };
    expect(usableGiftCard({ ...card, ...change }, "eu", 100)).toEqual(refused);
  });

  test("and otherwise not", () => {
    expect(usableGiftCard(card, "eu", 100)).toEqual({ ok: true, value: card });
    expect(usableGiftCard({ ...card, endsAtMs: null }, "eu", 100).ok).toBe(true);
  });
});

test("cards are used by their end, never last, then by lower balance, and stop when all is covered", () => {
  const cards = [
    aCard("never-big", 400, 20),
    aCard("never-small", 30, null),
    { ...aCard("later", 200, 10), endsAtMs: 20 },
    { ...aCard("sooner", 300, 20), endsAtMs: 10 },
    aCard("empty", 0, 20),
    aCard("unused", 900, 20),
  ];
  expect(coverByGiftCards(cards, { withoutTax: 600, tax: 200 }, true)).toEqual([
    { cardId: "sooner", amount: 300, tax: 60, taxPercent: 20 },
    { cardId: "later", amount: 200, tax: 20, taxPercent: 10 },
    { cardId: "never-small", amount: 30, tax: 0, taxPercent: null },
    { cardId: "never-big", amount: 70, tax: 14, taxPercent: 20 },
  ]);
});

test("where gift cards are not taxable they pay for tax, too", () => {
  expect(coverByGiftCards([aCard("g", 900, null)], { withoutTax: 600, tax: 120 }, false)).toEqual([
    { cardId: "g", amount: 720, tax: 0, taxPercent: null },
  ]);
});

test("G4 a card of a higher rate takes the tax there is along and no more; the original would end at -5", () => {
  const { cart } = priced({ lines: [aLine("a", 1, 100)], giftCards: [aCard("g", 100, 25)] });
  expect(cart).toMatchObject({ taxTotal: 20, giftCardTotal: 100, giftCardTaxTotal: 20, total: 0 });
});

test("G4 where a card pays for tax, it takes along at most what is left to pay", () => {
  const [part] = coverByGiftCards([aCard("g", 110, 20)], { withoutTax: 100, tax: 20 }, false);
  expect(part).toMatchObject({ amount: 110, tax: 10 });
});

test("H2 a line of gift cards becomes one card for each piece; they add up to its subtotal", () => {
  expect(boughtGiftCardValues(10_000, 2)).toEqual([5000, 5000]);
  expect(boughtGiftCardValues(1000, 3)).toEqual([334, 333, 333]);
});

test.each([
  [{ areGiftCardsTaxable: false, taxPercent: 20 }, 19, null],
  [{ areGiftCardsTaxable: true, taxPercent: 20 }, 19, 19],
  [{ areGiftCardsTaxable: true, taxPercent: 20 }, undefined, 20],
  [{ areGiftCardsTaxable: true, taxPercent: 0 }, undefined, null],
  [{ areGiftCardsTaxable: true, taxPercent: 20 }, 0, null],
])("the rate that a new card keeps: %j, %j paid, is %j", (region, paid, percent) => {
  expect(giftCardTaxPercent(region, paid)).toBe(percent);
});
