import type { Cart, CartItem } from "../cart/cart.ts";
import { priceableCart } from "../cart/priceable.ts";
import { attachedGroups } from "../cart/shipping-groups.ts";
import {
  type AmountTooLarge,
  type CalculationMethod,
  type PricedCart,
  priceCart,
} from "../pricing/price-cart.ts";
import type { ShippingCharge } from "../pricing/shipping.ts";
import { ok, type Result } from "../result.ts";
import {
  type AppliedRulePromotions,
  shippingDiscountOf,
} from "../rule-promotions/applied-rule-promotions.ts";
import { applyRulePromotions } from "../rule-promotions/apply-rule-promotions.ts";
import { remainingAfter } from "../rule-promotions/rule-cart.ts";
import type { RulePromotionInPlay, RuleShopper } from "../rule-promotions/rule-code.ts";
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
  /** Rule promotions that come after these; absent: none. */
  readonly rules?: {
    readonly promotions: readonly RulePromotionInPlay[];
    readonly shopper: RuleShopper;
    /** Ids of the tags of the account that the cart belongs to. */
    readonly accountTags: readonly string[];
  };
};

export type PromotedCart = {
  readonly promotions: AppliedPromotions;
  readonly rules: AppliedRulePromotions;
  readonly priced: PricedCart;
};

/** Applies promotions and then rule promotions to a cart and prices it with them, from nothing each time. */
export function pricePromotedCart(input: PricePromotedCart): Result<PromotedCart, AmountTooLarge> {
  const { items, currency } = input.cart;
  const { method, now, shopper } = input;
  const promotable = () => items.map((item) => promotableLine(item, input.catalogId));
  const promotions =
    input.promotions.length === 0 || currency === undefined
      ? nothing
      : applyPromotions({
          lines: promotable(),
          currency,
          promotions: input.promotions,
          now,
          method,
          shopper,
        });
  const rules =
    !input.rules || input.rules.promotions.length === 0 || currency === undefined
      ? noRules
      : applyRules(input, input.rules, promotable(), currency, promotions);
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
    method: priceable.method,
    lines,
    cartDiscounts: [...cartDiscounts, ...(priceable.cartDiscounts ?? [])],
    ruleDiscounts: rules.discounts,
    ...(priceable.shipping && { shipping: withShippingDiscounts(priceable.shipping, rules) }),
  });
  return priced.ok ? ok({ promotions, rules, priced: priced.value }) : priced;
}

function applyRules(
  { cart, method, now }: PricePromotedCart,
  { promotions, shopper, accountTags }: NonNullable<PricePromotedCart["rules"]>,
  lines: readonly PromotableLine[],
  currency: string,
  standard: AppliedPromotions,
): AppliedRulePromotions {
  return applyRulePromotions({
    lines,
    remaining: remainingAfter(lines, standard),
    shipments: attachedGroups(cart).map(({ id, shippingType, price }) => ({
      id,
      type: shippingType ?? "",
      base: price.base,
      discount: price.discount,
    })),
    currency,
    method,
    customAttributes: cart.customAttributes,
    accountTags,
    shopper,
    now,
    promotions,
  });
}

/** Charges with what rule promotions take off them on top of what was taken off before. */
function withShippingDiscounts(
  charges: readonly ShippingCharge[],
  { shippingDiscounts }: AppliedRulePromotions,
): readonly ShippingCharge[] {
  if (shippingDiscounts.length === 0) return charges;
  return charges.map((charge) => ({
    ...charge,
    discount: shippingDiscountOf(charge.id, charge.discount ?? 0, shippingDiscounts),
  }));
}

const nothing: AppliedPromotions = {
  lineDiscounts: new Map(),
  cartDiscounts: [],
  applied: [],
  refused: [],
  gifts: [],
};

const noRules: AppliedRulePromotions = { discounts: [], shippingDiscounts: [], applied: [], refused: [] };

// Built member by member: spreading a hundred objects takes longer than applying a promotion to them.
function promotableLine(item: CartItem, catalogId: string): PromotableLine {
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
