import type { CartRefusal } from "../domain/cart/refusals.ts";
import type { OrderRefusal } from "../domain/order/refusals.ts";

/** Everything that an operation may refuse. Each dialect has a total map from these to its own words. */
export type Refusal =
  | CartRefusal
  | OrderRefusal
  | { readonly type: "cart_not_found"; readonly cartId: string }
  | { readonly type: "cart_reference_invalid" }
  | { readonly type: "cart_not_yours"; readonly owner: "customer" | "account" }
  | { readonly type: "cart_already_associated"; readonly owner: "customer" | "account" }
  | { readonly type: "cart_is_last"; readonly cartId: string }
  | { readonly type: "discount_settings_conflict" }
  | { readonly type: "custom_items_forbidden" }
  | { readonly type: "promotion_code_unknown"; readonly code: string }
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
  | { readonly type: "write_conflict" };

/** A refusal of one kind. */
export type RefusalOf<Type extends Refusal["type"]> = Extract<Refusal, { type: Type }>;
