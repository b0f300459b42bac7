/** Products that a discount is for: those with one of the ids (`in`), or with none of them (`not_in`). */
export type ProductCondition = {
  readonly type: "products" | "product_types" | "product_collections" | "product_tags";
  readonly operator: "in" | "not_in";
  readonly ids: readonly string[];
};

/** What conditions ask of a product. */
export type ConditionProduct = {
  readonly id: string;
  readonly typeId?: string;
  readonly collectionId?: string;
  readonly tagIds?: readonly string[];
};

/**
 * Whether the product meets all conditions; those on the customer are not looked at. No product, or one without a
 * type or a collection, is in none of the lists: it fails `in` and passes `not_in`.
 */
export function meetsProductConditions(
  product: ConditionProduct | undefined,
  conditions: readonly (ProductCondition | { readonly type: "customer_groups" })[],
): boolean {
  return conditions.every((condition) => {
    if (condition.type === "customer_groups") return true;
    const isListed = idsOf(product, condition.type).some((id) => condition.ids.includes(id));
    return isListed === (condition.operator === "in");
  });
}

function idsOf(product: ConditionProduct | undefined, type: ProductCondition["type"]): readonly string[] {
  if (!product) return [];
  switch (type) {
    case "products":
      return [product.id];
    case "product_types":
      return product.typeId === undefined ? [] : [product.typeId];
    case "product_collections":
      return product.collectionId === undefined ? [] : [product.collectionId];
    case "product_tags":
      return product.tagIds ?? [];
  }
}
