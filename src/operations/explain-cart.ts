import { addCustomItem, addProductItem } from "../domain/cart/add-item.ts";
import { type Cart, type CartTax, MAX_CODES } from "../domain/cart/cart.ts";
import { type Explanation, explainPrice } from "../domain/promotions/explain.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { checkCartAccess } from "./cart-access.ts";
import { isCartReference } from "./change-cart.ts";
import { type Context, enabledCurrency } from "./context.ts";
import type { Deps } from "./deps.ts";
import { newCartOf } from "./new-cart.ts";
import type { StockedProduct } from "./ports/products.ts";
import { type Quote, quoteCart } from "./quote-cart.ts";
import type { Refusal } from "./refusal.ts";

/** A price and how it came about. */
export type ExplainedCart = { readonly quote: Quote; readonly explanation: Explanation };

/** Says how the price of a cart comes about, and changes nothing. */
export async function explainCart(
  deps: Deps,
  context: Context,
  cartId: string,
): Promise<Result<ExplainedCart, Refusal>> {
  if (!isCartReference(cartId)) return fail({ type: "cart_reference_invalid" });
  const now = deps.now();
  const { cart } = await deps.storage.carts.load(context.store.storeId, cartId, now);
  if (!cart) return fail({ type: "cart_not_found", cartId });
  const allowed = checkCartAccess(context, cart);
  return allowed.ok ? explained(deps, context, cart, now) : allowed;
}

/** A line of a cart that does not exist: a product by id or SKU, or something with a price of its own. */
export type DraftLine = {
  readonly quantity: number;
  readonly taxes?: readonly CartTax[];
} & (
  | { readonly id: string }
  | { readonly sku: string }
  | { readonly name: string; readonly unitAmount: number; readonly includesTax: boolean }
);

export type DraftCart = {
  readonly currency: string;
  readonly lines: readonly DraftLine[];
  /** Promotion codes as if they were entered; unknown ones are left out. */
  readonly codes: readonly string[];
  /** RFC 3339: as if it were then. Absent: now. */
  readonly at?: string;
};

/** Prices a cart that is described in the request and never stored. Stock is not looked at. */
export async function explainDraft(
  deps: Deps,
  context: Context,
  draft: DraftCart,
): Promise<Result<ExplainedCart, Refusal>> {
  const { store } = context;
  const { currency } = draft;
  if (!enabledCurrency(store, currency)) return fail({ type: "currency_unknown", currency });
  const now = draft.at ?? deps.now();
  const rules = store.settings.cart;
  const products = await productsOf(deps, store.storeId, draft.lines);
  const empty = { ...newCartOf(store, "draft", now), deferInventoryCheck: true };
  let cart: Cart = draft.codes.length > 0 ? { ...empty, codes: draft.codes.slice(0, MAX_CODES) } : empty;
  for (const line of draft.lines) {
    const { quantity, taxes } = line;
    const common = { itemId: deps.newId(), quantity, currency, ...(taxes && { taxes }) };
    if ("name" in line) {
      const { name, unitAmount, includesTax } = line;
      const added = addCustomItem(
        cart,
        { ...common, name, unitAmount, includesTax, sku: "", description: "" },
        rules,
        now,
      );
      if (!added.ok) return added;
      cart = added.value;
      continue;
    }
    const stocked = products.find(({ product }) =>
      "id" in line ? product.id === line.id : product.sku === line.sku,
    );
    if (!stocked)
      return fail({ type: "product_not_found", ...("id" in line ? { id: line.id } : { sku: line.sku }) });
    const added = addProductItem(cart, { ...common, ...stocked }, rules, now);
    if (!added.ok) return added;
    cart = added.value;
  }
  return explained(deps, context, cart, now);
}

async function productsOf(
  { storage }: Deps,
  storeId: string,
  lines: readonly DraftLine[],
): Promise<readonly StockedProduct[]> {
  const ids = lines.flatMap((line) => ("id" in line ? [line.id] : []));
  const skus = lines.flatMap((line) => ("sku" in line ? [line.sku] : []));
  return [
    ...(ids.length > 0 ? await storage.products.byId(storeId, ids) : []),
    ...(skus.length > 0 ? await storage.products.bySku(storeId, skus) : []),
  ];
}

async function explained(
  deps: Deps,
  context: Context,
  cart: Cart,
  now: string,
): Promise<Result<ExplainedCart, Refusal>> {
  const quote = await quoteCart(deps, context, cart, now);
  if (!quote.ok) return quote;
  const { promotions, rules, priced } = quote.value;
  return ok({ quote: quote.value, explanation: explainPrice(promotions, priced, rules) });
}
