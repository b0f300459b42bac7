/** So many pieces of a product at a location ("" is the product's common stock). */
export type StockDemand = {
  readonly productId: string;
  readonly location: string;
  readonly quantity: number;
};

/** The three numbers of one stock row; available is what is not allocated. */
export type StockLevel = { readonly total: number; readonly allocated: number };

export function availableOf(level: StockLevel): number {
  return level.total - level.allocated;
}

/**
 * Every way in which the numbers move. `fulfil` takes allocated pieces out of the warehouse, `unfulfil` puts them back
 * to where they were, `restock` puts returned pieces in.
 */
export type StockAction =
  | "create"
  | "increment"
  | "decrement"
  | "allocate"
  | "deallocate"
  | "set"
  | "fulfil"
  | "unfulfil"
  | "restock"
  | "delete";

/** How one action moves the numbers. */
export function stockDelta(
  action: Exclude<StockAction, "set" | "delete">,
  quantity: number,
): { total: number; allocated: number } {
  switch (action) {
    case "create":
    case "restock":
    case "increment":
      return { total: quantity, allocated: 0 };
    case "decrement":
      return { total: -quantity, allocated: 0 };
    case "allocate":
      return { total: 0, allocated: quantity };
    case "deallocate":
      return { total: 0, allocated: -quantity };
    case "fulfil":
      return { total: -quantity, allocated: -quantity };
    case "unfulfil":
      return { total: quantity, allocated: quantity };
  }
}

/** Largest count of one stock row. */
export const MAX_STOCK = 1_000_000_000;

type StockedLine = { readonly productId?: string; readonly quantity: number };

/**
 * What a set of lines takes from stock: summed per product, since the same product may stand on several lines, and
 * sorted, so that everybody locks rows in the same order. Whether a product is counted is asked where its stock is:
 * it may have changed since the line was made. A line's location says where to take it from and promises nothing.
 */
export function stockDemands(lines: readonly StockedLine[]): StockDemand[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    if (productId !== undefined) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, location: "", quantity }))
    .sort((a, b) => compare(a.productId, b.productId));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Ids of the products that were counted when their lines were made. */
export function countedProducts(
  lines: readonly (StockedLine & { readonly manageStock: boolean })[],
): ReadonlySet<string> {
  return new Set(lines.flatMap(({ productId, manageStock }) => (manageStock ? (productId ?? []) : [])));
}

/** What is left of `held` without `pieces`; there are never more of these. */
export function withoutPieces(
  held: readonly StockDemand[],
  pieces: readonly StockDemand[],
): readonly StockDemand[] {
  return held
    .map((demand) => ({ ...demand, quantity: demand.quantity - quantityOf(pieces, demand) }))
    .filter(({ quantity }) => quantity > 0);
}

/** `held` with `pieces`, one row for each product and location, in the order in which everybody locks them. */
export function withPieces(
  held: readonly StockDemand[],
  pieces: readonly StockDemand[],
): readonly StockDemand[] {
  const added = held.map((demand) => ({ ...demand, quantity: demand.quantity + quantityOf(pieces, demand) }));
  const others = pieces.filter((piece) => quantityOf(held, piece) === 0);
  return [...added, ...others].sort(
    (a, b) => compare(a.productId, b.productId) || compare(a.location, b.location),
  );
}

function quantityOf(demands: readonly StockDemand[], { productId, location }: StockDemand): number {
  const found = demands.find((demand) => demand.productId === productId && demand.location === location);
  return found?.quantity ?? 0;
}
