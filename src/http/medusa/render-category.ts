import { childrenOf } from "../../domain/catalog/category-tree.ts";
import type { ProductCategory } from "../../domain/catalog/grouped-by.ts";
import { categoryColumns } from "./render-groups.ts";

/** A category with its parent and what is below it: `isDeep` down to the leaves, else one level. */
export type RenderedCategory = ReturnType<typeof categoryColumns> & {
  readonly parent_category?: ReturnType<typeof categoryColumns> | null;
  readonly category_children: readonly object[];
};

/** A category as staff see it, with its place in the tree; `all` are those that may be shown. */
export function renderCategory(
  all: readonly ProductCategory[],
  category: ProductCategory,
  { isDeep }: { readonly isDeep: boolean },
): RenderedCategory {
  const parent = all.find(({ id }) => id === category.parentId);
  return {
    ...categoryColumns(category),
    parent_category: parent ? categoryColumns(parent) : null,
    category_children: childrenOf(all, category.id).map((child) =>
      isDeep ? branch(all, child) : categoryColumns(child),
    ),
  };
}

function branch(all: readonly ProductCategory[], category: ProductCategory): object {
  return {
    ...categoryColumns(category),
    category_children: childrenOf(all, category.id).map((child) => branch(all, child)),
  };
}
