import type { Product } from "./product.ts";

/** Something that is sold, and the pieces of it that no order holds; undefined where nobody has ever counted them. */
export type CountedProduct = { readonly product: Product; readonly pieces: number | undefined };

/**
 * A product as shoppers choose it: the base product with its variants in their order, or a product that stands alone,
 * which is its own only variant.
 */
export type ProductFamily = { readonly group: Product; readonly variants: readonly CountedProduct[] };

/** Something that is sold, with its base product, or with itself where it stands alone. */
export type GroupedVariant = { readonly group: Product; readonly variant: CountedProduct };

/** Families of rows that came in any order; rows without a base product or a group among them are left out. */
export function familiesOf(rows: readonly CountedProduct[]): ProductFamily[] {
  const variants = new Map<string, CountedProduct[]>();
  for (const row of rows) {
    const { parentId } = row.product;
    if (parentId === undefined) continue;
    const siblings = variants.get(parentId);
    if (siblings) siblings.push(row);
    else variants.set(parentId, [row]);
  }
  return rows
    .filter(({ product }) => product.parentId === undefined)
    .map((row) => ({
      group: row.product,
      variants: row.product.isBase ? (variants.get(row.product.id) ?? []).sort(byRank) : [row],
    }));
}

function byRank({ product: a }: CountedProduct, { product: b }: CountedProduct): number {
  const ranks = (a.rank ?? 0) - (b.rank ?? 0);
  if (ranks !== 0) return ranks;
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** What a variant is called beside its product: its own title, else what was chosen, else its name. */
export function variantTitle({ title, options, name }: Product): string {
  return title ?? (Object.values(options ?? {}).join(" / ") || name);
}
