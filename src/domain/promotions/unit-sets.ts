import type { MinorUnits } from "../money.ts";
import type { OpenCart } from "./open-cart.ts";

/** `quantity` (>= 1) units for each set, out of these positions, which are in order of price, dearest first. */
export type Demand = { readonly positions: readonly number[]; readonly quantity: number };

/** Units of one line; `units` >= 1. */
export type UnitsOfLine = { readonly position: number; readonly units: number };

/** What a cart is needed for here. */
type Units = Pick<OpenCart, "prices" | "free" | "rank">;

/** Units that no item promotion has taken. */
export function freeUnits(cart: Units, positions: readonly number[]): number {
  let units = 0;
  for (const position of positions) units += cart.free[position]!;
  return units;
}

/** Price of these units. */
export function priceOf(cart: Units, taken: readonly UnitsOfLine[]): MinorUnits {
  let price = 0;
  for (const { position, units } of taken) price += cart.prices[position]! * units;
  return price;
}

/**
 * How many sets, at most `limit`, can be made so that every demand gets its units and no unit serves two. A line may
 * be in several demands ("two of A, and one of A or B"). 0 when nothing is demanded.
 */
export function mostSets(cart: Units, demands: readonly Demand[], limit: number): number {
  if (demands.length === 0) return 0;
  let most = limit;
  for (const { positions, quantity } of demands) {
    if (!(Number.isInteger(quantity) && quantity >= 1)) throw new RangeError(`not a quantity: ${quantity}`);
    most = Math.min(most, Math.floor(freeUnits(cart, positions) / quantity));
  }
  if (most < 1) return 0;
  if (!doOverlap(demands)) return most;
  return largest(most, (sets) => unitsFor(cart, demands, sets) !== undefined);
}

/**
 * As many sets as lower the price, at most `limit`, when each set is sold for `amount`; the dearest units first.
 * More sets add ever cheaper units, so the first set that would not lower the price is the end.
 */
export function savingSets(
  cart: Units,
  demands: readonly Demand[],
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
  demands: readonly Demand[],
  sets: number,
): readonly (readonly UnitsOfLine[])[] | undefined {
  if (doOverlap(demands)) return sharedUnitsFor(cart, demands, sets);
  const taken: UnitsOfLine[][] = [];
  for (const { positions, quantity } of demands) {
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
function sharedUnitsFor(cart: Units, demands: readonly Demand[], sets: number) {
  const needed = demands.map(({ quantity }) => quantity * sets);
  const given = demands.map(() => new Map<number, number>());
  const demandsOf = new Map<number, number[]>();
  for (const [demand, { positions }] of demands.entries()) {
    for (const position of positions) {
      const known = demandsOf.get(position);
      if (known) known.push(demand);
      else demandsOf.set(position, [demand]);
    }
  }
  const positions = [...demandsOf.keys()].sort((a, b) => cart.rank[a]! - cart.rank[b]!);
  for (const position of positions) {
    let left = cart.free[position]!;
    while (left > 0) {
      const moved = moveOver(position, left, needed, given, demandsOf);
      if (moved === 0) break;
      left -= moved;
    }
  }
  if (needed.some((units) => units > 0)) return undefined;
  return given.map((ofDemand) =>
    [...ofDemand].flatMap(([position, units]) => (units > 0 ? [{ position, units }] : [])),
  );
}

/**
 * Gives units of a line to a demand that still needs some, along the shortest chain of lines moving from one demand
 * to another. Returns how many, 0 when there is no such chain.
 */
function moveOver(
  line: number,
  left: number,
  needed: number[],
  given: readonly Map<number, number>[],
  demandsOf: ReadonlyMap<number, readonly number[]>,
): number {
  /** By demand: which line comes to it, and from which demand (undefined: it is the new line). */
  const cameBy = new Map<number, { readonly line: number; readonly from: number | undefined }>();
  const queue: number[] = [];
  const visit = (demand: number, by: number, from: number | undefined) => {
    if (cameBy.has(demand)) return;
    cameBy.set(demand, { line: by, from });
    queue.push(demand);
  };
  for (const demand of demandsOf.get(line)!) visit(demand, line, undefined);
  for (let next = 0; next < queue.length; next++) {
    const end = queue[next]!;
    if (needed[end]! > 0) return moveAlong(end, Math.min(left, needed[end]!), needed, given, cameBy);
    for (const [other, units] of given[end]!) {
      if (units > 0) for (const demand of demandsOf.get(other)!) visit(demand, other, end);
    }
  }
  return 0;
}

function moveAlong(
  end: number,
  wanted: number,
  needed: number[],
  given: readonly Map<number, number>[],
  cameBy: ReadonlyMap<number, { readonly line: number; readonly from: number | undefined }>,
): number {
  let units = wanted;
  for (let step = cameBy.get(end)!; step.from !== undefined; step = cameBy.get(step.from)!) {
    units = Math.min(units, given[step.from]!.get(step.line)!);
  }
  needed[end]! -= units;
  let demand: number | undefined = end;
  while (demand !== undefined) {
    const { line, from }: { line: number; from: number | undefined } = cameBy.get(demand)!;
    given[demand]!.set(line, (given[demand]!.get(line) ?? 0) + units);
    if (from !== undefined) given[from]!.set(line, given[from]!.get(line)! - units);
    demand = from;
  }
  return units;
}

function doOverlap(demands: readonly Demand[]): boolean {
  if (demands.length < 2) return false;
  const seen = new Set<number>();
  for (const { positions } of demands) {
    for (const position of positions) {
      if (seen.has(position)) return true;
      seen.add(position);
    }
  }
  return false;
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
