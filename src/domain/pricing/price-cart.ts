import { MAX_AMOUNT, MAX_TOTAL, type MinorUnits, multiplyRatio } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import {
  type AppliedDiscount,
  applyLineDiscount,
  applyToSum,
  type CartDiscount,
  type LineDiscount,
  type LineDiscountPart,
  type OpenLine,
  type RuleDiscount,
  spreadCartDiscount,
} from "./discount.ts";
import { type ShippingCharge, type ShippingTotals, shippingTotals } from "./shipping.ts";
import { type TaxItem, type TaxPart, taxOn } from "./tax.ts";

/**
 * Where tax is rounded and where discounts go (the two methods of Elastic Path).
 * `line`: discounts come off the lines first, then tax is rounded once for each line.
 * `simple`: tax is rounded for each unit and multiplied; only cart discounts count, and they come off the total.
 */
export type CalculationMethod = "line" | "simple";

/** What pricing needs to know of a line; a cart item is one. */
export type PriceableLine = {
  readonly id: string;
  /** Whole pieces, at least 1. */
  readonly quantity: number;
  /** Price of one piece in minor units, >= 0. */
  readonly unitAmount: MinorUnits;
  readonly includesTax: boolean;
  readonly taxes: readonly TaxItem[];
  /** The line's own discounts, applied in this order before those of the cart. `simple` does not know them. */
  readonly discounts?: readonly LineDiscount[];
};

export type PriceCart = {
  readonly lines: readonly PriceableLine[];
  /** Applied in this order. `simple` does not look at their `lineIds`: it has no exclusions. */
  readonly cartDiscounts?: readonly CartDiscount[];
  /** Applied in this order, after all others. */
  readonly ruleDiscounts?: readonly RuleDiscount[];
  readonly shipping?: readonly ShippingCharge[];
  readonly method: CalculationMethod;
};

/** A line in minor units of the cart's currency; `withTax = withoutTax + tax`. */
export type PricedLine = {
  readonly id: string;
  readonly unitAmount: MinorUnits;
  /** Quantity times unit price as entered, before any discount and with tax only if the price includes it. */
  readonly value: MinorUnits;
  /** <= 0, and never more than `value`. */
  readonly discount: MinorUnits;
  /** The same as `value`. */
  readonly withoutDiscount: MinorUnits;
  /** After discounts. */
  readonly withoutTax: MinorUnits;
  readonly tax: MinorUnits;
  readonly withTax: MinorUnits;
  /** One for each tax item, in their order; they add up to `tax`. */
  readonly taxes: readonly TaxPart[];
  /** In the order of applying; they add up to `discount`. Parts of 0 are kept. */
  readonly discounts: readonly LineDiscountPart[];
};

/** The cart in minor units; `withTax = withoutTax + tax`, nothing but the two discounts is negative. */
export type CartTotals = {
  /** Lines and shipping after all discounts: what the shopper pays. */
  readonly withTax: MinorUnits;
  readonly withoutTax: MinorUnits;
  readonly tax: MinorUnits;
  /** <= 0, of the goods; that of shipping is apart. */
  readonly discount: MinorUnits;
  /** Values of the lines as entered, and shipping. */
  readonly withoutDiscount: MinorUnits;
  /** Shipping with its tax, before its discount. */
  readonly shipping: MinorUnits;
  /** <= 0 */
  readonly shippingDiscount: MinorUnits;
};

export type PricedCart = {
  /** In the order of the input. */
  readonly lines: readonly PricedLine[];
  /** What each cart discount took off, in the order of the input, those of rule promotions last. */
  readonly cartDiscounts: readonly AppliedDiscount[];
  /** How it was calculated, to be kept with the order. */
  readonly method: CalculationMethod;
  readonly totals: CartTotals;
};

/**
 * An amount is beyond what the engine counts with: a line's value, its tax amounts or shipping above `MAX_AMOUNT`, a
 * line with tax or a total above `MAX_TOTAL`. Names the line or the shipping charge; neither is there for a total.
 */
export type AmountTooLarge = {
  readonly type: "amount_too_large";
  readonly lineId?: string;
  readonly shippingId?: string;
  /** The bound, in minor units. */
  readonly limit: MinorUnits;
};

/**
 * Prices a cart from nothing: the same input always gives the same answer, and every total is the sum of parts that
 * are shown. Discounts never take more than there is. Rounding is half away from zero.
 *
 * `simple` takes cart discounts off the total after tax. In prices that include tax a discount may then reach into
 * the tax; the total's tax is at most what is left to pay, so that nothing becomes negative.
 *
 * Throws a RangeError for input that is no price, quantity, discount, rate or tax amount at all.
 */
export function priceCart(input: PriceCart): Result<PricedCart, AmountTooLarge> {
  const isByLine = input.method === "line";
  const open: OpenLine[] = [];
  let value = 0;
  for (const line of input.lines) {
    const lineValue = enteredValue(line);
    if (lineValue > MAX_AMOUNT) return tooLarge(MAX_AMOUNT, { lineId: line.id });
    value += lineValue;
    if (value > MAX_TOTAL) return tooLarge(MAX_TOTAL);
    const opened: OpenLine = { id: line.id, remaining: lineValue, parts: [] };
    if (isByLine && line.discounts) {
      for (const discount of line.discounts) applyLineDiscount(opened, discount);
    }
    open.push(opened);
  }

  const cartDiscounts: AppliedDiscount[] = [];
  let offTotal = 0;
  for (const discount of input.cartDiscounts ?? []) {
    const applied = isByLine ? spreadCartDiscount(open, discount) : applyToSum(value + offTotal, discount);
    if (!isByLine) offTotal += applied.amount;
    cartDiscounts.push(applied);
  }
  const { ruleDiscounts = [] } = input;
  const openById = new Map(ruleDiscounts.length > 0 && isByLine ? open.map((line) => [line.id, line]) : []);
  for (const discount of ruleDiscounts) {
    if (discount.level === "item") {
      const line = openById.get(discount.lineId);
      if (line) applyLineDiscount(line, discount);
      continue;
    }
    const applied = isByLine ? spreadCartDiscount(open, discount) : applyToSum(value + offTotal, discount);
    if (!isByLine) offTotal += applied.amount;
    cartDiscounts.push(applied);
  }

  const lines: PricedLine[] = [];
  for (const [index, line] of input.lines.entries()) {
    const priced = priceLine(line, open[index]!, isByLine ? 1 : line.quantity);
    if (!priced.ok) return priced;
    lines.push(priced.value);
  }
  const shipping = shippingTotals(input.shipping ?? []);
  if ("tooLargeId" in shipping) return tooLarge(MAX_AMOUNT, { shippingId: shipping.tooLargeId });
  const totals = totalsOf(lines, offTotal, shipping);
  return totals ? ok({ lines, cartDiscounts, method: input.method, totals }) : tooLarge(MAX_TOTAL);
}

/**
 * A line's amount for one piece, rounded half away from zero. It is for display only: times the quantity it need not
 * give the amount back.
 */
export function unitShare(value: MinorUnits, quantity: number): MinorUnits {
  return multiplyRatio(value, 1, quantity);
}

function enteredValue(line: PriceableLine): MinorUnits {
  const { id, quantity, unitAmount } = line;
  if (!Number.isInteger(quantity) || quantity < 1 || !Number.isInteger(unitAmount) || unitAmount < 0) {
    throw new RangeError(`line ${id} cannot be priced: ${quantity} of ${unitAmount}`);
  }
  return quantity * unitAmount;
}

function priceLine(line: PriceableLine, open: OpenLine, pieces: number): Result<PricedLine, AmountTooLarge> {
  const price = open.remaining;
  const taxed = taxOn(price, pieces, line.includesTax, line.taxes);
  if (!taxed) return tooLarge(MAX_AMOUNT, { lineId: line.id });
  const withTax = line.includesTax ? price : price + taxed.tax;
  if (withTax > MAX_TOTAL) return tooLarge(MAX_TOTAL, { lineId: line.id });
  const value = line.quantity * line.unitAmount;
  return ok({
    id: line.id,
    unitAmount: line.unitAmount,
    value,
    discount: price - value,
    withoutDiscount: value,
    withoutTax: withTax - taxed.tax,
    tax: taxed.tax,
    withTax,
    taxes: taxed.parts,
    discounts: open.parts,
  });
}

/**
 * Undefined when a total exceeds `MAX_TOTAL`: a sum that has left the safe integers is not exact, but still above it.
 * `offTotal` (<= 0) is what is taken off beside the lines.
 */
function totalsOf(
  lines: readonly PricedLine[],
  offTotal: MinorUnits,
  shipping: ShippingTotals,
): CartTotals | undefined {
  let withTax = offTotal;
  let tax = 0;
  let discount = offTotal;
  let value = 0;
  for (const line of lines) {
    withTax += line.withTax;
    tax += line.tax;
    discount += line.discount;
    value += line.value;
  }
  tax = Math.min(tax, withTax) + shipping.tax;
  withTax += shipping.charged + shipping.discount;
  const withoutDiscount = value + shipping.charged;
  if (withTax > MAX_TOTAL || withoutDiscount > MAX_TOTAL) return undefined;
  return {
    withTax,
    withoutTax: withTax - tax,
    tax,
    discount,
    withoutDiscount,
    shipping: shipping.charged,
    shippingDiscount: shipping.discount,
  };
}

function tooLarge(limit: MinorUnits, where: Pick<AmountTooLarge, "lineId" | "shippingId"> = {}) {
  const refusal: AmountTooLarge = { type: "amount_too_large", ...where, limit };
  return fail(refusal);
}
