import type { Cart, CartItem, CustomDiscount } from "../../domain/cart/cart.ts";
import type { CurrencyFormat } from "../../domain/currency.ts";
import type { Order } from "../../domain/order/order.ts";
import { shown } from "./render-money.ts";

/** The line that a discount is on, by its id in the cart. */
type OnLine = { readonly kind: CartItem["kind"]; readonly id: string };

/** A custom discount with the amount that is wanted; what it really takes off stands on the lines. */
export function renderCustomDiscount(discount: CustomDiscount, format: CurrencyFormat, line?: OnLine) {
  return {
    id: discount.id,
    type: "custom_discount",
    external_id: discount.externalId,
    discount_engine: discount.engine,
    amount: shown(discount.amount, format),
    description: discount.description,
    discount_code: discount.code,
    ...(line && {
      relationships: {
        item: { data: { type: line.kind === "product" ? "cart_item" : "custom_item", id: line.id } },
      },
    }),
  };
}

/** All custom discounts of a cart: its own, then those of its lines. */
export function discountsOfCart(cart: Cart, format: CurrencyFormat) {
  return [
    ...(cart.customDiscounts ?? []).map((discount) => renderCustomDiscount(discount, format)),
    ...cart.items.flatMap((item) =>
      (item.customDiscounts ?? []).map((discount) => renderCustomDiscount(discount, format, item)),
    ),
  ];
}

/** All custom discounts of an order: its own, then those of its lines, which are named by the cart's. */
export function discountsOfOrder(order: Order, format: CurrencyFormat) {
  return [
    ...(order.customDiscounts ?? []).map((discount) => renderCustomDiscount(discount, format)),
    ...order.lines.flatMap(({ kind, cartItemId, customDiscounts = [] }) =>
      customDiscounts.map((discount) => renderCustomDiscount(discount, format, { kind, id: cartItemId })),
    ),
  ];
}

/** `relationships.custom_discounts` of a cart, order or line that has any. */
export function discountRelation(holder: { readonly customDiscounts?: readonly CustomDiscount[] }) {
  return (
    holder.customDiscounts && {
      custom_discounts: { data: holder.customDiscounts.map(({ id }) => ({ type: "custom_discount", id })) },
    }
  );
}
