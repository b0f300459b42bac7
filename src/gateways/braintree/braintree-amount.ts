import { currencyDigits } from "../../domain/currency.ts";
import type { MinorUnits } from "../../domain/money.ts";

/** An amount as Braintree takes it, a decimal with the digits of ISO 4217: `20.00` USD, `500` JPY, `1.234` KWD. */
export function toBraintreeAmount(amount: MinorUnits, currency: string): string {
  const digits = currencyDigits(currency);
  if (digits === 0) return String(amount);
  const text = String(amount).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * An amount that Braintree names, in minor units. Zeros beyond the currency's digits are let go.
 * @throws when it is no amount, or has a part of a unit that the currency does not have
 */
export function fromBraintreeAmount(text: string, currency: string): MinorUnits {
  const digits = currencyDigits(currency);
  const [, whole, fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const beyond = fraction.slice(digits);
  if (whole === undefined || !/^0*$/.test(beyond)) throw new Error(`${text} is no amount of ${currency}`);
  return Number(whole + fraction.slice(0, digits).padEnd(digits, "0"));
}
