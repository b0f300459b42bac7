import { allocate, type MinorUnits } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import { type OpenCart, productKey } from "./open-cart.ts";
import { percentOf } from "./percent.ts";
import { inCurrency, type PromotionKind } from "./promotion.ts";
import type { RefusedReason } from "./refused-reason.ts";
import { itemLines } from "./select-lines.ts";
import { freeUnits, priceOf, type UnitsOfLine } from "./unit-sets.ts";

/** An item promotion's share on one line: `amount` (>= 0) comes off `units` of it together. */
export type UnitsDiscount = UnitsOfLine & { readonly amount: MinorUnits };

/** What an item promotion does to a cart, before its largest amount is looked at. */
export type ItemDiscount = {
  /** Dearest line first, each line once. */
  readonly parts: readonly UnitsDiscount[];
  /** Units that no other item promotion may use any more: those of `parts`, and what a gift was given for. */
  readonly taken: readonly UnitsOfLine[];
  /** Units put in as gifts that are free now; they are in `parts` too. */
  readonly gifts?: readonly UnitsOfLine[];
  /** Price of the discounted units, of which the discount is a part. */
  readonly base: MinorUnits;
};

export type ItemOutcome = Result<ItemDiscount, RefusedReason>;

/** How far an item promotion may go; Infinity: as far as it can. */
export type ItemLimits = {
  /** Units or sets for each product, sets for bundles and gifts. */
  readonly applications: number;
  /** Uses left of a code that is used up by the unit. */
  readonly units: number;
};

type KindOf<Type extends PromotionKind["type"]> = Extract<PromotionKind, { readonly type: Type }>;

/**
 * An amount or a share off each unit. The share of a line's units is rounded once, not unit by unit. A unit is
 * never discounted below 0.
 */
export function discountEachUnit(
  cart: OpenCart,
  kind: KindOf<"item_fixed_discount" | "item_percent_discount">,
  limits: ItemLimits,
): ItemOutcome {
  const { positions, hasExcluded } = itemLines(cart, kind.scope);
  if (positions.length === 0) return fail({ type: "nothing_eligible", hasExcluded });
  if (freeUnits(cart, positions) === 0) return fail({ type: "units_taken" });

  const usedOf = new Map<string, number>();
  const parts: UnitsDiscount[] = [];
  let unitsLeft = limits.units;
  for (const position of positions) {
    if (unitsLeft === 0) break;
    const key = limits.applications < Infinity ? productKey(cart.lines[position]!) : "";
    const used = usedOf.get(key) ?? 0;
    const units = Math.min(cart.free[position]!, unitsLeft, limits.applications - used);
    const amount = units > 0 ? offUnits(cart, kind, cart.prices[position]!, units) : 0;
    if (amount === 0) continue;
    if (key !== "") usedOf.set(key, used + units);
    unitsLeft -= units;
    parts.push({ position, units, amount });
  }
  if (parts.length === 0) return fail({ type: "no_saving" });
  return ok({ parts, taken: parts, base: priceOf(cart, parts) });
}

function offUnits(
  cart: OpenCart,
  kind: KindOf<"item_fixed_discount" | "item_percent_discount">,
  price: MinorUnits,
  units: number,
): MinorUnits {
  if (kind.type === "item_percent_discount") {
    return Math.min(percentOf(price * units, kind.percent), price * units);
  }
  const amount = inCurrency(kind.amounts, cart.currency)?.amount ?? 0;
  return Math.min(amount, price) * units;
}

/** The saving on these units shared by price, largest remainder first: 50 on 150 and 100 is 30 and 20. */
export function sharedByPrice(
  cart: OpenCart,
  taken: readonly UnitsOfLine[],
  saving: MinorUnits,
): readonly UnitsDiscount[] {
  const amounts = allocate(
    saving,
    taken.map(({ position, units }) => cart.prices[position]! * units),
  );
  return taken.map(({ position, units }, place) => ({ position, units, amount: amounts[place]! }));
}

/** The same discount with at most `most` off in all, shared by what each line would have had. */
export function capped(discount: ItemDiscount, most: MinorUnits): ItemDiscount {
  const wanted = discount.parts.map(({ amount }) => amount);
  if (wanted.reduce((sum, amount) => sum + amount, 0) <= most) return discount;
  const amounts = allocate(most, wanted);
  return { ...discount, parts: discount.parts.map((part, place) => ({ ...part, amount: amounts[place]! })) };
}
