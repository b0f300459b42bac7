import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate, MAX_AMOUNT, MAX_TOTAL, multiplyRatio } from "./money.ts";

const runs = { numRuns: 3000 };
const anyAmount = fc.integer({ min: -MAX_TOTAL, max: MAX_TOTAL });
const weights = (min = 1) =>
  fc.array(fc.oneof(fc.nat({ max: 20 }), fc.integer({ min: 0, max: MAX_AMOUNT })), {
    minLength: min,
    maxLength: 40,
  });
const sumOf = (parts: readonly number[]) => parts.reduce((sum, part) => sum + part, 0);

describe("multiplyRatio", () => {
  test.each([
    [5, 1, 2, 3],
    [-5, 1, 2, -3],
    [4, 1, 3, 1],
    [-4, 1, 3, -1],
    [2499, 1075, 10_000, 269],
    [0, 7, 9, 0],
    [1, 0, 1, 0],
    [MAX_TOTAL, 1, 1, MAX_TOTAL],
    [MAX_AMOUNT, 825_000_000_001, 1_000_000_000_000, 825_000_000_000],
  ])("%i * %i / %i is %i", (amount, numerator, denominator, expected) => {
    expect(multiplyRatio(amount, numerator, denominator)).toBe(expected);
  });

  test("rounds half away from zero exactly, also where the product leaves the safe integers", () => {
    const ratio = fc.integer({ min: 0, max: 10 ** 13 });
    fc.assert(
      fc.property(
        anyAmount,
        ratio,
        fc.integer({ min: 1, max: 10 ** 13 }),
        (amount, numerator, denominator) => {
          const twice = 2n * BigInt(Math.abs(amount)) * BigInt(numerator);
          const exact = (twice + BigInt(denominator)) / (2n * BigInt(denominator));
          fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER));
          const size = Number(exact);
          expect(multiplyRatio(amount, numerator, denominator)).toBe(amount < 0 ? 0 - size : size);
        },
      ),
      runs,
    );
  });

  test.each([
    [0.5, 1, 1],
    [Number.NaN, 1, 1],
    [1, -1, 1],
    [1, 1, 0],
    [2 ** 53, 1, 1],
    [MAX_TOTAL, 1000, 1],
  ])("throws for %d * %d / %d", (amount, numerator, denominator) => {
    expect(() => multiplyRatio(amount, numerator, denominator)).toThrow(RangeError);
  });
});

describe("allocate", () => {
  test("H2 10 over 3 is 4 + 3 + 3", () => {
    expect(allocate(10, [1, 1, 1])).toEqual([4, 3, 3]);
  });

  test.each<[number, number[], number[]]>([
    [-10, [1, 1, 1], [-4, -3, -3]],
    [100, [1, 2], [33, 67]],
    [5, [3, 3, 4], [2, 1, 2]],
    [7, [0, 0], [4, 3]],
    [7, [0, 5, 0], [0, 7, 0]],
    [0, [1, 2], [0, 0]],
    [1, [1, 1, 1, 1], [1, 0, 0, 0]],
    [0, [], []],
  ])("%i by %j is %j", (total, by, expected) => {
    expect(allocate(total, by)).toEqual(expected);
  });

  test("H2 parts always add up, are the same each time, and are negated for a negative total", () => {
    fc.assert(
      fc.property(anyAmount, weights(), (total, by) => {
        const parts = allocate(total, by);
        expect(sumOf(parts)).toBe(total);
        expect(allocate(total, by)).toEqual(parts);
        expect(allocate(0 - total, by)).toEqual(parts.map((part) => 0 - part));
        expect(parts.some((part) => Object.is(part, -0))).toBe(false);
      }),
      runs,
    );
  });

  test("each part is its exact share rounded up or down, and a larger weight never gets less", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_TOTAL }), weights(), (total, by) => {
        const sum = sumOf(by);
        fc.pre(sum > 0);
        const parts = allocate(total, by);
        for (const [index, weight] of by.entries()) {
          const below = Number((BigInt(total) * BigInt(weight)) / BigInt(sum));
          expect([below, below + 1]).toContain(parts[index]);
          if (weight === 0) expect(parts[index]).toBe(0);
        }
        const byWeight = by.map((_, index) => index).sort((a, b) => by[a]! - by[b]!);
        for (const [rank, index] of byWeight.entries()) {
          const lighter = byWeight[rank - 1];
          if (lighter === undefined) continue;
          if (by[lighter]! < by[index]!) expect(parts[index]).toBeGreaterThanOrEqual(parts[lighter]!);
          // Equal weights keep their order in the sort, so the earlier part is never the smaller one.
          else expect(parts[lighter]).toBeGreaterThanOrEqual(parts[index]!);
        }
      }),
      runs,
    );
  });

  test("G4 no part is larger than its weight while the total is not larger than their sum", () => {
    const scenario = weights().chain((by) =>
      fc.tuple(fc.constant(by), fc.integer({ min: 0, max: sumOf(by) })),
    );
    fc.assert(
      fc.property(scenario, ([by, total]) => {
        for (const [index, part] of allocate(total, by).entries()) {
          expect(part).toBeLessThanOrEqual(by[index]!);
        }
      }),
      runs,
    );
  });

  test.each<[number, number[]]>([
    [1, []],
    [0.5, [1]],
    [1, [-1, 2]],
    [1, [0.5]],
    [1, [Number.MAX_SAFE_INTEGER, 1]],
  ])("throws for %d by %j", (total, by) => {
    expect(() => allocate(total, by)).toThrow(RangeError);
  });
});
