/** Why a change of a cart is refused. Each dialect has words for every one of them. */
export type CartRefusal =
  | { readonly type: "cart_currency_mismatch"; readonly cartCurrency: string; readonly currency: string }
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
  | { readonly type: "quantity_too_large"; readonly limit: number }
  | { readonly type: "amount_too_large"; readonly itemId: string }
  | { readonly type: "cart_item_not_found"; readonly itemIds: readonly string[] }
  | { readonly type: "tax_limit_reached"; readonly limit: number; readonly itemId: string }
  | { readonly type: "tax_not_found"; readonly taxId: string }
  | {
      readonly type: "tax_kind_mismatch";
      readonly wanted: string;
      readonly found: string;
      readonly itemId: string;
    }
  | { readonly type: "no_taxes_on_cart" };
