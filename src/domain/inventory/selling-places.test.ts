import { describe, expect, test } from "vitest";
import type { SalesChannel } from "../region/region.ts";
import { commonPlace, piecesFrom, placesOf, placesOfAny } from "./selling-places.ts";
import type { StockLocation } from "./stock-location.ts";

const at = { createdAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-01T00:00:00.000Z" };
const aChannel = (id: string, locationIds: string[], isDefault = false): SalesChannel => ({
  id,
  name: id,
  isDisabled: false,
  isDefault,
  locationIds,
  ...at,
});
const aLocation = (id: string, isCommon = false): StockLocation => ({ id, name: id, isCommon, ...at });

const setup = {
  stockLocations: [aLocation("berlin", true), aLocation("paris"), aLocation("rome")],
  salesChannels: [
    aChannel("web", ["paris", "berlin"], true),
    aChannel("shop", ["rome", "gone"]),
    aChannel("bare", []),
  ],
};

describe("where a channel sells from", () => {
  test("its locations in their order, the common stock by its own name, and no location that is gone", () => {
    expect(placesOf(setup, "web")).toEqual({ keys: ["paris", ""], areChosen: true });
    expect(placesOf(setup, "shop")).toEqual({ keys: ["rome"], areChosen: true });
  });

  test("the common stock where it has no locations, or there is no channel", () => {
    for (const id of ["bare", "unknown", undefined]) expect(placesOf(setup, id)).toEqual(commonPlace);
  });

  test("several channels together; the default one where none is named", () => {
    expect(placesOfAny(setup, [])).toEqual(placesOf(setup, "web"));
    expect(placesOfAny(setup, ["shop", "web"])).toEqual({ keys: ["rome", "paris", ""], areChosen: true });
    expect(placesOfAny(setup, ["shop", "bare"])).toEqual({ keys: ["rome", ""], areChosen: false });
    expect(placesOfAny({ ...setup, salesChannels: [] }, [])).toEqual(commonPlace);
  });
});

test("E7 what can be sold is what the places have together; what nobody counts has no limit", () => {
  const places = placesOf(setup, "web");
  expect(piecesFrom(places, { "": 3, paris: 2, rome: 9 })).toBe(5);
  expect(piecesFrom(places, { paris: 0 })).toBe(0);
  expect(piecesFrom(places, {})).toBeUndefined();
  // Counted, but not here: a channel's own places have none of it, and the common stock does not look elsewhere.
  expect(piecesFrom(places, { rome: 9 })).toBe(0);
  expect(piecesFrom(commonPlace, { rome: 9 })).toBeUndefined();
});
