import type { Product } from "./product.ts";

/** The id of the node that a collection or category is in the shopper's catalog. */
export function nodeIdOf(kind: "collection" | "category", slug: string): string {
  return `${kind}-${slug}`;
}

/** Ids of the nodes that a product names in its details: its collections, then its category. Nodes have no parents. */
export function nodesOf({ details }: Pick<Product, "details">): string[] {
  const { collections, category } = details ?? {};
  return [
    ...texts(collections).map((slug) => nodeIdOf("collection", slug)),
    ...texts([category]).map((slug) => nodeIdOf("category", slug)),
  ];
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((one): one is string => typeof one === "string" && one !== "")
    : [];
}
