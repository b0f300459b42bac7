import { type WrittenAddress, writtenOver } from "../domain/cart/region-address.ts";
import { changeRegion, pricedIn } from "../domain/cart/region-change.ts";
import { groupOf } from "../domain/cart/region-goods.ts";
import type { RegionCart } from "../domain/cart/region-lines.ts";
import type { RegionAddress } from "../domain/cart/region-part.ts";
import { extended } from "../domain/extended.ts";
import { usableDiscount } from "../domain/region-pricing/discount-refusal.ts";
import { usableGiftCard } from "../domain/region-pricing/gift-cards.ts";
import { discountCode, discountsInForce } from "../domain/region-pricing/region-discount.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Changed, type ChangeTools, changeRegionCart } from "./change-region-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { guestCustomer } from "./guest-customer.ts";
import type { Customer } from "./ports/customers.ts";
import { type CartProblem, enteredOf, type PricedRegionCart, type RegionLook } from "./region-cart.ts";

/** An address as it is written, one that is known already, or (null) none any more. */
export type AddressChange = WrittenAddress | { readonly known: RegionAddress } | null;

/** What of a cart is to change; members that are absent stay. */
export type UpdateRegionCart = {
  readonly cartId: string;
  readonly customerId?: string;
  readonly email?: string;
  readonly regionId?: string;
  /** For the region that the cart moves to, lower case. */
  readonly country?: string;
  readonly billingAddress?: AddressChange;
  readonly shippingAddress?: AddressChange;
  readonly salesChannelId?: string;
  /** All that are to count from now on. */
  readonly discountCodes?: readonly string[];
  readonly giftCardCodes?: readonly string[];
  /** Put over what is there. */
  readonly context?: Readonly<Record<string, unknown>>;
};

/**
 * Changes a cart, in this order: whose it is, the prices that follow, its region, addresses, sales channel, discounts,
 * gift cards, context. (Medusa: update cart.) Whoever has signed in has the cart from then on.
 */
export async function updateRegionCart(
  deps: Deps,
  context: Context,
  input: UpdateRegionCart,
): Promise<Result<PricedRegionCart, CartProblem>> {
  const owner = await ownerOf(deps, context, input);
  if (!owner.ok) return owner;
  return changeRegionCart(deps, context, input, async (look, tools) => {
    if (look.cart.region.completedAt !== undefined) {
      const wanted = input.regionId === undefined ? {} : ({ wanted: "region" } as const);
      return fail({ type: "cart_completed", ...wanted });
    }
    const owned = owner.value ? ownedBy(look.cart, owner.value, context) : look.cart;
    const moved = move(look, owned, input, tools);
    if (!moved.ok) return moved;
    const addressed = withAddresses(moved.value, input, tools);
    if (!addressed.ok) return addressed;
    const sold = soldThrough(look, addressed.value.cart, input.salesChannelId);
    if (!sold.ok) return sold;
    const { region } = addressed.value;
    const coded = withCodes({ ...look, region, cart: sold.value }, input);
    const isSame = !input.discountCodes && !input.giftCardCodes && region.id === look.region.id;
    const entered = isSame ? look : await enteredOf(deps, context, coded);
    const groupIds = owner.value?.groupIds ?? (await groupsOf(deps, context, coded, input));
    const refusal = unusableCode(entered, coded, input, groupIds, tools.now);
    if (refusal) return fail(refusal);
    // Of several that would come off the lines, the last counts and the others are not kept.
    const { amount, freeShipping } = discountsInForce(entered.discounts);
    const discounts = entered.discounts.filter((one) => one === amount || one === freeShipping);
    const discountCodes = discounts.map(({ code }) => code);
    const cart = { ...coded, region: { ...coded.region, discountCodes } };
    return ok({ cart, region, discounts, giftCards: entered.giftCards });
  });
}

/** Takes a discount off a cart; one that is not there is no error. */
export function removeDiscountOfRegionCart(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly code: string },
): Promise<Result<PricedRegionCart, CartProblem>> {
  const gone = discountCode(input.code);
  return changeRegionCart(deps, context, input, ({ cart, discounts }) => {
    if (cart.region.completedAt !== undefined) return fail({ type: "cart_completed" });
    const discountCodes = cart.region.discountCodes.filter((code) => code !== gone);
    return ok({
      cart: { ...cart, region: { ...cart.region, discountCodes } },
      discounts: discounts.filter(({ code }) => code !== gone),
    });
  });
}

/** Whose the cart is to be: the customer who has signed in or is named, or a guest with that e-mail address. */
async function ownerOf(
  deps: Deps,
  context: Context,
  input: UpdateRegionCart,
): Promise<Result<Customer | undefined, CartProblem>> {
  const customerId = context.actor.customerId ?? input.customerId;
  if (customerId !== undefined) {
    const customer = await deps.storage.customers.load(context.store.storeId, customerId);
    return customer ? ok(customer) : fail({ type: "customer_not_found", customerId });
  }
  if (input.email === undefined) return ok(undefined);
  return ok(await guestCustomer(deps, context, input.email.toLowerCase()));
}

/**
 * The cart as one of that customer. Somebody who only names a customer, and has not signed in as one, buys like a guest:
 * what they buy is not among that customer's orders, and the cart stays open to them.
 */
function ownedBy(cart: RegionCart, customer: Customer, { actor }: Context): RegionCart {
  const { customerId: _, ...rest } = cart;
  const { guestId: _guest, ...part } = cart.region;
  const email = customer.email.toLowerCase();
  const isNamedOnly = actor.kind === "shopper" && actor.customerId !== customer.id;
  return customer.guest || isNamedOnly
    ? { ...rest, region: extended(part, { email, guestId: customer.id }) }
    : extended(rest, { customerId: customer.id, region: extended(part, { email }) });
}

type Moved = Required<Pick<Changed, "cart" | "region">>;

function move(
  { region, goods, setup, discounts }: RegionLook,
  cart: RegionCart,
  input: UpdateRegionCart,
  { now, idFor }: ChangeTools,
): Result<Moved, CartProblem> {
  const to = input.regionId === undefined ? region : setup.regions.find(({ id }) => id === input.regionId);
  if (!to) return fail({ type: "region_not_found", regionId: input.regionId ?? "" });
  if (to.id === region.id) {
    const anew = input.customerId !== undefined || input.regionId !== undefined;
    return ok({ cart: anew ? pricedIn(cart, region, goods) : cart, region });
  }
  const written = input.shippingAddress;
  const sentTo =
    input.country ?? (written && !("known" in written) ? written.country_code?.toLowerCase() : undefined);
  const addressId = idFor("shipping address");
  const country = sentTo === undefined ? {} : { country: sentTo };
  const changed = changeRegion(cart, { to, ...country, goods, discounts, addressId }, now);
  return changed.ok ? ok({ cart: changed.value, region: to }) : changed;
}

function withAddresses(
  { cart, region }: Moved,
  { billingAddress, shippingAddress }: UpdateRegionCart,
  { now, idFor }: ChangeTools,
): Result<Moved, CartProblem> {
  const { billingAddress: billedTo, shippingAddress: sentTo, ...part } = cart.region;
  const billing = addressAfter(billedTo, billingAddress, idFor("billing address"), now);
  const shipping = addressAfter(sentTo, shippingAddress, idFor("shipping address"), now);
  const country = shippingAddress ? shipping?.country_code : undefined;
  if (country && !region.countries.includes(country)) {
    return fail({ type: "country_not_in_region", country, of: "address" });
  }
  const next = extended(
    extended(part, billing ? { billingAddress: billing } : {}),
    shipping ? { shippingAddress: shipping } : {},
  );
  return ok({ cart: { ...cart, region: next }, region });
}

function addressAfter(
  before: RegionAddress | undefined,
  change: AddressChange | undefined,
  id: string,
  now: string,
): RegionAddress | undefined {
  if (change === undefined) return before;
  if (change === null) return undefined;
  return "known" in change ? change.known : writtenOver(before, change, id, now);
}

/** The cart in another sales channel, without what is not sold there. */
function soldThrough(
  { setup, goods }: RegionLook,
  cart: RegionCart,
  channelId: string | undefined,
): Result<RegionCart, CartProblem> {
  if (channelId === undefined || channelId === cart.region.salesChannelId) return ok(cart);
  const channel = setup.salesChannels.find(({ id }) => id === channelId);
  if (!channel) return fail({ type: "sales_channel_unknown", channelId });
  if (channel.isDisabled) return fail({ type: "sales_channel_disabled" });
  const items = cart.items.filter((item) => {
    const channels = item.kind === "product" ? groupOf(goods, item.productId)?.channelIds : undefined;
    return !channels || channels.includes(channelId);
  });
  return ok({ ...cart, items, region: { ...cart.region, salesChannelId: channelId } });
}

function withCodes(
  look: RegionLook,
  { discountCodes, giftCardCodes, context }: UpdateRegionCart,
): RegionCart {
  const { cart } = look;
  return {
    ...cart,
    region: {
      ...cart.region,
      ...(discountCodes && { discountCodes: [...new Set(discountCodes.map(discountCode))] }),
      ...(giftCardCodes && { giftCardCodes: [...new Set(giftCardCodes.map((code) => code.trim()))] }),
      ...(context && { context: { ...cart.region.context, ...context } }),
    },
  };
}

/** The groups of the cart's customer, looked up only when a code is entered. */
async function groupsOf(
  deps: Deps,
  { store }: Context,
  { customerId }: RegionCart,
  { discountCodes = [] }: UpdateRegionCart,
): Promise<readonly string[] | undefined> {
  if (customerId === undefined || discountCodes.length === 0) return undefined;
  return (await deps.storage.customers.load(store.storeId, customerId))?.groupIds;
}

/** The first of the codes that were sent which cannot be used, and why. */
function unusableCode(
  { discounts, giftCards }: Pick<RegionLook, "discounts" | "giftCards">,
  cart: RegionCart,
  input: UpdateRegionCart,
  groupIds: readonly string[] | undefined,
  now: string,
): CartProblem | undefined {
  const { regionId } = cart.region;
  const hasCustomer = cart.customerId !== undefined || cart.region.guestId !== undefined;
  const buyer = hasCustomer ? { customer: { groupIds: groupIds ?? [] } } : {};
  for (const code of input.discountCodes?.map(discountCode) ?? []) {
    const discount = discounts.find((one) => one.code === code);
    if (!discount) return { type: "promotion_code_unknown", code };
    const usable = usableDiscount(discount, { regionId, ...buyer }, Date.parse(now));
    if (!usable.ok) return usable.error;
  }
  for (const code of input.giftCardCodes?.map((one) => one.trim()) ?? []) {
    const card = giftCards.find((one) => one.code.toUpperCase() === code.toUpperCase());
    if (!card) return { type: "gift_card_code_unknown", code };
    const usable = usableGiftCard(card, regionId, Date.parse(now));
    if (!usable.ok) return usable.error;
  }
  return undefined;
}

/** A cart as whoever has signed in looks at it: it is theirs from then on. */
export function viewRegionCart(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<PricedRegionCart, CartProblem>> {
  const { customerId } = context.actor;
  return changeRegionCart(deps, context, { cartId, isView: true }, async ({ cart }) => {
    if (customerId === undefined || cart.customerId === customerId || cart.region.completedAt) {
      return ok({ cart });
    }
    const customer = await deps.storage.customers.load(context.store.storeId, customerId);
    return ok({ cart: customer ? ownedBy(cart, customer, context) : cart });
  });
}
