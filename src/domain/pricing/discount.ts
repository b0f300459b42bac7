import { allocate, type MinorUnits } from "../money.ts";

/** A discount wanted on one line, for the whole line. */
export type LineDiscount = {
  /** Minor units, <= 0, in terms of the price as entered: of a price that includes tax it takes tax along. */
  readonly amount: MinorUnits;
  /** What the shopper typed, or the code an automatic promotion was given. */
  readonly code: string;
  /** The promotion, or the custom discount, that wants it. */
  readonly promotionId: string;
};

/** A discount wanted on the cart as a whole. */
export type CartDiscount = LineDiscount & {
  /** The lines it may be taken from; absent: all. Ids of lines that are not there count for nothing. */
  readonly lineIds?: readonly string[];
};

/**
 * A discount of a rule promotion, which comes after all others: on one line, or on the cart as a whole. In the method
 * `simple` only those of the cart count.
 */
export type RuleDiscount =
  | (LineDiscount & { readonly level: "item"; readonly lineId: string })
  | (CartDiscount & { readonly level: "cart" });

/**
 * What became of a discount: `amount` is what was really taken off, <= 0 and never more than was left. It may be 0,
 * for a discount that came too late.
 */
export type AppliedDiscount = {
  readonly amount: MinorUnits;
  readonly code: string;
  readonly promotionId: string;
  /** Absent: a standard promotion, or a custom discount. */
  readonly source?: "rule-promotion";
};

/** A discount's part on one line; `fromCart` tells the share of a cart discount from the line's own. */
export type LineDiscountPart = AppliedDiscount & { readonly fromCart: boolean };

/** A line while discounts are being taken off it. `remaining` is its value less everything taken so far, >= 0. */
export type OpenLine = {
  readonly id: string;
  remaining: MinorUnits;
  readonly parts: LineDiscountPart[];
};

/** Takes the line's own discount off: as much as is wanted and left. */
export function applyLineDiscount(line: OpenLine, discount: LineDiscount | RuleDiscount): void {
  const amount = Math.min(wanted(discount), line.remaining);
  line.remaining -= amount;
  line.parts.push(part(discount, amount, false));
}

/**
 * Takes a cart discount off its lines, in proportion to what is left of each, odd units by largest remainder. What is
 * left is the weight (and not the first value) so that no share can exceed its line, whatever came before.
 * Every line it may be taken from gets a part, even of 0.
 */
export function spreadCartDiscount(
  lines: readonly OpenLine[],
  discount: CartDiscount | Extract<RuleDiscount, { readonly level: "cart" }>,
): AppliedDiscount {
  const eligible = discount.lineIds ? linesOf(lines, discount.lineIds) : lines;
  const weights: number[] = [];
  let left = 0;
  for (const { remaining } of eligible) {
    weights.push(remaining);
    left += remaining;
  }
  const amount = Math.min(wanted(discount), left);
  const shares = allocate(amount, weights);
  for (let index = 0; index < eligible.length; index++) {
    const line = eligible[index]!;
    const share = shares[index]!;
    line.remaining -= share;
    line.parts.push(part(discount, share, true));
  }
  return applied(discount, amount);
}

/** Takes a discount off a sum that is not spread over lines. */
export function applyToSum(remaining: MinorUnits, discount: LineDiscount | RuleDiscount): AppliedDiscount {
  return applied(discount, Math.min(wanted(discount), remaining));
}

function linesOf(lines: readonly OpenLine[], lineIds: readonly string[]): readonly OpenLine[] {
  const ids = new Set(lineIds);
  return lines.filter((line) => ids.has(line.id));
}

function wanted(discount: LineDiscount): MinorUnits {
  if (!Number.isInteger(discount.amount) || discount.amount > 0) {
    throw new RangeError(`not a discount: ${discount.amount}`);
  }
  return 0 - discount.amount;
}

// Each member by name: a large cart has thousands of these, and spreading an object costs several times as much.
function part(
  discount: LineDiscount | RuleDiscount,
  amount: MinorUnits,
  fromCart: boolean,
): LineDiscountPart {
  const { code, promotionId } = discount;
  if ("level" in discount) {
    return { amount: 0 - amount, code, promotionId, source: "rule-promotion", fromCart };
  }
  return { amount: 0 - amount, code, promotionId, fromCart };
}

// Subtracting from 0 keeps -0 out of what is stored and compared.
function applied(discount: LineDiscount | RuleDiscount, amount: MinorUnits): AppliedDiscount {
  const { code, promotionId } = discount;
  const entry = { amount: 0 - amount, code, promotionId };
  return "level" in discount ? { ...entry, source: "rule-promotion" } : entry;
}
