import { type MinorUnits, multiplyRatio } from "./money.ts";

/** How a store writes amounts of one currency. */
export type CurrencyFormat = {
  /** ISO 4217 code in upper case; a store may also invent one of its own. */
  readonly code: string;
  /** The text around the number, which replaces `{price}`: `${price}`, `{price} kr`. */
  readonly format: string;
  readonly decimalPoint: string;
  readonly thousandSeparator: string;
  /** Decimals that are shown, a whole number >= 0. It says nothing about what an amount is worth. */
  readonly decimalPlaces: number;
};

/** The currencies whose minor unit is not a hundredth (ISO 4217 list one). */
const uncommonDigits: Readonly<Record<number, string>> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

const digitsByCode = new Map<string, number>();
for (const [digits, codes] of Object.entries(uncommonDigits)) {
  for (const code of codes.split(" ")) {
    digitsByCode.set(code, Number(digits));
    digitsByCode.set(code.toLowerCase(), Number(digits));
  }
}

/**
 * Decimal digits of the currency's minor unit by ISO 4217: 0 for JPY, 3 for KWD, 4 for CLF. Everything else has 2,
 * also a code that ISO does not know (a store's own points), so an amount always has a meaning. The code may be in
 * upper or lower case.
 */
export function currencyDigits(code: string): number {
  return digitsByCode.get(code) ?? 2;
}

/** A format for a currency that the store has no settings for (any more): `CHF 1,234.50`. */
export function plainFormat(code: string): CurrencyFormat {
  return {
    code,
    format: `${code} {price}`,
    decimalPoint: ".",
    thousandSeparator: ",",
    decimalPlaces: currencyDigits(code),
  };
}

/**
 * The amount as a shopper reads it, the minus sign in front of everything: `-$1,234.50`.
 *
 * The amount is in ISO minor units whatever the store's `decimalPlaces` says. More places than the currency has are
 * filled with zeros (500 JPY with 2 places: 500.00); fewer are rounded for display only, half away from zero (499 US
 * cents with 0 places: 5). So a wrong setting can look odd but never shows a hundred times the price.
 */
export function formatMoney(amount: MinorUnits, currency: CurrencyFormat): string {
  const digits = currencyDigits(currency.code);
  const places = currency.decimalPlaces;
  const size = Math.abs(amount);
  const shown = places < digits ? multiplyRatio(size, 1, 10 ** (digits - places)) : size;
  const number = writeNumber(shown, Math.min(digits, places), currency);
  const { format } = currency;
  const at = format.indexOf("{price}");
  // A format without the placeholder must not hide the price.
  const text = at < 0 ? format + number : format.slice(0, at) + number + format.slice(at + "{price}".length);
  return amount < 0 && shown > 0 ? `-${text}` : text;
}

function writeNumber(size: number, digits: number, currency: CurrencyFormat): string {
  const scale = 10 ** digits;
  const fraction = size % scale;
  const whole = grouped(String((size - fraction) / scale), currency.thousandSeparator);
  if (currency.decimalPlaces === 0) return whole;
  const decimals = String(fraction).padStart(digits, "0").padEnd(currency.decimalPlaces, "0");
  return whole + currency.decimalPoint + decimals;
}

function grouped(whole: string, separator: string): string {
  if (whole.length <= 3) return whole;
  let end = whole.length % 3 || 3;
  let text = whole.slice(0, end);
  for (; end < whole.length; end += 3) text += separator + whole.slice(end, end + 3);
  return text;
}
