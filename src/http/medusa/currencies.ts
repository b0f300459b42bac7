import Type from "typebox";

/** A currency as this API shows it; `code` in lower case. */
export type WireCurrency = {
  readonly code: string;
  readonly symbol: string;
  readonly symbol_native: string;
  readonly name: string;
  /** Its plain prices include tax. */
  readonly includes_tax: boolean;
};

export const currencySchema = Type.Object({
  code: Type.String(),
  symbol: Type.String(),
  symbol_native: Type.String(),
  name: Type.String(),
  includes_tax: Type.Boolean(),
});

const names = new Intl.DisplayNames(["en"], { type: "currency" });

/** Crowns and dollars that go by a sign of their own among people; elsewhere the sign is the locale data's. */
const symbols: Readonly<Record<string, string>> = {
  AUD: "AU$",
  DKK: "Dkr",
  ISK: "Ikr",
  NOK: "Nkr",
  SEK: "Skr",
};

/** A currency by its ISO 4217 code, in whatever case. */
export function renderCurrency(code: string, includesTax: boolean): WireCurrency {
  const upper = code.toUpperCase();
  return {
    code: code.toLowerCase(),
    symbol: symbols[upper] ?? symbolOf(upper, "symbol"),
    symbol_native: symbolOf(upper, "narrowSymbol"),
    name: nameOf(upper),
    includes_tax: includesTax,
  };
}

/** Codes (upper case) of all currencies that are in use somewhere, sorted. */
export function allCurrencyCodes(): readonly string[] {
  return Intl.supportedValuesOf("currency");
}

function nameOf(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

function symbolOf(currency: string, currencyDisplay: "symbol" | "narrowSymbol"): string {
  try {
    const format = new Intl.NumberFormat("en-US", { style: "currency", currency, currencyDisplay });
    return format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? currency;
  } catch {
    return currency;
  }
}
