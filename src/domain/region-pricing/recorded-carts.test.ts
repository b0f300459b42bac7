import { describe, expect, test } from "vitest";
import {
  aCard,
  aLine,
  allOff,
  eachOff,
  freeShipping,
  percentOff,
  priced,
  rate,
  shippingOf,
} from "../../../test/region-carts.ts";
import type { PriceRegionCart } from "./region-totals.ts";

/** The numbers of a worked table: what is 0 in it is 0 here. */
const totals = (of: Partial<Record<keyof ReturnType<typeof priced>["cart"], number>>) => ({
  subtotal: 0,
  discountTotal: 0,
  itemTaxTotal: 0,
  shippingTotal: 0,
  shippingTaxTotal: 0,
  taxTotal: 0,
  giftCardTotal: 0,
  giftCardTaxTotal: 0,
  total: 0,
  ...of,
});

const goods = [
  aLine("a", 1, 1000),
  aLine("b", 3, 333),
  aLine("c", 1, 3000, { allowsDiscounts: false }),
] as const;
const shippingMethods = [shippingOf(500)];

type Case = readonly [
  name: string,
  input: Partial<PriceRegionCart>,
  cart: ReturnType<typeof totals>,
  /** Discount and tax of each line. */
  lines: readonly (readonly [number, number])[],
];

describe("recorded from the original: 20 % on top, 1 x 1000, 3 x 333, 1 x 3000 that no discount may touch", () => {
  const full = { subtotal: 4999 };
  const shipped = { ...full, shippingTotal: 500, shippingTaxTotal: 100 };
  const tenOff = { ...shipped, discountTotal: 200, itemTaxTotal: 960, taxTotal: 1060 };
  const linesTenOff = [
    [100, 180],
    [100, 180],
    [0, 600],
  ] as const;
  const linesEachOff = [
    [100, 180],
    [300, 140],
    [0, 600],
  ] as const;
  const cases: readonly Case[] = [
    [
      "no discount, flat 500",
      { shippingMethods },
      totals({ ...shipped, itemTaxTotal: 1000, taxTotal: 1100, total: 6599 }),
      [
        [0, 200],
        [0, 200],
        [0, 600],
      ],
    ],
    [
      "10 %",
      { discounts: [percentOff(10)] },
      totals({ ...full, discountTotal: 200, itemTaxTotal: 960, taxTotal: 960, total: 5759 }),
      linesTenOff,
    ],
    [
      "fixed 700 off the total (there 350.175... and 349.824...)",
      { discounts: [allOff(700)] },
      totals({ ...full, discountTotal: 700, itemTaxTotal: 860, taxTotal: 860, total: 5159 }),
      [
        [350, 130],
        [350, 130],
        [0, 600],
      ],
    ],
    [
      "fixed 100 off each",
      { discounts: [eachOff(100)] },
      totals({ ...full, discountTotal: 400, itemTaxTotal: 920, taxTotal: 920, total: 5519 }),
      linesEachOff,
    ],
    [
      "fixed 100 off each, flat 500",
      { discounts: [eachOff(100)], shippingMethods },
      totals({ ...shipped, discountTotal: 400, itemTaxTotal: 920, taxTotal: 1020, total: 6119 }),
      linesEachOff,
    ],
    [
      "10 %, flat 500",
      { discounts: [percentOff(10)], shippingMethods },
      totals({ ...tenOff, total: 6359 }),
      linesTenOff,
    ],
    [
      "10 %, free shipping, flat 500",
      { discounts: [percentOff(10), freeShipping], shippingMethods },
      totals({ ...full, discountTotal: 200, itemTaxTotal: 960, taxTotal: 960, total: 5759 }),
      linesTenOff,
    ],
    [
      "10 %, flat 500, a gift card of 1500",
      { discounts: [percentOff(10)], shippingMethods, giftCards: [aCard("one", 1500, 20)] },
      totals({ ...tenOff, giftCardTotal: 1500, giftCardTaxTotal: 300, total: 4559 }),
      linesTenOff,
    ],
    [
      "the same and a second card of 900000",
      {
        discounts: [percentOff(10)],
        shippingMethods,
        giftCards: [aCard("one", 1500, 20), aCard("two", 900_000, 20)],
      },
      totals({ ...tenOff, giftCardTotal: 5299, giftCardTaxTotal: 1060, total: 0 }),
      linesTenOff,
    ],
    [
      "fixed 700 on 333",
      { lines: [aLine("b", 1, 333)], discounts: [allOff(700)] },
      totals({ subtotal: 333, discountTotal: 333 }),
      [[333, 0]],
    ],
    [
      "50 % of 2500",
      { lines: [aLine("d", 1, 2500)], discounts: [percentOff(50)] },
      totals({ subtotal: 2500, discountTotal: 1250, itemTaxTotal: 250, taxTotal: 250, total: 1500 }),
      [[1250, 250]],
    ],
    [
      "2 x 5000 of a gift card product",
      { lines: [aLine("card", 2, 5000, { allowsDiscounts: false })], discounts: [percentOff(10)] },
      totals({ subtotal: 10_000, itemTaxTotal: 2000, taxTotal: 2000, total: 12_000 }),
      [[0, 2000]],
    ],
  ];

  test.each(cases)("H1 %s", (_, input, cart, lines) => {
    const result = priced({ lines: goods, ...input });
    expect(result.cart).toEqual(cart);
    expect(result.lines.map((line) => [line.discountTotal, line.taxTotal])).toEqual(lines);
  });

  test("every member of a line and of a shipping method", () => {
    const result = priced({ lines: goods, shippingMethods, discounts: [percentOff(10)] });
    expect(result.lines[1]).toEqual({
      id: "b",
      unitPrice: 333,
      quantity: 3,
      subtotal: 999,
      discountTotal: 100,
      taxTotal: 180,
      total: 1079,
      originalTotal: 1199,
      originalTaxTotal: 200,
      taxLines: [{ percent: 20, name: "default", code: "default", amount: 180 }],
      discounts: [{ amount: -100, code: "CODE", promotionId: "disc", fromCart: false }],
    });
    expect(result.lines[2]).toMatchObject({ total: 3600, originalTotal: 3600, discounts: [] });
    expect(result.shippingMethods).toEqual([
      {
        id: "ship",
        price: 500,
        subtotal: 500,
        taxTotal: 100,
        total: 600,
        originalTotal: 600,
        originalTaxTotal: 100,
        taxLines: [{ percent: 20, name: "default", code: "default", amount: 100 }],
      },
    ]);
  });
});

describe("recorded from the original: prices that include 25 %, 2 x 999 and 3 x 333", () => {
  const more = { includesTax: true, taxRates: [rate(25)] };
  const lines = [aLine("a", 2, 999, more), aLine("b", 3, 333, more)];
  const including = [shippingOf(1000, more)];
  const excluding = [shippingOf(1000, { taxRates: [rate(25)] })];
  const shipped = { subtotal: 2397, shippingTotal: 800, shippingTaxTotal: 200 };
  const untouched = [
    [0, 400],
    [0, 200],
  ] as const;
  const cases: readonly Case[] = [
    ["goods", {}, totals({ subtotal: 2397, itemTaxTotal: 600, taxTotal: 600, total: 2997 }), untouched],
    [
      "shipping 1000 that includes tax",
      { shippingMethods: including },
      totals({ ...shipped, itemTaxTotal: 600, taxTotal: 800, total: 3997 }),
      untouched,
    ],
    [
      "shipping 1000 without tax",
      { shippingMethods: excluding },
      totals({
        subtotal: 2397,
        shippingTotal: 1000,
        shippingTaxTotal: 250,
        itemTaxTotal: 600,
        taxTotal: 850,
        total: 4247,
      }),
      untouched,
    ],
    [
      "10 %",
      { shippingMethods: including, discounts: [percentOff(10)] },
      totals({ ...shipped, discountTotal: 240, itemTaxTotal: 540, taxTotal: 740, total: 3697 }),
      [
        [160, 360],
        [80, 180],
      ],
    ],
    [
      "fixed 500 off the total (there 333.33 and 166.67)",
      { shippingMethods: including, discounts: [allOff(500)] },
      totals({ ...shipped, discountTotal: 500, itemTaxTotal: 474, taxTotal: 674, total: 3371 }),
      [
        [333, 316],
        [167, 158],
      ],
    ],
    [
      "fixed 50 off each",
      { shippingMethods: including, discounts: [eachOff(50)] },
      totals({ ...shipped, discountTotal: 250, itemTaxTotal: 537, taxTotal: 737, total: 3684 }),
      [
        [100, 375],
        [150, 162],
      ],
    ],
    [
      "free shipping",
      { shippingMethods: including, discounts: [freeShipping] },
      totals({ subtotal: 2397, itemTaxTotal: 600, taxTotal: 600, total: 2997 }),
      untouched,
    ],
  ];

  test.each(cases)("H1 %s", (_, input, cart, expected) => {
    const result = priced({ lines, ...input });
    expect(result.cart).toEqual(cart);
    expect(result.lines.map((line) => [line.discountTotal, line.taxTotal])).toEqual(expected);
  });

  test("subtotals are 1598 and 799, and the price as entered stays", () => {
    const result = priced({ lines });
    expect(result.lines.map((line) => [line.subtotal, line.originalTaxTotal, line.originalTotal])).toEqual([
      [1598, 400, 1998],
      [799, 200, 999],
    ]);
  });
});

describe("recorded from the original: a region that computes no taxes by itself, 2 x 999 at 10 %, shipping 1000", () => {
  const taxRates = [rate(10)];
  const cart = {
    lines: [aLine("a", 2, 999, { taxRates })],
    shippingMethods: [shippingOf(1000, { taxRates })],
  };
  const tenOff = { ...cart, discounts: [percentOff(10)] };
  test.each([
    ["the cart", { ...cart, isUntaxed: true }, 0, 2998],
    ["the cart with taxes, and its payment session", cart, 300, 3298],
    ["the cart after 10 % off", { ...tenOff, isUntaxed: true }, 0, 2798],
    ["its payment session and its order", tenOff, 280, 3078],
  ])("%s", (_, input, taxTotal, total) => {
    expect(priced(input).cart).toMatchObject({ taxTotal, total });
  });

  test("without tax a price that includes it is the subtotal as entered", () => {
    const line = aLine("a", 2, 999, { taxRates, includesTax: true });
    expect(priced({ lines: [line], isUntaxed: true }).lines[0]).toMatchObject({
      subtotal: 1998,
      taxTotal: 0,
      total: 1998,
    });
  });
});
