import { type Product, priceIn } from "../catalog/product.ts";
import type { MinorUnits } from "../money.ts";
import type { Cart, CartItem, ProductItem } from "./cart.ts";

/** A line whose product has another price now, in minor units for one piece. */
export type PriceChange = {
  readonly itemId: string;
  readonly sku: string;
  readonly name: string;
  readonly from: MinorUnits;
  readonly to: MinorUnits;
};

export type RefreshedCart = {
  /** With today's prices; the very same cart when nothing is different. */
  readonly cart: Cart;
  readonly fallen: readonly PriceChange[];
  readonly risen: readonly PriceChange[];
  /** Lines of products that are not sold any more, or not in the cart's currency. Their prices stay. */
  readonly gone: readonly ProductItem[];
};

/**
 * Compares lines with their products as they are now. `products` holds those that are there of `looked`, the ids of
 * products that were looked at; the lines of others stay as they are.
 */
export function refreshPrices(
  cart: Cart,
  looked: ReadonlySet<string>,
  products: ReadonlyMap<string, Product>,
): RefreshedCart {
  const fallen: PriceChange[] = [];
  const risen: PriceChange[] = [];
  const gone: ProductItem[] = [];
  const items = cart.items.map((item): CartItem => {
    if (item.kind !== "product" || !looked.has(item.productId)) return item;
    const product = products.get(item.productId);
    const price = product && cart.currency !== undefined ? priceIn(product, cart.currency) : undefined;
    if (product?.status !== "live" || !price) {
      gone.push(item);
      return item;
    }
    if (price.amount === item.unitAmount && price.includesTax === item.includesTax) return item;
    const { id: itemId, sku, name, unitAmount: from } = item;
    const change = { itemId, sku, name, from, to: price.amount };
    // A price that now comes without its tax is no lower than it was, whatever its number.
    const isRise = price.amount > from || (item.includesTax && !price.includesTax);
    (isRise ? risen : fallen).push(change);
    return {
      ...item,
      unitAmount: price.amount,
      includesTax: price.includesTax,
      productUpdatedAt: product.updatedAt,
    };
  });
  const isSame = fallen.length === 0 && risen.length === 0;
  return { cart: isSame ? cart : { ...cart, items }, fallen, risen, gone };
}

/** Ids of products that are not as they were when their line was priced: by `changedAt`, or because they are gone. */
export function productsToLookAt(cart: Cart, changedAt: ReadonlyMap<string, string>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const item of cart.items) {
    if (item.kind !== "product") continue;
    const changed = changedAt.get(item.productId);
    const seen = item.productUpdatedAt;
    // Two writings of one moment are the same; an engine's clock is not asked.
    const isSame = changed !== undefined && seen !== undefined && Date.parse(changed) === Date.parse(seen);
    if (!isSame) ids.add(item.productId);
  }
  return ids;
}
