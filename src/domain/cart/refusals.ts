/** Why a change of a cart is refused. Each dialect has words for every one of them. */
export type CartRefusal =
  | { readonly type: "cart_empty" }
  | {
      readonly type: "cart_currency_mismatch";
      readonly cartCurrency: string;
      readonly currency: string;
      /** What the other currency was for; absent: an item. */
      readonly what?: "shipping group" | "custom discount";
    }
  | {
      readonly type: "price_missing";
      readonly productId: string;
      readonly sku: string;
      readonly currency: string;
    }
  | {
      readonly type: "insufficient_stock";
      readonly productId: string;
      readonly sku: string;
      readonly name: string;
    }
  | { readonly type: "product_not_sellable"; readonly productId: string }
  | { readonly type: "cart_full"; readonly limit: number }
  | { readonly type: "cart_codes_full"; readonly limit: number }
  | { readonly type: "quantity_too_large"; readonly limit: number }
  /** `itemId` is "" where a total is too large. */
  | { readonly type: "amount_too_large"; readonly itemId: string; readonly shippingGroupId?: string }
  | { readonly type: "cart_item_not_found"; readonly itemIds: readonly string[] }
  | { readonly type: "tax_limit_reached"; readonly limit: number; readonly itemId: string }
  | { readonly type: "tax_not_found"; readonly taxId: string }
  | {
      readonly type: "tax_kind_mismatch";
      readonly wanted: string;
      readonly found: string;
      readonly itemId: string;
    }
  | { readonly type: "no_taxes_on_cart" }
  /** The cart does not take them, or the store's calculation method does not know them. */
  | { readonly type: "custom_discounts_disabled"; readonly by: "cart" | "method" }
  /** `itemId` is absent for those of the cart as a whole. */
  | { readonly type: "custom_discount_limit_reached"; readonly limit: number; readonly itemId?: string }
  | { readonly type: "custom_discount_not_found"; readonly discountId: string }
  | { readonly type: "shipping_group_not_found"; readonly cartId: string; readonly groupId: string }
  /** An item names a group that the cart does not have. */
  | { readonly type: "item_shipping_group_not_found"; readonly cartId: string; readonly groupId: string }
  | { readonly type: "shipping_group_limit_reached"; readonly limit: number }
  | {
      readonly type: "shipping_group_attached";
      readonly groupId: string;
      readonly itemIds: readonly string[];
    }
  | { readonly type: "delivery_dates_reversed" };
