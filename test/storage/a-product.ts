import type { Product } from "../../src/domain/catalog/product.ts";

/** A product that is sold, with defaults for what a test does not care about. */
export function aProduct(product: Partial<Product> & { id: string }): Product {
  return {
    isBase: false,
    sku: `SKU-${product.id}`,
    slug: `slug-${product.id}`,
    name: `Product ${product.id}`,
    description: "",
    status: "live",
    commodityType: "physical",
    manageStock: true,
    prices: [{ currency: "USD", amount: 1000, includesTax: false }],
    images: [],
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    ...product,
  };
}
