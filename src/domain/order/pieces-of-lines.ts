import { type StockDemand, stockDemands, withoutPieces, withPieces } from "../inventory/stock.ts";
import { fulfilledOf, type LinePieces } from "./fulfilment.ts";
import type { Order, OrderStock } from "./order.ts";

/** Pieces that an order holds somewhere, as pieces of one of its lines. */
export type HeldPieces = LinePieces & Pick<StockDemand, "productId" | "location">;

/** What the order gives up and what it holds in its place, so that it can be taken from where somebody wants it. */
export type Rehold = { readonly instead: readonly StockDemand[]; readonly demands: readonly StockDemand[] };

type Lines = Pick<Order, "lines">;

type Holding = Pick<Order, "stock" | "fulfilments" | "fulfilledAt"> & {
  readonly lines: readonly Pick<Order["lines"][number], "id" | "productId" | "quantity">[];
};

/** Pieces of lines by product; those of a line without one are nobody's stock. */
export function wantedOf({ lines }: Lines, items: readonly LinePieces[]): StockDemand[] {
  return stockDemands(
    items.map(({ lineId, quantity }) => {
      const productId = lines.find(({ id }) => id === lineId)?.productId;
      return { quantity, ...(productId !== undefined && { productId }) };
    }),
  );
}

/** As many of `wanted` as are among `pieces`, the first ones first, wherever they are. */
export function pickedFrom(
  pieces: readonly StockDemand[],
  wanted: readonly Pick<StockDemand, "productId" | "quantity">[],
): StockDemand[] {
  const picked: StockDemand[] = [];
  for (const { productId, quantity } of wanted) {
    let left = quantity;
    for (const piece of pieces) {
      if (piece.productId !== productId || left === 0) continue;
      const taken = Math.min(left, piece.quantity);
      picked.push({ ...piece, quantity: taken });
      left -= taken;
    }
  }
  return picked;
}

/**
 * What has to be held anew before all of `wanted` can be taken from `location`: the order gives up as many pieces that it
 * holds at other places, as far as it holds them.
 */
export function reholdAt(
  { held }: Pick<OrderStock, "held">,
  wanted: readonly StockDemand[],
  location: string,
): Rehold {
  const demands = withoutPieces(
    wanted.map((demand) => ({ ...demand, location })),
    held.filter((piece) => piece.location === location),
  );
  const elsewhere = held.filter((piece) => piece.location !== location);
  return { instead: pickedFrom(elsewhere, demands), demands };
}

/** What an order holds once it has done so. */
export function afterRehold(
  { held }: Pick<OrderStock, "held">,
  { instead, demands }: Rehold,
): readonly StockDemand[] {
  return withPieces(withoutPieces(held, instead), demands);
}

/** What an order holds, line by line: each has what is still to be packed of it, as far as that goes. */
export function heldByLine(order: Holding): HeldPieces[] {
  let left: readonly StockDemand[] = order.stock.held;
  return order.lines.flatMap((line) => {
    const { id: lineId, productId } = line;
    if (productId === undefined) return [];
    const open = line.quantity - fulfilledOf(order, line);
    const picked = pickedFrom(left, [{ productId, quantity: open }]);
    left = withoutPieces(left, picked);
    return picked.map(({ location, quantity }) => ({ lineId, productId, location, quantity }));
  });
}

/**
 * Where pieces that come back were taken from: the places of the fulfilments, those first that were packed first, less
 * what came back to them already. What nobody noted goes to the common stock.
 */
export function takenFrom(
  { fulfilments = [], returns = [], takenWhole = [] }: Pick<Order, "fulfilments" | "returns" | "takenWhole">,
  wanted: readonly StockDemand[],
): readonly StockDemand[] {
  const standing = fulfilments.filter(({ cancelledAt }) => cancelledAt === undefined);
  const merged = (some: readonly (readonly StockDemand[])[]): readonly StockDemand[] =>
    some.reduce((all, one) => withPieces(all, one), []);
  const taken = merged([...standing.map((fulfilment) => fulfilment.taken), takenWhole]);
  const restocked = merged(returns.map((goods) => goods.restocked ?? []));
  const picked = pickedFrom(withoutPieces(taken, restocked), wanted);
  const known = picked.map((piece) => ({ ...piece, location: "" }));
  const rest = withoutPieces(wanted, merged(known.map((piece) => [piece])));
  return withPieces(picked, rest);
}
