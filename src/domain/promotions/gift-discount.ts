import { fail, ok } from "../result.ts";
import type { ItemLimits, ItemOutcome, UnitsDiscount } from "./item-discount.ts";
import type { OpenCart } from "./open-cart.ts";
import type { Promotion, PromotionKind } from "./promotion.ts";
import { namedLines } from "./select-lines.ts";
import { demandsOf, unmetRequirement } from "./set-discount.ts";
import {
  type Demand,
  type Demands,
  merged,
  mostSets,
  priceOf,
  together,
  type Units,
  type UnitsOfLine,
  unitsFor,
} from "./unit-sets.ts";

/** A gift that the cart has earned, whether it is in the cart or not. */
export type Gift = {
  readonly promotionId: string;
  readonly code: string;
  readonly sku: string;
  /** Units that are given. */
  readonly quantity: number;
  /** Of these, units in the cart that are free now; more may follow when they are put in. */
  readonly discounted: number;
  /**
   * Units that the engine is to keep in the cart as gifts (`giftQuantity` of their line) on top of the shopper's
   * own; 0 when it is for the shopper to add them. Does not depend on what was put in before.
   */
  readonly autoQuantity: number;
};

type GiftKind = Extract<PromotionKind, { readonly type: "bundle_gift" }>;

/**
 * One free unit of each gift for every time that the requirements are met. Units that a gift was given for are taken;
 * while there is no gift in the cart they stay free for other promotions.
 *
 * When the engine adds the gifts, all of the shopper's units count for the requirements first, and only what is left
 * of them can be a gift. When the shopper adds them, the units are shared between the two: of two coffees with
 * "buy a coffee, get a coffee", one is free.
 */
export function giveGifts(
  cart: OpenCart,
  promotion: Pick<Promotion, "id" | "automatic">,
  kind: GiftKind,
  code: string,
  limits: ItemLimits,
): { readonly outcome: ItemOutcome; readonly gifts: readonly Gift[] } {
  const isAdded = kind.autoAdd && promotion.automatic;
  const demands = demandsOf(cart, kind.requirements, kind.catalogs);
  const unmet = unmetRequirement(cart, kind.requirements, demands);
  if (unmet) return { outcome: fail(unmet), gifts: [] };

  const skus = [...new Set(kind.gifts)];
  const gifts = skus.map((sku) => ({ sku, positions: namedLines(cart, [sku], kind.catalogs) }));
  const units: Units = { prices: cart.prices, rank: cart.rank, free: cart.free.slice() };
  const complete = isAdded ? none : completeSets(units, demands, gifts, limits);

  // What is left over meets the requirements some more times, and whatever gifts are there are given.
  const extraSets = mostSets(units, demands, limits.applications - complete.sets);
  const reserved = merged((unitsFor(units, demands, extraSets) ?? []).flat());
  for (const one of reserved) units.free[one.position]! -= one.units;
  const autoLeft = cart.unusedGifts.slice();
  const sets = complete.sets + extraSets;
  let usesLeft = limits.units - countOf(complete.given.flat());
  let givenExtra = 0;
  const own: UnitsOfLine[] = [];
  const auto: UnitsOfLine[] = [];
  const result: Gift[] = [];
  for (const [place, { sku, positions }] of gifts.entries()) {
    const ownBefore = complete.given[place] ?? [];
    const due = Math.min(sets - countOf(ownBefore), usesLeft);
    const quantity = countOf(ownBefore) + due;
    const more = takeUpTo(units.free, positions, due);
    const ownUnits = countOf(ownBefore) + countOf(more);
    const added = isAdded ? takeUpTo(autoLeft, positions, quantity - ownUnits) : [];
    own.push(...ownBefore, ...more);
    auto.push(...added);
    usesLeft -= due;
    givenExtra = Math.max(givenExtra, countOf(more) + countOf(added));
    result.push({
      promotionId: promotion.id,
      code,
      sku,
      quantity,
      discounted: ownUnits + countOf(added),
      autoQuantity: isAdded ? quantity - ownUnits : 0,
    });
  }
  if (own.length + auto.length === 0) {
    return { outcome: fail({ type: "gift_missing", skus, isAdded }), gifts: result };
  }
  for (const one of reserved) units.free[one.position]! += one.units;
  const givenFor = (unitsFor(units, demands, Math.min(givenExtra, extraSets)) ?? []).flat();
  const parts = merged([...own, ...auto]).map((one) => free(cart, one));
  const taken = merged([...complete.taken, ...own, ...givenFor]);
  return { outcome: ok({ parts, taken, gifts: merged(auto), base: priceOf(cart, parts) }), gifts: result };
}

/** Sets with the units of their requirements (`taken`), and by gift the units that are given (`given`). */
type CompleteSets = {
  readonly sets: number;
  readonly taken: readonly UnitsOfLine[];
  readonly given: readonly (readonly UnitsOfLine[])[];
};

const none: CompleteSets = { sets: 0, taken: [], given: [] };

/** As many sets as have their requirements and all gifts that are in the cart at all. Takes their units. */
function completeSets(
  units: Units,
  demands: Demands,
  gifts: readonly { readonly positions: readonly number[] }[],
  limits: ItemLimits,
): CompleteSets {
  const present: number[] = [];
  const giftDemands: Demand[] = [];
  for (const [place, { positions }] of gifts.entries()) {
    if (!positions.some((position) => units.free[position]! > 0)) continue;
    present.push(place);
    giftDemands.push({ positions, quantity: 1 });
  }
  if (present.length === 0) return none;
  const all = together(units, [...demands.each, ...giftDemands]);
  const limit = Math.min(limits.applications, Math.floor(limits.units / present.length));
  const sets = mostSets(units, all, limit);
  const found = unitsFor(units, all, sets) ?? [];
  for (const one of found.flat()) units.free[one.position]! -= one.units;
  const given: (readonly UnitsOfLine[])[] = gifts.map(() => []);
  for (const [place, gift] of present.entries()) given[gift] = found[demands.each.length + place] ?? [];
  return { sets, taken: found.slice(0, demands.each.length).flat(), given };
}

function takeUpTo(free: number[], positions: readonly number[], wanted: number): UnitsOfLine[] {
  const taken: UnitsOfLine[] = [];
  let left = wanted;
  for (const position of positions) {
    const units = Math.min(free[position]!, left);
    if (units <= 0) continue;
    free[position]! -= units;
    left -= units;
    taken.push({ position, units });
  }
  return taken;
}

function countOf(taken: readonly UnitsOfLine[]): number {
  return taken.reduce((sum, { units }) => sum + units, 0);
}

function free(cart: OpenCart, { position, units }: UnitsOfLine): UnitsDiscount {
  return { position, units, amount: cart.prices[position]! * units };
}
