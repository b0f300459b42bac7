import type { ProductAttribute } from "../promotions/open-cart.ts";
import type { Product } from "./product.ts";

/** The template that custom fields of products are named by: their flow's slug. */
const TEMPLATE = "products";

/** A product's custom fields as promotions compare them: as texts. Fields without a value are left out. */
export function attributesOf({ fields }: Pick<Product, "fields">): ProductAttribute[] {
  return Object.entries(fields ?? {}).flatMap(([field, value]) => {
    const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return isPlain ? [{ template: TEMPLATE, field, value: String(value) }] : [];
  });
}
