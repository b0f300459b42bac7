import type { CalculationMethod } from "../pricing/price-cart.ts";
import { fail, ok, type Result } from "../result.ts";
import { type Cart, type CartRules, type CustomDiscount, touched, withItems } from "./cart.ts";
import type { CartRefusal } from "./refusals.ts";

/** Custom discounts that a cart as a whole, and each of its lines, may have (Elastic Path). */
export const MAX_CUSTOM_DISCOUNTS = 5;

/** Where a discount is: on the line `itemId`, or on the cart as a whole when that is undefined. */
export type DiscountPlace = { readonly itemId: string | undefined };

/** Members that are absent stay. */
export type CustomDiscountChange = Partial<Omit<CustomDiscount, "id">>;

/** Whether a cart's custom discounts count. Promotions do not apply to such a cart. */
export function takesCustomDiscounts(
  cart: Pick<Cart, "discountSettings">,
  method: CalculationMethod,
): boolean {
  return cart.discountSettings.customDiscountsEnabled && method === "line";
}

/** The discounts of a line or of the cart as a whole; undefined when there is no such line. */
export function customDiscountsAt(
  cart: Cart,
  { itemId }: DiscountPlace,
): readonly CustomDiscount[] | undefined {
  const holder = itemId === undefined ? cart : cart.items.find((item) => item.id === itemId);
  return holder && (holder.customDiscounts ?? []);
}

/** Puts one more discount on a line, or on the cart as a whole, which must hold something then. */
export function addCustomDiscount(
  cart: Cart,
  place: DiscountPlace,
  discount: CustomDiscount,
  method: CalculationMethod,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  if (cart.items.length === 0) return fail({ type: "cart_empty" });
  const disabled = disabledBy(cart, method);
  if (disabled) return disabled;
  return changeDiscounts(cart, place, rules, now, (present) =>
    present.length >= MAX_CUSTOM_DISCOUNTS
      ? fail({
          type: "custom_discount_limit_reached",
          limit: MAX_CUSTOM_DISCOUNTS,
          ...(place.itemId !== undefined && { itemId: place.itemId }),
        })
      : ok([...present, discount]),
  );
}

/** Changes one discount of a line or of the cart as a whole. */
export function updateCustomDiscount(
  cart: Cart,
  place: DiscountPlace,
  discountId: string,
  change: CustomDiscountChange,
  method: CalculationMethod,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  const disabled = disabledBy(cart, method);
  if (disabled) return disabled;
  return changeDiscounts(cart, place, rules, now, (present) =>
    present.some(({ id }) => id === discountId)
      ? ok(present.map((discount) => (discount.id === discountId ? { ...discount, ...change } : discount)))
      : fail({ type: "custom_discount_not_found", discountId }),
  );
}

/** Takes one discount off a line or off the cart as a whole. */
export function removeCustomDiscount(
  cart: Cart,
  place: DiscountPlace,
  discountId: string,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  return changeDiscounts(cart, place, rules, now, (present) =>
    present.some(({ id }) => id === discountId)
      ? ok(present.filter(({ id }) => id !== discountId))
      : fail({ type: "custom_discount_not_found", discountId }),
  );
}

/** Takes all discounts off the cart and its lines. */
export function removeAllCustomDiscounts(cart: Cart, rules: CartRules, now: string): Cart {
  const items = cart.items.map((item) =>
    item.customDiscounts ? { ...withDiscounts(item, []), updatedAt: now } : item,
  );
  return withItems(withDiscounts(cart, []), items, rules, now);
}

function disabledBy(cart: Cart, method: CalculationMethod): Result<never, CartRefusal> | undefined {
  if (takesCustomDiscounts(cart, method)) return undefined;
  const by = cart.discountSettings.customDiscountsEnabled ? "method" : "cart";
  return fail({ type: "custom_discounts_disabled", by });
}

function changeDiscounts(
  cart: Cart,
  place: DiscountPlace,
  rules: CartRules,
  now: string,
  change: (present: readonly CustomDiscount[]) => Result<readonly CustomDiscount[], CartRefusal>,
): Result<Cart, CartRefusal> {
  const present = customDiscountsAt(cart, place);
  if (!present) return fail({ type: "cart_item_not_found", itemIds: [place.itemId ?? ""] });
  const changed = change(present);
  if (!changed.ok) return changed;
  if (place.itemId === undefined) return ok(touched(withDiscounts(cart, changed.value), rules, now));
  const items = cart.items.map((item) =>
    item.id === place.itemId ? { ...withDiscounts(item, changed.value), updatedAt: now } : item,
  );
  return ok(withItems(cart, items, rules, now));
}

/** Nothing is kept of discounts that are all gone. */
function withDiscounts<Holder extends { readonly customDiscounts?: readonly CustomDiscount[] }>(
  holder: Holder,
  customDiscounts: readonly CustomDiscount[],
): Holder {
  const { customDiscounts: _, ...rest } = holder;
  return (customDiscounts.length > 0 ? { ...rest, customDiscounts } : rest) as Holder;
}
