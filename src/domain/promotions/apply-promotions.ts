import type { MinorUnits } from "../money.ts";
import type { CartDiscount, LineDiscount } from "../pricing/discount.ts";
import type { CalculationMethod } from "../pricing/price-cart.ts";
import type { AppliedPromotion, AppliedPromotions, RefusedPromotion } from "./applied-promotions.ts";
import { type CartBalance, discountWhole, takeOff } from "./cart-discount.ts";
import { type Circumstances, checkConditions } from "./conditions.ts";
import { type Gift, giveGifts } from "./gift-discount.ts";
import {
  capped,
  discountEachUnit,
  type ItemDiscount,
  type ItemLimits,
  type ItemOutcome,
} from "./item-discount.ts";
import { type OpenCart, openCart, type PromotableLine } from "./open-cart.ts";
import { type CartKind, type ItemKind, inCurrency, isCartKind, type Promotion } from "./promotion.ts";
import { type PromotionInPlay, usesOf } from "./promotion-code.ts";
import type { RefusedReason } from "./refused-reason.ts";
import { isWholeCart } from "./select-lines.ts";
import { discountBundles, discountSetsOfOne } from "./set-discount.ts";

export type ApplyPromotions = {
  /** The cart's lines, without shipping, in its order. */
  readonly lines: readonly PromotableLine[];
  readonly currency: string;
  /** In any order; of two codes of one promotion the earlier is used if it can be. */
  readonly promotions: readonly PromotionInPlay[];
  /** RFC 3339; for a preview cart the date that it looks at. */
  readonly now: string;
  readonly method: CalculationMethod;
  /** The ids and other names by which codes may know the shopper. */
  readonly shopper?: readonly string[];
};

/**
 * Applies standard promotions to a cart, from nothing each time: the same input always gives the same answer.
 *
 * Item promotions come first, then those of the whole cart; among each, the oldest comes first. A unit takes part in
 * one item promotion only, and the units left over may take part in the next (Elastic Path: multiple promotions for
 * the same SKU). Cart promotions take from everything that they mean, discounted or not. The minimum cart value is
 * one of the goods before any discount, so whether it is reached does not depend on what else applies.
 *
 * In the method `simple` there are no item promotions and no exclusions. A cart too large to be priced gets nothing.
 * Throws a RangeError for a line or a promotion that no check would have let in (no price, half a unit, 2000 %).
 */
export function applyPromotions(input: ApplyPromotions): AppliedPromotions {
  const evaluation: Evaluation = {
    currency: input.currency,
    method: input.method,
    now: Date.parse(input.now),
    shopper: input.shopper ?? [],
    cart: openCart(input.lines, input.currency),
    codeOf: new Map(),
    lineDiscounts: new Map(),
    cartDiscounts: [],
    applied: [],
    refused: [],
    gifts: [],
  };
  const ofCart: Play<CartKind>[] = [];
  for (const inPlay of input.promotions.toSorted((a, b) => compareAge(a.promotion, b.promotion))) {
    const { kind } = inPlay.promotion;
    if (isCartKind(kind)) ofCart.push({ ...inPlay, kind });
    else applyToItems(evaluation, { ...inPlay, kind });
  }
  applyToCart(evaluation, ofCart);
  const { lineDiscounts, cartDiscounts, applied, refused, gifts } = evaluation;
  return { lineDiscounts, cartDiscounts, applied, refused, gifts };
}

type Play<Kind> = PromotionInPlay & { readonly kind: Kind };

type Evaluation = Circumstances & {
  readonly codeOf: Map<string, string>;
  readonly lineDiscounts: Map<string, LineDiscount[]>;
  readonly cartDiscounts: CartDiscount[];
  readonly applied: AppliedPromotion[];
  readonly refused: RefusedPromotion[];
  readonly gifts: Gift[];
};

function compareAge(a: Promotion, b: Promotion): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function applyToItems(evaluation: Evaluation, play: Play<ItemKind>): void {
  const { promotion, code } = play;
  const open = checkConditions(evaluation, play);
  if (!open.ok) {
    refuse(evaluation, play, open.error);
    return;
  }
  const cart = open.value;
  const outcome = itemOutcome(evaluation, cart, play);
  if (!outcome.ok) {
    refuse(evaluation, play, outcome.error);
    return;
  }
  const discount = capped(outcome.value, mostOff(promotion, cart.currency));
  takeUnits(cart, discount);
  let off = 0;
  let discountedUnits = 0;
  for (const { position, units, amount } of discount.parts) {
    discountedUnits += units;
    if (amount === 0) continue;
    off += amount;
    cart.remaining[position]! -= amount;
    const entry = { amount: 0 - amount, code: code.code, promotionId: promotion.id };
    const { id } = cart.lines[position]!;
    const known = evaluation.lineDiscounts.get(id);
    if (known) known.push(entry);
    else evaluation.lineDiscounts.set(id, [entry]);
  }
  accept(evaluation, play, "item", 0 - off, discount.base, discountedUnits);
}

function itemOutcome(
  { gifts }: Evaluation,
  cart: OpenCart,
  { promotion, code, kind }: Play<ItemKind>,
): ItemOutcome {
  const limits: ItemLimits = {
    applications: promotion.maxApplicationsPerCart || Infinity,
    units: code.consumeUnit === "per_item" ? (code.usesLeft ?? Infinity) : Infinity,
  };
  switch (kind.type) {
    case "item_fixed_discount":
    case "item_percent_discount":
      return discountEachUnit(cart, kind, limits);
    case "x_for_y":
    case "x_for_amount":
      return discountSetsOfOne(cart, kind, limits);
    case "bundle_fixed_discount":
      return discountBundles(cart, kind, limits);
    case "bundle_gift": {
      const given = giveGifts(cart, promotion, kind, code.code, limits);
      gifts.push(...given.gifts);
      return given.outcome;
    }
  }
}

function takeUnits(cart: OpenCart, { taken, gifts = [] }: ItemDiscount): void {
  for (const { position, units } of taken) cart.free[position]! -= units;
  for (const { position, units } of gifts) cart.unusedGifts[position]! -= units;
}

function applyToCart(evaluation: Evaluation, plays: readonly Play<CartKind>[]): void {
  const remaining = evaluation.cart?.remaining ?? [];
  const balance: CartBalance = { total: remaining.reduce((sum, left) => sum + left, 0), remaining };
  const lastOfSomeLines = plays.findLastIndex(({ kind }) => !isWholeCart(kind.scope));
  for (const [place, play] of plays.entries()) {
    applyOneToCart(evaluation, balance, play, evaluation.method === "line" && place < lastOfSomeLines);
  }
}

function applyOneToCart(
  evaluation: Evaluation,
  balance: CartBalance,
  play: Play<CartKind>,
  isSpread: boolean,
): void {
  const { promotion, code, kind } = play;
  const open = checkConditions(evaluation, play);
  if (!open.ok) {
    refuse(evaluation, play, open.error);
    return;
  }
  const cart = open.value;
  const outcome = discountWhole(cart, balance, kind, mostOff(promotion, cart.currency));
  if (!outcome.ok) {
    refuse(evaluation, play, outcome.error);
    return;
  }
  takeOff(balance, outcome.value, isSpread);
  const amount = 0 - outcome.value.amount;
  const lineIds = outcome.value.positions?.map((position) => cart.lines[position]!.id);
  const entry = { amount, code: code.code, promotionId: promotion.id };
  evaluation.cartDiscounts.push(lineIds ? { ...entry, lineIds } : entry);
  accept(evaluation, play, "cart", amount, outcome.value.base, 0);
}

/** The most that it may take off, Infinity without a bound. */
function mostOff({ maxDiscountValue = [] }: Promotion, currency: string): MinorUnits {
  return inCurrency(maxDiscountValue, currency)?.amount ?? Infinity;
}

function accept(
  { codeOf, applied, refused }: Evaluation,
  { promotion, code }: PromotionInPlay,
  level: AppliedPromotion["level"],
  amount: MinorUnits,
  base: MinorUnits,
  discountedUnits: number,
): void {
  codeOf.set(promotion.id, code.code);
  applied.push({
    promotionId: promotion.id,
    code: code.code,
    name: promotion.name,
    place: applied.length + refused.length,
    level,
    amount,
    base,
    discountedUnits,
    uses: usesOf(code, level === "cart" ? 1 : discountedUnits),
  });
}

function refuse(
  { applied, refused }: Evaluation,
  { promotion, code }: PromotionInPlay,
  reason: RefusedReason,
): void {
  refused.push({
    promotionId: promotion.id,
    code: code.code,
    name: promotion.name,
    place: applied.length + refused.length,
    reason,
  });
}
