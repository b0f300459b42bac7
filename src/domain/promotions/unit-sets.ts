import type { MinorUnits } from "../money.ts";
import type { OpenCart } from "./open-cart.ts";

/** `quantity` (>= 1) units for each set, out of these positions, which are in order of price, dearest first. */
export type Demand = { readonly positions: readonly number[]; readonly quantity: number };

/** Demands that are to be met together, prepared once by `together`. */
export type Demands = {
  readonly each: readonly Demand[];
  /** Where lines are in several demands: all lines, dearest first, and which demands each is in. */
  readonly shared:
    | { readonly positions: readonly number[]; readonly demandsOf: readonly (readonly number[])[] }
    | undefined;
};

/** Units of one line; `units` >= 1. */
export type UnitsOfLine = { readonly position: number; readonly units: number };

/** What of a cart is needed for that. */
export type Units = Pick<OpenCart, "prices" | "free" | "rank">;

/** Units that no item promotion has taken. */
export function freeUnits(cart: Units, positions: readonly number[]): number {
  let units = 0;
  for (const position of positions) units += cart.free[position]!;
  return units;
}

/**
 * The demands of one set. A line may be in several ("two of A, and one of A or B"). Throws a RangeError for a
 * quantity that is not whole or below 1.
 */
export function together(cart: Pick<Units, "rank">, each: readonly Demand[]): Demands {
  const demandsOf = new Map<number, number[]>();
  let lines = 0;
  for (const [demand, { positions, quantity }] of each.entries()) {
    if (!(Number.isInteger(quantity) && quantity >= 1)) throw new RangeError(`not a quantity: ${quantity}`);
    if (each.length === 1) break;
    lines += positions.length;
    for (const position of positions) {
      const known = demandsOf.get(position);
      if (known) known.push(demand);
      else demandsOf.set(position, [demand]);
    }
  }
  if (demandsOf.size === lines) return { each, shared: undefined };
  const positions = [...demandsOf.keys()].sort((a, b) => cart.rank[a]! - cart.rank[b]!);
  return { each, shared: { positions, demandsOf: positions.map((position) => demandsOf.get(position)!) } };
}

/** Price of these units. */
export function priceOf(cart: Units, taken: readonly UnitsOfLine[]): MinorUnits {
  let price = 0;
  for (const { position, units } of taken) price += cart.prices[position]! * units;
  return price;
}

/**
 * How many sets, at most `limit`, can be made so that every demand gets its units and no unit serves two. 0 when
 * nothing is demanded.
 */
export function mostSets(cart: Units, demands: Demands, limit: number): number {
  if (demands.each.length === 0) return 0;
  let most = limit;
  for (const { positions, quantity } of demands.each) {
    most = Math.min(most, Math.floor(freeUnits(cart, positions) / quantity));
  }
  if (most < 1) return 0;
  return demands.shared ? largest(most, (sets) => unitsFor(cart, demands, sets) !== undefined) : most;
}

/**
 * As many sets as lower the price, at most `limit`, when each set is sold for `amount`; the dearest units first.
 * More sets add ever cheaper units, so the first set that would not lower the price is the end.
 */
export function savingSets(
  cart: Units,
  demands: Demands,
  limit: number,
  amount: MinorUnits,
): { readonly sets: number; readonly taken: readonly UnitsOfLine[] } {
  const priceOfSets = (sets: number) => priceOf(cart, (unitsFor(cart, demands, sets) ?? []).flat());
  const most = mostSets(cart, demands, limit);
  const sets = largest(most, (count) => priceOfSets(count) - priceOfSets(count - 1) > amount);
  return { sets, taken: merged((unitsFor(cart, demands, sets) ?? []).flat()) };
}

/** The dearest units that give each demand its units for that many sets, by demand; undefined: there are too few. */
export function unitsFor(
  cart: Units,
  { each, shared }: Demands,
  sets: number,
): readonly (readonly UnitsOfLine[])[] | undefined {
  if (shared) return sharedUnitsFor(cart, each, shared, sets);
  const taken: UnitsOfLine[][] = [];
  for (const { positions, quantity } of each) {
    const ofDemand: UnitsOfLine[] = [];
    let needed = quantity * sets;
    for (const position of positions) {
      if (needed === 0) break;
      const units = Math.min(cart.free[position]!, needed);
      if (units > 0) ofDemand.push({ position, units });
      needed -= units;
    }
    if (needed > 0) return undefined;
    taken.push(ofDemand);
  }
  return taken;
}

/** Each line once, dearest first within the order given. */
export function merged(taken: readonly UnitsOfLine[]): readonly UnitsOfLine[] {
  const units = new Map<number, number>();
  for (const one of taken) units.set(one.position, (units.get(one.position) ?? 0) + one.units);
  return units.size === taken.length
    ? taken
    : [...units].map(([position, count]) => ({ position, units: count }));
}

/**
 * The same where demands share lines. Lines come dearest first, and each gives as many units as it can, if need be by
 * making another line move over to another demand (augmenting paths). Whatever can be served together forms a
 * matroid, so this greedy choice is the dearest of all.
 */
function sharedUnitsFor(
  cart: Units,
  each: readonly Demand[],
  { positions, demandsOf }: NonNullable<Demands["shared"]>,
  sets: number,
): readonly (readonly UnitsOfLine[])[] | undefined {
  const flow: Flow = {
    demandsOf,
    needed: each.map(({ quantity }) => quantity * sets),
    given: each.map(() => new Array<number>(positions.length).fill(0)),
  };
  let missing = flow.needed.reduce((sum, units) => sum + units, 0);
  for (let line = 0; line < positions.length && missing > 0; line++) {
    let left = cart.free[positions[line]!]!;
    while (left > 0 && missing > 0) {
      const moved = giveUnits(flow, line, left);
      if (moved === 0) break;
      left -= moved;
      missing -= moved;
    }
  }
  if (missing > 0) return undefined;
  return flow.given.map((ofDemand) => {
    const taken: UnitsOfLine[] = [];
    for (let line = 0; line < ofDemand.length; line++) {
      const units = ofDemand[line]!;
      if (units > 0) taken.push({ position: positions[line]!, units });
    }
    return taken;
  });
}

/** Which lines give how many units to which demand, while it is being worked out. Lines by their place. */
type Flow = {
  readonly demandsOf: readonly (readonly number[])[];
  /** By demand. */
  readonly needed: number[];
  /** By demand and line. */
  readonly given: readonly number[][];
};

/** How a demand is reached: the line that comes to it, and the demand that the line leaves (undefined: it is new). */
type Step = { readonly line: number; readonly from: number | undefined };

/**
 * Gives units of a line to a demand that still needs some: to its own, or along the shortest chain of lines moving
 * from one demand to another. Returns how many, 0 when there is no such chain.
 */
function giveUnits(flow: Flow, line: number, left: number): number {
  const { demandsOf, needed, given } = flow;
  for (const demand of demandsOf[line]!) {
    if (needed[demand] === 0) continue;
    const units = Math.min(left, needed[demand]!);
    needed[demand]! -= units;
    given[demand]![line]! += units;
    return units;
  }
  const steps = new Map<number, Step>();
  for (const demand of demandsOf[line]!) steps.set(demand, { line, from: undefined });
  // A map may grow while it is walked, which makes it the queue of a breadth-first search.
  for (const end of steps.keys()) {
    if (needed[end]! > 0) return giveAlong(flow, steps, end, left);
    const ofDemand = given[end]!;
    for (let other = 0; other < ofDemand.length; other++) {
      if (ofDemand[other] === 0) continue;
      for (const demand of demandsOf[other]!) {
        if (!steps.has(demand)) steps.set(demand, { line: other, from: end });
      }
    }
  }
  return 0;
}

function giveAlong(
  { needed, given }: Flow,
  steps: ReadonlyMap<number, Step>,
  end: number,
  left: number,
): number {
  let units = Math.min(left, needed[end]!);
  for (let step = steps.get(end)!; step.from !== undefined; step = steps.get(step.from)!) {
    units = Math.min(units, given[step.from]![step.line]!);
  }
  needed[end]! -= units;
  for (let demand: number | undefined = end; demand !== undefined; ) {
    const { line, from }: Step = steps.get(demand)!;
    given[demand]![line]! += units;
    if (from !== undefined) given[from]![line]! -= units;
    demand = from;
  }
  return units;
}

/** The largest count up to `most` that holds, where whatever holds for a count holds for smaller ones; else 0. */
function largest(most: number, holds: (count: number) => boolean): number {
  if (most < 1 || holds(most)) return most;
  let low = 0;
  let high = most - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
