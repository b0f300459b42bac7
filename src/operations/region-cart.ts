import type { Cart } from "../domain/cart/cart.ts";
import { goodsFrom, noGoods, type RegionGoods } from "../domain/cart/region-goods.ts";
import type { RegionCart } from "../domain/cart/region-lines.ts";
import { newRegionPart } from "../domain/cart/region-part.ts";
import { quoteRegionCart } from "../domain/cart/region-quote.ts";
import { placesOf } from "../domain/inventory/selling-places.ts";
import { orderFacts } from "../domain/order/status.ts";
import type { Discount } from "../domain/region/discount.ts";
import type { StoredGiftCard } from "../domain/region/gift-card.ts";
import type { Region } from "../domain/region/region.ts";
import type { RegionTotals } from "../domain/region-pricing/region-totals.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { checkCartAccess } from "./cart-access.ts";
import { isCartReference } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesSetup } from "./ports/records.ts";
import type { Refusal } from "./refusal.ts";
import type { SalesRefusal } from "./sales-refusal.ts";

/** A cart of a region with all that it is looked at and priced with. */
export type RegionLook = {
  readonly cart: RegionCart;
  readonly region: Region;
  readonly goods: RegionGoods;
  readonly setup: SalesSetup;
  /** Those of the cart's codes that there are, in the order they were entered. */
  readonly discounts: readonly Discount[];
  readonly giftCards: readonly StoredGiftCard[];
};

/** A cart of a region with its prices. */
export type PricedRegionCart = RegionLook & {
  /** What is shown: without tax where the region does not compute it by itself. */
  readonly totals: RegionTotals;
  /** What is to be paid, always with tax. */
  readonly due: RegionTotals;
};

/** Any refusal of an operation on a cart of a region. */
export type CartProblem = Refusal | SalesRefusal;

/**
 * Loads a cart as one of a region; one that another dialect made is in the first region of its currency. The cart of a
 * customer who has signed in answers to that customer only. One statement, and one more for each kind of codes in it.
 */
export async function loadRegionCart(
  deps: Deps,
  context: Context,
  cartId: string,
  now: string,
  variantIds: readonly string[] = [],
): Promise<Result<RegionLook & { readonly version: number }, CartProblem>> {
  if (!isCartReference(cartId)) return fail({ type: "cart_not_found", cartId });
  const { storeId } = context.store;
  const [setup, loaded] = await Promise.all([
    deps.storage.records.setup(storeId),
    deps.storage.carts.loadWithGoods(storeId, cartId, now, variantIds),
  ]);
  if (!loaded.cart) return fail({ type: "cart_not_found", cartId });
  const allowed = checkCartAccess(context, loaded.cart);
  if (!allowed.ok) return allowed;
  const cart = asRegionCart(loaded.cart, setup);
  const region = setup.regions.find(({ id }) => id === cart?.region.regionId) ?? setup.regions[0];
  if (!cart || !region) return fail({ type: "region_missing" });
  const { version } = loaded;
  const goods = goodsFrom(placesOf(setup, cart.region.salesChannelId), loaded.goods);
  const settled = await withCompletion(deps, context, {
    ...cart,
    currency: cart.currency ?? region.currency,
  });
  return ok({ cart: settled, region, goods, setup, version, ...(await enteredOf(deps, context, settled)) });
}

/** The discounts and gift cards of a cart's codes; no statement where it has none. */
export async function enteredOf(
  deps: Deps,
  { store }: Context,
  { region: { discountCodes, giftCardCodes } }: Pick<RegionCart, "region">,
): Promise<Pick<RegionLook, "discounts" | "giftCards">> {
  const [discounts, giftCards] = await Promise.all([
    discountCodes.length === 0 ? [] : deps.storage.discounts.entered(store.storeId, discountCodes),
    giftCardCodes.length === 0 ? [] : deps.storage.giftCards.entered(store.storeId, giftCardCodes),
  ]);
  return {
    discounts: inOrder(discounts, discountCodes),
    giftCards: inOrder(giftCards, giftCardCodes),
  };
}

function inOrder<Coded extends { readonly code: string }>(
  found: readonly Coded[],
  codes: readonly string[],
): readonly Coded[] {
  return codes.flatMap((code) => found.find((one) => one.code.toUpperCase() === code.toUpperCase()) ?? []);
}

/** Prices a cart. Gift cards that were switched off or have ended pay for nothing. */
export function priceRegionLook(
  look: RegionLook,
  now: string,
  options: { readonly withTax?: boolean } = {},
): Result<PricedRegionCart, CartProblem> {
  const { cart, region, goods, setup, discounts } = look;
  const nowMs = Date.parse(now);
  const giftCards = look.giftCards.filter(
    ({ isDisabled, endsAtMs, regionId }) =>
      !isDisabled && regionId === region.id && (endsAtMs === null || nowMs <= endsAtMs),
  );
  const quote = (isUntaxed: boolean) =>
    quoteRegionCart({ cart, region, goods, taxRates: setup.taxRates, discounts, giftCards, isUntaxed });
  const due = quote(false);
  if (!due.ok) return fail({ type: "amount_too_large", itemId: due.error.lineId ?? "" });
  const priced = (totals: RegionTotals) =>
    ok({ cart, region, goods, setup, discounts, giftCards: look.giftCards, totals, due: due.value });
  if (region.hasAutomaticTaxes || options.withTax) return priced(due.value);
  const totals = quote(true);
  if (!totals.ok) return fail({ type: "amount_too_large", itemId: totals.error.lineId ?? "" });
  return priced(totals.value);
}

/** The cart with its part of a region; undefined where the store has no region. */
function asRegionCart(cart: Cart, { regions, salesChannels }: SalesSetup): RegionCart | undefined {
  if (cart.region) return cart as RegionCart;
  const region = regions.find(({ currency }) => currency === cart.currency) ?? regions[0];
  if (!region) return undefined;
  const channel = salesChannels.find(({ isDefault }) => isDefault);
  const part = newRegionPart(region.id, channel?.id);
  return { ...cart, region: { ...part, ...(cart.contactEmail && { email: cart.contactEmail }) } };
}

/**
 * Whoever pays for a cart writes the order first and the cart's completion last, and may have died in between: what
 * counts is the order.
 */
async function withCompletion(deps: Deps, { store }: Context, cart: RegionCart): Promise<RegionCart> {
  const { completion, completedAt } = cart.region;
  if (!completion || completedAt !== undefined) return cart;
  const order = await deps.storage.orders.load(store.storeId, completion.orderId);
  if (!order) return cart;
  const { anyAuthorized, anyCaptured } = orderFacts(order);
  if (!anyAuthorized && !anyCaptured) return cart;
  return { ...cart, region: { ...cart.region, completedAt: order.updatedAt } };
}

/** A look at a cart that was just made. */
export function newRegionLook(cart: RegionCart, region: Region, setup: SalesSetup): RegionLook {
  return { cart, region, setup, goods: noGoods, discounts: [], giftCards: [] };
}
