import type { ProductCategory } from "./grouped-by.ts";

type Placed = Pick<ProductCategory, "id" | "parentId">;

/** The named categories and all that are below them, each once. */
export function withDescendants(all: readonly Placed[], ids: readonly string[]): string[] {
  const found = new Set(ids);
  // A set hands out what is added to it while it is walked.
  for (const id of found) {
    for (const child of all) if (child.parentId === id) found.add(child.id);
  }
  return [...found];
}

/** The direct children of a category (undefined: those at the top), in their order. */
export function childrenOf(all: readonly ProductCategory[], parentId: string | undefined): ProductCategory[] {
  return all
    .filter((category) => category.parentId === parentId)
    .sort((a, b) => a.rank - b.rank || (a.createdAt < b.createdAt ? -1 : 1));
}
