import { attributesOf } from "../catalog/attributes.ts";
import { nodesOf } from "../catalog/nodes.ts";
import { type Price, type Product, priceIn } from "../catalog/product.ts";
import { extended } from "../extended.ts";
import { fail, ok, type Result } from "../result.ts";
import {
  type Cart,
  type CartItem,
  type CartRules,
  type CartTax,
  type CustomItem,
  MAX_QUANTITY,
  type ProductItem,
  withItems,
} from "./cart.ts";
import type { CartRefusal } from "./refusals.ts";
import { refusedGroup } from "./shipping-groups.ts";

/** A product and how much of it can be sold now; `available` is undefined when nobody counts it. */
export type Sellable = { readonly product: Product; readonly available: number | undefined };

/** As much of a sellable product as the question of its stock needs. */
export type StockedName = {
  readonly product: Pick<Product, "id" | "sku" | "name" | "manageStock">;
  readonly available: number | undefined;
};

export type AddProductItem = Sellable & {
  readonly itemId: string;
  readonly quantity: number;
  /** Currency the shopper asked for; it decides for the first item only. */
  readonly currency: string;
  readonly customInputs?: Readonly<Record<string, unknown>>;
  readonly location?: string;
  /** A group of the cart; absent: the one that the line has. */
  readonly shippingGroupId?: string;
  /** Replaces the taxes of the line. */
  readonly taxes?: readonly CartTax[];
} & LineFields;

/** Values of custom fields: those to set, and those that a line has when it is new. */
type LineFields = {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly defaultFields?: Readonly<Record<string, unknown>>;
};

/**
 * Adds pieces of a product: to the line it already has with the same inputs, else as a new line. The price is the
 * product's price now. Stock is checked for what this request asks for; checkout and payment check the whole.
 */
export function addProductItem(
  cart: Cart,
  input: AddProductItem,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  const { product } = input;
  const currency = cart.currency ?? input.currency;
  if (cart.currency !== undefined && input.currency !== cart.currency) {
    return fail({ type: "cart_currency_mismatch", cartCurrency: cart.currency, currency: input.currency });
  }
  if (product.isBase) return fail({ type: "product_not_sellable", productId: product.id });
  const price = priceIn(product, currency);
  if (!price) return fail({ type: "price_missing", productId: product.id, sku: product.sku, currency });
  if (!isStockEnough(cart, input, input.quantity)) return fail(insufficientStock(product));

  const line = cart.items.find(
    (item): item is ProductItem =>
      item.kind === "product" &&
      !item.isGift &&
      item.productId === product.id &&
      sameInputs(item.customInputs, input.customInputs) &&
      (!cart.separateItemsByLocation || item.location === input.location),
  );
  const changed: ProductItem = {
    id: line?.id ?? input.itemId,
    ...copyOf(product, price),
    quantity: (line?.quantity ?? 0) + input.quantity,
    taxes: input.taxes ?? line?.taxes ?? [],
    ...(input.customInputs && { customInputs: input.customInputs }),
    ...((input.location ?? line?.location) && { location: input.location ?? line?.location }),
    ...attachedTo(line, input),
    ...(line?.customDiscounts && { customDiscounts: line.customDiscounts }),
    ...fieldsOf(line, input),
    createdAt: line?.createdAt ?? now,
    updatedAt: now,
  };
  return putItem(extended(cart, { currency }), changed, rules, now);
}

/** What of a product is copied onto a line, as it is now. */
export function copyOf(product: Product, price: Price) {
  const image = product.images[0];
  const nodes = nodesOf(product);
  const attributes = attributesOf(product);
  return {
    kind: "product",
    productId: product.id,
    name: product.name,
    sku: product.sku,
    slug: product.slug,
    description: product.description,
    ...(image && { image }),
    unitAmount: price.amount,
    includesTax: price.includesTax,
    manageStock: product.manageStock,
    productUpdatedAt: product.updatedAt,
    ...(nodes.length > 0 && { nodes }),
    ...(attributes.length > 0 && { attributes }),
  } as const;
}

export type AddCustomItem = {
  readonly itemId: string;
  readonly name: string;
  readonly sku: string;
  readonly description: string;
  readonly quantity: number;
  readonly unitAmount: number;
  readonly includesTax: boolean;
  readonly currency: string;
  readonly customInputs?: Readonly<Record<string, unknown>>;
  /** A group of the cart; absent: the one that the line has. */
  readonly shippingGroupId?: string;
  readonly taxes?: readonly CartTax[];
} & LineFields;

/** Adds a line that is no product. The same sku adds up on its line, which keeps its first name and price. */
export function addCustomItem(
  cart: Cart,
  input: AddCustomItem,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  if (cart.currency !== undefined && input.currency !== cart.currency) {
    return fail({ type: "cart_currency_mismatch", cartCurrency: cart.currency, currency: input.currency });
  }
  const line =
    input.sku === ""
      ? undefined
      : cart.items.find((item): item is CustomItem => item.kind === "custom" && item.sku === input.sku);
  const changed: CustomItem = line
    ? {
        ...line,
        quantity: line.quantity + input.quantity,
        taxes: input.taxes ?? line.taxes,
        ...attachedTo(line, input),
        ...fieldsOf(line, input),
        updatedAt: now,
      }
    : {
        id: input.itemId,
        kind: "custom",
        name: input.name,
        sku: input.sku,
        description: input.description,
        quantity: input.quantity,
        unitAmount: input.unitAmount,
        includesTax: input.includesTax,
        taxes: input.taxes ?? [],
        ...(input.customInputs && { customInputs: input.customInputs }),
        ...attachedTo(undefined, input),
        ...fieldsOf(undefined, input),
        createdAt: now,
        updatedAt: now,
      };
  return putItem({ ...cart, currency: cart.currency ?? input.currency }, changed, rules, now);
}

function attachedTo(
  line: CartItem | undefined,
  input: Pick<CartItem, "shippingGroupId">,
): Pick<CartItem, "shippingGroupId"> {
  const shippingGroupId = input.shippingGroupId ?? line?.shippingGroupId;
  return shippingGroupId === undefined ? {} : { shippingGroupId };
}

function fieldsOf(line: CartItem | undefined, input: LineFields): Pick<CartItem, "fields"> {
  const before = line ? line.fields : input.defaultFields;
  return (before ?? input.fields) ? { fields: { ...before, ...input.fields } } : {};
}

/** Whether `quantity` pieces can be promised now. A deferred or preview cart promises nothing. */
export function isStockEnough(
  cart: Pick<Cart, "deferInventoryCheck" | "snapshotDate">,
  sellable: StockedName,
  quantity: number,
): boolean {
  if (cart.deferInventoryCheck || cart.snapshotDate !== undefined) return true;
  if (!sellable.product.manageStock || sellable.available === undefined) return true;
  return quantity <= sellable.available;
}

export function insufficientStock(product: Pick<Product, "id" | "sku" | "name">): CartRefusal {
  return { type: "insufficient_stock", productId: product.id, sku: product.sku, name: product.name };
}

function putItem(cart: Cart, changed: CartItem, rules: CartRules, now: string): Result<Cart, CartRefusal> {
  if (changed.quantity > MAX_QUANTITY) return fail({ type: "quantity_too_large", limit: MAX_QUANTITY });
  if ((changed.taxes.length ?? 0) > rules.maxTaxesPerItem) {
    return fail({ type: "tax_limit_reached", limit: rules.maxTaxesPerItem, itemId: changed.id });
  }
  const noGroup =
    changed.shippingGroupId !== undefined &&
    refusedGroup(cart, changed.shippingGroupId, cart.currency as string);
  if (noGroup) return fail(noGroup);
  const known = cart.items.some((item) => item.id === changed.id);
  if (!known && cart.items.length >= rules.maxItems)
    return fail({ type: "cart_full", limit: rules.maxItems });
  const items = known
    ? cart.items.map((item) => (item.id === changed.id ? changed : item))
    : [...cart.items, changed];
  return ok(withItems(cart, items, rules, now));
}

/** Equal as JSON, whatever the order of the members. */
export function sameInputs(a: unknown, b: unknown): boolean {
  return canonical(a ?? {}) === canonical(b ?? {});
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
