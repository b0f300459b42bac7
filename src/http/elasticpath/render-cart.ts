import type { Cart, CartItem, CartTax } from "../../domain/cart/cart.ts";
import type { CurrencyFormat } from "../../domain/currency.ts";
import type { CartTotals, PricedCart, PricedLine } from "../../domain/pricing/price-cart.ts";
import { type Context, defaultCurrency, enabledCurrency, formatFor } from "../../operations/context.ts";
import { priceOf } from "../../operations/price-cart.ts";
import type { Call, Reply } from "../route.ts";
import { shownCustomFields } from "./custom-fields.ts";
import { refused, type WireError } from "./errors.ts";
import { discountRelation, discountsOfCart } from "./render-custom-discount.ts";
import { entered, linePrice, shown } from "./render-money.ts";

/** What of a request a rendered cart depends on. */
type Where = Pick<Call, "context" | "baseUrl" | "header">;

/** A cart, with its items and taxes included where they are asked for. */
export function cartReply(
  where: Where,
  cart: Cart,
  status: 200 | 201,
  include: readonly string[] = [],
): Reply {
  const priced = priceOf(where.context, cart);
  if (!priced.ok) return refused(priced.error);
  const included = includedOf(where, cart, priced.value, include);
  return {
    status,
    body: { data: renderCart(where, cart, priced.value), ...(included && { included }) },
  };
}

/** All items of a cart, as every change of them is answered. */
export function itemsReply(
  where: Where,
  cart: Cart,
  status: 200 | 201,
  options: { include?: readonly string[]; errors?: readonly WireError[] } = {},
): Reply {
  const priced = priceOf(where.context, cart);
  if (!priced.ok) return refused(priced.error);
  const asked = options.include?.filter((part) => part !== "items") ?? [];
  const included = includedOf(where, cart, priced.value, asked);
  return {
    status,
    body: {
      data: renderItems(where, cart, priced.value),
      ...(included && { included }),
      ...(options.errors && options.errors.length > 0 && { errors: options.errors }),
      meta: {
        display_price: totals(priced.value.totals, formatOf(where, cart)),
        timestamps: timestamps(cart),
      },
    },
  };
}

export function renderCart(where: Where, cart: Cart, priced: PricedCart) {
  const items = cart.items.map((item) => ({ type: wireType(item), id: item.id }));
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
    meta: { display_price: totals(priced.totals, formatOf(where, cart)), timestamps: timestamps(cart) },
    relationships: {
      items: { data: items.length > 0 ? items : null },
      customers: owner("customer", cart.customerId),
      accounts: owner("account", cart.accountId),
      ...discountRelation(cart),
    },
  };
}

function owner(type: string, id: string | undefined) {
  return id === undefined ? {} : { data: [{ type, id }] };
}

export function renderItems(where: Where, cart: Cart, priced: PricedCart) {
  const format = formatOf(where, cart);
  return cart.items.map((item, index) => renderItem(where, item, priced.lines[index] as PricedLine, format));
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

function includedOf(where: Where, cart: Cart, priced: PricedCart, include: readonly string[]) {
  const parts: Record<string, unknown[]> = {};
  if (include.includes("items") && cart.items.length > 0) parts.items = renderItems(where, cart, priced);
  const taxes = cart.items.flatMap((item) => item.taxes);
  if (include.includes("tax_items") && taxes.length > 0) parts.tax_items = taxes.map(renderTax);
  const discounts = include.includes("custom_discounts") ? discountsOfCart(cart, formatOf(where, cart)) : [];
  if (discounts.length > 0) parts.custom_discounts = discounts;
  return Object.keys(parts).length > 0 ? parts : undefined;
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
