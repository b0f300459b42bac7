import type { SalesChannel } from "../region/region.ts";
import { type StockLocation, stockKeyOf } from "./stock-location.ts";

/** Where goods are sold from. */
export type SellingPlaces = {
  /** Names of stock rows, in the order in which they are drawn on; at least one. */
  readonly keys: readonly string[];
  /** They were chosen for a sales channel: what is counted at other places only is not for sale here. */
  readonly areChosen: boolean;
};

/** Pieces of a product that no order holds, by the name of their place; absent: it is not counted there. */
export type PiecesAt = Readonly<Record<string, number>>;

/** Where everything is sold from that no sales channel has places for. */
export const commonPlace: SellingPlaces = { keys: [""], areChosen: false };

type Setup = {
  readonly salesChannels: readonly SalesChannel[];
  readonly stockLocations: readonly StockLocation[];
};

/** Where a sales channel sells from: its locations in the order in which it was given them, else the common stock. */
export function placesOf({ salesChannels, stockLocations }: Setup, channelId?: string): SellingPlaces {
  const channel = salesChannels.find(({ id }) => id === channelId);
  const keys = (channel?.locationIds ?? []).flatMap((locationId) => {
    const location = stockLocations.find(({ id }) => id === locationId);
    return location ? [stockKeyOf(location)] : [];
  });
  return keys.length === 0 ? commonPlace : { keys: [...new Set(keys)], areChosen: true };
}

/** Where several sales channels sell from, taken together; the default one where none is named. */
export function placesOfAny(setup: Setup, channelIds: readonly string[]): SellingPlaces {
  const ids =
    channelIds.length > 0
      ? channelIds
      : setup.salesChannels.filter(({ isDefault }) => isDefault).map(({ id }) => id);
  const all = ids.map((id) => placesOf(setup, id));
  if (all.length === 0) return commonPlace;
  return {
    keys: [...new Set(all.flatMap(({ keys }) => keys))],
    areChosen: all.every(({ areChosen }) => areChosen),
  };
}

/** Pieces that can be sold from these places; undefined where nobody counts them. */
export function piecesFrom(places: SellingPlaces, pieces: PiecesAt): number | undefined {
  const counted = places.keys.flatMap((key) => pieces[key] ?? []);
  if (counted.length > 0) return counted.reduce((sum, one) => sum + one, 0);
  return places.areChosen && Object.keys(pieces).length > 0 ? 0 : undefined;
}
