import type { Cart } from "../domain/cart/cart.ts";
import { type GiftProduct, missingGifts, wantedGifts, withGifts } from "../domain/cart/gifts.ts";
import type { CartRefusal } from "../domain/cart/refusals.ts";
import { type PromotedCart, pricePromotedCart } from "../domain/promotions/price-promoted-cart.ts";
import { automaticCode, type PromotionInPlay } from "../domain/promotions/promotion-code.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { RulePromotionInPlay } from "../domain/rule-promotions/rule-code.ts";
import type { PromotionMessage } from "../domain/rule-promotions/rule-messages.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { EnteredCode } from "./ports/promotions.ts";
import { amountTooLarge } from "./price-cart.ts";
import { ruleShopper, rulesFor } from "./rules-in-play.ts";

/** A cart with everything that its price comes from. */
export type Quote = PromotedCart & {
  /** With the gifts that are due in it, and without those that are not. */
  readonly cart: Cart;
  /** The promotions that were looked at. */
  readonly inPlay: readonly PromotionInPlay[];
  readonly rulesInPlay: readonly RulePromotionInPlay[];
  /** What a change of the cart did to its rule promotions; absent where nothing was changed. */
  readonly changes?: readonly PromotionMessage[];
  /** Of gifts that were put in now: pieces that can be promised; a product that nobody counts is absent. */
  readonly giftStock: ReadonlyMap<string, number>;
};

/** By what names promotion codes may know who buys, besides what the cart says. */
export type Buyer = { readonly customerId?: string; readonly email?: string };

/**
 * Prices a cart with the promotions of the store and of its codes, and settles its gifts. It takes no statement unless
 * the cart has codes, one more where it takes rule promotions too, and one more when a gift is put in.
 */
export async function quoteCart(
  deps: Deps,
  context: Context,
  cart: Cart,
  now: string,
  buyer: Buyer = {},
): Promise<Result<Quote, CartRefusal>> {
  const entered = await enteredCodes(deps, context, cart.codes ?? [], now);
  const rules = await rulesFor(deps, context, cart, now, buyer);
  return settled(deps, context, cart, { inPlay: playFor(context, cart, entered), rules }, now, buyer);
}

/**
 * Prices many carts with one look at all their codes; codes of rule promotions are looked at cart by cart, as what they
 * are depends on the shopper. A cart whose amounts are too large is left out.
 */
export async function quoteCarts(
  deps: Deps,
  context: Context,
  carts: readonly Cart[],
  now: string,
): Promise<Quote[]> {
  const codes = [...new Set(carts.flatMap((cart) => cart.codes ?? []))];
  const entered = await enteredCodes(deps, context, codes, now);
  const quotes: Quote[] = [];
  for (const cart of carts) {
    const own = entered.filter(({ code }) => cart.codes?.includes(code.code));
    const rules = await rulesFor(deps, context, cart, now);
    const quote = await settled(deps, context, cart, { inPlay: playFor(context, cart, own), rules }, now, {});
    if (quote.ok) quotes.push(quote.value);
  }
  return quotes;
}

/** Those of the codes that the store knows; no statement when there are none. */
export async function enteredCodes(
  deps: Deps,
  { store }: Context,
  codes: readonly string[],
  now: string,
): Promise<readonly EnteredCode[]> {
  return codes.length === 0 ? [] : deps.storage.promotions.entered(store.storeId, codes, now);
}

/** The promotions that may apply to the cart. One with discounts of an outside engine has none. */
export function playFor(
  { store }: Context,
  cart: Pick<Cart, "discountSettings">,
  entered: readonly EnteredCode[],
): readonly PromotionInPlay[] {
  if (cart.discountSettings.customDiscountsEnabled) return [];
  const automatic = store.automaticPromotions.map((promotion) => ({
    promotion,
    code: automaticCode(promotion),
  }));
  return automatic.length === 0 ? entered : [...automatic, ...entered];
}

/** The ids and other names by which codes may know the shopper. */
export function shopperNames({ actor }: Context, cart: Cart, buyer: Buyer = {}): readonly string[] {
  const { customerId, accountId, contactEmail } = cart;
  const names = [
    actor.customerId,
    actor.accountId,
    actor.accountMemberId,
    customerId,
    accountId,
    contactEmail,
  ];
  return [...names, buyer.customerId, buyer.email].filter((name) => name !== undefined);
}

type Play = {
  readonly inPlay: readonly PromotionInPlay[];
  readonly rules: readonly RulePromotionInPlay[];
};

async function settled(
  deps: Deps,
  context: Context,
  cart: Cart,
  { inPlay, rules }: Play,
  now: string,
  buyer: Buyer,
): Promise<Result<Quote, CartRefusal>> {
  const { storeId, settings } = context.store;
  const products = new Map<string, GiftProduct>();
  const giftStock = new Map<string, number>();
  const shopper = shopperNames(context, cart, buyer);
  let current = cart;
  // Each round puts in gifts that the one before has found; a gift earns no other, so few are needed.
  for (let round = 0; ; round += 1) {
    const promoted = pricePromotedCart({
      cart: current,
      promotions: inPlay,
      now: cart.snapshotDate ?? now,
      method: settings.calculationMethod,
      catalogId: storeId,
      shopper,
      // Accounts have no tags yet.
      rules: { promotions: rules, shopper: ruleShopper(context, cart, shopper, buyer), accountTags: [] },
    });
    if (!promoted.ok) return fail(amountTooLarge(promoted.error));
    const wanted = wantedGifts(promoted.value.promotions.gifts);
    const missing = missingGifts(current, wanted).filter((sku) => !products.has(sku));
    if (missing.length > 0) {
      for (const { product, available } of await deps.storage.products.bySku(storeId, missing)) {
        products.set(product.sku, { product, itemId: deps.newId() });
        if (available !== undefined) giftStock.set(product.id, available);
      }
    }
    const next = withGifts(current, wanted, products, now);
    if (next === current || round > inPlay.length) {
      return ok({ cart: current, inPlay, rulesInPlay: rules, giftStock, ...promoted.value });
    }
    current = next;
  }
}
