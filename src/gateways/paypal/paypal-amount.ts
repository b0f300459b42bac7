import { currencyDigits } from "../../domain/currency.ts";
import type { MinorUnits } from "../../domain/money.ts";

/**
 * The currencies that PayPal takes no decimals of; for forint and Taiwan dollar that differs from ISO 4217
 * (https://developer.paypal.com/reference/currency-codes/).
 */
const wholeOnly: ReadonlySet<string> = new Set(["HUF", "JPY", "TWD"]);

/** An amount as PayPal writes it, `12.34`; undefined when PayPal cannot move exactly that much. */
export function toPayPalAmount(amount: MinorUnits, currency: string): string | undefined {
  const code = currency.toUpperCase();
  const scale = 10 ** currencyDigits(code);
  if (!Number.isSafeInteger(amount) || amount <= 0) return undefined;
  const fraction = amount % scale;
  const whole = String((amount - fraction) / scale);
  if (wholeOnly.has(code)) return fraction === 0 ? whole : undefined;
  return scale === 1 ? whole : `${whole}.${String(fraction).padStart(currencyDigits(code), "0")}`;
}

/** An amount that PayPal names, in minor units of ISO 4217; nothing is nothing. */
export function fromPayPalAmount(value: string | undefined, currency: string): MinorUnits {
  const digits = currencyDigits(currency.toUpperCase());
  const [, whole = "0", fraction = ""] = /^(\d*)(?:\.(\d*))?$/.exec(value ?? "") ?? [];
  return Number(whole) * 10 ** digits + Number(fraction.slice(0, digits).padEnd(digits, "0") || "0");
}

/** Whether PayPal takes only whole units of a currency whose amounts have decimals elsewhere. */
export function isWholeOnly(currency: string): boolean {
  return wholeOnly.has(currency.toUpperCase());
}
