import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StockDemand } from "../inventory/stock.ts";
import type { Fulfilment, Return } from "./fulfilment.ts";
import { afterRehold, heldByLine, reholdAt, takenFrom } from "./pieces-of-lines.ts";

const NOW = "2026-01-01T00:00:00.000Z";
const of = (location: string, quantity: number, productId = "p"): StockDemand => ({
  productId,
  location,
  quantity,
});
const sum = (pieces: readonly StockDemand[], location?: string) =>
  pieces.reduce(
    (all, one) => all + (location === undefined || one.location === location ? one.quantity : 0),
    0,
  );
const quantity = fc.integer({ min: 1, max: 9 });

describe("what an order holds at another place", () => {
  test("E1 it gives up as many elsewhere as it takes there, as far as it holds them", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("", "a", "b"), quantity), quantity, (places, wanted) => {
        const held = Object.entries(places)
          .map(([location, pieces]) => of(location, pieces))
          .sort((a, b) => (a.location < b.location ? -1 : 1));
        const rehold = reholdAt({ held }, [of("", wanted)], "b");
        const after = afterRehold({ held }, rehold);
        expect(sum(after, "b")).toBe(Math.max(sum(held, "b"), wanted));
        expect(rehold.instead.every(({ location }) => location !== "b")).toBe(true);
        const missing = Math.max(0, wanted - sum(held));
        expect(sum(after)).toBe(sum(held) + missing);
      }),
    );
  });
});

test("what is held is shown line by line, and not what is packed of a line already", () => {
  const line = (id: string, pieces: number, productId = "p") => ({ id, productId, quantity: pieces });
  const packed = { id: "f", items: [{ lineId: "x", quantity: 1 }] } as unknown as Fulfilment;
  const lines = [line("x", 3), { id: "fee", quantity: 1 }, line("y", 2), line("z", 1, "q")];
  const stock = { state: "allocated", held: [of("", 1), of("a", 3), of("a", 1, "q")] } as const;
  expect(heldByLine({ lines, stock, fulfilments: [packed] })).toEqual([
    { lineId: "x", ...of("", 1) },
    { lineId: "x", ...of("a", 1) },
    { lineId: "y", ...of("a", 2) },
    { lineId: "z", ...of("a", 1, "q") },
  ]);
});

describe("F4 where pieces that come back were taken from", () => {
  const fulfilment = (id: string, taken: StockDemand[], cancelledAt?: string) =>
    ({ id, taken, ...(cancelledAt !== undefined && { cancelledAt }) }) as unknown as Fulfilment;
  const cameBack = (restocked: StockDemand[]) => ({ restocked }) as unknown as Return;

  test("each place gets back what was taken from it, one return after the other", () => {
    const fulfilments = [
      fulfilment("f1", [of("", 1), of("a", 1)]),
      fulfilment("off", [of("", 5)], NOW),
      fulfilment("f2", [of("a", 1)]),
    ];
    const returns: Return[] = [];
    for (let round = 0; round < 3; round += 1) {
      returns.push(cameBack([...takenFrom({ fulfilments, returns }, [of("", 1)])]));
    }
    expect(returns.flatMap(({ restocked }) => restocked)).toEqual([of("", 1), of("a", 1), of("a", 1)]);
  });

  test("what was taken as a whole is known, too; what nobody noted goes to the common stock", () => {
    expect(takenFrom({ takenWhole: [of("a", 2)] }, [of("", 3)])).toEqual([of("", 1), of("a", 2)]);
    expect(takenFrom({}, [of("", 3)])).toEqual([of("", 3)]);
  });
});
