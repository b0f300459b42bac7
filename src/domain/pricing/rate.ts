/** An exact decimal fraction: `numerator / denominator`, the denominator a power of ten. 0.0825 is 825 / 10000. */
export type Rate = { readonly numerator: number; readonly denominator: number };

/** Largest rate of one tax: 10 is 1000 %. A rate beyond it is a mistake, such as 20 sent for 20 %. */
export const MAX_RATE = 10;

export const NO_RATE: Rate = { numerator: 0, denominator: 1 };

/**
 * Decimals that a rate is kept with. A computed rate such as 0.1 + 0.2 carries noise in the 17th digit, and what was
 * meant is 0.3.
 */
const finestScale = 1e12;

/** Tried in turn, so that usual rates have small numerators and are multiplied without BigInt. */
const scales: readonly number[] = [1e4, 1e6, 1e9, finestScale];

/**
 * The rate that a JSON number spells: the shortest decimal that reads back as that number, not the binary fraction
 * behind it. Kept to 12 decimals. Throws a RangeError when it is negative, above `MAX_RATE` or no number; parse what
 * comes from outside with `parseRate` first.
 */
export function rateOf(rate: number): Rate {
  if (!(rate >= 0 && rate <= MAX_RATE)) throw new RangeError(`not a rate: ${rate}`);
  for (const denominator of scales) {
    const numerator = Math.round(rate * denominator);
    // A decimal of up to 15 digits is told apart by its double, so equality here means the same decimal.
    if (numerator / denominator === rate) return { numerator, denominator };
  }
  return { numerator: Math.round(rate * finestScale), denominator: finestScale };
}

/** The rate in a number or in a plain decimal text ("0.0825"); undefined when it is none from 0 to `MAX_RATE`. */
export function parseRate(value: number | string): Rate | undefined {
  if (typeof value === "string" && !/^\d+(\.\d+)?$/.test(value)) return undefined;
  const rate = Number(value);
  return rate >= 0 && rate <= MAX_RATE ? rateOf(rate) : undefined;
}

/** The rate that a percentage from 0 to 1000 spells: 12.5 is 125000 / 1000000. Throws a RangeError as `rateOf`. */
export function rateOfPercent(percent: number): Rate {
  for (const scale of scales) {
    const numerator = Math.round(percent * scale);
    if (numerator / scale === percent && percent >= 0 && percent <= MAX_RATE * 100) {
      return { numerator, denominator: scale * 100 };
    }
  }
  return rateOf(percent / 100);
}

/** The exact sum: 0.1 and 0.2 are 0.3. Throws a RangeError when it does not fit, which takes hundreds of rates. */
export function addRates(a: Rate, b: Rate): Rate {
  const denominator = Math.max(a.denominator, b.denominator);
  const numerator = numeratorOver(a, denominator) + numeratorOver(b, denominator);
  if (!Number.isSafeInteger(numerator)) throw new RangeError("the sum of rates is too large");
  return { numerator, denominator };
}

/** The rate's numerator over another denominator, a power of ten that is not smaller than its own. */
export function numeratorOver(rate: Rate, denominator: number): number {
  return rate.numerator * (denominator / rate.denominator);
}
