import type { Image, Product, Variation } from "../../domain/catalog/product.ts";
import { isPlainPrice, priceIn } from "../../domain/catalog/product.ts";
import { defaultCurrency, formatFor } from "../../operations/context.ts";
import type { StockedProduct } from "../../operations/ports/products.ts";
import type { Call } from "../route.ts";
import { shownCustomFields } from "./custom-fields.ts";
import { parseInclude } from "./list-query.ts";
import { entered, shown } from "./render-money.ts";

/** What of a request a rendered product depends on. */
export type ProductPlace = Pick<Call, "context" | "baseUrl" | "header">;

/** A product as the old `/v2/products` shows it. */
export function renderProduct(place: ProductPlace, { product, available }: StockedProduct) {
  const { details, variations, variationMatrix: matrix } = product;
  const level = available ?? 0;
  const price = displayPriceOf(place, product);
  return {
    ...details,
    ...shownCustomFields(place.context.store, "products", { ...details, ...product.fields }),
    type: "product",
    id: product.id,
    name: product.name,
    slug: product.slug,
    sku: product.sku,
    manage_stock: product.manageStock,
    description: product.description,
    price: product.prices
      .filter(isPlainPrice)
      .map(({ amount, currency, includesTax }) => entered(amount, currency, includesTax)),
    status: product.status,
    commodity_type: product.commodityType,
    stock: level,
    links: { self: `${place.baseUrl}/v2/products/${product.id}` },
    meta: {
      timestamps: { created_at: product.createdAt, updated_at: product.updatedAt },
      ...(price && { display_price: price }),
      // What nobody counts can always be bought.
      stock: { level, availability: available === undefined || available > 0 ? "in-stock" : "out-stock" },
      ...(product.isBase && variations && { variations: variations.map(renderVariation) }),
      variation_matrix: product.isBase && isObject(matrix) ? matrix : [],
    },
    relationships: imageRelationships(product),
  };
}

/** A choice between variants. */
export function renderVariation({ id, name, options }: Variation) {
  return { id, name, options };
}

/**
 * `meta.display_price` in the currency that the request names, else the store's default; undefined when the product has
 * no price in it. A product alone has no tax, so both kinds are the price as it was entered.
 */
export function displayPriceOf({ context: { store }, header }: ProductPlace, product: Product) {
  const currency = header("x-moltin-currency") || defaultCurrency(store).code;
  const price = priceIn(product, currency);
  if (!price) return undefined;
  const amount = shown(price.amount, formatFor(store, currency));
  return { with_tax: amount, without_tax: amount };
}

/** Relationships of a product to its pictures, the first of which is its main one, and to its base product. */
export function imageRelationships({ images, parentId }: Product) {
  const [main] = images;
  return {
    ...(main && {
      main_image: { data: { type: "main_image", id: main.id } },
      files: { data: images.map(({ id }) => ({ type: "file", id })) },
    }),
    ...(parentId !== undefined && { parent: { data: { type: "product", id: parentId } } }),
  };
}

/** `included` of products, where the request asks for it and there is something. */
export function includedOf(place: ProductPlace, rawQuery: string, products: readonly StockedProduct[]) {
  const wanted = parseInclude(rawQuery);
  const mains = products.flatMap(({ product }) => product.images.slice(0, 1));
  const files = products.flatMap(({ product }) => product.images);
  const included = {
    ...((wanted.includes("main_image") || wanted.includes("main_images")) &&
      mains.length > 0 && { main_images: filesOf(place, mains) }),
    ...(wanted.includes("files") && files.length > 0 && { files: filesOf(place, files) }),
  };
  return Object.keys(included).length > 0 ? included : undefined;
}

function filesOf(place: ProductPlace, images: readonly Image[]) {
  const each = new Map(images.map((image) => [image.id, image]));
  return [...each.values()].map((image) => renderFile(place, image));
}

/** A picture as a file. */
export function renderFile({ baseUrl }: Pick<Call, "baseUrl">, image: Image, createdAt?: string) {
  return {
    id: image.id,
    type: "file",
    file_name: image.fileName,
    mime_type: image.mimeType,
    public: true,
    link: { href: image.href.startsWith("/") ? `${baseUrl}${image.href}` : image.href },
    links: { self: `${baseUrl}/v2/files/${image.id}` },
    ...(createdAt !== undefined && { meta: { timestamps: { created_at: createdAt } } }),
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
