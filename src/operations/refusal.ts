import type { PriceChange } from "../domain/cart/refresh-prices.ts";
import type { CartRefusal } from "../domain/cart/refusals.ts";
import type { AddressMember } from "../domain/customer/address.ts";
import type { MinorUnits } from "../domain/money.ts";
import type { OrderRefusal } from "../domain/order/refusals.ts";

/** Everything that an operation may refuse. Each dialect has a total map from these to its own words. */
export type Refusal =
  | CartRefusal
  | OrderRefusal
  | { readonly type: "cart_not_found"; readonly cartId: string }
  | { readonly type: "cart_reference_invalid" }
  | { readonly type: "cart_not_yours"; readonly owner: "customer" | "account" }
  | { readonly type: "cart_changed"; readonly cartId: string; readonly version: number }
  /** The cart has become its one order, or is being paid for. */
  | { readonly type: "cart_ordered"; readonly cartId: string; readonly orderId: string }
  | { readonly type: "cart_already_associated"; readonly owner: "customer" | "account" }
  | { readonly type: "cart_is_last"; readonly cartId: string }
  | { readonly type: "discount_settings_conflict" }
  | { readonly type: "custom_items_forbidden" }
  | { readonly type: "custom_discounts_forbidden" }
  | { readonly type: "shipping_prices_forbidden" }
  | { readonly type: "promotion_code_unknown"; readonly code: string }
  | { readonly type: "promotions_disabled"; readonly code: string }
  | {
      readonly type: "promotion_code_refused";
      readonly code: string;
      readonly reason:
        | "for_another_user"
        | "used_up"
        | "used_up_by_shopper"
        | "for_registered_shoppers"
        | "for_new_shoppers"
        | "shopper_unknown";
    }
  | { readonly type: "prices_risen"; readonly currency: string; readonly changes: readonly PriceChange[] }
  | {
      readonly type: "products_gone";
      readonly items: readonly { readonly id: string; readonly sku: string; readonly name: string }[];
    }
  | {
      readonly type: "taxes_missing";
      readonly items: readonly { readonly id: string; readonly sku: string; readonly name: string }[];
    }
  | { readonly type: "order_total_too_low"; readonly currency: string; readonly minimum: MinorUnits }
  | { readonly type: "promotion_item_fixed"; readonly promotionId: string }
  | { readonly type: "cart_without_products"; readonly code: string }
  | { readonly type: "product_not_found"; readonly id?: string; readonly sku?: string }
  | { readonly type: "currency_unknown"; readonly currency: string }
  | { readonly type: "customer_not_found"; readonly customerId: string }
  | { readonly type: "account_not_found"; readonly accountId: string }
  | { readonly type: "order_not_found"; readonly orderId: string }
  | { readonly type: "gateway_unknown"; readonly gateway: string }
  | { readonly type: "gateway_disabled"; readonly gateway: string }
  | { readonly type: "gateway_method_unsupported"; readonly gateway: string; readonly method: string }
  | {
      readonly type: "payment_declined";
      readonly gateway: string;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: "write_conflict" }
  | { readonly type: "credentials_invalid" }
  | { readonly type: "email_taken"; readonly email: string }
  | { readonly type: "username_taken"; readonly username: string }
  | { readonly type: "customer_not_yours"; readonly customerId: string }
  | { readonly type: "account_not_yours"; readonly accountId: string }
  | { readonly type: "registration_taken"; readonly registrationId: string }
  | { readonly type: "address_not_found"; readonly addressId: string }
  | { readonly type: "address_incomplete"; readonly missing: readonly AddressMember[] }
  | {
      readonly type: "address_limit_reached";
      readonly limit: number;
      readonly owner: "customer" | "account";
    }
  | { readonly type: "product_sku_taken"; readonly sku: string }
  | { readonly type: "product_slug_taken"; readonly slug: string }
  | { readonly type: "product_price_repeated"; readonly currency: string }
  | { readonly type: "stock_allocated"; readonly productId: string }
  | { readonly type: "image_not_found"; readonly imageId: string }
  | { readonly type: "currency_not_found"; readonly currencyId: string }
  | { readonly type: "currency_code_taken"; readonly code: string }
  | { readonly type: "currency_limit_reached"; readonly limit: number }
  | { readonly type: "currency_is_default"; readonly wanted: "disable" | "delete" | "replace" }
  | { readonly type: "flow_not_found"; readonly flow: string }
  | { readonly type: "flow_slug_taken"; readonly slug: string }
  | { readonly type: "flow_slug_fixed"; readonly slug: string }
  | { readonly type: "field_not_found"; readonly fieldId: string }
  | { readonly type: "field_slug_taken"; readonly slug: string }
  | { readonly type: "field_limit_reached"; readonly limit: number }
  | { readonly type: "field_member_fixed"; readonly member: "slug" | "type" | "flowId" }
  | { readonly type: "promotion_not_found"; readonly promotionId: string }
  | { readonly type: "promotion_ends_first" }
  | { readonly type: "promotion_limit_reached"; readonly limit: number }
  | { readonly type: "promotion_code_taken"; readonly codes: readonly string[] }
  | { readonly type: "promotion_code_limit_reached"; readonly limit: number }
  | { readonly type: "promotion_code_not_found"; readonly code: string }
  | {
      readonly type: "rule_promotion_priority_taken";
      readonly priority: number;
      readonly promotionId: string;
    }
  | { readonly type: "rule_promotion_automatic" }
  | { readonly type: "rule_promotion_code_taken"; readonly codes: readonly string[] };

/** A refusal of one kind. */
export type RefusalOf<Type extends Refusal["type"]> = Extract<Refusal, { type: Type }>;
