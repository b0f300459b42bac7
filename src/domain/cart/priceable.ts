import type { LineDiscount } from "../pricing/discount.ts";
import type { CalculationMethod, PriceableLine, PriceCart } from "../pricing/price-cart.ts";
import type { ShippingCharge } from "../pricing/shipping.ts";
import type { Cart, CustomDiscount } from "./cart.ts";
import { takesCustomDiscounts } from "./custom-discounts.ts";
import { attachedGroups } from "./shipping-groups.ts";

/**
 * A cart as pricing wants it: its lines, its custom discounts where they count, and the shipping of the groups that a
 * line belongs to. A cart that takes no custom discounts may have those of promotions put beside this.
 */
export function priceableCart(cart: Cart, method: CalculationMethod): PriceCart {
  const shipping = attachedGroups(cart).map(({ id, price }): ShippingCharge => ({ id, ...price }));
  const charged = { method, ...(shipping.length > 0 && { shipping }) };
  if (!takesCustomDiscounts(cart, method)) return { lines: cart.items, ...charged };
  const lines = cart.items.map(
    (item): PriceableLine =>
      item.customDiscounts ? { ...item, discounts: item.customDiscounts.map(wanted) } : item,
  );
  return {
    lines,
    ...(cart.customDiscounts && { cartDiscounts: cart.customDiscounts.map(wanted) }),
    ...charged,
  };
}

function wanted({ id, amount, code }: CustomDiscount): LineDiscount {
  return { amount, code, promotionId: id };
}
