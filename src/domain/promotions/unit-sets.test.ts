import fc from "fast-check";
import { expect, test } from "vitest";
import { type Demand, mostSets, priceOf, savingSets, together, unitsFor } from "./unit-sets.ts";

type Stock = { readonly price: number; readonly free: number };

/** Lines as given, which must be dearest first. */
const cartOf = (stock: readonly Stock[]) => ({
  prices: stock.map(({ price }) => price),
  free: stock.map(({ free }) => free),
  rank: stock.map((_, position) => position),
});

const demand = (quantity: number, ...positions: number[]): Demand => ({ positions, quantity });

/** Every way to give the demands their units, one unit at a time: the dearest price for each number of sets. */
function dearestBySets(stock: readonly Stock[], demands: readonly Demand[]): number[] {
  const best: number[] = [0];
  const seats = (sets: number) =>
    demands.flatMap(({ positions, quantity }) =>
      new Array<readonly number[]>(quantity * sets).fill(positions),
    );
  for (let sets = 1; ; sets++) {
    let top = -1;
    const left = stock.map(({ free }) => free);
    const all = seats(sets);
    const fill = (seat: number, price: number) => {
      if (seat === all.length) {
        top = Math.max(top, price);
        return;
      }
      for (const position of all[seat]!) {
        if (left[position]! === 0) continue;
        left[position]! -= 1;
        fill(seat + 1, price + stock[position]!.price);
        left[position]! += 1;
      }
    };
    fill(0, 0);
    if (top < 0) return best;
    best.push(top);
  }
}

const anyCase = fc
  .record({
    stock: fc.array(fc.record({ price: fc.nat({ max: 9 }), free: fc.nat({ max: 2 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    masks: fc.array(fc.record({ mask: fc.nat({ max: 15 }), quantity: fc.integer({ min: 1, max: 2 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    amount: fc.nat({ max: 30 }),
  })
  .map(({ stock, masks, amount }) => {
    const dearestFirst = stock.toSorted((a, b) => b.price - a.price);
    const demands = masks.map(({ mask, quantity }) => ({
      quantity,
      positions: dearestFirst.flatMap((_, position) => (mask & (1 << position) ? [position] : [])),
    }));
    return { stock: dearestFirst, demands, amount };
  });

test("sets that share lines are the most there can be, of the dearest units, and save the most", () => {
  fc.assert(
    fc.property(anyCase, ({ stock, demands: each, amount }) => {
      const cart = cartOf(stock);
      const demands = together(cart, each);
      const dearest = dearestBySets(stock, each);
      const most = dearest.length - 1;
      expect(mostSets(cart, demands, Infinity)).toBe(most);
      expect(mostSets(cart, demands, 1)).toBe(Math.min(most, 1));
      for (const [sets, price] of dearest.entries()) {
        const found = unitsFor(cart, demands, sets)!;
        expect(priceOf(cart, found.flat())).toBe(price);
        for (const [place, ofDemand] of found.entries()) {
          expect(ofDemand.reduce((sum, { units }) => sum + units, 0)).toBe(each[place]!.quantity * sets);
          for (const { position } of ofDemand) expect(each[place]!.positions).toContain(position);
        }
      }
      expect(unitsFor(cart, demands, most + 1)).toBeUndefined();
      const { sets, taken } = savingSets(cart, demands, Infinity, amount);
      const savings = dearest.map((price, count) => price - count * amount);
      expect(priceOf(cart, taken) - sets * amount).toBe(Math.max(...savings));
      expect(new Set(taken.map(({ position }) => position)).size).toBe(taken.length);
      for (const { position, units } of taken) expect(units).toBeLessThanOrEqual(stock[position]!.free);
    }),
    { numRuns: 3000 },
  );
});

test("'one of A or B, and one of A' is met where taking the dearest first would fail", () => {
  const cart = cartOf([
    { price: 100, free: 1 },
    { price: 50, free: 1 },
  ]);
  expect(mostSets(cart, together(cart, [demand(1, 0, 1), demand(1, 0)]), Infinity)).toBe(1);
});

test("a million units are as few steps as ten", () => {
  const cart = cartOf([
    { price: 100, free: 1_000_000 },
    { price: 50, free: 1_000_000 },
  ]);
  const { sets, taken } = savingSets(cart, together(cart, [demand(3, 0, 1)]), Infinity, 200);
  // Three at 100 save 100, three at 50 cost more; the set with one of 100 and two of 50 costs the same.
  expect(sets).toBe(333_333);
  expect(taken).toEqual([{ position: 0, units: 999_999 }]);
  expect(mostSets(cart, together(cart, [demand(2, 0, 1), demand(1, 0)]), Infinity)).toBe(666_666);
});

test("nothing demanded is no set, and what is no quantity throws", () => {
  const cart = cartOf([{ price: 1, free: 1 }]);
  expect(mostSets(cart, together(cart, []), Infinity)).toBe(0);
  for (const quantity of [0, -1, 0.5]) {
    expect(() => together(cart, [demand(quantity, 0)])).toThrow(RangeError);
  }
});
