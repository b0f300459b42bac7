import type { CurrencyFormat } from "../../domain/currency.ts";
import { shownLateMoney } from "../../domain/order/late-money.ts";
import type { Address, Order, OrderLine, OrderPromotion } from "../../domain/order/order.ts";
import { orderFacts, orderStatuses } from "../../domain/order/status.ts";
import { formatFor, type StoreConfig } from "../../operations/context.ts";
import { shownCustomFields } from "./custom-fields.ts";
import { renderDiscounts, renderTax, totals, wireType } from "./render-cart.ts";
import { discountRelation, discountsOfOrder } from "./render-custom-discount.ts";
import { entered, linePrice, shown } from "./render-money.ts";
import { promotionPrice } from "./render-promotion-items.ts";

export function renderOrder(store: StoreConfig, order: Order) {
  const format = formatFor(store, order.currency);
  const facts = orderFacts(order);
  const late = shownLateMoney(order).map(({ paymentId, fate, settled }) => ({
    transaction_id: paymentId,
    outcome: fate === "toReturn" ? "returned" : fate,
    settled,
  }));
  const { id, name, email } = order.buyer;
  const promotionIds = (order.promotions ?? []).map(({ promotionId }) => promotionId);
  const person = { name, email, ...(id !== undefined && { id }) };
  return {
    type: "order",
    id: order.id,
    ...(order.orderNumber !== undefined && { order_number: order.orderNumber }),
    ...(order.externalRef !== undefined && { external_ref: order.externalRef }),
    ...orderStatuses(order),
    anonymized: order.anonymized,
    ...(order.accountId === undefined ? { customer: person } : { contact: { name, email } }),
    shipping_address: renderShippingAddress(order.shippingAddress),
    billing_address: address(order.billingAddress),
    ...(Object.keys(order.customAttributes).length > 0 && { custom_attributes: order.customAttributes }),
    ...shownCustomFields(store, "orders", order.fields),
    links: {},
    meta: {
      display_price: {
        balance_owing: shown(facts.balance, format),
        paid: shown(facts.paid, format),
        authorized: shown(facts.authorized + facts.pending, format),
        ...totals(order.totals, format),
      },
      timestamps: {
        created_at: order.createdAt,
        updated_at: order.updatedAt,
        ...(order.fullyPaidAt !== undefined && { fully_paid_at: order.fullyPaidAt }),
      },
      // Ours: where amounts were rounded, as the store had it then.
      ...(order.method !== undefined && { calculation_method: order.method }),
      ...(late.length > 0 && { late_money: late }),
    },
    relationships: {
      items: {
        data: [...order.lines.map((line) => line.id), ...promotionIds].map((id) => ({ type: "item", id })),
      },
      ...(promotionIds.length > 0 && {
        promotions: { data: promotionIds.map((id) => ({ type: "promotion", id })) },
      }),
      ...discountRelation(order),
      ...(id !== undefined && { customer: { data: { type: "customer", id } } }),
      ...(order.accountId !== undefined && { account: { data: { type: "account", id: order.accountId } } }),
      ...(order.accountMemberId !== undefined && {
        account_member: { data: { type: "account_member", id: order.accountMemberId } },
      }),
    },
  };
}

/** An address that something is sent to: the carrier gets a number to call and instructions. */
export function renderShippingAddress(to: Address) {
  return { phone_number: to.phone_number ?? "", instructions: to.instructions ?? "", ...address(to) };
}

function address(from: Address) {
  return {
    first_name: from.first_name,
    last_name: from.last_name,
    company_name: from.company_name ?? "",
    line_1: from.line_1,
    line_2: from.line_2 ?? "",
    ...(from.line_3 !== undefined && { line_3: from.line_3 }),
    city: from.city ?? "",
    county: from.county ?? "",
    region: from.region ?? "",
    postcode: from.postcode,
    country: from.country,
  };
}

export function renderOrderItems(store: StoreConfig, order: Order) {
  const format = formatFor(store, order.currency);
  const promotions = (order.promotions ?? []).map((promotion) => renderPromotion(order, promotion, format));
  return [...order.lines.map((line) => renderLine(store, order, line, format)), ...promotions];
}

/** The line of a promotion. Its amount is in the lines of the products already, except in the method `simple`. */
function renderPromotion(order: Order, promotion: OrderPromotion, format: CurrencyFormat) {
  const { promotionId, name, code, amount, source } = promotion;
  return {
    type: "order_item",
    id: promotionId,
    quantity: 1,
    name,
    sku: code,
    unit_price: entered(amount, order.currency, false),
    value: entered(amount, order.currency, false),
    ...(source && { promotion_source: source }),
    links: {},
    meta: {
      display_price: promotionPrice(amount, format),
      timestamps: { created_at: order.createdAt, updated_at: order.createdAt },
    },
    relationships: { cart_item: { data: { type: "promotion_item", id: promotionId } } },
  };
}

function renderLine(store: StoreConfig, order: Order, line: OrderLine, format: CurrencyFormat) {
  const { price } = line;
  return {
    type: "order_item",
    id: line.id,
    quantity: line.quantity,
    ...(line.productId !== undefined && { product_id: line.productId }),
    name: line.name,
    sku: line.sku,
    unit_price: entered(price.unitAmount, order.currency, line.includesTax),
    value: entered(price.value, order.currency, line.includesTax),
    ...(price.discounts.length > 0 && {
      discounts: renderDiscounts(price, order.currency, line.includesTax),
    }),
    ...(line.customInputs && { custom_inputs: line.customInputs }),
    ...(line.location !== undefined && { location: line.location }),
    ...(line.shippingGroupId !== undefined && { shipping_group_id: line.shippingGroupId }),
    ...(line.productId !== undefined && { catalog_source: "legacy" }),
    ...shownCustomFields(store, "order_items", line.fields),
    links: {},
    meta: {
      display_price: linePrice(price, line.quantity, format),
      timestamps: { created_at: order.createdAt, updated_at: order.createdAt },
    },
    relationships: {
      cart_item: { data: { type: wireType(line), id: line.cartItemId } },
      ...(line.taxes.length > 0 && {
        taxes: { data: line.taxes.map((tax) => ({ type: "tax_item", id: tax.id })) },
      }),
      ...discountRelation(line),
    },
  };
}

function renderIncludedPromotion({ promotionId: id, name, description, automatic }: OrderPromotion) {
  return { type: "promotion", id, name, description, automatic };
}

/** What of orders is included besides them; undefined when nothing of what was asked for is there. */
export function includedOfOrders(store: StoreConfig, orders: readonly Order[], include: readonly string[]) {
  const parts: Record<string, unknown[]> = {};
  if (include.includes("items")) {
    const items = orders.flatMap((order) => renderOrderItems(store, order));
    if (items.length > 0) parts.items = items;
  }
  if (include.includes("promotions")) {
    const promotions = orders.flatMap((order) => order.promotions ?? []).map(renderIncludedPromotion);
    if (promotions.length > 0) parts.promotions = promotions;
  }
  if (include.includes("tax_items")) {
    const taxes = orders.flatMap((order) => order.lines.flatMap((line) => line.taxes));
    if (taxes.length > 0) parts.tax_items = taxes.map(renderTax);
  }
  if (include.includes("custom_discounts")) {
    const discounts = orders.flatMap((order) => discountsOfOrder(order, formatFor(store, order.currency)));
    if (discounts.length > 0) parts.custom_discounts = discounts;
  }
  return Object.keys(parts).length > 0 ? parts : undefined;
}
