import { type Product, priceIn } from "../catalog/product.ts";
import type { Gift } from "../promotions/gift-discount.ts";
import { copyOf } from "./add-item.ts";
import type { Cart, CartItem, ProductItem } from "./cart.ts";

/** A product that may be put in as a gift, and the id of its line. */
export type GiftProduct = { readonly product: Product; readonly itemId: string };

/** How many pieces of each SKU the engine is to keep in the cart as gifts. */
export function wantedGifts(gifts: readonly Gift[]): ReadonlyMap<string, number> {
  const wanted = new Map<string, number>();
  for (const { sku, autoQuantity } of gifts) {
    if (autoQuantity > 0) wanted.set(sku, (wanted.get(sku) ?? 0) + autoQuantity);
  }
  return wanted;
}

/** SKUs of gifts that no line of the cart holds yet. */
export function missingGifts(cart: Cart, wanted: ReadonlyMap<string, number>): string[] {
  return [...wanted.keys()].filter((sku) => !cart.items.some((item) => isGiftOf(item, sku)));
}

/**
 * The cart with exactly the gifts that are wanted: in lines of their own, so that what the shopper put in stays as it
 * is. A gift that is no product on sale, or has no price in the cart's currency, is not put in. The very same cart when
 * nothing is to be changed.
 */
export function withGifts(
  cart: Cart,
  wanted: ReadonlyMap<string, number>,
  products: ReadonlyMap<string, GiftProduct>,
  now: string,
): Cart {
  let changed = false;
  const items: CartItem[] = [];
  const seen = new Set<string>();
  for (const item of cart.items) {
    if (item.kind !== "product" || !item.isGift) {
      items.push(item);
      continue;
    }
    const quantity = seen.has(item.sku) ? 0 : (wanted.get(item.sku) ?? 0);
    seen.add(item.sku);
    if (quantity !== item.quantity) changed = true;
    if (quantity > 0) items.push(quantity === item.quantity ? item : { ...item, quantity, updatedAt: now });
  }
  for (const [sku, quantity] of wanted) {
    if (seen.has(sku)) continue;
    const line = newGift(cart.currency, products.get(sku), quantity, now);
    if (!line) continue;
    changed = true;
    items.push(line);
  }
  if (!changed) return cart;
  if (items.length > 0) return { ...cart, items };
  const { currency: _currency, ...rest } = cart;
  return { ...rest, items };
}

function newGift(
  currency: string | undefined,
  gift: GiftProduct | undefined,
  quantity: number,
  now: string,
): ProductItem | undefined {
  if (currency === undefined || !gift || gift.product.isBase || gift.product.status !== "live")
    return undefined;
  const price = priceIn(gift.product, currency);
  if (!price) return undefined;
  const { itemId: id, product } = gift;
  return {
    id,
    ...copyOf(product, price),
    quantity,
    taxes: [],
    isGift: true,
    createdAt: now,
    updatedAt: now,
  };
}

function isGiftOf(item: CartItem, sku: string): boolean {
  return item.kind === "product" && item.isGift === true && item.sku === sku;
}
