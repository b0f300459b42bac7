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

/** Every way in which the numbers move. `fulfil` takes allocated pieces out of the warehouse. */
export type StockAction =
  | "create"
  | "increment"
  | "decrement"
  | "allocate"
  | "deallocate"
  | "set"
  | "fulfil"
  | "delete";

/** How one action moves the numbers. */
export function stockDelta(
  action: Exclude<StockAction, "set" | "delete">,
  quantity: number,
): { total: number; allocated: number } {
  switch (action) {
    case "create":
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
  }
}

/** Largest count of one stock row. */
export const MAX_STOCK = 1_000_000_000;

type StockedLine = {
  readonly productId?: string;
  readonly manageStock: boolean;
  readonly location?: string;
  readonly quantity: number;
};

/**
 * What a set of lines takes from stock: summed per product and location, since the same product may stand on several
 * lines, and sorted, so that everybody locks rows in the same order.
 */
export function stockDemands(lines: readonly StockedLine[]): StockDemand[] {
  const demands = new Map<string, StockDemand>();
  for (const line of lines) {
    if (line.productId === undefined || !line.manageStock) continue;
    const location = line.location ?? "";
    const key = `${line.productId}\n${location}`;
    const quantity = (demands.get(key)?.quantity ?? 0) + line.quantity;
    demands.set(key, { productId: line.productId, location, quantity });
  }
  return [...demands.values()].sort(
    (a, b) => compare(a.productId, b.productId) || compare(a.location, b.location),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
