import { allocate, MAX_AMOUNT, type MinorUnits, multiplyRatio } from "../money.ts";
import {
  applyLineDiscount,
  type LineDiscount,
  type LineDiscountPart,
  type OpenLine,
} from "../pricing/discount.ts";
import type { ConditionProduct } from "./discount-conditions.ts";
import { type RegionTaxLine, type RegionTaxRate, sumOfRates, sumOfTax, taxLinesOn } from "./region-tax.ts";

/** A line of a cart that is priced in a region. */
export type RegionLine = {
  readonly id: string;
  /** Whole pieces, at least 1. */
  readonly quantity: number;
  /** Price of one piece in minor units, >= 0. */
  readonly unitPrice: MinorUnits;
  readonly includesTax: boolean;
  /** All of them apply; see `taxRatesOf`. */
  readonly taxRates: readonly RegionTaxRate[];
  /** Discounts of the cart pass it by when false. */
  readonly allowsDiscounts: boolean;
  /** Absent: a line that is no product. */
  readonly product?: ConditionProduct;
  /** Reductions that belong to no discount of the cart; they come off first, of the price without tax. */
  readonly adjustments?: readonly LineDiscount[];
};

/** A line in minor units, all >= 0; `total = subtotal - discountTotal + taxTotal`. */
export type PricedRegionLine = {
  readonly id: string;
  readonly unitPrice: MinorUnits;
  readonly quantity: number;
  /** Without tax, before discounts. */
  readonly subtotal: MinorUnits;
  readonly discountTotal: MinorUnits;
  /** After discounts. */
  readonly taxTotal: MinorUnits;
  readonly total: MinorUnits;
  /** As if there were no discount: `subtotal + originalTaxTotal`, which is the price as entered if that includes tax. */
  readonly originalTotal: MinorUnits;
  readonly originalTaxTotal: MinorUnits;
  /** One for each tax, in their order; they add up to `taxTotal`. */
  readonly taxLines: readonly RegionTaxLine[];
  /** What came off, amounts < 0, in the order of applying; they add up to `-discountTotal`. */
  readonly discounts: readonly LineDiscountPart[];
};

/** A line before discounts of the cart. */
export type OpenRegionLine = {
  readonly line: RegionLine;
  readonly taxRates: readonly RegionTaxRate[];
  readonly subtotal: MinorUnits;
  /** What tax is taken of; beside `subtotal` when a price that includes tax is rounded for each piece. */
  readonly taxable: MinorUnits;
  readonly originalTax: MinorUnits;
  /** Takes the discounts; starts at `subtotal` less the line's own adjustments. */
  readonly open: OpenLine;
};

/**
 * Takes the line's tax out of its price, or puts it on. In a price that includes tax, the tax in one piece is rounded;
 * the rest times the quantity is taxed, and the subtotal is the price less that tax, so that the price as entered does
 * not move. (Medusa: tax-inclusive pricing.) `isUntaxed` leaves tax out: the subtotal is the price as entered.
 *
 * Undefined when the price is beyond `MAX_AMOUNT`; whoever adds lines up bounds their tax. Throws a RangeError for what is
 * no price, quantity, rate or adjustment.
 */
export function openRegionLine(line: RegionLine, isUntaxed: boolean): OpenRegionLine | undefined {
  const { id, quantity, unitPrice } = line;
  if (!Number.isInteger(quantity) || quantity < 1 || !Number.isInteger(unitPrice) || unitPrice < 0) {
    throw new RangeError(`line ${id} cannot be priced: ${quantity} of ${unitPrice}`);
  }
  const value = quantity * unitPrice;
  if (value > MAX_AMOUNT) return undefined;
  const taxRates = isUntaxed ? [] : line.taxRates;
  let taxable = value;
  if (line.includesTax) {
    const { numerator, denominator } = sumOfRates(taxRates);
    taxable = (unitPrice - multiplyRatio(unitPrice, numerator, numerator + denominator)) * quantity;
  }
  const rated = sumOfTax(taxLinesOn(taxable, taxRates));
  // With rates above 200 % the rounding of a piece can make more tax than there is price.
  const originalTax = line.includesTax ? Math.min(rated, value) : rated;
  const subtotal = line.includesTax ? value - originalTax : value;
  const open: OpenLine = { id, remaining: subtotal, parts: [] };
  for (const adjustment of line.adjustments ?? []) applyLineDiscount(open, adjustment);
  return { line, taxRates, subtotal, taxable, originalTax, open };
}

/** The line after its discounts. Where a discount takes all, there is no tax left either, however a piece was rounded. */
export function priceRegionLine(opened: OpenRegionLine): PricedRegionLine {
  const { line, subtotal, originalTax, open } = opened;
  const discountTotal = subtotal - open.remaining;
  const takesAll = discountTotal > 0 && open.remaining === 0;
  const taxable = takesAll ? 0 : Math.max(0, opened.taxable - discountTotal);
  const rated = taxLinesOn(taxable, opened.taxRates);
  const taxTotal = Math.min(sumOfTax(rated), originalTax);
  return {
    id: line.id,
    unitPrice: line.unitPrice,
    quantity: line.quantity,
    subtotal,
    discountTotal,
    taxTotal,
    total: open.remaining + taxTotal,
    originalTotal: subtotal + originalTax,
    originalTaxTotal: originalTax,
    taxLines: cutTo(taxTotal, rated),
    discounts: open.parts.filter(({ amount }) => amount !== 0),
  };
}

function cutTo(tax: MinorUnits, taxLines: readonly RegionTaxLine[]): readonly RegionTaxLine[] {
  if (sumOfTax(taxLines) === tax) return taxLines;
  const amounts = allocate(
    tax,
    taxLines.map(({ amount }) => amount),
  );
  return taxLines.map((taxLine, index) => ({ ...taxLine, amount: amounts[index]! }));
}
