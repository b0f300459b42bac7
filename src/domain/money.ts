/** An amount of money: a whole number of the currency's ISO 4217 minor units (cents, yen, fils), never a fraction. */
export type MinorUnits = number;

/**
 * Largest unit price, line value, tax amount or shipping part, in minor units. Amounts up to here can be multiplied
 * by any accepted tax rate (at most 10 each, see `MAX_RATE`) and stay far below 2^53.
 */
export const MAX_AMOUNT: MinorUnits = 999_999_999_999;

/**
 * Largest line with tax and largest total of a cart or order, in minor units: a thousand lines of `MAX_AMOUNT`.
 * Nine of them still add up exactly in a number, so sums may be made first and judged after.
 */
export const MAX_TOTAL: MinorUnits = 999_999_999_999_999;

/**
 * `amount * numerator / denominator`, exact, rounded once to a whole number, half away from zero.
 * Throws a RangeError when an argument is no safe integer, the numerator is negative, the denominator is not
 * positive, or the answer does not fit: callers bound their amounts before.
 */
export function multiplyRatio(amount: MinorUnits, numerator: number, denominator: number): MinorUnits {
  if (!Number.isSafeInteger(amount) || !isCount(numerator) || !isCount(denominator) || denominator === 0) {
    throw new RangeError(`cannot take ${numerator}/${denominator} of ${amount}`);
  }
  const size = Math.abs(amount);
  const { quotient, remainder } = divide(size, numerator, denominator);
  const rounded = 2 * remainder >= denominator ? quotient + 1 : quotient;
  if (!Number.isSafeInteger(rounded))
    throw new RangeError(`${amount} * ${numerator}/${denominator} is too large`);
  return amount < 0 ? 0 - rounded : rounded;
}

/**
 * Splits `total` in proportion to `weights`: largest remainder first, ties to the earlier part, so the parts always
 * add up to the total and the same input always gives the same parts. A part whose weight is 0 gets nothing, unless
 * all are 0: then the parts are equal and odd units go to the earlier ones. A negative total gives the negated parts.
 *
 * When |total| <= sum of weights, no part is larger than its weight.
 * Throws a RangeError when the total is no safe integer, a weight is no safe integer >= 0, their sum does not fit,
 * or something is to be split among nobody.
 */
export function allocate(total: MinorUnits, weights: readonly number[]): MinorUnits[] {
  let sum = 0;
  for (const weight of weights) {
    if (!isCount(weight)) throw new RangeError(`not a weight: ${weight}`);
    sum += weight;
  }
  if (!Number.isSafeInteger(total) || !Number.isSafeInteger(sum)) {
    throw new RangeError(`cannot split ${total} by weights of ${sum}`);
  }
  if (weights.length === 0 && total !== 0) throw new RangeError(`cannot split ${total} among nobody`);
  if (sum === 0)
    return weights.length === 0 ? [] : allocate(total, new Array<number>(weights.length).fill(1));

  const size = Math.abs(total);
  const count = weights.length;
  const parts: number[] = [];
  const remainders: number[] = [];
  let left = size;
  for (const weight of weights) {
    const product = size * weight;
    let remainder = product % sum;
    let quotient = (product - remainder) / sum;
    if (product > Number.MAX_SAFE_INTEGER) ({ quotient, remainder } = divide(size, weight, sum));
    parts.push(quotient);
    remainders.push(remainder);
    left -= quotient;
  }
  if (left > 0) giveRest(parts, remainders, left, sum * count <= Number.MAX_SAFE_INTEGER);
  return total < 0 ? parts.map((part) => 0 - part) : parts;
}

/** One more to each of the `left` parts with the largest remainders, ties to the earlier. */
function giveRest(parts: number[], remainders: readonly number[], left: number, isSmall: boolean): void {
  const count = parts.length;
  if (isSmall) {
    // Remainder and place in one number each: numbers are sorted several times faster than by a function.
    const keys = Float64Array.from(
      remainders,
      (remainder, index) => remainder * count + (count - 1 - index),
    ).sort();
    for (let rank = 1; rank <= left; rank++) parts[count - 1 - (keys[count - rank]! % count)]! += 1;
    return;
  }
  // Sorting is stable.
  const byRemainder = remainders.map((_, index) => index).sort((a, b) => remainders[b]! - remainders[a]!);
  for (let rank = 0; rank < left; rank++) parts[byRemainder[rank]!]! += 1;
}

/** `a * b / divisor` as whole quotient and remainder. BigInt only where the product leaves the safe integers. */
function divide(a: number, b: number, divisor: number): { quotient: number; remainder: number } {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const remainder = product % divisor;
    return { quotient: (product - remainder) / divisor, remainder };
  }
  const exact = BigInt(a) * BigInt(b);
  const by = BigInt(divisor);
  return { quotient: Number(exact / by), remainder: Number(exact % by) };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
