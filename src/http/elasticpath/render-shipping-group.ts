import type { CurrencyFormat } from "../../domain/currency.ts";
import { type ShippingGroup, shippingDiscount, shippingTotal } from "../../domain/shipping/shipping-group.ts";
import { shown } from "./render-money.ts";
import { renderShippingAddress } from "./render-order.ts";

/** A shipping group of a cart, or, with `orderId`, of an order that was made of it. */
export function renderShippingGroup(
  group: ShippingGroup,
  owner: { readonly cartId: string; readonly orderId?: string },
  format: CurrencyFormat,
) {
  const { cartId, orderId } = owner;
  const { price } = group;
  return {
    type: "shipping_group",
    id: group.id,
    relation: orderId === undefined ? "cart" : "order",
    cart_id: cartId,
    ...(orderId !== undefined && { order_id: orderId }),
    ...(group.shippingType !== undefined && { shipping_type: group.shippingType }),
    ...(group.trackingReference !== undefined && { tracking_reference: group.trackingReference }),
    ...(group.address && { address: renderShippingAddress(group.address) }),
    ...(group.deliveryEstimate && { delivery_estimate: group.deliveryEstimate }),
    created_at: group.createdAt,
    updated_at: group.updatedAt,
    relationships: {
      cart: { data: { type: "cart", id: cartId } },
      ...(orderId !== undefined && { order: { data: { type: "order", id: orderId } } }),
    },
    meta: {
      shipping_display_price: {
        total: shown(shippingTotal(price), format),
        base: shown(price.base, format),
        tax: shown(price.tax, format),
        fees: shown(price.fees, format),
        ...(price.discount < 0 && { discount: shown(shippingDiscount(price), format) }),
      },
    },
  };
}
