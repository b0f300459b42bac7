import type { Cart, CartItem } from "../cart/cart.ts";
import { priceableCart } from "../cart/priceable.ts";
import {
  type AmountTooLarge,
  type CalculationMethod,
  type PricedCart,
  priceCart,
} from "../pricing/price-cart.ts";
import { ok, type Result } from "../result.ts";
import type { AppliedPromotions } from "./applied-promotions.ts";
import { applyPromotions } from "./apply-promotions.ts";
import type { PromotableLine } from "./open-cart.ts";
import type { PromotionInPlay } from "./promotion-code.ts";

export type PricePromotedCart = {
  readonly cart: Cart;
  readonly promotions: readonly PromotionInPlay[];
  /** RFC 3339; for a preview cart the date that it looks at. */
  readonly now: string;
  readonly method: CalculationMethod;
  /** The catalog that products are sold from. */
  readonly catalogId: string;
  /** Ids and other names by which codes may know the shopper. */
  readonly shopper: readonly string[];
};

export type PromotedCart = { readonly promotions: AppliedPromotions; readonly priced: PricedCart };

/** Applies promotions to a cart and prices it with them, from nothing each time. */
export function pricePromotedCart(input: PricePromotedCart): Result<PromotedCart, AmountTooLarge> {
  const { items, currency } = input.cart;
  const { method, now, shopper } = input;
  const promotions =
    input.promotions.length === 0 || currency === undefined
      ? nothing
      : applyPromotions({
          lines: items.map((item) => promotable(item, input.catalogId)),
          currency,
          promotions: input.promotions,
          now,
          method,
          shopper,
        });
  const { lineDiscounts, cartDiscounts } = promotions;
  const priceable = priceableCart(input.cart, method);
  const lines =
    lineDiscounts.size === 0
      ? priceable.lines
      : priceable.lines.map((line) => {
          const own = lineDiscounts.get(line.id);
          if (!own) return line;
          const { id, quantity, unitAmount, includesTax, taxes, discounts } = line;
          return {
            id,
            quantity,
            unitAmount,
            includesTax,
            taxes,
            discounts: discounts ? [...own, ...discounts] : own,
          };
        });
  const priced = priceCart({
    ...priceable,
    lines,
    cartDiscounts: [...cartDiscounts, ...(priceable.cartDiscounts ?? [])],
  });
  return priced.ok ? ok({ promotions, priced: priced.value }) : priced;
}

const nothing: AppliedPromotions = {
  lineDiscounts: new Map(),
  cartDiscounts: [],
  applied: [],
  refused: [],
  gifts: [],
};

// Built member by member: spreading a hundred objects takes longer than applying a promotion to them.
function promotable(item: CartItem, catalogId: string): PromotableLine {
  const { id, sku, quantity, unitAmount } = item;
  const line: { -readonly [Member in keyof PromotableLine]: PromotableLine[Member] } = {
    id,
    sku,
    quantity,
    unitAmount,
  };
  if (item.customInputs) line.inputs = JSON.stringify(item.customInputs);
  if (item.kind === "custom") return line;
  line.productId = item.productId;
  line.catalogId = catalogId;
  if (item.isGift) line.giftQuantity = quantity;
  if (item.nodes) line.nodes = item.nodes;
  if (item.attributes) line.attributes = item.attributes;
  return line;
}
