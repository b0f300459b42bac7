import { currencyDigits } from "../../domain/currency.ts";
import type { MinorUnits } from "../../domain/money.ts";

/**
 * How many decimals amounts have in Stripe's API where that differs from ISO 4217: the ariary has none there, krona and
 * shilling two that must be zeros. And the currencies with three decimals, of which the last must be a zero
 * (https://docs.stripe.com/currencies).
 */
const stripeDigits: Readonly<Record<string, number>> = { MGA: 0, ISK: 2, UGX: 2 };
const steps: Readonly<Record<string, number>> = { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10 };

/** An amount as Stripe counts it; undefined when Stripe cannot charge exactly that much. */
export function toStripeAmount(amount: MinorUnits, currency: string): number | undefined {
  const code = currency.toUpperCase();
  const shift = (stripeDigits[code] ?? currencyDigits(code)) - currencyDigits(code);
  const counted = shift >= 0 ? amount * 10 ** shift : amount / 10 ** -shift;
  if (!Number.isSafeInteger(counted) || counted % (steps[code] ?? 1) !== 0) return undefined;
  return counted;
}

/** An amount that Stripe names, in minor units of ISO 4217. */
export function fromStripeAmount(counted: number, currency: string): MinorUnits {
  const code = currency.toUpperCase();
  const shift = (stripeDigits[code] ?? currencyDigits(code)) - currencyDigits(code);
  // Stripe never names a part of a unit that ISO does not have; should it ever, the half goes up like everywhere here.
  return shift >= 0 ? Math.round(counted / 10 ** shift) : counted * 10 ** -shift;
}
