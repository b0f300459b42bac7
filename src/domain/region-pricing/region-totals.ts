import { MAX_AMOUNT, MAX_TOTAL, type MinorUnits } from "../money.ts";
import type { AmountTooLarge } from "../pricing/price-cart.ts";
import { fail, ok, type Result } from "../result.ts";
import { applyRegionDiscount } from "./apply-region-discount.ts";
import { coverByGiftCards, type GiftCard, type GiftCardPart } from "./gift-cards.ts";
import { discountsInForce, type RegionDiscount } from "./region-discount.ts";
import {
  type OpenRegionLine,
  openRegionLine,
  type PricedRegionLine,
  priceRegionLine,
  type RegionLine,
} from "./region-line.ts";
import {
  type PricedShippingMethod,
  priceShippingMethod,
  type RegionShippingMethod,
} from "./region-shipping.ts";

/** A cart that is priced in a region. All amounts are minor units of the region's currency. */
export type PriceRegionCart = {
  readonly lines: readonly RegionLine[];
  readonly shippingMethods?: readonly RegionShippingMethod[];
  /** Usable ones, in the order they were entered; see `discountsInForce` for which of them count. */
  readonly discounts?: readonly RegionDiscount[];
  /** Usable ones. */
  readonly giftCards?: readonly GiftCard[];
  /** Whether gift cards pay for what is without tax; see `coverByGiftCards`. */
  readonly areGiftCardsTaxable: boolean;
  /** Leaves all tax out: a cart of a region that computes no taxes by itself, until they are asked for. */
  readonly isUntaxed?: boolean;
};

/** The cart in minor units, nothing negative. */
export type RegionCartTotals = {
  /** Lines without tax, before discounts. */
  readonly subtotal: MinorUnits;
  readonly discountTotal: MinorUnits;
  readonly itemTaxTotal: MinorUnits;
  /** Without tax. */
  readonly shippingTotal: MinorUnits;
  readonly shippingTaxTotal: MinorUnits;
  /** Of lines and shipping, before what gift cards take off it. */
  readonly taxTotal: MinorUnits;
  readonly giftCardTotal: MinorUnits;
  readonly giftCardTaxTotal: MinorUnits;
  /** What is left to pay: subtotal + shipping + tax - discount - gift cards - their tax. */
  readonly total: MinorUnits;
};

export type RegionTotals = {
  /** In the order of the input. */
  readonly lines: readonly PricedRegionLine[];
  /** In the order of the input. */
  readonly shippingMethods: readonly PricedShippingMethod[];
  /** In the order of their use. */
  readonly giftCards: readonly GiftCardPart[];
  readonly cart: RegionCartTotals;
};

/**
 * Prices a cart from nothing: discounts come off the lines, then tax is taken of each, then gift cards pay. Every total
 * is the sum of parts that are shown and is never computed from rates again. (Medusa: totals.)
 *
 * Refuses amounts beyond `MAX_AMOUNT` and `MAX_TOTAL`. Throws a RangeError for input that is no price, quantity,
 * discount, rate or balance at all.
 */
export function priceRegionCart(input: PriceRegionCart): Result<RegionTotals, AmountTooLarge> {
  const isUntaxed = input.isUntaxed ?? false;
  const { amount: discount, freeShipping } = discountsInForce(input.discounts ?? []);
  let all = 0;
  const opened: OpenRegionLine[] = [];
  for (const line of input.lines) {
    const open = openRegionLine(line, isUntaxed);
    if (!open) return tooLarge(MAX_AMOUNT, { lineId: line.id });
    all += open.subtotal + open.originalTax;
    if (all > MAX_TOTAL) return tooLarge(MAX_TOTAL);
    opened.push(open);
  }
  const shippingMethods: PricedShippingMethod[] = [];
  for (const method of input.shippingMethods ?? []) {
    const priced = priceShippingMethod(method, { isFree: freeShipping !== undefined, isUntaxed });
    if (!priced) return tooLarge(MAX_AMOUNT, { shippingId: method.id });
    all += priced.originalTotal;
    if (all > MAX_TOTAL) return tooLarge(MAX_TOTAL);
    shippingMethods.push(priced);
  }
  if (discount) applyRegionDiscount(opened, discount);
  const lines = opened.map(priceRegionLine);

  const { giftCards = [], areGiftCardsTaxable } = input;
  return ok(addUpRegionCart({ lines, shippingMethods, giftCards, areGiftCardsTaxable }));
}

/** What lines and shipping that are priced come to, and what gift cards pay of it. */
export function addUpRegionCart(
  input: Pick<RegionTotals, "lines" | "shippingMethods"> &
    Pick<PriceRegionCart, "areGiftCardsTaxable"> & { readonly giftCards: readonly GiftCard[] },
): RegionTotals {
  const { lines, shippingMethods } = input;
  const subtotal = sum(lines, (line) => line.subtotal);
  const discountTotal = sum(lines, (line) => line.discountTotal);
  const itemTaxTotal = sum(lines, (line) => line.taxTotal);
  const shippingTotal = sum(shippingMethods, (method) => method.subtotal);
  const shippingTaxTotal = sum(shippingMethods, (method) => method.taxTotal);
  const taxTotal = itemTaxTotal + shippingTaxTotal;
  const withoutTax = subtotal - discountTotal + shippingTotal;
  const giftCards = coverByGiftCards(
    input.giftCards,
    { withoutTax, tax: taxTotal },
    input.areGiftCardsTaxable,
  );
  const giftCardTotal = sum(giftCards, (card) => card.amount);
  const giftCardTaxTotal = sum(giftCards, (card) => card.tax);
  const cart: RegionCartTotals = {
    subtotal,
    discountTotal,
    itemTaxTotal,
    shippingTotal,
    shippingTaxTotal,
    taxTotal,
    giftCardTotal,
    giftCardTaxTotal,
    total: withoutTax + taxTotal - giftCardTotal - giftCardTaxTotal,
  };
  return { lines, shippingMethods, giftCards, cart };
}

function sum<Part>(parts: readonly Part[], amount: (part: Part) => MinorUnits): MinorUnits {
  return parts.reduce((so, part) => so + amount(part), 0);
}

function tooLarge(limit: MinorUnits, where: Pick<AmountTooLarge, "lineId" | "shippingId"> = {}) {
  const refusal: AmountTooLarge = { type: "amount_too_large", ...where, limit };
  return fail(refusal);
}
