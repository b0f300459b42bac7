import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CurrencyFormat, currencyDigits, formatMoney, plainFormat } from "./currency.ts";
import { MAX_TOTAL } from "./money.ts";

const usd: CurrencyFormat = {
  code: "USD",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a dollar sign and a placeholder, as stores keep it.
  format: "${price}",
  decimalPoint: ".",
  thousandSeparator: ",",
  decimalPlaces: 2,
};
const yen: CurrencyFormat = { ...usd, code: "JPY", format: "¥{price}", decimalPlaces: 0 };
const dinar: CurrencyFormat = { ...usd, code: "KWD", format: "KD {price}", decimalPlaces: 3 };

describe("currencyDigits", () => {
  test.each([
    ["USD", 2],
    ["JPY", 0],
    ["CLP", 0],
    ["KWD", 3],
    ["JOD", 3],
    ["CLF", 4],
    ["jpy", 0],
    ["kwd", 3],
  ])("H6 %s has %i", (code, digits) => {
    expect(currencyDigits(code)).toBe(digits);
  });

  test("a code that ISO does not know has 2", () => {
    expect(currencyDigits("PTS")).toBe(2);
  });
});

describe("formatMoney", () => {
  test.each<[number, CurrencyFormat, string]>([
    [0, usd, "$0.00"],
    [5, usd, "$0.05"],
    [500, usd, "$5.00"],
    [-500, usd, "-$5.00"],
    [99_999, usd, "$999.99"],
    [475_000, usd, "$4,750.00"],
    [-123_456_789, usd, "-$1,234,567.89"],
    [MAX_TOTAL, usd, "$9,999,999,999,999.99"],
    [
      1250,
      { ...usd, code: "SEK", format: "{price} kr", decimalPoint: ",", thousandSeparator: " " },
      "12,50 kr",
    ],
    [-1250, { ...usd, format: "{price} kr", decimalPoint: ",", thousandSeparator: "." }, "-12,50 kr"],
    [123_456, { ...usd, thousandSeparator: "" }, "$1234.56"],
    [100, { ...usd, format: "US$" }, "US$1.00"],
    [123_400, { ...usd, format: "€{price}", decimalPoint: "$&", thousandSeparator: "$1" }, "€1$1234$&00"],
  ])("%i is written as the store says (case %#)", (amount, format, expected) => {
    expect(formatMoney(amount, format)).toBe(expected);
  });

  test("H6 500 yen and 1234 fils are shown with their own digits", () => {
    expect(formatMoney(500, yen)).toBe("¥500");
    expect(formatMoney(1_234_500, yen)).toBe("¥1,234,500");
    expect(formatMoney(1234, dinar)).toBe("KD 1.234");
    expect(formatMoney(-7, dinar)).toBe("-KD 0.007");
  });

  test("H6 decimal places of the store do not change what an amount is worth", () => {
    expect(formatMoney(500, { ...yen, decimalPlaces: 2 })).toBe("¥500.00");
    expect(formatMoney(1234, { ...dinar, decimalPlaces: 2 })).toBe("KD 1.23");
    expect(formatMoney(1235, { ...dinar, decimalPlaces: 2 })).toBe("KD 1.24");
    expect(formatMoney(1299, { ...usd, decimalPlaces: 3 })).toBe("$12.990");
    expect(formatMoney(499, { ...usd, decimalPlaces: 0 })).toBe("$5");
    expect(formatMoney(-450, { ...usd, decimalPlaces: 0 })).toBe("-$5");
    expect(formatMoney(99_950, { ...usd, decimalPlaces: 0 })).toBe("$1,000");
  });

  test("an amount that is shown as 0 has no minus sign", () => {
    expect(formatMoney(-49, { ...usd, decimalPlaces: 0 })).toBe("$0");
  });

  test("a currency without settings is written plainly with its own digits", () => {
    expect(formatMoney(123_450, plainFormat("CHF"))).toBe("CHF 1,234.50");
    expect(formatMoney(123_450, plainFormat("KRW"))).toBe("KRW 123,450");
  });

  test("the amount can be read back whenever all its digits are shown", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -MAX_TOTAL, max: MAX_TOTAL }),
        fc.constantFrom("USD", "JPY", "KWD", "CLF"),
        fc.nat({ max: 3 }),
        (amount, code, more) => {
          const places = currencyDigits(code) + more;
          const text = formatMoney(amount, { ...usd, code, decimalPlaces: places });
          expect(BigInt(text.replace(/[$,.]/g, ""))).toBe(BigInt(amount) * 10n ** BigInt(more));
          expect(text.split(".")[1]?.length ?? 0).toBe(places);
          expect(text.split(".")[0]).toMatch(/^-?\$\d{1,3}(,\d{3})*$/);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
