import { fail, ok, type Result } from "../result.ts";
import { type ShippingDiscount, shippingDiscountOf } from "../rule-promotions/applied-rule-promotions.ts";
import {
  areDatesReversed,
  isShippingPriceTooLarge,
  MAX_SHIPPING_GROUPS,
  NO_SHIPPING_PRICE,
  type ShippingGroup,
  type ShippingGroupDetails,
  withGroupDetails,
} from "../shipping/shipping-group.ts";
import { type Cart, type CartRules, touched } from "./cart.ts";
import type { CartRefusal } from "./refusals.ts";

/** The groups that at least one line names, in their order: only they cost anything, and each of them once. */
export function attachedGroups(cart: Pick<Cart, "items" | "shippingGroups">): readonly ShippingGroup[] {
  if (!cart.shippingGroups) return [];
  const named = new Set(cart.items.map((item) => item.shippingGroupId));
  return cart.shippingGroups.filter((group) => named.has(group.id));
}

/** The cart with what rule promotions take off its shipping as a part of the groups' own discounts. */
export function withShippingDiscounts(cart: Cart, discounts: readonly ShippingDiscount[]): Cart {
  if (discounts.length === 0 || !cart.shippingGroups) return cart;
  return {
    ...cart,
    shippingGroups: cart.shippingGroups.map((group) => ({
      ...group,
      price: {
        ...group.price,
        discount: shippingDiscountOf(group.id, group.price.discount, discounts),
      },
    })),
  };
}

/** A group of the cart by its id. */
export function findGroup(cart: Cart, groupId: string): Result<ShippingGroup, CartRefusal> {
  const group = cart.shippingGroups?.find(({ id }) => id === groupId);
  return group ? ok(group) : fail({ type: "shipping_group_not_found", cartId: cart.id, groupId });
}

/** What a new group is; `currency` is that of its price, which must be the cart's when the cart has one. */
export type NewShippingGroup = ShippingGroupDetails & { readonly id: string; readonly currency: string };

/** Adds a group that no line belongs to yet. */
export function addShippingGroup(
  cart: Cart,
  { id, currency, ...details }: NewShippingGroup,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  const present = cart.shippingGroups ?? [];
  if (present.length >= MAX_SHIPPING_GROUPS) {
    return fail({ type: "shipping_group_limit_reached", limit: MAX_SHIPPING_GROUPS });
  }
  const empty = { id, currency, price: NO_SHIPPING_PRICE, createdAt: now, updatedAt: now };
  const group = checked(cart, withGroupDetails(empty, details, now));
  if (!group.ok) return group;
  return ok(touched({ ...cart, shippingGroups: [...present, group.value] }, rules, now));
}

/**
 * Changes a group. `currency` is what the request asked for, if it did; a group whose lines are all gone may come
 * back with a price in the cart's new currency.
 */
export function updateShippingGroup(
  cart: Cart,
  groupId: string,
  { currency, ...details }: ShippingGroupDetails & { readonly currency?: string },
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  const found = findGroup(cart, groupId);
  if (!found.ok) return found;
  const priced = details.price && { currency: currency ?? cart.currency ?? found.value.currency };
  const group = checked(cart, withGroupDetails({ ...found.value, ...priced }, details, now), details);
  if (!group.ok) return group;
  const shippingGroups = cart.shippingGroups?.map((one) => (one.id === groupId ? group.value : one)) ?? [];
  return ok(touched({ ...cart, shippingGroups }, rules, now));
}

/** Takes a group away that no line belongs to. */
export function removeShippingGroup(
  cart: Cart,
  groupId: string,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  const found = findGroup(cart, groupId);
  if (!found.ok) return found;
  const itemIds = cart.items.filter((item) => item.shippingGroupId === groupId).map(({ id }) => id);
  if (itemIds.length > 0) return fail({ type: "shipping_group_attached", groupId, itemIds });
  const { shippingGroups: present = [], ...rest } = cart;
  const left = present.filter(({ id }) => id !== groupId);
  return ok(touched(left.length > 0 ? { ...rest, shippingGroups: left } : rest, rules, now));
}

/** Why a line in `currency` cannot go with a group; undefined when it can. */
export function refusedGroup(cart: Cart, groupId: string, currency: string): CartRefusal | undefined {
  const group = cart.shippingGroups?.find(({ id }) => id === groupId);
  if (!group) return { type: "item_shipping_group_not_found", cartId: cart.id, groupId };
  return group.currency === currency ? undefined : mismatch(currency, group.currency);
}

function checked(
  cart: Cart,
  group: ShippingGroup,
  details: ShippingGroupDetails = group,
): Result<ShippingGroup, CartRefusal> {
  if (details.price && cart.currency !== undefined && cart.currency !== group.currency) {
    return fail(mismatch(cart.currency, group.currency));
  }
  if (areDatesReversed(group.deliveryEstimate)) return fail({ type: "delivery_dates_reversed" });
  if (isShippingPriceTooLarge(group.price)) {
    return fail({ type: "amount_too_large", itemId: "", shippingGroupId: group.id });
  }
  return ok(group);
}

const mismatch = (cartCurrency: string, currency: string): CartRefusal => ({
  type: "cart_currency_mismatch",
  cartCurrency,
  currency,
  what: "shipping group",
});
