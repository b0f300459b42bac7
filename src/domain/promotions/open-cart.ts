import { MAX_AMOUNT, MAX_TOTAL, type MinorUnits } from "../money.ts";

/** What promotions need to know of a cart's line. */
export type PromotableLine = {
  readonly id: string;
  /** Absent: a custom item. */
  readonly productId?: string;
  readonly sku: string;
  /** Whole pieces, at least 1. */
  readonly quantity: number;
  /** Price of one piece in minor units, >= 0, as entered. */
  readonly unitAmount: MinorUnits;
  /**
   * How many of the pieces the engine itself put in as gifts. They belong to gift promotions alone: they count for no
   * minimum and no requirement, so that a gift can never be the reason for itself.
   */
  readonly giftQuantity?: number;
  /**
   * A text that is the same for lines with the same custom inputs. Elastic Path makes sets of x units only out of
   * units with the same inputs.
   */
  readonly inputs?: string;
  readonly catalogId?: string;
  /** Ids of the nodes that the product is in, their parents included. */
  readonly nodes?: readonly string[];
  readonly attributes?: readonly ProductAttribute[];
};

export type ProductAttribute = {
  readonly template: string;
  readonly field: string;
  readonly value: string;
};

/**
 * A cart while promotions are being applied. Lines go by their position; everything about units is an array with one
 * number for each line, which is changed in place: it lives for one evaluation only.
 */
export type OpenCart = {
  readonly currency: string;
  readonly lines: readonly PromotableLine[];
  /** Positions, dearest first, then by SKU: no result depends on the order of adding where prices differ. */
  readonly byPrice: readonly number[];
  /** Where each position stands in `byPrice`. */
  readonly rank: readonly number[];
  /** Positions by SKU and by product id. */
  readonly byName: ReadonlyMap<string, readonly number[]>;
  readonly prices: readonly MinorUnits[];
  /** The shopper's own units. */
  readonly owned: readonly number[];
  /** Of these, the units that no item promotion has taken. */
  readonly free: number[];
  /** Units put in as gifts that no promotion has made free yet. */
  readonly unusedGifts: number[];
  /** The line's value less what has been taken off. */
  readonly remaining: MinorUnits[];
  /** Value of all lines as entered. */
  readonly value: MinorUnits;
};

/**
 * Indexes the lines once for all promotions. Undefined when a line's value exceeds `MAX_AMOUNT` or all exceed
 * `MAX_TOTAL`: pricing refuses such a cart. Throws a RangeError for a line that has no price or quantity.
 */
export function openCart(lines: readonly PromotableLine[], currency: string): OpenCart | undefined {
  const byName = new Map<string, number[]>();
  const prices: number[] = [];
  const owned: number[] = [];
  const unusedGifts: number[] = [];
  const remaining: number[] = [];
  let value = 0;
  for (let position = 0; position < lines.length; position++) {
    const line = lines[position]!;
    const lineValue = enteredValue(line);
    value += lineValue;
    if (lineValue > MAX_AMOUNT || value > MAX_TOTAL) return undefined;
    const gifts = Math.min(line.giftQuantity ?? 0, line.quantity);
    prices.push(line.unitAmount);
    owned.push(line.quantity - gifts);
    unusedGifts.push(gifts);
    remaining.push(lineValue);
    addName(byName, line.sku, position);
    if (line.productId !== undefined && line.productId !== line.sku) {
      addName(byName, line.productId, position);
    }
  }
  const byPrice = lines.map((_, position) => position).sort((a, b) => byPriceAndSku(lines[a]!, lines[b]!));
  const rank: number[] = new Array(lines.length);
  for (let place = 0; place < byPrice.length; place++) rank[byPrice[place]!] = place;
  const free = owned.slice();
  return { currency, lines, byPrice, rank, byName, prices, owned, free, unusedGifts, remaining, value };
}

/** What makes units "the same product": the product, the SKU of custom items, or the line itself without one. */
export function productKey(line: PromotableLine): string {
  if (line.productId !== undefined) return `product ${line.productId}`;
  return line.sku === "" ? `line ${line.id}` : `sku ${line.sku}`;
}

/** Value of the shopper's own units on these positions as entered; gifts that were put in do not count. */
export function ownValue(cart: OpenCart, positions: readonly number[] = cart.byPrice): MinorUnits {
  let value = 0;
  for (const position of positions) value += cart.prices[position]! * cart.owned[position]!;
  return value;
}

function addName(byName: Map<string, number[]>, name: string, position: number): void {
  if (name === "") return;
  const known = byName.get(name);
  if (known) known.push(position);
  else byName.set(name, [position]);
}

function enteredValue({ id, quantity, unitAmount, giftQuantity = 0 }: PromotableLine): MinorUnits {
  const isPriced = Number.isInteger(unitAmount) && unitAmount >= 0;
  if (!isPriced || !isCount(quantity, 1) || !isCount(giftQuantity, 0)) {
    throw new RangeError(`line ${id} cannot be discounted: ${quantity} of ${unitAmount}`);
  }
  return quantity * unitAmount;
}

function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}

function byPriceAndSku(a: PromotableLine, b: PromotableLine): number {
  return b.unitAmount - a.unitAmount || (a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : 0);
}
