import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { availableOf, type StockLevel, stockDelta, stockDemands } from "./stock.ts";

const line = fc.record({
  productId: fc.option(fc.constantFrom("a", "b", "c", "d"), { nil: undefined }),
  quantity: fc.integer({ min: 1, max: 100 }),
});
const lines = fc.array(
  line.map(({ productId, quantity }) => ({ quantity, ...(productId !== undefined && { productId }) })),
);

describe("E4 what lines take from stock", () => {
  test("is summed for each product, sorted, and no more than its lines", () => {
    expect(
      stockDemands([
        { productId: "b", quantity: 2 },
        { quantity: 7 },
        { productId: "a", quantity: 1 },
        { productId: "b", quantity: 3 },
      ]),
    ).toEqual([
      { productId: "a", location: "", quantity: 1 },
      { productId: "b", location: "", quantity: 5 },
    ]);
    expect(stockDemands([])).toEqual([]);
  });

  test("E5 names every product once, in one order for everybody, whatever the order of the lines", () => {
    fc.assert(
      fc.property(lines, lines, (some, others) => {
        const demands = stockDemands([...some, ...others]);
        expect(stockDemands([...others, ...some].toReversed())).toEqual(demands);
        const ids = demands.map(({ productId }) => productId);
        expect(ids).toEqual([...new Set(ids)].toSorted());
        const counted = [...some, ...others].filter(({ productId }) => productId !== undefined);
        const sum = (parts: readonly { quantity: number }[]) =>
          parts.reduce((total, { quantity }) => total + quantity, 0);
        expect(sum(demands)).toBe(sum(counted));
      }),
    );
  });
});

describe("F4 how the numbers move", () => {
  const moved = (
    level: StockLevel,
    action: Parameters<typeof stockDelta>[0],
    quantity: number,
  ): StockLevel => {
    const delta = stockDelta(action, quantity);
    return { total: level.total + delta.total, allocated: level.allocated + delta.allocated };
  };

  test("allocating and giving back, adding and taking out are exact inverses", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (total, allocated, quantity) => {
        const level = { total, allocated };
        expect(moved(moved(level, "allocate", quantity), "deallocate", quantity)).toEqual(level);
        expect(moved(moved(level, "increment", quantity), "decrement", quantity)).toEqual(level);
        expect(moved({ total: 0, allocated: 0 }, "create", quantity)).toEqual({
          total: quantity,
          allocated: 0,
        });
      }),
    );
  });

  test("shipping takes allocated pieces out and leaves what others may buy", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (total, allocated, quantity) => {
        const level = { total, allocated };
        const held = moved(level, "allocate", quantity);
        const shipped = moved(held, "fulfil", quantity);
        expect(availableOf(shipped)).toBe(availableOf(held));
        expect(shipped).toEqual(moved(level, "decrement", quantity));
      }),
    );
  });
});
