import type { CartItem } from "../../domain/cart/cart.ts";
import { groupOf, profileIdOf } from "../../domain/cart/region-goods.ts";
import type { ChosenShipping, PaymentSession } from "../../domain/cart/region-part.ts";
import { allowsDiscounts } from "../../domain/cart/region-quote.ts";
import type { Order } from "../../domain/order/order.ts";
import type { PricedRegionLine } from "../../domain/region-pricing/region-line.ts";
import type { PricedShippingMethod } from "../../domain/region-pricing/region-shipping.ts";
import type { PricedRegionCart } from "../../operations/region-cart.ts";
import { renderTaxRate } from "./expanded-tax-rates.ts";
import { wireId } from "./ids.ts";
import { addressColumns, discountColumns, giftCardColumns } from "./joined-columns.ts";
import { lineAdjustments, lineSums } from "./render-line-price.ts";
import { renderLineVariant, thumbnailOf } from "./render-product.ts";
import { renderCountries, renderPlainRegion, renderProvider } from "./render-region.ts";
import { renderSalesChannel } from "./render-sales-channel.ts";
import { renderPlainShippingOption } from "./render-shipping-option.ts";

/** The order that a completed cart has become, as far as a cart shows it, and the payment of it. */
export type OrderOfCart = {
  readonly order: Order;
  readonly payment: Readonly<Record<string, unknown>> | null;
};

/** A cart with all that any answer shows of it. A completed one shows what its order froze. */
export function renderCart(baseUrl: string, priced: PricedRegionCart, made?: OrderOfCart) {
  const { cart, region, discounts, giftCards, setup } = priced;
  const part = cart.region;
  const totals = made?.order.region?.totals ?? priced.totals;
  const id = wireId("cart", cart.id);
  const channel = setup.salesChannels.find((one) => one.id === part.salesChannelId);
  const customerId = cart.customerId ?? part.guestId;
  const selected = part.paymentSessions.find(({ isSelected }) => isSelected);
  return {
    object: "cart" as const,
    id,
    created_at: cart.createdAt,
    updated_at: cart.updatedAt,
    deleted_at: null,
    email: part.email ?? null,
    billing_address_id: part.billingAddress ? wireId("addr", part.billingAddress.id) : null,
    shipping_address_id: part.shippingAddress ? wireId("addr", part.shippingAddress.id) : null,
    region_id: wireId("reg", region.id),
    customer_id: customerId === undefined ? null : wireId("cus", customerId),
    payment_id: typeof made?.payment?.id === "string" ? made.payment.id : null,
    type: part.type,
    completed_at: part.completedAt ?? null,
    payment_authorized_at: part.completedAt ?? null,
    idempotency_key: null,
    context: part.context,
    metadata: part.metadata ?? null,
    sales_channel_id: channel ? wireId("sc", channel.id) : null,
    billing_address: part.billingAddress ? addressColumns(part.billingAddress) : null,
    discounts: discounts.map(discountColumns),
    gift_cards: giftCards.map(giftCardColumns),
    items: cart.items.map((item, index) =>
      renderItem(baseUrl, priced, item, totals.lines[index], made?.order),
    ),
    payment: made?.payment ?? null,
    payment_sessions: part.paymentSessions.map((session) => renderSession(id, session)),
    ...(selected && { payment_session: renderSession(id, selected) }),
    region: {
      countries: renderCountries(region),
      payment_providers: region.paymentProviders.map(renderProvider),
      tax_rates: setup.taxRates
        .filter(({ regionId }) => regionId === region.id)
        .map((taxRate) => ({ metadata: taxRate.metadata ?? null, ...renderTaxRate(taxRate) })),
      ...renderPlainRegion(region),
    },
    sales_channel: channel ? renderSalesChannel(channel) : null,
    shipping_address: part.shippingAddress ? addressColumns(part.shippingAddress) : null,
    shipping_methods: part.shippingMethods.map((method, index) =>
      renderMethod(id, priced, method, totals.shippingMethods[index], made?.order),
    ),
    subtotal: totals.cart.subtotal,
    discount_total: totals.cart.discountTotal,
    raw_discount_total: totals.cart.discountTotal,
    item_tax_total: totals.cart.itemTaxTotal,
    shipping_total: totals.cart.shippingTotal,
    shipping_tax_total: totals.cart.shippingTaxTotal,
    tax_total: totals.cart.taxTotal,
    gift_card_total: totals.cart.giftCardTotal,
    gift_card_tax_total: totals.cart.giftCardTaxTotal,
    total: totals.cart.total,
  };
}

/** A cart as this API shows it. */
export type WireCart = ReturnType<typeof renderCart>;

function renderItem(
  baseUrl: string,
  { cart, goods, setup }: PricedRegionCart,
  item: CartItem,
  line: PricedRegionLine | undefined,
  order: Order | undefined,
) {
  const id = wireId("item", item.id);
  const variant = item.kind === "product" ? goods.variants.get(item.productId) : undefined;
  const group = item.kind === "product" ? groupOf(goods, item.productId) : undefined;
  const profileId = group && profileIdOf(setup.shippingProfiles, group);
  const place = { baseUrl, setup };
  return {
    id,
    created_at: item.createdAt,
    updated_at: item.updatedAt,
    cart_id: wireId("cart", cart.id),
    order_id: order ? wireId("order", order.id) : null,
    swap_id: null,
    claim_order_id: null,
    original_item_id: null,
    order_edit_id: null,
    title: item.name,
    description: item.description === "" ? null : item.description,
    thumbnail: group ? thumbnailOf(place, group) : null,
    is_return: false,
    is_giftcard: group?.isGiftCard ?? false,
    should_merge: true,
    allow_discounts: allowsDiscounts(cart, group),
    has_shipping:
      cart.region.shippingMethods.some((method) => method.profileId === profileId) ||
      (item.kind === "custom" && cart.region.type === "draft_order"),
    unit_price: item.unitAmount,
    variant_id: item.kind === "product" ? wireId("variant", item.productId) : null,
    quantity: item.quantity,
    fulfilled_quantity: null,
    returned_quantity: null,
    shipped_quantity: null,
    includes_tax: item.includesTax,
    metadata: item.customInputs ?? {},
    adjustments: lineAdjustments(item.id, line),
    tax_lines: (line?.taxLines ?? []).map((tax) => ({
      rate: tax.percent,
      name: tax.name,
      code: tax.code,
      item_id: id,
    })),
    variant: variant && group ? renderLineVariant(place, group, variant) : null,
    ...lineSums(line),
  };
}

/** A payment session of a cart; null: it belongs to a payment collection. */
export function renderSession(cartId: string | null, session: PaymentSession) {
  return {
    id: wireId("ps", session.id),
    created_at: session.createdAt,
    updated_at: session.updatedAt,
    cart_id: cartId,
    provider_id: session.provider,
    // The original knows chosen, or nothing said.
    is_selected: session.isSelected ? true : null,
    is_initiated: session.isInitiated,
    status: session.status,
    data: session.data,
    idempotency_key: null,
    amount: session.amount,
    payment_authorized_at: session.authorizedAt ?? null,
  };
}

function renderMethod(
  cartId: string,
  { setup }: PricedRegionCart,
  method: ChosenShipping,
  price: PricedShippingMethod | undefined,
  order: Order | undefined,
) {
  const id = wireId("sm", method.id);
  const option = setup.shippingOptions.find((one) => one.id === method.optionId);
  return {
    id,
    shipping_option_id: wireId("so", method.optionId),
    order_id: order ? wireId("order", order.id) : null,
    claim_order_id: null,
    cart_id: cartId,
    swap_id: null,
    return_id: null,
    price: price?.price ?? method.price,
    data: method.data,
    includes_tax: method.includesTax,
    shipping_option: option ? renderPlainShippingOption(option) : null,
    tax_lines: (price?.taxLines ?? []).map((tax) => ({
      rate: tax.percent,
      name: tax.name,
      code: tax.code,
      shipping_method_id: id,
    })),
    original_total: price?.originalTotal ?? 0,
    total: price?.total ?? 0,
    subtotal: price?.subtotal ?? 0,
    original_tax_total: price?.originalTaxTotal ?? 0,
    tax_total: price?.taxTotal ?? 0,
  };
}
