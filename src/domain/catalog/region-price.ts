import type { Price, Product } from "./product.ts";

/** For whom a price is looked up: a currency (upper case), and perhaps a region and how many pieces. */
export type PricePlace = {
  readonly currency: string;
  readonly regionId?: string;
  /** Absent: prices for certain numbers of pieces do not count. */
  readonly quantity?: number;
};

/**
 * What a product costs in a region: `original` is its plain price, where the region's own goes before the currency's;
 * `calculated` is the lowest of all prices that hold for the place and the quantity, and what is paid. Undefined where it
 * has none. (Medusa: the price selection of variants.)
 */
export function regionPriceOf(
  { prices }: Pick<Product, "prices">,
  { currency, regionId, quantity }: PricePlace,
): { readonly original: Price | undefined; readonly calculated: Price | undefined } {
  const here = prices.filter((price) =>
    price.regionId === undefined ? price.currency === currency : price.regionId === regionId,
  );
  const plain = here.filter((price) => holdsFor(price, undefined));
  const original = plain.find((price) => price.regionId !== undefined) ?? plain[0];
  let calculated: Price | undefined;
  for (const price of here.filter((candidate) => holdsFor(candidate, quantity))) {
    if (!calculated || price.amount < calculated.amount) calculated = price;
  }
  return { original, calculated };
}

function holdsFor({ minQuantity, maxQuantity }: Price, quantity: number | undefined): boolean {
  if (minQuantity === undefined && maxQuantity === undefined) return true;
  if (quantity === undefined) return false;
  return (minQuantity ?? 0) <= quantity && quantity <= (maxQuantity ?? Number.POSITIVE_INFINITY);
}
