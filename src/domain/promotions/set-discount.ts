import { fail, ok } from "../result.ts";
import { type ItemLimits, type ItemOutcome, sharedByPrice, type UnitsDiscount } from "./item-discount.ts";
import { type OpenCart, productKey } from "./open-cart.ts";
import { inCurrency, type PromotionKind, type Requirement } from "./promotion.ts";
import type { RefusedReason } from "./refused-reason.ts";
import { itemLines, namedLines } from "./select-lines.ts";
import {
  type Demands,
  freeUnits,
  merged,
  mostSets,
  priceOf,
  savingSets,
  together,
  type UnitsOfLine,
  unitsFor,
} from "./unit-sets.ts";

type SetsOfOne = Extract<PromotionKind, { readonly type: "x_for_y" | "x_for_amount" }>;
type Bundle = Extract<PromotionKind, { readonly type: "bundle_fixed_discount" }>;
type Saving = { readonly sets: number; readonly taken: readonly UnitsOfLine[]; readonly saving: number };

/**
 * x units of one product for the price of y of them, or for an amount, as often as the units reach. Sets are made of
 * units with the same custom inputs (Elastic Path: add a promotion to a cart).
 */
export function discountSetsOfOne(cart: OpenCart, kind: SetsOfOne, limits: ItemLimits): ItemOutcome {
  const { positions, hasExcluded } = itemLines(cart, kind.scope);
  if (positions.length === 0) return fail({ type: "nothing_eligible", hasExcluded });
  if (limits.units < kind.x) return fail({ type: "code_uses_too_few", required: kind.x, left: limits.units });

  const setsOf = new Map<string, number>();
  const parts: UnitsDiscount[] = [];
  let unitsLeft = limits.units;
  for (const [group, product] of groups(cart, positions)) {
    const sold = setsOf.get(product) ?? 0;
    const most = Math.min(limits.applications - sold, Math.floor(unitsLeft / kind.x));
    const { sets, taken, saving } = savingOn(cart, kind, group, most);
    if (saving === 0) continue;
    setsOf.set(product, sold + sets);
    unitsLeft -= sets * kind.x;
    parts.push(...sharedByPrice(cart, taken, saving));
  }
  if (parts.length > 0) return ok({ parts, taken: parts, base: priceOf(cart, parts) });
  return fail(whyNoSet(cart, kind.x, positions));
}

function savingOn(cart: OpenCart, kind: SetsOfOne, positions: readonly number[], most: number): Saving {
  const demands = together(cart, [{ positions, quantity: kind.x }]);
  if (kind.type === "x_for_amount") return fixedPriceSaving(cart, kind.amounts, demands, most);
  const sets = mostSets(cart, demands, most);
  const taken = (unitsFor(cart, demands, sets) ?? []).flat();
  // The cheapest of the units are the free ones.
  let free = sets * (kind.x - kind.y);
  let saving = 0;
  for (let place = taken.length - 1; place >= 0 && free > 0; place--) {
    const { position, units } = taken[place]!;
    const freed = Math.min(units, free);
    saving += cart.prices[position]! * freed;
    free -= freed;
  }
  return { sets, taken, saving };
}

/** All requirements together for an amount, as often as that lowers the price. The dearest units come first. */
export function discountBundles(cart: OpenCart, kind: Bundle, limits: ItemLimits): ItemOutcome {
  const demands = demandsOf(cart, kind.requirements, kind.catalogs);
  const unmet = unmetRequirement(cart, kind.requirements, demands);
  if (unmet) return fail(unmet);
  const units = demands.each.reduce((sum, { quantity }) => sum + quantity, 0);
  if (limits.units < units) return fail({ type: "code_uses_too_few", required: units, left: limits.units });
  const most = Math.min(limits.applications, Math.floor(limits.units / units));
  const { taken, saving } = fixedPriceSaving(cart, kind.amounts, demands, most);
  if (saving === 0) return fail({ type: "no_saving" });
  const parts = sharedByPrice(cart, taken, saving);
  return ok({ parts, taken, base: priceOf(cart, taken) });
}

/** What each requirement may be met with. */
export function demandsOf(
  cart: OpenCart,
  requirements: readonly Requirement[],
  catalogs: readonly string[] | undefined,
): Demands {
  const each = requirements.map(({ targets, quantity }) => ({
    positions: namedLines(cart, targets, catalogs),
    quantity,
  }));
  return together(cart, each);
}

/** Why not even one set can be made; undefined when one can. */
export function unmetRequirement(
  cart: OpenCart,
  requirements: readonly Requirement[],
  demands: Demands,
): RefusedReason | undefined {
  const { each } = demands;
  if (each.length === 0) return { type: "nothing_eligible", hasExcluded: false };
  if (mostSets(cart, demands, 1) === 1) return undefined;
  for (const [place, { positions, quantity }] of each.entries()) {
    const found = freeUnits(cart, positions);
    if (found >= quantity) continue;
    if (ownedUnits(cart, positions) >= quantity) return { type: "units_taken" };
    return { type: "units_missing", required: quantity, found, targets: requirements[place]!.targets };
  }
  // Each requirement could be met, but not all of them: they share units.
  const positions = [...new Set(each.flatMap((demand) => demand.positions))];
  return {
    type: "units_missing",
    required: each.reduce((sum, { quantity }) => sum + quantity, 0),
    found: freeUnits(cart, positions),
    targets: requirements.flatMap(({ targets }) => targets),
  };
}

function fixedPriceSaving(
  cart: OpenCart,
  amounts: Bundle["amounts"],
  demands: Demands,
  most: number,
): Saving {
  const amount = inCurrency(amounts, cart.currency)?.amount ?? Infinity;
  const { sets, taken } = savingSets(cart, demands, most, amount);
  return { sets, taken: merged(taken), saving: sets === 0 ? 0 : priceOf(cart, taken) - sets * amount };
}

/** Positions that sets may be made of, dearest first, each group with its product. */
function groups(cart: OpenCart, positions: readonly number[]): Iterable<readonly [number[], string]> {
  if (positions.length === 1) return [[[positions[0]!], ""]];
  const byKey = new Map<string, readonly [number[], string]>();
  for (const position of positions) {
    const line = cart.lines[position]!;
    const product = productKey(line);
    const key = line.inputs === undefined ? product : `${product} ${line.inputs}`;
    const group = byKey.get(key);
    if (group) group[0].push(position);
    else byKey.set(key, [[position], product]);
  }
  return byKey.values();
}

function whyNoSet(cart: OpenCart, x: number, positions: readonly number[]): RefusedReason {
  let free = 0;
  let owned = 0;
  for (const [group] of groups(cart, positions)) {
    free = Math.max(free, freeUnits(cart, group));
    owned = Math.max(owned, ownedUnits(cart, group));
  }
  if (free >= x) return { type: "no_saving" };
  return owned >= x ? { type: "units_taken" } : { type: "units_missing", required: x, found: free };
}

function ownedUnits(cart: OpenCart, positions: readonly number[]): number {
  let units = 0;
  for (const position of positions) units += cart.owned[position]!;
  return units;
}
