import { currencyDigits } from "../../domain/currency.ts";
import type { MinorUnits } from "../../domain/money.ts";

/**
 * The currencies whose decimals at Adyen are not those of ISO 4217
 * (https://docs.adyen.com/development-resources/currency-codes). Peso and krona have two there and none in ISO; escudo
 * and rupiah none there and two in ISO.
 */
const adyenDigits: Readonly<Record<string, number>> = { CLP: 2, CVE: 0, IDR: 0, ISK: 2 };

/** An amount as Adyen counts it; undefined when Adyen cannot move exactly that much. */
export function toAdyenAmount(amount: MinorUnits, currency: string): number | undefined {
  const shift = shiftOf(currency);
  const counted = shift >= 0 ? amount * 10 ** shift : amount / 10 ** -shift;
  return Number.isSafeInteger(counted) ? counted : undefined;
}

/** An amount that Adyen names, in minor units of ISO 4217; a half that ISO does not have goes up. */
export function fromAdyenAmount(counted: number, currency: string): MinorUnits {
  const shift = shiftOf(currency);
  return shift >= 0 ? Math.round(counted / 10 ** shift) : counted * 10 ** -shift;
}

function shiftOf(currency: string): number {
  const code = currency.toUpperCase();
  return (adyenDigits[code] ?? currencyDigits(code)) - currencyDigits(code);
}
