import type { Cart, CartItem, CartTax } from "../../domain/cart/cart.ts";
import type { CurrencyFormat } from "../../domain/currency.ts";
import type { CartTotals, PricedLine } from "../../domain/pricing/price-cart.ts";
import { type Context, defaultCurrency, enabledCurrency, formatFor } from "../../operations/context.ts";
import type { Quote } from "../../operations/quote-cart.ts";
import type { Call, Reply } from "../route.ts";
import { shownCustomFields } from "./custom-fields.ts";
import type { WireError } from "./errors.ts";
import { discountRelation, discountsOfCart } from "./render-custom-discount.ts";
import { entered, linePrice, shown } from "./render-money.ts";
import {
  promotionItemLinks,
  renderMessages,
  renderPromotionItems,
  renderShownPromotions,
  renderSuggestions,
} from "./render-promotion-items.ts";

/** What of a request a rendered cart depends on. */
type Where = Pick<Call, "context" | "baseUrl" | "header">;

/** A cart, with its items, taxes and promotions included where they are asked for. */
export function cartReply(
  where: Where,
  quote: Quote,
  status: 200 | 201,
  include: readonly string[] = [],
): Reply {
  const included = includedOf(where, quote, include);
  return {
    status,
    headers: versionOf(quote.cart),
    body: { data: renderCart(where, quote, include), ...(included && { included }) },
  };
}

/** All items of a cart, as every change of them is answered. */
export function itemsReply(
  where: Where,
  quote: Quote,
  status: 200 | 201,
  options: { include?: readonly string[]; errors?: readonly WireError[] } = {},
): Reply {
  const { cart, priced } = quote;
  const include = (options.include ?? []).filter((name) => name !== "items");
  const included = includedOf(where, quote, include);
  const format = formatOf(where, cart);
  const messages = renderMessages(quote, format);
  return {
    status,
    headers: versionOf(cart),
    body: {
      data: renderItems(where, quote),
      ...(included && { included }),
      ...(options.errors && options.errors.length > 0 && { errors: options.errors }),
      meta: {
        display_price: totals(priced.totals, format),
        timestamps: timestamps(cart),
        ...(messages.length > 0 && { messages }),
        ...suggestions(quote, format),
      },
    },
  };
}

/** What a client may send back in `If-Match`, to change only the cart that it has seen. */
function versionOf({ version }: Cart) {
  return { etag: `"${version}"` };
}

function suggestions(quote: Quote, format: CurrencyFormat) {
  const promotion_suggestions = renderSuggestions(quote, format);
  return promotion_suggestions.length > 0 ? { promotion_suggestions } : {};
}

export function renderCart(where: Where, quote: Quote, include: readonly string[] = []) {
  const { cart, priced } = quote;
  const promotions = promotionItemLinks(quote);
  const items = [...cart.items.map((item) => ({ type: wireType(item), id: item.id })), ...promotions];
  const format = formatOf(where, cart);
  return {
    id: cart.id,
    type: "cart",
    name: cart.name,
    description: cart.description,
    ...(cart.contactEmail !== undefined && { contact: { email: cart.contactEmail } }),
    discount_settings: {
      custom_discounts_enabled: cart.discountSettings.customDiscountsEnabled,
      use_rule_promotions: cart.discountSettings.useRulePromotions,
    },
    inventory_settings: { defer_inventory_check: cart.deferInventoryCheck },
    item_settings: { separate_items_by_location: cart.separateItemsByLocation },
    ...(Object.keys(cart.customAttributes).length > 0 && { custom_attributes: cart.customAttributes }),
    ...(cart.snapshotDate !== undefined && { snapshot_date: cart.snapshotDate }),
    ...shownCustomFields(where.context.store, "carts", cart.fields),
    links: { self: `${where.baseUrl}/v2/carts/${cart.id}` },
    meta: {
      display_price: totals(priced.totals, format),
      timestamps: timestamps(cart),
      ...suggestions(quote, format),
    },
    relationships: {
      items: { data: items.length > 0 ? items : null },
      customers: owner("customer", cart.customerId),
      accounts: owner("account", cart.accountId),
      ...discountRelation(cart),
      ...(include.includes("promotions") && {
        promotions: { data: promotions.map(({ id }) => ({ type: "promotion", id })) },
      }),
    },
  };
}

function owner(type: string, id: string | undefined) {
  return id === undefined ? {} : { data: [{ type, id }] };
}

/** The lines of a cart in the order of adding, and after them those of its promotions. */
export function renderItems(where: Where, quote: Quote) {
  const { cart, priced } = quote;
  const format = formatOf(where, cart);
  return [
    ...cart.items.map((item, index) => renderItem(where, item, priced.lines[index] as PricedLine, format)),
    ...renderPromotionItems(quote, format),
  ];
}

function renderItem(where: Where, item: CartItem, line: PricedLine, format: CurrencyFormat) {
  const { baseUrl } = where;
  const product = item.kind === "product" ? item : undefined;
  const image = product?.image;
  const href = image && (image.href.startsWith("/") ? `${baseUrl}${image.href}` : image.href);
  return {
    id: item.id,
    type: wireType(item),
    ...(product && { product_id: product.productId }),
    name: item.name,
    description: item.description,
    sku: item.sku,
    slug: product?.slug ?? "",
    image: { mime_type: image?.mimeType ?? "", file_name: image?.fileName ?? "", href: href ?? "" },
    quantity: item.quantity,
    manage_stock: product?.manageStock ?? false,
    unit_price: entered(item.unitAmount, format.code, item.includesTax),
    value: entered(line.value, format.code, item.includesTax),
    ...(line.discounts.length > 0 && { discounts: renderDiscounts(line, format.code, item.includesTax) }),
    ...(item.customInputs && { custom_inputs: item.customInputs }),
    ...(product?.location !== undefined && { location: product.location }),
    ...(item.shippingGroupId !== undefined && { shipping_group_id: item.shippingGroupId }),
    ...(product && { catalog_source: "legacy" }),
    ...shownCustomFields(where.context.store, "cart_items", item.fields),
    links: product ? { product: `${baseUrl}/v2/products/${product.productId}` } : {},
    ...relationsOf(item),
    meta: {
      display_price: linePrice(line, item.quantity, format),
      timestamps: { created_at: item.createdAt, updated_at: item.updatedAt },
    },
  };
}

function relationsOf(item: CartItem) {
  if (item.taxes.length === 0 && !item.customDiscounts) return {};
  const taxes = item.taxes.map((tax) => ({ type: "tax_item", id: tax.id }));
  return {
    relationships: { ...(taxes.length > 0 && { taxes: { data: taxes } }), ...discountRelation(item) },
  };
}

export function renderDiscounts(line: PricedLine, currency: string, includesTax: boolean) {
  return line.discounts.map((part) => ({
    amount: entered(part.amount, currency, includesTax),
    code: part.code,
    id: part.promotionId,
    ...(part.source && { promotion_source: part.source }),
    ...(part.fromCart && { is_cart_discount: true }),
  }));
}

export function renderTax(tax: CartTax) {
  return { ...tax, type: "tax_item" };
}

/** The dialect's type of a line. */
export function wireType(item: Pick<CartItem, "kind">): "cart_item" | "custom_item" {
  return item.kind === "product" ? "cart_item" : "custom_item";
}

function timestamps(cart: Cart) {
  return { created_at: cart.createdAt, updated_at: cart.updatedAt, expires_at: cart.expiresAt };
}

/** `meta.display_price` of a cart. */
export function totals(sums: CartTotals, format: CurrencyFormat) {
  return {
    with_tax: shown(sums.withTax, format),
    without_tax: shown(sums.withoutTax, format),
    tax: shown(sums.tax, format),
    discount: shown(sums.discount, format),
    without_discount: shown(sums.withoutDiscount, format),
    shipping: shown(sums.shipping, format),
    shipping_discount: shown(sums.shippingDiscount, format),
  };
}

function includedOf(where: Where, quote: Quote, include: readonly string[]) {
  const parts: Record<string, unknown[]> = {};
  if (include.includes("items")) parts.items = renderItems(where, quote);
  if (include.includes("tax_items")) {
    parts.tax_items = quote.cart.items.flatMap((item) => item.taxes.map(renderTax));
  }
  if (include.includes("custom_discounts")) {
    parts.custom_discounts = discountsOfCart(quote.cart, formatOf(where, quote.cart));
  }
  if (include.includes("promotions")) parts.promotions = renderShownPromotions(quote);
  const present = Object.entries(parts).filter(([, list]) => list.length > 0);
  return present.length > 0 ? Object.fromEntries(present) : undefined;
}

/** A cart without items has no currency yet: it is shown in the one that was asked for. */
function formatOf(where: Where, cart: Cart): CurrencyFormat {
  return formatFor(where.context.store, cart.currency ?? currencyOf(where.context, where.header));
}

/** The currency that the request asks for, if the store has it, else the store's own. */
export function currencyOf(context: Context, header: Call["header"]): string {
  const asked = header("x-moltin-currency");
  const known = asked === undefined ? undefined : enabledCurrency(context.store, asked);
  return known?.code ?? defaultCurrency(context.store).code;
}
