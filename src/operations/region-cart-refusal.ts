import type { DiscountRefusal } from "../domain/region-pricing/discount-refusal.ts";
import type { GiftCardRefusal } from "../domain/region-pricing/gift-cards.ts";

/** What operations on carts of a region may refuse, besides the refusals of the core. */
export type RegionCartRefusal =
  | DiscountRefusal
  | GiftCardRefusal
  /** Nothing of it changes any more; `region` when it was to move. */
  | { readonly type: "cart_completed"; readonly wanted?: "region" }
  /** Where the country was named: for a new cart, with another region, or in an address. */
  | {
      readonly type: "country_not_in_region";
      readonly country: string;
      readonly of?: "new cart" | "address";
    }
  | { readonly type: "variant_unknown"; readonly variantId: string }
  | { readonly type: "quantity_missing" }
  | { readonly type: "not_in_channel"; readonly titles: readonly string[] }
  | { readonly type: "sales_channel_disabled" }
  /** The publishable key is for several channels, and the request names none. */
  | { readonly type: "sales_channel_ambiguous" }
  | { readonly type: "cart_address_unknown"; readonly addressId: string }
  /** A card does not hold any more what the cart was to take off it. */
  | { readonly type: "gift_card_changed" }
  | { readonly type: "cart_option_unknown"; readonly optionId: string }
  | { readonly type: "option_not_in_region" }
  | { readonly type: "option_requirements_unmet" }
  | { readonly type: "fulfilment_refused"; readonly message: string }
  | { readonly type: "payment_provider_not_in_region"; readonly provider: string }
  | { readonly type: "payment_provider_failed"; readonly provider: string }
  | { readonly type: "payment_session_unknown"; readonly provider: string }
  /** The cart cannot be completed: no session is chosen. */
  | { readonly type: "payment_session_missing" }
  /** The session is for another amount than the cart costs by now; it has been brought up to date. */
  | { readonly type: "payment_session_stale" }
  | { readonly type: "order_without_customer" }
  /** Too few pieces are there of these products. */
  | { readonly type: "stock_short"; readonly productIds: readonly string[] };
