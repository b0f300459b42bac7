import type { ChoiceRefusal } from "../domain/catalog/variant-of.ts";
import type { OrderEditRefusal } from "../domain/order/order-edit.ts";
import type { CollectionStatus } from "../domain/order/payment-collection.ts";
import type { DiscountEditRefusal } from "../domain/region/edit-discount.ts";
import type { RegionCartRefusal } from "./region-cart-refusal.ts";

/**
 * What operations on regions, shipping options, discounts, gift cards, returns and the like may refuse, besides the
 * refusals of the core. Only dialects that have such things have words for them.
 */
export type SalesRefusal =
  | ChoiceRefusal
  | { readonly type: "product_group_not_found"; readonly kind: ProductGroupKind; readonly id: string }
  | { readonly type: "product_group_taken"; readonly kind: ProductGroupKind; readonly name: string }
  /** A category cannot be below itself. */
  | { readonly type: "category_loop"; readonly categoryId: string }
  | { readonly type: "category_has_children"; readonly categoryId: string }
  | { readonly type: "sales_channel_unknown"; readonly channelId: string }
  | { readonly type: "product_option_not_found"; readonly optionId: string; readonly productId: string }
  | { readonly type: "variant_not_found"; readonly variantId: string }
  /** A product of the other dialect that has no variants and cannot get any. */
  | { readonly type: "product_stands_alone"; readonly productId: string }
  | DiscountEditRefusal
  | { readonly type: "discount_not_found"; readonly discountId: string }
  | { readonly type: "discount_code_unknown"; readonly code: string }
  | { readonly type: "discount_code_taken"; readonly code: string }
  /** A code made from another discount has the rule and the regions of that one. */
  | { readonly type: "discount_rule_is_parents"; readonly code: string }
  | { readonly type: "discount_condition_not_found"; readonly conditionId: string }
  | { readonly type: "gift_card_not_found"; readonly cardId: string }
  | { readonly type: "gift_card_code_unknown"; readonly code: string }
  /** It is more than the card was worth at first. */
  | { readonly type: "gift_card_balance_invalid" }
  | RegionCartRefusal
  | OrderEditRefusal
  | { readonly type: "order_edit_not_found"; readonly editId: string }
  /** The order has one already that nothing has become of yet. */
  | { readonly type: "order_edit_open"; readonly orderId: string }
  | { readonly type: "payment_collection_not_found"; readonly collectionId: string }
  /** Its sessions are not changed any more. */
  | { readonly type: "payment_collection_begun"; readonly status: CollectionStatus }
  /** The sessions do not add up to what is due, minor units. */
  | { readonly type: "payment_collection_sum"; readonly amount: number }
  | { readonly type: "collection_session_not_found"; readonly sessionId: string }
  | { readonly type: "region_not_found"; readonly regionId: string }
  | { readonly type: "draft_order_not_found"; readonly draftId: string }
  /** It has become an order. */
  | { readonly type: "draft_order_completed" }
  /** The store has no region at all. */
  | { readonly type: "region_missing" }
  | { readonly type: "country_unknown"; readonly country: string }
  | { readonly type: "country_taken"; readonly country: string; readonly regionId: string }
  /** A token that lets reset a password is wrong, too old or used, or there is no such customer. */
  | { readonly type: "reset_token_invalid" }
  /** A token that lets claim orders is wrong or too old. */
  | { readonly type: "claim_token_invalid" }
  | { readonly type: "provider_unknown"; readonly kind: "payment" | "fulfilment"; readonly provider: string }
  | { readonly type: "shipping_profile_not_found"; readonly profileId: string }
  /** The kind of profile is there once, and stays. */
  | { readonly type: "shipping_profile_fixed"; readonly kind: "default" | "gift_card" }
  | { readonly type: "shipping_option_not_found"; readonly optionId: string }
  /** A flat rate has an amount. */
  | { readonly type: "shipping_amount_missing" }
  | { readonly type: "shipping_requirement_repeated"; readonly requirement: string }
  /** The lower bound is not below the upper one. */
  | { readonly type: "shipping_requirements_crossed" }
  | { readonly type: "shipping_requirement_not_found"; readonly requirementId: string }
  | { readonly type: "shipping_provider_unavailable"; readonly provider: string }
  /** The provider cannot offer an option with that data. */
  | { readonly type: "shipping_data_refused"; readonly provider: string }
  /** The provider knows no prices for an option with that data. */
  | { readonly type: "shipping_not_calculated"; readonly provider: string }
  | { readonly type: "tax_rate_not_found"; readonly taxRateId: string }
  | { readonly type: "sales_channel_not_found"; readonly channelId: string }
  /** A store always has the channel that it sells through by default. */
  | { readonly type: "sales_channel_is_default" }
  | { readonly type: "publishable_key_not_found"; readonly keyId: string }
  | { readonly type: "return_reason_not_found"; readonly reasonId: string }
  | { readonly type: "return_reason_taken"; readonly value: string }
  /** A reason below another has none below itself. */
  | { readonly type: "return_reason_nested" }
  | { readonly type: "inventory_item_not_found"; readonly itemId: string }
  | { readonly type: "stock_location_not_found"; readonly locationId: string }
  /** There are pieces at the location. */
  | { readonly type: "stock_location_in_use" }
  /** The product is not counted at the location. */
  | { readonly type: "stock_level_not_found"; readonly productId: string; readonly locationId: string }
  /** The item of an order is not counted at the location that it is to be sent from; `name` is its product's. */
  | { readonly type: "item_not_at_location"; readonly name: string }
  /** Fewer pieces of it are there than are to be sent. */
  | { readonly type: "item_short_at_location"; readonly name: string }
  | { readonly type: "reservation_not_found"; readonly reservationId: string }
  /** More pieces than are free. */
  | { readonly type: "reservation_too_large" }
  | { readonly type: "customer_group_not_found"; readonly groupId: string }
  | { readonly type: "customer_group_taken"; readonly name: string }
  | { readonly type: "customers_unknown"; readonly customerIds: readonly string[] }
  | { readonly type: "staff_user_not_found"; readonly userId: string }
  | { readonly type: "staff_user_taken"; readonly email: string }
  /** A store always has somebody who can sign in. */
  | { readonly type: "staff_user_is_last" };

/** What products are grouped by. */
export type ProductGroupKind = "product_collection" | "product_type" | "product_tag" | "product_category";

/** A refusal of one kind. */
export type SalesRefusalOf<Type extends SalesRefusal["type"]> = Extract<SalesRefusal, { type: Type }>;
