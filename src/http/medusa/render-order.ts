import type { Product } from "../../domain/catalog/product.ts";
import { fulfilledForSure, type Return, returnedOf, shippedOf } from "../../domain/order/fulfilment.ts";
import type { Order, OrderLine } from "../../domain/order/order.ts";
import { type Payment, paymentFacts, startOf, waitsForEdit } from "../../domain/order/payment.ts";
import { worthOf } from "../../domain/order/return-goods.ts";
import { regionOrderTotals } from "../../domain/region-pricing/region-order-totals.ts";
import type { PricedShippingMethod } from "../../domain/region-pricing/region-shipping.ts";
import type { RegionTaxLine } from "../../domain/region-pricing/region-tax.ts";
import { buyerId, type OrderDetails } from "../../operations/order-details.ts";
import { providerOf } from "../../operations/payment-providers.ts";
import { type IdPrefix, partId, wireId } from "./ids.ts";
import { addressColumns, discountColumns, giftCardColumns } from "./joined-columns.ts";
import { type ShownRegion, shownRegion } from "./order-region.ts";
import { wireStatuses } from "./order-statuses.ts";
import { paymentDates, renderFulfilment, renderRefunds, renderReturn } from "./render-after-sales.ts";
import { renderCustomer } from "./render-customer.ts";
import { lineAdjustments, lineSums } from "./render-line-price.ts";
import { imageUrl, renderLineVariant, thumbnailOf } from "./render-product.ts";
import { renderPlainRegion } from "./render-region.ts";
import { renderSalesChannel } from "./render-sales-channel.ts";
import { renderPlainShippingOption } from "./render-shipping-option.ts";

/** An order with everything that any answer shows of it; see `selectOrder` for what a request wants of that. */
export function renderOrder(baseUrl: string, order: Order, details: OrderDetails) {
  const shown = shownRegion(order, details.setup);
  const { region } = shown;
  const id = wireId("order", order.id);
  const customerId = buyerId(order);
  const customer = customerId === undefined ? undefined : details.customers.get(customerId);
  const channel = details.setup.salesChannels.find((one) => one.id === shown.salesChannelId);
  const paid = order.payments.filter(isPromised);
  const refunds = renderRefunds(order);
  const paidTotal = paid.reduce((sum, { amount }) => sum + amount, 0);
  const refundedTotal = refunds.reduce((sum, { amount }) => sum + amount, 0);
  const totals = regionOrderTotals(shown.totals.cart, paidTotal, refundedTotal);
  const place = { baseUrl, setup: details.setup };
  return {
    object: "order" as const,
    id,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    ...wireStatuses(order),
    display_id: order.displayId ?? null,
    cart_id: wireId("cart", order.cartId),
    customer_id: customerId === undefined ? null : wireId("cus", customerId),
    email: shown.email,
    billing_address_id: shown.billingAddress ? wireId("addr", shown.billingAddress.id) : null,
    shipping_address_id: shown.shippingAddress ? wireId("addr", shown.shippingAddress.id) : null,
    region_id: region ? wireId("reg", region.id) : null,
    currency_code: order.currency.toLowerCase(),
    tax_rate: null,
    draft_order_id: shown.draftOrderId === undefined ? null : wireId("dorder", shown.draftOrderId),
    canceled_at: order.cancelledAt ?? null,
    metadata: shown.metadata ?? {},
    no_notification: null,
    idempotency_key: null,
    external_id: order.externalRef ?? null,
    sales_channel_id: channel ? wireId("sc", channel.id) : null,
    billing_address: shown.billingAddress ? addressColumns(shown.billingAddress) : null,
    claims: [],
    customer: customer ? renderCustomer(customer) : null,
    discounts: shown.discounts.map(discountColumns),
    fulfillments: (order.fulfilments ?? []).map((one) => renderFulfilment(order.id, one)),
    gift_card_transactions: details.giftCardTransactions
      .filter(({ orderId }) => orderId === order.id)
      .map((one) => ({
        id: wireId("gct", one.id),
        gift_card_id: wireId("gift", one.cardId),
        order_id: id,
        amount: one.amount,
        created_at: one.createdAt,
        is_taxable: one.isTaxable,
        tax_rate: one.taxPercent,
      })),
    gift_cards: shown.giftCards.flatMap(({ code }) => {
      const card = details.giftCards.get(code);
      return card ? [giftCardColumns(card)] : [];
    }),
    items: order.lines.map((line, index) => renderLine(place, order, shown, line, index, details)),
    payments: paid.map((payment) => renderPayment(order, payment)),
    refunds,
    region: region ? renderPlainRegion(region) : null,
    returns: (order.returns ?? []).map((goods) => ({
      ...renderReturn(order.id, goods, details.reasons),
      shipping_method: returnShipping(goods, details),
    })),
    sales_channel: channel ? renderSalesChannel(channel) : null,
    shipping_address: shown.shippingAddress ? addressColumns(shown.shippingAddress) : null,
    shipping_methods: renderShipping(order, shown),
    swaps: [],
    subtotal: totals.subtotal,
    discount_total: totals.discountTotal,
    raw_discount_total: totals.discountTotal,
    shipping_total: totals.shippingTotal,
    refunded_total: totals.refundedTotal,
    paid_total: totals.paidTotal,
    refundable_amount: totals.refundableAmount,
    item_tax_total: totals.itemTaxTotal,
    shipping_tax_total: totals.shippingTaxTotal,
    tax_total: totals.taxTotal,
    gift_card_total: totals.giftCardTotal,
    gift_card_tax_total: totals.giftCardTaxTotal,
    total: totals.total,
  };
}

export type WireOrder = ReturnType<typeof renderOrder>;

function renderLine(
  place: Parameters<typeof renderLineVariant>[0],
  order: Order,
  shown: ShownRegion,
  line: OrderLine,
  index: number,
  details: OrderDetails,
) {
  const id = wireId("item", line.id);
  const facts = shown.lines[index];
  const price = shown.totals.lines[index];
  const product = line.productId === undefined ? undefined : details.products.get(line.productId);
  const returned = returnedOf(order, line.id);
  const touched = order.fulfilledAt !== undefined || hasFulfilments(order, line.id);
  const shipped = shippedOf(order, line);
  return {
    id,
    created_at: facts?.createdAt ?? order.createdAt,
    updated_at: order.updatedAt,
    cart_id: wireId("cart", order.cartId),
    order_id: wireId("order", order.id),
    swap_id: null,
    claim_order_id: null,
    original_item_id: null,
    order_edit_id: null,
    title: line.name,
    description: line.description,
    thumbnail: lineThumbnail(place, order, facts, product?.group),
    is_return: false,
    is_giftcard: facts?.isGiftCard ?? false,
    should_merge: true,
    allow_discounts: facts?.allowsDiscounts ?? true,
    has_shipping: facts?.hasShipping ?? false,
    unit_price: price?.unitPrice ?? line.price.unitAmount,
    variant_id: line.productId === undefined ? null : wireId("variant", line.productId),
    quantity: line.quantity,
    fulfilled_quantity: touched ? fulfilledForSure(order, line) : null,
    returned_quantity: returned === 0 ? null : returned,
    shipped_quantity: shipped === 0 ? null : shipped,
    includes_tax: line.includesTax,
    metadata: line.customInputs ?? {},
    adjustments: lineAdjustments(line.id, price),
    tax_lines: (price?.taxLines ?? []).map((tax, place) =>
      taxLine("litl", order, line.id, tax, place, { item_id: id }),
    ),
    variant: product ? renderLineVariant(place, product.group, product.variant) : null,
    refundable: worthOf(order, [{ lineId: line.id, quantity: line.quantity - returned }]),
    ...lineSums(price),
  };
}

/** The picture that the line had when it was ordered; an order of the other dialect kept none, so the product's of today. */
function lineThumbnail(
  place: { readonly baseUrl: string },
  order: Order,
  facts: ShownRegion["lines"][number] | undefined,
  group: Product | undefined,
): string | null {
  if (facts?.thumbnail !== undefined) return imageUrl(place, facts.thumbnail);
  return order.region || !group ? null : thumbnailOf(place, group);
}

function taxLine<Owner extends object>(
  prefix: IdPrefix,
  order: Order,
  ownerId: string,
  tax: RegionTaxLine,
  place: number,
  owner: Owner,
) {
  return {
    id: partId(prefix, ownerId, place),
    created_at: order.createdAt,
    updated_at: order.createdAt,
    rate: tax.percent,
    name: tax.name,
    code: tax.code,
    metadata: null,
    ...owner,
  };
}

/** How goods are sent back, as the order shows it; null: not by a way of ours. */
function returnShipping(goods: Return, { setup }: OrderDetails) {
  const { shipping } = goods;
  if (!shipping) return null;
  const option = setup.shippingOptions.find(({ id }) => id === shipping.optionId);
  const id = wireId("sm", shipping.id);
  return {
    id,
    shipping_option_id: wireId("so", shipping.optionId),
    order_id: null,
    claim_order_id: null,
    cart_id: null,
    swap_id: null,
    return_id: wireId("ret", goods.id),
    price: shipping.price,
    data: shipping.data,
    shipping_option: option ? renderPlainShippingOption(option) : null,
    tax_lines: [
      {
        id: partId("smtl", shipping.id, 0),
        created_at: goods.createdAt,
        updated_at: goods.createdAt,
        rate: shipping.taxPercent,
        name: "default",
        code: "default",
        metadata: null,
        shipping_method_id: id,
      },
    ],
  };
}

function hasFulfilments({ fulfilments = [] }: Order, lineId: string): boolean {
  return fulfilments.some(({ items }) => items.some((item) => item.lineId === lineId));
}

function renderShipping(order: Order, shown: ShownRegion) {
  const chosen = shown.shippingMethods.map((method, index) => {
    const price = shown.totals.shippingMethods[index];
    return {
      shipping_option_id: wireId("so", method.option.id),
      price: method.price,
      data: method.data,
      shipping_option: renderPlainShippingOption(method.option),
      includes_tax: method.option.includesTax,
      ...shippingColumns(order, method.id, price),
    };
  });
  const plain = shown.plainShipping.map((price) => ({
    shipping_option_id: null,
    price: price.price,
    data: {},
    shipping_option: null,
    includes_tax: false,
    ...shippingColumns(order, price.id, price),
  }));
  return [...chosen, ...plain];
}

function shippingColumns(order: Order, methodId: string, price: PricedShippingMethod | undefined) {
  const id = wireId("sm", methodId);
  return {
    id,
    order_id: wireId("order", order.id),
    claim_order_id: null,
    cart_id: wireId("cart", order.cartId),
    swap_id: null,
    return_id: null,
    tax_lines: (price?.taxLines ?? []).map((tax, place) =>
      taxLine("smtl", order, methodId, tax, place, { shipping_method_id: id }),
    ),
    original_total: price?.originalTotal ?? 0,
    total: price?.total ?? 0,
    subtotal: price?.subtotal ?? 0,
    original_tax_total: price?.originalTaxTotal ?? 0,
    tax_total: price?.taxTotal ?? 0,
  };
}

/**
 * Whether this dialect shows a payment: money was here or promised, whatever became of it later. Where there was nothing
 * to pay, there is none.
 */
export function isPromised(payment: Payment): boolean {
  return payment.amount > 0 && startOf(payment)?.status === "complete" && !waitsForEdit(payment);
}

/** A payment of an order. */
export function renderPayment(order: Order, payment: Payment) {
  const dates = paymentDates(payment);
  return {
    id: wireId("pay", payment.id),
    created_at: payment.createdAt,
    updated_at: payment.updatedAt,
    swap_id: null,
    cart_id: wireId("cart", order.cartId),
    order_id: wireId("order", order.id),
    amount: payment.amount,
    currency_code: payment.currency.toLowerCase(),
    amount_refunded: paymentFacts(payment).refunded,
    provider_id: providerOf(payment.gateway),
    data: payment.sessionData ?? {},
    ...dates,
    metadata: null,
    idempotency_key: null,
  };
}
