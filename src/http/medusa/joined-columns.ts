import type { RegionAddress } from "../../domain/cart/region-part.ts";
import type { Discount } from "../../domain/region/discount.ts";
import type { StoredGiftCard } from "../../domain/region/gift-card.ts";
import { wireId } from "./ids.ts";
import { stamps } from "./render-groups.ts";

// What rows look like that carts, orders and lists are joined with: the columns, and nothing that these are joined with.

/** An address of a cart or an order. */
export function addressColumns(address: RegionAddress) {
  return {
    id: wireId("addr", address.id),
    created_at: address.created_at,
    updated_at: address.updated_at,
    deleted_at: null,
    customer_id: address.customer_id === undefined ? null : wireId("cus", address.customer_id),
    company: address.company ?? null,
    first_name: address.first_name ?? null,
    last_name: address.last_name ?? null,
    address_1: address.address_1 ?? null,
    address_2: address.address_2 ?? null,
    city: address.city ?? null,
    country_code: address.country_code ?? null,
    province: address.province ?? null,
    postal_code: address.postal_code ?? null,
    phone: address.phone ?? null,
    metadata: address.metadata ?? null,
  };
}

/** A discount with its rule, as carts and orders show it. */
export function discountColumns(discount: Discount) {
  const { rule } = discount;
  return {
    id: wireId("disc", discount.id),
    ...stamps(discount),
    code: discount.code,
    is_dynamic: discount.isDynamic,
    rule_id: wireId("dru", discount.ruleId),
    rule: {
      id: wireId("dru", discount.ruleId),
      ...stamps(discount),
      description: discount.ruleDescription ?? null,
      type: rule.type,
      value: rule.type === "percentage" ? rule.percent : rule.type === "fixed" ? rule.amount : 0,
      allocation: rule.allocation,
      metadata: null,
    },
    is_disabled: discount.isDisabled,
    parent_discount_id: discount.parentId === undefined ? null : wireId("disc", discount.parentId),
    starts_at: new Date(discount.startsAtMs).toISOString(),
    ends_at: discount.endsAtMs === null ? null : new Date(discount.endsAtMs).toISOString(),
    valid_duration: discount.validDuration ?? null,
    usage_limit: discount.usageLimit,
    usage_count: discount.usageCount,
    metadata: discount.metadata ?? null,
  };
}

/** A gift card, as carts and orders show it. */
export function giftCardColumns(card: StoredGiftCard) {
  return {
    id: wireId("gift", card.id),
    ...stamps(card),
    code: card.code,
    value: card.value,
    balance: card.balance,
    region_id: wireId("reg", card.regionId),
    order_id: card.orderId === undefined ? null : wireId("order", card.orderId),
    is_disabled: card.isDisabled,
    ends_at: card.endsAtMs === null ? null : new Date(card.endsAtMs).toISOString(),
    tax_rate: card.taxPercent,
    // A bought one has what its line had: nothing, at least.
    metadata: card.metadata ?? (card.orderId === undefined ? null : {}),
  };
}
