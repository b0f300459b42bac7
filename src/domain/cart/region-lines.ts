import { type CountedProduct, variantTitle } from "../catalog/family.ts";
import type { Price } from "../catalog/product.ts";
import { regionPriceOf } from "../catalog/region-price.ts";
import type { MinorUnits } from "../money.ts";
import { isTaxInside } from "../region/product-tax.ts";
import type { Region } from "../region/region.ts";
import { fail, ok, type Result } from "../result.ts";
import { sameInputs } from "./add-item.ts";
import {
  type Cart,
  type CartItem,
  type CartRules,
  MAX_QUANTITY,
  type ProductItem,
  withItems,
} from "./cart.ts";
import type { CartRefusal } from "./refusals.ts";
import { groupOf, limitOf, type RegionGoods } from "./region-goods.ts";
import type { RegionPart } from "./region-part.ts";

/** A cart that is sold in a region. */
export type RegionCart = Cart & { readonly region: RegionPart };

/** Why a line of a region's cart is refused. */
export type RegionLineRefusal =
  | Extract<
      CartRefusal,
      {
        type:
          | "price_missing"
          | "insufficient_stock"
          | "cart_full"
          | "quantity_too_large"
          | "cart_item_not_found";
      }
    >
  | { readonly type: "variant_unknown"; readonly variantId: string }
  | { readonly type: "quantity_missing" }
  | { readonly type: "not_in_channel"; readonly titles: readonly string[] };

export type AddRegionLine = {
  readonly itemId: string;
  readonly variantId: string;
  readonly quantity: number;
  /** What the shopper or the shop wrote on it. Lines with other words are other lines. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Goes on a line of its own, whatever else is in the cart. */
  readonly isApart?: true;
  /** What the shop asks for a piece, in minor units without tax; absent: what the catalog says. */
  readonly unitPrice?: MinorUnits;
};

/** What it takes to put things into a cart of a region. */
export type LinePlace = { readonly region: Region; readonly goods: RegionGoods; readonly rules: CartRules };

/**
 * Puts a variant into a cart, on the line that it is on already where the shopper wrote the same on it. The price is that
 * for the line's whole quantity. (Medusa: create line item.)
 */
export function addRegionLine(
  cart: RegionCart,
  { itemId, variantId, quantity, metadata, isApart, unitPrice }: AddRegionLine,
  { region, goods, rules }: LinePlace,
  now: string,
): Result<RegionCart, RegionLineRefusal> {
  if (quantity < 1) return fail({ type: "quantity_missing" });
  const variant = goods.variants.get(variantId);
  const group = groupOf(goods, variantId);
  if (!variant || !group || variant.product.isBase) return fail({ type: "variant_unknown", variantId });
  const channel = cart.region.salesChannelId;
  if (channel !== undefined && group.channelIds && !group.channelIds.includes(channel)) {
    return fail({ type: "not_in_channel", titles: [group.name] });
  }
  const written = metadata ?? {};
  const before = cart.items.find(
    (item): item is ProductItem =>
      !isApart &&
      item.kind === "product" &&
      item.productId === variantId &&
      !item.isGift &&
      item.shippingGroupId === undefined &&
      sameInputs(item.customInputs, written),
  );
  const wanted = (before?.quantity ?? 0) + quantity;
  const allowed = checkQuantity(cart, variant, wanted, before?.id);
  if (!allowed.ok) return allowed;
  const price = priceFor(variant, region, wanted);
  if (!price && unitPrice === undefined) return fail(noPrice(variant, region));
  const costs =
    price && unitPrice === undefined
      ? priced(price, region)
      : { unitAmount: unitPrice ?? 0, includesTax: false };
  if (before) return ok(changed(cart, { ...before, quantity: wanted, ...costs, updatedAt: now }, rules, now));
  if (cart.items.length >= rules.maxItems) return fail({ type: "cart_full", limit: rules.maxItems });
  const { product } = variant;
  const image = product.images[0] ?? group.images[0];
  const item: ProductItem = {
    id: itemId,
    kind: "product",
    productId: product.id,
    name: group.name,
    sku: product.sku,
    slug: product.slug,
    description: variantTitle(product),
    ...(image && { image }),
    quantity,
    ...costs,
    taxes: [],
    manageStock: product.manageStock,
    productUpdatedAt: product.updatedAt,
    ...(Object.keys(written).length > 0 && { customInputs: written }),
    createdAt: now,
    updatedAt: now,
  };
  return ok(withLines(cart, [...cart.items, item], rules, now));
}

/** Changes how many pieces a line has, and adds to what is written on it; 0 pieces take it away. */
export function updateRegionLine(
  cart: RegionCart,
  input: {
    readonly itemId: string;
    readonly quantity: number;
    readonly metadata?: Readonly<Record<string, unknown>>;
  },
  { region, goods, rules }: LinePlace,
  now: string,
): Result<RegionCart, RegionLineRefusal> {
  const item = cart.items.find(({ id }) => id === input.itemId);
  if (!item) return fail({ type: "cart_item_not_found", itemIds: [input.itemId] });
  const { quantity } = input;
  if (quantity < 1) return ok(removeRegionLine(cart, item.id, rules, now));
  const customInputs = input.metadata ? { ...item.customInputs, ...input.metadata } : item.customInputs;
  const next = { ...item, quantity, ...(customInputs && { customInputs }), updatedAt: now };
  if (quantity > MAX_QUANTITY) return fail({ type: "quantity_too_large", limit: MAX_QUANTITY });
  const variant = item.kind === "product" ? goods.variants.get(item.productId) : undefined;
  // What is gone from the catalog, or never was in it, keeps its price.
  if (!variant) return ok(changed(cart, next, rules, now));
  const allowed = checkQuantity(cart, variant, quantity, item.id);
  if (!allowed.ok) return allowed;
  const price = priceFor(variant, region, quantity);
  return ok(changed(cart, { ...next, ...(price && priced(price, region)) }, rules, now));
}

/** Takes a line away; one that is not there is no error. */
export function removeRegionLine(
  cart: RegionCart,
  itemId: string,
  rules: CartRules,
  now: string,
): RegionCart {
  const items = cart.items.filter(({ id }) => id !== itemId);
  return items.length === cart.items.length ? cart : withLines(cart, items, rules, now);
}

/**
 * The cart with other lines. Its shipping methods go: whether they may still be chosen depends on what is in the cart.
 * (Medusa: since 1.14.)
 */
function withLines(cart: RegionCart, items: readonly CartItem[], rules: CartRules, now: string): RegionCart {
  const next = withItems({ ...cart, region: { ...cart.region, shippingMethods: [] } }, items, rules, now);
  return {
    ...next,
    region: { ...cart.region, shippingMethods: [] },
    ...(cart.currency !== undefined && { currency: cart.currency }),
  };
}

function changed(cart: RegionCart, item: CartItem, rules: CartRules, now: string): RegionCart {
  return withLines(
    cart,
    cart.items.map((other) => (other.id === item.id ? item : other)),
    rules,
    now,
  );
}

/** Whether so many pieces can be promised, those of other lines of the same variant counted in. */
function checkQuantity(
  cart: Cart,
  variant: CountedProduct,
  wanted: number,
  lineId: string | undefined,
): Result<void, RegionLineRefusal> {
  if (wanted > MAX_QUANTITY) return fail({ type: "quantity_too_large", limit: MAX_QUANTITY });
  const { product } = variant;
  const others = cart.items.reduce(
    (sum, item) =>
      item.kind === "product" && item.productId === product.id && item.id !== lineId
        ? sum + item.quantity
        : sum,
    0,
  );
  const limit = limitOf(variant);
  if (limit === undefined || wanted + others <= limit) return ok(undefined);
  return fail({ type: "insufficient_stock", productId: product.id, sku: product.sku, name: product.name });
}

/** What a variant costs in the region when so many are bought. */
export function priceFor(variant: CountedProduct, region: Region, quantity: number): Price | undefined {
  return regionPriceOf(variant.product, { currency: region.currency, regionId: region.id, quantity })
    .calculated;
}

/** The members of a line that a price decides. */
export function priced(price: Price, region: Region): Pick<CartItem, "unitAmount" | "includesTax"> {
  return { unitAmount: price.amount, includesTax: isTaxInside(price, region) };
}

function noPrice({ product }: CountedProduct, region: Region): RegionLineRefusal {
  return { type: "price_missing", productId: product.id, sku: product.sku, currency: region.currency };
}
