import { type Image, isPlainPrice, type Price, type Product } from "../domain/catalog/product.ts";
import { initialFields } from "../domain/custom-fields/field-values.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context, StoreConfig } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { StockedProduct } from "./ports/products.ts";
import type { RefusalOf } from "./refusal.ts";

/** What a shop decides about a product. */
export type ProductDetails = Pick<
  Product,
  "sku" | "slug" | "name" | "description" | "status" | "commodityType" | "manageStock" | "prices" | "fields"
>;

export type SaveProductRefusal = RefusalOf<
  "product_sku_taken" | "product_slug_taken" | "product_price_repeated" | "currency_unknown"
>;

/**
 * Stores a new product that is sold by itself. With `stock` (pieces) it is counted from the beginning; without, a
 * later request begins to count it.
 */
export async function createProduct(
  deps: Deps,
  context: Context,
  input: { readonly details: ProductDetails; readonly stock?: number },
): Promise<Result<StockedProduct, SaveProductRefusal>> {
  const { details, stock } = input;
  const invalid = invalidPrice(context.store, details.prices);
  if (invalid) return fail(invalid);
  const now = deps.now();
  const fields = initialFields(context.store.customFields.products, details.fields);
  const product: Product = {
    ...details,
    ...(fields && { fields }),
    id: deps.newId(),
    isBase: false,
    images: [],
    createdAt: now,
    updatedAt: now,
  };
  const counted =
    stock === undefined
      ? undefined
      : { quantity: stock, movementId: deps.newId(), actor: context.actor.label };
  const saved = await deps.storage.products.insert(context.store.storeId, product, counted);
  switch (saved) {
    case "saved":
      return ok({ product, available: product.manageStock ? stock : undefined });
    case "sku_taken":
      return fail({ type: "product_sku_taken", sku: product.sku });
    case "slug_taken":
      return fail({ type: "product_slug_taken", slug: product.slug });
    case "id_taken":
      throw new Error(`There is a product ${product.id} already`);
  }
}

/** Changes the given members of a product. Prices take the place of its plain ones; those for a region or a number of pieces stay. */
export async function updateProduct(
  deps: Deps,
  context: Context,
  productId: string,
  changes: Partial<ProductDetails>,
): Promise<Result<StockedProduct, SaveProductRefusal | RefusalOf<"product_not_found">>> {
  const invalid = changes.prices && invalidPrice(context.store, changes.prices);
  if (invalid) return fail(invalid);
  const updatedAt = deps.now();
  const changed = await deps.storage.products.change(context.store.storeId, productId, (product) => {
    const fields = changes.fields && { ...product.fields, ...changes.fields };
    const prices = changes.prices && [
      ...changes.prices,
      ...product.prices.filter((price) => !isPlainPrice(price)),
    ];
    return { ...product, ...changes, ...(fields && { fields }), ...(prices && { prices }), updatedAt };
  });
  switch (changed.kind) {
    case "saved":
      return ok(changed.stocked);
    case "sku_taken":
      return fail({ type: "product_sku_taken", sku: changes.sku ?? "" });
    case "slug_taken":
      return fail({ type: "product_slug_taken", slug: changes.slug ?? "" });
    case "not_found":
      return fail({ type: "product_not_found", id: productId });
  }
}

/** Puts a picture that is on record first among those of a product, as its main image. */
export async function setMainImage(
  deps: Deps,
  context: Context,
  productId: string,
  imageId: string,
): Promise<Result<StockedProduct, RefusalOf<"product_not_found" | "image_not_found">>> {
  const stored = await deps.storage.products.image(context.store.storeId, imageId);
  if (!stored) return fail({ type: "image_not_found", imageId });
  return changeImages(deps, context, productId, (images) => [
    stored.image,
    ...images.filter(({ id }) => id !== imageId),
  ]);
}

/** Takes the main image from a product; the next of its pictures becomes the main one. */
export function removeMainImage(
  deps: Deps,
  context: Context,
  productId: string,
): Promise<Result<StockedProduct, RefusalOf<"product_not_found">>> {
  return changeImages(deps, context, productId, (images) => images.slice(1));
}

async function changeImages(
  deps: Deps,
  context: Context,
  productId: string,
  change: (images: readonly Image[]) => readonly Image[],
): Promise<Result<StockedProduct, RefusalOf<"product_not_found">>> {
  const updatedAt = deps.now();
  const changed = await deps.storage.products.change(context.store.storeId, productId, (product) => ({
    ...product,
    images: change(product.images),
    updatedAt,
  }));
  if (changed.kind === "saved") return ok(changed.stocked);
  if (changed.kind === "not_found") return fail({ type: "product_not_found", id: productId });
  throw new Error(`The pictures of product ${productId} were refused: ${changed.kind}`);
}

/** Prices are in currencies that the store has, disabled ones too, and there is one for each at most. */
function invalidPrice(
  store: StoreConfig,
  prices: readonly Price[],
): RefusalOf<"product_price_repeated" | "currency_unknown"> | undefined {
  const seen = new Set<string>();
  for (const { currency } of prices) {
    if (seen.has(currency)) return { type: "product_price_repeated", currency };
    seen.add(currency);
    if (!store.currencies.some(({ code }) => code === currency)) {
      return { type: "currency_unknown", currency };
    }
  }
  return undefined;
}
